"""``redway funding calculate``: every line and the total of every school."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.funding_files import Asked, Calculated, add_formula_options, asked
from redway.cli.funding_shown import SHOWN_SCHOOLS, warn
from redway.cli.output import DONE, json_text, print_facts, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command
from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.funding.calculation import Budgets


def add(group: Commands[Parser]) -> None:
    """Add ``calculate``."""
    calculate = add_command(
        group,
        "calculate",
        run_calculate,
        summary="every line and the total of every school, to the penny",
        description="""
            FILE holds one row a school (docs/reference/schools-file.md). National rates of the year are used
            where --rates and --set say nothing else; a year nobody has loaded refuses. Values that nobody
            has confirmed are named with the result, and so is what the file leaves out. For 2008-09 to
            2010-11 the local formula and the guarantee of those years are used, on columns of their own.
        """,
        examples="""
            redway funding calculate --year 2025-26 --schools schools.csv
            redway funding calculate --year 2025-26 --schools schools.csv --guarantee -0.5 --cap 3 --scale 50
            redway funding calculate --year 2025-26 --schools schools.csv --rates local.toml --json now.json
            redway funding calculate --year 2008-09 --schools schools-2008.csv --rates local-2008.toml
        """,
    )
    add_formula_options(calculate)
    calculate.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="as JSON, to the screen or to a file"
    )
    calculate.add_argument("--csv", type=Path, metavar="OUT", help="one row a school, to a CSV or XLSX file")


def run_calculate(arguments: argparse.Namespace) -> int:
    from redway.cli.frames import replacing

    if arguments.json and arguments.csv:
        raise NotFound("--json and --csv are two answers.", "Ask for one of them.")
    result = _calculated(arguments)
    if arguments.csv:
        result.write_table(arguments.csv)
    elif arguments.json == "-":
        print_json(result.plain())
        return DONE
    elif arguments.json:
        with replacing(Path(arguments.json)) as target:
            target.write(json_text(result.plain()).encode())
    else:
        result.show()
    result.warn()
    return DONE


def _calculated(arguments: argparse.Namespace) -> Calculated:
    from redway.cli import funding_2008

    if funding_2008.is_asked(arguments.year):
        return funding_2008.calculated(arguments)
    wanted = asked(arguments)
    budgets = wanted.budgets()
    return Calculated(
        plain=lambda: _answer(wanted, budgets),
        show=lambda: _show(budgets),
        write_table=lambda file: _write_table(budgets, file),
        warn=lambda: warn(budgets),
    )


def _answer(wanted: Asked, budgets: Budgets) -> dict[str, Any]:
    from redway.funding.result import as_plain

    return {**as_plain(budgets), "made_from": wanted.made_from}


def _write_table(budgets: Budgets, file: Path) -> None:
    import polars as pl

    from redway.cli.frames import write_file
    from redway.funding.result import columns_as_plain

    write_file(pl.DataFrame(columns_as_plain(budgets)), f"School budgets {budgets.rates.year}", file)


def _show(budgets: Budgets) -> None:
    from redway.core.money import Money
    from redway.core.words import number
    from redway.funding.schools_rows import schools_in_words

    schools = budgets.schools
    rows = [
        (
            schools.urn[row],
            schools.name[row],
            number(int(schools.pupils[row])),
            *(
                str(Money(int(column[row])))
                for column in (budgets.minimum_per_pupil, budgets.guarantee, budgets.gains_cap, budgets.total)
            ),
        )
        for row in range(min(len(schools), SHOWN_SCHOOLS))
    ]
    headings = ("URN", "School", "Pupils", "Minimum level", "Guarantee", "Cap", "Total")
    print_table(headings, rows, right=headings[2:])
    if len(schools) > SHOWN_SCHOOLS:
        say(f"The first {SHOWN_SCHOOLS} schools are shown; --csv FILE writes all of them.")
    totals = (budgets.minimum_per_pupil, budgets.guarantee, budgets.gains_cap)
    named = [str(Money(int(column.sum()))) for column in totals]
    print_facts(
        {
            "In all": schools_in_words(schools),
            "Minimum level": named[0],
            "Guarantee": named[1],
            "Cap": named[2],
            "Total": str(Money(budgets.authority_total)),
        }
    )
