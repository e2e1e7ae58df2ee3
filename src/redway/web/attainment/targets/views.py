"""Pages that show targets: a school's list, one target, its chart, its pupils, its paper."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.attainment.target_levels import small_cohort
from redway.attainment.target_record import VERIFIERS, Stage
from redway.core.words import day_in_words
from redway.figures.chart import Chart
from redway.figures.theme import PAGE
from redway.web.attainment.models import Target
from redway.web.attainment.pages import school_pages
from redway.web.attainment.targets import services
from redway.web.attainment.targets.access import Place, access_place
from redway.web.attainment.targets.charts import estimates_chart
from redway.web.attainment.targets.drafts import draft_of
from redway.web.attainment.targets.estimating import sources_of
from redway.web.attainment.targets.paper import target_paper
from redway.web.attainment.targets.school_list import school_view, targets_of_school
from redway.web.attainment.targets.sentences import withheld_words
from redway.web.attainment.targets.showing import (
    Shown,
    earlier_values,
    reach_now,
    shown_of,
    tag_of,
)
from redway.web.attainment.targets.step_views import trail_of
from redway.web.attainment.targets.steps import ANSWER, CHALLENGE, DECIDE, PROPOSE, STEPS, heading_of
from redway.web.attainment.targets.tables import pupils_table
from redway.web.attainment.targets.timeline import timeline
from redway.web.audit import services as audit
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.papers import pdf_response
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import access_school
from redway.web.schools.access import record_of as school_record

PUPILS_ON_A_PAGE = 400
"""A whole year group: nobody should be missed on a second page."""


@require_safe
@needs("target.view", of="school")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """The targets of one school, and what waits for whom."""
    found = access_school(request, urn, "target.view")
    if urn != found.current_urn:
        return redirect("attainment:school_targets", found.current_urn)
    held = targets_of_school(found, permission.today())
    context = {
        "school": found,
        "held": held,
        "view": school_view(held, request, permission.today()),
        "made_up": held.made_up,
        "related": [
            ("Profile", reverse("schools:profile", args=[found.current_urn])),
            *school_pages(request, found, but="attainment:school_targets"),
        ],
        "breadcrumbs": _trail_of_school(request, found),
    }
    return render(request, "attainment/targets/school.html", context)


def _trail_of_school(request: HttpRequest, school: School) -> list[tuple[str, str]]:
    trail = [("Progress", reverse("attainment:index"))]
    if may_see_authority(request, school):
        whole = reverse("attainment:authority_targets", args=[school.authority])
        trail.append((f"Targets in {school.authority_name}", whole))
    return trail


def may_see_authority(request: HttpRequest, school: School) -> bool:
    """Whether the person may open the list of all schools of the authority."""
    seen = permission.visible(request, "target.view")
    return seen.everywhere or school.authority in seen.authorities


@require_safe
@needs("target.view", of="school")
def target(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
    """One target: what it is set against, the conversation, what is to be done."""
    place = access_place(request, urn, measure, year, "target.view")
    if urn != place.school.current_urn:
        return redirect(place.address())
    shown = shown_of(place, permission.today())
    record = school_record(place.school)
    context = {
        "place": place,
        "shown": shown,
        "tag": tag_of(shown.record),
        "actions": _actions(request, shown),
        "drafts": _drafts(request, place),
        "chart": chart_view(place, shown),
        "levels": TableView(shown.levels, TableState("levels")) if shown.frozen.levels else None,
        "earlier": [place.measure.show(value) for value in earlier_values(shown.record)],
        "value": place.measure.show(shown.value) if shown.value is not None else "",
        "average": place.measure.show(shown.frozen.average.value) if shown.frozen.average else "",
        "average_range": _range(place, shown),
        "verifiers": verifiers_of(place.target)
        if place.target and shown.record and shown.record.decided
        else [],
        "outturn": place.measure.show(float(shown.outturn.value)) if shown.outturn else "",
        "withheld": withheld_words(small_cohort(permission.today())),
        "paper": place.address("target_paper"),
        "pupils_address": place.address("target_pupils"),
        "withdrawn": [(one, timeline(one, place.measure)) for one in place.withdrawn],
        "may_see_pupils": shown.frozen.cohort > 0 and permission.decide(request, "pupil.view", record),
        "made_up": shown.made_up,
        "breadcrumbs": trail_of(place),
    }
    return render(request, "attainment/targets/target.html", context)


def verifiers_of(target: Target) -> list[tuple[str, str]]:
    """The three who verify the present value: who did and on which day, or that it waits for them."""
    given = {one.part: one for one in list(target.versions.all())[-1].verifications.all()}
    return [
        (
            part.label.capitalize(),
            f"{given[part].by.full_name}, {day_in_words(timezone.localdate(given[part].at))}"
            if part in given
            else "Not yet",
        )
        for part in VERIFIERS
    ]


def _range(place: Place, shown: Shown) -> str:
    average = shown.frozen.average
    if average is None:
        return ""
    return f"{place.measure.show(average.lower)} to {place.measure.show(average.upper)}"


def _actions(request: HttpRequest, shown: Shown) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is what is waited for) of what this person may do now."""
    place, record = shown.place, shown.record
    school = school_record(place.school)
    found = []
    own_parts = set(services.parts_of(request, place.school))
    if record is not None and record.stage is Stage.DECIDED and own_parts & set(record.names_missing):
        found.append(("Verify the target", place.address("target_verify"), True))
    for step in STEPS:
        if permission.decide(request, step.action, school) and not step.refusal(record):
            first = step in _WAITED.get(record.stage if record else None, ())
            found.append((heading_of(step, place), place.address(step.page), first))
    return sorted(found, key=lambda one: not one[2])


_WAITED = {
    None: (PROPOSE,),
    Stage.PROPOSED: (CHALLENGE, DECIDE),
    Stage.CHALLENGED: (ANSWER,),
    Stage.ANSWERED: (DECIDE,),
    Stage.NOT_AGREED: (PROPOSE,),
}
"""Stage -> the steps that are waited for in it; None while nothing is proposed."""


def _drafts(request: HttpRequest, place: Place) -> list[tuple[str, str]]:
    """What this person has begun here and not sent."""
    assert isinstance(request.user, Person)
    return [
        (heading_of(step, place), place.address(step.page))
        for step in STEPS
        if draft_of(request.user, step.subject(place)) is not None
    ]


def chart_view(place: Place, shown: Shown) -> ChartView | None:
    """The estimates as a chart; None where there are none."""
    drawn = _drawn(shown)
    if drawn is None:
        return None
    address = place.address("target_chart", "svg").removesuffix(".svg")
    return ChartView("estimates", drawn, address, f"target-{drawn.key}")


def _drawn(shown: Shown, width: int = PAGE) -> Chart | None:
    return estimates_chart(shown.place.measure, shown.place.year, shown.frozen, shown.value, width)


@require_safe
@needs("target.view", of="school")
def chart(request: HttpRequest, urn: str, measure: str, year: str, extension: str) -> HttpResponse:
    """The estimates as a picture or as a description."""
    shown = shown_of(access_place(request, urn, measure, year, "target.view"), permission.today())
    wide = _drawn(shown)
    drawn = _drawn(shown, design_charts.width_wanted(request))
    if wide is None or drawn is None:
        raise Http404("There are no estimates to draw.")
    response = design_charts.answer(request, drawn, extension, f"target-{wide.key}")
    # From pupil records, of cohorts of any size: no browser keeps the picture, as it keeps no page of it.
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@needs("target.view", of="school")
def paper(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
    """The conversation as a PDF, with the estimates as they were shown."""
    place = access_place(request, urn, measure, year, "target.view")
    shown = shown_of(place, permission.today())
    drawn = _drawn(shown)
    document = target_paper(shown, drawn, permission.today())
    return pdf_response(document, f"target-{drawn.key}" if drawn else "none")


@require_safe
@needs("pupil.view", of="school")
def pupils(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
    """The pupils behind the estimates by name, for those who need to know. Each look is audited."""
    place = access_place(request, urn, measure, year, "pupil.view")
    on = permission.today()
    shown = shown_of(place, on)
    reach = reach_now(place, sources_of(place.school.authority, place.measure.key_stage), on)
    details: dict[str, Any] = {"measure": place.measure.code, "year": year, "pupils": reach.cohort}
    assert isinstance(request.user, Person)
    with transaction.atomic():
        audit.record(
            request.user, "target.view_pupils", "school", place.school.key, details, sensitive_read=True
        )
    table = pupils_table(reach, shown.cycle.levels)
    context = {
        "place": place,
        "view": TableView(table, TableState.read(request.GET, "pupils"), per_page=PUPILS_ON_A_PAGE),
        "refusal": reach.refusal,
        "made_up": shown.made_up,
        "breadcrumbs": [*trail_of(place), (place.title, place.address())],
    }
    return render(request, "attainment/targets/pupils.html", context)
