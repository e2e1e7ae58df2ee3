"""What the pages of support and of reviews share: one way to show and take a form, and small deeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.web.improvement.pages import trail as improvement_trail
from redway.web.improvement.support.models import MADE_UP, Kept
from redway.web.people.models import Person

Trail = list[tuple[str, str]]
Pairs = Sequence[tuple[str, str]]
FORM = ["GET", "HEAD", "POST"]


def person(request: HttpRequest) -> Person:
    """Whoever asks; these pages are for people signed in."""
    assert isinstance(request.user, Person)
    return request.user


def seen(request: HttpRequest) -> int:
    """The revision that the person had before their eyes, as the form carries it; 0 where none is sent."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def trail(*more: tuple[str, str]) -> Trail:
    """The way back: improvement, the first page of support, and on."""
    return [*improvement_trail(), ("Support and visits", reverse("support:index")), *more]


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[Any, int], object],
    *,
    title: str,
    button: str,
    done: str,
    back: str,
    caption: str,
    breadcrumbs: Trail,
    revision: int = 0,
    sentences: Sequence[str] = (),
    rows: Pairs = (),
    stands: Callable[[], Pairs] = lambda: (),
    keep: str = "",
    warning: bool = False,
    made_up: bool = False,
) -> HttpResponse:
    """Show a form; when it is sent and sound, ``save(form, revision)`` and go ``back``.

    A refusal is said at the top and nothing written is lost. When somebody else changed the same thing in the
    meantime, ``stands`` tells what is kept now. ``keep`` is the label of a second button that keeps a draft.
    """
    meanwhile: Pairs = ()
    if request.method == "POST" and form.is_valid():
        before = seen(request)
        try:
            save(form, before)
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}".strip())
            meanwhile = stands() if before != revision else ()
        else:
            messages.success(request, "It is kept. Nobody else reads it yet." if kept(request) else done)
            return redirect(back)
    context = {
        "made_up": MADE_UP if made_up else "",
        "title": title,
        "caption": caption,
        "form": form,
        "button": button,
        "keep": keep,
        "revision": revision,
        "rows": rows,
        "sentences": sentences,
        "stands": meanwhile,
        "warning": warning,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "support/form.html", context)


def notice(*held: Kept) -> str:
    """What a page says when something on it is made up for the demo; empty otherwise."""
    return MADE_UP if any(one.made_up for one in held) else ""


def kept(request: HttpRequest) -> bool:
    """Whether the person asked to keep a draft."""
    return request.POST.get("go") == "keep"


def deed(request: HttpRequest, do: Callable[[int], object], *, done: str, back: str) -> HttpResponse:
    """Do something small that a button asks for, say so, and go back; a refusal is said there too."""
    try:
        do(seen(request))
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, done)
    return redirect(back)
