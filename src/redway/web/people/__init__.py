"""People, what they may do, and the one place that decides it."""
