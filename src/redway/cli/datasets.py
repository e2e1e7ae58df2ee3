"""``redway datasets``: what is held, in which version, and what is due."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from redway.cli.output import DONE, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.datasets.ledger import Version
    from redway.datasets.timetable import Line


ERASE = "erase"


def register(commands: Commands[Parser]) -> None:
    """Add ``datasets``."""
    parser = add_command(
        commands,
        "datasets",
        run_datasets,
        summary="the timetable of datasets, and what is in force and held",
        description="""
            Without a name: what is due, late or missing, and what is in force. With a name: every version of
            it, newest first.
        """,
        examples="""
            redway datasets
            redway datasets establishments
            redway datasets --as-at 2026-04-02      what was in force on that day
            redway datasets --known                 every kind of file that is recognised
            redway datasets erase 12 --reason "Sent for another authority"
                                                    delete a withdrawn file of pupils for ever
        """,
    )
    parser.add_argument("dataset", nargs="?", help="a dataset, such as absence; or the word erase")
    parser.add_argument("version", nargs="?", type=int, help="with erase: number of the version")
    parser.add_argument("--reason", default="", help="with erase: why, which is kept; name no child")
    parser.add_argument("--known", action="store_true", help="list the kinds of file that are recognised")
    parser.add_argument("--as-at", metavar="DATE", help="what was in force at the end of this day")
    add_json(parser)


def run_datasets(arguments: argparse.Namespace) -> int:
    if arguments.known:
        return _show_formats(arguments.json)
    from redway.core.periods import PeriodKind, parse_period

    day = parse_period(arguments.as_at, PeriodKind.DAY).start if arguments.as_at else None
    if (arguments.dataset == ERASE) != (arguments.version is not None):
        raise NotFound(
            "It is not said which version is to be erased.", 'Write: redway datasets erase 12 --reason "..."'
        )
    from redway.cli.ground import open_store

    open_store()
    if arguments.dataset == ERASE:
        return _erase(arguments.version, arguments.reason, arguments.json)
    if arguments.dataset:
        return _show_versions(arguments.dataset, day, arguments.json)
    return _show_datasets(day, arguments.json)


def _erase(version: int, reason: str, as_json: bool) -> int:
    from redway.web.datasets import services

    erased = services.erase(actor=None, version=version, reason=reason)
    if as_json:
        print_json(_version(erased))
    else:
        print(f"Version {erased.id}, {erased.file_name}, is erased: its rows and the file it came from.")
        print("Copies in backups stay until those are thrown away.")
    return DONE


def _show_formats(as_json: bool) -> int:
    from redway.datasets.format import load_formats

    rows = [
        {"format": one.code, "dataset": one.dataset, "level": one.level, "title": one.title}
        for one in load_formats()
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("Dataset", "Format", "Title"), [(one["dataset"], one["format"], one["title"]) for one in rows]
        )
    return DONE


def _show_datasets(day: date | None, as_json: bool) -> int:
    from redway.datasets.ledger import as_at
    from redway.web.datasets.agreements import timetable_lines
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.people.permission import today

    versions = DjangoLedger().versions()
    in_force = as_at(versions, day)
    held = [version for version in versions if version.state.value == "held"]
    rows = [
        _summary(
            name,
            [one for one in in_force if one.dataset == name],
            [one for one in held if one.dataset == name],
        )
        for name in sorted({version.dataset for version in [*in_force, *held]})
    ]
    lines = timetable_lines(versions, today()) if day is None else []
    if as_json:
        print_json({"timetable": [_line(line) for line in lines], "datasets": rows})
        return DONE
    if lines:
        print("The timetable: what is due, from whom, who answers for it\n")
        cells = [
            (one.rating.value, one.entry.title, one.words, one.entry.supplier, one.entry.answers)
            for one in lines
        ]
        print_table(("Rating", "Dataset", "State", "From", "Answers for it"), cells)
        print()
    if not rows:
        print("Nothing has been taken in yet. Try: redway import PATH")
        return DONE
    print("In force\n")
    shown = [
        (one["dataset"], one["files"], f"{one['rows']:,}", one["from"], one["to"], one["held"] or "")
        for one in rows
    ]
    print_table(("Dataset", "Files", "Rows", "From", "To", "Held"), shown, right=("Files", "Rows", "Held"))
    return DONE


def _line(line: Line) -> dict[str, Any]:
    return {
        "dataset": line.entry.dataset,
        "title": line.entry.title,
        "rating": line.rating,
        "state": line.state,
        "words": line.words,
        "period": line.period,
        "due": line.due,
        "arrived": line.arrived,
        "next_due": line.next_due,
        "supplier": line.entry.supplier,
        "answers": line.entry.answers,
        "agreed_on": line.entry.agreed_on,
        "stamp": line.stamp,
    }


def _summary(name: str, in_force: list[Version], held: list[Version]) -> dict[str, Any]:
    return {
        "dataset": name,
        "files": len(in_force),
        "rows": sum(version.rows_loaded for version in in_force),
        "from": min((version.period_start for version in in_force), default=None),
        "to": max((version.period_end for version in in_force), default=None),
        "held": len(held),
    }


def _show_versions(dataset: str, day: date | None, as_json: bool) -> int:
    from redway.datasets.ledger import as_at
    from redway.web.datasets.queries import versions_of_dataset

    versions = versions_of_dataset(dataset)
    if not versions:
        raise _unknown(dataset)
    if day is not None:
        in_force = {version.id for version in as_at(reversed(versions), day)}
        versions = [version for version in versions if version.id in in_force]
    if as_json:
        print_json([_version(version) for version in versions])
    else:
        headings = ("Version", "Format", "Period", "No.", "State", "Rows", "Rejected", "Arrived", "File")
        rows = [
            (
                version.id,
                version.format,
                version.period,
                version.number,
                version.state.value,
                f"{version.rows_loaded:,}",
                f"{version.rows_rejected:,}",
                f"{version.received_at:%Y-%m-%d}",
                version.file_name,
            )
            for version in versions
        ]
        print_table(headings, rows, right=("Version", "No.", "Rows", "Rejected"))
    return DONE


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.id,
        "format": version.format,
        "period": version.period,
        "scope": version.scope,
        "number": version.number,
        "state": version.state,
        "edition": version.edition,
        "rows_read": version.rows_read,
        "rows_loaded": version.rows_loaded,
        "rows_rejected": version.rows_rejected,
        "held_reason": version.held_reason,
        "received": version.received_at,
        "erased": version.erased_at,
        "file": version.file_name,
        "sha256": version.sha256,
    }


def _unknown(dataset: str) -> NotFound:
    import difflib

    from redway.datasets.format import load_formats

    known = sorted({one.dataset for one in load_formats()})
    if dataset in known:
        return NotFound(
            f"No file of '{dataset}' has been taken in yet.", "Take one in with: redway import PATH"
        )
    near = difflib.get_close_matches(dataset, known, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known)}."
    return NotFound(f"There is no dataset called '{dataset}'.", hint)
