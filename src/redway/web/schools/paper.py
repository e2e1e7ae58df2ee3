"""A school's profile as a paper: its figures as they are on that day, with the versions named."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from redway.figures.documents import Document, Section
from redway.figures.provenance import Provenance
from redway.figures.table import Column, Table
from redway.web.datasets.naming import versions_in_words
from redway.web.datasets.standing import stamps_for
from redway.web.design.tables import TableView
from redway.web.measures.showing import range_of, shown
from redway.web.register.models import School
from redway.web.schools import charts, tables
from redway.web.schools.history import Happening
from redway.web.schools.profile import Profile
from redway.web.schools.seen import Seen


def school_paper(profile: Profile, seen: Seen, history: list[Happening], on: date) -> Document:
    """The paper of one school."""
    used = {one.figure.version for one in profile.standings} | {one.version for one in profile.inspections}
    sections = [
        Section(
            "Through time",
            [said for _, said in charts.trend_views(profile) if said],
            charts=[view.chart for view, _ in charts.trend_views(profile)],
        ),
        Section("Benchmarks", tables=_tables(profile, seen, "benchmarks")),
        Section("Inspections", tables=_tables(profile, seen, "inspections")),
        Section(
            "Data gaps",
            ["Figures for which a file gives a reason instead of a number."],
            tables=_tables(profile, seen, "gaps"),
        ),
        Section("History in the register", [f"{one.when}: {one.what}" for one in history]),
    ]
    return Document(
        title=profile.school.shown_name,
        subtitle=_subtitle(profile.school),
        provenance=Provenance("as stated beside each figure", versions_in_words(used), (tables.LICENCE,), on),
        headline=_headline(profile),
        paragraphs=stamps_for(profile.formats(), profile.build, on),
        sections=[one for one in sections if one.paragraphs or one.charts or one.tables],
    )


def _subtitle(school: School) -> str:
    parts = (school.phase, school.kind, school.authority_name, f"URN {school.current_urn}")
    return ", ".join(part for part in parts if part)


def _tables(profile: Profile, seen: Seen, name: str) -> list[Table]:
    view: TableView | None = tables.table_view(profile, name, QueryDict(), seen)
    return [view.in_words(seen.on)] if view is not None and view.every_row else []


def _headline(profile: Profile) -> Table | None:
    if not profile.headlines:
        return None
    columns = (
        Column("measure", "Measure"),
        Column("period", "Period"),
        Column("value", "This school"),
        Column("range", "95% range"),
        Column("england", "England"),
        Column("quarter", "Where the school lies"),
    )
    rows = [
        {
            "measure": one.indicator.short,
            "period": one.figure.period,
            "value": shown(one.indicator, one.figure),
            "range": range_of(one.indicator, one.figure),
            "england": shown(one.indicator, one.england) if one.england else "",
            "quarter": f"{one.quarter} {one.quarter_of}" if one.quarter else "",
        }
        for one in profile.headlines
    ]
    return Table("At a glance", columns, rows)
