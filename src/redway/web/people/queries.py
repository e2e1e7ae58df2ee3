"""Reading who has an account, which roles they hold, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from redway.core.words import day_in_words, listed
from redway.figures.table import Column, Kind, Table
from redway.web.people import permission
from redway.web.people.looking_after import require_account, require_person
from redway.web.people.models import Grant, Person
from redway.web.people.places import name_of_place, names_of_places
from redway.web.people.roles import Role


def people_visible(request: HttpRequest) -> QuerySet[Person]:
    """The people whose accounts this person may see: those with a role in their places, or with none yet."""
    seen = permission.visible(request, "people.view")
    people = Person.objects.prefetch_related("grants").order_by("full_name", "pk")
    if seen.everywhere:
        return people
    own_places = Q(grants__authority__in=seen.authorities) | Q(grants__isnull=True)
    return people.filter(own_places).distinct()


def access_person(request: HttpRequest, number: int, action: str) -> Person:
    """The person, for those who may take the action on them; 404 for everyone else."""
    person = Person.objects.prefetch_related("grants").filter(pk=number).first()
    if person is None:
        raise Http404("no such person")
    require_person(request, action, person)
    return person


def access_account(request: HttpRequest, number: int) -> Person:
    """The person, for those who look after every place in which they hold a role; 404 for everyone else."""
    person = access_person(request, number, "people.manage")
    require_account(request, person)
    return person


@dataclass(frozen=True)
class RoleLine:
    """One role of a person, in words."""

    grant: Grant
    role: str
    place: str
    days: str
    holds: bool

    @property
    def text(self) -> str:
        return f"{self.role}, {self.place}"


def role_lines(
    person: Person, on: date, names: Mapping[tuple[str, str], str] | None = None
) -> list[RoleLine]:
    """A person's roles: those held now first, then the others, newest first.

    ``names`` of places may be given when many people are listed; else they are looked up.
    """
    if names is None:
        names = names_of_places(person.grants.all())
    lines = [
        RoleLine(
            grant=grant,
            role=Role(grant.role).label,
            place=name_of_place(grant, names),
            days=_days(grant),
            holds=grant.holds_on(on) and person.is_active,
        )
        for grant in person.grants.all()
    ]
    return sorted(lines, key=lambda line: (not line.holds, -line.grant.first_day.toordinal(), line.grant.pk))


def people_table(people: QuerySet[Person], on: date) -> Table:
    """Everyone with their roles of that day."""
    names = names_of_places(grant for person in people for grant in person.grants.all())
    return Table(
        title="Everyone with an account",
        columns=[
            Column("name", "Name"),
            Column("email", "Email address"),
            Column("roles", "Roles today"),
            Column("state", "Account"),
            Column("joined", "Since", Kind.DATE),
        ],
        rows=[
            {
                "number": person.pk,
                "name": person.full_name,
                "email": person.email,
                "roles": listed([line.text for line in role_lines(person, on, names) if line.holds])
                or "None",
                "state": _state(person),
                "joined": timezone.localdate(person.joined_at),
            }
            for person in people
        ],
        notes=[],
    )


def _state(person: Person) -> str:
    if not person.is_active:
        return "Left"
    return "In use" if person.last_login else "Not signed in yet"


def _days(grant: Grant) -> str:
    first = f"from {day_in_words(grant.first_day)}"
    if grant.ended_at is not None:
        return f"{first}, ended {day_in_words(timezone.localdate(grant.ended_at))}"
    return first if grant.last_day is None else f"{first} to {day_in_words(grant.last_day)}"
