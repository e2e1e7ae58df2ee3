"""Which schools a consultation asks, as they are on the day it is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from redway.funding.consultation_responses import Asked
from redway.web.funding.forum.frozen import Frozen
from redway.web.register.models import Establishment, School
from redway.web.register.queries import schools_of_authority

PHASES: Mapping[str, str] = {
    "primary": "Primary",
    "secondary": "Secondary",
    "middle": "Middle",
    "all_through": "All-through",
}
"""Phase of a schools file -> what it is called."""
_ACADEMIES = ("academy", "free school", "university technical college", "studio school", "city technology")
_MAINTAINED = (
    "community school",
    "voluntary aided school",
    "voluntary controlled school",
    "foundation school",
    "community special school",
    "foundation special school",
    "local authority nursery school",
    "pupil referral unit",
)
_STATUS = {"maintained": "Maintained", "academy": "Academy"}


def schools_to_ask(authority: str, options: Sequence[Frozen]) -> list[Asked]:
    """The schools in the options; without options, every open state-funded school of the authority."""
    if options:
        return _of_options(options)
    found = schools_of_authority(authority).select_related("locality")
    return [_of_register(school) for school in found if status_of(school.kind)]


def _of_options(options: Sequence[Frozen]) -> list[Asked]:
    lines = {one.urn: one for option in options for one in option.schools}
    keys = dict(
        Establishment.objects.filter(urn__in=lines).values_list("urn", "school_id"),
    )
    return sorted(
        (
            Asked(
                keys[urn],
                one.name,
                PHASES.get(one.phase, one.phase),
                _STATUS.get(one.status, one.status),
                one.locality,
                one.pupils,
            )
            for urn, one in lines.items()
            if urn in keys
        ),
        key=lambda one: one.name,
    )


def _of_register(school: School) -> Asked:
    locality = school.locality.name if school.locality else ""
    return Asked(
        school.key, school.shown_name, _phase_of(school), status_of(school.kind), locality, school.pupils or 0
    )


def status_of(kind: str) -> str:
    """'Maintained' or 'Academy' by the type of establishment; empty for what the grant does not fund."""
    low = kind.casefold()
    if low.startswith(_ACADEMIES):
        return "Academy"
    return "Maintained" if low in _MAINTAINED else ""


def _phase_of(school: School) -> str:
    low = school.kind.casefold()
    if "special" in low:
        return "Special"
    if "alternative provision" in low or "referral" in low:
        return "Alternative provision"
    return school.phase or "Not known"


def to_json(asked: Iterable[Asked]) -> list[dict[str, Any]]:
    """For keeping."""
    return [vars(one) | {} for one in asked]


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """What was kept, as it was."""
    return [Asked(**one) for one in kept]
