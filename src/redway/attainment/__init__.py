"""Pupil tracking, value added, the official progress measures and targets. Pure: no Django, no files, no clock."""
