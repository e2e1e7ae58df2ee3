"""An authority's page as a paper: figures as they are on that day, the neighbour model named."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from redway.figures.documents import Document, Section
from redway.figures.provenance import Provenance
from redway.figures.table import Table
from redway.web.authorities import charts, tables
from redway.web.authorities.profile import AuthorityProfile
from redway.web.datasets.naming import versions_in_words
from redway.web.datasets.standing import stamps_for


def authority_paper(profile: AuthorityProfile, on: date) -> Document:
    """The paper of one authority, with the main measures of every outcome."""
    drawn = charts.views_of(profile)
    used = {figure.version for figures in profile.series.values() for figure in figures}
    sections = [
        Section("Worth knowing", [f"{one.title}. {one.text}" for one in profile.findings]),
        *(
            Section(one.indicator.title, [one.words(profile.authority.name)], [trend.chart, beside.chart])
            for one, trend, beside in drawn
        ),
        *(
            Section(outcome.value.capitalize(), tables=_tables(profile, name, on))
            for name, outcome in tables.OUTCOMES.items()
        ),
        Section("Statistical neighbours", tables=_tables(profile, "neighbours", on)),
        Section("Data gaps", tables=_tables(profile, "gaps", on)),
    ]
    model = f"; statistical neighbours of the {profile.model} model" if profile.model else ""
    return Document(
        title=profile.authority.name,
        subtitle=f"Local authority {profile.authority.number}{model}",
        provenance=Provenance("as stated beside each figure", versions_in_words(used), (tables.LICENCE,), on),
        paragraphs=stamps_for(profile.formats(), profile.build, on),
        sections=[one for one in sections if one.paragraphs or one.charts or one.tables],
    )


def _tables(profile: AuthorityProfile, name: str, on: date) -> list[Table]:
    view = tables.table_view(profile, name, QueryDict(), on)
    return [view.in_words(on)] if view is not None and view.every_row else []
