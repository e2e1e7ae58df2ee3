"""The authority and school a person works in: where home starts from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from redway.web.authorities.access import record_of as authority_record
from redway.web.people import permission
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record


@dataclass(frozen=True)
class Places:
    """Authorities and schools in which somebody holds a role today and may see something."""

    authorities: tuple[Authority, ...]
    schools: tuple[School, ...]


def places_of(request: HttpRequest) -> Places:
    """The person's own authorities and schools, as far as they may look at them."""
    held = permission.holder_of(request).held_on(permission.today())
    numbers = {grant.scope_key for grant in held if grant.scope_kind == "authority"}
    keys = {grant.scope_key for grant in held if grant.scope_kind == "school"}
    return Places(
        tuple(
            one
            for one in Authority.objects.filter(number__in=numbers)
            if _may(request, authority_record(one))
        ),
        tuple(one for one in School.objects.filter(key__in=keys) if _may(request, school_record(one))),
    )


def _may(request: HttpRequest, record: Record) -> bool:
    return bool(permission.decide(request, f"{record.kind}.view", record))
