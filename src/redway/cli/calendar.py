"""``redway calendar``: working days in England, with the bank holidays as published."""

from __future__ import annotations

import argparse
from datetime import date

from redway.cli.output import DONE, print_json
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json


def register(commands: Commands[Parser]) -> None:
    """Add ``calendar add`` and ``calendar between``."""
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
    between = add_command(
        group,
        "between",
        days_between,
        summary="how many working days lie between two dates",
        description="""
            Days after the first date, up to and including the second. Negative when the second is earlier.
        """,
        examples="redway calendar between 2026-12-24 2027-01-04",
    )
    between.add_argument("start", help="a date such as 2026-12-24")
    between.add_argument("end", help="a date such as 2027-01-04")
    add_json(between)


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of days") from None


def add_days(arguments: argparse.Namespace) -> int:
    from redway.core.calendar import load_calendar
    from redway.core.words import day_in_words

    start = _day(arguments.date)
    answer: date = load_calendar().add_working_days(start, arguments.days)
    if arguments.json:
        print_json({"date": start, "working_days": arguments.days, "answer": answer})
    else:
        print(f"{answer:%A} {day_in_words(answer)}")
    return DONE


def days_between(arguments: argparse.Namespace) -> int:
    from redway.core.calendar import load_calendar

    start, end = _day(arguments.start), _day(arguments.end)
    answer = load_calendar().working_days_between(start, end)
    if arguments.json:
        print_json({"start": start, "end": end, "answer": answer})
    else:
        print(f"{answer} working day{'' if answer == 1 else 's'}")
    return DONE


def _day(text: str) -> date:
    from redway.core.periods import PeriodKind, parse_period

    return parse_period(text, PeriodKind.DAY).start
