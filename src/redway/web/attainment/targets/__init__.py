"""Targets: the estimate, the school's target, the challenge, the answer, the outturn."""
