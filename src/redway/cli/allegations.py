"""``redway allegations``: the clocks of a case, worked out from the dates given; nothing is stored."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from redway.cli.output import DONE, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json

if TYPE_CHECKING:
    from redway.allegations.clocks import Clock, When


def register(commands: Commands[Parser]) -> None:
    """Add ``allegations clocks`` and ``allegations editions``."""
    group = add_group(commands, "allegations", summary="the procedure for allegations against staff")
    clocks = add_command(
        group,
        "clocks",
        show_clocks,
        summary="when each step is due, by which rule, and whether it was kept",
        description="""
            Give the rules (--edition) and what has happened (--event, once for each). A day, or a moment in
            England: 2026-11-20T16:30. Events are named as the clocks name them; --events lists them.
        """,
        examples="""
            redway allegations clocks --edition national-2020 --event known=2026-04-02
            redway allegations clocks --edition sefton-2020 --event known=2026-11-20T16:30
            redway allegations clocks --edition national-2020 --event evaluated=2026-11-30 --now 2026-12-27
        """,
    )
    clocks.add_argument("--edition", metavar="NAME", help="the rules, such as national-2020 or sefton-2020")
    clocks.add_argument(
        "--event", metavar="NAME=WHEN", action="append", default=[], help="what happened and when"
    )
    clocks.add_argument("--now", metavar="WHEN", help="as things stood then; today when left out")
    clocks.add_argument("--events", action="store_true", help="list the events and the clocks they move")
    add_json(clocks)
    editions = add_command(
        group,
        "editions",
        show_editions,
        summary="the rules held, and their sources",
        examples="redway allegations editions",
    )
    add_json(editions)


def show_clocks(arguments: argparse.Namespace) -> int:
    from redway.allegations.clocks import CLOCKS, State, clocks
    from redway.allegations.editions import edition_named
    from redway.core.calendar import load_calendar
    from redway.core.errors import NotFound

    if arguments.events:
        rows = [(rule.code, rule.title, rule.starts, rule.ends) for rule in CLOCKS]
        print_table(("Clock", "What it times", "Starts with", "Ends with"), rows)
        return DONE
    if not arguments.edition or not arguments.event:
        raise NotFound(
            "Neither the rules nor an event can be guessed.",
            "Give --edition NAME and at least one --event NAME=WHEN. "
            "redway allegations editions and redway allegations clocks --events list them.",
        )
    now = _when(arguments.now) if arguments.now else datetime.now().astimezone()
    found = clocks(edition_named(arguments.edition), dict(map(_event, arguments.event)), load_calendar(), now)
    if arguments.json:
        print_json([_plain(clock) for clock in found])
        return DONE
    started = [clock for clock in found if clock.state is not State.WAITING]
    print_table(
        ("Clock", "What it times", "Rule", "Due", "State", "Why", "Source"),
        [
            (
                clock.rule.code,
                clock.rule.title,
                clock.counted,
                _shown(clock.due),
                clock.state.value,
                clock.reason,
                f"{clock.source} (not confirmed)" if clock.unconfirmed else clock.source,
            )
            for clock in started
        ],
    )
    if waiting := [clock.rule.code for clock in found if clock.state is State.WAITING]:
        print(f"\nNot started: {', '.join(waiting)}")
    return DONE


def show_editions(arguments: argparse.Namespace) -> int:
    from redway.allegations.editions import values_of

    rows = [
        {
            "edition": name,
            "value": value.name,
            "is": value.value,
            "unit": value.unit,
            "source": value.source,
            "status": value.status,
        }
        for name, value in values_of()
    ]
    if arguments.json:
        print_json(rows)
        return DONE
    print_table(
        ("Edition", "Value", "Is", "Source", "Status"),
        [
            (
                row["edition"],
                row["value"],
                ", ".join(map(str, row["is"]))
                if isinstance(row["is"], list)
                else f"{row['is']} {row['unit']}",
                row["source"],
                row["status"],
            )
            for row in rows
        ],
    )
    return DONE


def _is(value: object, unit: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value} {unit}"


def _event(text: str) -> tuple[str, When]:
    """NAME=WHEN as typed. Raises InvalidPeriod when it is not of that form."""
    from redway.core.errors import InvalidPeriod

    name, sign, when = text.partition("=")
    if not sign or not name.strip():
        raise InvalidPeriod(f"'{text}' is no event.", "Write NAME=WHEN, such as known=2026-04-02.")
    return name.strip(), _when(when)


def _when(text: str) -> When:
    """A day, or a moment in England. Raises InvalidPeriod."""
    from zoneinfo import ZoneInfo

    from redway.core.errors import InvalidPeriod
    from redway.core.periods import PeriodKind, parse_period

    if "T" not in text:
        return parse_period(text, PeriodKind.DAY).start
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidPeriod(
            f"'{text}' is no moment.", "Write a day and a time, such as 2026-11-20T16:30."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))


def _shown(when: When | None) -> str:
    from redway.core.words import day_in_words

    if when is None:
        return ""
    time = f" {when:%H:%M}" if isinstance(when, datetime) else ""
    return f"{when:%a} {day_in_words(when)}{time}"


def _plain(clock: Clock) -> dict[str, object]:
    return {
        "clock": clock.rule.code,
        "title": clock.rule.title,
        "rule": clock.counted,
        "source": clock.source,
        "unconfirmed": clock.unconfirmed,
        "starts": clock.rule.starts,
        "ends": clock.rule.ends,
        "started": clock.started,
        "due": clock.due,
        "ended": clock.ended,
        "state": clock.state,
        "reason": clock.reason,
        "warning": clock.warning,
    }
