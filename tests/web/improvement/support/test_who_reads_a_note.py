"""Who reads what of a visit's note, tried as somebody would who wants to read more than is theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from redway.web.audit.models import AuditEntry
from redway.web.improvement.support import visits
from redway.web.improvement.support.changing import SupportRefused
from redway.web.improvement.support.models import Visit
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role, ScopeKind
from web.funding.deficits.a_deficit import register
from web.improvement.support.some_support import (
    AUTHORITY,
    SAID,
    SCHOOL,
    SEEN,
    a_follow_up,
    a_visit,
    an_alert,
    sent_by_visitor,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MakePerson = Callable[..., Person]


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


@pytest.fixture
def asha(make_person: MakePerson) -> Person:
    """Another adviser of the authority."""
    return make_person("adviser", full_name="Asha Abbott", email="asha@example.org")


@pytest.fixture
def seconded(make_person: MakePerson) -> Person:
    """A headteacher who helps the authority out as an adviser: two roles, one school of their own."""
    found = make_person("headteacher", full_name="Sam Second", email="sam@example.org", school=SCHOOL)
    Grant.objects.create(
        person=found,
        role=Role.ADVISER,
        scope_kind=ScopeKind.AUTHORITY,
        scope_key=AUTHORITY,
        authority=AUTHORITY,
        first_day=date(2020, 9, 1),
    )
    return found


def drafted(adviser: Person, visit: Visit) -> None:
    visits.write_visitor_part(
        actor=adviser, visit=visit, revision=visit.revision, answers=SEEN, summary="Thin.", send=False
    )


def test_a_draft_of_the_visitors_part_is_read_by_the_visitor_alone(bob: Person, asha: Person) -> None:
    visit = a_visit(bob)
    drafted(bob, visit)
    address = reverse("support:visitor_part", args=[visit.pk])
    assert "Six lessons." in text_of(visitor(bob).get(address))
    for answer in (visitor(asha).get(address), visitor(asha).post(address, {"found": "Mine."})):
        assert answer.status_code == 404
        assert "Six lessons." not in text_of(answer)


def test_reading_a_note_in_order_to_moderate_or_to_write_is_in_the_trail(
    bob: Person, asha: Person, harriet: Person
) -> None:
    visit = a_visit(bob)
    visits.write_school_part(actor=harriet, visit=visit, revision=visit.revision, answers=SAID, send=True)
    sent_by_visitor(bob, visit)
    for reader, name in ((asha, "moderate"), (bob, "visitor_part")):
        before = AuditEntry.objects.filter(verb="support.read_note", actor=reader).count()
        assert "Mathematics." in text_of(visitor(reader).get(reverse(f"support:{name}", args=[visit.pk])))
        read = AuditEntry.objects.filter(verb="support.read_note", actor=reader, sensitive_read=True)
        assert read.count() == before + 1


def test_a_headteacher_who_is_an_adviser_too_reads_of_the_own_school_what_its_head_reads(
    bob: Person, seconded: Person
) -> None:
    visit = a_visit(bob)
    sent_by_visitor(bob, visit)
    assert "Six lessons." not in text_of(visitor(seconded).get(reverse("support:visit", args=[visit.pk])))
    assert "Six lessons." not in text_of(visitor(seconded).get(reverse("support:moderate", args=[visit.pk])))
    visit.refresh_from_db()
    with pytest.raises(SupportRefused, match="your own school"):
        visits.moderate(actor=seconded, visit=visit, revision=visit.revision, agrees=True, said="")


def test_the_title_in_the_browser_does_not_say_what_was_agreed_with_a_school(bob: Person) -> None:
    visit = a_visit(bob)
    a_follow_up(bob, visit)
    said = text_of(visitor(bob).get(reverse("support:follow_up", args=[visit.pk, 1])))
    assert "Look at books" in said
    assert "Look at books" not in said.partition("<title>")[2].partition("</title>")[0]


def test_looking_up_which_schools_were_flagged_is_in_the_trail(bob: Person) -> None:
    alert = an_alert(bob)
    for name, parts in (("ledger", [AUTHORITY]), ("ledger_table", [AUTHORITY, "csv"]), ("alert", [alert.pk])):
        assert visitor(bob).get(reverse(f"support:{name}", args=parts)).status_code == 200
    read = AuditEntry.objects.filter(verb="support.read_ledger", actor=bob, sensitive_read=True)
    assert [one.subject_id for one in read.order_by("sequence")] == [AUTHORITY, AUTHORITY, str(alert.pk)]
