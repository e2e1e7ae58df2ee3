"""Schools: the profile of one school, and finding it."""
