"""``redway funding`` for 2008-09: a local formula over a file of schools with columns of its own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.funding_files import Calculated, changes_typed, made_from, text_of_rates, year_asked
from redway.cli.output import print_facts, print_table, say
from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.funding.local_formula_2008 import Budgets2008
    from redway.funding.trail import Trail

_SHOWN_SCHOOLS = 400


def budgets_asked(arguments: argparse.Namespace) -> Budgets2008:
    """What the options of a formula of 2008 ask for. Raises what is wrong with them, naming the file."""
    for option in ("guarantee", "cap", "scale"):
        if getattr(arguments, option) is not None:
            raise NotFound(
                f"--{option} is not chosen in {arguments.year}: the guarantee of those years was set by "
                "regulation, and gains were not capped.",
                f"Leave out --{option}. A parameter of the guarantee is set with --set guarantee-rise=2.1.",
            )
    changes = changes_typed(arguments.changes)
    return _budgets(arguments.year, arguments.schools, arguments.rates, changes, arguments.rounding)


def _budgets(
    year: str, schools: Path, rates: Path | None, changes: Mapping[str, str], rounding: str = "dfe-lines"
) -> Budgets2008:
    """A result from a file of schools, and one of rates if there is any."""
    from redway.datasets.text_rows import read_text_rows
    from redway.funding.local_formula_2008 import budgets_2008
    from redway.funding.rates_2008 import rates_2008
    from redway.funding.rounding import Rounding
    from redway.funding.schools_2008_rows import schools_2008_from_rows

    if not schools.is_file():
        raise NotFound(f"There is no file {schools}.", "Check the spelling of its name.")
    text = text_of_rates(rates) if rates else ""
    values = rates_2008(year_asked(year), text, rates.name if rates else "", changes)
    found = schools_2008_from_rows(*read_text_rows(schools))
    return budgets_2008(found, values, Rounding(rounding))


def is_asked(year: str) -> bool:
    """Whether a year is one of a local formula of 2008. Raises InvalidPeriod for what is no year."""
    from redway.funding.rates_2008 import is_2008

    return is_2008(year_asked(year))


def calculated(arguments: argparse.Namespace) -> Calculated:
    """A result of a local formula of 2008, and the ways to hand it over."""
    from redway.funding.result_2008 import as_plain_2008

    budgets = budgets_asked(arguments)
    return Calculated(
        plain=lambda: {**as_plain_2008(budgets), "made_from": made_from(arguments)},
        show=lambda: _show(budgets),
        write_table=lambda file: _write_table(budgets, file),
        warn=lambda: _warn(budgets),
    )


def compared(arguments: argparse.Namespace, rates: Path) -> dict[str, Any]:
    """A result under one file of rates, to be compared with another."""
    from redway.funding.result_2008 import as_plain_2008

    return as_plain_2008(_budgets(arguments.year, arguments.schools, rates, {}))


def trail_asked(arguments: argparse.Namespace) -> Trail:
    """Why one figure of one school."""
    from redway.funding.result_2008 import explain_2008

    return explain_2008(budgets_asked(arguments), arguments.urn, arguments.line)


def _write_table(budgets: Budgets2008, file: Path) -> None:
    """One row a school, one column a line."""
    from decimal import Decimal

    import polars as pl

    from redway.cli.frames import write_file
    from redway.funding.result import AFTER_LINES
    from redway.funding.result_2008 import as_plain_2008

    plain = as_plain_2008(budgets)
    rows = [
        {
            "urn": school["urn"],
            "name": school["name"],
            "kind": school["phase"],
            "pupils": school["pupils"],
            **{line["name"]: Decimal(line["amount"]) for line in school["lines"]},
            **{name: Decimal(school[name]) for name in AFTER_LINES if name in ("guarantee", "total")},
        }
        for school in plain["schools"]
    ]
    write_file(pl.DataFrame(rows), f"School budgets {plain['year']}", file)


def _show(budgets: Budgets2008) -> None:
    """The result on the screen."""
    from redway.core.money import Money
    from redway.core.words import counted, number

    schools = budgets.schools
    added = budgets.guarantee.added if budgets.guarantee else schools.nothing()
    headings = ("URN", "School", "Kind", "Pupils", "Formula", "Guarantee", "Total")
    rows = [
        (
            schools.urn[row],
            schools.name[row],
            schools.kind[row].value,
            number(int(schools.roll[row])),
            *(str(Money(int(column[row]))) for column in (budgets.formula, added, budgets.total)),
        )
        for row in range(min(len(schools), _SHOWN_SCHOOLS))
    ]
    print_table(headings, rows, right=headings[3:])
    if len(schools) > _SHOWN_SCHOOLS:
        say(f"The first {_SHOWN_SCHOOLS} schools are shown; --csv FILE writes all of them.")
    print_facts(
        {
            "In all": f"{counted(len(schools), 'school')} with {number(int(schools.roll.sum()))} pupils",
            "Formula": str(Money(int(budgets.formula.sum()))),
            "Guarantee": str(Money(int(added.sum()))),
            "Total": str(Money(int(budgets.total.sum()))),
        }
    )


def _warn(budgets: Budgets2008) -> None:
    """Say what a result rests on that nobody has confirmed, and what it leaves out."""
    from redway.funding.result_2008 import not_used_2008

    if budgets.unconfirmed:
        say(f"Not confirmed by anybody, used all the same: {', '.join(budgets.unconfirmed)}.")
    if left_out := not_used_2008(budgets):
        say(f"Not used, because the file leaves it out: {', '.join(left_out)}.")
