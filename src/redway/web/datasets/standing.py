"""What stands on previous data: said on every page and paper that uses a dataset which has not come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.db.models import Subquery

from redway.datasets.format import load_formats
from redway.web.datasets.agreements import latest_agreement, timetable_lines
from redway.web.datasets.ledger import DjangoLedger
from redway.web.datasets.models import TimetableAgreement
from redway.web.register.models import RegisterBuild


def marks() -> tuple[int, int]:
    """(build of the register, latest agreement on the timetable), under which pages are kept. One query."""
    newest = TimetableAgreement.objects.order_by("-pk").values("pk")[:1]
    found = RegisterBuild.objects.values_list("pk", Subquery(newest)).first()
    return (found[0], found[1] or 0) if found else (0, latest_agreement())


def stamps_for(formats: Iterable[str], build: str, today: date, agreement: int | None = None) -> list[str]:
    """What must be said beside figures that come from files of these formats; nothing when all has come.

    ``agreement`` is the number from :func:`marks`, when it has been read already.
    """
    stamps = _stamps(build, latest_agreement() if agreement is None else agreement, today)
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
