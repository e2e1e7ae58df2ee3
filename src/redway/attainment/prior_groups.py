"""Pupils of like prior attainment: the groups with whom a pupil's progress is compared.

The groups come from a national table, from a table somebody supplies, or are made of the pupils at hand
(an *own comparison*: schools are then compared with one another and not with the country).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redway.attainment.measure_values import Numbers
from redway.core.errors import NotEnoughData, RedwayError
from redway.core.words import counted, number

FEWEST_IN_A_GROUP = 30
"""Pupils of an own group: the mean of fewer would say more about them than about their prior attainment."""

OUTSIDE = -1
"""Place of a pupil who is in no group."""


class UnfitGroups(RedwayError):  # noqa: N818 - says what happened, as in core
    """A table of groups that overlap, are out of order, or hold what cannot be."""


@dataclass(frozen=True)
class PriorGroups:
    """Groups of prior attainment in order, and the mean outcome of the pupils of each."""

    lowest: Numbers
    highest: Numbers
    """First and last prior attainment of each group, both inside."""
    mean: Numbers
    source: str
    """Whose table it is, in words."""
    own: bool = False
    """Whether the groups are made of the pupils who are compared."""
    minimum: Numbers | None = None
    """Lowest score of a pupil of each group, on the scale of the measure; None when none is held."""

    def __post_init__(self) -> None:
        lengths = {len(self.lowest), len(self.highest), len(self.mean)}
        if len(lengths) > 1 or not len(self.lowest):
            raise UnfitGroups(f"The groups of {self.source} are not whole: a column is longer than another.")
        for column, name in ((self.lowest, "lowest"), (self.highest, "highest"), (self.mean, "mean")):
            if not np.isfinite(column).all():
                row = int(np.flatnonzero(~np.isfinite(column))[0]) + 1
                raise UnfitGroups(f"Group {row} of {self.source} has no {name} value.", "Mend the table.")
        wrong = np.flatnonzero(self.highest < self.lowest)
        if len(wrong):
            raise UnfitGroups(
                f"Group {int(wrong[0]) + 1} of {self.source} ends before it begins.", "Mend the table."
            )
        overlap = np.flatnonzero(self.lowest[1:] <= self.highest[:-1])
        if len(overlap):
            at = int(overlap[0])
            raise UnfitGroups(
                f"Groups {at + 1} and {at + 2} of {self.source} overlap at {number(self.lowest[at + 1], 1)}.",
                "Each prior attainment belongs to one group; put the groups in order.",
            )

    def place(self, prior: Numbers) -> NDArray[np.int64]:
        """The group of each prior attainment (from 0); OUTSIDE for one in none, or missing (NaN)."""
        at = np.searchsorted(self.highest, prior, side="left")
        inside = np.minimum(at, len(self.lowest) - 1)
        fits = (at < len(self.lowest)) & (prior >= self.lowest[inside])
        placed: NDArray[np.int64] = np.where(fits, inside, OUTSIDE)
        return placed

    @property
    def span(self) -> str:
        """The prior attainment that the groups cover, as people write it: '59 to 120'."""
        ends = (self.lowest[0], self.highest[-1])
        return " to ".join(f"{end:g}" for end in ends)


def own_groups(prior: Numbers, outcome: Numbers, most: int) -> PriorGroups:
    """At most ``most`` groups of about as many pupils, of the pupils themselves; pupils with equal prior
    attainment are never parted, and no group is smaller than FEWEST_IN_A_GROUP.

    ``prior`` and ``outcome`` are of pupils who have both. Raises NotEnoughData when not even one group
    fills.
    """
    if len(prior) < FEWEST_IN_A_GROUP:
        raise NotEnoughData(
            f"Only {counted(len(prior), 'pupil has', 'pupils have')} prior attainment and a result; "
            f"a comparison needs {FEWEST_IN_A_GROUP}.",
            "Add the pupils of other schools, or give a table of national averages.",
        )
    values, counts = np.unique(prior, return_counts=True)
    sums = np.zeros(len(values))
    np.add.at(sums, np.searchsorted(values, prior), outcome)
    wanted = max(FEWEST_IN_A_GROUP, -(-len(prior) // most))
    starts, filled = [0], 0
    for at, count in enumerate(counts):
        if filled >= wanted:
            starts.append(at)
            filled = 0
        filled += int(count)
    if filled < FEWEST_IN_A_GROUP and len(starts) > 1:
        starts.pop()
    ends = [*starts[1:], len(values)]
    means = np.add.reduceat(sums, starts) / np.add.reduceat(counts, starts)
    return PriorGroups(values[starts], values[np.array(ends) - 1], means, "the pupils themselves", own=True)


def groups_from(table: Mapping[str, Numbers], source: str, factor: float = 1.0) -> PriorGroups:
    """Groups from columns ``lowest``, ``highest`` (or ``prior_attainment`` alone), ``mean`` and, where
    there is one, ``minimum``. Rows are put in order; ``factor`` turns the mean into points.

    Raises UnfitGroups for groups that overlap or lack a value.
    """
    lowest = table.get("lowest", table.get("prior_attainment"))
    if lowest is None or "mean" not in table:
        raise UnfitGroups(
            f"{source} lacks the prior attainment or the average of the groups.",
            "It needs the columns lowest, highest and mean.",
        )
    highest = table.get("highest", lowest)
    order = np.argsort(lowest, kind="stable")
    minimum = table.get("minimum")
    return PriorGroups(
        lowest[order],
        highest[order],
        table["mean"][order] * factor,
        source,
        minimum=None if minimum is None else minimum[order],
    )


def lowest_scores(score: Numbers, group: NDArray[np.int64], groups: int, share: float) -> Numbers:
    """A lowest score for each group, a fixed number of standard deviations of the group below nought, so
    that about ``share`` of all pupils lie under it. A group of one pupil has none (minus infinity).
    """
    count = np.bincount(group, minlength=groups)
    squares = np.bincount(group, weights=score**2, minlength=groups)
    means = np.bincount(group, weights=score, minlength=groups) / np.maximum(count, 1)
    spread = np.sqrt(np.maximum(squares / np.maximum(count, 1) - means**2, 0))
    measured = spread[group] > 0
    if not measured.any():
        return np.full(groups, -np.inf)
    deviations = np.quantile(score[measured] / spread[group][measured], share)
    return np.where(spread > 0, min(float(deviations), 0.0) * spread, -np.inf)
