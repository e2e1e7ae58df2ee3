"""Random keys: one-time links and personal tokens. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from enum import StrEnum

PREFIX = "redway_"
"""Begins every token, so that a scanner finds one that was left in a file by mistake."""


class TokenReach(StrEnum):
    """What a personal token is good for; never more than its owner may do."""

    FIGURES = "figures"
    FIGURES_AND_DATASETS = "datasets"
    FIGURES_AND_PROGRESS = "progress"

    @property
    def label(self) -> str:
        return {
            TokenReach.FIGURES: "Read figures of schools and authorities",
            TokenReach.FIGURES_AND_DATASETS: "Read figures, and the versions and check reports of datasets",
            TokenReach.FIGURES_AND_PROGRESS: "Read figures, and value added, tracking and targets: no names",
        }[self]

    @property
    def actions(self) -> frozenset[str]:
        """Actions in the permission table. Reading only: no token changes anything."""
        figures = {
            "school.find",
            "school.view",
            "school.figures",
            "authority.view",
            "measure.view",
            "lineage.view",
        }
        beside: dict[TokenReach, set[str]] = {
            TokenReach.FIGURES: set(),
            TokenReach.FIGURES_AND_DATASETS: {"timetable.view", "dataset.view", "dataset.download"},
            # Never pupil.view: no program is handed the names of pupils.
            TokenReach.FIGURES_AND_PROGRESS: {"value_added.view", "tracking.view", "target.view"},
        }
        return frozenset(figures | beside[self])

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(reach.value, reach.label) for reach in cls]


def new_token() -> str:
    """256 random bits as text."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. A plain hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
