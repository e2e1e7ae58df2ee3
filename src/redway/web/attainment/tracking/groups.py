"""Gaps between groups of a school's pupils, as they may be shown, beside those in the other schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from redway.attainment.group_gaps import GROUPS, Beside, Gap, beside, chance_in_words, gaps
from redway.attainment.safe_standings import Told, told_of_groups
from redway.attainment.tracking import Standing
from redway.figures.disclosure import Rule
from redway.web.attainment.tracking.following import Followed
from redway.web.attainment.tracking.words import group_in_words


@dataclass(frozen=True)
class GroupLine:
    """One group beside the others, and what of it may be told."""

    gap: Gap
    told: Told
    elsewhere: Gap | None
    """The same in the other schools of the authority; None where it may not be told."""

    @property
    def label(self) -> str:
        return group_in_words(self.gap.column, self.gap.level)

    @property
    def beside(self) -> Beside | None:
        """How much larger the gap is than in the other schools; None where that may not be told."""
        if self.elsewhere is None or not self.told.gap:
            return None
        return beside(self.gap, self.elsewhere)


@dataclass(frozen=True)
class Gaps:
    """The groups of a school's cohort in one subject."""

    lines: Sequence[GroupLine]

    @property
    def shown(self) -> list[GroupLine]:
        """The groups whose gap may be told."""
        return [line for line in self.lines if line.told.gap]

    @property
    def hidden(self) -> list[GroupLine]:
        return [line for line in self.lines if not line.told.gap]

    @property
    def by_chance(self) -> str:
        """How many gaps are more than chance explains, and how many chance alone would make look so."""
        return chance_in_words([line.gap for line in self.shown])


def gaps_of(whole: Followed, school: str, rule: Rule) -> Gaps:
    """The groups of one school's pupils. ``whole`` are those of the authority."""
    own = whole.pupils.filter(pl.col("school") == school)
    others = whole.pupils.filter(pl.col("school") != school)
    told = {column: told_of_groups(own, column, rule) for column in GROUPS if column in own.columns}
    elsewhere = _elsewhere(others, rule)
    return Gaps(
        [
            GroupLine(gap, told[gap.column][gap.level], elsewhere.get((gap.column, gap.level)))
            for gap in gaps(own)
        ]
    )


def _elsewhere(others: pl.DataFrame, rule: Rule) -> Mapping[tuple[str, str], Gap]:
    """The gaps in the other schools that may be told, by column and level."""
    if others.filter(pl.col("standing") != Standing.NOT_KNOWN.value).is_empty():
        return {}
    told = {column: told_of_groups(others, column, rule) for column in GROUPS if column in others.columns}
    return {(gap.column, gap.level): gap for gap in gaps(others) if told[gap.column][gap.level].gap}
