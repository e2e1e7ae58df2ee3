"""The findings of a value-added page in plain English. Pure: numbers come in, sentences go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redway.core.words import counted, listed, number, plural, rounded
from redway.figures.caterpillar import expected_by_chance
from redway.figures.disclosure import Rule
from redway.web.attainment.formulas import PRIOR_STAGES, Outcome, Predictor
from redway.web.attainment.value_added.estimates import Apart, Estimate
from redway.web.attainment.value_added.left_out import LeftOut


def headline(school: str, estimate: Estimate, outcome: Outcome, period: str, authority: str) -> str:
    """What the pupils of a school made of their start, beside similar pupils at the average school."""
    # A comma would be read into the period: "In 2022-23 to 2024-25 taken together, the 140 pupils ..."
    when = f"In {period}" if " to " not in period else f"From {period}"
    pupils = f"the {counted(estimate.pupils, 'pupil')} at {school}"
    average = f"the average school of {authority}"
    places = outcome.decimals
    if rounded(estimate.value, places) == 0:
        made = f"made as much progress in {outcome.label} as similar pupils at {average}"
    else:
        size = abs(estimate.value)
        points = plural(rounded(size, places), "point")
        way = "more" if estimate.value > 0 else "less"
        made = (
            f"made about {number(size, places)} {points} {way} progress in {outcome.label} than similar "
            f"pupils at {average}"
        )
    return f"{when}, {pupils} {made}. The 95% range is {range_in_words(estimate, places)}."


def range_in_words(estimate: Estimate, places: int) -> str:
    """'0.4 to 3.8 points more', '1.2 points less to 0.6 points more'; ``places`` are decimal places."""
    low, high = (number(abs(rounded(limit, places)), places) for limit in (estimate.lower, estimate.upper))
    # By the limits themselves, not as rounded: what is said next must not gainsay the words.
    if estimate.lower > 0:
        return f"{low} to {high} points more"
    if estimate.upper < 0:
        return f"{high} to {low} points less"
    return f"from {low} points less to {high} points more"


def verdict(estimate: Estimate, authority: str) -> str:
    """Whether that is more than chance explains."""
    if estimate.is_apart:
        return f"That differs from the average school of {authority} by more than chance explains."
    average = f"the average school of {authority}"
    return f"The range takes in nought, so the school cannot be told apart from {average}."


def other_years(estimates: Mapping[str, Estimate | None], shown: Sequence[str]) -> list[str]:
    """What the other years say: in which the school was above, below or not told apart."""
    others = {year: one for year, one in estimates.items() if year not in shown and one is not None}
    above = [year for year, one in others.items() if one.lower > 0]
    below = [year for year, one in others.items() if one.upper < 0]
    neither = [year for year, one in others.items() if not one.is_apart]
    said = []
    if above:
        said.append(f"In {listed(above)} it was above the average school by more than chance explains.")
    if below:
        said.append(f"In {listed(below)} it was below the average school by more than chance explains.")
    if neither:
        said.append(f"In {listed(neither)} the difference could not be told from nought.")
    return said


def told_apart(apart: Apart) -> str:
    """How many other schools can be told apart from this one; a place in an order cannot say that."""
    if not apart.others:
        return "There is no other school to compare with."
    said = (
        f"Compared with the {counted(apart.others, 'other school')} one by one: "
        f"{_some(apart.add_less)} {plural(apart.add_less, 'adds', 'add')} less by more than chance explains, "
        f"{_some(apart.add_more)} {plural(apart.add_more, 'adds', 'add')} more"
    )
    if not apart.not_told_apart:
        return f"{said}."
    return f"{said}, and {number(apart.not_told_apart)} cannot be told apart from it."


def places(between: tuple[int, int], schools: int) -> str:
    """Between which places a school may stand: much of an order of schools is chance."""
    first, last = between
    ordered = f"Were the {counted(schools, 'school')} put in order from the lowest"
    if first == last:
        return f"{ordered}, it would stand at place {number(first)}."
    return f"{ordered}, it could stand anywhere from place {number(first)} to place {number(last)}."


def similar(outcome: Outcome, predictors: Sequence[Predictor]) -> str:
    """What 'similar pupils' means here."""
    alike = [f"attainment at {PRIOR_STAGES[outcome.key_stage]}", *(one.label for one in predictors)]
    return f"Similar pupils are alike in {listed(alike)}, as far as the records tell."


def drawn_in(estimate: Estimate, outcome: Outcome) -> str:
    """How far the estimate was drawn towards the average, and why."""
    kept = round(estimate.trusted * 100)
    return (
        f"The plain average of its pupils' differences is {_more_or_less(estimate.plain, outcome.decimals)}. "
        f"{counted(estimate.pupils, 'pupil')} can tell only so much, so {kept}% of it is kept."
    )


def shared_out(between: float, within: float) -> str:
    """How much of what the model leaves open lies between schools, and how much between their pupils."""
    if between <= 0:
        return (
            "The schools cannot be told apart: all that the model leaves open lies between pupils of the "
            "same school."
        )
    share = rounded(100 * between / (between + within))
    shown = f"{number(share)}%" if share >= 1 else "Less than 1%"
    return (
        f"{shown} of the differences in progress that remain lie between schools, the rest between pupils "
        "of the same school."
    )


def pupils_used(used: int, left_out: Sequence[LeftOut], rule: Rule) -> str:
    """How many pupils a figure rests on, and that those left out are listed.

    How many were left out in all is not said: with one small count hidden the others would give it away.
    """
    if rule.is_small(used) or not used:
        rests = f"Fewer than {number(rule.small + 1)} pupils have all that the model needs."
    else:
        has = plural(used, "has", "have")
        rests = f"The figures rest on {counted(used, 'pupil')} who {has} all that the model needs."
    if not left_out:
        return f"{rests} Nobody was left out."
    return f"{rests} Those left out are counted below, by what is not known of them."


def _more_or_less(value: float, places: int) -> str:
    shown = rounded(value, places)
    if shown == 0:
        return "nought"
    size = abs(shown)
    return f"{number(size, places)} {plural(size, 'point')} {'more' if shown > 0 else 'less'}"


def _some(count: int) -> str:
    return number(count) if count else "none"


def too_small(school: str, period: str, rule: Rule) -> str:
    """Why nothing is shown of a school of very few pupils."""
    return (
        f"{school} had so few pupils with a result in {period} that a figure about them would be a figure "
        f"about children: {number(rule.small)} or fewer. Take several years together."
    )


def hidden_for_another(school: str, period: str) -> str:
    """Why nothing is shown of a school that has pupils enough."""
    return (
        f"Nothing is shown of {school} in {period}, although it had pupils enough. Differences from the "
        "average add up to nought, so with its figure that of another school, which had very few pupils, "
        "could be worked out. Take several years together."
    )


def nobody_used(period: str) -> str:
    """Why there is no estimate although there are results."""
    return f"None of the school's pupils of {period} has all that the model needs. See the pupils left out."


def by_chance(schools: int) -> str:
    """How many of so many schools chance alone would set apart."""
    expected = expected_by_chance(schools)
    if not expected:
        return "If all schools were alike, chance alone would set hardly any apart."
    return f"If all schools were alike, chance alone would set about {number(expected)} apart."
