"""Administrators invite people, give and end roles, and end accounts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from redway.web.audit.models import AuditEntry
from redway.web.people import permission, services
from redway.web.people.errors import PeopleError
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.people.services import Place
from redway.web.register.models import Establishment, School

pytestmark = pytest.mark.django_db
PASSWORD = "canal turnip lantern"
FIRST_DAY = {"first_day_day": "1", "first_day_month": "9", "first_day_year": "2026"}
NEW_PERSON = {"full_name": "Nadia Nile", "email": "Nadia@example.org", "role": "adviser", "authority": "826"}


@pytest.fixture
def office(adam: Person, signed_in: Callable[[Person], Client]) -> Client:
    """Adam's browser."""
    return signed_in(adam)


@pytest.fixture
def school(db: None) -> School:
    made = School.objects.create(
        key="110532", current_urn="136730", name="Grand Union School", authority="826"
    )
    for urn in ("110532", "136730"):
        Establishment.objects.create(urn=urn, school=made, authority="826")
    return made


def holds(person: Person, role: Role) -> bool:
    return role in permission.roles_today(Person.objects.get(pk=person.pk))


def test_an_invited_person_sets_a_password_by_the_link_shown_once_and_comes_in(office: Client) -> None:
    answer = office.post("/people/invite/", NEW_PERSON | FIRST_DAY).content.decode()
    link = re.search(r"http://testserver(/welcome/redway_[^<]+/)", answer)
    assert link is not None
    nadia = Client()
    nadia.post(link[1], {"password": PASSWORD, "again": PASSWORD})
    nadia.post("/account/sign-in/", {"login": "nadia@example.org", "password": PASSWORD})
    assert "Nadia Nile" in nadia.get("/account/").content.decode()
    verbs = list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == [
        "people.invite",
        "people.give_role",
        "people.make_link",
        "people.set_password",
        "people.sign_in",
    ]
    assert "nadia" not in " ".join(AuditEntry.objects.values_list("details", flat=True)).lower()


def test_an_address_that_is_taken_is_refused_with_what_to_do(office: Client, alice: Person) -> None:
    answer = office.post("/people/invite/", NEW_PERSON | FIRST_DAY | {"email": "ALICE@example.org"})
    assert "has an account already" in answer.content.decode()
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"authority": "82"}, "is not an authority number"),
        ({"role": "headteacher", "school": ""}, "is not a URN"),
        ({"role": "headteacher", "school": "999999"}, "There is no school with URN 999999"),
        ({"role": "director", "school": "110532"}, "is held for an authority"),
        ({"first_day_month": "13"}, "must be a real date"),
        ({"role": "superuser"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Client, school: School, changed: Any, words: str) -> None:
    answer = office.post("/people/invite/", NEW_PERSON | FIRST_DAY | changed)
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not Person.objects.filter(email="nadia@example.org").exists()


def test_a_headteacher_is_given_the_school_by_any_urn_it_ever_had(office: Client, school: School) -> None:
    office.post("/people/invite/", NEW_PERSON | FIRST_DAY | {"role": "headteacher", "school": "136730"})
    grant = Grant.objects.get(role="headteacher")
    assert (grant.scope_kind, grant.scope_key, grant.authority) == ("school", "110532", "826")


def test_nobody_gives_a_role_outside_their_own_authority(office: Client) -> None:
    assert office.post("/people/invite/", NEW_PERSON | FIRST_DAY | {"authority": "822"}).status_code == 404
    assert not Person.objects.filter(email="nadia@example.org").exists()


def test_nobody_gives_a_role_to_themselves(office: Client, adam: Person) -> None:
    role = {"role": "lado", "authority": "826"} | FIRST_DAY
    assert (
        "cannot give a role to yourself"
        in office.post(f"/people/{adam.pk}/give-role/", role).content.decode()
    )
    assert not holds(adam, Role.LADO)


def test_a_role_is_given_and_ended_at_once(office: Client, bob: Person) -> None:
    office.post(f"/people/{bob.pk}/give-role/", {"role": "finance_officer", "authority": "826"} | FIRST_DAY)
    assert holds(bob, Role.FINANCE_OFFICER)
    grant = bob.grants.get(role="finance_officer")
    office.post(f"/people/{bob.pk}/roles/{grant.pk}/end/", {"when": "now"})
    assert not holds(bob, Role.FINANCE_OFFICER)
    assert holds(bob, Role.ADVISER)


def test_a_role_ends_by_itself_after_its_last_day(office: Client, bob: Person, clock: Any) -> None:
    grant = bob.grants.get()
    later = {"when": "later", "last_day_day": "31", "last_day_month": "12", "last_day_year": "2026"}
    office.post(f"/people/{bob.pk}/roles/{grant.pk}/end/", later)
    clock.move(timedelta(days=37))
    assert holds(bob, Role.ADVISER)
    clock.move(timedelta(days=1))
    assert not holds(bob, Role.ADVISER)


def test_the_last_administrator_cannot_be_ended(adam: Person, office: Client, make_person: Any) -> None:
    grant = adam.grants.get()
    answer = office.post(f"/people/{adam.pk}/roles/{grant.pk}/end/", {"when": "now"})
    assert "last administrator" in answer.content.decode()
    make_person("administrator", full_name="Second Admin")
    assert office.post(f"/people/{adam.pk}/roles/{grant.pk}/end/", {"when": "now"}).status_code == 302


def test_a_person_who_left_comes_back_without_roles_and_without_the_old_password(
    office: Client, make_person: Any
) -> None:
    bob = make_person("adviser", email="bob@example.org", password=PASSWORD)
    office.post(f"/people/{bob.pk}/end/")
    assert "Left" in office.get(f"/people/{bob.pk}/").content.decode()
    office.post(f"/people/{bob.pk}/bring-back/")
    bob.refresh_from_db()
    assert bob.is_active
    assert not bob.has_usable_password()
    assert not holds(bob, Role.ADVISER)


def test_nobody_ends_their_own_account(office: Client, adam: Person) -> None:
    assert "cannot end your own account" in office.post(f"/people/{adam.pk}/end/").content.decode()


def test_a_new_address_ends_the_sessions_and_a_corrected_name_does_not(
    office: Client, bob: Person, signed_in: Any
) -> None:
    client = signed_in(bob)
    office.post(f"/people/{bob.pk}/correct/", {"full_name": "Bob B Baker", "email": "bob@example.org"})
    assert client.get("/account/").status_code == 200
    office.post(f"/people/{bob.pk}/correct/", {"full_name": "Bob B Baker", "email": "bobby@example.org"})
    assert client.get("/account/").status_code == 302


def test_the_list_shows_the_people_of_ones_own_authority_only(
    office: Client, bob: Person, olga: Person
) -> None:
    page = office.get("/people/").content.decode()
    assert "Bob Baker" in page
    assert "Olga Owen" not in page
    exported = b"".join(office.get("/people.csv").streaming_content).decode("utf-8-sig")
    assert "School improvement adviser, authority 826" in exported
    assert "Olga Owen" not in exported
    taken_away = AuditEntry.objects.get(verb="people.export")
    assert taken_away.sensitive_read
    assert json.loads(taken_away.details) == {"as": "csv", "people": exported.count("@")}


def test_a_token_is_made_shown_once_and_ended(alice: Person, signed_in: Any) -> None:
    client = signed_in(alice)
    made = client.post("/account/tokens/make/", {"label": "Power BI", "reach": "figures", "days": "30"})
    text = re.search(r"redway_[\w-]{43}", made.content.decode())
    assert text is not None
    assert text[0] not in client.get("/account/").content.decode()
    program = Client(headers={"Authorization": f"Bearer {text[0]}"})
    assert program.get("/schools/list.json").status_code == 200
    client.post(f"/account/tokens/{alice.api_tokens.get().pk}/end/")
    assert program.get("/schools/list.json").status_code == 401


def test_a_token_is_too_old_after_its_days(alice: Person, clock: Any) -> None:
    _, text = services.make_token(
        person=alice, label="Report", reach=services.keys.TokenReach.FIGURES, days=30, now=clock.now
    )
    program = Client(headers={"Authorization": f"Bearer {text}"})
    clock.move(timedelta(days=30) - timedelta(seconds=1))
    assert program.get("/schools/list.json").status_code == 200
    clock.move(timedelta(seconds=1))
    assert program.get("/schools/list.json").status_code == 401


def test_a_token_of_somebody_whose_roles_have_ended_is_worth_nothing(make_person: Any, clock: Any) -> None:
    bob = make_person("adviser", last_day=clock.now.date())
    _, text = services.make_token(
        person=bob, label="Report", reach=services.keys.TokenReach.FIGURES, days=30, now=clock.now
    )
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/schools/list.json").status_code == 200
    clock.move(timedelta(days=1))
    assert program.get("/schools/list.json").status_code == 401


def test_a_change_and_its_entry_stand_or_fall_together(adam: Person, bob: Person, monkeypatch: Any) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PeopleError("The trail cannot be written.", "")

    monkeypatch.setattr("redway.web.people.services.audit.record", refuse)
    with pytest.raises(PeopleError):
        services.give_role(
            actor=adam, person=bob, role=Role.DIRECTOR, place=Place("826"), first_day=permission.today()
        )
    assert not bob.grants.filter(role="director").exists()
