"""Funding: formulas, scenarios and what each school gets."""
