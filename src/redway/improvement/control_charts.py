"""Charts of a school's figure through time that say how often they cry wolf.

A cumulative sum (CUSUM) adds up by how much each point passes what is allowed and is quick to see a small
lasting change; an exponentially weighted average (EWMA) forgets slowly. Points are standard scores: how
many standard errors a figure lies from what is expected of a stable school. A weekly point should be the
difference from the same week a year before: neighbouring weeks hang together, which would raise false
alarms.

Annual figures are too few for either: a change of one standard error takes a CUSUM about eight points, which
is nearly three years of terms and eight weeks of weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redway.core.errors import NotEnoughData


@dataclass(frozen=True)
class ChartPoint:
    """One point: the chart's ``value``, the limit it is held against, and whether it alarms or is missing."""

    value: float
    limit: float
    alarm: bool
    missing: bool = False


@dataclass(frozen=True)
class Cusum:
    """An upper CUSUM: ``allowance`` k and ``limit`` h in standard errors. For falls, turn the signs round."""

    allowance: float = 0.5
    limit: float = 4.0

    def __post_init__(self) -> None:
        if not (self.allowance >= 0 and self.limit > 0):
            raise NotEnoughData("A CUSUM needs an allowance of nought or more and a limit above nought.")


@dataclass(frozen=True)
class Ewma:
    """A two-sided EWMA: ``weight`` of the newest point, ``width`` of the limits in standard errors."""

    weight: float = 0.2
    width: float = 2.86

    def __post_init__(self) -> None:
        if not (0 < self.weight <= 1 and self.width > 0):
            raise NotEnoughData("An EWMA needs a weight above nought up to one, and a width above nought.")


def cusum(scores: Sequence[float | None], chart: Cusum = Cusum()) -> tuple[ChartPoint, ...]:
    """The CUSUM of standard scores. It starts again after an alarm; a missing point leaves the sum as it is.

    >>> [round(point.value, 1) for point in cusum([0.2, -0.4, 1.2, 1.5, 1.1, 1.6, 1.4])]
    [0.0, 0.0, 0.7, 1.7, 2.3, 3.4, 4.3]
    """
    total, points = 0.0, []
    for score in scores:
        if score is None:
            points.append(ChartPoint(total, chart.limit, alarm=False, missing=True))
            continue
        total = max(0.0, total + score - chart.allowance)
        alarm = total > chart.limit
        points.append(ChartPoint(total, chart.limit, alarm))
        if alarm:
            total = 0.0
    return tuple(points)


def ewma(scores: Sequence[float | None], chart: Ewma = Ewma()) -> tuple[ChartPoint, ...]:
    """The EWMA of standard scores with exact limits, narrow at first.

    A missing point is not filled in: the average stays, and the limit widens as if the time had passed. The
    average starts again after an alarm, as its run length is counted: it would stay beyond the limit for some
    points, and one alarm would be told as several.
    """
    average, since, points = 0.0, 0, []
    for score in scores:
        since += 1
        passed = 1 - (1 - chart.weight) ** (2 * since)
        limit = chart.width * (chart.weight / (2 - chart.weight) * passed) ** 0.5
        if score is not None:
            average = chart.weight * score + (1 - chart.weight) * average
        alarm = score is not None and abs(average) > limit
        points.append(ChartPoint(average, limit, alarm, missing=score is None))
        if alarm:
            average, since = 0.0, 0
    return tuple(points)
