"""What the pages of a school and of an authority have in common: the form, the lineage, what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from redway.datasets.format import load_formats
from redway.figures.disclosure import Rule, rule_on
from redway.web.attainment.cohorts import Source, rows_in
from redway.web.attainment.formulas import KEY_STAGES, Outcome, Predictor, outcomes_of, predictors_in
from redway.web.attainment.value_added.asked import MOST_TOGETHER, TOGETHER, Asked
from redway.web.attainment.value_added.progress import Held
from redway.web.people import permission
from redway.web.people.rules import Record


@dataclass(frozen=True)
class Choices:
    """What the form of a page offers."""

    outcomes: Sequence[tuple[str, Sequence[Outcome]]]
    """Key stage in words -> its outcomes."""
    years: Sequence[tuple[str, str]]
    """(as the address names it, in words), newest first."""
    predictors: Sequence[tuple[Predictor, bool]]
    """What may be ticked, and whether it is."""


def looked_at(request: HttpRequest) -> QueryDict:
    """The parameters of the page; ``part`` says only how much of it is wanted."""
    query = request.GET.copy()
    query.pop("part", None)
    return query


def wants_results(request: HttpRequest) -> bool:
    """Whether only what lies below the form is wanted, as somebody changes what is allowed for."""
    return request.GET.get("part") == "results"


def choices_of(asked: Asked, held_results: Held) -> Choices:
    """The form, filled in with what was asked for."""
    years = held_results.years
    held = years[asked.key_stage]
    cohort = rows_in(held_results.sources[asked.key_stage], asked.years)
    offered = predictors_in([] if cohort is None else cohort.columns)
    labels = [(year, year) for year in reversed(held)]
    if len(held) > 1:
        labels.append((TOGETHER, f"Last {min(len(held), MOST_TOGETHER)} years together"))
    return Choices(
        [(name, outcomes_of(stage)) for stage, name in KEY_STAGES.items() if years.get(stage)],
        labels,
        [(one, one.code in asked.predictors) for one in offered],
    )


def rule_today() -> Rule:
    """The disclosure rule in force."""
    return rule_on(permission.today())


@dataclass(frozen=True)
class Made:
    """One version that a page was made from, with its page where the reader may open it."""

    words: str
    address: str


def made_from(request: HttpRequest, source: Source, years: Sequence[str]) -> list[Made]:
    """The versions behind the figures of these years."""
    may_open = bool(permission.decide(request, "dataset.view", Record("dataset_version", "")))
    titles = {known.code: known.title for known in load_formats()}
    used = source.numbers_of(years)
    return [
        Made(
            f"{titles.get(one.format, one.format)}, {one.period}, version {one.number}",
            reverse("datasets:version", args=[one.id]) if may_open else "",
        )
        for one in source.versions
        if one.id in used
    ]
