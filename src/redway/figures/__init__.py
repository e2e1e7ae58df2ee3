"""Floor 2: how figures are drawn, written down and kept from giving a child away. No Django, no data."""
