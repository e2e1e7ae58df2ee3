"""``redway progress8``: Attainment 8 and Progress 8 of schools, from files of entries or of pupils."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.output import DONE, WRONG_USE, explain, print_facts, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.core.errors import NotFound, RedwayError
from redway.core.words import counted, number, signed

if TYPE_CHECKING:
    import polars as pl

    from redway.attainment.progress_scores import ProgressScores
    from redway.cli.progress8_files import PupilsRead

_HEADINGS = {
    "urn": "School",
    "pupils": "Pupils",
    "in_measure": "In the measure",
    "outcome": "Attainment 8",
    "score": "Progress 8",
    "interval": "95% interval",
    "adjusted": "Scores raised",
    "band": "Band",
    "hidden": "",
}
_COLUMNS = {"outcome": "attainment8", "score": "progress8", "unadjusted": "progress8_unadjusted"}
"""Names in files and JSON that differ from those of the calculation."""
IDS_SHOWN = 20


def register(commands: Commands[Parser]) -> None:
    """Add ``progress8``."""
    parser = add_command(
        commands,
        "progress8",
        run_progress8,
        summary="Attainment 8 and Progress 8 of pupils and their schools",
        description="""
            FILE holds one row a pupil: pupil, urn, prior_attainment (average scaled score at key stage 2)
            and attainment8. With --entries Attainment 8 is computed from entries: pupil, subject, slot
            (maths, english_language, english_literature, ebacc, open), grade, and, where there is no FILE
            of pupils, urn and prior_attainment as well. Parquet, CSV and workbooks are read.

            Pupils are compared with the national averages of the year where these are held, else with
            those of --estimates, else with one another: the answer says which. For 2024-25 and 2025-26 no
            Progress 8 was produced; --own compares the pupils with one another in any year.
        """,
        examples="""
            redway progress8 results-2022-23.csv
            redway progress8 pupils.csv --entries entries.csv --year 2022-23
            redway progress8 entries.parquet --entries --year 2023-24 --estimates estimates-2024.csv
            redway progress8 results.csv --year 2024-25 --own -o schools.xlsx
        """,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files of pupils")
    parser.add_argument(
        "--entries",
        nargs="?",
        const=Path(),
        type=Path,
        metavar="FILE",
        help="compute Attainment 8 from this file of entries; alone, the FILEs are entries",
    )
    parser.add_argument(
        "--year", help="school year of the results, such as 2022-23; else as the file's name says"
    )
    comparison = parser.add_mutually_exclusive_group()
    comparison.add_argument(
        "--estimates",
        type=Path,
        metavar="FILE",
        help="averages by prior attainment: lowest, highest, attainment8, and minimum where known",
    )
    comparison.add_argument(
        "--own", action="store_true", help="compare the pupils with one another, not with England"
    )
    parser.add_argument(
        "--spread", type=float, metavar="NUMBER", help="national standard deviation of pupils' Progress 8"
    )
    parser.add_argument("--suppress", action="store_true", help="hide schools of five pupils or fewer")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write the schools (.csv, .xlsx, .json, .parquet), small ones hidden",
    )
    add_json(parser)


def run_progress8(arguments: argparse.Namespace) -> int:
    """Whatever is wrong with what was given, the exit code is 2 and nothing is written."""
    try:
        return _answer(arguments)
    except RedwayError as error:
        explain(error)
        return WRONG_USE


def _answer(arguments: argparse.Namespace) -> int:
    year = _year(arguments)
    if arguments.output:
        from redway.cli.value_added import require_ending, require_writable

        require_writable(arguments.output, [str(path) for path in _files(arguments)])
        require_ending(arguments.output, (".csv", ".xlsx", ".json", ".parquet"))
    from redway.attainment.measure_years import NotProduced, require_produced
    from redway.attainment.progress8 import progress8
    from redway.cli.progress8_files import read_estimates

    if not (arguments.own or arguments.estimates):
        try:
            require_produced("progress-8", year)
        except NotProduced as error:
            raise NotProduced(
                error.message, "With --own the pupils are compared with one another: no published measure."
            ) from None
    estimates = read_estimates(arguments.estimates) if arguments.estimates else None
    read = _read(arguments, year)
    found = progress8(read.pupils, year, estimates=estimates, own=arguments.own, spread=arguments.spread)
    notes = [*read.notes, *found.notes]
    if arguments.output:
        from redway.cli.frames import write_file

        write_file(_renamed(_hidden(found, year)), f"Progress 8, {year}", arguments.output)
        say(f"Wrote {counted(found.schools.height, 'school')} to {arguments.output}.")
    if arguments.json:
        print_json(_as_json(found, year, notes, _hidden(found, year) if arguments.suppress else None))
    elif not arguments.output:
        _print(found, year, notes, _hidden(found, year) if arguments.suppress else None)
    return DONE


def _files(arguments: argparse.Namespace) -> list[Path]:
    """Every file named. Raises NotFound when none is."""
    entries = [arguments.entries] if arguments.entries not in (None, Path()) else []
    named = [*arguments.files, *entries]
    if not named:
        raise NotFound("No file is named.", "Name a file of pupils, or of entries behind --entries.")
    return named


def _year(arguments: argparse.Namespace) -> str:
    from redway.attainment.measure_values import school_year
    from redway.cli.progress8_files import year_in_name

    year = arguments.year or year_in_name(_files(arguments))
    if not year:
        raise NotFound(
            "Of which school year are the results? The names of the files do not say.", "Add --year 2022-23."
        )
    return school_year(year).label


def _read(arguments: argparse.Namespace, year: str) -> PupilsRead:
    from redway.cli.progress import files_bar
    from redway.cli.progress8_files import read_entries, read_pupils

    with files_bar() as show:

        def progress(share: float) -> None:
            show("Reading", share)

        if arguments.entries is None:
            return read_pupils(arguments.files, progress)
        if arguments.entries == Path():
            return read_entries(arguments.files, [], year, progress)
        return read_entries([arguments.entries], arguments.files, year, progress)


def _hidden(found: ProgressScores, year: str) -> pl.DataFrame:
    """The schools as they may be seen by others."""
    from redway.attainment.measure_values import school_year
    from redway.attainment.progress_scores import suppressed
    from redway.figures.disclosure import rule_on

    return suppressed(found.schools, rule_on(school_year(year).end).small)


def _renamed(schools: pl.DataFrame) -> pl.DataFrame:
    return schools.rename({old: new for old, new in _COLUMNS.items() if old in schools.columns})


def _as_json(
    found: ProgressScores, year: str, notes: list[str], hidden: pl.DataFrame | None
) -> dict[str, Any]:
    """The whole answer; with schools hidden, without what would give them away."""
    schools = found.schools if hidden is None else hidden
    answer: dict[str, Any] = {
        "measure": "Progress 8",
        "year": year,
        "compared_with": found.groups.source,
        "own_comparison": found.is_own,
        "adjusted": found.is_adjusted,
        "spread": {"value": found.spread.value, "source": found.spread.source, "own": found.spread.own},
        "schools": _renamed(schools).to_dicts(),
        "notes": notes,
    }
    if hidden is None:
        answer |= {
            "n_pupils": found.pupils.height,
            "in_measure": found.in_measure,
            "progress8": found.pupils["adjusted_score"].mean(),
            "left_out": [
                {"reason": reason, "pupils": count, "first": _first(found, reason)}
                for reason, count in found.left_out.items()
            ],
        }
    return answer


def _first(found: ProgressScores, reason: str) -> list[str]:
    """The first pupils who were left out for a reason."""
    import polars as pl

    ids = found.pupils.filter(pl.col("left_out") == reason)["pupil"].head(IDS_SHOWN)
    return [str(one) for one in ids]


def _print(found: ProgressScores, year: str, notes: list[str], hidden: pl.DataFrame | None) -> None:
    print(f"Progress 8, {year}\n")
    schools = found.schools if hidden is None else hidden
    if hidden is None:
        out = found.pupils.height - found.in_measure
        print_facts(
            {
                "Pupils": number(found.pupils.height),
                "In the measure": number(found.in_measure),
                "Left out": number(out) if out else "none",
            }
        )
        for reason, count in found.left_out.items():
            ids = _first(found, reason)
            more = " and more" if count > len(ids) else ""
            print(f"  {number(count)}: {reason} ({', '.join(ids)}{more})")
        print()
    rows = [_row(school) for school in schools.to_dicts()]
    shown = [key for key in _HEADINGS if any(row.get(key) not in (None, "") for row in rows)]
    print_table(
        [_HEADINGS[key] for key in shown],
        [[row.get(key, "") for key in shown] for row in rows],
        right=[_HEADINGS[key] for key in shown if key not in ("urn", "band", "hidden")],
    )
    print("\nHow to read this")
    for note in notes:
        print(f"  - {note}")


def _row(school: dict[str, Any]) -> dict[str, str]:
    """A school as a reader sees it."""
    row = {"urn": str(school["urn"]), "hidden": school.get("hidden") or "", "band": school.get("band") or ""}
    for count in ("pupils", "in_measure"):
        row[count] = number(school[count]) if school.get(count) is not None else ""
    if school.get("adjusted"):
        row["adjusted"] = number(school["adjusted"])
    if school["outcome"] is not None:
        row["outcome"] = number(school["outcome"], 1)
    if school["score"] is not None:
        row["score"] = signed(school["score"], 2)
        row["interval"] = f"{signed(school['lower'], 2)} to {signed(school['upper'], 2)}"
    elif not row["hidden"]:
        row["score"] = "no pupil in it"
    return row
