"""School improvement: early warning, concern, support, targets and the improvement board. See README.md."""
