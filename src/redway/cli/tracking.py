"""``redway tracking``: is each pupil of a cohort on track, from the data folder or from files."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from redway.cli.output import DONE, WRONG_USE, explain, print_json, say
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json
from redway.core.errors import NotFound, RedwayError
from redway.core.words import counted, listed

if TYPE_CHECKING:
    from redway.attainment.tracking import Term
    from redway.cli.tracking_answer import Answer
    from redway.figures.disclosure import Rule

ENDINGS = (".csv", ".xlsx", ".json", ".parquet")


def register(commands: Commands[Parser]) -> None:
    """Add ``tracking school`` and ``tracking files``."""
    group = add_group(commands, "tracking", summary="pupils term by term against what similar pupils reached")
    school = add_command(
        group,
        "school",
        run_school,
        summary="a school's cohort on track, from the data folder",
        description="""
            Counts by standing, movement since the term before, target groups and, with --groups, the gaps
            between groups. Pupils are named only in the file that -o writes; that they were taken away is
            written to the audit trail.
        """,
        examples="""
            redway tracking school 110532
            redway tracking school 110532 --subject maths_points --year-group 10 --groups
            redway tracking school 110532 --suppress --groups --json
            redway tracking school 110532 -o year-11.xlsx
        """,
    )
    school.add_argument("urn", metavar="URN", help="any URN the school has had")
    school.add_argument("--key-stage", choices=("ks2", "ks4"), help="else that of the oldest year group")
    _add_options(school)
    files = add_command(
        group,
        "files",
        run_files,
        summary="a year group on track, from files alone",
        description="""
            PUPILS: one row a pupil: pupil, year_group, prior_attainment and, where held, urn, gender,
            month_of_birth (1 is September), free_school_meals, special_needs, english_additional_language,
            ethnicity, in_care, joined_late, surname, forename.
            ASSESSMENTS: pupil, year_group, term (autumn, spring, summer), subject, assessment on the scale
            of the final result, year (2025-26; else as the file's name says).
            RESULTS: an earlier cohort with its results: urn, prior_attainment, the subject, and, where
            held, gender and month_of_birth. What pupils alike reached there is the estimate.
            Parquet, CSV and workbooks are read.
        """,
        examples="""
            redway tracking files pupils.csv assessments-2025-26.csv results-2024-25.csv
            redway tracking files pupils.parquet assessments.csv results.parquet --subject maths_points
            redway tracking files pupils.csv assessments.csv results.csv --groups -o grid.xlsx
        """,
    )
    files.add_argument("pupils", type=Path, metavar="PUPILS", help="file of the pupils to follow")
    files.add_argument("assessments", type=Path, metavar="ASSESSMENTS", help="file of their assessments")
    files.add_argument("results", type=Path, metavar="RESULTS", help="file of an earlier cohort's results")
    _add_options(files)


def _add_options(parser: Parser) -> None:
    parser.add_argument("--subject", help="such as attainment8, maths_points, reading; else the usual one")
    parser.add_argument("--year-group", type=int, metavar="NUMBER", help="else the oldest there is")
    parser.add_argument("--term", metavar="TERM", help="such as 2025-26-spring; else the newest assessed")
    parser.add_argument("--groups", action="store_true", help="show the gaps between groups as well")
    parser.add_argument("--suppress", action="store_true", help="hide counts of five pupils or fewer")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=f"write the pupils ({', '.join(ENDINGS)})"
    )
    add_json(parser)


def run_school(arguments: argparse.Namespace) -> int:
    """Whatever is wrong with what was asked, the exit code is 2 and nothing is written."""
    try:
        _require_output(arguments, [])
        term = _term(arguments.term)
        from redway.cli.ground import open_store

        open_store()
        from redway.cli.tracking_school import answer_of_school, record_export

        answer, school = answer_of_school(
            arguments.urn,
            key_stage=arguments.key_stage or "",
            subject=arguments.subject or "",
            year_group=arguments.year_group,
            at=term,
            groups=arguments.groups,
            suppress=arguments.suppress,
        )
        if arguments.output:
            record_export(school, answer)
        return _tell(answer, arguments)
    except RedwayError as error:
        explain(error)
        return WRONG_USE


def run_files(arguments: argparse.Namespace) -> int:
    """Whatever is wrong with the files, the exit code is 2 and nothing is written."""
    try:
        named = [str(path) for path in (arguments.pupils, arguments.assessments, arguments.results)]
        _require_output(arguments, named)
        term, today = _term(arguments.term), date.today()  # noqa: DTZ011 - the day where the person sits
        from redway.cli.tracking_answer import Answer
        from redway.cli.tracking_files import follow_files
        from redway.web.attainment.formulas import outcome_named

        subject = arguments.subject or "attainment8"
        found = follow_files(
            arguments.pupils,
            arguments.assessments,
            arguments.results,
            subject,
            arguments.year_group,
            today,
            term,
        )
        at = found.tracked.at
        label = outcome_named(subject).label
        title = f"Year {found.year_group}, {label}"
        answer = Answer(
            f"{title}, {at.label.lower()}" if at else title,
            found.tracked,
            found.model,
            found.year_group,
            arguments.groups,
            _rule(today) if arguments.suppress else None,
        )
        return _tell(answer, arguments)
    except RedwayError as error:
        explain(error)
        return WRONG_USE


def _rule(today: date) -> Rule:
    from redway.figures.disclosure import rule_on

    return rule_on(today)


def _require_output(arguments: argparse.Namespace, files: list[str]) -> None:
    """Refuse a place to write to before anything is read."""
    if arguments.output:
        from redway.cli.value_added import require_ending, require_writable

        require_writable(arguments.output, files)
        require_ending(arguments.output, ENDINGS)


def _term(text: str | None) -> Term | None:
    """The term named. Raises NotFound for what is none."""
    if not text:
        return None
    from redway.attainment.tracking import Term
    from redway.attainment.tracking_rule import TERMS

    year, _, name = text.rpartition("-")
    if not year or name not in TERMS:
        raise NotFound(f"'{text}' is no term.", f"Write it like 2025-26-spring; terms are {listed(TERMS)}.")
    return Term(year, TERMS.index(name))


def _tell(answer: Answer, arguments: argparse.Namespace) -> int:
    if arguments.output:
        from redway.cli.frames import write_file

        pupils = answer.pupils()
        write_file(pupils, answer.title, arguments.output)
        say(f"Wrote {counted(pupils.height, 'pupil')} to {arguments.output}.")
    if arguments.json:
        print_json(answer.as_json())
    elif not arguments.output:
        answer.show()
    return DONE
