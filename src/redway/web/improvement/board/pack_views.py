"""A frozen pack as a page and as files, restricted and public; and the minutes as a paper."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.figures.table import Table
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.improvement.board import papers
from redway.web.improvement.board.access import access_meeting
from redway.web.improvement.board.meeting_services import note_reading, read_frozen
from redway.web.improvement.board.models import Meeting
from redway.web.improvement.board.pages import meeting_crumb, trail
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of

VERSIONS = ("restricted", "public")
_PICTURES = "board"
"""Folder of drawn charts of frozen packs."""


def _frozen(request: HttpRequest, key: UUID, version: str) -> tuple[Meeting, papers.Plain, str]:
    """The meeting, the pack as plain data and its check sum."""
    found = access_meeting(request, key, "board.view")
    if version not in VERSIONS or found.frozen_at is None:
        raise Http404("There is no such pack.")
    return found, read_frozen(found, version), found.public_hash if version == "public" else found.pack_hash


@require_safe
@needs("board.view", of="improvement plan")
def pack(request: HttpRequest, key: UUID, version: str) -> HttpResponse:
    """The pack as a page."""
    try:
        found, held, digest = _frozen(request, key, version)
    except RedwayError as error:
        return _damaged(request, error)
    note_reading(actor=person_of(request), meeting=found, version=version, form="page")
    context = {
        "meeting": found,
        "pack": held,
        "version": version,
        "digest": digest,
        "title": papers.title_of(held),
        "version_words": papers.version_words(held),
        "first": papers.page_one(held),
        "made_up": papers.MADE_UP if held["made_up"] else "",
        "overview": TableView(
            papers.objectives_table(held), TableState("objectives"), ratings=["colour"], wide=False
        ),
        "objectives": [
            (
                one,
                [_shown_measure(found, version, one, place) for place in range(len(one["measures"]))],
                [
                    _view(table, f"o{one['number']}-{at}")
                    for at, table in enumerate(papers.objective_tables(one))
                ],
            )
            for one in held["objectives"]
        ],
        "history": _view(papers.history_table(held), "history"),
        "rest": [
            _view(table, f"rest-{at}")
            for at, table in enumerate(
                (papers.decisions_table(held), papers.tasks_table(held), papers.withdrawn_table(held))
            )
            if list(table.rows)
        ],
        "breadcrumbs": trail(request, meeting_crumb(found)),
    }
    return render(request, "board/pack.html", context)


def _shown_measure(
    meeting: Meeting, version: str, objective: papers.Plain, place: int
) -> tuple[papers.Plain, list[str], ChartView]:
    """One measure of an objective: itself, what it was before, and its chart."""
    measure = objective["measures"][place]
    drawn = papers.chart_of(measure)
    parts = [meeting.pk, version, objective["number"], place, "svg"]
    view = ChartView(
        f"pack-{objective['number']}-{place}",
        drawn,
        reverse("board:pack_chart", args=parts).removesuffix(".svg"),
        drawn.key,
        f"Source: {measure['source']}. {measure['stands_on']}",
    )
    before = [papers.sentence(papers.rebaselined_words(step)) for step in measure["rebaselined"]]
    return measure, before, view


@require_safe
@needs("board.view", of="improvement plan")
def pack_chart(
    request: HttpRequest, key: UUID, version: str, objective: int, place: int, extension: str
) -> HttpResponse:
    """The chart of a measure as it was frozen. The reading of the pack is on record with its page."""
    try:
        _, held, _ = _frozen(request, key, version)
    except RedwayError as error:
        return _damaged(request, error)
    measures = [each for one in held["objectives"] if one["number"] == objective for each in one["measures"]]
    if place >= len(measures):
        raise Http404("There is no such measure in this pack.")
    drawn = papers.chart_of(measures[place], design_charts.width_wanted(request))
    response = design_charts.answer(request, drawn, extension, _PICTURES)
    # A pack that is restricted is kept by no browser, not even in pictures.
    response["Cache-Control"] = "no-store, private"
    return response


def _damaged(request: HttpRequest, error: RedwayError) -> HttpResponse:
    context = {"error": error, "breadcrumbs": trail(request)}
    return render(request, "board/damaged.html", context, status=409)


def _view(table: Table, name: str) -> TableView:
    coloured = ["colour"] if any(column.key == "colour" for column in table.columns) else []
    if table.title == "Colours at each meeting":
        coloured = [column.key for column in table.columns[1:]]
    return TableView(table, TableState(name), ratings=coloured, per_page=500)


@require_safe
@needs("board.view", of="improvement plan")
def pack_file(request: HttpRequest, key: UUID, version: str, extension: str) -> HttpResponse:
    """The pack as PDF, workbook or slides, or the frozen bytes themselves (json)."""
    if extension not in papers.MEDIA:
        raise Http404("There is no such file.")
    try:
        found, held, digest = _frozen(request, key, version)
    except RedwayError as error:
        return _damaged(request, error)
    note_reading(actor=person_of(request), meeting=found, version=version, form=extension)
    if extension == "json":
        content = bytes(found.public_pack if version == "public" else found.pack)
    else:
        content = papers.file_of(held, digest, extension, settings.REDWAY_HOME.root / "charts" / _PICTURES)
    response = HttpResponse(content, content_type=papers.MEDIA[extension])
    name = f"{slugify(papers.title_of(held))}-{version}.{extension}"
    disposition = "inline" if extension == "pdf" else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response
