"""What pages and papers say about a target. Pure."""

from __future__ import annotations

from redway.core.words import counted, listed, number, plural, signed
from redway.figures.disclosure import Rule
from redway.web.attainment.formulas import PRIOR_STAGES, outcome_named
from redway.web.attainment.targets.frozen import OUTTURN_OF, PROGRESS, Frozen
from redway.web.attainment.targets.measures import Measure


def odds(chance: float) -> str:
    """A probability as people read it.

    >>> odds(0.31), odds(0.02), odds(0.99)
    ('about 3 in 10', 'fewer than 1 in 20', 'more than 19 in 20')
    """
    if chance < 0.05:
        return "fewer than 1 in 20"
    if chance > 0.95:
        return "more than 19 in 20"
    return f"about {min(max(round(chance * 10), 1), 9)} in 10"


def beside_average(measure: Measure, value: float, frozen: Frozen) -> str:
    """How the target lies beside the estimate for average progress, in one sentence."""
    average = frozen.average
    if average is None:
        return "There is no estimate to hold the target against."
    difference = round(value - average.value, 1)
    if difference == 0:
        where = "is the same as the estimate for average progress"
    else:
        unit = plural(abs(difference), "percentage point") if measure.is_share else measure.unit
        higher = "above" if difference > 0 else "below"
        where = f"lies {number(abs(difference), 1)} {unit} {higher} the estimate for average progress"
    return f"The target of {measure.show(value)} {where}, {measure.show(average.value)}."


def chance_in_words(frozen: Frozen) -> str:
    """How many schools with such pupils would meet the target; empty where that is not known."""
    if frozen.chance is None:
        return ""
    return (
        f"Of schools with pupils like these, {odds(frozen.chance)} would reach it. That says how stretching "
        "it is, not how this school will do."
    )


def benchmark_words(measure: Measure, frozen: Frozen) -> dict[str, str]:
    """Code of each benchmark that a target can be held against -> what it is and says.

    'Average progress: 47.5 points'.
    """
    levels = {one.code: f"{one.label}: {measure.show(one.value)}" for one in frozen.levels}
    outturns = {
        f"{OUTTURN_OF}{one.year}": f"Outturn of {one.year}: {measure.show(one.value)}"
        for one in frozen.outturns
    }
    if frozen.progress is None:
        return levels | outturns
    unit = outcome_named(measure.outcome).unit.partition(", ")[0]
    told = f"Progress of the last three years: {signed(frozen.progress, 1)} {unit} beside the average school"
    return levels | outturns | {PROGRESS: told}


def coverage(frozen: Frozen, rule: Rule) -> list[str]:
    """How many pupils the estimates are of, and what they rest on: nobody is dropped, no few are counted."""
    if not frozen.levels:
        return []
    pupils, without = counted(frozen.cohort, "pupil"), frozen.cohort - frozen.estimated
    if not without:
        return [f"The estimates are of {pupils}, each with prior attainment."]
    few = rule.is_small(without)
    how_many = f"{number(rule.small)} or fewer" if few else number(without)
    have = "have" if few or without > 1 else "has"
    told = f"{how_many} of them {have} no estimate of their own, as prior attainment is not held."
    counts = "they count like the average of the others, which makes the ranges wider."
    return [f"The estimates are of {pupils}.", told, f"In the figure of the cohort {counts}"]


def rests_on(measure: Measure, frozen: Frozen, authority: str) -> str:
    """What the estimates allow for, and whose schools they compare with."""
    prior = PRIOR_STAGES[measure.key_stage]
    return (
        f"They say what pupils alike in attainment at {prior}, gender and month of birth reached in "
        f"{frozen.model_year} at {counted(frozen.model_schools, 'school')} of {authority}; of England they "
        "say nothing. They expect no less of a child for being poor or from a minority."
    )


def progress_words(measure: Measure, frozen: Frozen) -> str:
    """Progress of the last three years together; empty where it is not known."""
    if frozen.progress is None:
        return ""
    outcome = outcome_named(measure.outcome)
    unit, comma, counting = outcome.unit.partition(", ")
    progress = f"{outcome.label} ({counting})" if comma else outcome.label
    return (
        f"Its progress in {progress} over the last three years, the newest counting most (3:2:1), is "
        f"{signed(frozen.progress, 1)} {unit} beside the average school."
    )


def outturns_words(measure: Measure, frozen: Frozen) -> str:
    """The last two outturns, in one sentence."""
    if not frozen.outturns:
        return "No earlier results are shown: the school has none here, or they are those of very few pupils."
    told = [
        f"{measure.show(one.value)} in {one.year} ({counted(one.pupils, 'pupil')})" for one in frozen.outturns
    ]
    return f"The school reached {listed(told)}."


def beside_target(measure: Measure, reached: float, value: float) -> str:
    """How the outturn lies beside the target, in one sentence or two."""
    difference = round(reached - value, 1)
    if difference == 0:
        return f"The outturn is {measure.show(reached)}, the target itself."
    unit = plural(abs(difference), "percentage point") if measure.is_share else measure.unit
    side, met = ("above", "met") if difference > 0 else ("below", "not met")
    return (
        f"The outturn is {measure.show(reached)}: {number(abs(difference), 1)} {unit} {side} the target of "
        f"{measure.show(value)}, which was {met}."
    )


def withheld_words(largest: int) -> str:
    """What is said of a target that is held and not published."""
    return f"The cohort has {largest} pupils or fewer: its target is held and never published."
