"""Pupils by standing as they may be told to somebody who sees no pupil by name, or leave the authority.

Small counts are hidden by the one disclosure rule, and with them whatever they could be worked out from, on
any page about the same pupils. So the counts of a cohort come first, and those of its groups are made to fit
them:

- how many pupils have a known standing is always told (unless they are few), how many reach the path and how
  many do not only together, whether they are exceeding or on track only together;
- how many are not known is told in words, as another subject's number of pupils could give it away;
- the groups of one characteristic, whose sums are the cohort's, are protected together. Where that needs a
  sum of the cohort hidden that is told elsewhere, nothing is told of that characteristic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from redway.attainment.tracking import Standing
from redway.figures.disclosure import Rule
from redway.figures.secondary_suppression import hide_until_safe


@dataclass(frozen=True)
class SafeCounts:
    """Pupils of a cohort by standing; None where a count is hidden."""

    known: int | None
    reaching: int | None
    """On track or exceeding."""
    exceeding: int | None
    on_track: int | None
    at_risk: int | None
    not_known: str
    """In words."""


@dataclass(frozen=True)
class Told:
    """What may be told of one group."""

    size: bool
    """How many pupils it has, and their mean distance from the path."""
    counts: bool
    """How many of them reach the path, and every share made of that."""
    gap: bool
    """How it stands beside the others."""


NOTHING = Told(size=False, counts=False, gap=False)


def safe_counts(counts: Mapping[Standing, int], rule: Rule) -> SafeCounts:
    """The counts of a cohort as they may be told."""
    exceeding, on_track = counts[Standing.EXCEEDING], counts[Standing.ON_TRACK]
    reaching, at_risk = exceeding + on_track, counts[Standing.AT_RISK]
    known = reaching + at_risk
    whole = not rule.is_small(known)
    parted = whole and not (rule.is_small(reaching) or rule.is_small(at_risk))
    finely = parted and not (rule.is_small(exceeding) or rule.is_small(on_track))
    return SafeCounts(
        known=known if whole else None,
        reaching=reaching if parted else None,
        exceeding=exceeding if finely else None,
        on_track=on_track if finely else None,
        at_risk=at_risk if parted else None,
        not_known=roughly(counts[Standing.NOT_KNOWN], rule),
    )


def roughly(count: int, rule: Rule) -> str:
    """A count in words that give no number away.

    >>> roughly(3, Rule(5)), roughly(40, Rule(5)), roughly(0, Rule(5))
    ('1 to 5', 'More than 5', 'None')
    """
    if not count:
        return "None"
    return f"1 to {rule.small}" if rule.is_small(count) else f"More than {rule.small}"


def told_of_groups(pupils: pl.DataFrame, column: str, rule: Rule) -> dict[str, Told]:
    """Level of a characteristic -> what may be told of its pupils. ``pupils`` has ``standing``.

    Pupils of whom the characteristic is not known are a group like the others; it has no name ('').
    """
    known = pupils.filter(pl.col("standing") != Standing.NOT_KNOWN.value)
    risky = (pl.col("standing") == Standing.AT_RISK.value).sum().cast(pl.Int64)
    rows = (
        known.group_by(pl.col(column).cast(pl.String).fill_null("").alias("level"))
        .agg(pl.len().cast(pl.Int64) - risky, risky.alias("at_risk"))
        .sort("level")
        .rows()
    )
    return _told({level: (reaching, at_risk) for level, reaching, at_risk in rows}, rule)


def _told(groups: Mapping[str, tuple[int, int]], rule: Rule) -> dict[str, Told]:
    """(reaching, at risk) of every group -> what may be told of it."""
    reaching, at_risk = (sum(group[at] for group in groups.values()) for at in (0, 1))
    if rule.is_small(reaching + at_risk):
        return dict.fromkeys(groups, NOTHING)
    parted = not (rule.is_small(reaching) or rule.is_small(at_risk))
    cells = [[one, other, one + other] for one, other in [*groups.values(), (reaching, at_risk)]]
    small = {
        (row, column): rule.small_label
        for row, line in enumerate(cells)
        for column, count in enumerate(line)
        if rule.is_small(count)
    }
    hidden = hide_until_safe(cells, small, rule, row_totals=True, column_totals=True)
    last = len(groups)
    told_elsewhere = [(last, 2), *([(last, 0), (last, 1)] if parted else [])]
    if any(cell in hidden for cell in told_elsewhere):
        return dict.fromkeys(groups, NOTHING)
    found = {}
    for row, level in enumerate(groups):
        size = (row, 2) not in hidden
        counts = size and not {(row, 0), (row, 1)} & set(hidden)
        found[level] = Told(size, counts, counts and parted)
    return found
