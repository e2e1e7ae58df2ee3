"""The value-added pages as papers: figures as they are on that day, with the versions named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import QueryDict

from redway.figures.chart import Chart
from redway.figures.documents import Document, Section
from redway.figures.table import Table
from redway.web.attainment.cohorts import Source
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.made_up import NOTICE, made_up_in
from redway.web.attainment.value_added import authority_tables, sentences, tables
from redway.web.attainment.value_added.findings import authority_findings, findings, no_estimate
from redway.web.attainment.value_added.official import OfficialMeasure
from redway.web.attainment.value_added.progress import SchoolProgress
from redway.web.attainment.value_added.whole import AuthorityProgress


def school_paper(
    progress: SchoolProgress, charts: Sequence[Chart], official: OfficialMeasure | None, on: date
) -> Document:
    """What one school adds."""
    school, asked = progress.school, progress.asked
    parts = [
        Section("How sure that is", [sentences.similar(asked.outcome, progress.chosen)], charts=charts),
        *(
            Section(heading, tables=_tables(tables.table_view, progress, name, on))
            for heading, name in (
                ("Year by year", "years"),
                ("Every outcome", "outcomes"),
                ("Pupils left out", "left-out"),
            )
        ),
        *(
            [Section("The official measure", tables=[tables.official_table(official, school.shown_name)])]
            if official
            else []
        ),
    ]
    return Document(
        title=f"Value added: {school.shown_name}",
        subtitle=_subtitle(asked.key_stage, asked.outcome.label, asked.period, school.authority_name),
        provenance=tables.provenance_of(asked.period, progress.source.numbers_of(progress.by_year), on),
        paragraphs=[*_made_up(progress.source), *(findings(progress) or [no_estimate(progress)])],
        sections=[one for one in parts if one.paragraphs or one.charts or one.tables],
    )


def authority_paper(progress: AuthorityProgress, charts: Sequence[Chart], on: date) -> Document:
    """What the schools of an authority add."""
    asked = progress.asked
    parts = [
        Section("The schools beside their average", charts=charts),
        *(
            Section(heading, tables=_tables(authority_tables.table_view, progress, name, on))
            for heading, name in (
                ("Every school, by name", "schools"),
                ("What the model allows for", "allowed-for"),
                ("What leaving out one thing loses", "gains"),
                ("Pupils left out", "left-out"),
            )
        ),
    ]
    return Document(
        title=f"Value added: schools of {progress.authority.name}",
        subtitle=_subtitle(asked.key_stage, asked.outcome.label, asked.period, ""),
        provenance=tables.provenance_of(asked.period, progress.source.numbers_of(asked.years), on),
        paragraphs=[*_made_up(progress.source), *authority_findings(progress)],
        sections=[one for one in parts if one.paragraphs or one.charts or one.tables],
    )


def _subtitle(*parts: str) -> str:
    stage, *rest = parts
    return ", ".join(part for part in (KEY_STAGES[stage], *rest) if part)


def _made_up(source: Source) -> list[str]:
    return [NOTICE] if made_up_in(source.versions) else []


def _tables(make: Any, progress: Any, name: str, on: date) -> list[Table]:
    view = make(progress, name, QueryDict(), on)
    return [view.in_words(on)] if view is not None and view.every_row else []
