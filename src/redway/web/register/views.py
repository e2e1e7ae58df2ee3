"""Pages about localities: define them, name them, put schools in them, withdraw them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redway.core.errors import RedwayError
from redway.core.words import counted
from redway.web.authorities.access import access_authority
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register import localities as services
from redway.web.register.access import access_locality
from redway.web.register.forms import LocalityForm, SchoolsForm, WithdrawForm
from redway.web.register.localities import RegisterError
from redway.web.register.models import Authority, Locality
from redway.web.register.placing import narrowed, schools_to_place
from redway.web.register.tables import localities_view


@require_http_methods(["GET", "HEAD", "POST"])
@needs("locality.edit", of="authority")
def localities(request: HttpRequest, authority: str) -> HttpResponse:
    """The localities of an authority, and a form that makes one more."""
    found = access_authority(request, authority, "locality.edit")
    form = LocalityForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.define_locality(
                authority=found.number, name=form.cleaned_data["name"], actor=person_of(request)
            )
        except RegisterError as error:
            form.add_error("name", f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{made.name} is made. Choose its schools.")
            return redirect("register:schools", found.number, made.pk)
    context = {
        "authority": found,
        "view": localities_view(found, request.GET),
        "form": form,
        "breadcrumbs": _trail(found)[:-1],
    }
    return render(request, "register/localities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("locality.edit", of="locality")
def schools(request: HttpRequest, authority: str, number: int) -> HttpResponse:
    """Put schools in a locality and take them out: tick boxes, of all its authority's schools or some."""
    locality = access_locality(request, authority, number, "locality.edit")
    words, which = request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    offered = schools_to_place(locality)
    shown = narrowed(offered, locality, words, which)
    sent = _sent(request)
    # What was ticked may have moved out of what is sought since the page was shown.
    form = SchoolsForm(locality, offered if sent is not None else shown, sent)
    if request.method == "POST" and form.is_valid():
        try:
            came, went = services.change_schools(
                locality=locality, put_in=form.put_in, take_out=form.take_out, actor=person_of(request)
            )
        except RedwayError as error:
            form.add_error("schools", f"{error.message} {error.next_step}")
        else:
            messages.success(request, _what_changed(locality, came, went))
            return redirect(request.get_full_path())
    context = {
        "locality": locality,
        "form": form,
        "shown": len(shown),
        "words": words,
        "which": which,
        "breadcrumbs": _trail_of(locality),
    }
    return render(request, "register/schools.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("locality.edit", of="locality")
def rename(request: HttpRequest, authority: str, number: int) -> HttpResponse:
    """Give a locality another name."""
    locality = access_locality(request, authority, number, "locality.edit")
    form = LocalityForm(_sent(request), initial={"name": locality.name})
    before = locality.name
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_locality(
                locality=locality, name=form.cleaned_data["name"], actor=person_of(request)
            )
        except RegisterError as error:
            form.add_error("name", f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{before} is now called {locality.name}.")
            return redirect("register:localities", authority)
    context = {"locality": before, "form": form, "breadcrumbs": _trail_of(locality)}
    return render(request, "register/rename.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("locality.edit", of="locality")
def withdraw(request: HttpRequest, authority: str, number: int) -> HttpResponse:
    """Stop using a locality, with a reason."""
    locality = access_locality(request, authority, number, "locality.edit")
    form = WithdrawForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_locality(
                locality=locality, reason=form.cleaned_data["reason"], actor=person_of(request)
            )
        except RegisterError as error:
            messages.info(request, f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{locality.name} is withdrawn. Its schools are in no locality.")
        return redirect("register:localities", authority)
    context = {
        "locality": locality,
        "schools": locality.schools.count(),
        "form": form,
        "breadcrumbs": _trail_of(locality),
    }
    return render(request, "register/withdraw.html", context)


def _what_changed(locality: Locality, came: int, went: int) -> str:
    said = [
        f"{counted(came, 'school')} put in" if came else "",
        f"{counted(went, 'school')} taken out" if went else "",
    ]
    return f"{locality.name}: {' and '.join(part for part in said if part) or 'nothing changed'}."


def _trail(authority: Authority) -> list[tuple[str, str]]:
    return [
        ("Authorities", reverse("authorities:index")),
        (authority.name, reverse("authorities:profile", args=[authority.number])),
        ("Localities", reverse("register:localities", args=[authority.number])),
    ]


def _trail_of(locality: Locality) -> list[tuple[str, str]]:
    return _trail(Authority.objects.get(number=locality.authority))


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
