"""The choke point as views and lists use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import Client

from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.rules import NOBODY, Record

pytestmark = pytest.mark.django_db
OWN = Record("school", "110532", authority="826", school="110532")
OTHER = Record("school", "110517", authority="826", school="110517")


def test_a_stranger_learns_nothing_not_even_that_the_record_exists(harriet: Person, charlie: Person) -> None:
    assert permission.require(harriet, "school.figures", OWN)
    with pytest.raises(Http404):
        permission.require(charlie, "school.figures", OWN)


def test_somebody_not_signed_in_or_who_has_left_is_nobody(dana: Person) -> None:
    assert permission.holder_of(AnonymousUser()) is NOBODY
    dana.is_active = False
    assert permission.holder_of(dana) is NOBODY
    assert not permission.decide(dana, "authority.view", Record("authority", "826", authority="826"))


def test_lists_are_narrowed_to_what_a_person_may_see(harriet: Person, dana: Person, adam: Person) -> None:
    assert permission.visible(dana, "school.view").everywhere
    seen = permission.visible(harriet, "school.view")
    assert (seen.everywhere, seen.schools) == (False, {"110532"})
    assert permission.visible(adam, "school.view").nothing
    assert permission.visible(adam, "people.view").authorities == {"826"}


def test_links_are_shown_only_to_those_they_work_for(alice: Person, adam: Person) -> None:
    assert permission.may_open(adam, "people:index")
    assert not permission.may_open(alice, "people:index")
    assert permission.may_open(alice, "people:account")
    assert permission.may_open(AnonymousUser(), "account_login")
    assert not permission.may_open(AnonymousUser(), "people:account")
    assert not permission.may_open(adam, "no:such_page")


def test_a_role_ended_at_once_gives_nothing_whatever_its_days(bob: Person, clock: Any) -> None:
    grant = bob.grants.get()
    assert permission.roles_today(bob)
    grant.ended_at = clock.now
    grant.save()
    assert not permission.roles_today(Person.objects.get(pk=bob.pk))
    assert not grant.holds_on(date(2026, 11, 24))


def test_a_role_over_one_record_reaches_that_record_only(make_person: Callable[..., Person]) -> None:
    member = make_person(None)
    Grant.objects.create(
        person=member,
        role="board_member",
        scope_kind="record",
        scope_key="authority:826",
        authority="826",
        first_day=date(2026, 1, 1),
    )
    assert permission.decide(member, "authority.view", Record("authority", "826"))
    assert not permission.decide(member, "authority.view", Record("authority", "822"))
    assert not permission.decide(member, "lineage.view", Record("school", "826"))


def test_knowing_who_is_there_and_what_they_may_do_costs_three_queries(
    dana: Person, signed_in: Callable[[Person], Client], django_assert_num_queries: Any
) -> None:
    client = signed_in(dana)
    with django_assert_num_queries(3):  # session, person, roles
        client.get("/help/")
