"""A cohort on track as an answer: the same facts for JSON and for people, and its pupils as a frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from redway.attainment.group_gaps import GROUPS, Gap, chance_in_words, gaps
from redway.attainment.model import Model
from redway.attainment.safe_standings import Told, told_of_groups
from redway.attainment.tracking import Standing, Tracked
from redway.cli.output import print_facts, print_table
from redway.core.words import number, percent, signed
from redway.figures.disclosure import Rule
from redway.figures.table import Cell, Hidden
from redway.web.attainment.tracking.told import Counts, safe, whole
from redway.web.attainment.tracking.words import group_in_words, rule_in_words


@dataclass(frozen=True)
class Answer:
    """One cohort followed in one subject. ``hide`` is the disclosure rule when small counts are hidden."""

    title: str
    tracked: Tracked
    model: Model | None
    year_group: int
    groups: bool
    hide: Rule | None

    @property
    def counts(self) -> Counts:
        return safe(self.tracked, self.hide) if self.hide else whole(self.tracked)

    @property
    def gaps(self) -> list[tuple[Gap, bool]]:
        """Every group, and whether its gap may be told."""
        if not self.groups:
            return []
        pupils = self.tracked.pupils
        told: dict[str, Mapping[str, Told]] = {}
        if self.hide:
            told = {
                column: told_of_groups(pupils, column, self.hide)
                for column in GROUPS
                if column in pupils.columns
            }
        return [(gap, not told or told[gap.column][gap.level].gap) for gap in gaps(pupils)]

    def as_json(self) -> dict[str, Any]:
        """The whole answer; a count that is hidden is null, and so is what is not known."""
        counts, rule = self.counts, self.tracked.rule
        found: dict[str, Any] = {
            "title": self.title,
            "subject": rule.subject,
            "year_group": self.year_group,
            "term": self.tracked.at.code if self.tracked.at else None,
            "terms": [term.code for term in self.tracked.terms],
            "n_pupils": None if self.hide else self.tracked.pupils.height,
            "standings": {one.value: _plain(counts.standings[one]) for one in Standing},
            "known": _plain(counts.known),
            "movement": {
                name or "no standing before": _plain(cell) for name, cell in counts.movements.items()
            },
            "target_groups": {name: _plain(cell) for name, cell in counts.layers.items()},
            "not_known": [{"reason": reason, "pupils": _plain(cell)} for reason, cell in counts.reasons],
            "rule": {
                "at_risk_below": rule.at_risk_below,
                "exceeding_above": rule.exceeding_above,
                "growth": rule.growth,
                "doubt": rule.doubt,
                "drift": rule.drift,
                "unit": rule.unit,
                "unconfirmed": rule.unconfirmed,
            },
            "model": None if self.model is None else _model(self.model),
        }
        if self.groups:
            found["groups"] = [_group(gap, told) for gap, told in self.gaps]
            found["chance"] = self.by_chance
        return found

    @property
    def by_chance(self) -> str:
        return chance_in_words([gap for gap, told in self.gaps if told])

    def pupils(self) -> pl.DataFrame:
        """One row a pupil, the columns a person looks for first."""
        frame = self.tracked.pupils
        first = [name for name in _OF_A_PUPIL if name in frame.columns]
        rest = [name for name in GROUPS if name in frame.columns]
        return frame.select(*first, *rest)

    def show(self) -> None:
        """The answer for a person."""
        counts = self.counts
        print(f"{self.title}\n")
        shown = {one.value.capitalize(): _shown(counts.standings[one], counts.share(one)) for one in Standing}
        print_facts(shown | {"Known": _shown(counts.known)})
        for reason, cell in counts.reasons:
            print(f"  {_shown(cell)}: {reason}")
        print("\nSince the term before")
        print_facts(
            {
                (name or "no standing before").capitalize(): _shown(cell)
                for name, cell in counts.movements.items()
            }
        )
        print("\nTarget groups")
        print_facts({name.capitalize(): _shown(cell) for name, cell in counts.layers.items()})
        if self.groups:
            self._show_groups()
        print("\nHow to read this")
        print(f"  - {rule_in_words(self.tracked.rule)}")
        if self.model is not None:
            print(f"  - {self.model.explain()[0]}")

    def _show_groups(self) -> None:
        print()
        print_table(
            ["Group", "Pupils", "On track or exceeding", "All others", "Gap", "95% range", "Is it chance?"],
            [_line(gap, told) for gap, told in self.gaps],
            right=["Pupils", "On track or exceeding", "All others", "Gap"],
        )
        print(f"\n{self.by_chance}")


_OF_A_PUPIL = (
    "pupil",
    "surname",
    "forename",
    "urn",
    "year_group",
    "estimate",
    "estimate_low",
    "estimate_high",
    "terms_left",
    "assessment",
    "expected",
    "distance",
    "chance",
    "standing",
    "earlier_standing",
    "movement",
    "reason",
)


def _plain(cell: Cell) -> Any:
    return None if isinstance(cell, Hidden) else cell


def _shown(cell: Cell, about: str = "") -> str:
    shown = cell.label if isinstance(cell, Hidden) else f"{cell:,}" if isinstance(cell, int) else str(cell)
    return f"{shown} ({about})" if about else shown


def _model(model: Model) -> dict[str, Any]:
    return {
        "formula": model.statistics.formula,
        "n_pupils": model.fit.n_pupils,
        "n_groups": model.fit.n_groups,
    }


def _group(gap: Gap, told: bool) -> dict[str, Any]:
    figures = {
        "pupils": gap.group.pupils,
        "on_track": gap.group.share,
        "on_track_low": gap.group.share_low,
        "on_track_high": gap.group.share_high,
        "others_pupils": gap.others.pupils,
        "others_on_track": gap.others.share,
        "gap": gap.share_gap,
        "gap_low": gap.share_gap_low,
        "gap_high": gap.share_gap_high,
        "distance_gap": gap.distance_gap,
        "distance_gap_low": gap.distance_gap_low,
        "distance_gap_high": gap.distance_gap_high,
    }
    held = {name: value if told and math.isfinite(value) else None for name, value in figures.items()}
    verdict = {"could_be_chance": gap.could_be_chance if told else None, "hidden": not told}
    return {"group": gap.column, "level": gap.level, **held, **verdict}


def _line(gap: Gap, told: bool) -> list[str]:
    label = group_in_words(gap.column, gap.level)
    if not told:
        return [label, "", "", "", "", "", "Hidden"]
    return [
        label,
        number(gap.group.pupils),
        percent(100 * gap.group.share, 0),
        percent(100 * gap.others.share, 0),
        signed(100 * gap.share_gap, 0),
        f"{signed(100 * gap.share_gap_low, 0)} to {signed(100 * gap.share_gap_high, 0)}",
        gap.verdict,
    ]
