"""Pages of a success measure: how near, what it was before, where its readings come from, and its changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.words import day_in_words
from redway.improvement.rebaselined import NUMBERS, aim_words
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.form_page import FORM, form_page
from redway.web.improvement.board import objective_services as services
from redway.web.improvement.board.access import access_objective
from redway.web.improvement.board.forms import MeasureForm, MeasureWordsForm, ReadingForm, RebaselineForm
from redway.web.improvement.board.indicator_choice import IndicatorSearch, begun_with, newest_of
from redway.web.improvement.board.measured import Measured, success_measure
from redway.web.improvement.board.models import Measure, Objective
from redway.web.improvement.board.pages import (
    may,
    measure_crumb,
    objective_address,
    objective_caption,
    objective_crumb,
    objective_stands,
    read_objective,
    trail,
)
from redway.web.measures.access import access_measure
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


def chart_view(found: Objective, one: Measured) -> ChartView:
    """The chart of a measure as a page shows it."""
    drawn = one.chart()
    return ChartView(
        f"measure-{one.stored.pk}",
        drawn,
        reverse("board:chart", args=[found.pk, one.stored.pk, "svg"]).removesuffix(".svg"),
        f"{store().build}-{drawn.key[:8]}" if one.stored.indicator else drawn.key,
        f"Source: {one.measure.source}. {one.stands_on}",
    )


def _measured(found: Objective, number: int) -> Measured:
    one = next((each for each in read_objective(found).measures if each.stored.pk == number), None)
    if one is None:
        raise Http404("There is no such measure.")
    return one


def _stored(found: Objective, number: int) -> Measure:
    measure: Measure = get_object_or_404(found.measures.select_related("objective"), pk=number)
    return measure


def _address(measure: Measure) -> str:
    return reverse("board:measure", args=[measure.objective_id, measure.pk])


@require_safe
@needs("plan.view", of="improvement plan")
def measure(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One success measure with its readings, and every baseline and target it has had."""
    found = access_objective(request, key, "plan.view")
    one = _measured(found, number)
    now = one.measure
    context = {
        "one": one,
        "objective": found,
        "chart": chart_view(found, one),
        "rows": [
            ("Baseline", f"{now.show(now.baseline)} on {day_in_words(now.baseline_on)}"),
            ("Target", f"{now.show(now.target)} by {day_in_words(now.target_on)}"),
            ("Direction", now.polarity.label),
            ("Source", now.source),
            ("Stands on", one.stands_on),
        ],
        "renamed": [each for each in one.stored.changes.all() if not each.rebaselined],
        "entered": [] if one.stored.indicator else list(one.stored.readings.select_related("by")),
        "edits": may(request, "plan.edit", found.authority) and found.state == Objective.State.OPEN,
        "breadcrumbs": trail(request, objective_crumb(found)),
    }
    return render(request, "board/measure.html", context)


@require_safe
@needs("plan.view", of="improvement plan")
def chart(request: HttpRequest, key: UUID, number: int, extension: str) -> HttpResponse:
    """One measure through time, as a picture or a description."""
    one = _measured(access_objective(request, key, "plan.view"), number)
    drawn = one.chart(design_charts.width_wanted(request))
    response = design_charts.answer(request, drawn, extension, store().build)
    # What the authority typed in is its own: no browser keeps it, as it keeps no page of the plan.
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
@needs("plan.edit", of="improvement plan")
def indicator_choose(request: HttpRequest, key: UUID) -> HttpResponse:
    """The first step of a success measure: find the indicator that feeds it, or say that none does."""
    found = access_objective(request, key, "plan.edit")
    context = {
        "objective": found,
        "search": IndicatorSearch(request, found.authority),
        "breadcrumbs": trail(request, objective_crumb(found)),
    }
    return render(request, "board/indicator.html", context)


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def measure_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say how it will be known that an objective is reached; ``?indicator=`` names what feeds it."""
    found = access_objective(request, key, "plan.edit")
    sent = request.POST if request.method == "POST" else None
    code = (sent or request.GET).get("indicator", "")
    initial: dict[str, Any] = {}
    told = ["Readings are entered by hand."]
    if code:
        indicator = access_measure(request, code, "measure.view")
        newest = newest_of(found.authority, [code]).get(code)
        initial = begun_with(indicator, newest)
        told = [f"It is fed by the indicator '{indicator.title}': it updates itself. {indicator.definition}"]
    return form_page(
        request,
        MeasureForm(sent, fed=bool(code), initial=initial),
        lambda form, revision: services.add_measure(
            actor=person_of(request), objective=found, revision=revision, measure=form.cleaned_data["measure"]
        ),
        title="Add a success measure",
        button="Add the measure",
        done="The measure is added.",
        back=objective_address(found),
        caption=objective_caption(found),
        revision=found.revision,
        stands=lambda: objective_stands(found),
        sentences=told,
        breadcrumbs=trail(request, objective_crumb(found)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def measure_edit(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Change a measure: all of it before progress is recorded, afterwards its name and source."""
    found = access_objective(request, key, "plan.edit")
    one = _stored(found, number)
    sent = request.POST if request.method == "POST" else None
    in_use = services.has_progress(found)
    names = ["name", "source"]
    if not in_use:
        names += ["unit", "polarity", "baseline", "baseline_on", "target", "target_on", "indicator"]
    initial = {name: getattr(one, name) for name in names}
    for name in {"baseline", "target"} & set(names):
        initial[name] = f"{getattr(one, name).normalize():f}"
    now = success_measure(one)

    def save(form: Any, revision: int) -> object:
        given = (
            replace(now, name=form.cleaned_data["name"], source=form.cleaned_data["source"])
            if in_use
            else form.cleaned_data["measure"]
        )
        return services.edit_measure(
            actor=person_of(request), measure=one, revision=revision, given=given, now=timezone.now()
        )

    return form_page(
        request,
        MeasureWordsForm(sent, initial=initial)
        if in_use
        else MeasureForm(sent, fed=bool(one.indicator), initial=initial),
        save,
        title="Change the measure",
        button="Keep",
        done="The measure is changed.",
        back=_address(one),
        caption=one.name,
        revision=found.revision,
        sentences=[
            "Progress is recorded on this objective: baseline and target are re-baselined, with a reason."
        ]
        if in_use
        else [],
        stands=lambda: [
            ("Measure", one.name),
            ("Baseline and target", aim_words(now)),
            ("Source", one.source),
        ],
        breadcrumbs=trail(request, objective_crumb(found), measure_crumb(one)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def measure_rebaseline(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Give a measure another baseline or target, with a reason."""
    found = access_objective(request, key, "plan.edit")
    one = _stored(found, number)
    now = success_measure(one)
    initial = {name: getattr(one, name) for name in NUMBERS}
    for name in ("baseline", "target"):
        initial[name] = f"{getattr(one, name).normalize():f}"
    return form_page(
        request,
        RebaselineForm(request.POST if request.method == "POST" else None, initial=initial),
        lambda form, revision: services.rebaseline_measure(
            actor=person_of(request),
            measure=one,
            revision=revision,
            course=form.course,
            reason=form.cleaned_data["reason"],
            today=permission.today(),
            now=timezone.now(),
        ),
        title="Re-baseline the measure",
        button="Re-baseline it",
        done="The measure is re-baselined. What it was stays visible, here and in every pack from now on.",
        back=_address(one),
        caption=one.name,
        revision=found.revision,
        rows=[("Until now", aim_words(now))],
        sentences=[
            "The old baseline and target stay visible with your reason, and the next pack says it first.",
            "Packs that are frozen stay as they are.",
        ],
        stands=lambda: [("Baseline and target", aim_words(now))],
        breadcrumbs=trail(request, objective_crumb(found), measure_crumb(one)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def reading_new(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Enter a value of a measure by hand, with its source."""
    found = access_objective(request, key, "plan.edit")
    one = _stored(found, number)
    return form_page(
        request,
        ReadingForm(request.POST if request.method == "POST" else None, initial={"source": one.source}),
        lambda form, revision: services.add_reading(
            actor=person_of(request),
            measure=one,
            revision=revision,
            given=form.given,
            today=permission.today(),
            now=timezone.now(),
        ),
        title="Enter a reading",
        button="Enter the reading",
        done="The reading is entered.",
        back=_address(one),
        caption=one.name,
        revision=found.revision,
        stands=lambda: objective_stands(found),
        breadcrumbs=trail(request, objective_crumb(found), measure_crumb(one)),
    )
