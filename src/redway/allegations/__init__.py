"""Allegations against people who work with children: the rules. No Django, no files, no hidden clock."""
