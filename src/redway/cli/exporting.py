"""``redway export``: figures, the register or a dataset as one file for other programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from redway.cli.output import DONE, say
from redway.cli.parsers import Commands, Parser, add_command
from redway.core.errors import NotFound
from redway.core.periods import PeriodKind, parse_period

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from redway.core.home import Home


def register(commands: Commands[Parser]) -> None:
    """Add ``export``."""
    parser = add_command(
        commands,
        "export",
        run_export,
        summary="write figures, the register or a dataset as CSV, XLSX, JSON or Parquet",
        description="""
            The end of the file's name says how it is written; without --output, CSV goes to standard output.
            A figure that is missing has an empty value and its reason beside it.
        """,
        examples="""
            redway export figures --authority 826 --output milton-keynes.xlsx
            redway export figures --level school --indicator ks4-attainment8 > attainment8.csv
            redway export register --output schools.parquet
            redway export absence --as-at 2026-04-02 --output absence.csv
        """,
    )
    parser.add_argument("what", help="'figures', 'register', or the name of a dataset")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--school", metavar="URN", help="figures of one school, any URN it has had")
    place.add_argument("--authority", metavar="CODE", help="figures of one authority")
    place.add_argument(
        "--level",
        choices=["school", "authority", "region", "england"],
        help="figures of everybody at a level",
    )
    parser.add_argument("--indicator", metavar="CODE", help="figures of one measure only")
    parser.add_argument("--as-at", metavar="DATE", help="what was in force at the end of this day")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="file to write (.csv, .xlsx, .json, .parquet)"
    )


def run_export(arguments: argparse.Namespace) -> int:
    day = parse_period(arguments.as_at, PeriodKind.DAY).start if arguments.as_at else None
    from redway.cli.ground import open_store

    home = open_store()
    if arguments.what == "figures":
        frame = _figures(home, arguments, day)
    elif arguments.what == "register":
        import redway

        frame = redway.open(home.root).register(day).schools
    else:
        import redway

        frame = redway.open(home.root).table(arguments.what, day)
    if arguments.output is None:
        from redway.cli.frames import write_csv

        write_csv(frame, sys.stdout.buffer)
    else:
        from redway.cli.frames import write_file

        write_file(frame, arguments.what, arguments.output)
        say(f"Wrote {frame.height:,} rows to {arguments.output}.")
    return DONE


def _figures(home: Home, arguments: argparse.Namespace, day: date | None) -> pl.DataFrame:
    """Figures of a place, or of one measure at a level. Raises NotFound when the question has no end."""
    from redway.cli.places import authority_meant
    from redway.indicators.store import SeriesStore
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.register.queries import find_school, urns_of

    store = SeriesStore(home, DjangoLedger())
    codes = [store.catalogue.get(arguments.indicator).code] if arguments.indicator else None
    if arguments.school:
        return store.figures("school", urns_of(find_school(arguments.school).key), codes, as_at=day)
    if arguments.authority:
        return store.figures("authority", [authority_meant(arguments.authority).number], codes, as_at=day)
    if arguments.level and codes:
        return store.across(arguments.level, codes[0], as_at=day)
    raise NotFound(
        "Which figures?",
        "Add --school or --authority; or --level together with --indicator for one measure of all.",
    )
