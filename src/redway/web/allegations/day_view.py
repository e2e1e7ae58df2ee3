"""The designated officer's day: what arrived, is due, is overdue, and whom nobody has told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.web.allegations.day_lines import groups_of, titles
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists_views import read_names
from redway.web.allegations.queries import days_work
from redway.web.people.declarations import needs
from redway.web.people.models import Person


@require_safe
@needs("allegation.list")
def day(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person on the cases they are named on."""
    assert isinstance(request.user, Person)
    now = timezone.now()
    work = days_work(request.user, now)
    read_names(request.user, "allegation.read_day", work.running)

    def page_of(key: str) -> int:
        asked = request.GET.get(key, "")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1

    groups = groups_of(work, now, page_of)
    context = {
        "today": timezone.localdate(now),
        "running": work.running,
        "groups": groups,
        "titles": titles(groups),
        "related": related_pages(request, but="allegations:day"),
    }
    return render(request, "allegations/day/day.html", context)
