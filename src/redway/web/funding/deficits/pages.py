"""What the pages of deficits share: the way back, the links beside, and a form that is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.datasets.checked_rows import TableRefused
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.uploaded_table import problems_shown
from redway.web.funding.deficits.services.changing import ChangedMeanwhile
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School

Trail = list[tuple[str, str]]

AUTHORITY_PAGES = (
    ("Balances and licences", "deficits:authority", "deficit.view"),
    ("Schools at risk", "deficits:at_risk", "deficit.view"),
    ("Meetings", "deficits:meetings", "deficit.view"),
    ("Rules and assumptions", "deficits:rules", "deficit.view"),
    ("Upload a table", "deficits:upload", "deficit.keep"),
)
"""(label, name of the address, action that opens it)"""


def authority_links(request: HttpRequest, authority: Authority, but: str = "") -> Trail:
    """The pages about all schools of an authority that this person may open."""
    record = authority_record(authority)
    return [
        (label, reverse(name, args=[authority.number]))
        for label, name, action in AUTHORITY_PAGES
        if name != but and permission.decide(request, action, record)
    ]


def trail(request: HttpRequest, school: School | None = None) -> Trail:
    """The way back: funding, the authority's page for those who may open it, the school's."""
    found = [("Funding", reverse("funding:index"))]
    if school is not None:
        if permission.visible(request, "deficit.view").authorities:
            name = school.authority_name or "All schools"
            found.append((f"Deficits in {name}", reverse("deficits:authority", args=[school.authority])))
        found.append((school.shown_name, reverse("deficits:school", args=[school.current_urn])))
    return found


def person_of(request: HttpRequest) -> Person:
    """Who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


def seen(request: HttpRequest, now: int) -> int:
    """The revision that the person had before their eyes, as the form carries it."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else now


def problems_of(error: RedwayError) -> tuple[str, ...]:
    """Everything that is wrong, each a sentence."""
    if isinstance(error, TableRefused):
        return problems_shown(error)
    return (f"{error.message} {error.next_step}".strip(),)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    send: Callable[[], str],
    *,
    title: str,
    caption: str,
    button: str,
    back: str,
    done: str,
    breadcrumbs: Trail,
    revision: int | None = None,
    refreshed: Callable[[], int] | None = None,
    **context: Any,
) -> HttpResponse:
    """One form: shown, sent by ``send`` (which gives the address to go on to, or nothing for ``back``).

    What is refused stands above the form with what was typed. After somebody else's change the form carries
    the new ``revision``, which ``refreshed`` reads: whoever reads what is new may send theirs.
    """
    if request.method == "POST" and form.is_valid():
        try:
            onward = send()
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
            if isinstance(error, ChangedMeanwhile) and refreshed is not None:
                revision = refreshed()
        else:
            messages.success(request, done)
            return redirect(onward or back)
    context |= {
        "form": form,
        "title": title,
        "caption": caption,
        "button": button,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
        "revision": revision,
    }
    return render(request, "deficits/form.html", context)
