"""The targets of all schools of an authority, and how the authority sets them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import NotFound, RedwayError
from redway.core.words import day_in_words, listed
from redway.web.attainment.pages import authority_pages
from redway.web.attainment.targets.access import is_year
from redway.web.attainment.targets.cycle_form import CycleForm
from redway.web.attainment.targets.cycles import (
    Terms,
    agree_cycle,
    cycle_of,
    history_of,
    record_of_cycle,
    terms_of,
)
from redway.web.attainment.targets.looking_back import beside_view, looked_back, years_view
from redway.web.attainment.targets.measures import known_measure, summer_of
from redway.web.attainment.targets.whole import authority_view, targets_made_up, targets_of_authority
from redway.web.authorities.access import access_authority
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.exports import export
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.register.models import Authority
from redway.web.register.queries import find_authority


@require_safe
@needs("target.view", of="authority")
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """Which schools have not proposed, what waits for whom, and what is late."""
    found = access_authority(request, number, "target.view")
    on = permission.today()
    held = targets_of_authority(found, request.GET, on)
    may_agree = held.cycle is not None and permission.decide(
        request, "timetable.edit", record_of_cycle(found)
    )
    context = {
        "authority": found,
        "held": held,
        "cycle": held.cycle,
        "days": [(due.step.label, day_in_words(due.day)) for due in held.cycle.timetable.days]
        if held.cycle
        else [],
        "levels": listed(level.code.replace("-", " ") for level in held.cycle.levels) if held.cycle else "",
        "view": authority_view(held, request.GET, on),
        "summer": summer_of(held.cycle.year) if held.cycle else "",
        "may_agree": may_agree,
        "made_up": held.made_up,
        "related": authority_pages(request, found, but="attainment:authority_targets"),
        "breadcrumbs": [("Progress", reverse("attainment:index"))],
    }
    return render(request, "attainment/targets/authority.html", context)


@require_safe
@needs("target.view", of="authority")
def authority_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The list as a file, without small cohorts."""
    found = access_authority(request, number, "target.view")
    on = permission.today()
    held = targets_of_authority(found, request.GET, on)
    return export(authority_view(held, request.GET, on, leaving=True), extension)


@require_safe
@needs("target.view", of="authority")
def reservations(request: HttpRequest, number: str) -> HttpResponse:
    """How often reservations were right, over schools and years."""
    found = access_authority(request, number, "target.view")
    held, made_up = looked_back(found), targets_made_up(number)
    context = {
        "authority": found,
        "sentences": held.tally.sentences,
        "beside": beside_view(held),
        "view": years_view(held, request.GET, permission.today(), made_up=made_up),
        "made_up": made_up,
        "breadcrumbs": [
            ("Progress", reverse("attainment:index")),
            (f"Targets in {found.name}", reverse("attainment:authority_targets", args=[number])),
        ],
    }
    return render(request, "attainment/targets/reservations.html", context)


@require_safe
@needs("target.view", of="authority")
def reservations_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """What became of the reservations of each year, as a file."""
    found = access_authority(request, number, "target.view")
    made_up = targets_made_up(number)
    return export(years_view(looked_back(found), request.GET, permission.today(), made_up=made_up), extension)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("timetable.edit", of="target cycle")
def cycle(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Agree days, levels and measures for setting the targets of one year."""
    found = _access_cycle(request, number, year)
    in_force = cycle_of(found, year)
    form = CycleForm(in_force, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, Person)
        try:
            agree_cycle(
                actor=request.user,
                authority=found,
                year=year,
                terms=form.terms,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"How targets for {summer_of(year)} are set is agreed.")
            return redirect(f"{reverse('attainment:authority_targets', args=[number])}?year={year}")
    context = {
        "authority": found,
        "form": form,
        "cycle": in_force,
        "summer": summer_of(year),
        "history": [
            {"at": one.at, "by": one.by.full_name, "reason": one.reason, "words": _in_words(terms_of(one))}
            for one in history_of(number, year)
        ],
        "breadcrumbs": [
            ("Progress", reverse("attainment:index")),
            (f"Targets in {found.name}", reverse("attainment:authority_targets", args=[number])),
        ],
    }
    return render(request, "attainment/targets/cycle.html", context)


def _access_cycle(request: HttpRequest, number: str, year: str) -> Authority:
    """The authority, for those who look after its timetables and may see its targets."""
    try:
        found = find_authority(number)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, "timetable.edit", record_of_cycle(found))
    permission.require(request, "target.view", authority_record(found))
    if not is_year(year):
        raise Http404("There is no such year.")
    return found


def _in_words(terms: Terms) -> str:
    """What one agreement says."""
    proposed = day_in_words(terms.proposed_by) if terms.proposed_by else "no day"
    verified = day_in_words(terms.verified_by) if terms.verified_by else "no day"
    measures = [known.short for code in terms.measures if (known := known_measure(code)) is not None]
    return (
        f"Proposed by {proposed}, verified by {verified}. Asked for: {listed(measures)}. "
        f"Levels: {listed(code.replace('-', ' ') for code in terms.levels)}"
    )
