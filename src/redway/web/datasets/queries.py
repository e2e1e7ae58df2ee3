"""Reading the ledger for pages: versions, what was in force on a day, and the cell behind a figure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from redway.core.errors import NotFound
from redway.datasets.ledger import Version, as_at
from redway.datasets.lineage import Cell, find_cell
from redway.web.datasets.ledger import DjangoLedger
from redway.web.datasets.models import DatasetVersion, FileOutcome, ImportRun


def versions_of_dataset(dataset: str) -> list[Version]:
    """Every version of a dataset, newest first."""
    return list(reversed(DjangoLedger().versions(dataset=dataset)))


def versions_in_force(day: date | None = None) -> list[Version]:
    """The versions in force now, or at the end of a day in London."""
    return as_at(DjangoLedger().versions(), day)


def versions_held() -> list[Version]:
    """Versions that wait for somebody to accept or withdraw them, oldest first."""
    return [version for version in DjangoLedger().versions() if version.state == "held"]


def version(number: int) -> Version:
    """One version. Raises NotFound."""
    found = DjangoLedger().one(number)
    if found is None:
        raise NotFound(f"There is no version {number}.", "See the list of versions.")
    return found


def cell(number: int, row: int, column: str) -> Cell:
    """The cell a figure came from: file, SHA-256, row, header, and the text as it stands in the file.

    ``number`` is the version, ``column`` the committed column. Raises NotFound.
    """
    return find_cell(settings.REDWAY_HOME, version(number), row, column)


def recent_runs(limit: int = 50) -> QuerySet[ImportRun]:
    """The latest imports with what became of their files, newest first."""
    return ImportRun.objects.prefetch_related("files").order_by("-started_at")[:limit]


def outcomes_of_run(run: UUID) -> QuerySet[FileOutcome]:
    """What became of each file of one import."""
    return FileOutcome.objects.filter(run=run).select_related("version")


def count_by_state() -> dict[str, int]:
    """State -> how many versions."""
    counts: dict[str, int] = {}
    for state in DatasetVersion.objects.values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts
