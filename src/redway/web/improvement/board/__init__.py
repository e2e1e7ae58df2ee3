"""Improvement board: the action plan, its ratings and the board."""
