"""Home: what needs this person's attention, and why."""
