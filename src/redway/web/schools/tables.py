"""The tables of a school's profile, each with a name under which it can be had as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from redway.core.missing import Missing
from redway.figures.disclosure import Share
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Kind, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.measures.showing import Figure, range_of, words_by_row
from redway.web.schools.profile import Profile
from redway.web.schools.seen import Seen

LICENCE = "Department for Education and Ofsted, Open Government Licence v3.0"
_NUMBER = 2
"""Decimal places of a figure in an export, where one column holds measures of several units."""


def table_view(profile: Profile, name: str, query: QueryDict, seen: Seen) -> TableView | None:
    """The table of that name as it is looked at, or None when there is no such table."""
    make = TABLES.get(name)
    if make is None:
        return None
    state = TableState.read(query, name)
    view = make(profile, state, Provenance("as stated in each row", (), (LICENCE,), seen.on))
    if seen.measures:
        return view
    return replace(view, links={key: link for key, link in view.links.items() if key != "measure"})


_COMPARED = ("value", "authority", "england", "similar", "median")


def benchmarks(profile: Profile, state: TableState, provenance: Provenance) -> TableView:
    """Every measure in its latest period beside England, the authority and schools of the phase."""
    rows: list[dict[str, Cell]] = [
        {
            "code": one.indicator.code,
            "measure": one.indicator.title,
            "topic": one.indicator.topic,
            "period": one.figure.period,
            "value": one.figure.cell,
            "range": range_of(one.indicator, one.figure),
            "authority": one.authority.cell if one.authority else None,
            "england": one.england.cell if one.england else None,
            "similar": one.similar,
            "median": one.band.median if one.band else None,
            "quarter": f"{one.quarter} {one.quarter_of}" if one.quarter else "",
            "lineage": one.figure.lineage,
            **one.figure.counts(one.indicator),
        }
        for one in profile.standings
    ]
    columns = (
        Column("measure", "Measure"),
        Column("topic", "Subject"),
        Column("period", "Period"),
        Column("value", "This school", Kind.NUMBER, _NUMBER),
        Column("range", "95% range"),
        Column("authority", profile.school.authority_name or "Authority", Kind.NUMBER, _NUMBER),
        Column("england", "England", Kind.NUMBER, _NUMBER),
        Column("similar", "Median of similar schools", Kind.NUMBER, _NUMBER),
        Column("median", "Median school", Kind.NUMBER, _NUMBER),
        Column("quarter", "Where the school lies"),
        Column("code", "Code"),
    )
    indicators = {one.indicator.code: one.indicator for one in profile.standings}
    notes = [_what_is_compared(profile)]
    return _view(
        profile,
        "benchmarks",
        Table(f"Latest figures of {profile.school.shown_name}", columns, rows, notes),
        state,
        provenance,
        words={key: words_by_row(indicators, key) for key in _COMPARED},
        links={
            "measure": lambda row: reverse("measures:measure", args=[row["code"]]),
            "value": lambda row: str(row["lineage"]),
        },
        first_shown=("measure", "period", "value", "range", "authority", "england", "similar", "quarter"),
        per_page=200,
        nothing="–",
    )


def _what_is_compared(profile: Profile) -> str:
    phase = profile.school.phase.lower()
    return (
        f"England and {profile.school.authority_name or 'the authority'} are the published figures of all "
        f"pupils for the same period; – means that none is published. The median school is the middle one of "
        f"{phase + ' ' if phase else ''}schools; the median of similar schools is worked out for the "
        "measures at a glance where at least eight of them have a figure."
    )


def every_figure(profile: Profile, state: TableState, provenance: Provenance) -> TableView:
    """Every figure of every period, with the establishment it belonged to."""
    indicators = {one.code: one for one in profile.indicators}
    rows: list[dict[str, Cell]] = [
        {
            "code": code,
            "measure": indicators[code].title,
            "period": figure.period,
            "urn": figure.entity,
            "value": indicators[code].show(figure.value) if indicators[code].is_grade else figure.cell,
            "unit": indicators[code].unit,
            "lower": figure.lower if figure.lower is not None else Missing.NOT_AVAILABLE,
            "upper": figure.upper if figure.upper is not None else Missing.NOT_AVAILABLE,
            "edition": figure.edition,
            "lineage": figure.lineage,
            **figure.counts(indicators[code]),
        }
        for code, figures in profile.own.items()
        if code in indicators
        for figure in figures
    ]
    columns = (
        Column("measure", "Measure"),
        Column("period", "Period"),
        Column("urn", "URN"),
        Column("value", "Value", Kind.NUMBER, _NUMBER),
        Column("unit", "Unit"),
        Column("lower", "Lower 95% limit", Kind.NUMBER, _NUMBER),
        Column("upper", "Upper 95% limit", Kind.NUMBER, _NUMBER),
        Column("edition", "Edition"),
        Column("code", "Code"),
    )
    table = Table(f"Every figure of {profile.school.shown_name}", columns, rows)
    return _view(
        profile,
        "every-figure",
        table,
        state,
        provenance,
        links={"value": lambda row: str(row["lineage"])},
        shares=[Share("value", "counted", "of", also=("lower", "upper"))],
    )


def inspections(profile: Profile, state: TableState, provenance: Provenance) -> TableView:
    """Inspection history, each grade tagged with the establishment that was inspected."""
    grade = next((one for one in profile.indicators if one.is_grade), None)
    rows: list[dict[str, Cell]] = [
        {
            "on": figure.period_end,
            "grade": grade.show(figure.value) if grade and figure.value is not None else figure.cell,
            "inspected": _inspected(profile, figure),
            "lineage": figure.lineage,
        }
        for figure in profile.inspections
    ]
    columns = (
        Column("on", "Inspection began", Kind.DATE),
        Column("grade", "Overall effectiveness"),
        Column("inspected", "Establishment inspected"),
    )
    notes = [
        f"From {mark.period}: {mark.reason}"
        for mark in (grade.breaks if grade and profile.inspections else ())
    ]
    table = Table("Inspection history", columns, rows, notes)
    return _view(
        profile, "inspections", table, state, provenance, links={"grade": lambda row: str(row["lineage"])}
    )


def _inspected(profile: Profile, figure: Figure) -> str:
    inspected = profile.line.establishment(figure.entity)
    name = f"{inspected.name}, URN {figure.entity}" if inspected else f"URN {figure.entity}"
    if figure.entity != profile.school.current_urn:
        return f"Predecessor: {name}"
    return f"This school, URN {figure.entity}"


def gaps(profile: Profile, state: TableState, provenance: Provenance) -> TableView:
    """Figures that are not there, counted by reason."""
    rows: list[dict[str, Cell]] = [
        {
            "reason": gap.reason.label,
            "figures": gap.figures,
            "measures": "; ".join(one.short for one in gap.measures),
        }
        for gap in profile.gaps
    ]
    columns = (
        Column("reason", "Why there is no figure"),
        Column("figures", "Figures", Kind.NUMBER),
        Column("measures", "Measures"),
    )
    return _view(profile, "gaps", Table("Figures that are not there", columns, rows), state, provenance)


def _view(
    profile: Profile, name: str, table: Table, state: TableState, provenance: Provenance, **more: Any
) -> TableView:
    # The name is cut from the end: a table's address is the profile's, the table's name and an extension.
    address = reverse("schools:table", args=[profile.school.current_urn, name, "csv"]).removesuffix(".csv")
    return TableView(table, state, address=address, provenance=provenance, **more)


TABLES: Mapping[str, Callable[[Profile, TableState, Provenance], TableView]] = {
    "benchmarks": benchmarks,
    "every-figure": every_figure,
    "inspections": inspections,
    "gaps": gaps,
}
