"""The register as people see it: schools through time, authorities, trusts, areas."""
