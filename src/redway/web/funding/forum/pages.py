"""What the pages of the forum share: one way to show and take a form, the trail, and the person who asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.web.funding.forum.access import forum_record
from redway.web.people import permission
from redway.web.people.models import Person

Trail = list[tuple[str, str]]


def person(request: HttpRequest) -> Person:
    """Whoever asks; pages of the forum are for people signed in."""
    assert isinstance(request.user, Person)
    return request.user


def may(request: HttpRequest, action: str, number: str) -> bool:
    """May they take the action at the forum of this authority?"""
    return bool(permission.decide(request, action, forum_record(request, number, action)))


def seen(request: HttpRequest, now: int) -> int:
    """The revision that the person had before their eyes, as the form carries it."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else now


def trail(*more: tuple[str, str]) -> Trail:
    """The way back to the forum's first page and on."""
    return [("Funding", reverse("funding:index")), ("Schools Forum", reverse("forum:index")), *more]


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
    rows: Sequence[tuple[str, str]] = (),
    sentences: Sequence[str] = (),
    stands: Callable[[], Sequence[tuple[str, str]]] = lambda: (),
    warning: bool = False,
) -> HttpResponse:
    """Show a form; when it is sent and sound, ``save(form, revision)`` and go ``back``.

    A refusal is said at the top and nothing written is lost. When somebody else changed the same thing in the
    meantime, ``stands`` tells what is kept now.
    """
    meanwhile: Sequence[tuple[str, str]] = ()
    if request.method == "POST" and form.is_valid():
        before = seen(request, revision)
        try:
            save(form, before)
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}".strip())
            meanwhile = stands() if before != revision else ()
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "title": title,
        "caption": caption,
        "form": form,
        "button": button,
        "revision": revision,
        "rows": rows,
        "sentences": sentences,
        "stands": meanwhile,
        "warning": warning,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "forum/form.html", context)


def deed(request: HttpRequest, do: Callable[[int], object], *, done: str, back: str) -> HttpResponse:
    """Do something small that a button asks for, say so, and go back; a refusal is said there too."""
    try:
        do(seen(request, 0))
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, done)
    return redirect(back)
