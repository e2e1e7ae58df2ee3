"""School funding: formulas, guarantees, affordability, and what a change does. See README.md."""
