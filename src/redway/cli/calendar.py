"""``redway calendar``: working days in England, with the bank holidays as published."""

from __future__ import annotations

import argparse
from datetime import date

from redway.cli.output import DONE, print_json
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json


def register(commands: Commands[Parser]) -> None:
    """Add ``calendar add``."""
    group = add_group(commands, "calendar", summary="count working days")
    add = add_command(
        group,
        "add",
        add_days,
        summary="the working day that is N working days after a date",
        description="""
            Monday to Friday, less the bank holidays of England and Wales. The date itself is day 0.
            A negative N counts backwards.
        """,
        examples="""
            redway calendar add 2026-04-02 1      the first working day after 2 April 2026
            redway calendar add 2026-12-24 -5
        """,
    )
    add.add_argument("date", help="a date such as 2026-04-02")
    add.add_argument("days", metavar="N", type=_whole_number, help="how many working days")
    add_json(add)


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of days") from None


def add_days(arguments: argparse.Namespace) -> int:
    from redway.core.calendar import load_calendar
    from redway.core.periods import PeriodKind, parse_period
    from redway.core.words import day_in_words

    start = parse_period(arguments.date, PeriodKind.DAY).start
    answer: date = load_calendar().add_working_days(start, arguments.days)
    if arguments.json:
        print_json({"date": start, "working_days": arguments.days, "answer": answer})
    else:
        print(f"{answer:%A} {day_in_words(answer)}")
    return DONE
