"""The tracking pages as a paper for a visit: counts and gaps as they are on that day, and no names."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from redway.figures.documents import Document, Section
from redway.web.attainment.made_up import NOTICE
from redway.web.attainment.tracking import tables
from redway.web.attainment.tracking.charts import gaps_drawn
from redway.web.attainment.tracking.groups import Gaps
from redway.web.attainment.tracking.page import Cohort
from redway.web.attainment.tracking.told import Counts
from redway.web.attainment.tracking.words import rule_in_words


def tracking_paper(cohort: Cohort, counts: Counts, found: Gaps, on: date) -> Document:
    """The paper of one cohort. ``counts`` are those that may be told to everybody."""
    chart = gaps_drawn(cohort, found)
    gaps = tables.gaps_view(cohort, found, QueryDict(), on)
    sections = [
        Section(
            "How many are on track",
            [rule_in_words(cohort.whole.tracked.rule)],
            tables=[tables.standings_table(cohort, counts), tables.movements_table(cohort, counts)],
        ),
        Section(
            "Groups",
            [found.by_chance],
            charts=[chart] if chart else [],
            tables=[gaps.in_words(on)] if found.lines else [],
        ),
        Section("Target groups", tables=[tables.layers_table(cohort, counts)]),
    ]
    return Document(
        title=f"Tracking: {cohort.school.shown_name}",
        subtitle=f"{cohort.title}. {cohort.school.authority_name}",
        provenance=tables.provenance_of(cohort, on),
        paragraphs=[NOTICE] if cohort.made_up else [],
        sections=sections,
    )
