"""The page of one pupil: for those who may see the pupil, and every look is written to the audit trail."""

from __future__ import annotations

from base64 import b64encode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.figures.render import render_svg
from redway.figures.theme import PAGE, PHONE
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.tracking.access import NAMES, access_pupil
from redway.web.attainment.tracking.charts import path_drawn
from redway.web.attainment.tracking.following import sources_of
from redway.web.attainment.tracking.one_pupil import PupilProgress, progress_of
from redway.web.audit import services as audit
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person


@require_safe
@needs(NAMES, of="school")
def pupil(request: HttpRequest, key: str) -> HttpResponse:
    """One pupil in every subject. The read and its record are one transaction: no record, no page."""
    assert isinstance(request.user, Person)
    with transaction.atomic():
        found = access_pupil(request, key)
        sources = sources_of(found.authority)
        progress = progress_of(found, sources, request.GET.get("subject", ""), permission.today())
        audit.record(
            request.user, "pupil.read", "pupil", key, {"school": found.school.key}, sensitive_read=True
        )
    school = found.school
    subjects = progress.subjects_table() if progress.subjects else None
    context = {
        "pupil": found,
        "school": school,
        "progress": progress,
        "shown": progress.shown,
        "subjects": TableView(subjects, TableState("subjects"), links={"subject": _other})
        if subjects
        else None,
        "terms": TableView(progress.shown.terms_table(), TableState("terms")) if progress.shown else None,
        "chart": _pictures(progress),
        "made_up": any(made_up_in(source.versions) for source in sources.every),
        "breadcrumbs": [
            ("Progress", reverse("attainment:index")),
            (school.shown_name, _cohort(progress)),
        ],
    }
    return render(request, "attainment/tracking/pupil.html", context)


def _other(row: object) -> str:
    """The same page about another subject."""
    assert isinstance(row, dict)
    return f"?subject={row['code']}"


def _cohort(progress: PupilProgress) -> str:
    """The page of the pupil's cohort."""
    address = reverse("attainment:school_tracking", args=[progress.pupil.school.current_urn])
    if progress.shown is None:
        return address
    return f"{address}?subject={progress.shown.subject.asked}&year_group={progress.pupil.year_group}"


def _pictures(progress: PupilProgress) -> dict[str, object] | None:
    """The chart within the page itself: at an address of its own it could be seen without a record.

    It is kept on no disk, neither here nor in the browser.
    """
    if progress.shown is None:
        return None
    drawn = {
        width: path_drawn(progress.shown.followed, progress.pupil.number, width) for width in (PAGE, PHONE)
    }
    wide, narrow = drawn[PAGE], drawn[PHONE]
    if wide is None or narrow is None:
        return None
    return {
        "words": f"{wide.title} {wide.text_alternative}",
        "title": wide.title,
        "wide": _within(render_svg(wide)),
        "narrow": _within(render_svg(narrow)),
        "table": TableView(wide.table, TableState("chart")),
    }


def _within(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
