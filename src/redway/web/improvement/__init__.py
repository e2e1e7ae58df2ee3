"""Improvement: early warning and schools causing concern."""
