"""The audit trail: append-only, hash-chained, written with the change it records."""
