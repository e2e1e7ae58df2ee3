"""Check a table cell by cell and give it the shape of a committed version.

Columnar throughout: a block of rows is one Polars frame, each column is read at once.

The rule on what is rejected:

- A cell that cannot be read as its kind is an error. In a measure the figure is missing with the reason
  'rejected'; elsewhere the cell is empty. The row stays.
- A row whose key cannot be read, is blank, has no period, or repeats the key of an earlier row, is rejected:
  nobody could say what its figures are about. A file with a rejected row is held until a person accepts it
  without those rows.
- Rows that a format's row rules leave out, that are wholly blank, or that repeat an earlier row in every cell
  are counted, not rejected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from redway.core.periods import Period, PeriodKind
from redway.datasets.cells import IDENTIFIERS, Cells, read_cells
from redway.datasets.codes import codes_for
from redway.datasets.dating import Span, read_periods
from redway.datasets.errors import Stopped
from redway.datasets.format import Column, Kind
from redway.datasets.fractions import FractionWatch
from redway.datasets.plan import LEVEL, MISSING, PERIOD, Plan
from redway.datasets.row_rules import EXCLUDED, RowRules, matches
from redway.datasets.table import ROW, Block

MOSTLY_UNREADABLE = 0.5
"""A column with more than this share of its filled cells unreadable is probably not what it was taken for."""
MOST_REPEATS = 100_000
"""With more repeated keys than this the table is plainly not what it was taken for."""
NARROWEST_SCOPE = 5
"""A file about at most this many authorities covers part of the country, and says which in its scope."""
NARROWEST_SCOPE_OF_PUPILS = 25
"""The same for files of pupils: children of one authority go to school, or live in care, in many others."""

_NO_PERIOD = (
    "No period can be read from it, so the row was left out. Write a year as 2016-17, a day as 2018-08-31."
)
_NO_KEY = (
    "The row cannot be told from others without it, so it was left out. Mend the cell, or delete the row."
)
_UNKNOWN_SCHOOL = "No school in the register has this URN. Mend it, or bring the register up to date."
_NO_AUTHORITY = (
    "It names no school that the register knows, so nobody could say in which authority the pupil is: the "
    "row was left out. Mend it, bring in the register of schools, or add a column LA with the authority's "
    "number."
)
PROBLEMS_SCHEMA = {"row": pl.Int64, "column": pl.String, "value": pl.String, "message": pl.String}


@dataclass(frozen=True)
class CheckedBlock:
    """Rows ready to be written, and the problems met in this block (row, column, value, message)."""

    frame: pl.DataFrame
    problems: pl.DataFrame


@dataclass
class _ColumnCount:
    filled: int = 0
    unreadable: int = 0


@dataclass
class Tally:
    """What was met in the whole file so far."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    blank: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Checker:
    """Checks the blocks of one table in order.

    ``period`` is the period of the whole file where rows have none. ``authorities`` (URN -> number) places
    the rows of a file of pupils; None where a file is not placed by its schools.
    """

    def __init__(
        self, plan: Plan, period: Period | None, authorities: Mapping[str, str] | None = None
    ) -> None:
        self.plan = plan
        self._rules = RowRules(plan)
        self.tally = Tally()
        self._format = plan.format
        self._codes = codes_for(plan.format.missing)
        self._own = {code.strip().upper(): reason for code, reason in plan.format.missing.items()}
        self._period = period
        self._span = Span({period.label: period} if period else {})
        self._keys: list[npt.NDArray[np.uint64]] = []
        self._entities: list[pl.Series] = []
        self._authorities: set[str] = set()
        self._placed_by = authorities
        self._counts: dict[str, _ColumnCount] = {}
        self._watches = {
            each.column.name: FractionWatch(each.header)
            for each in plan.described
            if each.column.kind is Kind.PERCENT and each.column.scale == 1
        }
        self._period_source = plan.source_of(plan.format.period.column) if plan.format.period.column else None
        self._dated_by_day = (
            self._period_source is not None
            and plan.format.period.kind is PeriodKind.DAY
            and plan.format.column(plan.format.period.column).kind is Kind.DATE
        )
        self._key = [name for name in plan.format.key if plan.source_of(name) is not None]
        kinds = {each.column.name: each.column.kind for each in plan.described}
        identifiers = [name for name in self._key if kinds[name] in IDENTIFIERS - {Kind.POSTCODE}]
        self._entity = next(iter(identifiers or self._key), None)
        self._authority = next((name for name, kind in kinds.items() if kind is Kind.LA_CODE), None)
        if authorities is not None:
            self._authority = "la_code"

    @property
    def period(self) -> Period | None:
        """The period of the whole file: one, or a span from the first row period to the last."""
        return self._span.period

    @property
    def periods(self) -> list[str]:
        """Every period label met; none where rows are dated by the day."""
        return [] if self._dated_by_day else sorted(self._span.met)

    @property
    def entities(self) -> int:
        """How many different schools (or authorities, or areas) the file is about, at its own level."""
        return pl.concat(self._entities).n_unique() if self._entities else self.tally.loaded

    @property
    def scope(self) -> str:
        """The authorities covered, joined with '+', when they are few; empty for the whole country."""
        narrow = NARROWEST_SCOPE if self._placed_by is None else NARROWEST_SCOPE_OF_PUPILS
        if self._format.level == "authority" or not 0 < len(self._authorities) <= narrow:
            return ""
        return "+".join(sorted(self._authorities))

    def check(self, block: Block) -> CheckedBlock:
        """Check one block. Raises Stopped when a cell shows that the whole file must not be loaded."""
        raw = block.frame
        self.tally.read += raw.height
        self._refuse(raw)
        decided = self._rules.decide(raw)
        if reasons := self._rules.left_out(decided):
            self.tally.left_out += reasons
            stay = self._rules.levels(decided) != EXCLUDED
            raw, decided = raw.filter(stay), decided.filter(stay)
        levels = self._rules.levels(decided)
        own = levels == self._format.level
        problems: list[pl.DataFrame] = []
        columns: dict[str, pl.Series] = {}
        for each in self.plan.described:
            text = (
                raw[each.source]
                if each.source in raw.columns
                else pl.repeat(None, raw.height, dtype=pl.String, eager=True)
            )
            cells = read_cells(text, each.column, self._codes, self._own)
            self._note_problems(problems, cells, each.column, each.header, text, raw[ROW], own)
            columns[each.column.name] = cells.values
            if cells.missing is not None:
                columns[each.column.name + MISSING] = cells.missing
            if watch := self._watches.get(each.column.name):
                # Aggregate rows are written with more decimals than schools' and would mislead the watch.
                watch.look(text.filter(own), cells.values.filter(own), raw[ROW].filter(own))
        labels, undated = self._periods(raw, columns)
        unplaced = self._place(raw[ROW], columns, problems)
        for column in self.plan.constants:
            columns[column.name] = pl.repeat(None, raw.height, dtype=_stored(column), eager=True)
        kept = {
            each.name: _kept_text(raw[each.source]) for each in self.plan.kept if each.source in raw.columns
        }
        frame = pl.DataFrame(
            [raw[ROW], levels.alias(LEVEL), labels.alias(PERIOD)]
            + [series.alias(name) for name, series in (columns | kept).items()]
        )
        frame = self._rules.write_constants(decided, frame)
        frame = self._drop_rejected(frame, raw, own, undated, unplaced, problems)
        self.tally.loaded += frame.height
        self._remember(frame)
        return CheckedBlock(frame, pl.concat(problems) if problems else pl.DataFrame(schema=PROBLEMS_SCHEMA))

    def doubts(self) -> list[str]:
        """Reasons to hold the file, from its content as a whole."""
        found = [reason for watch in self._watches.values() if (reason := watch.reason())]
        for header, count in self._counts.items():
            if count.filled >= 10 and count.unreadable > MOSTLY_UNREADABLE * count.filled:
                found.append(
                    f"Column '{header}': {count.unreadable:,} of {count.filled:,} filled cells "
                    "cannot be read, so it is probably not what it was taken for."
                )
        return found

    def repeated_keys(self) -> npt.NDArray[np.uint64]:
        """Hashes that occur more than once among the keys of rows at the format's own level.

        Raises Stopped when there are too many to be slips.
        """
        if not self._keys or not self._format.unique:
            return np.empty(0, dtype=np.uint64)
        hashes = np.empty(sum(len(part) for part in self._keys), dtype=np.uint64)
        at = 0
        # Each part is let go as soon as it is copied: a large file has hundreds of megabytes of them.
        while self._keys:
            part = self._keys.pop()
            hashes[at : at + len(part)] = part
            at += len(part)
        hashes.sort()
        repeated = hashes[1:][hashes[1:] == hashes[:-1]]
        if len(repeated) > MOST_REPEATS:
            raise Stopped(
                f"{len(repeated):,} rows repeat the {' and '.join(self._key)} of another row.",
                "The file has more than one row for each: check that it is the right table.",
            )
        return np.unique(repeated)

    def key_columns(self) -> list[str]:
        """Columns that together identify a row: the key, the period, and breakdowns nobody described."""
        kept = [each.name for each in self.plan.kept] if self._format.other_columns.value == "measure" else []
        return [*self._key, PERIOD, *kept]

    def _refuse(self, raw: pl.DataFrame) -> None:
        for rule in self._format.refusals:
            source = self.plan.source_of(rule.column)
            if source in raw.columns and (hit := matches(raw[source].str.strip_chars(), rule.values)).any():
                row = raw[ROW].filter(hit)[0]
                raise Stopped(
                    f"Row {row:,} holds '{raw[source].filter(hit)[0]}'. {rule.reason}",
                    "It was not loaded: nothing was changed.",
                )

    def _note_problems(
        self,
        problems: list[pl.DataFrame],
        cells: Cells,
        column: Column,
        header: str,
        text: pl.Series,
        rows: pl.Series,
        own: pl.Series,
    ) -> None:
        if column.is_measure and cells.missing is not None:
            count = self._counts.setdefault(header, _ColumnCount())
            count.filled += len(text) - text.null_count()
        for fault in cells.faults:
            at = fault.at
            if column.kind in IDENTIFIERS:
                # Aggregate rows hold words like NAT where a school row holds an identifier.
                at = at.filter(own.gather(at))
            if not len(at):
                continue
            if column.is_measure:
                self._counts[header].unreadable += len(at)
            problems.append(_problem_rows(rows.gather(at), header, text.gather(at), fault.message))

    def _periods(self, raw: pl.DataFrame, columns: dict[str, pl.Series]) -> tuple[pl.Series, pl.Series]:
        rule = self._format.period
        source = self._period_source
        if source is None or source not in raw.columns or (self._period and not rule.per_row):
            label = self._period.label if self._period else None
            return (
                pl.repeat(label, raw.height, dtype=pl.String, eager=True),
                pl.repeat(False, raw.height, eager=True),
            )
        text = columns[rule.column] if self._dated_by_day else raw[source]
        kind_source = self.plan.source_of(rule.kind_column) if rule.kind_column else None
        kinds = raw[kind_source] if kind_source in raw.columns else None
        labels, unreadable = read_periods(text, kinds, rule, self._span, is_date=self._dated_by_day)
        if self._format.column(rule.column).kind is Kind.PERIOD:
            columns[rule.column] = labels
        return labels, unreadable

    def _place(
        self, rows: pl.Series, columns: dict[str, pl.Series], problems: list[pl.DataFrame]
    ) -> pl.Series:
        """Write each row's authority into ``la_code`` and say which rows have none, or no school."""
        if self._placed_by is None:
            return pl.repeat(False, len(rows), eager=True)
        urns = columns["urn"]
        by_school = urns.replace_strict(self._placed_by, default=None, return_dtype=pl.String)
        placed = by_school.zip_with(by_school.is_not_null(), columns.get("la_code", by_school))
        columns["la_code"] = placed
        unknown = urns.is_not_null() & by_school.is_null() & placed.is_not_null()
        if self._placed_by and unknown.any():
            header = self.plan.headers["urn"]
            problems.append(
                _problem_rows(rows.filter(unknown), header, urns.filter(unknown), _UNKNOWN_SCHOOL)
            )
        return urns.is_null() | placed.is_null()

    def _drop_rejected(
        self,
        frame: pl.DataFrame,
        raw: pl.DataFrame,
        own: pl.Series,
        undated: pl.Series,
        unplaced: pl.Series,
        problems: list[pl.DataFrame],
    ) -> pl.DataFrame:
        """Leave out rows without a key, a period or a place; wholly blank ones without a word."""
        rejected = undated | unplaced
        blank_keys: list[tuple[str, pl.Series]] = []
        for name in self._key:
            column = self._format.column(name)
            if name == self._format.period.column:
                continue
            if column.kind in IDENTIFIERS or column.kind is Kind.DATE or column.required:
                empty = frame[name].is_null() & own
                if empty.any():
                    blank_keys.append((name, empty))
                    rejected = rejected | empty
        if not rejected.any():
            return frame
        cells = [pl.col(name).str.strip_chars().fill_null("") == "" for name in raw.columns if name != ROW]
        blank = raw.filter(rejected).select(pl.all_horizontal(cells)).to_series()
        blank_rows = pl.repeat(False, raw.height, eager=True).scatter(rejected.arg_true(), blank)
        self.tally.blank += int(blank.sum())
        self.tally.rejected += int((~blank).sum())
        wrong = rejected & ~blank_rows
        if self._period_source is not None and (without := undated & wrong).any():
            header = self.plan.headers[self._format.period.column]
            text = raw[self._period_source].filter(without)
            problems.append(_problem_rows(raw[ROW].filter(without), header, text, _NO_PERIOD))
        if (without := unplaced & wrong).any():
            urns = frame["urn"].filter(without)
            problems.append(
                _problem_rows(raw[ROW].filter(without), self.plan.headers["urn"], urns, _NO_AUTHORITY)
            )
        for name, empty in blank_keys:
            if (without := empty & wrong).any():
                text = raw[self.plan.source_of(name) or ""].filter(without)
                problems.append(
                    _problem_rows(raw[ROW].filter(without), self.plan.headers[name], text, _NO_KEY)
                )
        return frame.filter(~rejected)

    def _remember(self, frame: pl.DataFrame) -> None:
        """Note the keys, the schools and the authorities of rows at the format's own level."""
        keys = self.key_columns() if self._format.unique and self._key else []
        wanted = {LEVEL, *keys, *(name for name in (self._entity, self._authority) if name)}
        own = frame.select(sorted(wanted))
        if (own[LEVEL] != self._format.level).any():
            own = own.filter(pl.col(LEVEL) == self._format.level)
        if self._entity:
            self._entities.append(own[self._entity].unique())
            if len(self._entities) > 16:
                self._entities = [pl.concat(self._entities).unique()]
        if self._authority and len(self._authorities) <= NARROWEST_SCOPE:
            self._authorities |= set(own[self._authority].unique().drop_nulls().to_list())
        if keys:
            self._keys.append(hash_keys(own, keys).to_numpy())


def hash_keys(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """One 64-bit hash of the key of each row, the same in every block."""
    return frame.select(columns).hash_rows(seed=826)


def _problem_rows(rows: pl.Series, header: str, values: pl.Series, message: str) -> pl.DataFrame:
    return pl.DataFrame({"row": rows, "value": values}).select(
        "row", pl.lit(header).alias("column"), "value", pl.lit(message).alias("message")
    )


def _kept_text(text: pl.Series) -> pl.Series:
    empty = text == ""
    return text.set(empty, None) if empty.any() else text


def _stored(column: Column) -> pl.DataType | type[pl.DataType]:
    if column.is_measure:
        return pl.Float64
    return {Kind.DATE: pl.Date, Kind.BOOLEAN: pl.Boolean}.get(column.kind, pl.String)
