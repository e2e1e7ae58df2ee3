"""Long work: the one job runner."""
