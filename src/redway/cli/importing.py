"""``redway import``: files, folders and ZIPs into the data folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from redway.cli.output import DONE, NOT_DONE, print_json, say
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.cli.progress import files_bar

if TYPE_CHECKING:
    from redway.datasets.import_report import FileReport

_ERRORS_SHOWN = 10


def register(commands: Commands[Parser]) -> None:
    """Add ``import``."""
    parser = add_command(
        commands,
        "import",
        run_import,
        summary="take in files, folders and ZIPs",
        description="""
            A file is recognised by its columns, not by its name. It is taken in whole or not at all; the same
            file again changes nothing; a corrected file becomes the next version. Doubts hold a file until
            somebody accepts it.
        """,
        examples="""
            redway import results.csv --check          what would happen? Nothing is kept
            redway import results.csv
            redway import ../shared/data               every file in a folder
            redway import old.csv --period 2009-10     a file that does not say its year
            redway import new.csv --map attainment_8=ATT8SCR_NEW
            redway import results.csv --accept         take it in spite of the doubts
        """,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, a ZIP or a folder")
    parser.add_argument("--check", action="store_true", help="say what would happen and keep nothing")
    parser.add_argument("--accept", action="store_true", help="take in what would be held")
    parser.add_argument(
        "--period", help="the period, for files that do not say it: 2016-17, 2017, 2018-08-31"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="COLUMN=HEADER",
        help="the header that a column of the format has in this file; may be repeated",
    )
    add_json(parser)


def _pair(text: str) -> tuple[str, str]:
    column, equals, header = text.partition("=")
    if not (column and equals and header):
        raise argparse.ArgumentTypeError(f"'{text}' should be COLUMN=HEADER")
    return column.strip(), header.strip()


def run_import(arguments: argparse.Namespace) -> int:
    for path in arguments.paths:
        # Ask for each path's status before any work is done: one misspelled name must not cost an hour.
        path.stat()
    from redway.cli.ground import open_store

    open_store()
    from redway.web.datasets.services import import_files

    with files_bar() as progress:
        done = import_files(
            arguments.paths,
            actor=None,
            who="command line",
            period=arguments.period,
            mapping=dict(arguments.map),
            accept=arguments.accept,
            check_only=arguments.check,
            progress=progress,
        )
    if arguments.json:
        print_json({"files": [report.to_json() for report in done.reports]})
    else:
        for report in done.reports:
            _print_report(report, keeps=not arguments.check)
        _print_total(done.reports)
    return DONE if all(report.in_order for report in done.reports) else NOT_DONE


def _print_report(report: FileReport, *, keeps: bool) -> None:
    from redway.core.words import counted

    print(f"{report.path}: {report.outcome.value}")
    if report.title:
        period = f", {report.period}" if report.period else ""
        version = f", version {report.version}" if report.version else ""
        print(f"  {report.title}{period}{version}")
        read = counted(report.rows_read, "row")
        print(f"  {read} read, {report.rows_loaded:,} loaded, {report.rows_rejected:,} rejected")
    for reason in report.reasons:
        print(f"  {reason}")
    for problem in report.errors[:_ERRORS_SHOWN]:
        where = ", ".join(filter(None, (f"row {problem.row}" if problem.row else "", problem.column or "")))
        value = f" '{problem.value}':" if problem.value else ""
        print(f"  {where}:{value} {problem.message}")
    if (more := report.errors_total - _ERRORS_SHOWN) > 0:
        listed = f": all are in {report.problems_file}" if report.problems_file else ""
        print(f"  and {counted(more, 'more problem')}{listed}")
    if report.held and keeps:
        say(f"  Look at it, then mend the file or say: redway import {report.path} --accept")


def _print_total(reports: list[FileReport]) -> None:
    """How many files came to what, when there was more than one."""
    from collections import Counter

    if len(reports) > 1:
        counts = Counter(report.outcome.value for report in reports)
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common())
        print(f"{len(reports):,} files: {told}")
