"""Who sees which school by name on the value-added pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest

from redway.web.authorities.access import record_of as authority_record
from redway.web.people import permission
from redway.web.register.models import Authority, School

ACTION = "value_added.view"


def may_see_authority(request: HttpRequest, authority: str) -> bool:
    """May they see what every school of this authority adds, by name?

    Whoever holds a role for one school sees the others only as a crowd without names.
    """
    record = authority_record(Authority(number=authority))
    return bool(permission.decide(request, ACTION, record))


def known_names(request: HttpRequest, school: School, keys: Iterable[str]) -> dict[str, str]:
    """Names of the schools this person may know by name, by key: of all of them, or of the one school."""
    if may_see_authority(request, school.authority):
        return names_of({*keys, school.key})
    return {school.key: school.shown_name}


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Names of schools by key, each told from others of its name by its URN. One query.

    A school that the register does not know is called by its number.
    """
    wanted = set(keys)
    known = {school.key: school for school in School.objects.filter(key__in=wanted).only(*_NAMED_BY)}
    named = Counter(school.shown_name for school in known.values())
    return {key: _name(key, known.get(key), named) for key in wanted}


_NAMED_BY = ("key", "name", "local_name", "current_urn")


def _name(key: str, school: School | None, named: Counter[str]) -> str:
    if school is None:
        return f"URN {key}"
    if named[school.shown_name] > 1:
        return f"{school.shown_name} (URN {school.current_urn})"
    return school.shown_name
