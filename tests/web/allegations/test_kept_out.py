"""Whom a case is about, and whoever has a conflict of interest: to them it is nowhere, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from redway.web.allegations.models import Barred, Capacity, Case, CaseState, Named, Subject
from redway.web.allegations.queries import days_work
from redway.web.audit.models import AuditEntry
from redway.web.people import services as people
from redway.web.people.keys import TokenReach
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.register.models import Authority
from web.allegations.a_case import NOON, TODAY
from web.allegations.case_of_everything import a_case, a_concern, case_of_everything
from web.pages import text_of, visitor
from web.permission_matrix import CASES, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
MakePerson = Callable[..., Person]
WAYS = ("subject", "merged", "barred")
OF_THE_CASE = [page for page in CASES if "{of_case}" in page.args]
NAME = "Robin Mask"


@pytest.fixture
def world(leah: Person, dana: Person, bob: Person) -> dict[str, str]:
    Authority.objects.create(number="826", name="Milton Keynes")
    found = case_of_everything(leah, dana, bob)
    held = Subject.objects.get(cases=found["of_case"])
    held.identity = {"names": [NAME]}
    held.save()
    return found


@pytest.fixture
def morgan(make_person: MakePerson) -> Person:
    """Somebody who holds every role of an authority at once, as no administrator would give them."""
    person = make_person("administrator", full_name="Morgan Moss", email="morgan@example.org")
    for role in Role:
        if role not in (Role.ADMINISTRATOR, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS):
            Grant.objects.create(
                person=person,
                role=role,
                scope_kind="authority",
                scope_key="826",
                authority="826",
                first_day=TODAY,
            )
    return person


def keep_out(person: Person, key: str, how: str) -> Case:
    """Close the case to somebody who is named on it in every capacity."""
    case = Case.objects.get(pk=key)
    for capacity in Capacity:
        until = NOON + timedelta(days=1) if capacity in (Capacity.EXTERNAL, Capacity.BREAK_GLASS) else None
        Named.objects.create(case=case, person=person, capacity=capacity, from_at=NOON, until=until)
    if how == "barred":
        Barred.objects.create(case=case, person=person, reason="A sister.", barred_by=person)
    elif how == "subject":
        Subject.objects.filter(pk=case.subject_id).update(account=person)
    else:
        other = Subject.objects.create(authority="826", identity={"names": [NAME]}, account=person)
        Subject.objects.filter(pk=case.subject_id).update(merged_into=other)
    return case


def address_of(page: Page, world: dict[str, str]) -> str:
    return reverse(page.name, args=[part.format(**world) for part in page.args])


@pytest.mark.parametrize("how", WAYS)
def test_no_address_of_the_case_answers_and_every_attempt_is_written_down(
    world: dict[str, str], morgan: Person, how: str
) -> None:
    browser = visitor(morgan)
    assert browser.get(f"/allegations/cases/{world['of_case']}/break-glass/").status_code == 200
    keep_out(morgan, world["of_case"], how)
    wrong, asked = [], 0
    for page in OF_THE_CASE:
        address = address_of(page, world)
        for ask in (browser.get, lambda to: browser.post(to, {"go": "send"})):
            answer = ask(address)
            asked += answer.status_code != 405
            if answer.status_code not in (404, 405) or NAME in text_of(answer):
                wrong.append(f"{answer.status_code} from {address}")
    assert not wrong, "\n".join(wrong)
    attempts = AuditEntry.objects.filter(verb="allegation.attempt", subject_id=world["of_case"])
    assert attempts.filter(actor=morgan).count() == asked > 2 * len(OF_THE_CASE) - 20


@pytest.mark.parametrize("how", WAYS)
def test_nothing_else_they_can_open_tells_of_it(
    world: dict[str, str], morgan: Person, how: str, leah: Person
) -> None:
    key = world["of_case"]
    Named.objects.filter(case=world["of_second"]).delete()
    Case.objects.filter(pk=key).update(closed_on=TODAY - timedelta(days=40_000), state=CaseState.CLOSED)
    keep_out(morgan, key, how)
    browser = visitor(morgan)
    browser.get(f"/allegations/cases/{key}/")
    years = "?from=2020-01-01&to=2026-12-31"
    for path in (
        "/",
        "/allegations/day/",
        "/allegations/cases/?state=all",
        "/allegations/advice/",
        "/allegations/retention/?on=2150-01-01",
        "/allegations/referrals/",
        "/allegations/concerns/",
        f"/allegations/statistics/{years}",
        f"/allegations/statistics/826/report.csv{years}",
        "/audit/",
        "/audit/?subject_kind=allegation",
        "/audit.csv",
        "/people/",
        f"/people/{leah.pk}/",
        reverse("jobs:index"),
        "/account/",
    ):
        answer = browser.get(path)
        text = text_of(answer) if not answer.streaming else b"".join(answer).decode()
        assert answer.status_code == 200, path
        assert key not in text, path
    found = browser.post("/allegations/search/", {"name": NAME})
    assert key not in text_of(found)
    assert "0 cases" not in text_of(found)
    assert days_work(morgan, NOON).running == 0
    counted = browser.get(f"/allegations/statistics/826/report.json{years}").json()
    # The other case of the made-up world is counted, theirs is not.
    assert counted["cases"] == 1


def test_its_officers_are_told_of_the_attempt_and_nobody_else(
    world: dict[str, str], morgan: Person, leah: Person, dana: Person, make_person: MakePerson
) -> None:
    keep_out(morgan, world["of_case"], "subject")
    visitor(morgan).get(f"/allegations/cases/{world['of_case']}/")
    for named in (leah, dana):
        day = text_of(visitor(named).get("/allegations/day/"))
        assert "Look at who tried to open a case" in day
        assert "Morgan Moss tried at 12:00 on 24 November 2026, and was shown nothing." in day
        assert "attempt to open what is closed" in text_of(visitor(named).get("/"))
    other = make_person("deputy_lado", full_name="Devi Dale")
    assert "tried" not in text_of(visitor(other).get("/allegations/day/"))
    assert "attempt" not in text_of(visitor(other).get("/"))


@pytest.mark.parametrize("role", ["administrator", "data_officer", "forum_member", "headteacher"])
def test_the_attempt_of_somebody_whose_role_opens_no_case_is_written_down_too(
    world: dict[str, str], make_person: MakePerson, role: str, leah: Person
) -> None:
    school = "110532" if role == "headteacher" else ""
    person = make_person(role, email="somebody@example.org", school=school)
    case = Case.objects.get(pk=world["of_case"])
    Subject.objects.filter(pk=case.subject_id).update(account=person)
    assert visitor(person).get(f"/allegations/cases/{case.key}/").status_code == 404
    assert [one.actor for one in days_work(leah, NOON).attempts] == [person]


def test_a_low_level_concern_is_kept_from_whom_it_is_about_in_the_same_way(
    leah: Person, morgan: Person, bob: Person
) -> None:
    concern = a_concern(leah, "826")
    address = f"/allegations/concerns/{concern.pk}/"
    assert visitor(morgan).get(address).status_code == 200
    Subject.objects.filter(pk=concern.subject_id).update(account=morgan)
    for path in (address, f"{address}refer/"):
        assert visitor(morgan).post(path).status_code in (404, 405)
        assert visitor(morgan).get(path).status_code in (404, 405)
    assert concern.pk not in text_of(visitor(morgan).get("/allegations/concerns/"))
    assert {one.actor for one in days_work(leah, NOON).attempts} == {morgan}
    assert days_work(morgan, NOON).attempts == ()
    day = text_of(visitor(leah).get("/allegations/day/"))
    assert f"Concern {concern.pk}" in day
    # A stranger's curiosity is written down, and is no attempt at one's own record.
    visitor(bob).get(address)
    assert AuditEntry.objects.get(verb="allegation.turn_away").actor == bob


def test_a_missing_number_tells_nobody_that_a_concern_is_kept_from_them(leah: Person) -> None:
    assert not a_concern(leah, "826").pk.isdecimal()


# --- strangers ----------------------------------------------------------------------------------------------


def answer_to(browser: Client, address: str) -> tuple[Any, ...]:
    """All that an answer tells, and what it cost: status, page, headers, questions to the database."""
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        transaction.atomic(),
    ):
        answer = browser.get(address)
        transaction.set_rollback(True)
    page = re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content)
    return answer.status_code, page, len(answer.content), sorted(answer.headers.items()), len(asked)


@pytest.mark.parametrize("role", ["deputy_lado", "director", "administrator", "adviser"])
@pytest.mark.parametrize("path", ["", "history/", "chronology.pdf", "evaluate/", "documents/abc/"])
def test_a_case_that_is_not_open_and_one_that_does_not_exist_cannot_be_told_apart(
    world: dict[str, str], make_person: MakePerson, role: str, path: str
) -> None:
    person = make_person(role, email="stranger@example.org")
    browser = visitor(person)
    browser.get("/")
    nothing = answer_to(browser, f"/allegations/cases/2345678923/{path}")
    stranger = answer_to(browser, f"/allegations/cases/{world['of_case']}/{path}")
    keep_out(person, world["of_case"], "subject")
    assert nothing == stranger == answer_to(browser, f"/allegations/cases/{world['of_case']}/{path}")
    assert nothing[0] == 404


def test_nor_can_the_concerns(leah: Person, make_person: MakePerson) -> None:
    concern = a_concern(leah, "822")
    browser = visitor(make_person("deputy_lado"))
    browser.get(f"/allegations/concerns/{concern.pk}/")
    assert answer_to(browser, "/allegations/concerns/2345678923/") == answer_to(
        browser, f"/allegations/concerns/{concern.pk}/"
    )


def test_a_reference_that_was_typed_is_not_kept_in_the_trail(leah: Person) -> None:
    assert visitor(leah).get("/allegations/cases/jo-example/").status_code == 404
    entry = AuditEntry.objects.get(verb="allegation.turn_away")
    assert "example" not in f"{entry.subject_id}{entry.details}"


# --- who has left -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [Capacity.OFFICER, Capacity.BREAK_GLASS])
def test_an_officer_who_moves_to_another_authority_leaves_the_cases_behind(
    leah: Person, capacity: Capacity
) -> None:
    case = a_case("826")
    Named.objects.create(case=case, person=leah, capacity=capacity, from_at=NOON)
    browser = visitor(leah)
    assert browser.get(f"/allegations/cases/{case.key}/").status_code == 200
    leah.grants.update(ended_at=timezone.now())
    Grant.objects.create(
        person=leah,
        role=Role.LADO,
        scope_kind="authority",
        scope_key="822",
        authority="822",
        first_day=TODAY,
    )
    for path in ("", "shared/", "evaluate/", "break-glass/"):
        assert browser.get(f"/allegations/cases/{case.key}/{path}").status_code == 404
    assert case.key not in text_of(browser.get("/allegations/cases/?state=all"))
    assert days_work(leah, NOON).running == 0


def test_no_token_opens_anything_of_this_room(world: dict[str, str], leah: Person) -> None:
    for reach in TokenReach:
        _, text = people.make_token(person=leah, label="Report", reach=reach, days=30, now=timezone.now())
        program = Client(headers={"Authorization": f"Bearer {text}"})
        for path in ("day/", "cases/", "statistics/", "concerns/", f"cases/{world['of_case']}/"):
            assert program.get(f"/allegations/{path}").status_code == 404
