"""Visits: the calendar, planning, moving and withdrawing one."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.words import day_in_words
from redway.web.design.exports import export
from redway.web.design.form_page import FORM, Trail
from redway.web.improvement.support import visits as services
from redway.web.improvement.support.access import access_kept, access_place, access_school_here
from redway.web.improvement.support.forms import PlanVisitForm, ReasonForm, VisitForm
from redway.web.improvement.support.models import Programme, Visit
from redway.web.improvement.support.overview_views import links
from redway.web.improvement.support.pages import form_page, notice, trail
from redway.web.improvement.support.programme_views import alert_at_hand, alerts_of, running_of, school_trail
from redway.web.improvement.support.tables import schools_named, visits_view
from redway.web.improvement.support.target_lines import origin_chosen
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School


@require_safe
@needs("support.view", of="support")
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """Visits to come, month by month, and all visits as a table."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    coming = list(
        Visit.objects.filter(authority=number, withdrawn_at=None, visit_on__gte=today)
        .select_related("visitor")
        .order_by("visit_on")
    )
    named = schools_named(one.school for one in coming)
    months = [
        (month, [(one, named[one.school]) for one in members])
        for month, members in groupby(coming, key=lambda one: one.visit_on.strftime("%B %Y"))
    ]
    context = {
        "authority": found,
        "made_up": notice(*coming),
        "months": months,
        "related": links(request, found, "support:visits"),
        "view": visits_view(found, request.GET),
        "breadcrumbs": trail(),
    }
    return render(request, "support/visits.html", context)


@require_safe
@needs("support.view", of="support")
def visits_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """All visits as a file, without what the notes say."""
    found = access_place(request, number, "support.view")
    return export(visits_view(found, request.GET), extension)


@require_http_methods(FORM)
@needs("visit.write", of="support")
def plan(request: HttpRequest, urn: str) -> HttpResponse:
    """Plan a visit to a school."""
    school = access_school_here(request, urn, "visit.write")
    begun = alert_at_hand(request, school)
    form = PlanVisitForm(running_of(school), alerts_of(school), request.POST or None, initial=begun)

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        with transaction.atomic():
            services.plan_visit(
                actor=person_of(request),
                school=school,
                plan=_plan(given),
                programme=Programme.objects.get(pk=given["programme"]) if given["programme"] else None,
                alert=origin_chosen(person_of(request), school, given["alert"]),
            )

    return form_page(
        request,
        form,
        save,
        title="Plan a visit",
        button="Plan it",
        done="The visit is planned. The school is asked for its part of the note.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
    )


def _plan(given: dict[str, Any]) -> services.Plan:
    return services.Plan(given["visit_on"], given["focus"], given["days"])


def visit_trail(found: Visit, school: School) -> Trail:
    """The way back to the visit."""
    label = f"Visit of {day_in_words(found.visit_on)}"
    return [*school_trail(school), (label, reverse("support:visit", args=[found.pk]))]


@require_http_methods(FORM)
@needs("visit.write", of="support")
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move a visit, or change its focus or length."""
    found, school = access_kept(request, Visit, key, "visit.write")
    form = VisitForm(
        request.POST or None,
        initial={"visit_on": found.visit_on, "focus": found.focus, "days": found.days},
    )

    def save(form: Any, revision: int) -> None:
        services.move_visit(
            actor=person_of(request), visit=found, revision=revision, plan=_plan(form.cleaned_data)
        )

    def stands() -> list[tuple[str, str]]:
        now = Visit.objects.get(pk=found.pk)
        return [
            ("Day", day_in_words(now.visit_on)),
            ("Focus", now.focus),
            ("Days", f"{now.days.normalize():f}"),
        ]

    return form_page(
        request,
        form,
        save,
        title="Move or change the visit",
        button="Save",
        done="The visit is changed.",
        back=reverse("support:visit", args=[found.pk]),
        caption=school.shown_name,
        breadcrumbs=visit_trail(found, school),
        revision=found.revision,
        made_up=found.made_up,
        stands=stands,
    )


@require_http_methods(FORM)
@needs("visit.write", of="support")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw a visit, with a reason."""
    found, school = access_kept(request, Visit, key, "visit.write")

    def save(form: Any, revision: int) -> None:
        services.withdraw_visit(
            actor=person_of(request), visit=found, revision=revision, reason=form.cleaned_data["reason"]
        )

    return form_page(
        request,
        ReasonForm(request.POST or None),
        save,
        title="Withdraw the visit",
        button="Withdraw it",
        done="The visit is withdrawn.",
        back=reverse("support:visit", args=[found.pk]),
        caption=school.shown_name,
        breadcrumbs=visit_trail(found, school),
        revision=found.revision,
        made_up=found.made_up,
        warning=True,
    )
