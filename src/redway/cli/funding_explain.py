"""``redway funding explain``: why one figure of one school."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from redway.cli.funding_files import add_formula_options, asked
from redway.cli.output import DONE, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_json

if TYPE_CHECKING:
    from redway.funding.trail import Trail


def add(group: Commands[Parser]) -> None:
    """Add ``explain``."""
    explained = add_command(
        group,
        "explain",
        run_explain,
        summary="why one figure of one school: inputs, rate, rounding",
        examples="""
            redway funding explain 110532 fsm6_secondary --year 2025-26 --schools schools.csv
            redway funding explain 110532 guarantee --year 2025-26 --schools schools.csv --guarantee 0
        """,
    )
    explained.add_argument("urn", metavar="URN", help="the school")
    explained.add_argument(
        "line", metavar="LINE", help="a line such as lump_sum, or guarantee, gains_cap, total"
    )
    add_formula_options(explained)
    add_json(explained)


def run_explain(arguments: argparse.Namespace) -> int:
    from redway.funding.result import units_in_words

    trail = _trail_asked(arguments)
    if arguments.json:
        print_json(
            {
                "urn": arguments.urn,
                "line": trail.line,
                "label": trail.label,
                "amount": str(trail.amount.pounds),
                "rate": None if trail.rate is None else str(trail.rate.pounds),
                "units": None if trail.units is None else units_in_words(trail.units),
                "rounding": trail.rounding,
                "unconfirmed": list(trail.unconfirmed),
                "steps": [{"what": s.what, "value": s.value, "source": s.source} for s in trail.steps],
            }
        )
        return DONE
    print(f"{trail.label}, {arguments.urn}: {trail.amount}")
    print_table(
        ("Step", "Value", "From"), [(s.what, s.value, s.source) for s in trail.steps], right=("Value",)
    )
    print(f"Rounded: {trail.rounding[0].lower()}{trail.rounding[1:]}.")
    if trail.unconfirmed:
        say(f"Not confirmed by anybody: {', '.join(trail.unconfirmed)}.")
    return DONE


def _trail_asked(arguments: argparse.Namespace) -> Trail:
    from redway.cli import funding_2008
    from redway.funding.trail import explain

    if funding_2008.is_asked(arguments.year):
        return funding_2008.trail_asked(arguments)
    return explain(asked(arguments).budgets(), arguments.urn, arguments.line)
