"""What more than one command under ``redway funding`` asks for or says."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from redway.cli.funding_files import rates_asked
from redway.cli.output import say
from redway.cli.parsers import Parser

if TYPE_CHECKING:
    from redway.funding.calculation import Budgets
    from redway.funding.rates import Rates
    from redway.funding.schools_block import SchoolsBlock

SHOWN_SCHOOLS = 400
"""Rows of a table on the screen; a file holds all of them."""


def add_set_aside(parser: Parser) -> None:
    """The options that take money out of the schools block."""
    parser.add_argument("--growth", metavar="AMOUNT", default="0", help="growth fund set aside, in pounds")
    parser.add_argument(
        "--transfer", metavar="AMOUNT", default="0", help="transfer out of the block, in pounds"
    )


def block_asked(amount: str, arguments: argparse.Namespace) -> SchoolsBlock:
    """The schools block of an amount typed, less what the options set aside."""
    from redway.core.money import Money
    from redway.funding.schools_block import SchoolsBlock

    return SchoolsBlock(
        Money.parse(amount),
        growth_fund=Money.parse(arguments.growth),
        transfer=Money.parse(arguments.transfer),
    )


def last_year(arguments: argparse.Namespace) -> Rates | None:
    """Last year's local rates, where their file is named."""
    from redway.core.periods import PeriodKind, financial_year, parse_period

    if not arguments.last_year:
        return None
    first = parse_period(arguments.year, PeriodKind.FINANCIAL).start.year
    return rates_asked(financial_year(first - 1).label, arguments.last_year)


def warn(budgets: Budgets) -> None:
    """Say what a result rests on that nobody has confirmed, and what it leaves out."""
    if budgets.unconfirmed:
        say(f"Not confirmed by anybody, used all the same: {', '.join(budgets.unconfirmed)}.")
    if budgets.not_used:
        say(f"Not used, because the file or the options leave it out: {', '.join(budgets.not_used)}.")
