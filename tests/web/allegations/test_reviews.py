"""The quarterly review: cases in which nothing happens, and who opened a case without being named on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.models import Capacity, Case, Happening, Named
from redway.web.allegations.movement import still_cases
from redway.web.allegations.review_views import ReviewForm
from redway.web.allegations.services import naming, strands
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import EVALUATED, NOON, TODAY, done, opened
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock", "home")
PAGE = "/allegations/reviews/"
MakePerson = Callable[..., Person]
LATER = NOON + timedelta(days=40)


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    """Evaluated on 20 November 2026; nothing has happened since."""
    return opened(harriet, leah)


@pytest.fixture
def devi(case: Case, make_person: MakePerson) -> Person:
    return make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")


def test_a_case_is_still_since_the_last_thing_that_happened(case: Case) -> None:
    cases = Case.objects.all()
    (still,) = still_cases(cases, NOON, 3)
    assert (still.case, still.since, still.days) == (case.key, EVALUATED, 4)
    assert still_cases(cases, NOON, 5) == []


def test_what_happened_counts_and_not_when_it_was_written_down(case: Case, leah: Person) -> None:
    told = Telling(Answer.YES, date(2026, 11, 23), "Their manager")
    done(strands.save_telling, leah, case, party=Party.SUBJECT, telling=told)
    assert [one.since for one in still_cases(Case.objects.all(), NOON, 0)] == [date(2026, 11, 23)]


def test_what_is_to_come_or_was_withdrawn_moves_nothing(case: Case) -> None:
    for at, withdrawn in ((NOON + timedelta(days=9), ""), (NOON, "Of another case.")):
        Happening.objects.create(case=case, event="note", at=at, withdrawn_because=withdrawn)
    assert [one.since for one in still_cases(Case.objects.all(), NOON, 0)] == [EVALUATED]


def test_a_closed_case_is_not_still(case: Case) -> None:
    Case.objects.update(state="closed", closed_on=TODAY)
    assert still_cases(Case.objects.all(), LATER, 28) == []


def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(
    case: Case, harriet: Person, leah: Person
) -> None:
    asked = []
    for more in (0, 5):
        for _ in range(more):
            opened(harriet, leah)
        with CaptureQueriesContext(connection) as queries:
            still_cases(Case.objects.all(), LATER, 28)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_the_page_lists_ones_own_and_tells_the_number_of_others(
    case: Case, leah: Person, devi: Person
) -> None:
    Case.objects.update(referred_at=datetime(2026, 9, 1, 9, tzinfo=UTC), evaluated_on=date(2026, 9, 2))
    Happening.objects.update(at=datetime(2026, 9, 1, 9, tzinfo=UTC))
    mine = text_of(visitor(leah).get(PAGE))
    assert case.key in mine
    assert "83" in mine
    assert "of other officers" not in mine
    theirs = text_of(visitor(devi).get(PAGE))
    assert case.key not in theirs
    assert "Jo Example" not in theirs
    assert "1 case more without movement, of other officers." in theirs
    assert AuditEntry.objects.filter(verb="allegation.read_review", actor=leah).exists()
    # To whom a case does not exist it is not counted either.
    done(naming.bar, leah, case, person=devi, reason="A cousin.")
    assert "more without movement" not in text_of(visitor(devi).get(PAGE))


def test_every_opening_of_the_quarter_is_listed_with_who_looked_at_it(
    case: Case, leah: Person, devi: Person
) -> None:
    naming.break_glass(actor=devi, key=case.key, reason="Police rang while Leah is away.")
    shown = text_of(visitor(leah).get(PAGE))
    assert "Police rang while Leah is away." in shown
    assert "Not yet" in shown
    done(naming.review_break_glass, leah, case, named=case.named.get(capacity=Capacity.BREAK_GLASS))
    shown = text_of(visitor(leah).get(f"{PAGE}?quarter=2026-10-01"))
    assert "Devi Dale" in shown
    assert "24 November 2026" in shown
    assert "Police rang" not in text_of(visitor(leah).get(f"{PAGE}?quarter=2026-07-01"))
    Named.objects.filter(person=leah).update(until=NOON)
    assert "Police rang" not in text_of(visitor(leah).get(PAGE))
    assert "1 time more, on cases of other officers." in text_of(visitor(leah).get(PAGE))


def test_quarters_go_back_over_the_turn_of_the_year_and_what_is_not_understood_asks_for_the_usual() -> None:
    form = ReviewForm({"quarter": "last one", "days": "many"}, date(2026, 2, 28))
    assert list(form.quarters) == ["2026-01-01", "2025-10-01", "2025-07-01", "2025-04-01", "2025-01-01"]
    assert form.chosen == (date(2026, 1, 1), date(2026, 3, 31))
    assert form.quarters["2025-10-01"][1] == date(2025, 12, 31)
    assert form.cleaned_data["days"] == 28


def test_a_case_that_moves_is_not_listed(case: Case, leah: Person) -> None:
    assert "Something has happened in every case" in text_of(visitor(leah).get(PAGE))
