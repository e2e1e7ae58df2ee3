"""Triage meetings: own list, seal, both lists side by side, decisions, closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.errors import RedwayError
from redway.web.audit import services as audit
from redway.web.authorities.access import access_authority
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.tables import TableView
from redway.web.improvement.access import access_meeting, may
from redway.web.improvement.forms import BeginForm, ConfirmForm, NameForm, TriageDecisionForm
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.made_up import NOTICE
from redway.web.improvement.models import TriageMeeting
from redway.web.improvement.pages import authority_links, trail
from redway.web.improvement.seen_before import seen_words
from redway.web.improvement.support.triage_visits import visits_decided_in
from redway.web.improvement.tables import sides_view
from redway.web.improvement.triage import (
    WHY,
    Sides,
    begin_meeting,
    close_meeting,
    decide_on,
    decisions_of,
    name_school,
    seal_own_list,
    sides_of,
    take_off,
    unchanged,
)
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School


@require_safe
@needs("concern.view", of="authority")
def triage(request: HttpRequest, number: str) -> HttpResponse:
    """Every meeting, the newest first."""
    authority = access_authority(request, number, "concern.view")
    meetings = [
        {
            "meeting": one,
            "state": _state(one),
            "words": sides_of(one).agreement.sentence if one.systems.get("first") else "",
        }
        for one in TriageMeeting.objects.filter(authority=number).prefetch_related("names")
    ]
    context = {
        "authority": authority,
        "meetings": meetings,
        "may_decide": permission.decide(request, "concern.decide", authority_record(authority)),
        "related": authority_links(request, authority, but="improvement:triage"),
        "breadcrumbs": trail(),
    }
    return render(request, "improvement/triage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def new_triage(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a meeting."""
    authority = access_authority(request, number, "concern.decide")
    posted = request.POST if request.method == "POST" else None
    form = BeginForm(posted, initial={"on": permission.today()})
    address = reverse("improvement:triage", args=[number])
    return form_page(
        request,
        form,
        lambda _form, _revision: begin_meeting(
            actor=person_of(request), authority=authority, on=form.cleaned_data["on"]
        ),
        title="Begin a triage meeting",
        caption=authority.name,
        button="Begin it",
        back=address,
        done="The meeting is begun. Write your own list first.",
        onward=lambda made: reverse("improvement:triage_meeting", args=[made.pk]),
        breadcrumbs=_trail(authority),
    )


@require_safe
@needs("concern.view", of="authority")
def triage_meeting(request: HttpRequest, key: UUID) -> HttpResponse:
    """One meeting as it stands. Until the own list is sealed nothing of the system's is shown."""
    meeting, authority = access_meeting(request, key, "concern.view")
    _read(request, meeting)
    names = list(meeting.names.select_related("by"))
    known = _names([one.school for one in names])
    sealed = meeting.sealed_at is not None
    may_decide = permission.decide(request, "concern.decide", authority_record(authority))
    context: dict[str, Any] = {
        "meeting": meeting,
        "authority": authority,
        "state": _state(meeting),
        "own": [(one, known.get(one.school, one.school), WHY.get(one.why, one.why)) for one in names],
        "sealed": sealed,
        "made_up": NOTICE if meeting.made_up else "",
        "may_decide": may_decide and meeting.closed_at is None,
        "unchanged": unchanged(meeting),
        "breadcrumbs": _trail(authority),
    }
    if sealed:
        sides = sides_of(meeting)
        decided = decisions_of(meeting)
        context |= {
            "sides": sides,
            "left": sum(school not in decided for school in sides.schools),
            "view": _view(request, meeting, sides, edit=bool(context["may_decide"]), offers=True),
            "systems": meeting.systems,
            "seen": seen_words(meeting),
        }
    elif may_decide:
        context["form"] = NameForm(schools_listed(authority.number))
    return render(request, "improvement/triage_meeting.html", context)


@require_safe
@needs("concern.view", of="authority")
def triage_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """Both lists and the decisions as a file."""
    meeting, _ = access_meeting(request, key, "concern.view")
    if meeting.sealed_at is None:
        raise Http404("The own list is not sealed yet.")
    _read(request, meeting)
    return export(_view(request, meeting, sides_of(meeting), edit=False), extension)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def triage_name(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a school on the own list."""
    meeting, authority = access_meeting(request, key, "concern.decide")
    form = NameForm(schools_listed(authority.number), request.POST if request.method == "POST" else None)

    def save(_: object, __: int) -> None:
        given = form.cleaned_data
        school = School.objects.get(key=given["school"])
        name_school(actor=person_of(request), meeting=meeting, school=school, why=given["why"])

    return form_page(
        request,
        form,
        save,
        title="Name a school",
        caption=f"Own list, {authority.name}",
        button="Put it on the list",
        back=_address(meeting),
        done="It is on the list.",
        breadcrumbs=_trail(authority, meeting),
    )


@require_POST
@needs("concern.decide", of="authority")
def triage_take_off(request: HttpRequest, key: UUID, school: str) -> HttpResponse:
    """Take a school off the own list."""
    meeting, _ = access_meeting(request, key, "concern.decide")
    try:
        take_off(actor=person_of(request), meeting=meeting, school=school)
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}")
    else:
        messages.success(request, "It is off the list.")
    return redirect(_address(meeting))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def triage_seal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Seal the own list."""
    meeting, authority = access_meeting(request, key, "concern.decide")
    names = _names([one.school for one in meeting.names.all()])
    return _confirmed(
        request,
        meeting,
        authority,
        lambda revision: seal_own_list(actor=person_of(request), meeting=meeting, revision=revision),
        title="Seal the own list",
        button="Seal it and show the system’s list",
        done="The list is sealed. The system’s list stands beside it.",
        rows=[("On the list", ", ".join(sorted(names.values())) or "No school")],
        about="After this the list cannot be changed, and the system’s list is shown beside it.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def triage_close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close a meeting."""
    meeting, authority = access_meeting(request, key, "concern.decide")
    return _confirmed(
        request,
        meeting,
        authority,
        lambda revision: close_meeting(actor=person_of(request), meeting=meeting, revision=revision),
        title="Close the meeting",
        button="Close it",
        done="The meeting is closed and sealed.",
        rows=[("Decisions", f"{len(decisions_of(meeting))}")],
        about="After this nothing of the meeting can be changed. Its hash is kept in the audit trail.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def triage_decide(request: HttpRequest, key: UUID, school: str) -> HttpResponse:
    """Decide about one school."""
    meeting, authority = access_meeting(request, key, "concern.decide")
    if meeting.sealed_at is None or school not in (sides := sides_of(meeting)).schools:
        raise Http404("The school is on neither list.")
    held = decisions_of(meeting).get(school)
    posted = request.POST if request.method == "POST" else None
    given_before = {"outcome": held.outcome, "reasons": held.reasons, "by_day": held.by_day} if held else {}
    form = TriageDecisionForm(posted, initial=given_before)

    def save(_: object, revision: int) -> None:
        decide_on(
            actor=person_of(request),
            meeting=meeting,
            school=school,
            revision=revision,
            **form.cleaned_data,
        )

    why = meeting.names.filter(school=school).first()
    return form_page(
        request,
        form,
        save,
        title="Decide what is to be done",
        caption=_names([school]).get(school, school),
        button="Keep the decision",
        back=_address(meeting),
        done="The decision is kept.",
        breadcrumbs=_trail(authority, meeting),
        revision=meeting.revision,
        rows=[
            ("On whose list", sides.agreement.side(school).value),
            ("Officers: why", WHY.get(why.why, "") if why else "Not on their list"),
            ("System: why", sides.system_words(school) or "No score"),
        ],
    )


def _confirmed(
    request: HttpRequest,
    meeting: TriageMeeting,
    authority: Authority,
    step: Any,
    *,
    title: str,
    button: str,
    done: str,
    rows: list[tuple[str, str]],
    about: str,
) -> HttpResponse:
    return form_page(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _form, revision: step(revision),
        title=title,
        caption=authority.name,
        button=button,
        back=_address(meeting),
        done=done,
        breadcrumbs=_trail(authority, meeting),
        revision=meeting.revision,
        rows=rows,
        sentences=[about],
    )


def _view(
    request: HttpRequest, meeting: TriageMeeting, sides: Sides, *, edit: bool, offers: bool = False
) -> TableView:
    why = {one.school: one.why for one in meeting.names.all()}
    names = _names(sides.schools)
    notes = [NOTICE] if meeting.made_up else []
    stands = visits_decided_in(meeting)
    return sides_view(
        meeting.pk,
        sides,
        names,
        why,
        decisions_of(meeting),
        request.GET,
        notes,
        visits={school: words for school, (words, _) in stands.items()},
        plan=_to_plan(request, stands) if offers else {},
        edit=edit,
    )


def _to_plan(request: HttpRequest, stands: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Where visits that are not planned yet are planned, for those who may: the origin is chosen there."""
    schools = School.objects.in_bulk([key for key, (_, code) in stands.items() if code])
    found: dict[str, str] = {}
    for key, school in schools.items():
        if may(request, "visit.write", school) and may(request, "support.manage", school):
            address = reverse("support:visit_plan", args=[school.current_urn])
            found[key] = f"{address}?{urlencode({'alert': stands[key][1]})}"
    return found


def _read(request: HttpRequest, meeting: TriageMeeting) -> None:
    """Which schools officers and the system would visit first is not public: every look is written down."""
    with transaction.atomic():
        audit.record(person_of(request), "triage.read", "triage", meeting.pk, sensitive_read=True)


def _state(meeting: TriageMeeting) -> str:
    if meeting.closed_at is not None:
        return "Closed"
    return "Both lists open" if meeting.sealed_at is not None else "Own list being written"


def _names(keys: Any) -> dict[str, str]:
    return {one.key: one.shown_name for one in School.objects.filter(key__in=list(keys))}


def _address(meeting: TriageMeeting) -> str:
    return reverse("improvement:triage_meeting", args=[meeting.pk])


def _trail(authority: Authority, meeting: TriageMeeting | None = None) -> list[tuple[str, str]]:
    found = [
        *trail(),
        (f"Triage in {authority.name}", reverse("improvement:triage", args=[authority.number])),
    ]
    return [*found, ("Meeting", _address(meeting))] if meeting else found
