"""``redway allegations``: clocks from dates given; statistics, import, retention, keys of the cases."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from redway.cli.output import DONE, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json

if TYPE_CHECKING:
    from redway.allegations.annual_report import Report
    from redway.allegations.clocks import Clock, When


def register(commands: Commands[Parser]) -> None:
    """Add the words under ``allegations``."""
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
    statistics = add_command(
        group,
        "statistics",
        show_statistics,
        summary="the tables of a period; for publication small numbers are hidden",
        examples="""
            redway allegations statistics --from 2007-07-01 --to 2007-12-31
            redway allegations statistics --from "1 April 2025" --to "31 March 2026" --publish \\
                --format pdf -o report.pdf
        """,
    )
    statistics.add_argument("--from", dest="start", metavar="DATE", required=True, help="first day")
    statistics.add_argument("--to", dest="end", metavar="DATE", required=True, help="last day")
    statistics.add_argument("--publish", action="store_true", help="hide what could point at somebody")
    statistics.add_argument("--format", choices=("json", "csv", "xlsx", "pdf", "pptx"), help="kind of file")
    statistics.add_argument("-o", "--output", metavar="FILE", help="write to a file")
    _add_authority(statistics)
    add_json(statistics)
    imported = add_command(
        group,
        "import",
        import_past_cases,
        summary="take in past cases from a spreadsheet, all of them or none",
        description="""
            CSV or XLSX by the documented template (docs/how-to/import-past-cases.md). Every bad row is named.
        """,
        examples="redway allegations import past-cases.xlsx --authority 826",
    )
    imported.add_argument("file", metavar="FILE", help="the spreadsheet")
    _add_authority(imported)
    add_json(imported)
    retention = add_command(
        group,
        "retention",
        show_retention,
        summary="records due for review or disposal on a day, each with its rule",
        examples="redway allegations retention --on 2026-11-24",
    )
    retention.add_argument("--on", metavar="DATE", required=True, help="the day")
    _add_authority(retention)
    add_json(retention)
    rotation = add_command(
        group,
        "rotate-keys",
        rotate_keys,
        summary="encrypt everything sealed anew under a new key, while Redway runs",
        description="""
            In small transactions: stop it when you like and run it again, and it goes on where it was. Former
            keys stay in the database, locked with the secret key, so that older backups can be read.
        """,
        examples="redway allegations rotate-keys",
    )
    add_json(rotation)


def _add_authority(parser: Parser) -> None:
    parser.add_argument(
        "--authority", metavar="NUMBER", help="whose cases, by three-digit number; the only one with officers"
    )


def show_statistics(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from django.utils import timezone

    from redway.core.errors import NotFound
    from redway.web.allegations.report_files import as_file, as_plain
    from redway.web.allegations.statistics_period import Asked, count_period, read_day
    from redway.web.register.queries import authority_names

    number = _authority_of(arguments)
    asked = Asked(read_day(arguments.start), read_day(arguments.end), arguments.publish)
    counted = count_period(number, asked, None, timezone.localdate())
    wanted = arguments.format or ("json" if arguments.json else None)
    if wanted in (None, "json") and not arguments.output:
        if wanted == "json":
            print_json(as_plain(counted))
        else:
            _print_tables(counted.report)
        return DONE
    body = as_file(counted, authority_names([number]).get(number, number), wanted or "json")
    if arguments.output:
        Path(arguments.output).write_bytes(body)
    elif sys.stdout.isatty() and wanted != "csv":
        raise NotFound(f"A {wanted} file is not for reading on a screen.", "Name a file: -o FILE.")
    else:
        sys.stdout.buffer.write(body)
    return DONE


def import_past_cases(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.core.errors import NotFound
    from redway.web.allegations.importing import import_cases

    file = Path(arguments.file)
    if not file.is_file():
        raise NotFound(f"There is no file {file}.", "Check the spelling of its name.")
    number = _authority_of(arguments)
    made = import_cases(file, number)
    if arguments.json:
        print_json({"imported": len(made), "authority": number})
    else:
        print(f"{len(made)} cases are imported.")
    return DONE


def show_retention(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.web.allegations.disposal_list import due_on
    from redway.web.allegations.statistics_period import read_day

    found = due_on(read_day(arguments.on), _authority_of(arguments))
    if arguments.json:
        print_json([line.plain() for line in found])
        return DONE
    print_table(
        ("Case", "Due", "What", "Why", "Rule"),
        [
            (
                line.key,
                _shown(line.retention.due),
                line.retention.action.value,
                line.retention.reason,
                f"{line.retention.source} (not confirmed)"
                if line.retention.unconfirmed
                else line.retention.source,
            )
            for line in found
        ],
    )
    return DONE


def rotate_keys(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.core.words import counted
    from redway.web.allegations.rotation import rotate

    total = 0

    def progress(values: int) -> None:
        nonlocal total
        total += values
        if sys.stderr.isatty():
            print(f"\r{total:,} encrypted anew", end="", file=sys.stderr)

    rotated = rotate(progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if arguments.json:
        print_json(
            {
                "key": rotated.key,
                "values": rotated.values,
                "documents": rotated.documents,
                "resumed": rotated.resumed,
            }
        )
        return DONE
    what = f"{counted(rotated.values, 'value')} and {counted(rotated.documents, 'document')}"
    print(f"{what} encrypted anew under key {rotated.key}.")
    if rotated.resumed:
        print("This finished a run that was stopped. Run it again for a key newer than that.")
    return DONE


def _authority_of(arguments: argparse.Namespace) -> str:
    """The authority named, else the only one that has designated officers. Raises NotFound."""
    from redway.core.errors import NotFound
    from redway.core.identifiers import la_code
    from redway.core.words import listed
    from redway.web.people.models import Grant
    from redway.web.people.roles import Role

    if arguments.authority:
        return la_code(arguments.authority)
    held = Grant.objects.filter(role__in=(Role.LADO, Role.DEPUTY_LADO), ended_at__isnull=True)
    numbers = sorted(set(held.values_list("authority", flat=True)))
    if len(numbers) == 1:
        return str(numbers[0])
    raise NotFound(
        "It is not clear whose cases are meant.",
        f"Give --authority NUMBER: {listed(numbers, 'or')} have officers."
        if numbers
        else "Give --authority NUMBER; nobody holds the role of designated officer yet.",
    )


def _print_tables(report: Report) -> None:
    for text in report.paragraphs:
        print(text)
    for table in report.tables.values():
        if not table.rows:
            continue
        print(f"\n{table.title}")
        print_table(
            [column.heading for column in table.columns],
            table.shown(),
            right=[column.heading for column in table.columns if column.is_numeric],
        )
        for note in table.notes:
            print(note)


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
