"""The charts of the tracking pages."""

from __future__ import annotations

from typing import Any

import polars as pl

from redway.attainment.group_gaps import Gap
from redway.attainment.tracking import Term, doubt_range
from redway.attainment.tracking_rule import TERMS
from redway.figures.chart import Chart, Measure
from redway.figures.gaps import GroupGap, Interval, gaps_chart
from redway.figures.pupil_path import End, Step, pupil_path_chart
from redway.figures.theme import PAGE
from redway.web.attainment.tracking.following import Followed
from redway.web.attainment.tracking.groups import Gaps
from redway.web.attainment.tracking.page import Cohort


def gaps_drawn(cohort: Cohort, found: Gaps, width: int = PAGE) -> Chart | None:
    """The groups that may be shown, each beside the others; None when there are none."""
    if not found.shown:
        return None
    return gaps_chart(
        f"{cohort.title}: which groups are less often on track?",
        "pupils on track or exceeding",
        [_drawn(line.label, line.gap) for line in found.shown],
        [line.label for line in found.hidden],
        width,
    )


def _drawn(label: str, gap: Gap) -> GroupGap:
    def percents(value: float, low: float, high: float) -> Interval:
        return Interval(100 * value, 100 * low, 100 * high)

    return GroupGap(
        label,
        percents(gap.group.share, gap.group.share_low, gap.group.share_high),
        percents(gap.others.share, gap.others.share_low, gap.others.share_high),
        percents(gap.share_gap, gap.share_gap_low, gap.share_gap_high),
    )


def path_drawn(followed: Followed, number: str, width: int = PAGE) -> Chart | None:
    """One pupil's assessments beside the expected path; None when there is no assessment to draw.

    The chart names nobody.
    """
    path = followed.tracked.path.filter(pl.col("pupil") == number)
    if path.is_empty():
        return None
    subject = followed.subject
    label = subject.label[:1].upper() + subject.label[1:]
    return pupil_path_chart(
        f"{label}: is the pupil on the way to the estimate?",
        Measure(subject.label, subject.unit, subject.decimals),
        [_step(row, followed) for row in path.to_dicts()],
        _end(followed.pupils.filter(pl.col("pupil") == number).to_dicts()[0], followed),
        width,
    )


def _step(row: dict[str, Any], followed: Followed) -> Step:
    low, high = doubt_range(row["assessment"], followed.tracked.rule)
    label = Term(row["year"], TERMS.index(row["term"])).label
    return Step(label, row["terms_left"], row["assessment"], low, high, row["expected"])


def _end(row: dict[str, Any], followed: Followed) -> End | None:
    if row["estimate"] is None:
        return None
    return End("Results", row["estimate"], row["estimate_low"], row["estimate_high"])
