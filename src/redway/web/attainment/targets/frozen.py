"""Estimates as they were shown on the day a value was set, kept as they were: later data rewrite no history.

A page about a target not yet set shows the same thing made of what is in force now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from redway.attainment.target_levels import AVERAGE, Level
from redway.figures.disclosure import Rule
from redway.web.attainment.targets.estimating import Reach, levels_of

OUTTURN_OF, PROGRESS = "outturn-", "three-year-progress"
"""How benchmarks beside the estimates are coded."""


@dataclass(frozen=True)
class FrozenLevel:
    """The estimate at one level of challenge, with its 95% range."""

    code: str
    percentile: float
    value: float
    lower: float
    upper: float

    @property
    def label(self) -> str:
        return Level(self.code, self.percentile).label


@dataclass(frozen=True)
class FrozenOutturn:
    """What an earlier cohort reached."""

    year: str
    value: float
    pupils: int


@dataclass(frozen=True)
class Frozen:
    """Everything a target is set against, as numbers."""

    on: str
    """The day, as 2026-11-24."""
    cohort: int
    estimated: int = 0
    """How many of the cohort have an estimate of their own; the others lack what it rests on."""
    levels: tuple[FrozenLevel, ...] = ()
    any_value: float | None = None
    """What is to be expected of a school of which nothing is known, with its range."""
    any_lower: float | None = None
    any_upper: float | None = None
    chance: float | None = None
    """Probability that such a school meets the value proposed."""
    outturns: tuple[FrozenOutturn, ...] = ()
    progress: float | None = None
    model_year: str = ""
    model_schools: int = 0
    formula: str = ""
    versions: tuple[int, ...] = ()
    why_none: str = ""
    """Why there are no estimates; empty when there are."""

    @property
    def average(self) -> FrozenLevel | None:
        """The estimate for average progress."""
        return next((one for one in self.levels if one.code == AVERAGE), None)

    @property
    def chance_alone(self) -> float | None:
        """How far an outturn may lie from a target by chance: half the range for average progress."""
        return (self.average.upper - self.average.lower) / 2 if self.average else None

    def is_below_average(self, value: float) -> bool | None:
        """Whether a value lies under the estimate for average progress; None without one."""
        return value < self.average.value if self.average else None

    @property
    def benchmarks(self) -> tuple[str, ...]:
        """Codes of what a target can be held against, as it was shown."""
        return (
            *(level.code for level in self.levels),
            *(f"{OUTTURN_OF}{one.year}" for one in self.outturns),
            *((PROGRESS,) if self.progress is not None else ()),
        )

    def to_json(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)


def freeze(reach: Reach, levels: Sequence[Level], rule: Rule, on: date, value: float | None = None) -> Frozen:
    """What is in force now, as it may be shown; ``value`` is the one proposed, if any.

    A cohort so small that a figure about it would be a figure about children has no estimates.
    """
    small = rule.is_small(reach.cohort)
    why = reach.refusal
    if small:
        why = f"Estimates are not shown for {rule.small} pupils or fewer."
    outlook = None if small else reach.outlook
    anybody = outlook.any_school if outlook else None
    return Frozen(
        on=on.isoformat(),
        cohort=reach.cohort,
        estimated=reach.estimated,
        levels=()
        if small
        else tuple(
            FrozenLevel(level.code, level.percentile, middle, lower, upper)
            for level, middle, lower, upper in levels_of(reach, levels)
        ),
        any_value=anybody.value if anybody else None,
        any_lower=anybody.lower if anybody else None,
        any_upper=anybody.upper if anybody else None,
        chance=outlook.chance_of_meeting(value) if outlook and value is not None else None,
        outturns=tuple(
            FrozenOutturn(one.year, one.value, one.pupils)
            for one in reach.outturns
            if not rule.is_small(one.pupils)
        ),
        progress=None if small else reach.progress,
        model_year=reach.model_year,
        model_schools=reach.model.fit.n_groups if reach.model else 0,
        formula=reach.model.statistics.formula if reach.model else "",
        versions=reach.versions,
        why_none=why,
    )


def thaw(kept: Mapping[str, Any]) -> Frozen:
    """What was kept, as it was."""
    return Frozen(
        **{
            **kept,
            "levels": tuple(FrozenLevel(**one) for one in kept.get("levels", ())),
            "outturns": tuple(FrozenOutturn(**one) for one in kept.get("outturns", ())),
            "versions": tuple(kept.get("versions", ())),
        }
    )
