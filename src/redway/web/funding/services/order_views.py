"""A school's order: what it takes, what that costs, and for how long."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.funding.recovery import year_after
from redway.funding.services import HUNDREDTHS, service_rules
from redway.web.design.exports import export
from redway.web.design.form_page import problems_of, seen
from redway.web.design.tables import TableView
from redway.web.funding.money_fields import year_of
from redway.web.funding.services.access import access_school_year
from redway.web.funding.services.catalogue import (
    as_service,
    catalogue_of,
    lines_in_force,
    phase_of,
    priced,
    years_of,
)
from redway.web.funding.services.changes import ChangedMeanwhile, place_order
from redway.web.funding.services.forms import OrderForm
from redway.web.funding.services.models import Order
from redway.web.funding.services.pages import trail
from redway.web.funding.services.tables import order_view, stored_order
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record


@require_safe
@needs("service.view", of="school")
def school(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """What the school takes in a year."""
    found = access_school_year(request, urn, year, "service.view")
    order = _order(found, year)
    this = year_of(permission.today())
    context = {
        "school": found,
        "year": year,
        "years": sorted({*years_of(found.authority), this, year_after(this)}),
        "order": order,
        "view": _view(request, found, year, order) if order else None,
        "equivalent": Decimal(order.equivalent_hundredths) / HUNDREDTHS if order else None,
        "words": stored_order(order, [], permission.today())[0].words if order else "",
        "has_catalogue": bool(catalogue_of(found.authority, year)),
        "may_order": permission.decide(request, "service.order", school_record(found)),
        "breadcrumbs": trail(),
    }
    return render(request, "services/school.html", context)


@require_safe
@needs("service.view", of="school")
def school_table(request: HttpRequest, urn: str, year: str, extension: str) -> HttpResponseBase:
    """The order as a file."""
    found = access_school_year(request, urn, year, "service.view")
    order = _order(found, year)
    return export(_view(request, found, year, order), extension)


def _order(found: School, year: str) -> Order | None:
    return Order.objects.select_related("by").filter(school=found.key, year=year).first()


def _view(request: HttpRequest, found: School, year: str, order: Order | None) -> TableView:
    if order is None:
        empty = priced(found, 0, Decimal(0), [], {}, permission.today())
        return order_view(found, year, empty, request.GET, {})
    stored, terms = stored_order(order, lines_in_force([order]), permission.today())
    return order_view(found, year, stored, request.GET, terms)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("service.order", of="school")
def order(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """Order services: tick them, work out the total, send."""
    found = access_school_year(request, urn, year, "service.order")
    held = _order(found, year)
    offered = [as_service(one) for one in catalogue_of(found.authority, year)]
    rules = service_rules(permission.today())
    posted = request.method == "POST"
    form = OrderForm(phase_of(found), offered, rules, request.POST if posted else None, _initial(found, held))
    revision = seen(request) if posted else held.revision if held else 0
    total, words = None, ""
    if posted and form.is_valid():
        wanted = form.wanted()
        try:
            if request.POST.get("go") == "order":
                place_order(
                    actor=person_of(request), school=found, year=year, revision=revision, wanted=wanted
                )
                messages.success(request, "The order is placed.")
                return redirect("services:school", found.current_urn, year)
            now = priced(
                found, wanted.pupils, wanted.equivalent, offered, wanted.services, permission.today()
            )
            total, words = order_view(found, year, now, request.GET, {}), now.words
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
            if isinstance(error, ChangedMeanwhile):
                fresh = _order(found, year)
                revision = fresh.revision if fresh else 0
    context = {
        "school": found,
        "year": year,
        "form": form,
        "offered": offered,
        "total": total,
        "words": words,
        "revision": revision,
        "small": rules.whole("small-school-below"),
        "discount": rules.number("whole-package-discount"),
        "breadcrumbs": [
            *trail(),
            (found.shown_name, reverse("services:school", args=[found.current_urn, year])),
        ],
    }
    return render(request, "services/order.html", context)


def _initial(found: School, held: Order | None) -> dict[str, object]:
    """What is ordered already; for a first order the roll that the register knows."""
    if held is None:
        return {"pupils": found.pupils, "equivalent": found.pupils}
    given: dict[str, object] = {
        "pupils": held.pupils,
        "equivalent": Decimal(held.equivalent_hundredths) / HUNDREDTHS,
    }
    for line in lines_in_force([held]):
        given[f"take_{line.service.code}"] = True
        given[f"days_{line.service.code}"] = Decimal(line.days_hundredths) / HUNDREDTHS or None
        given["years"] = str(line.years)
    return given
