"""What the pages and papers say first: the findings about a school, and about all schools of an authority."""

from __future__ import annotations

from redway.core.words import counted, number, plural
from redway.web.attainment.value_added import sentences
from redway.web.attainment.value_added.progress import SchoolProgress
from redway.web.attainment.value_added.whole import AuthorityProgress


def findings(progress: SchoolProgress) -> list[str]:
    """The findings about one school, the most important first; none where nothing may be said."""
    own, asked = progress.own, progress.asked
    if own is None:
        return []
    name, authority = progress.school.shown_name, progress.school.authority_name
    return [
        sentences.headline(name, own, asked.outcome, asked.period, authority),
        sentences.verdict(own, authority),
        *sentences.other_years(progress.by_year, asked.years),
    ]


def among(progress: SchoolProgress) -> list[str]:
    """Where a school stands among the others, as far as that can be said at all."""
    own, estimates = progress.own, progress.estimates
    if own is None or estimates is None:
        return []
    return [
        sentences.told_apart(estimates.apart_from(own)),
        sentences.places(estimates.places[own.school], len(estimates.shown)),
    ]


def no_estimate(progress: SchoolProgress) -> str:
    """Why there is no finding about a school; empty when there is one."""
    if progress.own is not None:
        return ""
    if progress.is_small:
        return sentences.too_small(progress.school.shown_name, progress.asked.period, progress.rule)
    if progress.is_hidden:
        return sentences.hidden_for_another(progress.school.shown_name, progress.asked.period)
    if progress.refusal:
        return f"What the school adds cannot be estimated. {progress.refusal}"
    return sentences.nobody_used(progress.asked.period)


def authority_findings(progress: AuthorityProgress) -> list[str]:
    """The findings about all schools of an authority; none where there is no model."""
    if progress.estimates is None or progress.model is None:
        return []
    shown = progress.estimates.shown
    above = sum(one.lower > 0 for one in shown)
    below = sum(one.upper < 0 for one in shown)
    variance = progress.model.variance
    return [
        (
            f"Of {counted(len(shown), 'school')} shown, {number(above + below)} "
            f"{plural(above + below, 'differs', 'differ')} from the average by more than chance explains: "
            f"{number(above)} above and {number(below)} below. {sentences.by_chance(len(shown))}"
        ),
        sentences.shared_out(variance.group, variance.residual),
    ]
