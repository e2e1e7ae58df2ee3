"""What the pages share: the way back, the links beside, and a form that is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.web.authorities.access import record_of as authority_record
from redway.web.improvement.changing import ChangedMeanwhile
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record

Trail = list[tuple[str, str]]

AUTHORITY_PAGES = (
    ("Where to look first", "improvement:early_warning", "early_warning.view"),
    ("Schools causing concern", "improvement:concerns", "concern.view"),
    ("Triage meetings", "improvement:triage", "concern.view"),
    ("Official triggers", "improvement:triggers", "concern.view"),
    ("Categories", "improvement:categories", "concern.view"),
)
"""(label, name of the address, action that opens it)"""
BESIDE = (
    ("Support and visits", "support:authority", "support.view"),
    ("Ledger of alerts and targets", "support:ledger", "support.view"),
)
"""The same of the rooms to which a warning or a concern leads on."""
SCHOOL_PAGES = (
    ("Early warning and charts", "improvement:school", "early_warning.view"),
    ("What is known, category and decisions", "improvement:concern", "concern.view"),
    ("Category and decisions", "improvement:own_school", "improvement.own_school"),
    ("Targets", "attainment:school_targets", "target.view"),
    ("Support and visits", "support:school", "support.view"),
    ("Ready for inspection", "reviews:readiness", "review.view"),
    ("The school’s profile", "schools:profile", "school.view"),
)
"""The same of one school."""


def authority_links(request: HttpRequest, authority: Authority, but: str = "") -> Trail:
    """The pages about all schools of an authority that this person may open."""
    record = authority_record(authority)
    return [
        (label, reverse(name, args=[authority.number]))
        for label, name, action in (*AUTHORITY_PAGES, *BESIDE)
        if name != but and permission.decide(request, action, record)
    ]


def school_pages(request: HttpRequest, school: School, but: str = "") -> Trail:
    """The pages of improvement about a school that this person may open; ``but`` is the one they are on."""
    record = school_record(school)
    return [
        (label, reverse(name, args=[school.current_urn]))
        for label, name, action in SCHOOL_PAGES
        if name != but and permission.decide(request, action, record)
    ]


def trail(authority: Authority | None = None, *onward: tuple[str, str]) -> Trail:
    """The way back: improvement, an authority's list, and what lies below it."""
    found = [("Improvement", reverse("improvement:index"))]
    if authority is not None:
        address = reverse("improvement:early_warning", args=[authority.number])
        found.append((f"Where to look first in {authority.name}", address))
    return [*found, *onward]


def school_trail(request: HttpRequest, school: School) -> Trail:
    """The way back from a page about one school: over the authority's list for those who may open it."""
    found = [("Improvement", reverse("improvement:index"))]
    place = Authority(number=school.authority, name=school.authority_name)
    if permission.decide(request, "concern.view", authority_record(place)):
        address = reverse("improvement:concerns", args=[school.authority])
        found.append((f"Concerns in {school.authority_name}", address))
        found.append((school.shown_name, reverse("improvement:concern", args=[school.current_urn])))
    return found


def person_of(request: HttpRequest) -> Person:
    """Who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


def seen(request: HttpRequest, now: int) -> int:
    """The revision that the person had before their eyes, as the form carries it; 0 where none is sent.

    A form that is being shown carries the one there is ``now``.
    """
    if request.method != "POST":
        return now
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def form_page(
    request: HttpRequest,
    form: forms.Form,
    send: Callable[[], object],
    *,
    title: str,
    caption: str,
    button: str,
    back: str,
    done: str,
    breadcrumbs: Trail,
    revision: int | None = None,
    refreshed: Callable[[], int] | None = None,
    onward: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """One form: shown, sent by ``send``, then on to ``back``.

    ``onward`` says where to go with what was made, where that is elsewhere. What is refused stands above the
    form with what was typed. After somebody else's change the form carries the new ``revision``, which
    ``refreshed`` reads: whoever reads what is new may send theirs.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = send()
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}".strip())
            if isinstance(error, ChangedMeanwhile) and refreshed is not None:
                revision = refreshed()
        else:
            messages.success(request, done)
            return redirect(onward(made) if onward else back)
    context |= {
        "form": form,
        "title": title,
        "caption": caption,
        "button": button,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
        "revision": revision,
    }
    return render(request, "improvement/form.html", context)
