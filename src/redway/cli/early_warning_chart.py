"""``redway early-warning chart``: weekly or termly figures watched for a lasting change."""

from __future__ import annotations

import argparse
from pathlib import Path

from redway.cli.output import DONE, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_json

ABOUT_CHART = """
Figures that come often, such as absence week by week, under a chart that adds up small lasting changes
(cusum) or averages them (ewma). The file has the columns school, period, value, expected and spread: the
value expected of a school that has not changed (for a week, that of the same week a year before) and its
standard error. Rows of a school stand in order of time; an empty value is a missing point.

Every chart alarms by chance too. How often is said with the answer. Annual figures are too few for charts.
"""


def add_chart(group: Commands[Parser]) -> None:
    """Add the command."""
    chart = add_command(
        group,
        "chart",
        run_chart,
        summary="watch weekly or termly figures for a lasting change, with the false alarms to expect",
        description=ABOUT_CHART,
        examples="""
            redway early-warning chart absence.csv --points-a-year 39
            redway early-warning chart attendance.csv --watch falls --chart ewma --points-a-year 39 --json
        """,
    )
    chart.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX or Parquet")
    chart.add_argument("--chart", choices=("cusum", "ewma"), default="cusum", help="kind of chart (cusum)")
    chart.add_argument("--watch", choices=("rises", "falls"), default="rises", help="what is watched (rises)")
    chart.add_argument(
        "--points-a-year", type=int, default=3, metavar="N", help="39 for school weeks, 3 for terms (3)"
    )
    add_json(chart)


def run_chart(arguments: argparse.Namespace) -> int:
    from redway.cli.pupil_tables import read_columns
    from redway.improvement.control_charts import Cusum, Ewma
    from redway.improvement.watched_series import COLUMNS, watch

    rows = read_columns([arguments.file], COLUMNS, frozenset({"value", "expected", "spread"}))
    found = watch(
        rows,
        Cusum() if arguments.chart == "cusum" else Ewma(),
        falls=arguments.watch == "falls",
        points_a_year=arguments.points_a_year,
    )
    points = [point for series in found.series for point in series]
    if arguments.json:
        print_json(
            {
                "chart": arguments.chart,
                "points": [
                    {
                        "school": one.school,
                        "period": one.period,
                        "score": one.score,
                        "value": one.chart.value,
                        "limit": one.chart.limit,
                        "alarm": one.chart.alarm,
                        "missing": one.chart.missing,
                    }
                    for one in points
                ],
                "sentences": found.sentences,
            }
        )
        return DONE
    print_table(
        ("School", "Period", "Standard errors", "Chart", "Limit", ""),
        [
            (
                one.school,
                one.period,
                "" if one.score is None else f"{one.score:.2f}",
                f"{one.chart.value:.3f}",
                f"{one.chart.limit:.3f}",
                "alarm" if one.chart.alarm else "missing" if one.chart.missing else "",
            )
            for one in points
        ],
        right=("Standard errors", "Chart", "Limit"),
    )
    for sentence in found.sentences:
        print(sentence)
    return DONE
