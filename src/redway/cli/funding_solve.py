"""``redway funding solve``: typed rates that a sum of money pays for."""

from __future__ import annotations

import argparse
from pathlib import Path

from redway.cli.funding_files import add_formula_options, asked
from redway.cli.funding_shown import add_set_aside, block_asked, last_year, warn
from redway.cli.output import DONE, NOT_DONE, print_facts, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_json

LEVERS = (
    "basic-entitlement",
    "all-pupil-led",
    "all-factors",
    "guarantee",
    "cap",
    "scale",
    "growth-fund",
    "block-transfer",
)
"""Names of the levers; the solver itself is not loaded for a page of help."""


def add(group: Commands[Parser]) -> None:
    """Add ``solve``."""
    solve = add_command(
        group,
        "solve",
        run_solve,
        summary="typed rates, in pence, that a sum of money pays for",
        description="""
            One lever is moved until the schools' total is as near under the money as whole pence allow; the
            headroom that is left is told, and whom the lever does not reach. A lever that cannot reach the
            money says so and how far it goes.
        """,
        examples="""
            redway funding solve --lever all-factors --total 250000000 --year 2025-26 --schools all.csv
            redway funding solve --lever cap --total 250000000 --year 2025-26 --schools all.csv --cap 3
        """,
    )
    solve.add_argument(
        "--lever",
        required=True,
        action="append",
        type=_lever,
        choices=LEVERS,
        metavar="LEVER",
        help=f"what is moved: {', '.join(LEVERS[:4])}, {', '.join(LEVERS[4:])}; may be repeated",
    )
    solve.add_argument("--total", required=True, metavar="AMOUNT", help="the money there is, in pounds")
    add_set_aside(solve)
    solve.add_argument(
        "--lawful", action="store_true", help="keep every rate in the range allowed for the year"
    )
    solve.add_argument(
        "--last-year", type=Path, metavar="FILE", help="last year's local rates, for that range"
    )
    add_formula_options(solve)
    add_json(solve)


def _lever(typed: str) -> str:
    """Rates are written with underscores beside it, so a lever may be too."""
    return typed.replace("_", "-")


def run_solve(arguments: argparse.Namespace) -> int:
    from redway.core.money import Money
    from redway.funding.levers import Lever, lawful_limits
    from redway.funding.solver import solve

    wanted = asked(arguments)
    block = block_asked(arguments.total, arguments)
    limits = lawful_limits(wanted.rates, last_year(arguments)) if arguments.lawful else None
    levers = [Lever(name) for name in arguments.lever]
    solution = solve(wanted.calculation, wanted.rates, wanted.rules, levers, block, limits)
    if arguments.json:
        print_json(
            {
                "outcome": solution.outcome.value,
                "sentence": solution.sentence,
                "headroom": str(solution.headroom.pounds),
                "step": None if solution.step is None else str(solution.step.pounds),
                "saving": str(solution.saving.pounds),
                "total": str(Money(solution.budgets.authority_total).pounds),
                "evaluations": solution.evaluations,
                "changes": [
                    {"name": change.name, "before": _text(change.before), "after": _text(change.after)}
                    for change in solution.changes
                ],
            }
        )
    else:
        print(solution.sentence)
        print_table(
            ("Type", "Before", "After"),
            [(change.name, _text(change.before), _text(change.after)) for change in solution.changes],
            right=("Before", "After"),
        )
        print_facts(
            {
                "Total": Money(solution.budgets.authority_total),
                "Headroom": solution.headroom,
                "One step more costs": solution.step,
            }
        )
    warn(solution.budgets)
    return DONE if solution.is_reached else NOT_DONE


def _text(value: object) -> str | None:
    return None if value is None else str(value)
