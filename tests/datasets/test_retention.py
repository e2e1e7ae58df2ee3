"""When a withdrawn file of pupils should be erased."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from datasets.memory_ledger import MemoryLedger
from redway.core.dated_values import Status
from redway.datasets.ledger import Candidate, State, Version
from redway.datasets.retention import due_for_erasing, erase_by, kept_for


def withdrawn(format_code: str, at: datetime = datetime(2026, 4, 2, 12, tzinfo=UTC)) -> Version:
    candidate = Candidate(
        format=format_code,
        dataset=format_code,
        period="2023-24",
        period_start=date(2023, 9, 1),
        period_end=date(2024, 8, 31),
        scope="826",
        edition="final",
        file_name="x.csv",
        sha256="a" * 64,
        recipe="r",
        sheet="",
        header_row=1,
        headers={},
        periods=("2023-24",),
        rows_read=1,
        rows_loaded=1,
        rows_rejected=0,
        entities=1,
        problems=0,
        received_by="",
    )
    version = MemoryLedger().commit(candidate, lambda _: None, lambda _: [], accept=True).version
    return dataclasses.replace(version, state=State.WITHDRAWN, withdrawn_at=at)


def test_the_period_is_a_proposal_until_the_authority_confirms_it() -> None:
    value = kept_for(date(2026, 4, 2))
    assert (value.value, value.unit, value.status) == (90, "days", Status.UNCONFIRMED)


def test_it_is_counted_from_the_day_of_withdrawal_in_england() -> None:
    """2 April 2026 and 90 days: 1 July 2026. Shortly before midnight in UTC it is the next day in England."""
    assert erase_by(withdrawn("pupils")) == date(2026, 7, 1)
    late = withdrawn("pupils", datetime(2026, 4, 2, 23, 30, tzinfo=UTC))
    assert erase_by(late) == date(2026, 7, 2)


def test_it_is_about_withdrawn_files_of_pupils_only() -> None:
    pupils = withdrawn("pupils")
    assert erase_by(withdrawn("absence-2015-16-on")) is None
    assert erase_by(dataclasses.replace(pupils, state=State.CURRENT, withdrawn_at=None)) is None
    assert erase_by(dataclasses.replace(pupils, erased_at=datetime(2026, 5, 1, tzinfo=UTC))) is None


def test_what_is_due_is_listed_from_the_day_on() -> None:
    version = withdrawn("pupils")
    assert due_for_erasing([version], date(2026, 6, 30)) == []
    assert due_for_erasing([version], date(2026, 7, 1)) == [version]
