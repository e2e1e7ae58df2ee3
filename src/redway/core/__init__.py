"""Floor 1: the words every other room uses. No Django, no database, no clock."""
