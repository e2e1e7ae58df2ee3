"""Where a role can be held: authorities and schools of the register."""

from __future__ import annotations

from redway.core.identifiers import la_code, urn
from redway.web.people.models import Grant
from redway.web.people.roles import ScopeKind
from redway.web.people.services import Place


def place_of_authority(number: str) -> Place:
    """The authority with this number. Raises InvalidIdentifier."""
    return Place(la_code(number))


def place_of_school(text: str) -> Place:
    """The school that has, or ever had, this URN. Raises InvalidIdentifier and NotFound."""
    from redway.web.register.queries import find_school

    school = find_school(urn(text))
    return Place(school.authority, school.key)


def name_of_place(grant: Grant) -> str:
    """The place of a role in words."""
    if grant.scope_kind == ScopeKind.SCHOOL:
        return f"school {grant.scope_key}"
    return {"national": "England"}.get(grant.scope_kind, f"authority {grant.scope_key}")
