"""Support and visits: programmes of support, visits and what came of them."""
