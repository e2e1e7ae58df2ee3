"""The register of meetings with schools in difficulty, and what was agreed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.web.authorities.access import access_authority
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.tables import TableView
from redway.web.funding.deficits.access import access_meeting, may
from redway.web.funding.deficits.forms import DoneForm, MeetingForm
from redway.web.funding.deficits.models import Meeting
from redway.web.funding.deficits.pages import authority_links, trail
from redway.web.funding.deficits.services.meetings import finish_action, record_meeting
from redway.web.funding.deficits.tables import meetings_view
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.schools.access import access_school


@require_safe
@needs("deficit.view", of="authority")
def meetings(request: HttpRequest, number: str) -> HttpResponse:
    """Every meeting, the newest first."""
    found = access_authority(request, number, "deficit.view")
    context = {
        "authority": found,
        "view": _view(request, found),
        "related": authority_links(request, found, but="deficits:meetings"),
        "breadcrumbs": trail(request),
    }
    return render(request, "deficits/meetings.html", context)


@require_safe
@needs("deficit.view", of="authority")
def meetings_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The register as a file."""
    return export(_view(request, access_authority(request, number, "deficit.view")), extension)


def _view(request: HttpRequest, found: Authority) -> TableView:
    held = list(Meeting.objects.filter(authority=found.number).prefetch_related("actions"))
    schools = School.objects.in_bulk({one.school for one in held})
    return meetings_view(found, held, schools, permission.today(), request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="school")
def new_meeting(request: HttpRequest, urn: str) -> HttpResponse:
    """Write down a meeting."""
    school = access_school(request, urn, "deficit.keep")
    form = MeetingForm(request.POST if request.method == "POST" else None)

    def save(_: object, __: int) -> Meeting:
        given = form.cleaned_data
        return record_meeting(
            actor=person_of(request),
            school=school,
            on=given["on"],
            present=given["present"],
            about=given["about"],
            agreed=given["agreed"],
            actions=form.actions(),
        )

    return form_page(
        request,
        form,
        save,
        title="Write down a meeting",
        caption=school.shown_name,
        button="Keep it",
        back=reverse("deficits:school", args=[school.current_urn]),
        done="The meeting is in the register.",
        breadcrumbs=trail(request, school),
        onward=lambda made: reverse("deficits:meeting", args=[made.pk]),
    )


@require_safe
@needs("deficit.view", of="school")
def meeting(request: HttpRequest, key: UUID) -> HttpResponse:
    """One meeting and its actions."""
    found, school = access_meeting(request, key, "deficit.view")
    today = permission.today()
    context = {
        "meeting": found,
        "school": school,
        "actions": [(one, one.done_on is None and one.due_on < today) for one in found.actions.all()],
        "may_keep": may(request, "deficit.keep", school),
        "breadcrumbs": trail(request, school),
    }
    return render(request, "deficits/meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="school")
def action_done(request: HttpRequest, key: UUID, action: int) -> HttpResponse:
    """Write down that an action is done."""
    found, school = access_meeting(request, key, "deficit.keep")
    wanted = next((one for one in found.actions.all() if one.pk == action), None)
    if wanted is None:
        raise Http404("The meeting has no such action.")
    posted = request.POST if request.method == "POST" else None
    form = DoneForm(posted, initial={"on": permission.today()})

    def save(_: object, revision: int) -> None:
        given = form.cleaned_data
        finish_action(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            action=action,
            on=given["on"],
            outcome=given["outcome"],
        )

    address = reverse("deficits:meeting", args=[found.pk])
    return form_page(
        request,
        form,
        save,
        title="An action is done",
        caption=school.shown_name,
        button="Record it",
        back=address,
        done="It is recorded.",
        breadcrumbs=[*trail(request, school), ("Meeting", address)],
        revision=found.revision,
        rows=[("Action", wanted.what), ("Who", wanted.owner), ("By when", wanted.due_on)],
    )
