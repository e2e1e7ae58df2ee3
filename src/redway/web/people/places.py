"""Where a role can be held: authorities and schools of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redway.core.identifiers import la_code, urn
from redway.web.people.models import Grant
from redway.web.people.roles import ScopeKind
from redway.web.people.services import Place
from redway.web.register.models import School
from redway.web.register.queries import authority_names, find_school


def place_of_authority(number: str) -> Place:
    """The authority with this number. Raises InvalidIdentifier."""
    return Place(la_code(number))


def place_of_school(text: str) -> Place:
    """The school that has, or ever had, this URN. Raises InvalidIdentifier and NotFound."""
    school = find_school(urn(text))
    return Place(school.authority, school.key)


def names_of_places(grants: Iterable[Grant]) -> Mapping[tuple[str, str], str]:
    """(scope kind, scope key) -> name, for all these roles, in two queries."""
    scopes = {(grant.scope_kind, grant.scope_key) for grant in grants}
    schools = [key for kind, key in scopes if kind == ScopeKind.SCHOOL]
    authorities = [key for kind, key in scopes if kind == ScopeKind.AUTHORITY]
    found = {
        (ScopeKind.SCHOOL.value, key): local or name
        for key, local, name in School.objects.filter(key__in=schools).values_list(
            "key", "local_name", "name"
        )
    }
    named = authority_names(authorities)
    return found | {(ScopeKind.AUTHORITY.value, number): name for number, name in named.items()}


def name_of_place(grant: Grant, names: Mapping[tuple[str, str], str]) -> str:
    """The place of a role in words; its key where the register does not know it (yet)."""
    if grant.scope_kind == ScopeKind.NATIONAL:
        return "England"
    return names.get((grant.scope_kind, grant.scope_key)) or f"{grant.scope_kind} {grant.scope_key}"
