"""The false alarms an authority must expect, said before the first one comes."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import poisson

from redway.core.errors import NotEnoughData
from redway.core.words import counted


@dataclass(frozen=True)
class FalseAlarmBudget:
    """How many alarms a year come from luck alone when nothing has changed anywhere.

    ``lowest`` and ``highest``: in 95 of 100 such years the number lies between them.
    """

    series: int
    points_a_year: int
    run_length: float
    expected: float
    lowest: int
    highest: int

    @property
    def sentence(self) -> str:
        """What stands beside the charts."""
        return (
            f"{self.series:,} series of {counted(self.points_a_year, 'point')} a year, each false once in "
            f"{self.run_length:,.0f} points: about {self.expected:.1f} false alarms a year, and between "
            f"{self.lowest} and {self.highest} in most years."
        )

    def unusual(self, alarms: int) -> bool:
        """Whether so many alarms are more than luck explains."""
        return alarms > self.highest


def false_alarm_budget(
    schools: int, measures: int, points_a_year: int, run_length: float
) -> FalseAlarmBudget:
    """The budget of an authority: every measure of every school is a chart with this average run length.

    >>> round(false_alarm_budget(117, 10, 3, 370).expected, 1)
    9.5
    """
    if min(schools, measures, points_a_year) < 1 or run_length < 1:
        raise NotEnoughData(
            "A budget needs schools, measures and points, and a run length of one or more.", "Supply them."
        )
    series = schools * measures
    expected = series * points_a_year / run_length
    return FalseAlarmBudget(
        series,
        points_a_year,
        run_length,
        expected,
        int(poisson.ppf(0.025, expected)),
        int(poisson.ppf(0.975, expected)),
    )


def run_length_for(schools: int, measures: int, points_a_year: int, false_alarms: float) -> float:
    """The average run length charts must have for no more than so many false alarms a year."""
    if false_alarms <= 0:
        raise NotEnoughData("No chart is without false alarms.", "Allow for some in the year.")
    return schools * measures * points_a_year / false_alarms


def chance_sentence(run_length: float, points_a_year: int) -> str:
    """How often luck alone would do this, for one chart.

    >>> chance_sentence(370, 3)
    'A stable school gives an alarm once in 370 points: once in 123 years of 3 points a year.'
    """
    years = run_length / points_a_year
    return (
        f"A stable school gives an alarm once in {run_length:,.0f} points: once in {years:,.0f} years of "
        f"{counted(points_a_year, 'point')} a year."
    )
