"""Services to schools: the catalogue, orders and what services earn."""
