"""Where support stands: an authority as a whole, one school, days, and what is to be followed up."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.core.words import counted, plural
from redway.improvement.days import days_of, school_year
from redway.improvement.programmes import standing
from redway.web.design.exports import export
from redway.web.design.form_page import Trail
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.pages import school_pages
from redway.web.improvement.pages import trail as improvement_trail
from redway.web.improvement.support.access import (
    access_place,
    access_school_here,
    may,
    may_here,
)
from redway.web.improvement.support.models import MADE_UP, Brokered, FollowUp, Offer, Programme, Visit
from redway.web.improvement.support.pages import notice, trail
from redway.web.improvement.support.tables import (
    brokered_rating,
    days_view,
    days_words,
    follow_up_row,
    follow_ups_view,
    programmes_view,
    school_account,
    schools_named,
)
from redway.web.improvement.targets_shown import targets_shown
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority, School
from redway.web.register.queries import authority_names
from redway.web.schools.access import access_school


@require_safe
@needs("support.view")
def index(request: HttpRequest) -> HttpResponse:
    """The places of support open to this person; who has one alone is led there."""
    seen = permission.visible(request, "support.view")
    names = authority_names(set(seen.authorities))
    authorities = sorted(
        ((number, names.get(number, number)) for number in seen.authorities), key=lambda a: a[1]
    )
    schools = list(School.objects.filter(key__in=seen.schools, gone_to="").order_by("sort_name"))
    if len(authorities) == 1 and not schools:
        return redirect("support:authority", authorities[0][0])
    if len(schools) == 1 and not authorities:
        return redirect("support:school", schools[0].current_urn)
    context = {"authorities": authorities, "schools": schools, "breadcrumbs": improvement_trail()}
    return render(request, "support/index.html", context)


def links(request: HttpRequest, found: Authority, but: str = "") -> Trail:
    """The pages about an authority's support."""
    pages = [
        ("Programmes", "support:authority"),
        ("Visits", "support:visits"),
        ("Follow-up", "support:follow_ups"),
        ("Brokered support", "support:brokering"),
        ("Days", "support:days"),
        ("Ledger of alerts and targets", "support:ledger"),
    ]
    return [(label, reverse(name, args=[found.number])) for label, name in pages if name != but]


@require_safe
@needs("support.view", of="support")
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """Programmes that run, what is late, and what comes next."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    coming = list(
        Visit.objects.filter(authority=number, withdrawn_at=None, visit_on__gte=today)
        .select_related("visitor")
        .order_by("visit_on")[:6]
    )
    named = schools_named(one.school for one in coming)
    view = programmes_view(found, today, request.GET)
    if urn := request.GET.get("school"):
        return redirect("support:school", access_school(request, urn, "support.view").current_urn)
    context = {
        "authority": found,
        "related": links(request, found, "support:authority"),
        "breadcrumbs": improvement_trail(),
        "offered": schools_listed(number),
        "view": view,
        "made_up": MADE_UP if view.table.notes else "",
        "coming": [(one, named[one.school]) for one in coming],
        "waiting": _waiting(number),
        "manages": may_here(request, "support.manage", found),
    }
    return render(request, "support/authority.html", context)


def _waiting(number: str) -> list[tuple[str, Visit, School]]:
    """Notes that wait for somebody, the oldest first."""
    held = list(
        Visit.objects.filter(
            authority=number, withdrawn_at=None, moderated_at=None, visit_on__lt=permission.today()
        )
        .select_related("visitor")
        .order_by("visit_on")[:8]
    )
    named = schools_named(one.school for one in held)
    return [(one.note.words_on(permission.today()), one, named[one.school]) for one in held]


@require_safe
@needs("support.view", of="support")
def programmes_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The programmes as a file."""
    found = access_place(request, number, "support.view")
    return export(programmes_view(found, permission.today(), request.GET), extension)


@require_safe
@needs("support.view", of="support")
def follow_ups(request: HttpRequest, number: str) -> HttpResponse:
    """Every follow-up action, the longest overdue first."""
    found = access_place(request, number, "support.view")
    view = follow_ups_view(found, permission.today(), request.GET)
    late = sum(row["rating"] == "Red" for row in view.every_row)
    context = {
        "authority": found,
        "title": "Follow-up of visits",
        "related": links(request, found, "support:follow_ups"),
        "words": _late_words(late, len(view.every_row)),
        "view": view,
        "made_up": MADE_UP if view.table.notes else "",
        "empty": "No visit has led to an action yet.",
        "breadcrumbs": trail(),
    }
    return render(request, "support/list.html", context)


@require_safe
@needs("support.view", of="support")
def follow_ups_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The follow-up as a file."""
    found = access_place(request, number, "support.view")
    return export(follow_ups_view(found, permission.today(), request.GET), extension)


def _late_words(late: int, actions: int) -> str:
    if not actions:
        return ""
    if not late:
        return "No action is past its day."
    return f"{late} of {counted(actions, 'action')} {plural(late, 'is past its', 'are past their')} day."


def _over_words(over: int, schools: int) -> str:
    if not over:
        return ""
    return (
        f"{over} of {counted(schools, 'school')} {plural(over, 'has', 'have')} used more than was allotted."
    )


def _year(request: HttpRequest, today: date) -> str:
    year = request.GET.get("year") or school_year(today)
    try:
        days_of(year)
    except RedwayError as error:
        raise Http404(error.message) from None
    return year


@require_safe
@needs("support.view", of="support")
def days(request: HttpRequest, number: str) -> HttpResponse:
    """Days allotted and used, by school and by adviser."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    year = _year(request, today)
    schools = days_view(found, year, today, request.GET)
    over = sum(row["rating"] == "Red" for row in schools.every_row)
    context = {
        "authority": found,
        "year": year,
        "years": [school_year(date(today.year - back, today.month, 1)) for back in (1, 0)],
        "related": links(request, found, "support:days"),
        "schools": schools,
        "made_up": MADE_UP if schools.table.notes else "",
        "advisers": days_view(found, year, today, request.GET, by_adviser=True),
        "over": _over_words(over, len(schools.every_row)),
        "breadcrumbs": trail(),
    }
    return render(request, "support/days.html", context)


@require_safe
@needs("support.view", of="support")
def days_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """Days of schools as a file."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    return export(days_view(found, _year(request, today), today, request.GET), extension)


@require_safe
@needs("support.view", of="support")
def advisers_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """Days of advisers as a file."""
    found = access_place(request, number, "support.view")
    today = permission.today()
    view = days_view(found, _year(request, today), today, request.GET, by_adviser=True)
    return export(view, extension)


@require_safe
@needs("support.view", of="support")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """One school: its programmes, visits, support, follow-up and days."""
    found = access_school_here(request, urn, "support.view")
    today = permission.today()
    year = school_year(today)
    programmes = list(Programme.objects.filter(school=found.key).prefetch_related("steps"))
    brokered = list(Brokered.objects.filter(school=found.key).select_related("offer"))
    helping = schools_named(one.offer.school for one in brokered)
    actions = FollowUp.objects.filter(visit__school=found.key, visit__withdrawn_at=None)
    visits = list(Visit.objects.filter(school=found.key).select_related("visitor"))
    offers = list(Offer.objects.filter(school=found.key))
    context = {
        "school": found,
        "made_up": notice(*programmes, *visits, *brokered, *offers),
        "year": year,
        "programmes": [(one, _late(one, today)) for one in programmes],
        "visits": [(one, one.note.words_on(today)) for one in visits],
        "actions": [
            follow_up_row(one, today)
            for one in sorted(actions, key=lambda one: (one.done_on is not None, one.due_on))
        ],
        "brokered": [(one, helping[one.offer.school], brokered_rating(one, today)) for one in brokered],
        "offers": offers,
        "days": days_words(school_account(found, year, today)),
        "manages": may(request, "support.manage", found),
        "visits_it": may(request, "visit.write", found),
        "offers_help": may(request, "support.offer", found),
        "pages": school_pages(request, found, but="support:school"),
        "targets": targets_shown(request, found),
        "breadcrumbs": trail(),
    }
    return render(request, "support/school.html", context)


def _late(programme: Programme, today: date) -> int:
    if programme.state != Programme.State.RUNNING:
        return 0
    return sum(standing(step.due_on, step.done_on, today).value == "Red" for step in programme.steps.all())
