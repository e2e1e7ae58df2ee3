"""The catalogue: what is sold at which price, kept by the finance officer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.words import counted
from redway.funding.price_rows import ALSO, NEEDED, read_price_list
from redway.funding.recovery import year_after
from redway.funding.services import service_rules
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.uploaded_table import rows_of_upload
from redway.web.funding.money_fields import year_of
from redway.web.funding.services.access import access_catalogue
from redway.web.funding.services.catalogue import as_service, catalogue_of, years_of
from redway.web.funding.services.changes import (
    save_service,
    take_price_list,
    withdraw_service,
)
from redway.web.funding.services.forms import PriceListForm, ReasonForm, ServiceForm
from redway.web.funding.services.models import ServiceOfYear
from redway.web.funding.services.pages import links, trail
from redway.web.funding.services.tables import catalogue_view
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.register.queries import authority_names


def year_to_show(authority: str) -> str:
    """This financial year where it has a catalogue, else the newest that has, else this one."""
    this, held = year_of(permission.today()), years_of(authority)
    return this if this in held or not held else held[0]


@require_safe
@needs("service.view")
def index(request: HttpRequest) -> HttpResponse:
    """Where services are looked at from; straight on where there is one place."""
    held = permission.visible(request, "service.view")
    schools = list(School.objects.filter(key__in=held.schools))
    authorities = sorted(authority_names(held.authorities).items(), key=lambda pair: pair[1])
    if len(authorities) == 1 and not schools:
        return redirect("services:catalogue", authorities[0][0], year_to_show(authorities[0][0]))
    if len(schools) == 1 and not authorities:
        return redirect("services:school", schools[0].current_urn, year_to_show(schools[0].authority))
    context = {
        "authorities": [(number, name, year_to_show(number)) for number, name in authorities],
        "schools": [(school, year_to_show(school.authority)) for school in schools],
    }
    return render(request, "services/index.html", context)


@require_safe
@needs("service.view", of="authority")
def catalogue(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """What is sold in a year, with the rules of the package."""
    found = access_catalogue(request, number, year, "service.view")
    manage = _manages(request, found)
    rules = service_rules(permission.today())
    this = year_of(permission.today())
    context = {
        "authority": found,
        "year": year,
        "years": sorted({*years_of(number), this, year_after(this)}),
        "view": catalogue_view(found, year, catalogue_of(number, year), request.GET, manage=manage),
        "manage": manage,
        "small": rules.whole("small-school-below"),
        "discount": rules.number("whole-package-discount"),
        "related": links(request, found, year, but="services:catalogue"),
        "breadcrumbs": trail(),
    }
    return render(request, "services/catalogue.html", context)


def _manages(request: HttpRequest, found: Authority) -> bool:
    return found.number in permission.visible(request, "service.manage").authorities


@require_safe
@needs("service.view", of="authority")
def catalogue_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The catalogue as a file."""
    found = access_catalogue(request, number, year, "service.view")
    manage = _manages(request, found)
    return export(
        catalogue_view(found, year, catalogue_of(number, year), request.GET, manage=manage), extension
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("service.manage", of="authority")
def new_service(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Add a service to the catalogue."""
    found = access_catalogue(request, number, year, "service.manage")
    form = ServiceForm(request.POST if request.method == "POST" else None, new=True)
    return _service_page(request, found, year, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("service.manage", of="authority")
def service(request: HttpRequest, number: str, year: str, code: str) -> HttpResponse:
    """Change a service and its prices."""
    found = access_catalogue(request, number, year, "service.manage")
    stored = _stored(number, year, code)
    posted = request.POST if request.method == "POST" else None
    form = ServiceForm(posted, ServiceForm.initial_of(as_service(stored)), new=False)
    return _service_page(request, found, year, form, stored)


def _service_page(
    request: HttpRequest, found: Authority, year: str, form: ServiceForm, stored: ServiceOfYear | None
) -> HttpResponse:
    def save(_: object, revision: int) -> None:
        save_service(
            actor=person_of(request),
            authority=found,
            year=year,
            revision=revision,
            service=form.service(stored.code if stored else form.cleaned_data["code"]),
        )

    return form_page(
        request,
        form,
        save,
        title=stored.name if stored else "Add a service",
        caption=f"{found.name}, {year}",
        button="Keep it",
        done="The service is kept.",
        back=reverse("services:catalogue", args=[found.number, year]),
        breadcrumbs=trail(found, year),
        revision=stored.revision if stored else 0,
        template="services/form.html",
        stored=stored,
    )


def _stored(number: str, year: str, code: str) -> ServiceOfYear:
    stored = ServiceOfYear.objects.filter(authority=number, year=year, code=code, withdrawn_at=None).first()
    if stored is None:
        raise Http404("There is no such service in this year.")
    return stored


@require_http_methods(["GET", "HEAD", "POST"])
@needs("service.manage", of="authority")
def withdraw(request: HttpRequest, number: str, year: str, code: str) -> HttpResponse:
    """Take a service out of the catalogue, with a reason."""
    found = access_catalogue(request, number, year, "service.manage")
    stored = _stored(number, year, code)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def save(_: object, revision: int) -> None:
        withdraw_service(
            actor=person_of(request),
            authority=found,
            year=year,
            code=code,
            revision=revision,
            reason=form.cleaned_data["reason"],
        )

    return form_page(
        request,
        form,
        save,
        title=f"Take {stored.name} out of the catalogue",
        caption=f"{found.name}, {year}",
        button="Take it out",
        done="The service is taken out. Orders that hold it stay as they are.",
        back=reverse("services:catalogue", args=[number, year]),
        breadcrumbs=trail(found, year),
        revision=stored.revision,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("service.manage", of="authority")
def price_list(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Import a price list: in whole, or not at all with every fault named."""
    found = access_catalogue(request, number, year, "service.manage")
    posted = request.method == "POST"
    form = PriceListForm(request.POST if posted else None, request.FILES if posted else None)

    def save(_: object, __: int) -> int:
        services = read_price_list(*rows_of_upload(form.cleaned_data["file"], "code"))
        return take_price_list(actor=person_of(request), authority=found, year=year, services=services)

    return form_page(
        request,
        form,
        save,
        title="Import a price list",
        caption=f"{found.name}, {year}",
        button="Take it in",
        done=lambda count: f"{counted(count, 'service')} taken in.",
        back=reverse("services:catalogue", args=[number, year]),
        breadcrumbs=trail(found, year),
        sentences=[
            "A list is taken in whole, or not at all with every fault named.",
            "A service that is there already gets its new prices; none is taken out.",
        ],
        template="services/price_list.html",
        needed=NEEDED.items(),
        also=ALSO.items(),
    )
