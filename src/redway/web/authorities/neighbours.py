"""The statistical neighbours in force, read once for each build of the figures."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from redway.indicators.neighbours import Neighbours, load_neighbours
from redway.indicators.store import SeriesStore
from redway.web.datasets.ledger import DjangoLedger


def neighbours_in_force(store: SeriesStore) -> Neighbours:
    """Every model held."""
    return _neighbours(store, store.build)


@lru_cache(maxsize=2)
def _neighbours(store: SeriesStore, build: str) -> Neighbours:
    return load_neighbours(settings.REDWAY_HOME, DjangoLedger().versions())
