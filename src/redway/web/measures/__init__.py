"""Measures: what is measured, everybody on a funnel, and where a figure came from."""
