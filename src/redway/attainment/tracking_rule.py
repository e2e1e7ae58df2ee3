"""How pupils are followed from term to term in a subject: local rules as dated values, none confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValues
from redway.core.errors import NotFound
from redway.core.values import read_values
from redway.core.words import listed

TERMS = ("autumn", "spring", "summer")
YEAR_GROUPS = {"ks2": (3, 6), "ks4": (7, 11)}
"""Key stage -> the year groups on the way to its results: the first, and that in whose summer term it ends.

Years 7 to 9 are on the way to the results of key stage 4.
"""
SUBJECTS = {
    "ks2": ("reading", "writing", "maths"),
    "ks4": ("attainment8", "english_points", "maths_points"),
}
"""Key stage -> subjects that can be followed, named as the outcome on whose scale they are assessed."""


@dataclass(frozen=True)
class TrackingRule:
    """The rule for one subject. Points are on the scale of the final result; chances are shares of 1."""

    subject: str
    growth: float
    """How much nearer to the final result a usual pupil comes in a term."""
    doubt: float
    """Standard deviation of a teacher's assessment about what the pupil is working at."""
    drift: float
    """Standard deviation by which a pupil may leave the path in a term."""
    at_risk_below: float
    exceeding_above: float
    must_from: float
    must_below: float
    should_from: float
    unit: str
    unconfirmed: bool

    @property
    def key_stage(self) -> str:
        """The key stage at whose end the subject's result is taken."""
        return next(stage for stage, subjects in SUBJECTS.items() if self.subject in subjects)

    @property
    def last_year_group(self) -> int:
        return YEAR_GROUPS[self.key_stage][1]


@cache
def values() -> DatedValues:
    """The values by which pupils are followed, dated and with their sources."""
    folder, name = resources.files("redway.attainment") / "values", "tracking.toml"
    return read_values("attainment/values", {name: (folder / name).read_text(encoding="utf-8")})


def subjects_known() -> tuple[str, ...]:
    """Every subject for which there is a rule."""
    return tuple(subject for subjects in SUBJECTS.values() for subject in subjects)


def rule_for(subject: str, on: date) -> TrackingRule:
    """The rule in force on a day. Raises NotFound for a subject without one."""
    if subject not in subjects_known():
        raise NotFound(
            f"There is no rule by which to follow '{subject}'.",
            f"Assessments are followed in {listed(subjects_known())}, on the scale of the final result.",
        )
    held, name = values(), subject.replace("_", "-")

    def share(code: str) -> float:
        return float(held.number_on(code, on)) / 100

    return TrackingRule(
        subject=subject,
        growth=float(held.number_on(f"growth-{name}", on)),
        doubt=float(held.number_on(f"doubt-{name}", on)),
        drift=float(held.number_on(f"drift-{name}", on)),
        at_risk_below=share("at-risk-below"),
        exceeding_above=share("exceeding-above"),
        must_from=share("must-from"),
        must_below=share("must-below"),
        should_from=share("should-from"),
        unit=held.value_on(f"doubt-{name}", on).unit,
        unconfirmed=bool(held.unconfirmed_on(on)),
    )
