"""Pupil tracking, value added, official progress measures and targets. No Django, no files, no clock."""
