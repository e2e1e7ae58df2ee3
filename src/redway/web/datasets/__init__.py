"""Datasets: which versions are true, who brought them in, and where a figure came from."""
