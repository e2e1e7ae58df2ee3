"""The made-up people of the demo."""

from __future__ import annotations

import stat

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from redway.core.home import Home
from redway.web.audit.verify import verify
from redway.web.people import demo
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.register.models import Establishment, School

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _school(db: None) -> None:
    school = School.objects.create(key="110532", current_urn="136730", name="A School", authority="826")
    Establishment.objects.create(urn="110532", school=school, authority="826")
    Establishment.objects.create(urn="136730", school=school, authority="826")


def test_there_is_one_person_for_each_role_and_each_can_sign_in(home: Home) -> None:
    made = demo.create_demo_people(home)
    assert [role for role, _, _ in made[:-2]] == [role.label for role in demo.PEOPLE]
    assert set(demo.PEOPLE) == set(Role)
    for _, email, password in made:
        client = Client()
        client.post("/account/sign-in/", {"login": email, "password": password})
        assert client.get("/account/").status_code == 200, email


def test_the_passwords_are_kept_for_the_owner_of_the_machine_only_and_stay_the_same(home: Home) -> None:
    made = demo.create_demo_people(home)
    file = home.root / "demo-signins.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert demo.create_demo_people(home) == made
    assert Person.objects.count() == Grant.objects.count() == len(Role) + 2
    assert verify().whole


def test_a_second_adviser_can_sign_in_and_read_the_notes_of_the_first(home: Home) -> None:
    role, email, password = demo.create_demo_people(home)[-2]
    assert (role, email) == (Role.ADVISER.label, "second.adviser@demo.example")
    asha = Person.objects.get(email=email)
    assert (asha.full_name, asha.check_password(password)) == ("Asha Abbott", True)
    grants = Grant.objects.filter(role=Role.ADVISER)
    assert {(one.scope_kind, one.scope_key) for one in grants} == {("authority", demo.AUTHORITY)}
    assert f"{email}  {password}  Asha Abbott" in (home.root / "demo-signins.txt").read_text()


def test_one_officer_more_is_of_a_neighbour(home: Home) -> None:
    role, email, _ = demo.create_demo_people(home)[-1]
    assert role == "Local authority designated officer (LADO), of a neighbour"
    grant = Grant.objects.get(person__email=email)
    assert (grant.role, grant.scope_key) == (Role.LADO, demo.NEIGHBOUR)


def test_when_the_file_is_lost_new_passwords_are_made_and_work(home: Home) -> None:
    before = demo.create_demo_people(home)
    (home.root / "demo-signins.txt").unlink()
    after = demo.create_demo_people(home)
    assert [password for _, _, password in before] != [password for _, _, password in after]
    _, email, password = after[0]
    assert Person.objects.get(email=email).check_password(password)


def test_the_headteacher_holds_the_school_through_its_conversions(home: Home) -> None:
    demo.create_demo_people(home, school="136730")
    head = Grant.objects.get(role=Role.HEADTEACHER)
    assert (head.scope_kind, head.scope_key, head.authority) == ("school", "110532", "826")


def test_demo_passwords_are_acceptable_and_differ(home: Home) -> None:
    passwords = [password for _, _, password in demo.create_demo_people(home)]
    assert len(set(passwords)) == len(passwords)
    for password in passwords:
        validate_password(password)
