"""How standings, movements, layers and chances are written: as word and shape, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from redway.attainment.group_gaps import GROUPS
from redway.attainment.target_groups import Layer
from redway.attainment.tracking import Movement, Standing
from redway.attainment.tracking_rule import TrackingRule
from redway.core.words import percent

SHAPES: Mapping[str, str] = {
    Standing.EXCEEDING.value: "▲",
    Standing.ON_TRACK.value: "●",
    Standing.AT_RISK.value: "▼",
    Standing.NOT_KNOWN.value: "○",
}
MOVEMENTS: Mapping[str, str] = {
    Movement.UP.value: "Up since the term before",
    Movement.SAME.value: "The same",
    Movement.DOWN.value: "Down since the term before",
    "": "No standing before to compare with",
}
LAYERS: Mapping[str, str] = {
    Layer.MUST.value: "Must: just below the path, likely to get there with help",
    Layer.SHOULD.value: "Should: further below",
    Layer.COULD.value: "Could: far below, needs more than a target group",
}
_LEVELS: Mapping[str, Mapping[str, str]] = {
    "gender": {"F": "Girls", "M": "Boys"},
    "special_needs": {"none": "none", "support": "support", "plan": "a plan"},
    "prior_band": {"low": "lowest third", "middle": "middle third", "high": "highest third"},
}


def standing_in_words(standing: str) -> str:
    """A standing with its shape, which stays on the line of its word.

    >>> standing_in_words("at risk").split()
    ['▼', 'At', 'risk']
    """
    return f"{SHAPES[standing]}\u00a0{standing.capitalize()}"


def chance_in_words(chance: float) -> str:
    """The chance to reach the estimate, in words and in round numbers.

    >>> chance_in_words(0.52), chance_in_words(0.03), chance_in_words(0.8)
    ('As likely as not, about 5 in 10', 'Unlikely, less than 1 in 20', 'Likely, about 8 in 10')
    """
    if chance < 0.05:
        return "Unlikely, less than 1 in 20"
    if chance > 0.95:
        return "Likely, more than 19 in 20"
    tenths = min(max(round(chance * 10), 1), 9)
    word = "Unlikely" if tenths < 4 else "Likely" if tenths > 6 else "As likely as not"
    return f"{word}, about {tenths} in 10"


def group_in_words(column: str, level: str) -> str:
    """One group of pupils.

    >>> group_in_words("gender", "F"), group_in_words("free_school_meals", "true")
    ('Girls', 'Free school meals')
    >>> group_in_words("special_needs", "plan"), group_in_words("free_school_meals", "false")
    ('Special educational needs: a plan', 'Free school meals: no')
    """
    if level == "true":
        return GROUPS[column]
    if level == "false":
        return f"{GROUPS[column]}: no"
    word = _LEVELS.get(column, {}).get(level, level)
    return word if column == "gender" else f"{GROUPS[column]}: {word}"


def rule_in_words(rule: TrackingRule) -> str:
    """What the standings mean, and that the rule is an assumption where it is one."""
    said = (
        "At risk is a pupil whose chance to reach the estimate is below "
        f"{percent(100 * rule.at_risk_below, 0)}, exceeding one whose chance is above "
        f"{percent(100 * rule.exceeding_above, 0)}. The estimate is an average: about half of similar pupils "
        "end below it, so a third or more at risk is usual and no alarm by itself. What matters is who they "
        "are, and whether they move."
    )
    if rule.unconfirmed:
        said += (
            " These limits, and how far an assessment is trusted, are an assumption: no guidance gives a "
            "number, and the authority has yet to agree one with its schools."
        )
    return said
