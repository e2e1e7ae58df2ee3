"""``redway value-added``: what schools add, from files of pupils or from statistics that were shared."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.output import DONE, NOT_DONE, WRONG_USE, explain, json_text, print_json, say
from redway.cli.parsers import Commands, Parser, Run, add_command, add_group, add_json
from redway.core.errors import NotFound, RedwayError
from redway.core.words import counted, listed, number

if TYPE_CHECKING:
    from redway.attainment.statistics import SchoolStatistics

ABOUT_FIT = """
The model is the one of contextual value added: an outcome, what pupils brought with them, and the school.
Each school's effect comes shrunken, with comparative, conditional and diagnostic standard errors and a 95%
interval.

The formula is in R's notation: OUTCOME ~ PREDICTOR + ... + (1 | SCHOOL). Columns of text are categories;
C(x) takes a number as one. a:b is an interaction, I(x**2) a power, (1 + x | SCHOOL) a slope for each
school, school_mean(x) the mean of the school's own pupils.

In --json, 'deviance' is -2 log-likelihood; of a REML fit it is the REML criterion.
"""
ABOUT_STATISTICS = """
The file holds nothing of one pupil, can be fitted any number of times in milliseconds, and can be added to
others. The sums of a school of very few pupils are those pupils: --share adds schools of five pupils or
fewer together in one row, and says what small groups can still be counted.
"""
EXAMPLE = '"attainment8 ~ prior_attainment + (1 | urn)"'


class WrongQuestion(NotFound):
    """A command that names too little or too much."""


def register(commands: Commands[Parser]) -> None:
    """Add ``value-added`` with its commands."""
    group = add_group(commands, "value-added", summary="what schools add, and how sure that is")
    _register_fit(group)
    _register_statistics(group)
    _register_add(group)
    _register_compare(group)


def _register_fit(group: Commands[Parser]) -> None:
    fit = add_command(
        group,
        "fit",
        _bad_input_is_wrong_use(run_fit),
        summary="fit a two-level model, pupils in schools, and show what each school adds",
        description=ABOUT_FIT,
        examples=f"""
            redway value-added fit pupils.parquet {EXAMPLE}
            redway value-added fit 2024.csv 2025.csv.gz "attainment8 ~ C(year) * prior_attainment + (1 | urn)"
            redway value-added fit pupils.csv {EXAMPLE} --json
            redway value-added fit pupils.csv {EXAMPLE} --suppress -o schools.xlsx
            redway value-added fit --from region.statistics
        """,
    )
    fit.usage = (
        'redway value-added fit FILE... "FORMULA" [options]\n       or: fit --from STATISTICS ["FORMULA"]'
    )
    _add_words(fit)
    _add_from(fit)
    _add_method(fit)
    fit.add_argument(
        "--collinear",
        choices=("drop", "refuse"),
        default="drop",
        help="a column that follows from others is dropped with a warning (the default), or refused",
    )
    _add_reading(fit)
    fit.add_argument(
        "--order", choices=("group", "effect"), default="group", help="schools by key, or by effect"
    )
    fit.add_argument(
        "--suppress",
        action="store_true",
        help="hide the figures of schools of five pupils or fewer; in files (-o) they always are",
    )
    fit.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the schools (.csv, .xlsx) or all (.json)"
    )
    add_json(fit)


def _register_statistics(group: Commands[Parser]) -> None:
    statistics = add_command(
        group,
        "statistics",
        _bad_input_is_wrong_use(run_statistics),
        summary="keep of pupils what a model needs: counts, sums and cross-products of schools",
        description=ABOUT_STATISTICS,
        examples=f"""
            redway value-added statistics pupils.parquet {EXAMPLE} -o ours.statistics
            redway value-added statistics pupils.csv {EXAMPLE} --share -o ours.statistics
            redway value-added fit --from ours.statistics
        """,
    )
    statistics.usage = 'redway value-added statistics FILE... "FORMULA" -o STATISTICS [options]'
    statistics.set_defaults(source=None)
    _add_words(statistics)
    _add_output(statistics)
    statistics.add_argument(
        "--share",
        action="store_true",
        help="make them fit to leave the authority: pool schools of few pupils",
    )
    _add_reading(statistics)
    add_json(statistics)


def _register_add(group: Commands[Parser]) -> None:
    add = add_command(
        group,
        "add",
        _bad_input_is_wrong_use(run_add),
        summary="add statistics of other files, other days or other authorities",
        description="""
            The result is what all pupils together would have given, a school of two files having the pupils
            of both. The statistics must be of the same formula.
        """,
        examples="""
            redway value-added add bedford.statistics luton.statistics -o region.statistics
            redway value-added fit --from region.statistics
        """,
    )
    add.add_argument("files", nargs="+", type=Path, metavar="STATISTICS", help="files of statistics")
    _add_output(add)
    add_json(add)


def _register_compare(group: Commands[Parser]) -> None:
    compare = add_command(
        group,
        "compare",
        _bad_input_is_wrong_use(run_compare),
        summary="is a larger model better than a smaller one, beyond chance?",
        description="""
            A likelihood-ratio test. Both models are fitted to the same pupils: those who have everything that
            the larger one needs. Models with different predictors are compared by ML.
        """,
        examples="""
            redway value-added compare pupils.csv "y ~ x + (1 | urn)" "y ~ x + gender + (1 | urn)"
            redway value-added compare pupils.csv "y ~ x + (1 | urn)" "y ~ x + (1 + x | urn)" --method reml
            redway value-added compare --from ours.statistics "y ~ x + (1 | urn)"
        """,
    )
    compare.usage = (
        'redway value-added compare FILE... "SMALLER" "LARGER" [options]\n'
        '       or: compare --from STATISTICS "SMALLER" ["LARGER"]'
    )
    _add_words(compare)
    _add_from(compare)
    _add_method(compare, default="ml")
    _add_reading(compare)
    add_json(compare)


def _add_words(parser: Parser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FILE... FORMULA",
        help="files of pupils (Parquet, CSV, workbook), formula",
    )


def _add_from(parser: Parser) -> None:
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="STATISTICS", help="a file of statistics, not pupils"
    )


def _add_method(parser: Parser, default: str = "reml") -> None:
    parser.add_argument(
        "--method", choices=("reml", "ml"), default=default, help=f"how it is fitted ({default})"
    )


def _add_output(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="STATISTICS", help="file to write"
    )


def _add_reading(parser: Parser) -> None:
    reading = parser.add_argument_group("how files are read")
    reading.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="on this machine in blocks (duckdb, the default), or on Spark; the answers are the same",
    )
    reading.add_argument("--weights", metavar="COLUMN", help="column of weights of pupils")
    reading.add_argument(
        "--pupil",
        metavar="COLUMN[,COLUMN]",
        default="",
        help="columns that name a pupil, to find those entered twice ('pupil' where there is one)",
    )
    reading.add_argument(
        "--duplicates",
        choices=("keep", "drop", "refuse"),
        default="keep",
        help="rows that repeat a pupil: keep with a warning (the default), drop all but the first, refuse",
    )
    reading.add_argument(
        "--unreadable",
        choices=("refuse", "leave-out"),
        default="refuse",
        help="text or infinity in a column of numbers: refuse (the default), or leave those pupils out",
    )


def _bad_input_is_wrong_use(run: Run) -> Run:
    """Whatever is wrong with what was given, the exit code is 2; 1 is for Spark that would not run."""

    @wraps(run)
    def answering(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except RedwayError as error:
            explain(error)
            from redway.datasets.spark import SparkFailed, SparkNotThere

            return NOT_DONE if isinstance(error, SparkFailed | SparkNotThere) else WRONG_USE

    return answering


def run_fit(arguments: argparse.Namespace) -> int:
    files, formulas = _split(arguments, needed=0 if arguments.source else 1, at_most=1)
    if arguments.output:
        require_writable(arguments.output, files)
        require_ending(arguments.output, (".csv", ".xlsx", ".json", ".parquet"))
    statistics, warnings = _gather(arguments, files, formulas)
    from redway.attainment.effects import school_effects
    from redway.attainment.two_level import fit
    from redway.cli.model_answer import answer, small_school_warning

    fitted = fit(statistics, method=arguments.method, collinear=arguments.collinear)
    effects = school_effects(fitted)
    if arguments.suppress or arguments.output:
        effects = effects.suppressed()
        # Rows and ids are for whoever has the files, not for whoever gets the answer.
        _say_all(warnings)
        warnings = []
    elif said := small_school_warning(statistics):
        warnings = [said, *warnings]
    found = answer(fitted, effects, warnings, by_effect=arguments.order == "effect")
    if arguments.output:
        _write_answer(arguments.output, found)
    if arguments.json:
        print_json(found)
    elif not arguments.output:
        from redway.cli.model_page import print_fit

        print_fit(fitted, effects, warnings)
    else:
        _say_all(found["warnings"])
    return DONE


def run_statistics(arguments: argparse.Namespace) -> int:
    files, formulas = _split(arguments, needed=1, at_most=1)
    require_writable(arguments.output, files)
    statistics, warnings = _gather(arguments, files, formulas)
    from redway.cli.model_answer import small_schools

    if arguments.share:
        from redway.attainment.sharing import pooled

        warnings += _small_categories(statistics)
        few = small_schools(statistics)
        statistics = pooled(statistics)
        if few:
            warnings.append(f"{counted(few, 'school')} of few pupils were added together in one row.")
    elif few := small_schools(statistics):
        warnings.append(
            f"{counted(few, 'school has', 'schools have')} so few pupils that sums tell of them: "
            "make a file that leaves the authority with --share."
        )
    _save(statistics, arguments)
    _say_all(warnings)
    return DONE


def run_add(arguments: argparse.Namespace) -> int:
    if len({path.resolve() for path in arguments.files}) < len(arguments.files):
        raise WrongQuestion("A file of statistics is named twice.", "Its pupils would count double.")
    require_writable(arguments.output, [])
    first, *others = [_read_statistics(path) for path in arguments.files]
    for path, other in zip(arguments.files[1:], others, strict=True):
        try:
            first = first + other
        except RedwayError as error:
            raise type(error)(f"{path.name}: {error.message}", error.next_step) from None
    _save(first, arguments)
    return DONE


def run_compare(arguments: argparse.Namespace) -> int:
    files, formulas = _split(arguments, needed=1 if arguments.source else 2, at_most=2)
    statistics, warnings = _gather(arguments, files, formulas[1:])
    from redway.attainment.model_comparison import likelihood_ratio
    from redway.attainment.smaller_model import smaller_model
    from redway.attainment.two_level import fit
    from redway.cli.model_answer import comparison

    larger = fit(statistics, method=arguments.method)
    smaller = fit(smaller_model(statistics, formulas[0]), method=arguments.method)
    test = likelihood_ratio(smaller, larger)
    found = comparison(smaller, larger, test) | {"warnings": warnings}
    if arguments.json:
        print_json(found)
    else:
        from redway.cli.model_page import print_comparison

        print_comparison(found, test)
        _say_all(warnings)
    return DONE


def _split(arguments: argparse.Namespace, *, needed: int, at_most: int) -> tuple[list[str], list[str]]:
    """The words as files and, behind these, formulas. Raises WrongQuestion for too few or too many."""
    words = list(arguments.words)
    formulas: list[str] = []
    while words and len(formulas) < at_most and "~" in words[-1] and not Path(words[-1]).exists():
        formulas.insert(0, words.pop())
    if len(formulas) < needed:
        what = "The formula is missing." if needed == 1 else "Two formulas are needed, the smaller first."
        raise WrongQuestion(what, f"Write it behind the files, between quotation marks, such as {EXAMPLE}.")
    if arguments.source and words:
        raise WrongQuestion(
            f"--from takes the statistics of pupils read before, and {words[0]} is another file.",
            "Leave out one of the two. Statistics are added with: redway value-added add",
        )
    if not arguments.source and not words:
        raise WrongQuestion("No file of pupils is named.", "Name one or more before the formula.")
    return words, formulas


def _gather(
    arguments: argparse.Namespace, files: Sequence[str], formulas: Sequence[str]
) -> tuple[SchoolStatistics, list[str]]:
    """The statistics asked for: read from a file of them, or gathered from pupils."""
    if arguments.source:
        from redway.attainment.smaller_model import smaller_model

        statistics = _read_statistics(arguments.source)
        return (smaller_model(statistics, formulas[0]) if formulas else statistics), []
    from redway.cli.progress import files_bar
    from redway.cli.pupil_pass import Duplicates, Engine, Reading, gather

    reading = Reading(
        engine=Engine(arguments.engine),
        weights=arguments.weights,
        pupil=tuple(name.strip() for name in arguments.pupil.split(",") if name.strip()),
        duplicates=Duplicates(arguments.duplicates),
        leave_out_unreadable=arguments.unreadable == "leave-out",
    )
    with files_bar() as show:
        gathered = gather(files, formulas[0], reading, lambda share: show("Reading pupils", share))
    return gathered.statistics, list(gathered.warnings)


def _small_categories(statistics: SchoolStatistics) -> list[str]:
    """What a school's sums still tell of small groups of pupils."""
    from redway.attainment.sharing import small_counts
    from redway.attainment.statistics import StatisticsError

    try:
        small = small_counts(statistics)
    except StatisticsError as error:
        return [error.message]
    said = [
        f"In {counted(schools, 'school')} the sums tell that there are one to five pupils of '{category}'."
        for category, schools in small.items()
    ]
    return [*said, "Leave such a category out, or share only where that is agreed."] if said else []


def _read_statistics(path: Path) -> SchoolStatistics:
    from redway.attainment.packed_arrays import PackingError
    from redway.attainment.statistics import SchoolStatistics

    try:
        return SchoolStatistics.from_bytes(path.read_bytes())
    except PackingError as error:
        raise PackingError(f"{path.name}: {error.message}", error.next_step) from None


def _save(statistics: SchoolStatistics, arguments: argparse.Namespace) -> None:
    from redway.cli.frames import replacing
    from redway.cli.model_answer import record_of

    with replacing(arguments.output) as target:
        target.write(statistics.to_bytes())
    if arguments.json:
        print_json(record_of(statistics))
    pupils = number(int(statistics.pupils.sum()))
    schools = counted(len(statistics.schools), "school")
    say(f"Wrote the statistics of {pupils} pupils in {schools} to {arguments.output}.")


def _write_answer(path: Path, found: dict[str, Any]) -> None:
    """The whole answer as JSON, or the schools as a table."""
    from redway.cli.frames import replacing, write_file

    if path.suffix.lower() == ".json":
        with replacing(path) as target:
            target.write(json_text(found).encode())
    else:
        import polars as pl

        rows = [
            {name: value for name, value in one.items() if name != "slopes"}
            | {f"slope of {term}": value for term, value in (one.get("slopes") or {}).items()}
            for one in found["groups"]
        ]
        write_file(pl.DataFrame(rows, infer_schema_length=None), "What schools add", path)
    say(f"Wrote {counted(len(found['groups']), 'school')} to {path}.")


def require_writable(path: Path, files: Sequence[str]) -> None:
    """Refuse, before anything is read, a place where nothing can be written, or that holds the pupils."""
    if not path.absolute().parent.is_dir():
        raise WrongQuestion(f"There is no folder {path.parent} to write to.", "Make it first.")
    if path.is_dir():
        raise WrongQuestion(f"{path} is a folder.", "Name a file in it.")
    if path.exists() and any(Path(file).exists() and path.samefile(file) for file in files):
        raise WrongQuestion(f"{path} holds the pupils and would be overwritten.", "Choose another name.")


def require_ending(path: Path, endings: Sequence[str]) -> None:
    """Raise WrongQuestion unless the end of the name says how the file is written."""
    if path.suffix.lower() not in endings:
        raise WrongQuestion(
            f"'{path.name}' does not say how to write it.", f"End its name in {listed(endings, 'or')}."
        )


def _say_all(warnings: Sequence[str]) -> None:
    for warning in warnings:
        say(f"Beware: {warning}")
