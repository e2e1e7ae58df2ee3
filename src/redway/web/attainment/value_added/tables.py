"""The tables of one school's value-added page, each with a name under which it can be had as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.figures.disclosure import Rule
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table
from redway.web.attainment.cohorts import Source
from redway.web.attainment.made_up import NOTICE, made_up_in
from redway.web.attainment.value_added.estimates import Estimate
from redway.web.attainment.value_added.left_out import LeftOut
from redway.web.attainment.value_added.official import OfficialMeasure
from redway.web.attainment.value_added.progress import SchoolProgress
from redway.web.datasets.naming import versions_in_words
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.measures.showing import range_of, shown

OWN_RECORDS = "The authority's own pupil records"


def provenance_of(period: str, versions: tuple[int, ...], on: date) -> Provenance:
    """Where the figures of a page come from. One query."""
    return Provenance(period, versions_in_words(versions), (OWN_RECORDS,), on)


def table_view(progress: SchoolProgress, name: str, query: QueryDict, on: date) -> TableView | None:
    """The table of that name as it is looked at, or None when there is no such table."""
    make = TABLES.get(name)
    if make is None:
        return None
    address = reverse("attainment:school_value_added_table", args=[progress.school.current_urn, name, "csv"])
    return TableView(
        make(progress),
        TableState.read(query, name),
        address=address.removesuffix(".csv"),
        kept=progress.asked.pairs(),
        provenance=provenance_of(progress.asked.period, progress.source.numbers_of(progress.by_year), on),
    )


def with_notice(view: TableView, source: Source) -> TableView:
    """The table with the notice that its pupils are made up, where they are: a file carries it along."""
    if not made_up_in(source.versions):
        return view
    return replace(view, table=replace(view.table, notes=[*view.table.notes, NOTICE]))


def estimate_columns(decimals: int) -> tuple[Column, ...]:
    """The columns of an estimate: pupils, points, its range, beside the average."""
    return (
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("value", "More or less progress", Kind.NUMBER, decimals),
        Column("lower", "Lower 95% limit", Kind.NUMBER, decimals),
        Column("upper", "Upper 95% limit", Kind.NUMBER, decimals),
        Column("beside", "Beside the average school"),
    )


def estimate_cells(estimate: Estimate | None) -> dict[str, Cell]:
    """The cells of an estimate; what stands in their place where it may not be shown or there is none."""
    if estimate is None:
        hidden = Hidden("Not shown")
        return dict.fromkeys(("pupils", "value", "lower", "upper", "beside"), hidden)
    return {
        "pupils": estimate.pupils,
        "value": estimate.value,
        "lower": estimate.lower,
        "upper": estimate.upper,
        "beside": estimate.beside_average,
    }


def not_shown(rule: Rule, is_any: bool) -> list[str]:
    """The note that goes with cells that say 'Not shown'."""
    if not is_any:
        return []
    note = (
        f"Not shown: {rule.small} pupils or fewer, or so few that a figure could be worked out from those of "
        "other schools."
    )
    return [note]


def years(progress: SchoolProgress) -> Table:
    """The school's estimate of each year, with the number it had."""
    rows: list[Row] = [
        {
            "year": year,
            "urn": ", ".join(progress.numbers.get(year, ())),
            **estimate_cells(estimate),
        }
        for year, estimate in progress.by_year.items()
    ]
    outcome = progress.asked.outcome
    return Table(
        f"{progress.school.shown_name}: progress in {outcome.label} by year, in {outcome.unit}",
        (Column("year", "Year"), Column("urn", "URN"), *estimate_columns(outcome.decimals)),
        rows,
        [
            "Each year stands beside the average school of that year and allows for the same things.",
            *not_shown(progress.rule, any(one is None for one in progress.by_year.values())),
        ],
    )


def outcomes(progress: SchoolProgress) -> Table:
    """The school's estimate in each outcome of the key stage."""
    rows: list[Row] = [
        {"outcome": outcome.label[:1].upper() + outcome.label[1:], "unit": outcome.unit}
        | estimate_cells(estimate)
        for outcome, estimate in progress.by_outcome.items()
    ]
    pupils, value, *rest = estimate_columns(max(one.decimals for one in progress.by_outcome))
    return Table(
        f"{progress.school.shown_name}: progress in each outcome, {progress.asked.period}",
        (Column("outcome", "Outcome"), pupils, value, Column("unit", "Counted in"), *rest),
        rows,
        ["Of several outcomes looked at together one is more easily beyond its range by chance."],
    )


def left_out(progress: SchoolProgress) -> Table:
    """Pupils of the school whom the model leaves out, by reason."""
    title = f"{progress.school.shown_name}: pupils left out, {progress.asked.period}"
    return left_out_table(title, progress.left_out, progress.rule)


def left_out_table(title: str, reasons: Sequence[LeftOut], rule: Rule) -> Table:
    """Pupils left out by reason; small counts hidden."""
    rows: list[Row] = [
        {
            "reason": one.reason,
            "pupils": Hidden(rule.small_label) if rule.is_small(one.pupils) else one.pupils,
        }
        for one in reasons
    ]
    return Table(
        title,
        (Column("reason", "Why"), Column("pupils", "Pupils", Kind.NUMBER)),
        rows,
        ["Each pupil is counted once, under the first reason. None of them counts as nought."],
    )


def official_table(official: OfficialMeasure, school: str) -> Table:
    """The published measure by year, or why there is none."""
    indicator = official.indicator
    rows: list[Row] = [
        {
            "year": one.year,
            "value": shown(indicator, one.figure) if one.figure else one.reason,
            "range": range_of(indicator, one.figure),
            "band": one.band,
        }
        for one in official.years
    ]
    columns = [Column("year", "Year"), Column("value", "Published figure")]
    # A year without a figure has its reason there; an empty column beside it would say nothing.
    columns += [Column("range", "95% range")] if any(row["range"] for row in rows) else []
    columns += [Column("band", "Band")] if any(row["band"] for row in rows) else []
    return Table(
        f"{school}: {indicator.title}, as published",
        columns,
        rows,
        [f"Source: {indicator.publisher}. Compared with England, not with the authority."],
    )


TABLES: Mapping[str, Callable[[SchoolProgress], Table]] = {
    "years": years,
    "outcomes": outcomes,
    "left-out": left_out,
}
