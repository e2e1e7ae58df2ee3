"""The timetable of targets: law, one county's custom, an authority's own days, and how late a target is."""

from __future__ import annotations

from datetime import date

import pytest

from redway.attainment.target_record import Stage
from redway.attainment.target_timetable import (
    Step,
    TimetableRefused,
    lateness,
    own_timetable,
    statutory_timetable,
    values,
)
from redway.core.calendar import load_calendar
from redway.core.dated_values import Status

CALENDAR = load_calendar()


def test_the_cycle_of_2008_for_2010() -> None:
    table = statutory_timetable("2009-10")
    assert [(due.step, due.day, due.is_law) for due in table.days] == [
        (Step.ESTIMATES, date(2008, 10, 17), False),
        (Step.PROPOSED, date(2008, 11, 21), False),
        (Step.VERIFIED, date(2008, 12, 5), False),
        (Step.LAW, date(2008, 12, 31), True),
    ]
    assert table.words == "The last day is law; the others are one county's custom."


def test_in_other_years_of_the_regulations_only_the_last_day_is_held() -> None:
    assert [due.day for due in statutory_timetable("2006-07").days] == [date(2005, 12, 31)]
    assert [due.day for due in statutory_timetable("2011-12").days] == [date(2010, 12, 31)]


def test_since_2011_there_is_no_statutory_timetable_and_it_says_so() -> None:
    table = statutory_timetable("2026-27")
    assert table.days == ()
    assert table.words.startswith("There is no statutory timetable: the law")


def test_every_day_has_a_published_source() -> None:
    entries = [entry for name in values().names() for entry in values().entries[name]]
    assert {entry.status for entry in entries} == {Status.PUBLISHED}
    assert all(entry.source for entry in entries)


def test_an_authority_may_agree_its_own_days() -> None:
    table = own_timetable(
        "2026-27",
        {Step.PROPOSED: date(2026, 11, 20), Step.VERIFIED: date(2026, 12, 11)},
        "Milton Keynes",
    )
    assert table.words == "Milton Keynes's own days, agreed and not law."
    assert [due.is_law for due in table.days] == [False, False]
    with pytest.raises(TimetableRefused, match="before the targets themselves"):
        own_timetable(
            "2026-27", {Step.PROPOSED: date(2026, 12, 11), Step.VERIFIED: date(2026, 11, 20)}, "Milton Keynes"
        )
    with pytest.raises(TimetableRefused, match="after the end of 2026-27"):
        own_timetable("2026-27", {Step.PROPOSED: date(2027, 9, 1)}, "Milton Keynes")


OWN = own_timetable(
    "2026-27", {Step.PROPOSED: date(2026, 12, 18), Step.VERIFIED: date(2027, 1, 15)}, "Milton Keynes"
)


def test_lateness_is_counted_in_working_days() -> None:
    # From Friday 18 December to Monday 4 January: bank holidays on 25 and 28 December and 1 January.
    late = lateness(None, OWN, date(2027, 1, 4), CALENDAR)
    assert late is not None
    assert (late.step, late.days, late.working_days) == (Step.PROPOSED, 17, 8)
    assert late.words == "8 working days late: due on 18 December 2026"


def test_a_proposed_target_is_late_only_when_it_should_be_verified() -> None:
    assert lateness(Stage.CHALLENGED, OWN, date(2027, 1, 4), CALENDAR) is None
    late = lateness(Stage.CHALLENGED, OWN, date(2027, 1, 18), CALENDAR)
    assert late is not None
    assert late.step is Step.VERIFIED
    assert late.working_days == 1


def test_what_is_confirmed_or_withdrawn_or_not_due_is_not_late() -> None:
    assert lateness(Stage.CONFIRMED, OWN, date(2027, 3, 1), CALENDAR) is None
    assert lateness(Stage.WITHDRAWN, OWN, date(2027, 3, 1), CALENDAR) is None
    assert lateness(None, OWN, date(2026, 12, 18), CALENDAR) is None
    assert lateness(None, statutory_timetable("2026-27"), date(2030, 1, 1), CALENDAR) is None


def test_beyond_the_table_of_bank_holidays_days_are_counted() -> None:
    late = lateness(None, statutory_timetable("2009-10"), date(2050, 11, 21), CALENDAR)
    assert late is not None
    assert (
        late.words == f"{(date(2050, 11, 21) - date(2008, 11, 21)).days:,} days late: due on 21 November 2008"
    )


def test_within_it_working_days_are_counted() -> None:
    late = lateness(None, statutory_timetable("2009-10"), date(2008, 11, 25), CALENDAR)
    assert late is not None
    assert late.words == "2 working days late: due on 21 November 2008"
