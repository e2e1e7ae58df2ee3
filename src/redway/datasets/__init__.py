"""Floor 2: files -> recognised -> read -> checked -> committed -> queried. No Django."""
