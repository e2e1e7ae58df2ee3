"""A school's cohort: how many are on track, its groups and target groups, and its pupils for who may know."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.attainment.tracking import Standing
from redway.web.attainment.tracking import tables
from redway.web.attainment.tracking.access import COUNTS, NAMES
from redway.web.attainment.tracking.charts import gaps_drawn
from redway.web.attainment.tracking.following import Followed
from redway.web.attainment.tracking.groups import Gaps, gaps_of
from redway.web.attainment.tracking.page import Cohort, Look, cohort_at, frame_of, look_at
from redway.web.attainment.tracking.paper import tracking_paper
from redway.web.attainment.tracking.told import Counts, safe, whole
from redway.web.attainment.tracking.words import SHAPES, rule_in_words
from redway.web.attainment.value_added.page import Made, made_from
from redway.web.audit import services as audit
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.papers import pdf_response
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person


@require_safe
@needs(COUNTS, of="school")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """The cohort by standing; one row a pupil for those who may see pupils by name."""
    look = look_at(request, urn)
    if urn != look.school.current_urn:
        return _at_present_number(request, "attainment:school_tracking", look)
    context = frame_of(request, look, "attainment:school_tracking")
    cohort = look.cohort
    if cohort is not None:
        shown = cohort.own.of(cohort.asked.in_group())
        counts = _counts(cohort, shown)
        context |= {
            "headline": [_headline(counts, one) for one in Standing],
            "movements": tables.counts_view(cohort, counts, "movements", permission.today()),
            "standings": tables.counts_view(cohort, counts, "standings", permission.today()),
            **_around(request, cohort),
        }
        if cohort.names:
            listed = _listed(shown, cohort)
            context["view"] = tables.pupils_view(cohort, listed.tracked, request.GET, permission.today())
            _record_look(request, cohort, "pupil.list", listed.pupils.height)
    return render(request, "attainment/tracking/school.html", context)


def _at_present_number(request: HttpRequest, page: str, look: Look) -> HttpResponse:
    """The same page under the number the school has now, looked at in the same way."""
    query = request.GET.urlencode()
    address = reverse(page, args=[look.school.current_urn])
    return redirect(f"{address}?{query}" if query else address)


def _around(request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
    """What every page of a cohort says of its rule, its estimates and its sources."""
    return {
        "rule": rule_in_words(cohort.own.tracked.rule),
        "refusal": cohort.own.refusal,
        "paper": reverse("attainment:school_tracking_paper", args=[cohort.school.current_urn]),
        "made_from": _made_from(request, cohort),
    }


def _made_from(request: HttpRequest, cohort: Cohort) -> list[Made]:
    """The versions behind the page, with their pages for those who may open them."""
    on_roll, assessments, results = cohort.behind
    years = sorted({term.year for term in cohort.whole.tracked.terms})
    return [
        *made_from(request, on_roll, (cohort.whole.year,)),
        *made_from(request, assessments, years),
        *made_from(request, results, (cohort.whole.model_year,)),
    ]


def _counts(cohort: Cohort, shown: Followed) -> Counts:
    return whole(shown.tracked) if cohort.names else safe(shown.tracked, cohort.rule)


def _listed(shown: Followed, cohort: Cohort) -> Followed:
    """The pupils of the standing asked for: all when none is."""
    standing = cohort.asked.standing
    return shown if standing is None else shown.of(pl.col("standing") == standing.value)


def _headline(counts: Counts, standing: Standing) -> dict[str, str]:
    """One standing at the top of the page: word and shape, count, share."""
    return {
        "shape": SHAPES[standing.value],
        "word": standing.value.capitalize(),
        "count": tables.COUNT.show(counts.standings[standing]),
        "about": counts.share(standing),
    }


def _record_look(request: HttpRequest, cohort: Cohort, verb: str, pupils: int) -> None:
    """Pupils were shown, or taken away, by name: who, of which school and year group, how many."""
    assert isinstance(request.user, Person)
    details = {
        "subject": cohort.asked.subject.asked,
        "year_group": cohort.asked.year_group,
        "pupils": pupils,
    }
    with transaction.atomic():
        audit.record(request.user, verb, "school", cohort.school.key, details, sensitive_read=True)


@require_safe
@needs(NAMES, of="school")
def pupils(request: HttpRequest, urn: str, extension: str) -> HttpResponseBase:
    """The pupils listed, by name, as a file."""
    cohort = cohort_at(request, urn, NAMES)
    listed = _listed(cohort.own.of(cohort.asked.in_group()), cohort)
    view = tables.pupils_view(cohort, listed.tracked, request.GET, permission.today())
    return _taken_away(request, cohort, view, extension)


def _taken_away(request: HttpRequest, cohort: Cohort, view: TableView, extension: str) -> HttpResponseBase:
    """Pupils as a file. Nothing is sent unless it is recorded."""
    answer = export(tables.with_notice(view, cohort), extension)
    _record_look(request, cohort, "pupil.export", len(view.found))
    return answer


@require_safe
@needs(COUNTS, of="school")
def counts_table(request: HttpRequest, urn: str, name: str, extension: str) -> HttpResponseBase:
    """One table of counts as a file: as it may be told to everybody, for it leaves the page."""
    cohort = cohort_at(request, urn)
    counts = safe(cohort.own.tracked, cohort.rule)
    view = tables.counts_view(cohort, counts, name, permission.today())
    if view is None:
        raise Http404(f"The page has no table called {name}.")
    return export(tables.with_notice(view, cohort), extension)


@require_safe
@needs(COUNTS, of="school")
def gaps(request: HttpRequest, urn: str) -> HttpResponse:
    """Which groups are less often on track, and how sure that is."""
    look = look_at(request, urn)
    if urn != look.school.current_urn:
        return _at_present_number(request, "attainment:school_gaps", look)
    context = frame_of(request, look, "attainment:school_gaps")
    cohort = look.cohort
    if cohort is not None:
        found = _gaps(cohort)
        context |= {
            "found": found,
            "chart": _gaps_chart(cohort, found),
            "view": tables.gaps_view(cohort, found, request.GET, permission.today()),
            **_around(request, cohort),
        }
    return render(request, "attainment/tracking/gaps.html", context)


def _gaps(cohort: Cohort) -> Gaps:
    return gaps_of(cohort.whole, cohort.school.key, cohort.rule)


def _gaps_chart(cohort: Cohort, found: Gaps) -> ChartView | None:
    drawn = gaps_drawn(cohort, found)
    if drawn is None:
        return None
    address = reverse("attainment:school_gaps_chart", args=[cohort.school.current_urn, "svg"])
    return ChartView("gaps", drawn, address.removesuffix(".svg"), cohort.build, query=cohort.asked.query)


@require_safe
@needs(COUNTS, of="school")
def gaps_chart(request: HttpRequest, urn: str, extension: str) -> HttpResponse:
    """The gaps as a picture or as a description."""
    cohort = cohort_at(request, urn)
    drawn = gaps_drawn(cohort, _gaps(cohort), design_charts.width_wanted(request))
    if drawn is None:
        raise Http404("There is no group that may be shown.")
    return design_charts.answer(request, drawn, extension, cohort.build)


@require_safe
@needs(COUNTS, of="school")
def gaps_table(request: HttpRequest, urn: str, extension: str) -> HttpResponseBase:
    """The gaps as a file."""
    cohort = cohort_at(request, urn)
    view = tables.gaps_view(cohort, _gaps(cohort), request.GET, permission.today())
    return export(tables.with_notice(view, cohort), extension)


@require_safe
@needs(COUNTS, of="school")
def target_groups(request: HttpRequest, urn: str) -> HttpResponse:
    """Curricular target groups: how many in each layer, and who, for those who may know."""
    look = look_at(request, urn)
    if urn != look.school.current_urn:
        return _at_present_number(request, "attainment:school_target_groups", look)
    context = frame_of(request, look, "attainment:school_target_groups")
    cohort = look.cohort
    if cohort is not None:
        counts = _counts(cohort, cohort.own)
        context |= {
            "layers": tables.counts_view(cohort, counts, "target-groups", permission.today()),
            "not_known": tables.COUNT.show(counts.standings[Standing.NOT_KNOWN]),
            **_around(request, cohort),
        }
        if cohort.names:
            view = tables.target_pupils_view(cohort, request.GET, permission.today())
            context["view"] = view
            _record_look(request, cohort, "pupil.list", len(view.every_row))
    return render(request, "attainment/tracking/target_groups.html", context)


@require_safe
@needs(NAMES, of="school")
def target_groups_pupils(request: HttpRequest, urn: str, extension: str) -> HttpResponseBase:
    """The pupils of the target groups, by name, as a file."""
    cohort = cohort_at(request, urn, NAMES)
    return _taken_away(
        request, cohort, tables.target_pupils_view(cohort, request.GET, permission.today()), extension
    )


@require_safe
@needs(COUNTS, of="school")
def paper(request: HttpRequest, urn: str) -> HttpResponse:
    """Counts and gaps as a PDF for a visit: no names, and as they may be told to everybody."""
    cohort = cohort_at(request, urn)
    counts = safe(cohort.own.tracked, cohort.rule)
    document = tracking_paper(cohort, counts, _gaps(cohort), permission.today())
    return pdf_response(document, cohort.build)
