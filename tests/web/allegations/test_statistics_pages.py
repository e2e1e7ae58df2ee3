"""Statistics on the page: totals, publication, figures kept as reported, and who is counted for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.spreadsheet import PastCase
from redway.figures.table import Hidden
from redway.web.allegations.importing import keep_cases
from redway.web.allegations.models import Allegation, Barred, Case
from redway.web.allegations.records import as_figures, cases_to_count, from_figures, kept_records
from redway.web.allegations.statistics_period import Asked, count_period, freeze
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

MakePerson = Callable[..., Person]
ASKED = Asked(date(2025, 1, 1), date(2025, 6, 30))
TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("clock")


def past(
    count: int, sector: Sector = Sector.EDUCATION, outcome: Outcome = Outcome.UNFOUNDED
) -> list[PastCase]:
    return [
        PastCase(
            sector,
            date(2025, 3, 3),
            date(2025, 3, 3),
            category=Category.PHYSICAL,
            source="employer",
            met_threshold=True,
            evaluated_on=date(2025, 3, 4),
            meeting_on=date(2025, 3, 6),
            outcome=outcome,
            outcome_on=date(2025, 4, 1),
            closed_on=date(2025, 4, 1),
        )
        for _ in range(count)
    ]


@pytest.fixture
def leah(make_person: MakePerson) -> Person:
    return make_person("lado")


@pytest.fixture
def cases(leah: Person) -> list[Case]:
    return keep_cases([*past(9), *past(7, Sector.SPORT)], "826")


def sectors(person: Person | None, asked: Asked = ASKED) -> dict[str, object]:
    table = count_period("826", asked, person, TODAY).report.tables["sector"]
    return {str(row["word"]): row["cases"] for row in table.rows if row["cases"]}


def test_whom_a_case_is_about_or_who_is_barred_gets_figures_without_it(
    cases: list[Case], leah: Person, make_person: MakePerson
) -> None:
    dana, devi = make_person("director"), make_person("deputy_lado")
    cases[0].subject.account = dana
    cases[0].subject.save()
    Barred.objects.create(case=cases[-1], person=devi, reason="A neighbour.", barred_by=leah)
    assert sectors(leah) == {"Education": 9, "Sport": 7, "Total": 16}
    assert sectors(dana) == {"Education": 8, "Sport": 7, "Total": 15}
    assert sectors(devi) == {"Education": 9, "Sport": 6, "Total": 15}


def test_a_later_correction_shows_old_and_new(cases: list[Case], leah: Person) -> None:
    freeze(actor=leah, authority="826", asked=ASKED)
    assert count_period("826", ASKED, leah, TODAY).report.revised is None
    Allegation.objects.filter(case=cases[0]).update(outcome=Outcome.SUBSTANTIATED)
    revised = count_period("826", ASKED, leah, TODAY).report.revised
    assert revised is not None
    assert [(row["word"], row["before"], row["now"]) for row in revised.rows] == [
        ("Unfounded", 16, 15),
        ("Substantiated", 0, 1),
    ]
    entry = AuditEntry.objects.get(verb="allegation.report")
    assert entry.actor == leah


def test_a_published_year_does_not_tell_what_a_reported_half_of_it_hides(leah: Person) -> None:
    """Sport: 3 cases from January to June, hidden, and 7 from July on: 10 in the year would tell the 3."""
    keep_cases([*past(3, Sector.SPORT), *past(8, Sector.HEALTH), *past(20)], "826")
    later = {"referred_on": date(2025, 9, 1), "known_on": date(2025, 9, 1), "closed_on": date(2025, 10, 1)}
    later |= {"evaluated_on": date(2025, 9, 1), "meeting_on": None, "outcome_on": date(2025, 10, 1)}
    keep_cases([replace(one, **later) for one in [*past(7, Sector.SPORT), *past(20)]], "826")
    year = Asked(date(2025, 1, 1), date(2025, 12, 31), publish=True)
    assert sectors(leah, year)["Sport"] == 10
    freeze(actor=leah, authority="826", asked=ASKED)
    shown = sectors(leah, year)
    assert isinstance(shown["Sport"], Hidden)
    assert isinstance(shown["Health"], Hidden)
    assert (shown["Education"], shown["Total"]) == (40, 58)
    assert sectors(leah, Asked(year.start, year.end))["Sport"] == 10


def test_what_was_reported_tells_whom_a_case_is_about_nothing_of_it(
    cases: list[Case], leah: Person, make_person: MakePerson
) -> None:
    dana = make_person("director")
    cases[0].subject.account = dana
    cases[0].subject.save()
    freeze(actor=leah, authority="826", asked=ASKED)
    Allegation.objects.filter(case=cases[0]).update(outcome=Outcome.SUBSTANTIATED)
    assert count_period("826", ASKED, dana, TODAY).report.revised is None
    assert count_period("826", ASKED, leah, TODAY).report.revised is not None


def test_figures_freeze_and_thaw_unchanged(cases: list[Case]) -> None:
    kept = kept_records(cases_to_count("826", None), "826")
    assert list(from_figures(as_figures(kept))) == kept
    # Figures that were frozen before this was counted are read as they are.
    assert list(from_figures([figures[:13] for figures in as_figures(kept)])) == kept


def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(
    leah: Person,
) -> None:
    asked = []
    for more in (10, 300):
        keep_cases(past(more), "826")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            count_period("826", ASKED, leah, TODAY)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 14


def test_nobody_is_opened_to_count(cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(sealed: bytes) -> bytes:
        raise AssertionError("Something encrypted was opened.")

    monkeypatch.setattr("redway.web.allegations.encryption.decrypt", refuse)
    assert len(kept_records(cases_to_count("826", None), "826")) == 16


def test_an_allegation_entered_in_error_is_not_counted(cases: list[Case], leah: Person) -> None:
    Allegation.objects.create(
        case=cases[0],
        number=2,
        words="Another.",
        outcome=Outcome.SUBSTANTIATED,
        decided_on=date(2025, 4, 1),
        withdrawn_because="Of somebody else.",
    )
    outcome = count_period("826", ASKED, leah, TODAY).report.tables["outcome"]
    assert {row["word"]: row["cases"] for row in outcome.rows} == {"Unfounded": 16, "Total": 16}
