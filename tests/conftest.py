"""What every test may ask for: an empty data folder, a clock that stands still, the cast, national files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from redway.core.home import Home

if TYPE_CHECKING:
    from django.test import Client

    from redway.web.people.models import Person

# How long a property takes says how busy the machine is; speed is measured in benchmarks.
hypothesis_settings.register_profile("redway", deadline=None)
hypothesis_settings.load_profile("redway")

REPOSITORY = Path(__file__).parents[1]
NATIONAL_DATA = REPOSITORY.parent / "shared" / "data"
AUTHORITY = "826"
SCHOOL = "110532"
OTHER_SCHOOL = "110517"
"""Continuing keys of the schools of the two headteachers in the cast."""


def pytest_configure(config: pytest.Config) -> None:
    """The whole run lives in a folder of its own: nothing a test does reaches a real REDWAY_HOME."""
    from django.conf import settings

    root = Path(tempfile.mkdtemp(prefix="redway-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    os.environ["REDWAY_HOME"] = str(root)
    settings.REDWAY_HOME = Home(root)
    settings.SECRET_KEY = "made up for tests; no meaning outside them"
    # Passwords are hashed fast in tests; the slow hasher is tested where it matters.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file and not memory, so that threads and processes see what a server would see.
        database["NAME"] = str(root / "redway.sqlite3")
        database.setdefault("TEST", {})["NAME"] = str(root / "test.sqlite3")
    _empty_the_audit_trail_between_tests()


def _empty_the_audit_trail_between_tests() -> None:
    """Tests that really commit empty their database afterwards, which the trail's triggers refuse."""
    from django.db import connection
    from django.test import TransactionTestCase

    from redway.web.audit.triggers import lifted

    tear_down = TransactionTestCase._fixture_teardown

    def tear_down_with_triggers_lifted(self: Any) -> None:
        with lifted(connection):
            tear_down(self)

    TransactionTestCase._fixture_teardown = tear_down_with_triggers_lifted  # type: ignore[method-assign]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Home:
    """An empty data folder of this test alone; REDWAY_HOME points at it."""
    made = Home(tmp_path / "home")
    made.root.mkdir()
    monkeypatch.setenv("REDWAY_HOME", str(made.root))
    settings.REDWAY_HOME = made
    return made


@pytest.fixture(autouse=True)
def _own_audit_checkpoint(request: pytest.FixtureRequest) -> Iterator[None]:
    """The note of the audit trail's head lies outside the database: each test begins without one."""
    from redway.web.audit import checkpoint

    yield
    checkpoint.file().unlink(missing_ok=True)


@pytest.fixture(scope="session")
def national_data() -> Path:
    """The full national files beside the checkout; the test is skipped where they are absent."""
    if not NATIONAL_DATA.is_dir():
        pytest.skip(f"the national files are not there: {NATIONAL_DATA.name} beside the checkout")
    return NATIONAL_DATA


@pytest.fixture
def database_url(db: None) -> str:
    """DATABASE_URL of the test database itself, for what reads it without Django; empty on SQLite."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return ""
    place = connection.settings_dict
    host = place["HOST"] or "localhost"
    return f"postgresql://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?host={host}"


class Clock:
    """A clock that moves only when told to. Django's ``timezone.now`` reads it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, step: timedelta) -> datetime:
        self.now += step
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Noon on 24 November 2026 in England, until the test moves it."""
    standing = Clock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    monkeypatch.setattr("django.utils.timezone.now", lambda: standing.now)
    return standing


MakePerson = Callable[..., "Person"]


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """``make_person(role, authority="826", school="", email=..., password=None)``: a person with one role."""
    from redway.web.people.models import Grant, Person
    from redway.web.people.roles import Role, ScopeKind

    def make(
        role: str | None,
        *,
        full_name: str = "Pat Example",
        email: str = "",
        password: str | None = None,
        authority: str = AUTHORITY,
        school: str = "",
        first_day: date = date(2020, 9, 1),
        last_day: date | None = None,
    ) -> Person:
        number = Person.objects.count() + 1
        person = Person.objects.create_user(email or f"person{number}@example.org", full_name, password)
        if role is not None:
            kind, key = (ScopeKind.SCHOOL, school) if school else (ScopeKind.AUTHORITY, authority)
            Grant.objects.create(
                person=person,
                role=Role(role),
                scope_kind=kind,
                scope_key=key,
                authority=authority,
                first_day=first_day,
                last_day=last_day,
            )
        return person

    return make


@pytest.fixture
def alice(make_person: MakePerson) -> Person:
    """Alice Archer, data officer of Milton Keynes."""
    return make_person("data_officer", full_name="Alice Archer", email="alice@example.org")


@pytest.fixture
def bob(make_person: MakePerson) -> Person:
    """Bob Baker, school improvement adviser of Milton Keynes."""
    return make_person("adviser", full_name="Bob Baker", email="bob@example.org")


@pytest.fixture
def harriet(make_person: MakePerson) -> Person:
    """Harriet Hill, headteacher of the school SCHOOL."""
    return make_person("headteacher", full_name="Harriet Hill", email="harriet@example.org", school=SCHOOL)


@pytest.fixture
def charlie(make_person: MakePerson) -> Person:
    """Charlie Cook, headteacher of another school: the stranger."""
    return make_person(
        "headteacher", full_name="Charlie Cook", email="charlie@example.org", school=OTHER_SCHOOL
    )


@pytest.fixture
def dana(make_person: MakePerson) -> Person:
    """Dana Drew, director of children's services."""
    return make_person("director", full_name="Dana Drew", email="dana@example.org")


@pytest.fixture
def fiona(make_person: MakePerson) -> Person:
    """Fiona Field, finance officer."""
    return make_person("finance_officer", full_name="Fiona Field", email="fiona@example.org")


@pytest.fixture
def leah(make_person: MakePerson) -> Person:
    """Leah Lane, local authority designated officer."""
    return make_person("lado", full_name="Leah Lane", email="leah@example.org")


@pytest.fixture
def adam(make_person: MakePerson) -> Person:
    """Adam Ames, administrator of Milton Keynes."""
    return make_person("administrator", full_name="Adam Ames", email="adam@example.org")


@pytest.fixture
def olga(make_person: MakePerson) -> Person:
    """Olga Owen, administrator of another authority."""
    return make_person("administrator", full_name="Olga Owen", email="olga@example.org", authority="822")


@dataclass(frozen=True)
class Everyone:
    """One person for each role, by role code."""

    by_role: dict[str, Person]


@pytest.fixture
def everyone(make_person: MakePerson) -> Everyone:
    """One person for each of the fifteen roles; heads and chairs of the school SCHOOL."""
    from redway.web.people.roles import Role, ScopeKind, scopes_of

    return Everyone(
        {
            role.value: make_person(
                role.value,
                full_name=role.label,
                school=SCHOOL if scopes_of(role) == {ScopeKind.SCHOOL} else "",
            )
            for role in Role
        }
    )


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """``signed_in(person)``: a client with a session of theirs, as after signing in just now."""
    import time

    from django.test import Client

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        return client

    return sign_in
