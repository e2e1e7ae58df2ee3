"""Need to know: a case is open to those named on it, and does not exist for whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from redway.allegations.outcomes import Sector
from redway.web.allegations.access import access_case, cases_open_to, not_barred
from redway.web.allegations.models import Barred, Capacity, Case, CaseState, Named, Subject
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MakePerson = Callable[..., Person]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def case(db: None) -> Case:
    subject = Subject.objects.create(authority="826", identity={"names": ["Jo Example"]})
    return Case.objects.create(
        authority="826",
        subject=subject,
        state=CaseState.OPEN,
        edition="national-2020",
        known_at=NOW - timedelta(days=3),
        referred_at=NOW - timedelta(days=2),
        sector=Sector.EDUCATION.value,
    )


def ask(person: Person, case: Case, action: str = "allegation.view") -> Case:
    request: Any = RequestFactory().get("/")
    request.user = person
    return access_case(request, case.key, action)


def name(case: Case, person: Person, **about: Any) -> Named:
    return Named.objects.create(
        case=case, person=person, **({"capacity": Capacity.OFFICER, "from_at": NOW} | about)
    )


def test_an_officer_named_on_the_case_opens_it_and_the_reading_is_recorded(
    case: Case, make_person: MakePerson
) -> None:
    leah = make_person("lado")
    name(case, leah)
    assert ask(leah, case) == case
    entry = AuditEntry.objects.get(verb="allegation.read")
    assert (entry.actor, entry.subject_id, entry.sensitive_read) == (leah, case.key, True)
    assert "Example" not in entry.details


@pytest.mark.parametrize("role", ["lado", "deputy_lado", "director", "administrator", "data_officer"])
def test_nobody_else_does_not_even_a_colleague(case: Case, make_person: MakePerson, role: str) -> None:
    with pytest.raises(Http404):
        ask(make_person(role), case)
    assert not AuditEntry.objects.filter(verb="allegation.read").exists()


def test_being_named_gives_no_role(case: Case, make_person: MakePerson) -> None:
    head = make_person("headteacher", school="110532")
    name(case, head, capacity=Capacity.REFERRER)
    assert ask(head, case, "allegation.follow") == case
    with pytest.raises(Http404):
        ask(head, case)


def test_it_does_not_exist_for_whom_it_is_about_even_when_named_and_the_attempt_is_recorded(
    case: Case, make_person: MakePerson
) -> None:
    subject = make_person("lado")
    name(case, subject)
    case.subject.account = subject
    case.subject.save()
    with pytest.raises(Http404, match="There is no such case"):
        ask(subject, case)
    assert AuditEntry.objects.get(verb="allegation.attempt").actor == subject
    assert not cases_open_to(subject, NOW).exists()
    assert not not_barred(Case.objects.all(), subject).exists()


def test_a_conflict_of_interest_closes_the_case_until_it_is_lifted(
    case: Case, make_person: MakePerson
) -> None:
    leah, dana = make_person("lado"), make_person("director")
    name(case, leah)
    conflict = Barred.objects.create(case=case, person=leah, reason="A neighbour.", barred_by=dana)
    with pytest.raises(Http404):
        ask(leah, case)
    assert not cases_open_to(leah, NOW).exists()
    conflict.lifted_at = NOW
    conflict.save()
    assert ask(leah, case) == case


def test_an_officer_of_another_authority_sees_it_until_it_expires(
    case: Case, make_person: MakePerson
) -> None:
    other = make_person("lado", authority="822")
    until = name(case, other, capacity=Capacity.EXTERNAL, until=NOW + timedelta(hours=1))
    assert ask(other, case, "allegation.shared") == case
    for more in ("allegation.view", "allegation.work"):
        with pytest.raises(Http404):
            ask(other, case, more)
    assert not cases_open_to(other, NOW).exists()
    until.until = NOW
    until.save()
    with pytest.raises(Http404):
        ask(other, case, "allegation.shared")


def test_lists_hold_only_cases_one_is_named_on(case: Case, make_person: MakePerson) -> None:
    leah, devi = make_person("lado"), make_person("deputy_lado")
    name(case, leah)
    assert list(cases_open_to(leah, NOW)) == [case]
    assert not cases_open_to(devi, NOW).exists()
    assert not cases_open_to(leah, NOW, "allegation.follow").exists()


def test_a_case_that_is_not_there_is_answered_alike(make_person: MakePerson, db: None) -> None:
    with pytest.raises(Http404, match="There is no such case"):
        ask(make_person("lado"), Case(key="nothing"))
