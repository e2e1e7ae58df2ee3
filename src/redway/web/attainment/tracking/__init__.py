"""Tracking pages: the cohort, its groups, one pupil."""
