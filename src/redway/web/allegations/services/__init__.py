"""Changes to cases: each one transaction, permitted, by the rules, and recorded in the audit trail."""
