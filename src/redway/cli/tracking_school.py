"""A school's cohort from the data folder. Used once Django is started."""

from __future__ import annotations

import polars as pl
from django.db import transaction
from django.utils import timezone

from redway.attainment.tracking import NoSuchTerm, Term
from redway.attainment.tracking_rule import rule_for
from redway.cli.tracking_answer import Answer
from redway.core.errors import NotFound
from redway.core.words import listed
from redway.figures.disclosure import rule_on
from redway.web.attainment.formulas import Outcome
from redway.web.attainment.tracking.following import (
    followed,
    key_stage_of,
    sources_of,
    subjects_of,
    year_groups_of,
)
from redway.web.audit import services as audit
from redway.web.register.models import School
from redway.web.register.queries import find_school


def answer_of_school(
    urn: str,
    *,
    key_stage: str,
    subject: str,
    year_group: int | None,
    at: Term | None,
    groups: bool,
    suppress: bool,
) -> tuple[Answer, School]:
    """The cohort asked for, else the oldest in its usual subject.

    Raises NotFound for a school, year group, subject or term that is not there, and what ``track`` raises.
    """
    school, on = find_school(urn), timezone.localdate()
    if subject:
        rule_for(subject, on)
    sources = sources_of(school.authority)
    held = year_groups_of(sources, school.key)
    chosen = _year_group(school, held, key_stage, subject, year_group)
    wanted = _subject(chosen, subject)
    whole = followed(sources, wanted, chosen, on, at)
    if whole is None:
        raise NotFound(f"Nobody is on roll in year {chosen}.", "Choose another year group.")
    if at is not None and whole.tracked.at != at:
        raise NoSuchTerm(
            f"Nobody was assessed in {at.label.lower()}.",
            f"There were: {listed(term.code for term in whole.tracked.terms) or 'none'}.",
        )
    own = whole.of(pl.col("school") == school.key)
    when = f", {own.tracked.at.label.lower()}" if own.tracked.at else ""
    title = f"{school.shown_name}: year {chosen}, {wanted.label}{when}"
    rule = rule_on(on) if suppress else None
    return Answer(title, own.tracked, own.model, chosen, groups, rule), school


def record_export(school: School, answer: Answer) -> None:
    """Write to the audit trail that the pupils leave by name, before they do."""
    details = {
        "subject": answer.tracked.rule.subject,
        "year_group": answer.year_group,
        "pupils": answer.tracked.pupils.height,
        "by": "command",
    }
    with transaction.atomic():
        audit.record(None, "pupil.export", "school", school.key, details, sensitive_read=True)


def _year_group(
    school: School, held: tuple[int, ...], key_stage: str, subject: str, asked: int | None
) -> int:
    fitting = [
        group
        for group in held
        if (not key_stage or key_stage_of(group) == key_stage)
        and (not subject or any(one.code == subject for one in subjects_of(group)))
        and (asked is None or group == asked)
    ]
    if not fitting:
        said = f"On roll are years {listed(str(group) for group in held)}." if held else ""
        raise NotFound(
            f"{school.shown_name} has no such pupils on the way to results on roll.",
            said or "Import the authority's file of pupils on roll.",
        )
    return fitting[-1]


def _subject(year_group: int, subject: str) -> Outcome:
    subjects = subjects_of(year_group)
    return next((one for one in subjects if one.code == subject), subjects[0])
