"""Pages of long work: follow it, leave it, find it again, cancel it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from redway.web.jobs import services
from redway.web.jobs.models import Job, State
from redway.web.jobs.queries import access_job, jobs_visible
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person

_COLOURS = {
    State.WAITING: "grey",
    State.RUNNING: "blue",
    State.DONE: "green",
    State.FAILED: "red",
    State.CANCELLED: "yellow",
}
MOST_SHOWN = 100


@require_safe
@needs("job.view")
def index(request: HttpRequest) -> HttpResponse:
    """The newest pieces of work this person may follow."""
    return render(
        request, "jobs/index.html", {"jobs": [shown_job(job) for job in jobs_visible(request)[:MOST_SHOWN]]}
    )


@require_safe
@needs("job.view", of="job")
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One piece of work: how far it is, or what it did."""
    found = access_job(request, job_id, "job.view")
    context = shown_job(found) | {
        "may_cancel": found.is_open and bool(permission.decide(request, "job.cancel")),
        "breadcrumbs": [("Long work", reverse("jobs:index"))],
    }
    response = render(request, "jobs/job.html", context)
    if found.is_open:
        # Without scripts the page asks again by itself; a script fetches the part that changes.
        response["Refresh"] = "10"
    return response


@require_safe
@needs("job.view", of="job")
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The part of the page that changes, for a script that asks again and again."""
    found = access_job(request, job_id, "job.view")
    response = render(request, "jobs/progress.html", shown_job(found))
    response["X-Work"] = "going on" if found.is_open else "ended"
    return response


@require_POST
@needs("job.cancel", of="job")
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask the work to stop."""
    assert isinstance(request.user, Person)
    services.cancel_job(actor=request.user, job=access_job(request, job_id, "job.cancel"))
    return redirect("jobs:job", job_id)


def shown_job(found: Job) -> dict[str, Any]:
    """A piece of work as ``jobs/progress.html`` shows it."""
    return {"job": found, "state": State(found.state).label, "colour": _COLOURS[State(found.state)]}
