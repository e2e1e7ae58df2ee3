"""Brokered support: what schools offer, what is agreed between them, and days allotted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.improvement.days import days_of, in_days
from redway.web.design.exports import export
from redway.web.design.form_page import FORM
from redway.web.improvement.support import brokering as services
from redway.web.improvement.support.access import (
    access_kept,
    access_place,
    access_school_here,
    advisers_of,
    may_here,
    record_of,
)
from redway.web.improvement.support.forms import (
    AllotForm,
    BrokerForm,
    EndBrokeredForm,
    OfferForm,
    ReasonForm,
)
from redway.web.improvement.support.models import MADE_UP, Allotment, Brokered, Offer, Programme
from redway.web.improvement.support.overview_views import links
from redway.web.improvement.support.pages import form_page, trail
from redway.web.improvement.support.programme_views import running_of, school_trail
from redway.web.improvement.support.tables import brokered_view, offers_view, schools_named
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School


@require_safe
@needs("support.view", of="support")
def brokering(request: HttpRequest, number: str) -> HttpResponse:
    """What schools offer, with capacity left, and what has been brokered, with its outcome."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    manages = may_here(request, "support.manage", found)
    offers, brokered = offers_view(found, today, request.GET), brokered_view(found, today, request.GET)
    context = {
        "authority": found,
        "made_up": MADE_UP if offers.table.notes or brokered.table.notes else "",
        "related": links(request, found, "support:brokering"),
        "offers": offers if manages else offers.without_links(),
        "brokered": brokered if manages else brokered.without_links(),
        "breadcrumbs": trail(),
    }
    return render(request, "support/brokering.html", context)


@require_safe
@needs("support.view", of="support")
def offers_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The offers as a file."""
    found = access_place(request, number, "support.view")
    return export(offers_view(found, permission.today(), request.GET), extension)


@require_safe
@needs("support.view", of="support")
def brokered_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """What has been brokered as a file."""
    found = access_place(request, number, "support.view")
    return export(brokered_view(found, permission.today(), request.GET), extension)


@require_http_methods(FORM)
@needs("support.offer", of="support")
def offer(request: HttpRequest, urn: str) -> HttpResponse:
    """The headteacher offers the school's help."""
    school = access_school_here(request, urn, "support.offer")

    def save(form: Any, revision: int) -> None:
        services.offer(
            actor=person_of(request), school=school, offering=services.Offering(**form.cleaned_data)
        )

    return form_page(
        request,
        OfferForm(request.POST or None),
        save,
        title="Offer help to other schools",
        button="Offer it",
        done="The offer is made. An adviser brokers it.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
    )


@require_http_methods(FORM)
@needs("support.view", of="support")
def offer_withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an offer back: the headteacher whose it is, or an adviser."""
    found, school = access_kept(request, Offer, key, "support.view")
    if not any(
        permission.decide(request, action, record_of(found)) for action in ("support.offer", "support.manage")
    ):
        raise Http404("This offer is not yours.")

    def save(form: Any, revision: int) -> None:
        services.withdraw_offer(
            actor=person_of(request), offer=found, revision=revision, reason=form.cleaned_data["reason"]
        )

    left = in_days(services.days_left(found))
    return form_page(
        request,
        ReasonForm(request.POST or None),
        save,
        title="Take the offer back",
        button="Take it back",
        done="The offer is taken back. What is agreed on it goes on.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
        revision=found.revision,
        made_up=found.made_up,
        rows=[
            ("Kind", str(found.get_kind_display())),
            ("Subject", found.subject),
            ("Days left", left),
            ("Until", day_in_words(found.last_day)),
            ("What shows it", found.evidence or "Not said"),
        ],
        warning=True,
    )


def _left_words(one: Offer) -> str:
    return f"{in_days(services.days_left(one))} left to {day_in_words(one.last_day)}"


@require_http_methods(FORM)
@needs("support.manage", of="support")
def broker(request: HttpRequest, urn: str) -> HttpResponse:
    """Give a school days of another school's offer."""
    school = access_school_here(request, urn, "support.manage")
    today = permission.today()
    held = Offer.objects.filter(authority=school.authority, withdrawn_at=None, last_day__gte=today)
    open_to = [
        one
        for one in held.exclude(school=school.key).prefetch_related("brokered")
        if services.days_left(one) > 0
    ]
    named = schools_named(one.school for one in open_to)
    choices = [
        (str(one.pk), f"{one.subject}: {named[one.school].shown_name}, {_left_words(one)}") for one in open_to
    ]
    form = BrokerForm(choices, running_of(school), request.POST or None)

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.broker(
            actor=person_of(request),
            school=school,
            offer=Offer.objects.get(pk=given["offer"]),
            agreed=services.Agreement(given["days"], given["first_day"], given["last_day"], given["aim"]),
            programme=Programme.objects.get(pk=given["programme"]) if given["programme"] else None,
        )

    return form_page(
        request,
        form,
        save,
        title="Broker support",
        button="Agree it",
        done="The support is agreed.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
        sentences=[] if choices else ["No school offers help that has days left."],
    )


@require_http_methods(FORM)
@needs("support.manage", of="support")
def brokered_end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what came of brokered support."""
    found, school = access_kept(request, Brokered, key, "support.manage")
    helping = School.objects.get(key=found.offer.school)
    rows = [
        ("By", helping.shown_name),
        ("Subject", found.offer.subject),
        ("Aim", found.aim),
        ("Days", in_days(found.taken)),
        ("Until", day_in_words(found.last_day)),
        ("Outcome", found.outcome or "Not written yet"),
    ]

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.end_brokered(
            actor=person_of(request),
            brokered=found,
            revision=revision,
            ended_on=given["ended_on"],
            used=given["used"],
            outcome=given["outcome"],
        )

    return form_page(
        request,
        EndBrokeredForm(request.POST or None, initial={"used": found.days}),
        save,
        title="End of brokered support",
        button="Save",
        done="The outcome is written down.",
        back=reverse("support:brokering", args=[school.authority]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
        revision=found.revision,
        made_up=found.made_up,
        rows=rows,
        stands=lambda: [("Outcome", Brokered.objects.get(pk=found.pk).outcome)],
    )


@require_http_methods(FORM)
@needs("support.manage", of="support")
def allot(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """Allot days of an adviser to a school in a school year."""
    school = access_school_here(request, urn, "support.manage")
    try:
        days_of(year)
    except RedwayError as error:
        raise Http404(error.message) from None
    advisers = advisers_of(school.authority)
    held = list(Allotment.objects.filter(school=school.key, year=year).select_related("adviser"))
    form = AllotForm([(str(one.pk), one.full_name) for one in advisers], request.POST or None)
    # The page carries one number for all advisers: the highest revision says whether anything has changed.
    revision = sum(one.revision for one in held)

    def save(form: Any, seen: int) -> None:
        given = form.cleaned_data
        fresh = {one.adviser_id: one for one in Allotment.objects.filter(school=school.key, year=year)}
        chosen = next(one for one in advisers if str(one.pk) == given["adviser"])
        mine = fresh.get(chosen.pk)
        now = mine.revision if mine else 0
        unchanged = sum(one.revision for one in fresh.values()) == seen
        services.allot(
            actor=person_of(request),
            school=school,
            year=year,
            adviser=chosen,
            days=given["days"],
            why=given["why"],
            revision=now if unchanged else -1,
        )

    def stands() -> list[tuple[str, str]]:
        return [
            (one.adviser.full_name, in_days(services.allotted(one)))
            for one in Allotment.objects.filter(school=school.key, year=year).select_related("adviser")
        ]

    return form_page(
        request,
        form,
        save,
        title=f"Days allotted in {year}",
        button="Allot them",
        done="The days are allotted.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
        revision=revision,
        rows=[(one.adviser.full_name, in_days(services.allotted(one))) for one in held],
        stands=stands,
    )
