"""Schools in deficit: licensed deficits, recovery plans and returns."""
