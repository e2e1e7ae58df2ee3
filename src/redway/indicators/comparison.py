"""A value beside England, its region or authority, and its neighbours under each model, in words.

A comparator is always named, a mean is always called a mean, and neighbours without a figure are listed,
never filled in and never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import stdev
from typing import Any

import polars as pl

from redway.core.errors import NotFound
from redway.core.identifiers import ENGLAND
from redway.core.missing import Missing
from redway.indicators.bands import Band
from redway.indicators.catalogue import Indicator, Polarity
from redway.indicators.neighbours import Neighbours, NeighbourSet
from redway.indicators.store import SeriesStore


@dataclass(frozen=True)
class Figure:
    """One figure as it is compared. ``value`` is None when missing, and ``missing`` says why."""

    period: str
    period_end: date
    value: float | None
    lower: float | None
    upper: float | None
    denominator: float | None
    missing: Missing | None
    edition: str


@dataclass(frozen=True)
class Gap:
    """The distance to one named comparator. ``gap`` is the value less the comparator's."""

    name: str
    """Such as 'England' or 'mean of 10 statistical neighbours (2025 model)'."""
    value: float
    gap: float
    verdict: str
    """'better', 'worse', 'higher', 'lower' or 'the same', by the measure's polarity."""
    above: int | None = None
    """Of how many members of the comparator the value is higher; None for a single comparator."""
    members: int | None = None
    spread: float | None = None
    """Standard deviation of the members' values; None for a single comparator or fewer than two members."""
    model: str = ""
    without: tuple[str, ...] = ()
    """Members that have no figure for the period."""


@dataclass(frozen=True)
class Comparison:
    """One measure of one school or area in one period, beside its comparators."""

    indicator: Indicator
    level: str
    entity: str
    figure: Figure
    gaps: tuple[Gap, ...]
    band: Band | None = None

    def gap_to(self, name: str) -> Gap | None:
        """The gap to 'England', 'authority', or a neighbour model such as '2025'."""
        return next((gap for gap in self.gaps if name in (gap.name, gap.model)), None)

    def words(self, who: str) -> str:
        """The comparison as one plain sentence, naming every comparator."""
        value = self.indicator.show(self.figure.value)
        opening = f"{self.indicator.short}, {who}, {self.figure.period}: {value}"
        beside = [
            f"{self.indicator.show_gap(gap.gap)} on {gap.name} ({self.indicator.show(gap.value)})"
            for gap in self.gaps
        ]
        return f"{opening}; {'; '.join(beside)}." if beside else f"{opening}."


def compare(
    store: SeriesStore,
    neighbours: Neighbours,
    authority: str,
    indicator: str,
    period: str | None = None,
    models: Sequence[str] | None = None,
) -> Comparison:
    """One measure of an authority, in its latest period or the one given, beside England and neighbours.

    ``models`` names neighbour models (all that know the authority by default). Raises NotFound when the
    measure is unknown or no value is held.
    """
    found = comparisons(store, neighbours, authority, [indicator], period, models)
    if not found:
        one = store.catalogue.get(indicator)
        reason = one.why_not_produced(period) if period else ""
        when = f" for {period}" if period else ""
        raise NotFound(
            f"No figure of {one.title} is held for authority {authority}{when}.",
            reason or "See the data gaps, or import a file that holds it.",
        )
    return found[0]


def comparisons(
    store: SeriesStore,
    neighbours: Neighbours,
    authority: str,
    indicators: Collection[str] | None = None,
    period: str | None = None,
    models: Sequence[str] | None = None,
) -> list[Comparison]:
    """Many measures of an authority at once, with two readings of the store. In catalogue order.

    Each measure is compared in its latest period with a value (or in ``period``). Measures without any
    value are left out.
    """
    codes = _codes(store, indicators)
    chosen = [
        neighbours.of(authority, model)
        for model in (neighbours.models_for(authority) if models is None else models)
    ]
    members = {member for one in chosen for member in one.authorities}
    rows = store.figures("authority", {authority, *members}, codes)
    national = store.figures("england", [ENGLAND], codes)
    mine = rows.filter((pl.col("entity") == authority) & pl.col("value").is_not_null())
    if period is not None:
        mine = mine.filter(pl.col("period") == period)
    latest = mine.group_by("indicator", maintain_order=True).last()
    same = latest.select("indicator", "period")
    theirs = _by_code_and_period(rows.filter(pl.col("entity") != authority).join(same, on=same.columns))
    england = _by_code_and_period(national.join(same, on=same.columns))
    found = {
        row["indicator"]: _authority_comparison(store, row, england, theirs, chosen)
        for row in latest.rows(named=True)
    }
    return [found[code] for code in codes if code in found]


def compare_school(
    store: SeriesStore,
    urn: str,
    indicator: str,
    phase: str,
    authority: str,
    period: str | None = None,
    similar: Sequence[str] = (),
) -> Comparison:
    """One measure of a school beside England and its authority (schools of its phase) and similar schools.

    England and the authority are read under the measure's counterpart for the phase, so that a secondary
    school is never set beside all schools. ``similar`` are the URNs of a frozen set. Raises NotFound.
    """
    one = store.catalogue.get(indicator)
    rows = store.figures("school", [urn, *similar], [indicator])
    mine = rows.filter((pl.col("entity") == urn) & pl.col("value").is_not_null())
    if period is not None:
        mine = mine.filter(pl.col("period") == period)
    if mine.is_empty():
        raise NotFound(f"No figure of {one.title} is held for school {urn}.", "See the school's data gaps.")
    row = mine.row(-1, named=True)
    figure = _figure(row)
    area = one.counterpart.get(phase, indicator)
    gaps = []
    for level, entity, name in (
        ("england", ENGLAND, "England"),
        ("authority", authority, "its authority"),
    ):
        held = store.figures(level, [entity], [area]).filter(pl.col("period") == figure.period)
        value = held["value"][0] if held.height else None
        if value is not None:
            gaps.append(_gap(one, name, figure.value, value))
    if similar:
        values = _values(_by_code_and_period(rows), indicator, figure.period, similar)
        gaps += _mean_gap(one, f"mean of {len(similar)} similar schools", figure.value, values, similar, "")
    band = store.distribution(indicator, figure.period, phase) or store.distribution(indicator, figure.period)
    return Comparison(one, "school", urn, figure, tuple(gaps), band)


def _codes(store: SeriesStore, indicators: Collection[str] | None) -> list[str]:
    if indicators is None:
        return [one.code for one in store.catalogue.at_level("authority")]
    return [store.catalogue.get(code).code for code in indicators]


def _by_code_and_period(rows: pl.DataFrame) -> Mapping[tuple[str, str], Mapping[str, float | None]]:
    """(code, period) -> entity -> value."""
    found: dict[tuple[str, str], dict[str, float | None]] = {}
    for code, period, entity, value in rows.select("indicator", "period", "entity", "value").iter_rows():
        found.setdefault((code, period), {})[entity] = value
    return found


def _authority_comparison(
    store: SeriesStore,
    row: Mapping[str, Any],
    england: Mapping[tuple[str, str], Mapping[str, float | None]],
    theirs: Mapping[tuple[str, str], Mapping[str, float | None]],
    chosen: Sequence[NeighbourSet],
) -> Comparison:
    one, figure = store.catalogue.get(row["indicator"]), _figure(row)
    gaps = []
    national = england.get((one.code, figure.period), {}).get(ENGLAND)
    if national is not None and not one.is_grade:
        gaps.append(_gap(one, "England", figure.value, national))
    if not one.is_grade:
        for members in chosen:
            values = _values(theirs, one.code, figure.period, members.authorities)
            name = f"mean of {members.name}"
            gaps += _mean_gap(one, name, figure.value, values, members.authorities, members.model)
    return Comparison(one, "authority", row["entity"], figure, tuple(gaps))


def _values(
    held: Mapping[tuple[str, str], Mapping[str, float | None]],
    code: str,
    period: str,
    members: Sequence[str],
) -> dict[str, float]:
    found = held.get((code, period), {})
    return {member: value for member in members if (value := found.get(member)) is not None}


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(
        period=row["period"],
        period_end=row["period_end"],
        value=row["value"],
        lower=row["lower"],
        upper=row["upper"],
        denominator=row["denominator"],
        missing=Missing(row["missing"]) if row["missing"] else None,
        edition=row["edition"],
    )


def _mean_gap(
    one: Indicator,
    name: str,
    value: float | None,
    values: Mapping[str, float],
    members: Sequence[str],
    model: str,
) -> list[Gap]:
    """The gap to the mean of the members that have a figure, each counting once; none when none has."""
    if value is None or not values:
        return []
    mean = sum(values.values()) / len(values)
    without = tuple(member for member in members if member not in values)
    above = sum(value > other for other in values.values())
    spread = stdev(values.values()) if len(values) > 1 else None
    rest = {"above": above, "members": len(values), "spread": spread, "model": model, "without": without}
    return [_gap(one, name, value, mean, **rest)]


def _gap(one: Indicator, name: str, value: float | None, other: float, **rest: Any) -> Gap:
    gap = (value or 0.0) - other
    return Gap(name, other, gap, verdict(one, gap), **rest)


def verdict(one: Indicator, gap: float) -> str:
    """What a gap means by the measure's polarity; a gap that rounds to nothing is 'the same'."""
    if round(gap, one.decimals) == 0:
        return "the same"
    if one.polarity is Polarity.NEUTRAL:
        return "higher" if gap > 0 else "lower"
    return "better" if (gap > 0) == (one.polarity is Polarity.HIGH) else "worse"
