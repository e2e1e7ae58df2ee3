"""How Redway looks: the page frame, forms, the one table, charts on pages. See README.md beside this file."""
