"""A target as a paper: the conversation, and the figures as they were shown on the day it was set."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from redway.attainment.target_levels import small_cohort
from redway.core.words import day_in_words
from redway.figures.chart import Chart
from redway.figures.documents import Document, Section
from redway.figures.provenance import Provenance
from redway.figures.table import Column, Table
from redway.web.attainment.made_up import NOTICE
from redway.web.attainment.targets import sentences
from redway.web.attainment.targets.measures import summer_of
from redway.web.attainment.targets.showing import Shown

OWN_RECORDS = "The authority's own pupil records"


def target_paper(shown: Shown, chart: Chart | None, on: date) -> Document:
    """The paper of one target as it stands on a day."""
    place = shown.place
    set_on = day_in_words(date.fromisoformat(shown.frozen.on))
    sections = [
        Section(
            f"What the target is set against, as shown on {set_on}",
            [*shown.about, *shown.past, *([shown.since] if shown.since else [])],
            charts=[chart] if chart else [],
            tables=[shown.levels] if shown.frozen.levels else [],
        ),
        Section("The conversation", tables=[_conversation(shown)] if shown.record else []),
        Section("What came of it", [said for said in (shown.met, shown.verdict) if said]),
    ]
    return Document(
        title=place.title,
        subtitle=f"{place.school.shown_name}, {place.school.authority_name}",
        provenance=Provenance(
            f"results of {summer_of(place.year)}; estimates as shown on {set_on}",
            shown.versions,
            (OWN_RECORDS,),
            on,
        ),
        paragraphs=[
            *([NOTICE] if shown.made_up else []),
            f"{shown.standing}. {shown.waiting}.",
            *([f"{shown.late.words}."] if shown.late else []),
            *([sentences.withheld_words(small_cohort(on))] if shown.is_small else []),
            *shown.findings,
        ],
        sections=[one for one in sections if one.paragraphs or one.charts or one.tables],
    )


def _conversation(shown: Shown) -> Table:
    columns = [Column("on", "Date"), Column("who", "Who"), Column("what", "What"), Column("text", "In words")]
    rows = [
        {
            "on": day_in_words(timezone.localdate(one.at)),
            "who": one.who,
            "what": one.what,
            "text": one.text,
        }
        for one in shown.happenings
    ]
    return Table("From the first proposal on", columns, rows)
