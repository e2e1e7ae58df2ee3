"""The values in force for an authority: what it has settled itself, over the national ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from redway.funding import deficits, projection
from redway.funding.local_values import InForce, values_in_force
from redway.web.funding.deficits.models import OwnValue

SUBJECTS = {deficits.SUBJECT: "Licensed deficits", projection.SUBJECT: "Years ahead"}
"""Subject of values that an authority settles here -> what it is called."""


def own_numbers(authority: str, subject: str, on: date) -> dict[str, Decimal]:
    """What an authority has settled: name -> number that holds on a day. One query."""
    held: dict[str, Decimal] = {}
    for one in OwnValue.objects.filter(authority=authority, subject=subject, first_day__lte=on):
        if one.value is None:
            held.pop(one.name, None)
        else:
            held[one.name] = one.value.normalize() + Decimal(0)
    return held


def values_for(authority: str, subject: str, on: date) -> InForce:
    """The values of a subject for an authority on a day."""
    return values_in_force(subject, on, own_numbers(authority, subject, on))


def rules_for(authority: str, on: date) -> InForce:
    """The rules of licensed deficits for an authority on a day."""
    return values_for(authority, deficits.SUBJECT, on)
