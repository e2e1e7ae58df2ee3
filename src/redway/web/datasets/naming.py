"""Naming versions in words, for papers and lineage."""

from __future__ import annotations

from collections.abc import Iterable

from redway.core.words import day_in_words
from redway.datasets.format import load_formats
from redway.datasets.ledger import LONDON
from redway.web.datasets.models import DatasetVersion


def versions_in_words(numbers: Iterable[int]) -> list[str]:
    """'Pupil absence in schools, 2022-23, version 1, received 2 April 2026', by title. One query."""
    titles = {known.code: known.title for known in load_formats()}
    found = DatasetVersion.objects.filter(pk__in=set(numbers)).values_list(
        "format", "period", "number", "received_at"
    )
    return sorted(
        f"{titles.get(code, code)}, {period}, version {number}, "
        f"received {day_in_words(received.astimezone(LONDON).date())}"
        for code, period, number, received in found
    )
