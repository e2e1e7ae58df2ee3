"""Whoever proposes a category is not the one who decides it.

A category follows a school for years, so two officers look at it. Where an authority has only one who may,
the decision is taken all the same and says so on the record, to the school too. A category that nobody has
proposed is decided only to stay what it is.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from redway.core.words import counted
from redway.improvement.concern_categories import two_officers
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.models import Concern, EntryKind
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of

ALONE = "Proposed and decided by one officer: nobody else may decide in the authority."


def refuse_alone(actor: Person, concern: Concern, school: School, category: str, day: date) -> str:
    """What the record says of a decision that one officer takes alone; empty where two have looked.

    Raises ConcernRefused where somebody else could decide, and for another category that nobody proposed.
    """
    if not two_officers(day):
        return ""
    if not concern.proposed:
        if category != concern.category:
            raise ConcernRefused(
                "Nobody has proposed that category.", "Propose it first; somebody else decides on it."
            )
        return ""
    proposal = concern.entries.filter(kind=EntryKind.PROPOSED).last()
    if proposal is None or proposal.by_id != actor.pk:
        return ""
    others = _others(actor, school)
    if others:
        raise ConcernRefused(
            "You proposed this category yourself.",
            f"{counted(others, 'other officer', 'other officers')} of the authority can decide on it.",
        )
    return ALONE


def _others(actor: Person, school: School) -> int:
    """How many others may decide on the school, those left out who lead or govern it."""
    place = record_of(school)
    of_authority = Q(grants__authority=school.authority) | Q(grants__authority="")
    people = Person.objects.filter(of_authority, is_active=True).exclude(pk=actor.pk).distinct()
    return sum(
        bool(permission.decide(one, "concern.decide", place))
        and not permission.decide(one, "improvement.own_school", place)
        for one in people
    )
