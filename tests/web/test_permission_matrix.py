"""Every address with every role, and with nobody signed in: as the matrix says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from redway.web.jobs.models import Job
from redway.web.people import services
from redway.web.people.checks import every_pattern
from redway.web.people.declarations import declaration_of
from redway.web.people.keys import TokenReach
from redway.web.people.models import Person
from redway.web.people.rules import TABLE
from redway.web.register.models import Authority, Establishment, School
from web.permission_matrix import ALL, EVERYBODY, MATRIX, OTHER_SCHOOL, SCHOOL, Page

pytestmark = pytest.mark.django_db
PASSWORD = "canal turnip lantern"


@pytest.fixture
def world(make_person: Callable[..., Person]) -> dict[str, str]:
    """What the addresses lead to: a person and a school here, and the same elsewhere."""
    for key, name in [(SCHOOL, "Grand Union School"), (OTHER_SCHOOL, "Ouse Valley School")]:
        school = School.objects.create(
            key=key,
            current_urn=key,
            name=name,
            sort_name=name.lower(),
            authority="826",
            rank=0,
            phase="Secondary",
        )
        Establishment.objects.create(urn=key, school=school, name=name, authority="826")
    Authority.objects.create(number="826", name="Milton Keynes", ons_code="E06000042")
    Authority.objects.create(number="822", name="Bedford", ons_code="E06000055")
    here = make_person("adviser", email="here@example.org")
    elsewhere = make_person("adviser", email="elsewhere@example.org", authority="822")
    token, _ = services.make_token(
        person=here, label="Report", reach=TokenReach.FIGURES, days=30, now=timezone.now()
    )
    job = Job.objects.create(kind="matrix.work", title="Work", owner=here)
    return {
        "person": str(here.pk),
        "grant": str(here.grants.get().pk),
        "person_elsewhere": str(elsewhere.pk),
        "grant_elsewhere": str(elsewhere.grants.get().pk),
        "link": services.make_link(actor=None, person=elsewhere),
        "token": str(token.pk),
        "job": str(job.pk),
    }


@pytest.mark.parametrize("page", MATRIX, ids=lambda page: page.title)
def test_the_page_opens_for_those_in_the_matrix_and_for_nobody_else(
    page: Page, world: dict[str, str], everyone: Any, signed_in: Callable[[Person], Client]
) -> None:
    address = reverse(page.name, args=[part.format(**world) for part in page.args])
    found = {"anonymous": _status(Client(), page, address)}
    for role, person in everyone.by_role.items():
        person.set_password(PASSWORD)
        person.save()
        found[role] = _status(signed_in(person), page, address)
    wrong = {who: status for who, status in found.items() if status not in _expected(page, who)}
    assert wrong == {}, f"{page.name} at {address}"


def _status(client: Client, page: Page, address: str) -> int:
    status: int = getattr(client, page.method)(address, page.data).status_code
    return status


def _expected(page: Page, who: str) -> tuple[int, ...]:
    if who in page.allowed:
        return page.ok
    if who == "anonymous":
        return (page.anonymous,) if page.anonymous else (302,)
    return (404,)


def test_strangers_are_sent_to_the_sign_in_page_and_back_to_where_they_wanted_to_go(client: Client) -> None:
    assert client.get("/people/?sort=name").url == "/account/sign-in/?next=/people/%3Fsort%3Dname"


def test_every_address_stands_in_the_matrix_and_the_matrix_holds_no_address_that_is_gone() -> None:
    served = {name for _, name, _ in every_pattern()}
    listed = {page.name for page in MATRIX}
    assert served - listed == set(), "add these to tests/web/permission_matrix.py"
    assert listed - served == set(), "these addresses are gone"


def test_the_matrix_agrees_with_what_the_views_declare() -> None:
    """Whoever the matrix lets in holds the action the view declares; public pages are public in both."""
    views = {name: declaration_of(pattern.callback) for _, name, pattern in every_pattern()}
    wrong = []
    for page in MATRIX:
        declared = views[page.name]
        assert declared is not None
        if declared.action:
            may = {role.value for role, rules in TABLE.items() if declared.action in rules}
        else:
            may = set(EVERYBODY if declared.door == "public" else ALL)
        if not page.allowed <= may:
            wrong.append(f"{page.title}: {sorted(page.allowed - may)}")
    assert wrong == []


def test_a_role_that_has_ended_or_not_begun_opens_nothing(
    make_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    ended = make_person("administrator", last_day=yesterday)
    coming = make_person("administrator", first_day=tomorrow)
    for person in (ended, coming):
        assert signed_in(person).get("/people/").url == "/account/no-role/"
