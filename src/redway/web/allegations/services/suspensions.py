"""Suspension: a neutral act, the employer's to decide, after the alternatives were considered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import models

from redway.web.allegations.models import Case, Suspension
from redway.web.allegations.services.changing import (
    change,
    missing,
    not_before,
    not_to_come,
    one_of,
    refuse,
)
from redway.web.people.models import Person

ALTERNATIVES = (
    "other duties without children",
    "no contact alone with children",
    "another place of work",
    "working from home",
    "paid leave",
)


class View(models.TextChoices):
    """What the designated officer, police or social care think of a suspension: a view, not a decision."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_ASKED = "not asked"


def suspend(
    *,
    actor: Person,
    case: Case,
    revision: int,
    first_day: date,
    review_on: date,
    decided_by: str,
    reasons: str,
    alternatives: str,
    contact: str,
    officer_view: View = View.NOT_ASKED,
    police_view: View = View.NOT_ASKED,
) -> Case:
    """The employer has suspended the person. ``alternatives`` says which were considered and why not taken;
    ``contact`` names who keeps in touch with them.
    """
    with change(actor, case, revision, "suspend") as step:
        refuse(
            [
                "The person is suspended already." if _lasting(step.case).exists() else "",
                missing(decided_by, "Say who at the employer decided it."),
                missing(reasons, "Say why the person was suspended."),
                missing(alternatives, "Say which alternatives were considered, and why they were not taken."),
                missing(contact, "Say who keeps in touch with the person while they are suspended."),
                not_to_come("A suspension", first_day, step.today),
                not_before("The review", review_on, "the first day", first_day),
            ]
        )
        Suspension.objects.create(
            case=step.case,
            first_day=first_day,
            review_on=review_on,
            about={
                "decided_by": decided_by.strip(),
                "reasons": reasons.strip(),
                "alternatives": alternatives.strip(),
                "contact": contact.strip(),
                "views": {"officer": str(officer_view), "police": str(police_view)},
                "reviews": [],
            },
        )
    return step.case


def review_suspension(
    *,
    actor: Person,
    case: Case,
    revision: int,
    suspension: Suspension,
    on: date,
    words: str,
    next_review_on: date,
) -> Case:
    """A suspension was looked at again and goes on, until the next review."""
    with change(actor, case, revision, "review_suspension") as step:
        found = _suspension(step.case, suspension)
        refuse(
            [
                missing(words, "Say why the suspension goes on."),
                not_to_come("A review", on, step.today),
                not_before("A review", on, "the first day", found.first_day),
                not_before("The next review", next_review_on, "this one", on),
            ]
        )
        reviews: Sequence[dict[str, str]] = found.about.get("reviews", [])
        found.about = found.about | {"reviews": [*reviews, {"on": on.isoformat(), "words": words.strip()}]}
        found.review_on = next_review_on
        found.save()
        step.details["suspension"] = found.pk
    return step.case


def end_suspension(
    *, actor: Person, case: Case, revision: int, suspension: Suspension, last_day: date, words: str = ""
) -> Case:
    """A suspension has ended. ``words`` says how the person came back, or that they did not."""
    with change(actor, case, revision, "end_suspension") as step:
        found = _suspension(step.case, suspension)
        refuse(
            [
                not_to_come("The last day", last_day, step.today),
                not_before("The last day", last_day, "the first day", found.first_day),
            ]
        )
        found.last_day = last_day
        found.about = found.about | {"ended": words.strip()}
        found.save()
        step.details["suspension"] = found.pk
    return step.case


def _lasting(case: Case) -> models.QuerySet[Suspension]:
    return Suspension.objects.filter(case=case, last_day__isnull=True)


def _suspension(case: Case, suspension: Suspension) -> Suspension:
    found: Suspension = one_of(Suspension.objects.filter(pk=suspension.pk).first(), case, "suspension")
    refuse(["This suspension has ended."] if found.last_day else [])
    return found
