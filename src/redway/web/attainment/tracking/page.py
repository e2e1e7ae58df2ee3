"""What the tracking pages of a school have in common: what is asked for, the form, what it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest
from django.urls import reverse

from redway.attainment.group_gaps import GROUPS
from redway.attainment.tracking import Standing, Term
from redway.core.errors import RedwayError
from redway.figures.disclosure import Rule, rule_on
from redway.web.attainment.cohorts import Source
from redway.web.attainment.formulas import KEY_STAGES, Outcome
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.pages import school_pages
from redway.web.attainment.tracking.access import COUNTS, sees_names
from redway.web.attainment.tracking.asked import Asked, asked_in
from redway.web.attainment.tracking.following import (
    Followed,
    Sources,
    followed,
    sources_of,
    subjects_of,
    year_groups_of,
)
from redway.web.attainment.tracking.words import group_in_words
from redway.web.people import permission
from redway.web.register.models import School
from redway.web.schools.access import access_school


@dataclass(frozen=True)
class Cohort:
    """One school's cohort as an address asks for it, followed in a subject."""

    school: School
    sources: Sources
    asked: Asked
    whole: Followed
    """The year group in the whole authority."""
    own: Followed
    """The school's own pupils, all of them."""
    names: bool
    """Whether the reader sees the pupils by name."""
    rule: Rule

    @property
    def at(self) -> Term | None:
        """The term looked at; None where nobody was assessed."""
        return self.whole.tracked.at

    @property
    def period(self) -> str:
        """'Spring 2025-26'; the year alone where nobody was assessed."""
        return self.at.label if self.at else self.whole.year

    @property
    def title(self) -> str:
        """'Year 11, Attainment 8, spring 2025-26'."""
        label = self.asked.subject.label
        return ", ".join(
            [
                f"Year {self.asked.year_group}",
                label[:1].upper() + label[1:],
                self.period[:1].lower() + self.period[1:],
            ]
        )

    @property
    def behind(self) -> tuple[Source, ...]:
        """What it was made from."""
        return self.sources.behind(self.asked.subject.key_stage)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the versions it was made from: of results, those of the year estimates come from."""
        on_roll, assessments, results = self.behind
        used = [one for one in results.versions if self.whole.model_year in (one.periods or (one.period,))]
        return (*on_roll.numbers, *assessments.numbers, *(one.id for one in used))

    @property
    def made_up(self) -> bool:
        return any(made_up_in(source.versions) for source in self.behind)

    @property
    def build(self) -> str:
        """A short name of what charts of it were made from."""
        return self.sources.build


@dataclass(frozen=True)
class Look:
    """What somebody who has been let in finds at an address."""

    school: School
    year_groups: Sequence[int]
    """On the way to results, on roll."""
    cohort: Cohort | None
    refusal: str
    """Why there is no cohort although there are pupils; else empty."""


def look_at(request: HttpRequest, urn: str, action: str = COUNTS) -> Look:
    """The cohort of a school that an address asks for, for those who may; strangers get 404."""
    school = access_school(request, urn, action)
    names = sees_names(request, school)
    sources, on = sources_of(school.authority), permission.today()
    year_groups = year_groups_of(sources, school.key)
    # A group of few is a way to single pupils out: only who sees the pupils may ask for one.
    asked = asked_in(request.GET, year_groups, tuple(GROUPS) if names else ())
    if asked is None:
        return Look(school, year_groups, None, "")
    try:
        whole = followed(sources, asked.subject, asked.year_group, on, asked.term)
    except RedwayError as error:
        return Look(school, year_groups, None, f"{error.message} {error.next_step}".strip())
    if whole is None:
        return Look(school, year_groups, None, "")
    own = whole.of(pl.col("school") == school.key)
    return Look(school, year_groups, Cohort(school, sources, asked, whole, own, names, rule_on(on)), "")


def cohort_at(request: HttpRequest, urn: str, action: str = COUNTS) -> Cohort:
    """The same for files and pictures: a cohort or 404."""
    found = look_at(request, urn, action).cohort
    if found is None:
        raise Http404("No pupils of this school are followed.")
    return found


@dataclass(frozen=True)
class Choices:
    """What the form of a page offers: (value, label) and what is chosen."""

    subjects: Sequence[tuple[str, Sequence[Outcome]]]
    """Key stage in words -> subjects."""
    year_groups: Sequence[int]
    terms: Sequence[Term]
    groups: Sequence[tuple[str, str]]
    """(as the address names it, in words); empty for those who see no names."""
    standings: Sequence[Standing]


def choices_of(look: Look, cohort: Cohort) -> Choices:
    """The form of a page about the cohort."""
    subjects: dict[str, dict[str, Outcome]] = {}
    for group in look.year_groups:
        for one in subjects_of(group):
            subjects.setdefault(KEY_STAGES[one.key_stage], {})[one.asked] = one
    return Choices(
        [(stage, list(found.values())) for stage, found in subjects.items()],
        list(reversed(look.year_groups)),
        list(reversed(cohort.whole.tracked.terms)),
        _groups_of(cohort.own) if cohort.names else [],
        list(Standing) if cohort.names else [],
    )


def _groups_of(own: Followed) -> list[tuple[str, str]]:
    """The groups that a school's pupils can be narrowed to."""
    found = []
    for column in GROUPS:
        if column in own.pupils.columns:
            levels = own.pupils[column].drop_nulls().cast(pl.String).unique().sort().to_list()
            found += [(f"{column}.{level}", group_in_words(column, level)) for level in levels]
    return found


def frame_of(request: HttpRequest, look: Look, page: str) -> dict[str, Any]:
    """What stands around the figures of a page: ``page`` is the name of its address."""
    school, cohort = look.school, look.cohort
    links = [("Profile", reverse("schools:profile", args=[school.current_urn]))]
    links += school_pages(request, school, but=page)
    return {
        "school": school,
        "look": look,
        "cohort": cohort,
        "choices": choices_of(look, cohort) if cohort else None,
        "group": ".".join(cohort.asked.group) if cohort and cohort.asked.group else "",
        "group_words": group_in_words(*cohort.asked.group) if cohort and cohort.asked.group else "",
        "action": reverse(page, args=[school.current_urn]),
        "made_up": cohort is not None and cohort.made_up,
        "related": links,
        "breadcrumbs": [("Progress", reverse("attainment:index"))],
    }
