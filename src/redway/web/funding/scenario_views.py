"""Changes to scenarios: save, copy, name, put in force, publish, withdraw, solve."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.errors import RedwayError
from redway.funding.rules import Rules
from redway.web.design.form_page import seen
from redway.web.funding import scenarios, solving
from redway.web.funding.access import access_scenario, access_year
from redway.web.funding.asked import Asked, read_asked
from redway.web.funding.ground import Ground, ground_under
from redway.web.funding.models import Scenario
from redway.web.funding.scenario_forms import NameForm, RevisionForm, WithdrawForm
from redway.web.funding.scenarios import ChangedMeanwhile, Content, content_of
from redway.web.funding.trails import scenario_trail, year_trail
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.queries import find_authority


@require_POST
@needs("funding.edit", of="funding")
def save(request: HttpRequest, key: UUID) -> HttpResponse:
    """Save what is typed. If somebody saved in between, it is shown on top of theirs, unsaved."""
    scenario = access_scenario(request, key, "funding.edit")
    asked = _asked(request, scenario, request.POST)
    back = reverse("funding:workbench", args=[key])
    typed = {name: text for name, text in request.POST.items() if name in asked.form.fields}
    if asked.form.errors:
        # The workbench shows the same boxes with the same sentences.
        return redirect(f"{back}?{urlencode(typed)}")
    try:
        scenarios.save_scenario(
            actor=person_of(request),
            scenario=scenario,
            revision=seen(request),
            content=asked.content,
            now=timezone.now(),
        )
    except ChangedMeanwhile:
        return redirect(f"{back}?{urlencode({**typed, 'since': seen(request)})}")
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}")
        return redirect(f"{back}?{urlencode(typed)}")
    messages.success(request, f"{scenario.name} is saved.")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def copy(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another scenario that says what this one says, with what is typed over it."""
    scenario = access_scenario(request, key, "funding.edit")
    asked = _asked(request, scenario, request.GET)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"notes": scenario.notes})
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, scenario.authority, scenario.year, form, asked.content)
        except RedwayError as error:
            form.add_error("name", f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{made.name} is saved.")
            return redirect("funding:workbench", made.pk)
    authority = find_authority(scenario.authority)
    return _form_page(
        request,
        form,
        title="Save as another scenario",
        lead=f"It begins as a copy of {scenario.name}, with what is typed in the workbench.",
        button="Save",
        back=f"{reverse('funding:workbench', args=[key])}{f'?{asked.query}' if asked.query else ''}",
        breadcrumbs=scenario_trail(authority, scenario),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def new(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """A scenario that changes nothing yet: the rates of the year as they are."""
    authority = access_year(request, number, year, "funding.edit")
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, number, year, form, Content({}, Rules()))
        except RedwayError as error:
            form.add_error("name", f"{error.message} {error.next_step}")
        else:
            return redirect("funding:workbench", made.pk)
    return _form_page(
        request,
        form,
        title="New scenario",
        lead=f"It begins with the rates of {year} as they are.",
        button="Make it",
        back=reverse("funding:year", args=[number, year]),
        breadcrumbs=year_trail(authority, year),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def name(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another name, other notes."""
    scenario = access_scenario(request, key, "funding.edit")
    form = NameForm(
        request.POST if request.method == "POST" else None,
        initial={"name": scenario.name, "notes": scenario.notes, "revision": scenario.revision},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            scenarios.name_scenario(
                actor=person_of(request),
                scenario=scenario,
                revision=given["revision"] or 0,
                name=given["name"],
                notes=given["notes"],
                now=timezone.now(),
            )
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}")
            form.data = {
                **request.POST.dict(),
                "revision": access_scenario(request, key, "funding.edit").revision,
            }
        else:
            messages.success(request, "Name and notes are saved.")
            return redirect("funding:workbench", key)
    authority = find_authority(scenario.authority)
    return _form_page(
        request,
        form,
        title="Name and notes",
        lead="",
        button="Save",
        back=reverse("funding:workbench", args=[key]),
        breadcrumbs=scenario_trail(authority, scenario),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def standing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put it in force, publish it to schools, or withdraw it."""
    scenario = access_scenario(request, key, "funding.edit")
    step = request.POST.get("step", "") if request.method == "POST" else ""
    revision = {"revision": scenario.revision}
    withdraw = WithdrawForm(request.POST if step == "withdraw" else None, initial=revision)
    plain = RevisionForm(request.POST if step in ("force", "publish") else None, initial=revision)
    chosen: Form = withdraw if step == "withdraw" else plain
    if step and chosen.is_valid():
        try:
            said = _take_step(request, scenario, step, chosen)
        except RedwayError as error:
            chosen.add_error(None, f"{error.message} {error.next_step}")
        else:
            messages.success(request, said)
            if step == "withdraw":
                return redirect("funding:year", scenario.authority, scenario.year)
            return redirect("funding:workbench", key)
    authority = find_authority(scenario.authority)
    context = {
        "scenario": scenario,
        "authority": authority,
        "form": chosen,
        "withdraw": withdraw,
        "breadcrumbs": scenario_trail(authority, scenario),
    }
    return render(request, "funding/standing.html", context)


@require_safe
@needs("funding.view", of="funding")
def solve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which rates, typed in pence, fit the money: from what is typed in the workbench."""
    scenario = access_scenario(request, key, "funding.view")
    authority = find_authority(scenario.authority)
    ground = _ground(scenario)
    asked = read_asked(ground, content_of(scenario), request.GET)
    form = solving.SolveForm(
        request.GET if "lever" in request.GET or "money" in request.GET else None,
        initial={"lever": [next(iter(solving.LEVERS)).value], "money": ground.for_schools, "within": True},
    )
    solved = None
    if form.is_bound and form.is_valid():
        try:
            solved = solving.solve_for(ground, asked.content, asked.form, form.cleaned_data)
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}")
    context = {
        "scenario": scenario,
        "authority": authority,
        "form": form,
        "solved": solved,
        "kept": asked.form.query() if asked.is_changed else {},
        "into": f"{reverse('funding:workbench', args=[key])}?{urlencode(solved.query)}" if solved else "",
        "breadcrumbs": scenario_trail(authority, scenario),
    }
    return render(request, "funding/solve.html", context)


def _take_step(request: HttpRequest, scenario: Scenario, step: str, form: Form) -> str:
    actor, revision, now = person_of(request), form.cleaned_data["revision"], timezone.now()
    if step == "force":
        scenarios.put_in_force(actor=actor, scenario=scenario, revision=revision, now=now)
        return f"{scenario.name} is the formula in force for {scenario.year}."
    if step == "publish":
        scenarios.publish_scenario(actor=actor, scenario=scenario, revision=revision, now=now)
        return f"{scenario.name} is published: schools can set their statements beside it."
    scenarios.withdraw_scenario(
        actor=actor, scenario=scenario, revision=revision, reason=form.cleaned_data["reason"], now=now
    )
    return f"{scenario.name} is withdrawn."


def _make(request: HttpRequest, number: str, year: str, form: NameForm, content: Content) -> Scenario:
    return scenarios.make_scenario(
        actor=person_of(request),
        authority=number,
        year=year,
        name=form.cleaned_data["name"],
        notes=form.cleaned_data["notes"],
        content=content,
        now=timezone.now(),
    )


def _asked(request: HttpRequest, scenario: Scenario, data: Mapping[str, str]) -> Asked:
    return read_asked(_ground(scenario), content_of(scenario), data)


def _ground(scenario: Scenario) -> Ground:
    try:
        ground = ground_under(scenario)
    except RedwayError as error:
        raise Http404(error.message) from None
    if ground is None:
        raise Http404("There is no table of schools for the year.")
    return ground


def _form_page(request: HttpRequest, form: Form, **words: object) -> HttpResponse:
    return render(request, "funding/form.html", {"form": form, **words})
