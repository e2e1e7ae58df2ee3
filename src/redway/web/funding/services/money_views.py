"""What the finance officer looks at: orders of all schools, income against cost, price changes, terms."""

from __future__ import annotations

import copy
from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from redway.core.money import Money
from redway.core.words import signed
from redway.funding.services import Phase
from redway.web.authorities.access import access_authority
from redway.web.design.exports import export
from redway.web.design.tables import TableView
from redway.web.funding.services.access import access_catalogue
from redway.web.funding.services.catalogue import as_service, catalogue_of, lines_in_force, terms_in_force
from redway.web.funding.services.forms import ChangeForm
from redway.web.funding.services.models import Order, ServiceOfYear
from redway.web.funding.services.pages import links, trail
from redway.web.funding.services.tables import change_view, income_view, orders_view, terms_view
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority, School


@require_safe
@needs("service.manage", of="authority")
def orders(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Which school takes how much, and which have not ordered."""
    found = access_catalogue(request, number, year, "service.manage")
    held, schools = _orders(number, year)
    context = {
        "authority": found,
        "year": year,
        "view": orders_view(found, year, held, schools, request.GET),
        "title": "Orders of schools",
        "related": links(request, found, year, but="services:orders"),
        "breadcrumbs": trail(),
        "empty": "No school has ordered.",
    }
    return render(request, "services/list.html", context)


@require_safe
@needs("service.manage", of="authority")
def orders_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_catalogue(request, number, year, "service.manage")
    held, schools = _orders(number, year)
    return export(orders_view(found, year, held, schools, request.GET), extension)


@require_safe
@needs("service.manage", of="authority")
def income(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """What each service brings in beside what it costs."""
    found = access_catalogue(request, number, year, "service.manage")
    view, words, short = _income(request, found, year)
    context = {
        "authority": found,
        "year": year,
        "view": view,
        "title": "Income against cost",
        "warning": words if short else "",
        "words": "" if short else words,
        "lead": "All income together must at least meet all cost, even where schools pay different prices.",
        "related": links(request, found, year, but="services:income"),
        "breadcrumbs": trail(),
        "empty": "There is no service in this year.",
    }
    return render(request, "services/list.html", context)


@require_safe
@needs("service.manage", of="authority")
def income_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_catalogue(request, number, year, "service.manage")
    return export(_income(request, found, year)[0], extension)


def _income(request: HttpRequest, found: Authority, year: str) -> tuple[TableView, str, bool]:
    held, _ = _orders(found.number, year)
    ordered = {line.service_id for line in lines_in_force(held)}
    # What was taken out of the catalogue still earns where it is ordered.
    services = list(
        ServiceOfYear.objects.filter(
            Q(withdrawn_at=None) | Q(pk__in=ordered), authority=found.number, year=year
        )
    )
    return income_view(found, year, services, held, request.GET)


@require_safe
@needs("service.manage", of="authority")
def change(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """What a change of prices would do to each school's budget. Nothing is changed by looking."""
    found = access_catalogue(request, number, year, "service.manage")
    form, view, words = _change(request, found, year)
    context = {
        "authority": found,
        "year": year,
        "form": form,
        "view": view,
        "words": words,
        "related": links(request, found, year, but="services:change"),
        "breadcrumbs": trail(),
    }
    return render(request, "services/change.html", context)


@require_safe
@needs("service.manage", of="authority")
def change_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_catalogue(request, number, year, "service.manage")
    return export(_change(request, found, year)[1], extension)


def _change(request: HttpRequest, found: Authority, year: str) -> tuple[ChangeForm, TableView, str]:
    before = catalogue_of(found.number, year)
    offered = [as_service(one) for one in before]
    asked = "percent" in request.GET
    form = ChangeForm(offered, request.GET if asked else None)
    after, kept, words = before, [], ""
    if asked and form.is_valid():
        codes, percent = form.cleaned_data["service"], form.cleaned_data["percent"]
        after = [_dearer(one, percent) if one.code in codes else one for one in before]
        kept = [*(("service", code) for code in codes), ("percent", str(percent))]
        names = [one.name for one in before if one.code in codes]
        words = f"{signed(percent, 1)}% on {', '.join(names)}, rounded to the penny, for the same orders."
    held, schools = _orders(found.number, year)
    view = change_view(found, year, held, schools, before, after, request.GET, kept, permission.today())
    return form, view, words


def _dearer(stored: ServiceOfYear, percent: Decimal) -> ServiceOfYear:
    """The service with its prices changed by so many percent, each rounded to the penny."""
    changed = copy.copy(stored)
    for phase in Phase:
        pence = getattr(stored, f"{phase.value}_pence")
        if pence is not None:
            new = Money(pence).times((100 + percent) / Decimal(100))
            setattr(changed, f"{phase.value}_pence", new.pence)
    return changed


@require_safe
@needs("service.manage", of="authority")
def terms(request: HttpRequest, number: str) -> HttpResponse:
    """Which terms end when, the next ones first."""
    found = access_authority(request, number, "service.manage")
    context = {
        "authority": found,
        "year": "",
        "view": _terms(request, found),
        "title": "Terms and renewals",
        "lead": "Amber ends within the days of the rules, red has ended and is not ordered again.",
        "related": [],
        "breadcrumbs": trail(),
        "empty": "No school has ordered.",
    }
    return render(request, "services/list.html", context)


@require_safe
@needs("service.manage", of="authority")
def terms_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_authority(request, number, "service.manage")
    return export(_terms(request, found), extension)


def _terms(request: HttpRequest, found: Authority) -> TableView:
    lines = terms_in_force(found.number)
    schools = School.objects.in_bulk({one.order.school for one in lines})
    return terms_view(found, lines, schools, permission.today(), request.GET)


def _orders(number: str, year: str) -> tuple[list[Order], dict[str, School]]:
    held = list(Order.objects.filter(authority=number, year=year))
    schools = School.objects.in_bulk({one.school for one in held})
    named = [one for one in held if one.school in schools]
    return sorted(named, key=lambda one: (schools[one.school].sort_name, one.school)), schools
