"""What the address of a value-added page asks for: an outcome, a year, what the model allows for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from redway.web.attainment.formulas import (
    EVERY_PREDICTOR,
    KEY_STAGES,
    OUTCOMES,
    Outcome,
    outcomes_of,
)

TOGETHER = "together"
MOST_TOGETHER = 3
"""So many years, the newest ones, are taken together for a school too small for one year to tell much."""


@dataclass(frozen=True)
class Asked:
    """One model: which outcome, of which cohorts, allowing for what beside prior attainment."""

    outcome: Outcome
    years: tuple[str, ...]
    """Earliest first; several are taken together as one cohort."""
    predictors: frozenset[str]
    pairwise: bool = False
    """Whether ranges for comparing two schools are drawn as well."""

    @property
    def key_stage(self) -> str:
        return self.outcome.key_stage

    @property
    def together(self) -> bool:
        return len(self.years) > 1

    @property
    def period(self) -> str:
        """'2024-25', or '2022-23 to 2024-25'."""
        return f"{self.years[0]} to {self.years[-1]}" if self.together else self.years[0]

    @property
    def year(self) -> str:
        """How an address names the years."""
        return TOGETHER if self.together else self.years[0]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the address that ask for this."""
        return (
            ("outcome", self.outcome.asked),
            ("year", self.year),
            ("chosen", "1"),
            *(("allow", code) for code in sorted(self.predictors)),
            *((("pairwise", "1"),) if self.pairwise else ()),
        )

    @property
    def query(self) -> str:
        """The same, as the part of an address after the question mark."""
        return urlencode(self.pairs())


def asked_in(query: QueryDict, held: Mapping[str, Sequence[str]]) -> Asked | None:
    """What an address asks for among what is held: key stage -> years, earliest first.

    What cannot be understood is left at its beginning, never an error: the first outcome, the newest year,
    everything allowed for. None when nothing is held.
    """
    stages = [stage for stage in KEY_STAGES if held.get(stage)]
    if not stages:
        return None
    named = [one for one in OUTCOMES if one.asked == query.get("outcome") and one.key_stage in stages]
    outcome = named[0] if named else outcomes_of(stages[0])[0]
    years = held[outcome.key_stage]
    year = query.get("year", "")
    if year == TOGETHER and len(years) > 1:
        chosen = tuple(years[-MOST_TOGETHER:])
    else:
        chosen = (year,) if year in years else (years[-1],)
    # A form without any box ticked sends no box at all: "chosen" says that this was meant.
    ticked = frozenset(query.getlist("allow")) & EVERY_PREDICTOR
    predictors = ticked if query.get("chosen") == "1" else EVERY_PREDICTOR
    return Asked(outcome, chosen, predictors, query.get("pairwise") == "1")
