"""Pupil files on Spark, for data that already lies on a cluster: the same cells, read by the same reader.

Spark splits the files and gives each part's rows to Python as Arrow batches; what a part comes to is a few
bytes, and only these are collected. Spark is added, never required: nothing is imported before it is asked
for.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import pickle
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl
import pyarrow as pa

from redway.core.errors import NotFound, RedwayError
from redway.core.words import listed
from redway.datasets.delimited import DelimitedTable, is_gzip
from redway.datasets.errors import UnreadableFile
from redway.datasets.pupil_cells import CellReader, ColumnKind, Wanted, WordCount
from redway.datasets.pupil_columns import no_pupils, require_cells, require_columns, settled_kind
from redway.datasets.pupil_repeats import (
    CELLS,
    FILE,
    ROW,
    SCHOOL,
    Repeats,
    describe_repeats,
    key_names,
    require_pupils,
)
from redway.datasets.read import FileKind, detect_kind

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

Job = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

JOINED_IN = 8
"""So many processes join the results of all parts, so that what is collected does not grow with the files."""


class Work(Protocol):
    """What is done with the rows: it is sent to Spark's processes, so it must be possible to pickle it."""

    def of(self, batches: Iterable[pa.RecordBatch]) -> bytes:
        """What the rows of one part come to; a part may be without rows."""

    def together(self, results: Iterable[bytes]) -> bytes:
        """What several parts come to."""


class SparkNotThere(RedwayError):  # noqa: N818 - says what happened, as in core
    """Spark, or the Java it runs on, is not installed."""


class SparkFailed(RedwayError):  # noqa: N818 - says what happened, as in core
    """Spark gave up."""


def open_session() -> SparkSession:
    """The session there is; else the one the environment names; else Spark on all cores of this machine.

    Raises SparkNotThere with what to install. Spark's own chatter does not reach standard error.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkNotThere("Spark is not installed.", _INSTALL) from None
    if importlib.util.find_spec("pandas") is None:
        raise SparkNotThere("Spark hands rows to Python through pandas, which is not installed.", _INSTALL)
    found = SparkSession.getActiveSession()
    if found is not None:
        return found
    elsewhere = any(os.environ.get(name) for name in _NAMED_ELSEWHERE)
    if not elsewhere and not _has_java():
        raise SparkNotThere(
            "Spark needs Java, and there is none.", "Install Java 17, or set JAVA_HOME to it."
        )
    builder = SparkSession.builder.appName("redway").config("spark.ui.showConsoleProgress", "false")
    if not elsewhere:
        # Spark's processes on this machine find Python and this package where they were found here.
        source = str(Path(__file__).parents[2])
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = (
            builder.master("local[*]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", JOINED_IN)
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "60000")
        )
    try:
        with _quiet():
            return builder.getOrCreate()
    except Exception as error:
        raise SparkFailed(
            f"Spark did not start: {_first_line(error)}", "Check its settings and Java 17."
        ) from None


_INSTALL = "Install it with: pip install 'redway[spark]' (it needs Java 17)."
_NAMED_ELSEWHERE = ("PYSPARK_SUBMIT_ARGS", "PYSPARK_GATEWAY_PORT", "SPARK_REMOTE")
"""Settings by which a cluster is named; the session then is what they say."""


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool((home and (Path(home) / "bin" / "java").exists()) or shutil.which("java"))


@contextmanager
def _quiet() -> Iterator[None]:
    """Give processes started meanwhile nowhere to write: Java keeps its standard error for life."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@dataclass(frozen=True)
class SparkSource:
    """One file, or one folder of parts, as Spark sees it."""

    name: str
    frame: DataFrame
    is_text: bool

    @property
    def columns(self) -> list[str]:
        return list(self.frame.columns)

    def type_of(self, column: str) -> pa.DataType:
        """The Arrow type in which Spark hands a column over."""
        from pyspark.sql.pandas.types import to_arrow_type

        return to_arrow_type(self.frame.schema[column].dataType)


class SparkPupilFiles:
    """The same as ``PupilFiles``, read by Spark. Paths are local, or any address that Spark reads.

    Rows of a file on Spark have no numbers: what is odd is named by its file and value.
    """

    def __init__(
        self, paths: Iterable[str | Path], wanted: Wanted, session: SparkSession | None = None
    ) -> None:
        self.wanted = wanted
        self._session = session or open_session()
        with _in_words():
            self.sources = [_open(self._session, str(path)) for path in paths]
        require_columns(self.sources, wanted.columns)
        require_cells(self.sources, wanted.columns)
        self.kinds = self._kinds()

    def _kinds(self) -> dict[str, ColumnKind]:
        settled = {name: settled_kind(name, self.sources, self.wanted) for name in self.wanted.columns}
        doubtful = [name for name, kind in settled.items() if kind is None]
        count = WordCount()
        if doubtful:
            texts = [source for source in self.sources if source.is_text]
            columns = [_quote(name) for name in doubtful]
            for part in self._collect([(source.frame.select(*columns), _count_words) for source in texts]):
                count.add(part)
        return {name: kind or count.kind(name) for name, kind in settled.items()}

    def run(self, work: Work, without_later: Sequence[str] = ()) -> tuple[bytes, CellReader]:
        """What ``work`` makes of the files, and the reader that has seen all their cells.

        ``without_later`` names the key of which only the first row in the order of the files is kept.
        Raises NoPupils when the files hold no row.
        """
        columns = [_quote(name) for name in self.wanted.columns]
        frames = [(source.frame, source.name) for source in self.sources]
        if without_later:
            with _in_words():
                frames = [(self._first_rows(without_later), listed(self._names, "or"))]
        reader = CellReader(self.kinds, self.wanted.labels)
        jobs = [(frame.select(*columns), _Pass(work, name, reader)) for frame, name in frames]
        results = []
        for result, seen in self._collect(jobs, _Join(work)):
            reader.add(seen)
            results.append(result)
        if not reader.rows:
            raise no_pupils(self._names)
        return work.together(results), reader

    @property
    def _names(self) -> list[str]:
        return [source.name for source in self.sources]

    def _collect(self, jobs: Sequence[tuple[DataFrame, Job]], join: Job | None = None) -> list[Any]:
        """What the jobs make of the parts of their frames, joined where there is a way to."""
        with _in_words(), warnings.catch_warnings():
            # Spark warns of libraries newer than itself; nothing here depends on what they changed.
            warnings.simplefilter("ignore", FutureWarning)
            parts = [frame.mapInArrow(job, _RESULT) for frame, job in jobs]
            results = reduce(lambda one, other: one.union(other), parts)
            if join is not None:
                results = results.repartition(JOINED_IN).mapInArrow(join, _RESULT)
            found = [pickle.loads(row["result"]) for row in results.collect()]  # noqa: S301 - our own code's
            _raise_first(found)
            return found

    def repeats(self, key: Sequence[str], school: Sequence[str]) -> Repeats:
        """The pupils whose ``key`` occurs in more than one row, as ``find_repeats`` finds them."""
        if not key:
            return Repeats()
        from pyspark.sql import functions as f

        ids = key_names(key)
        with _in_words():
            rows = self._in_order(key)
            named = rows.where(_is_named(ids))
            total, with_id = rows.count(), named.count()
            repeated = named.groupBy(*ids).count().where("count > 1")
            require_pupils(key, with_id, with_id - named.select(*ids).distinct().count())
            cells = f.xxhash64(*(f.col(_quote(name)).cast("string") for name in self._used(key)))
            label = f.concat_ws(":", *(f.col(_quote(name)).cast("string") for name in school))
            found = (
                named.join(f.broadcast(repeated.select(*ids)), ids, "left_semi")
                .orderBy(*_ORDER)
                .select(*ids, label.alias(SCHOOL), cells.alias(CELLS), FILE)
            )
            frame = pl.DataFrame(pl.from_arrow(found.toArrow()))
        if not frame.height:
            return Repeats(tuple(key), without_id=total - with_id)
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias(ROW))
        return describe_repeats(frame, key, school, self._names, total - with_id)

    def _first_rows(self, key: Sequence[str]) -> DataFrame:
        """Of each pupil the first row; every row without a key."""
        from pyspark.sql import Window
        from pyspark.sql import functions as f

        ids = key_names(key)
        rows = self._in_order(key)
        first = Window.partitionBy(*ids).orderBy(*_ORDER)
        named = rows.where(_is_named(ids)).withColumn("_place", f.row_number().over(first))
        return named.where("_place = 1").drop("_place").unionByName(rows.where(~_is_named(ids)))

    def _used(self, key: Sequence[str]) -> list[str]:
        return list(dict.fromkeys([*key, *self.wanted.columns]))

    def _in_order(self, key: Sequence[str]) -> DataFrame:
        """All rows of all files: the columns used, the key as text, and what puts them in the files' order.

        A column of which files have different types is text.
        """
        from pyspark.sql import functions as f

        used = self._used(key)
        mixed = {name for name in used if len({source.type_of(name) for source in self.sources}) > 1}
        parts = []
        for place, source in enumerate(self.sources):
            cells = [
                f.col(_quote(name)).cast("string").alias(name) if name in mixed else f.col(_quote(name))
                for name in used
            ]
            ids = [
                f.trim(f.col(_quote(name)).cast("string")).alias(alias)
                for name, alias in zip(key, key_names(key), strict=True)
            ]
            order = [
                f.lit(place).cast("bigint").alias(FILE),
                f.col("_metadata.file_path").alias("_path"),
                f.col("_metadata.file_block_start").alias("_start"),
                f.monotonically_increasing_id().alias("_at"),
            ]
            parts.append(source.frame.select(*cells, *ids, *order))
        return reduce(lambda one, other: one.unionByName(other), parts)


_RESULT = "result binary"
_ORDER = [FILE, "_path", "_start", "_at"]
_TEXT_ENDS = (".csv", ".csv.gz", ".tsv", ".txt")
_JAVA_NAMES = {"utf8": "UTF-8"}


@dataclass(frozen=True)
class _Pass:
    """The work on the rows of one part, in a process of Spark's own."""

    work: Work
    name: str
    reader: CellReader

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        # The reader came pickled: each part has its own, which has seen nothing yet.
        reader = self.reader
        try:
            result = self.work.of(reader.take(batch, self.name) for batch in batches)
        except RedwayError as error:
            yield _as_row(error)
        else:
            yield _as_row((result, reader))


@dataclass(frozen=True)
class _Join:
    """Joins the results of several parts."""

    work: Work

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        parts = [pickle.loads(row) for batch in batches for row in batch["result"].to_pylist()]  # noqa: S301 - our own code's
        if not parts:
            return
        try:
            _raise_first(parts)
            result = self.work.together(result for result, _ in parts)
        except RedwayError as error:
            yield _as_row(error)
            return
        reader = parts[0][1]
        for _, other in parts[1:]:
            reader.add(other)
        yield _as_row((result, reader))


def _raise_first(parts: Iterable[object]) -> None:
    """Raise what was wrong with a part, if anything was: it travels as a result and is not lost in a log."""
    for part in parts:
        if isinstance(part, RedwayError):
            raise part


def _count_words(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    count = WordCount()
    for batch in batches:
        count.take(batch)
    yield _as_row(count)


def _as_row(result: object) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([pickle.dumps(result)], pa.binary())], names=["result"])


def _quote(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _is_named(ids: Sequence[str]) -> Column:
    """Whether a row has its whole key."""
    from pyspark.sql import functions as f

    return reduce(lambda one, other: one & other, (f.coalesce(f.col(name), f.lit("")) != "" for name in ids))


def _open(session: SparkSession, path: str) -> SparkSource:
    """Parquet, or text with its header in the first row; elsewhere than here the end of the name tells."""
    name = path.rstrip("/").rpartition("/")[2]
    local = Path(path.removeprefix("file://"))
    if "://" in path and not path.startswith("file://"):
        if not name.endswith(_TEXT_ENDS):
            return SparkSource(name, session.read.parquet(path), is_text=False)
        header = session.read.text(path).limit(1).collect()
        cells = next(csv.reader([header[0][0]])) if header else []
        return _text(session, name, path, cells, ",", "utf8")
    if not local.exists():
        raise NotFound(f"There is no file {local}.", "Check the spelling of its name.")
    address = local.absolute().as_uri()
    if local.is_dir() or (not is_gzip(local) and detect_kind(local) is FileKind.PARQUET):
        return SparkSource(name, session.read.parquet(address), is_text=False)
    table = DelimitedTable(local)
    return _text(session, name, address, table.head[0], table.separator, table.encoding.name)


def _text(
    session: SparkSession, name: str, path: str, header: Sequence[str], separator: str, encoding: str
) -> SparkSource:
    names = [cell.strip().removeprefix("\ufeff") for cell in header]
    if encoding not in _JAVA_NAMES:
        # Since its fourth edition Spark reads the old encodings of Windows only when told so.
        session.conf.set("spark.sql.legacy.javaCharsets", "true")
    frame = session.read.option("columnPruning", value=False).csv(
        path,
        schema=", ".join(f"{_quote(column)} string" for column in names),
        header=True,
        sep=separator,
        encoding=_JAVA_NAMES.get(encoding, encoding),
        escape='"',
        # A row with a cell too many or too few stops the reading, as it does elsewhere.
        mode="FAILFAST",
    )
    return SparkSource(name, frame, is_text=True)


@contextmanager
def _in_words() -> Iterator[None]:
    """What Spark complains about, as a sentence."""
    try:
        yield
    except RedwayError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        if "MALFORMED_RECORD" in said or "Malformed" in said:
            raise UnreadableFile(
                "A row has more or fewer cells than the header.",
                "Run the command again with --engine duckdb, which names the row.",
            ) from None
        raise SparkFailed(f"Spark could not finish: {_first_line(error)}", _TRY_HERE) from None


_TRY_HERE = "The same command with --engine duckdb reads the files on this machine."


def _first_line(error: Exception) -> str:
    """What happened, on one line: of an error in Python the last line of its report."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[A-Za-z_.]+(Error|Exception)\b.*:", line)]
    told = raised[0] if any("Traceback" in line for line in lines) and raised else "".join(lines[:1])
    return told[:300] or type(error).__name__
