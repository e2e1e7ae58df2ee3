"""From files of pupils to the statistics of schools: the reader and the pass, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from redway.attainment.accumulate import Accumulator
from redway.attainment.formula import Formula, parse_formula
from redway.attainment.statistics import SchoolStatistics
from redway.core.words import counted
from redway.datasets.pupil_cells import BLANK, CellReader, Wanted
from redway.datasets.pupil_files import PupilFiles
from redway.datasets.pupil_repeats import NotPupils, Repeats, find_repeats, pupil_key

if TYPE_CHECKING:
    import pyarrow as pa

REPEATED = "entered before under the same pupil id"
"""Why a pupil was left out when later rows of an id are dropped."""

UNREADABLE = (
    "Mend the cells, or leave those pupils out with --unreadable leave-out. "
    "Where the words are categories, write C(column) in the formula."
)


class Engine(StrEnum):
    """Where the pass runs. The statistics are the same to the last digits but a few."""

    DUCKDB = "duckdb"
    """On this machine, block by block."""
    SPARK = "spark"


class Duplicates(StrEnum):
    """What becomes of rows that repeat a pupil's id."""

    KEEP = "keep"
    DROP = "drop"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Reading:
    """How files are read: the columns of the pupil id, and what becomes of rows that are odd."""

    engine: Engine = Engine.DUCKDB
    weights: str | None = None
    pupil: tuple[str, ...] = ()
    duplicates: Duplicates = Duplicates.KEEP
    leave_out_unreadable: bool = False


@dataclass(frozen=True)
class Gathered:
    """The statistics of some files, and what was odd in these."""

    statistics: SchoolStatistics
    repeats: Repeats
    warnings: tuple[str, ...] = ()


def gather(
    files: Sequence[str],
    formula: str | Formula,
    reading: Reading | None = None,
    progress: Callable[[float], None] | None = None,
) -> Gathered:
    """Read files of pupils once and keep what a model of ``formula`` needs.

    Raises FormulaError, NotFound for an absent file, UnknownColumn with the nearest name, UnreadableFile,
    UnfitCells for text or infinity where a number must be, RepeatedPupils when repeats are refused, and
    SparkNotThere where the engine is not installed.
    """
    reading = reading or Reading()
    parsed = parse_formula(formula) if isinstance(formula, str) else formula
    wanted = _wanted(parsed, reading)
    if reading.engine is Engine.SPARK:
        statistics, reader, repeats = _on_spark(files, wanted, parsed, reading)
    else:
        statistics, reader, repeats = _here(files, wanted, parsed, reading, progress)
    if not reading.leave_out_unreadable:
        reader.refuse_unfit(UNREADABLE)
    if reading.duplicates is Duplicates.DROP and repeats.later_rows:
        left_out = {**statistics.left_out, REPEATED: repeats.later_rows}
        statistics = replace(statistics, left_out=left_out)
    return Gathered(statistics, repeats, tuple(_warnings(reader, repeats, reading)))


def _wanted(formula: Formula, reading: Reading) -> Wanted:
    weights = [reading.weights] if reading.weights else []
    # A column that is taken as a category in one term and as a number in another is read as numbers.
    plain = {name for one in formula.factors if one.kind != "category" for name in one.columns}
    return Wanted(
        columns=tuple(dict.fromkeys([*formula.columns, *weights])),
        numbers=formula.number_columns | set(weights),
        words=formula.category_columns - plain,
        labels=frozenset(formula.group_columns),
    )


def _here(
    files: Sequence[str],
    wanted: Wanted,
    formula: Formula,
    reading: Reading,
    progress: Callable[[float], None] | None,
) -> tuple[SchoolStatistics, CellReader, Repeats]:
    with PupilFiles(files, wanted) as pupils:
        key = pupil_key(pupils, reading.pupil)
        repeats = _repeats(lambda: find_repeats(pupils, key, formula.group_columns), reading)
        without = repeats.later if reading.duplicates is Duplicates.DROP else None
        reader = pupils.reader()
        accumulator = Accumulator(formula, reading.weights)
        for batch in pupils.batches(reader, progress, without):
            accumulator.take(batch)
    return accumulator.finish(), reader, repeats


def _repeats(find: Callable[[], Repeats], reading: Reading) -> Repeats:
    """The pupils entered twice, refused where that was asked for.

    A column that is called 'pupil' and does not name pupils (each is in several cohorts, or terms) stops
    nobody who did not ask for the check.
    """
    try:
        repeats = find()
    except NotPupils as error:
        if reading.pupil or reading.duplicates is not Duplicates.KEEP:
            raise
        return Repeats(unchecked=error.message)
    if reading.duplicates is Duplicates.REFUSE:
        repeats.refuse()
    return repeats


def _on_spark(
    files: Sequence[str], wanted: Wanted, formula: Formula, reading: Reading
) -> tuple[SchoolStatistics, CellReader, Repeats]:
    from redway.datasets.spark import SparkPupilFiles

    pupils = SparkPupilFiles(files, wanted)
    key = pupil_key(pupils, reading.pupil)
    repeats = _repeats(lambda: pupils.repeats(key, formula.group_columns), reading)
    drop = reading.duplicates is Duplicates.DROP and repeats.later_rows
    result, reader = pupils.run(PassOnSpark(formula, reading.weights), key if drop else ())
    return SchoolStatistics.from_bytes(result), reader, repeats


@dataclass(frozen=True)
class PassOnSpark:
    """The same pass on each part of the files; statistics travel as bytes and are added."""

    formula: Formula
    weights: str | None

    def of(self, batches: Iterable[pa.RecordBatch]) -> bytes:
        """The statistics of one part; nothing of a part without rows."""
        accumulator = Accumulator(self.formula, self.weights)
        rows = 0
        for batch in batches:
            rows += batch.num_rows
            accumulator.take(batch)
        return accumulator.finish().to_bytes() if rows else b""

    def together(self, results: Iterable[bytes]) -> bytes:
        """The statistics of several parts added; nothing when there are none."""
        added: SchoolStatistics | None = None
        for result in filter(None, results):
            statistics = SchoolStatistics.from_bytes(result)
            added = statistics if added is None else added + statistics
        return b"" if added is None else added.to_bytes()


def _warnings(reader: CellReader, repeats: Repeats, reading: Reading) -> Iterator[str]:
    """What was odd and did not stop the work, each in a sentence."""
    for name, places in reader.unlabelled.items():
        yield f"{counted(places.count, 'row')} without '{name}' left out: {places}."
    for (name, why), places in reader.unfit.items():
        yield f"'{name}' {why} in {counted(places.count, 'row')}, left out: {places}."
    for name, words in reader.missing.items():
        codes = {word: count for word, count in words.items() if word != BLANK}
        if codes and name not in reader.labels:
            shown = ", ".join(f"'{word}' {count:,} times" for word, count in sorted(codes.items()))
            yield f"Taken as missing in '{name}': {shown}."
    if repeats.pupils:
        done = "left out but the first" if reading.duplicates is Duplicates.DROP else "kept"
        yield f"{repeats} The rows were {done}."
    if repeats.unchecked:
        yield f"{repeats.unchecked} No pupil entered twice was looked for: say with --pupil what names them."
    if repeats.without_id:
        yield f"{counted(repeats.without_id, 'row has', 'rows have')} no pupil id and could not be checked."
