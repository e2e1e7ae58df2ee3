"""Cells of one committed version become figures: one row per school or area, measure and period.

Pure columns: a frame of the version and the catalogue in, a frame of figures out. Missing cells stay as
rows with their reason. The shape of a figure is fixed in ``docs/explanation/how-data-walks.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from redway.core.errors import InvalidPeriod
from redway.core.identifiers import ENGLAND
from redway.core.missing import Missing
from redway.core.periods import Period, PeriodKind, academic_year, parse_period
from redway.datasets.format import Edition, Format, Kind
from redway.indicators.catalogue import Catalogue, Indicator, IntervalMethod, Source
from redway.indicators.intervals import mean_columns, poisson_columns, wilson_columns
from redway.indicators.keys import Keys
from redway.indicators.labels import read_label
from redway.indicators.places import AREA_OF_NUMBER

FIGURE_SCHEMA: dict[str, Any] = {
    "level": pl.String,
    "entity": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "period_end": pl.Date,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "missing": pl.String,
    "interval": pl.String,
    "edition": pl.String,
    "edition_rank": pl.Int8,
    "format": pl.String,
    "version": pl.Int64,
    "row": pl.Int64,
    "column": pl.String,
}


@dataclass(frozen=True)
class Computed:
    """Figures of one version, and what could not be used and why (reason -> rows)."""

    figures: pl.DataFrame
    left_out: Mapping[str, int]


def needed_columns(
    sources: Sequence[tuple[Indicator, Source]], fmt: Format, present: Sequence[str]
) -> list[str]:
    """The columns of a version that its figures are made from, so that nothing else is read."""
    wanted = {"_row", "_level", "_period"} | {
        column.name for column in fmt.columns if column.kind in _KEY_KINDS
    }
    wanted |= {"school_key"}
    for _, source in sources:
        for name in (source.column, source.numerator, source.denominator, source.lower, source.upper):
            wanted |= {name, f"{name}__missing"}
        wanted |= {*source.filters, *source.count_filters, source.period_column}
    return [name for name in present if name in wanted]


_KEY_KINDS = (Kind.URN, Kind.LA_CODE, Kind.LAESTAB, Kind.ESTABLISHMENT_NUMBER, Kind.ONS_CODE)


@dataclass(frozen=True)
class _Version:
    id: int
    edition: Edition
    format: Format


def compute(
    frame: pl.DataFrame, version_id: int, edition: str, fmt: Format, catalogue: Catalogue, keys: Keys
) -> Computed:
    """Figures of every measure that reads this version's format, in catalogue order.

    ``frame`` holds at least ``needed_columns``. Rows whose school or area cannot be found, and rows whose
    period is no period, are counted in ``left_out``, never guessed.
    """
    version = _Version(version_id, Edition(edition), fmt)
    sources = [pair for pair in catalogue.from_format(fmt.code) if _usable(pair[1], frame)]
    left_out: dict[str, int] = {}
    if not sources or frame.is_empty():
        return Computed(pl.DataFrame(schema=FIGURE_SCHEMA), left_out)
    keyed = _with_entities(frame, version.format, keys, left_out)
    parts = []
    for rows, group in _by_filter(keyed, sources):
        for one, source in group:
            if source.count_filters:
                rows = _with_counts(rows, keyed, source)
            part = _figures(rows, one, source, version, left_out)
            if part is not None:
                parts.append(part)
    if not parts:
        return Computed(pl.DataFrame(schema=FIGURE_SCHEMA), left_out)
    return Computed(pl.concat(parts), left_out)


def _usable(source: Source, frame: pl.DataFrame) -> bool:
    names = [source.column or source.numerator, *source.filters]
    return all(name in frame.columns for name in names)


def _by_filter(
    frame: pl.DataFrame, sources: Sequence[tuple[Indicator, Source]]
) -> Iterable[tuple[pl.DataFrame, list[tuple[Indicator, Source]]]]:
    """Sources with the frame each reads. A long file, where one column names the measure, is split once."""
    by_column: dict[str, list[tuple[Indicator, Source]]] = {}
    for one, source in sources:
        single = [texts for texts in source.filters.values() if len(texts) == 1]
        name = next(iter(source.filters)) if len(source.filters) == 1 and single else ""
        by_column.setdefault(name, []).append((one, source))
    for name, group in by_column.items():
        if not name:
            yield frame, group
            continue
        pieces = frame.partition_by(name, as_dict=True)
        for one, source in group:
            piece = pieces.get((source.filters[name][0],))
            if piece is not None:
                yield piece, [(one, source)]


def _with_counts(rows: pl.DataFrame, everything: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Adds ``_count``: the count behind each rate, which a long file holds in a row of its own."""
    wanted = [pl.col(name).is_in(texts) for name, texts in source.count_filters.items()]
    same = ["_level", "_entity", "_period"]
    counts = everything.filter(*wanted).select(*same, pl.col(source.column).alias("_count")).unique(same)
    return rows.join(counts, on=same, how="left", maintain_order="left")


def _with_entities(frame: pl.DataFrame, fmt: Format, keys: Keys, left_out: dict[str, int]) -> pl.DataFrame:
    """Adds ``_entity``: URN of a school row, number of an authority, ONS code of a region or of England."""
    entity = (
        pl.when(pl.col("_level") == "school")
        .then(_school(frame, keys))
        .when(pl.col("_level") == "authority")
        .then(_first(frame, fmt, Kind.LA_CODE))
        .when(pl.col("_level") == "region")
        .then(_region(frame, fmt))
        .when(pl.col("_level") == "england")
        .then(pl.lit(ENGLAND))
    )
    keyed = frame.with_columns(entity.alias("_entity"))
    known = ("school", "authority", "region", "england")
    lost = keyed.filter(pl.col("_level").is_in(known) & pl.col("_entity").is_null())
    if lost.height:
        left_out["The school or area could not be found in the register."] = lost.height
    return keyed.filter(pl.col("_entity").is_not_null())


def _school(frame: pl.DataFrame, keys: Keys) -> pl.Expr:
    """URN as given, else by LAESTAB, else by the key of the state-school register."""
    ways = []
    if "urn" in frame.columns:
        ways.append(pl.col("urn"))
    if "establishment_number" in frame.columns and "la_code" in frame.columns and keys.urn_of_laestab:
        written = pl.col("la_code") + pl.col("establishment_number").str.zfill(4)
        ways.append(written.replace_strict(keys.urn_of_laestab, default=None, return_dtype=pl.String))
    if "school_key" in frame.columns and keys.urn_of_school_key:
        key = pl.col("school_key").str.replace(r"\.0+$", "")
        ways.append(key.replace_strict(keys.urn_of_school_key, default=None, return_dtype=pl.String))
    return pl.coalesce(ways) if ways else pl.lit(None, dtype=pl.String)


def _first(frame: pl.DataFrame, fmt: Format, kind: Kind) -> pl.Expr:
    names = [column.name for column in fmt.columns if column.kind is kind and column.name in frame.columns]
    return pl.col(names[0]) if names else pl.lit(None, dtype=pl.String)


def _region(frame: pl.DataFrame, fmt: Format) -> pl.Expr:
    """Regions come with an ONS code, or with a number beside the authority numbers."""
    by_number = _first(frame, fmt, Kind.LA_CODE).replace_strict(
        AREA_OF_NUMBER, default=None, return_dtype=pl.String
    )
    if "region_code" in frame.columns:
        return pl.coalesce(pl.col("region_code"), by_number)
    return by_number


def _figures(
    rows: pl.DataFrame, one: Indicator, source: Source, version: _Version, left_out: dict[str, int]
) -> pl.DataFrame | None:
    wanted = pl.col("_level").is_in(source.levels)
    for name, texts in source.filters.items():
        wanted &= pl.col(name).fill_null("").is_in(texts)
    rows = rows.filter(wanted)
    if source.period_column:
        day = pl.col(source.period_column).cast(pl.Date).dt.to_string("%Y-%m-%d")
        rows = rows.with_columns(day.alias("_period")).filter(pl.col("_period").is_not_null())
    periods = _periods(rows["_period"].unique().to_list(), source, version.format, left_out)
    if source.periods:
        periods = {text: found for text, found in periods.items() if found[0].label in source.periods}
    rows = rows.filter(pl.col("_period").is_in(list(periods)))
    if rows.is_empty():
        return None
    return _columns(rows, one, source, version, periods)


def _periods(
    texts: Sequence[str | None], source: Source, fmt: Format, left_out: dict[str, int]
) -> dict[str, tuple[Period, Edition | None]]:
    found: dict[str, tuple[Period, Edition | None]] = {}
    for text in texts:
        if text is None:
            continue
        try:
            if source.period_column:
                found[text] = (parse_period(text, PeriodKind.DAY), None)
            elif source.year_type is not None:
                label = read_label(text, source.year_type)
                found[text] = (label.period, label.edition)
            else:
                found[text] = (_years_before(_period_of(text, fmt.period.kind), source.years_back), None)
        except InvalidPeriod:
            reason = f"The period '{text}' could not be read."
            left_out[reason] = left_out.get(reason, 0) + 1
    return found


def _period_of(text: str, kind: PeriodKind) -> Period:
    """A label as the pipeline wrote it. Files of mixed kinds carry dates, split years and single years."""
    for candidate in (kind, PeriodKind.ACADEMIC, PeriodKind.CALENDAR, PeriodKind.DAY):
        try:
            return parse_period(text, candidate)
        except InvalidPeriod:
            continue
    raise InvalidPeriod(f"'{text}' is not a period.", "Check the period column.")


def _years_before(period: Period, years: int) -> Period:
    if not years:
        return period
    if period.kind is not PeriodKind.ACADEMIC:
        raise InvalidPeriod(f"'{period}' has no school year {years} before it.", "Use academic years.")
    return academic_year(period.start.year - years)


def _columns(
    rows: pl.DataFrame,
    one: Indicator,
    source: Source,
    version: _Version,
    periods: Mapping[str, tuple[Period, Edition | None]],
) -> pl.DataFrame:
    default = Edition(source.edition) if source.edition else version.edition
    labels = {text: period.label for text, (period, _) in periods.items()}
    ends = {text: period.end for text, (period, _) in periods.items()}
    editions = {text: (edition or default).value for text, (_, edition) in periods.items()}
    ranks = {text: (edition or default).rank for text, (_, edition) in periods.items()}
    value, missing = _value(rows, source)
    numerator, denominator = _parts(rows, source, value)
    height = rows.height
    period = rows["_period"]
    named = period.replace_strict(labels, return_dtype=pl.String)
    lower, upper, method = _interval(rows, source, named, value, numerator, denominator)
    return pl.DataFrame(
        {
            "level": rows["_level"],
            "entity": rows["_entity"],
            "indicator": pl.Series([one.code]).new_from_index(0, height),
            "period": named,
            "period_end": period.replace_strict(ends, return_dtype=pl.Date),
            "value": value,
            "lower": lower,
            "upper": upper,
            "numerator": numerator,
            "denominator": denominator,
            "missing": missing,
            "interval": method,
            "edition": period.replace_strict(editions, return_dtype=pl.String),
            "edition_rank": period.replace_strict(ranks, return_dtype=pl.Int8),
            "format": pl.Series([version.format.code]).new_from_index(0, height),
            "version": pl.Series([version.id], dtype=pl.Int64).new_from_index(0, height),
            "row": rows["_row"].cast(pl.Int64),
            "column": pl.Series([source.column or source.numerator]).new_from_index(0, height),
        },
        schema=FIGURE_SCHEMA,
    )


def _number(rows: pl.DataFrame, name: str) -> pl.Series:
    if name in rows.columns:
        return rows[name].cast(pl.Float64)
    return pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, rows.height)


def _reason(rows: pl.DataFrame, name: str) -> pl.Series:
    name = f"{name}__missing"
    if name in rows.columns:
        return rows[name]
    return pl.Series(name, [None], dtype=pl.String).new_from_index(0, rows.height)


def _value(rows: pl.DataFrame, source: Source) -> tuple[pl.Series, pl.Series]:
    """The value, and the reason where there is none: a figure never has both or neither."""
    if source.words:
        value = rows[source.column].replace_strict(source.words, default=None, return_dtype=pl.Float64)
        # A word nobody described is not a blank: somebody should look at it.
        unknown = pl.Series([Missing.REJECTED.value]).new_from_index(0, rows.height)
        reason = _reason(rows, source.column)
        reason = unknown.zip_with(rows[source.column].is_not_null() & value.is_null(), reason)
    elif source.column:
        value = _number(rows, source.column) * source.scale
        reason = _reason(rows, source.column)
    else:
        top, bottom = _number(rows, source.numerator), _number(rows, source.denominator)
        value = (top / bottom * source.scale).set(bottom <= 0, None)
        reason = _reason(rows, source.numerator).zip_with(top.is_null(), _reason(rows, source.denominator))
    value = value.set(value.is_nan() | value.is_infinite(), None)
    blank = pl.Series([Missing.BLANK.value]).new_from_index(0, rows.height)
    none = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    reason = reason.zip_with(reason.is_not_null(), blank)
    return value, reason.zip_with(value.is_null(), none)


def _parts(rows: pl.DataFrame, source: Source, value: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Numerator and denominator as published, or worked out from a percentage of a known cohort."""
    denominator = _number(rows, source.denominator)
    if source.share:
        return value / 100 * denominator, denominator
    return _number(rows, "_count" if source.count_filters else source.numerator), denominator


def _interval(
    rows: pl.DataFrame,
    source: Source,
    period: pl.Series,
    value: pl.Series,
    numerator: pl.Series,
    denominator: pl.Series,
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The 95% interval where one can be had; where it cannot the method says 'none'."""
    if source.interval is IntervalMethod.PUBLISHED:
        lower, upper = _number(rows, source.lower), _number(rows, source.upper)
    elif source.interval is IntervalMethod.WILSON:
        low, high = wilson_columns(numerator.to_numpy(), denominator.to_numpy())
        # A percentage published as a whole number may lie just outside what its large counts say.
        given = value.to_numpy()
        lower, upper = _from_numpy(np.minimum(low * 100, given)), _from_numpy(np.maximum(high * 100, given))
    elif source.interval is IntervalMethod.POISSON:
        # The rate is the count over a population: its interval is the count's, on the same scale.
        low, high = poisson_columns(numerator.to_numpy())
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = value.to_numpy() / numerator.to_numpy()
        lower, upper = _from_numpy(low * scale), _from_numpy(high * scale)
    elif source.interval is IntervalMethod.NORMAL:
        spread = period.replace_strict(source.spread, default=None, return_dtype=pl.Float64)
        low, high = mean_columns(value.to_numpy(), spread.to_numpy(), denominator.to_numpy())
        lower, upper = _from_numpy(low), _from_numpy(high)
    else:
        lower = upper = _number(rows, "")
    whole = lower.is_not_null() & upper.is_not_null() & value.is_not_null()
    nothing = _number(rows, "")
    method = pl.Series([source.interval.value]).new_from_index(0, rows.height)
    none = pl.Series([IntervalMethod.NONE.value]).new_from_index(0, rows.height)
    return lower.zip_with(whole, nothing), upper.zip_with(whole, nothing), method.zip_with(whole, none)


def _from_numpy(values: Any) -> pl.Series:
    found = pl.Series(values=values, dtype=pl.Float64)
    return found.set(~found.is_finite(), None)
