"""Scoring schools again: the day chosen, how far the work is, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from redway.core.errors import RedwayError
from redway.web.authorities.access import access_authority
from redway.web.improvement.forms import DayForm
from redway.web.improvement.models import ScoreSet
from redway.web.improvement.pages import trail
from redway.web.improvement.rescoring import ask_to_score, days_now, latest_job, newer_files
from redway.web.improvement.score_sets import latest_set, scores_of
from redway.web.jobs.models import Job
from redway.web.jobs.views import shown_job
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs("early_warning.score", of="authority")
def score_again(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a scoring; while one is under way, how far it is."""
    authority = access_authority(request, number, "early_warning.score")
    days = days_now()
    posted = request.POST if request.method == "POST" else None
    form = DayForm(posted, initial={"day": days.first_choice})
    if posted is not None and form.is_valid():
        try:
            ask_to_score(actor=person_of(request), authority=authority, day=form.cleaned_data["day"])
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}".strip())
        else:
            return redirect("improvement:score_again", number)
    job, held = latest_job(number), latest_set(number)
    context: dict[str, Any] = {
        "authority": authority,
        "days": days,
        "form": form,
        "held": held,
        "newer": newer(held),
        "work": _work(request, job) if job else None,
        "breadcrumbs": trail(authority),
    }
    response = render(request, "improvement/score_again.html", context)
    if job is not None and job.is_open:
        # Without scripts the page asks again by itself.
        response["Refresh"] = "10"
    return response


def newer(held: ScoreSet | None) -> str:
    """Which files came after the scores that are kept; empty where none did."""
    if held is None:
        return ""
    try:
        return newer_files(held, scores_of(held))
    except RedwayError:
        return ""


def _work(request: HttpRequest, job: Job) -> dict[str, Any]:
    return shown_job(job) | {"may_follow": permission.may_open(request, "jobs:job", job.pk)}
