"""``redway funding compare``: two formulas, school by school."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.funding_files import rates_asked, result_in, schools_asked
from redway.cli.funding_shown import SHOWN_SCHOOLS
from redway.cli.output import DONE, print_facts, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.funding.result import Comparison


def add(group: Commands[Parser]) -> None:
    """Add ``compare``."""
    compare = add_command(
        group,
        "compare",
        run_compare,
        summary="two formulas, school by school: who gains, who loses",
        description="""
            A and B are results (funding calculate --json FILE), or two files of rates (.toml) with --year and
            --schools.
        """,
        examples="""
            redway funding compare now.json option-1.json
            redway funding compare now.toml option-1.toml --year 2025-26 --schools schools.csv
        """,
    )
    compare.add_argument("before", type=Path, metavar="A", help="a result, or a file of rates")
    compare.add_argument("after", type=Path, metavar="B", help="the one it is compared with")
    compare.add_argument("--year", help="financial year of two files of rates")
    compare.add_argument("--schools", type=Path, metavar="FILE", help="schools for two files of rates")
    add_json(compare)


def run_compare(arguments: argparse.Namespace) -> int:
    from redway.funding.result import compare_results

    before, after = (_result_of(file, arguments) for file in (arguments.before, arguments.after))
    comparison = compare_results(before, after)
    if arguments.json:
        print_json(_comparison_as_plain(comparison))
    else:
        _show_comparison(comparison)
    return DONE


def _result_of(file: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    from redway.cli import funding_2008
    from redway.funding.calculation import Calculation
    from redway.funding.result import as_plain

    if file.suffix.lower() != ".toml":
        return result_in(file)
    if not arguments.year or not arguments.schools:
        raise NotFound(f"{file.name} holds rates.", "Give --year and --schools with it.")
    if funding_2008.is_asked(arguments.year):
        return funding_2008.compared(arguments, file)
    return as_plain(Calculation(schools_asked(arguments.schools)).budgets(rates_asked(arguments.year, file)))


def _comparison_as_plain(comparison: Comparison) -> dict[str, Any]:
    return {
        "before": str(comparison.before.pounds),
        "after": str(comparison.after.pounds),
        "difference": str((comparison.after - comparison.before).pounds),
        "gaining": comparison.gaining,
        "losing": comparison.losing,
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
        "schools": [
            {
                "urn": school.urn,
                "name": school.name,
                "pupils": school.pupils,
                "before": str(school.before.pounds),
                "after": str(school.after.pounds),
                "difference": str(school.difference.pounds),
                "percent": None if school.percent is None else str(round(school.percent, 4)),
                "a_pupil": None if school.a_pupil is None else str(school.a_pupil.pounds),
            }
            for school in comparison.schools
        ],
    }


def _show_comparison(comparison: Comparison) -> None:
    from redway.core.words import counted, signed

    ordered = sorted(comparison.schools, key=lambda school: school.difference)
    headings = ("URN", "School", "Before", "After", "Difference", "%", "A pupil")
    print_table(
        headings,
        [
            (
                school.urn,
                school.name,
                school.before,
                school.after,
                school.difference,
                "" if school.percent is None else signed(school.percent, 2),
                school.a_pupil or "",
            )
            for school in ordered[:SHOWN_SCHOOLS]
        ],
        right=headings[2:],
    )
    unchanged = len(ordered) - comparison.gaining - comparison.losing
    print_facts(
        {
            "Before": comparison.before,
            "After": comparison.after,
            "Difference": comparison.after - comparison.before,
            "Schools": f"{comparison.gaining} gain, {comparison.losing} lose, {unchanged} stay as they are",
            "Only in A": ", ".join(comparison.only_before),
            "Only in B": ", ".join(comparison.only_after),
        }
    )
    if comparison.only_before or comparison.only_after:
        left = len(comparison.only_before) + len(comparison.only_after)
        say(f"{counted(left, 'school is', 'schools are')} in one of the two only and not compared.")
