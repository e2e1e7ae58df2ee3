"""Into an account through which cases are reached, no administrator gets alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from redway.web.audit.models import AuditEntry
from redway.web.people import agreements, services
from redway.web.people.agreements import GUARDED, SecondNeededError
from redway.web.people.errors import PeopleError
from redway.web.people.models import Agreement, Grant, Person, Step
from redway.web.people.roles import Role
from web.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MakePerson = Callable[..., Person]
SignedIn = Callable[[Person], Client]


def settled(person: Person, days: int = 30) -> Person:
    """An administrator since so many days."""
    Grant.objects.filter(person=person).update(granted_at=timezone.now() - timedelta(days=days))
    return person


@pytest.fixture
def officer(leah: Person) -> Person:
    """Leah, who has a password and uses her account."""
    leah.set_password("canal turnip lantern")
    leah.save()
    return leah


@pytest.fixture
def adam(adam: Person) -> Person:
    return settled(adam)


@pytest.fixture
def eve(make_person: MakePerson) -> Person:
    """A second administrator of a month's standing."""
    return settled(make_person("administrator", full_name="Eve Ember", email="eve@example.org"))


def agreed(asker: Person, second: Person, person: Person, step: Step, address: str = "") -> None:
    made = agreements.ask(actor=asker, person=person, step=step, address=address)
    agreements.agree(actor=second, agreement=made)


STEPS: dict[Step, Callable[[Person, Person], Any]] = {
    Step.LINK: lambda actor, person: services.make_link(actor=actor, person=person),
    Step.FACTOR: lambda actor, person: services.remove_second_factor(actor=actor, person=person),
    Step.ADDRESS: lambda actor, person: services.correct_person(
        actor=actor, person=person, email="other@example.org", full_name=person.full_name
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_alone_nobody_gets_in_and_two_do_it_once(
    step: Step, adam: Person, eve: Person, officer: Person
) -> None:
    do, address = STEPS[step], "other@example.org" if step is Step.ADDRESS else ""
    with pytest.raises(SecondNeededError):
        do(adam, officer)
    asked = agreements.ask(actor=adam, person=officer, step=step, address=address)
    with pytest.raises(SecondNeededError):
        do(adam, officer)
    with pytest.raises(PeopleError, match="You asked for it yourself"):
        agreements.agree(actor=adam, agreement=asked)
    agreements.agree(actor=eve, agreement=asked)
    with pytest.raises(SecondNeededError):
        do(eve, officer)
    do(adam, officer)
    officer.refresh_from_db()
    with pytest.raises(SecondNeededError):
        services.make_link(actor=adam, person=officer)


def test_what_was_agreed_to_is_good_for_nothing_else_and_not_for_long(
    adam: Person, eve: Person, officer: Person, clock: Any
) -> None:
    agreed(adam, eve, officer, Step.ADDRESS, "new@example.org")
    for step in STEPS:
        with pytest.raises(SecondNeededError):
            STEPS[step](adam, officer)
    agreed(adam, eve, officer, Step.LINK)
    clock.move(timedelta(days=1))
    with pytest.raises(SecondNeededError):
        STEPS[Step.LINK](adam, officer)


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_every_role_that_reaches_cases_is_guarded_also_after_it_was_ended(
    role: Role, adam: Person, make_person: MakePerson
) -> None:
    """Ending an account, bringing it back without roles and making a link is the same way in."""
    school = "110532" if role in (Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS) else ""
    person = make_person(role.value, password="canal turnip lantern", school=school)
    services.end_person(actor=adam, person=person, now=timezone.now())
    person.last_login = timezone.now()
    person.save()
    services.return_person(actor=adam, person=person)
    with pytest.raises(SecondNeededError):
        services.make_link(actor=adam, person=person)


def test_other_accounts_and_those_nobody_has_used_need_one_administrator(
    adam: Person, alice: Person, leah: Person
) -> None:
    assert {Role.LADO, Role.DEPUTY_LADO, Role.DIRECTOR} <= GUARDED
    assert services.make_link(actor=adam, person=alice)
    # Invited, and their first link ran out.
    assert services.make_link(actor=adam, person=leah)


def test_a_name_is_corrected_by_one(adam: Person, officer: Person) -> None:
    services.correct_person(actor=adam, person=officer, email=officer.email, full_name="Leah Lowe")
    assert Person.objects.get(pk=officer.pk).full_name == "Leah Lowe"


def test_where_there_is_no_second_it_is_refused_with_what_to_do(adam: Person, officer: Person) -> None:
    with pytest.raises(PeopleError, match="nobody else could agree today") as refused:
        agreements.ask(actor=adam, person=officer, step=Step.LINK)
    assert "redway people link" in refused.value.next_step
    # On the machine itself it is made: whoever may do that holds everything anyhow.
    assert services.make_link(actor=None, person=officer)


@pytest.mark.parametrize("days", [0, 6])
def test_nobody_makes_a_second_administrator_for_the_day(
    adam: Person, officer: Person, make_person: MakePerson, days: int
) -> None:
    puppet = settled(make_person("administrator", email="puppet@example.org"), days)
    with pytest.raises(PeopleError, match="nobody else could agree today"):
        agreements.ask(actor=adam, person=officer, step=Step.LINK)
    asked = Agreement.objects.create(person=officer, step=Step.LINK, asked_by=adam)
    with pytest.raises(PeopleError, match="You cannot agree to this"):
        agreements.agree(actor=puppet, agreement=asked)


def test_an_administrator_of_another_authority_is_no_second(
    adam: Person, officer: Person, make_person: MakePerson
) -> None:
    nell = settled(make_person("administrator", authority="822"))
    with pytest.raises(PeopleError, match="nobody else could agree today"):
        agreements.ask(actor=adam, person=officer, step=Step.LINK)
    asked = Agreement.objects.create(person=officer, step=Step.LINK, asked_by=adam)
    for do in (agreements.agree, agreements.turn_down):
        with pytest.raises(Http404):
            do(actor=nell, agreement=asked)


def test_the_owner_is_told_and_turns_it_down(
    adam: Person, eve: Person, officer: Person, signed_in: SignedIn
) -> None:
    agreed(adam, eve, officer, Step.LINK)
    hers = signed_in(officer)
    assert "An administrator asks to make a one-time link on your account" in text_of(hers.get("/"))
    shown = text_of(hers.get("/account/"))
    address = re.search(r'action="(/account/asked/\d+/turn-down/)"', shown)
    assert address is not None
    assert hers.post(address[1]).status_code == 302
    with pytest.raises(SecondNeededError):
        STEPS[Step.LINK](adam, officer)
    # It is theirs alone to turn down here.
    again = agreements.ask(actor=adam, person=officer, step=Step.LINK)
    assert signed_in(eve).post(f"/account/asked/{again.pk}/turn-down/").status_code == 404


def test_on_the_pages_one_asks_the_other_agrees_and_the_first_does_it(
    adam: Person, eve: Person, officer: Person, signed_in: SignedIn
) -> None:
    his, hers = signed_in(adam), signed_in(eve)
    path = f"/people/{officer.pk}/link/"
    assert "another administrator has to agree" in text_of(his.post(path, follow=True))
    assert "welcome/redway_" not in text_of(his.post(path, follow=True))
    assert "Another administrator needs you to agree" in text_of(hers.get("/"))
    asked = Agreement.objects.get(ended_at__isnull=True)
    second = f"/people/{officer.pk}/agree/{asked.pk}/"
    assert second in text_of(hers.get(f"/people/{officer.pk}/"))
    assert "speak to its owner yourself" in text_of(hers.get(second))
    assert "You asked for it yourself" in text_of(his.post(second, {"agrees": "yes"}))
    assert hers.post(second, {"agrees": "yes"}).status_code == 302
    assert "/welcome/redway_" in text_of(his.post(path))
    verbs = AuditEntry.objects.filter(verb__endswith="_second").values_list("verb", "actor")
    assert list(verbs.order_by("sequence")) == [
        ("people.ask_second", adam.pk),
        ("people.ask_second", adam.pk),
        ("people.agree_second", eve.pk),
    ]
    assert AuditEntry.objects.get(verb="people.make_link").actor == adam


def test_another_address_is_asked_with_the_address(
    adam: Person, eve: Person, officer: Person, signed_in: SignedIn
) -> None:
    sent = {"full_name": officer.full_name, "email": "leah.new@example.org"}
    signed_in(adam).post(f"/people/{officer.pk}/correct/", sent)
    asked = Agreement.objects.get()
    shown = text_of(signed_in(eve).get(f"/people/{officer.pk}/agree/{asked.pk}/"))
    assert "change the email address to leah.new@example.org" in shown
    assert Person.objects.get(pk=officer.pk).email == officer.email
    agreements.agree(actor=eve, agreement=asked)
    signed_in(adam).post(f"/people/{officer.pk}/correct/", sent)
    assert Person.objects.get(pk=officer.pk).email == "leah.new@example.org"
    assert "example.org" not in "".join(AuditEntry.objects.values_list("details", flat=True))
