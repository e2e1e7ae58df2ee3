"""How long a withdrawn file of pupils may lie before it should be erased. Pure: the day is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValue, DatedValues
from redway.core.values import load_values
from redway.datasets.confidential import is_confidential
from redway.datasets.ledger import LONDON, State, Version

KEPT_WITHDRAWN = "withdrawn-pupils"


@cache
def retention_values() -> DatedValues:
    """The values of ``values/retention``."""
    return load_values(resources.files("redway.datasets") / "values" / "retention")


def kept_for(on: date) -> DatedValue:
    """Days for which a withdrawn file of pupils is kept, with its source and whether that is confirmed."""
    return retention_values().value_on(KEPT_WITHDRAWN, on)


def erase_by(version: Version) -> date | None:
    """The day by which a withdrawn file of pupils should be erased; None for every other version."""
    if version.state is not State.WITHDRAWN or version.withdrawn_at is None or version.erased_at is not None:
        return None
    if not is_confidential(version.format):
        return None
    withdrawn = version.withdrawn_at.astimezone(LONDON).date()
    return withdrawn + timedelta(days=retention_values().whole_number_on(KEPT_WITHDRAWN, withdrawn))


def due_for_erasing(versions: Iterable[Version], today: date) -> list[Version]:
    """Withdrawn files of pupils whose time has come, the longest overdue first."""
    due = [(day, version) for version in versions if (day := erase_by(version)) is not None and day <= today]
    return [version for _, version in sorted(due, key=lambda each: (each[0], each[1].id))]
