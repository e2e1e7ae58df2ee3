"""What pages read: whole, and in a fixed number of queries whatever there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redway.allegations.told import Answer, Party
from redway.web.allegations import encryption
from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Capacity,
    Case,
    CaseState,
    Engagement,
    Happening,
    Meeting,
    Minutes,
    Named,
    StrandOfCase,
    Subject,
    Suspension,
    TellingOfCase,
)
from redway.web.allegations.queries import case_view, clocks_of, closing_facts, days_count, days_work
from redway.web.allegations.services import running
from redway.web.people.models import Person
from web.allegations.a_case import EVALUATED, NOON, TODAY, again, done, opened, referred

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def quick_to_encrypt(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """One question about keys for all that a test makes up, and not one for each text."""
    monkeypatch.setattr(encryption, "_current", cache(encryption._current))


def queries_of(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


def everything_of(view: Any) -> tuple[Any, ...]:
    """Whatever a page may ask of a view."""
    facts = view.facts
    return (
        view.obstacles,
        view.told_late,
        view.onward,
        view.limbs_offered,
        view.outcomes_offered,
        view.missing_answers,
        view.named_now,
        view.offer,
        facts.restriction,
        facts.at_closing,
        facts.open_actions,
        [(one.decided_by, one.second_person) for one in facts.allegations],
        [one.entered_by for one in facts.happenings],
        [[version.written_by.full_name for version in one.minutes.all()] for one in facts.meetings],
        [(one.person.full_name, one.named_by) for one in view.named],
        view.case.subject.identity,
    )


@pytest.mark.usefixtures("quick_to_encrypt")
def test_a_case_with_200_events_is_read_in_as_many_queries_as_a_new_one(
    harriet: Person, leah: Person
) -> None:
    case = again(opened(harriet, leah))
    first = Meeting.objects.create(case=case, at=NOON, held=True)
    Minutes.objects.create(meeting=first, version=1, text="Agreed.", written_by=leah)
    case_view(case)
    few = queries_of(lambda: everything_of(case_view(case, NOON)))
    Happening.objects.bulk_create(
        Happening(case=case, event="note", at=NOON - timedelta(hours=n), words=f"Call {n}.", entered_by=leah)
        for n in range(200)
    )
    for number in range(2, 12):
        Allegation.objects.create(case=case, number=number, words="The same again.", decided_by=leah)
        ActionOfCase.objects.create(case=case, what="Ask.", owner="Sam Stone", due_on=TODAY)
        meeting = Meeting.objects.create(case=case, review=True, at=NOON, held=True)
        Minutes.objects.create(meeting=meeting, version=1, text="Agreed.", written_by=leah)
    for _ in range(20):
        done(running.record_happening, leah, case, event="note", at=NOON, words="Another call.")
    many = queries_of(lambda: everything_of(case_view(case, NOON)))
    assert many == few
    assert few <= 20


def test_the_view_of_a_case_is_whole(harriet: Person, leah: Person) -> None:
    case = again(opened(harriet, leah))
    view = case_view(case, NOON)
    assert [one.what for one in view.history] == ["Referred", "Evaluated"]
    assert (view.clocks, view.clocks_problem) == (clocks_of(case, NOON), "")
    assert view.facts.at_closing == closing_facts(case)
    assert [(one.body, one.decided) for one in view.onward] == [
        ("Disclosure and Barring Service", None),
        ("Teaching Regulation Agency", None),
    ]


def test_what_arrived_is_shown_the_longest_waiting_first(harriet: Person, leah: Person) -> None:
    later = referred(harriet, subject_name="Al Other")
    earlier = referred(harriet, at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    work = days_work(leah, NOON)
    assert (work.arrived, work.running) == ((earlier, later), 2)


def test_a_clock_that_ran_out_is_overdue_until_it_is_done(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    now = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    assert [(one.what, one.by) for one in days_work(leah, now).overdue] == [
        ("First review by the designated officer", date(2026, 12, 18))
    ]
    soon = days_work(leah, datetime(2026, 12, 14, 9, 0, tzinfo=UTC))
    assert [one.by for one in soon.due] == [date(2026, 12, 18)]
    done(running.record_happening, leah, case, event="reviewed", at=NOON)
    assert days_work(leah, now).overdue == ()


def test_a_review_agreed_at_a_meeting_is_due_until_it_is_planned(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    Meeting.objects.create(
        case=case, at=NOON - timedelta(hours=2), held=True, next_review_on=date(2026, 11, 27)
    )
    assert [one.what for one in days_work(leah, NOON).due] == ["Review agreed at the last meeting"]
    done(running.plan_meeting, leah, case, at=NOON + timedelta(days=2), review=True)
    assert [one.what for one in days_work(leah, NOON).due] == ["Review meeting"]


def test_somebody_without_the_role_has_no_day(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    Named.objects.create(case=case, person=harriet, capacity=Capacity.OFFICER, from_at=NOON)
    assert days_work(harriet, NOON).running == 0


def test_the_day_is_counted_without_opening_a_name(harriet: Person, leah: Person) -> None:
    """Names and words that nothing opens do not stop the first page from saying how much there is."""
    case = opened(harriet, leah)
    referred(harriet, subject_name="Al Other")
    done(running.add_action, leah, case, what="Ask the agency", owner="Sam Stone", due_on=TODAY)
    now = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    work, sealed = days_work(leah, now), b"1:no key opens this"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE allegations_subject SET identity = %s, legal_hold = %s", [sealed, sealed])
        cursor.execute("UPDATE allegations_engagement SET details = %s", [sealed])
        cursor.execute("UPDATE allegations_actionofcase SET what = %s, owner = %s", [sealed, sealed])
    count = days_count(leah, now)
    assert (count.overdue, count.told_late, count.arrived) == (2, 1, 1)
    assert (len(work.overdue), len(work.told_late), len(work.arrived)) == (2, 1, 1)
    assert count.first_arrived == work.arrived[0].referred_at
    with pytest.raises(encryption.CannotOpenError):
        days_work(leah, now)


TEN_YEARS = timedelta(days=3650)


def made_up(leah: Person, cases: int, still_open: int) -> None:
    """Cases over ten years, the newest still open, each with rows of every kind."""
    subject = Subject.objects.create(authority="826", identity={"names": ["Jo Example"]})
    engagement = Engagement.objects.create(
        subject=subject, sector="education", basis="permanent", details={"teacher": True}
    )
    step = TEN_YEARS / cases
    made = Case.objects.bulk_create(
        Case(
            authority="826",
            subject=subject,
            engagement=engagement,
            state=CaseState.OPEN if number < still_open else CaseState.CLOSED,
            edition="national-2020",
            known_at=NOON - step * number - timedelta(days=6),
            referred_at=NOON - step * number - timedelta(days=5),
            evaluated_on=(NOON - step * number - timedelta(days=4)).date(),
            closed_on=None if number < still_open else (NOON - step * number).date(),
            sector="education",
            category="physical",
            limbs=["harmed"],
        )
        for number in range(cases)
    )
    Named.objects.bulk_create(
        Named(case=case, person=leah, capacity=Capacity.OFFICER, leads=True, from_at=case.referred_at)
        for case in made
    )
    rows: list[list[Any]] = [[], [], [], [], [], [], []]
    for case in made[:still_open]:
        rows[0].append(Allegation(case=case, number=1, words="He shouted.", category="physical"))
        rows[1] += [
            Happening(case=case, event="reviewed", at=case.referred_at + timedelta(days=3)),
            Happening(case=case, event="note", at=case.referred_at, words="A call."),
        ]
        rows[2] += [StrandOfCase(case=case, strand="criminal investigation", state="open")]
        rows[3] += [
            TellingOfCase(
                case=case, party=Party.SUBJECT.value, answer=Answer.YES.value, on=case.evaluated_on, by="Leah"
            )
        ]
        rows[4].append(ActionOfCase(case=case, what="Ask.", owner="Sam Stone", due_on=TODAY))
        rows[5].append(Meeting(case=case, at=case.referred_at + timedelta(days=2), held=True))
        rows[6].append(Suspension(case=case, first_day=EVALUATED, review_on=date(2026, 12, 1), about={}))
    for kind, each in zip(
        (Allegation, Happening, StrandOfCase, TellingOfCase, ActionOfCase, Meeting, Suspension),
        rows,
        strict=True,
    ):
        kind.objects.bulk_create(each)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("quick_to_encrypt")
def test_a_day_with_5000_cases_over_ten_years_costs_as_many_queries_as_one_with_five(
    leah: Person, make_person: Callable[..., Person]
) -> None:
    deputy = make_person("deputy_lado")
    made_up(deputy, cases=5, still_open=3)
    days_work(deputy, NOON)
    few = queries_of(lambda: days_work(deputy, NOON))
    made_up(leah, cases=5000, still_open=300)
    days_work(leah, NOON)
    many = queries_of(lambda: days_work(leah, NOON))
    assert many == few
    assert few <= 20
    work = days_work(leah, NOON)
    assert (work.running, work.told_late, work.without_clocks) == (300, (), ())
    assert sum(1 for one in work.due if one.kind == "action") == 300
