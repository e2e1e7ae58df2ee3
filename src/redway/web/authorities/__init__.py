"""Authorities: an authority beside its neighbours."""
