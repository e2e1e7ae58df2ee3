"""Every change of what is kept of schools in deficit: permitted, locked, checked, audited."""
