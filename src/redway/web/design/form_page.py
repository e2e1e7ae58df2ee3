"""One way to show a form, take it, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.datasets.checked_rows import TableRefused
from redway.web.design.uploaded_table import problems_shown

Trail = list[tuple[str, str]]
Pairs = Sequence[tuple[str, object]]
FORM = ["GET", "HEAD", "POST"]
"""What a page with a form answers to."""

NOTHING_SEEN = -1
"""The revision of whoever sends no form of ours: no record has it, so the change is refused."""


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[Any, int], object],
    *,
    title: str,
    caption: str,
    button: str,
    done: str | Callable[[Any], str],
    back: str,
    breadcrumbs: Trail,
    revision: int = 0,
    stands: Callable[[], Pairs] = lambda: (),
    onward: Callable[[Any], str] | None = None,
    template: str = "design/form_page.html",
    **shown: Any,
) -> HttpResponse:
    """Show a form; when it is sent and sound, ``save(form, revision seen)``, say ``done`` and go ``back``.

    A refusal is said at the top and nothing written is lost. After somebody else's change ``stands`` tells
    what is kept now, and the form carries the ``revision`` of now: whoever has read it may send theirs again.
    ``done`` can be made from what ``save`` gave, and so can another address to go to, by ``onward``.
    ``shown`` is for the template: ``rows``, ``sentences``, ``warning`` (red button), what a room's own adds.
    """
    carried = seen(request) if request.method == "POST" else revision
    meanwhile: Pairs = ()
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form, carried)
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
            if isinstance(error, ChangedSinceOpened):
                carried, meanwhile = revision, stands()
        else:
            messages.success(request, done if isinstance(done, str) else done(saved))
            return redirect(onward(saved) if onward else back)
    context = {
        **shown,
        "form": form,
        "title": title,
        "caption": caption,
        "button": button,
        "revision": carried,
        "stands": meanwhile,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, template, context)


def deed(request: HttpRequest, do: Callable[[int], object], *, done: str, back: str) -> HttpResponse:
    """Do something small that a button asks for, say so, and go back; a refusal is said there too."""
    try:
        do(seen(request))
    except RedwayError as error:
        messages.error(request, " ".join(problems_of(error)))
    else:
        messages.success(request, done)
    return redirect(back)


def seen(request: HttpRequest, unsent: int = 0) -> int:
    """The revision that the person had before their eyes, as the form carries it.

    Where none is sent it is ``unsent``: 0, as of what is not kept yet, so that no record is changed unseen.
    """
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else unsent


def problems_of(error: RedwayError) -> Sequence[str]:
    """Everything that is wrong, each a sentence."""
    if isinstance(error, TableRefused):
        return problems_shown(error)
    return (f"{error.message} {error.next_step}".strip(),)
