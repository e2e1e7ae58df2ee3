"""Days allotted and used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from redway.core.errors import RedwayError
from redway.improvement.days import Account, days_of, refuse_days, school_year
from redway.improvement.support_errors import ProgrammeRefused


def account(allotted: str | None, used: str, planned: str = "0") -> Account:
    return Account(None if allotted is None else Decimal(allotted), Decimal(used), Decimal(planned))


@pytest.mark.parametrize(
    ("held", "rating", "words"),
    [
        (account("8", "9.5"), "Red", "9.5 of 8 days used: 1.5 days over"),
        (account("8", "7", "2"), "Amber", "7 of 8 days used; with what is planned it is 1 day over"),
        (account("8", "8"), "Green", "8 of 8 days used: 0 days left"),
        (account("8", "0.5"), "Green", "0.5 of 8 days used: 7.5 days left"),
        # Nothing allotted is not the same as none allotted.
        (account(None, "1"), "Not allotted", "1 day used; no days are allotted"),
        (account(None, "0"), "", "0 days used; no days are allotted"),
    ],
)
def test_over_use_is_told(held: Account, rating: str, words: str) -> None:
    assert (held.rating, held.words) == (rating, words)


@pytest.mark.parametrize("days", ["0", "-1", "0.25", "0.7"])
def test_days_are_counted_in_halves(days: str) -> None:
    with pytest.raises(ProgrammeRefused, match="Give days in halves"):
        refuse_days(Decimal(days))


def test_a_visit_of_a_week_and_more_is_a_slip() -> None:
    with pytest.raises(ProgrammeRefused, match="more than 5 days"):
        refuse_days(Decimal("5.5"))
    refuse_days(Decimal(5))


def test_a_school_year_runs_from_september() -> None:
    assert school_year(date(2026, 9, 1)) == "2026-27"
    assert days_of("1999-00") == (date(1999, 9, 1), date(2000, 8, 31))
    with pytest.raises(RedwayError, match="is no school year"):
        days_of("2026-28")
