"""Pupils who are in the files twice, found by their id wherever in the files the second row lies.

Nobody but the owner of the files can say whether two rows of one id are one pupil entered twice, two
pupils with one id, or a pupil of two schools; so they are listed, and what becomes of them is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from redway.core.errors import RedwayError
from redway.core.words import counted, listed, number
from redway.datasets.pupil_columns import AnySource, require_columns
from redway.datasets.pupil_files import PupilFiles

PUPIL = "pupil"
"""The column of pupil ids in files that use Redway's own names."""
LISTED = 20
PLACES = 4
"""Rows of one pupil that are named."""
FILE, ROW, SCHOOL, CELLS = "_file", "_row", "_school", "_cells"
_ROWS = "_rows"


class RepeatedPupils(RedwayError):  # noqa: N818 - says what happened, as in core
    """Pupil ids that occur more than once, where they were not to."""


class NotPupils(RepeatedPupils):
    """Columns most of whose values occur more than once, so that they name something else than pupils."""


@dataclass(frozen=True)
class Repeat:
    """One pupil id with more than one row. ``exact``: all rows agree in every column that is used."""

    pupil: str
    school: str
    places: str
    exact: bool

    def __str__(self) -> str:
        alike = " (the rows are the same)" if self.exact else ""
        where = f", {self.places}" if self.places else ""
        school = f"school {self.school}, " if self.school else ""
        return f"{school}pupil {self.pupil}{where}{alike}"


@dataclass(frozen=True)
class Repeats:
    """All that is repeated. ``later`` are the rows after the first of each pupil: by file, their numbers."""

    key: tuple[str, ...] = ()
    pupils: int = 0
    exact: int = 0
    """Of these, pupils all of whose rows are the same."""
    later_rows: int = 0
    without_id: int = 0
    unchecked: str = ""
    """Why repeats were not looked for, where they were not."""
    first: tuple[Repeat, ...] = ()
    later: Mapping[int, NDArray[np.int64]] = field(default_factory=dict)

    def __str__(self) -> str:
        said = (
            f"{counted(self.pupils, 'pupil id is', 'pupil ids are')} in the files more than once "
            f"({counted(self.later_rows, 'row')} beyond the first"
        )
        if self.exact:
            same = counted(self.exact, "id has rows that are", "ids have rows that are")
            said += f"; {same} the same in every column used"
        more = self.pupils - len(self.first)
        listed = "; ".join(map(str, self.first))
        return f"{said}): {listed}{f' and {number(more)} more' if more else ''}."

    def refuse(self) -> None:
        """Raise RepeatedPupils when there is any."""
        if self.pupils:
            raise RepeatedPupils(
                str(self), "Mend the files, or keep or drop the rows: --duplicates keep|drop."
            )


class AnyFiles(Protocol):
    """Files of pupils, whichever engine reads them."""

    @property
    def sources(self) -> Sequence[AnySource]: ...


def pupil_key(files: AnyFiles, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns that name a pupil: those asked for, else the canonical one where every file has it.

    Raises UnknownColumn when a file lacks a column that was asked for.
    """
    if asked:
        require_columns(files.sources, asked)
        return tuple(asked)
    return (PUPIL,) if all(PUPIL in source.columns for source in files.sources) else ()


def find_repeats(files: PupilFiles, key: Sequence[str], school: Sequence[str]) -> Repeats:
    """The pupils whose ``key`` occurs in more than one row of all the files; rows without a key are counted.

    Ids are compared as text without spaces around. DuckDB groups them, on disk where memory is short.
    Raises NotPupils when most rows repeat an id: the column then names something else than pupils.
    """
    if not key:
        return Repeats()
    rows, without_id, repeated = _count_ids(files, key)
    require_pupils(key, rows - without_id, int(repeated[_ROWS].sum()) - repeated.height)
    if not repeated.height:
        return Repeats(tuple(key), without_id=without_id)
    found = _rows_of(files, key, school, repeated)
    return describe_repeats(found, key, school, [source.name for source in files.sources], without_id)


def require_pupils(key: Sequence[str], rows: int, later: int) -> None:
    """Raise NotPupils when most rows repeat an earlier one's key, so that it cannot name pupils."""
    if later > rows / 2:
        raise NotPupils(
            f"{listed(map(repr, key))} does not name pupils: {counted(later, 'row')} of {number(rows)} "
            "repeat a value.",
            "Give the columns that do, such as --pupil school,student.",
        )


def _count_ids(files: PupilFiles, key: Sequence[str]) -> tuple[int, int, pl.DataFrame]:
    """All rows, those without a whole key, and the keys of more than one row with how many."""
    ids = key_names(key)
    types = [_type_of_all(files, name) for name in key]
    rows = without_id = 0

    def stream() -> Iterator[pa.RecordBatch]:
        nonlocal rows, without_id
        for _, part in files.parts(key, as_words=False):
            columns = [_cast(part.batch.column(name), kind) for name, kind in zip(key, types, strict=True)]
            named = pc.invert(_any_blank(columns))
            rows += len(named)
            without_id += named.false_count
            batch = pa.RecordBatch.from_arrays(columns, names=ids)
            yield batch.filter(named) if named.false_count else batch

    schema = pa.schema(list(zip(ids, types, strict=True)))
    with duckdb.connect() as connection:
        connection.register("stream", pa.RecordBatchReader.from_batches(schema, stream()))
        names = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in ids)
        repeated = connection.sql(
            f"SELECT {names}, count(*) AS {_ROWS} FROM stream GROUP BY ALL HAVING {_ROWS} > 1"  # noqa: S608 - our own names
        ).pl()
    return rows, without_id, repeated


def key_names(key: Sequence[str]) -> list[str]:
    """Under which names the columns of the key stand as text without spaces around."""
    return [f"_id{place}" for place in range(len(key))]


def _type_of_all(files: PupilFiles, column: str) -> pa.DataType:
    """Whole numbers where every file has them, else text."""
    whole = all(pa.types.is_integer(source.type_of(column)) for source in files.sources)
    return pa.int64() if whole else pa.large_string()


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column.cast(kind) if pa.types.is_integer(kind) else pc.utf8_trim_whitespace(_text(column))


def _any_blank(columns: Sequence[pa.Array]) -> pa.BooleanArray:
    """Rows in which a part of the key is not there."""
    blank = columns[0].is_null()
    for column in columns:
        blank = pc.or_(blank, column.is_null())
        if not pa.types.is_integer(column.type):
            blank = pc.or_(blank, pc.equal(column, "").fill_null(fill_value=True))
    return blank


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.large_string())


def _rows_of(
    files: PupilFiles, key: Sequence[str], school: Sequence[str], repeated: pl.DataFrame
) -> pl.DataFrame:
    """The rows of some keys, in the order of the files. Of the cells only a hash is kept, and the school."""
    used = list(dict.fromkeys([*key, *files.wanted.columns]))
    ids, found = key_names(key), []
    for place, part in files.parts(used):
        texts = pl.DataFrame(
            {name: pl.Series(pl.from_arrow(_text(part.batch.column(name)))) for name in used}
        )
        rows = texts.select(
            *(pl.col(name).str.strip_chars().alias(alias) for name, alias in zip(key, ids, strict=True)),
            pl.concat_str(school, separator=":").alias(SCHOOL),
            pl.struct(used).hash().alias(CELLS),
            pl.lit(place, pl.Int64).alias(FILE),
            pl.Series(ROW, np.asarray(part.rows), pl.Int64),
        )
        found.append(rows.join(repeated.select(ids), on=ids, how="semi", maintain_order="left"))
    return pl.concat(found)


def describe_repeats(
    rows: pl.DataFrame, key: Sequence[str], school: Sequence[str], names: Sequence[str], without_id: int
) -> Repeats:
    """The repeated pupils in their order in the files: of which school, and are their rows the same?

    ``rows`` are theirs, in order: the key (``key_names``), SCHOOL, a hash of the CELLS used, the place of the
    FILE in ``names``, and the ROW, null where rows have no numbers.
    """
    ids = key_names(key)
    pupils = rows.group_by(ids, maintain_order=True).agg(
        (pl.col(CELLS).n_unique() == 1).alias("exact"),
        pl.col(SCHOOL).first().alias("school"),
        pl.struct(FILE, ROW).head(PLACES).alias("places"),
    )
    later = rows.filter(~pl.struct(ids).is_first_distinct())
    named = [name for name, column in zip(ids, key, strict=True) if column not in school]
    return Repeats(
        key=tuple(key),
        pupils=pupils.height,
        exact=int(pupils["exact"].sum()),
        later_rows=later.height,
        without_id=without_id,
        first=tuple(
            Repeat(", ".join(one[name] for name in named), one["school"] or "", where, one["exact"])
            for one in pupils.head(LISTED).to_dicts()
            for where in [_places(one["places"], names)]
        ),
        later={int(str(file)): theirs[ROW].to_numpy() for (file,), theirs in later.group_by(FILE)},
    )


def _places(places: Sequence[Mapping[str, int | None]], names: Sequence[str]) -> str:
    """'rows 5 and 9 of a.csv', or each row with its file where they lie in several."""
    shown = [(one[ROW], names[one[FILE] or 0]) for one in places]
    files = list(dict.fromkeys(name for _, name in shown))
    rows = [row for row, _ in shown if row is not None]
    if len(rows) < len(shown):
        return listed(files)
    if len(files) == 1:
        return f"rows {listed(map(number, rows))} of {files[0]}"
    return listed(
        [f"row {number(row)} of {name}" for row, name in zip(rows, (n for _, n in shown), strict=True)]
    )
