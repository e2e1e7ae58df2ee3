"""School funding: formulas, guarantees, affordability, and what a change does to each school. See README.md."""
