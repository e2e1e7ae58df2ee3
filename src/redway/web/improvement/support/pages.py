"""What the pages of support and of reviews share: the way back, drafts, and what is made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from redway.web.design import form_page as design
from redway.web.design.form_page import Trail
from redway.web.improvement.pages import trail as improvement_trail
from redway.web.improvement.support.models import MADE_UP, Kept


def trail(*more: tuple[str, str]) -> Trail:
    """The way back: improvement, the first page of support, and on."""
    return [*improvement_trail(), ("Support and visits", reverse("support:index")), *more]


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[Any, int], object],
    *,
    done: str,
    keep: str = "",
    made_up: bool = False,
    **page: Any,
) -> HttpResponse:
    """The page of a form. ``keep`` is the label of a second button that keeps a draft."""
    return design.form_page(
        request,
        form,
        save,
        done="It is kept. Nobody else reads it yet." if kept(request) else done,
        template="support/form.html",
        keep=keep,
        made_up=MADE_UP if made_up else "",
        **page,
    )


def notice(*held: Kept) -> str:
    """What a page says when something on it is made up for the demo; empty otherwise."""
    return MADE_UP if any(one.made_up for one in held) else ""


def kept(request: HttpRequest) -> bool:
    """Whether the person asked to keep a draft."""
    return request.POST.get("go") == "keep"
