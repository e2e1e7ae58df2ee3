"""The made-up people of the demo authority: one for each role, a second adviser, and an officer of a
neighbour; passwords of this machine alone.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from redway.core.home import Home
from redway.core.identifiers import urn
from redway.web.audit import services as audit
from redway.web.people import services
from redway.web.people.models import Grant, Person
from redway.web.people.places import place_of_school
from redway.web.people.roles import Role, ScopeKind, scopes_of
from redway.web.people.services import Place

AUTHORITY = "826"
"""Milton Keynes."""
SCHOOL = "110532"
"""URN of the demo headteacher's and chair's school: a real school, whose made-up people they are."""
NEIGHBOUR = "822"
"""Bedford Borough, to whose designated officer a case can be handed over."""
FIRST_DAY = date(2024, 9, 1)

PEOPLE: dict[Role, str] = {
    Role.DIRECTOR: "Dana Drew",
    Role.DATA_OFFICER: "Alice Archer",
    Role.ADVISER: "Bob Baker",
    Role.FINANCE_OFFICER: "Fiona Field",
    Role.FORUM_MEMBER: "Femi Ford",
    Role.LADO: "Leah Lane",
    Role.DEPUTY_LADO: "Devi Lowe",
    Role.NAMED_SENIOR_MANAGER: "Nora North",
    Role.NAMED_SENIOR_OFFICER: "Owen Oakes",
    Role.HEADTEACHER: "Harriet Hill",
    Role.CHAIR_OF_GOVERNORS: "Gita Grove",
    Role.SOCIAL_CARE_MANAGER: "Sam Stone",
    Role.EARLY_HELP_WORKER: "Ella Elm",
    Role.BOARD_MEMBER: "Ines Ives",
    Role.ADMINISTRATOR: "Adam Ames",
}
SECOND_ADVISER = ("Asha Abbott", "second.adviser@demo.example")
"""Another adviser, who reads the first one's notes before they are published: name and e-mail address."""
OFFICER_ELSEWHERE = ("Rhona Reed", "lado.elsewhere@demo.example")
"""Designated officer of the neighbour: name and e-mail address."""

_SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprstv" for vowel in "aeio"]


@dataclass(frozen=True)
class DemoSignIn:
    """How one demo person comes in."""

    role: Role
    name: str
    email: str
    password: str
    authority: str = AUTHORITY

    @property
    def described(self) -> str:
        """The role, and where it is held when that is elsewhere."""
        return self.role.label if self.authority == AUTHORITY else f"{self.role.label}, of a neighbour"


def create_demo_people(home: Home, *, school: str = SCHOOL) -> list[tuple[str, str, str]]:
    """Make the demo people, or find them; returns (role, e-mail address, password) for each.

    Passwords are made on this machine and kept in ``demo-signins.txt`` of the data folder, readable by
    its owner only. ``school`` is any URN of the headteacher's school, which the register must hold.
    """
    file = home.root / "demo-signins.txt"
    known = _read(file)
    sign_ins = [
        DemoSignIn(role, name, email, known.get(email) or _password())
        for role, name in PEOPLE.items()
        for email in [f"{role.value.replace('_', '.')}@demo.example"]
    ]
    name, email = SECOND_ADVISER
    sign_ins.append(DemoSignIn(Role.ADVISER, name, email, known.get(email) or _password()))
    name, email = OFFICER_ELSEWHERE
    sign_ins.append(DemoSignIn(Role.LADO, name, email, known.get(email) or _password(), NEIGHBOUR))
    # Written before the accounts are made: a stop in between must not lose a password.
    _write(file, sign_ins)
    place = place_of_school(urn(school))
    for sign_in in sign_ins:
        _ensure(sign_in, place)
    return [(sign_in.described, sign_in.email, sign_in.password) for sign_in in sign_ins]


@transaction.atomic
def _ensure(sign_in: DemoSignIn, place: Place) -> None:
    person = Person.objects.filter(email=sign_in.email).first()
    if person is None:
        person = Person.objects.create_user(sign_in.email, sign_in.name, sign_in.password)
        audit.record(None, "people.invite", "person", person.pk, {"demo": True})
    elif not person.check_password(sign_in.password):
        # The file was lost: the new password in it is the one that holds.
        person.set_password(sign_in.password)
        person.save(update_fields=["password"])
        services.end_sessions(person)
        audit.record(None, "people.set_password", "person", person.pk, {"demo": True})
    if not Grant.objects.filter(person=person, role=sign_in.role, ended_at__isnull=True).exists():
        where = place if scopes_of(sign_in.role) == {ScopeKind.SCHOOL} else Place(sign_in.authority)
        services.give_role(actor=None, person=person, role=sign_in.role, place=where, first_day=FIRST_DAY)


def _password() -> str:
    """Four made-up words of four syllables: about 93 bits, easy to type."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(4)) for _ in range(4))


def _read(file: Path) -> dict[str, str]:
    """E-mail address -> password, from the file of an earlier run."""
    if not file.exists():
        return {}
    lines = [
        line.split() for line in file.read_text(encoding="utf-8").splitlines() if "@demo.example" in line
    ]
    return {parts[0]: parts[1] for parts in lines if len(parts) >= 2}


def _write(file: Path, sign_ins: list[DemoSignIn]) -> None:
    beside = file.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("Sign-ins of the demo on this machine. The people are made up.\n\n")
        for sign_in in sign_ins:
            out.write(f"{sign_in.email}  {sign_in.password}  {sign_in.name}, {sign_in.described}\n")
    beside.replace(file)
