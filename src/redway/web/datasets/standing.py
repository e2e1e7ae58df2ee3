"""What stands on previous data: said on every page and paper that uses a dataset which has not come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from redway.datasets.format import load_formats
from redway.web.datasets.agreements import latest_agreement, timetable_lines
from redway.web.datasets.ledger import DjangoLedger


def stamps_for(formats: Iterable[str], build: str, today: date) -> list[str]:
    """What must be said beside figures that come from files of these formats; nothing when all has come."""
    stamps = _stamps(build, latest_agreement(), today)
    datasets = {known.dataset for known in load_formats() if known.code in set(formats)}
    return [stamp for dataset in sorted(datasets) for stamp in stamps.get(dataset, ())]


@lru_cache(maxsize=4)
def _stamps(build: str, agreement: int, today: date) -> Mapping[str, tuple[str, ...]]:
    """Dataset -> its stamps, read once for each build, agreed timetable and day."""
    lines = timetable_lines(DjangoLedger().versions(), today)
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.stamp:
            found[line.entry.dataset] = (*found.get(line.entry.dataset, ()), line.stamp)
    return found
