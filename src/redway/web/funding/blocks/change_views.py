"""What is set down of the money beside the formula: amounts, criteria, services, tables of claims."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.core.errors import RedwayError
from redway.core.words import counted
from redway.funding.claim_rows import (
    FALLING_COLUMNS,
    GROWTH_COLUMNS,
    read_falling_claims,
    read_growth_claims,
)
from redway.funding.forum_powers import Matter
from redway.funding.notional_sen import GROUPS, SUBJECT, usual_shares
from redway.web.design.form_page import form_page
from redway.web.design.uploaded_table import rows_of_upload
from redway.web.funding.blocks.changes import (
    BlocksRefused,
    save_service,
    set_down,
    take_in_claims,
    withdraw_service,
)
from redway.web.funding.blocks.forms import SET_DOWN, ClaimsForm, ServiceForm, WithdrawForm
from redway.web.funding.blocks.models import ClaimTable, Fund, OfYear, SharedService
from redway.web.funding.blocks.notional_shown import own_shares
from redway.web.funding.blocks.pages import asked_of, page_address, page_trail
from redway.web.funding.blocks.records import MATTERS, items_on
from redway.web.funding.blocks.shown import Asked
from redway.web.funding.deficits.forms import OwnValueForm
from redway.web.funding.deficits.services.values import put_own_value
from redway.web.funding.money_fields import first_day
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.security import takes_files

_PAGE_OF = {"income": "block", "early-years": "other-blocks", "high-needs": "other-blocks"}
_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def set_down_what(request: HttpRequest, number: str, year: str, what: str) -> HttpResponse:
    """What comes in, the criteria of a fund, or the plan of another block."""
    asked = asked_of(request, number, year, "funding.edit")
    if what not in SET_DOWN:
        raise Http404("There is nothing of that name to set down.")
    model, form_class, title, which = SET_DOWN[what]
    before: OfYear | None = model._default_manager.filter(authority=number, year=year, **which).first()
    form = form_class(before, items_on(number, *MATTERS.get(what, ())), request.POST or None)

    def save(_: object, revision: int) -> None:
        set_down(
            model,
            actor=person_of(request),
            authority=number,
            year=year,
            revision=revision,
            values=form.values,
            now=timezone.now(),
            **which,
        )

    return _form_page(
        request,
        asked,
        form,
        save,
        page=_PAGE_OF.get(what, what),
        title=title,
        button="Set down",
        done=f"{title}: set down for {year}.",
        revision=before.revision if before else 0,
    )


@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def new_service(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Add a service that maintained schools give money back for."""
    return _service_page(request, number, year, None)


@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def service(request: HttpRequest, number: str, year: str, key: int) -> HttpResponse:
    """Change a service."""
    asked_of(request, number, year, "funding.edit")
    return _service_page(request, number, year, _service(number, year, key))


@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def withdraw(request: HttpRequest, number: str, year: str, key: int) -> HttpResponse:
    """Take a service out of a year, for a reason."""
    asked = asked_of(request, number, year, "funding.edit")
    found = _service(number, year, key)
    form = WithdrawForm(request.POST or None)

    def save(_: object, revision: int) -> None:
        withdraw_service(
            actor=person_of(request),
            service=found,
            revision=revision,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )

    return _form_page(
        request,
        asked,
        form,
        save,
        page="services",
        title=f"Take out {found.title}",
        button="Take it out",
        done="The service is taken out. It is kept in the record.",
        revision=found.revision,
    )


@takes_files
@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def claims(request: HttpRequest, number: str, year: str, fund: str) -> HttpResponse:
    """Take in the table of schools judged for a fund: in whole, or not at all with every fault named."""
    asked = asked_of(request, number, year, "funding.edit")
    if fund not in Fund.values:
        raise Http404("There is no such fund.")
    which = Fund(fund)
    is_growth = which is Fund.GROWTH
    form = ClaimsForm(request.POST, request.FILES) if request.method == "POST" else ClaimsForm()

    def save(_: object, __: int) -> ClaimTable:
        file = form.cleaned_data["file"]
        rows = rows_of_upload(file, "urn")
        return take_in_claims(
            actor=person_of(request),
            authority=number,
            year=year,
            fund=which,
            claims=read_growth_claims(*rows) if is_growth else read_falling_claims(*rows),
            file=file.name,
            now=timezone.now(),
        )

    return _form_page(
        request,
        asked,
        form,
        save,
        page=fund,
        title=f"{which.label}: schools to be judged",
        button="Take it in",
        done=lambda made: f"{counted(len(made.rows), 'school')} taken in, as version {made.number}.",
        sentences=["One row a school. The table is taken in whole, or not at all with every fault named."],
        columns=(GROWTH_COLUMNS if is_growth else FALLING_COLUMNS).items(),
    )


@require_http_methods(_METHODS)
@needs("funding.edit", of="funding")
def settle(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Settle a percentage of notional SEN for the authority itself."""
    asked = asked_of(request, number, year, "funding.edit")
    try:
        _, held = usual_shares(first_day(year), own_shares(asked))
    except RedwayError as error:
        raise Http404(error.message) from None
    choices = [
        (group, f"{group.replace('-', ' ').capitalize()} (now {held.number(group)}%)") for group in GROUPS
    ]
    form = OwnValueForm(choices, request.POST or None, initial={"first_day": first_day(year)})

    def save(_: object, __: int) -> None:
        given = form.cleaned_data
        if given["value"] is not None and given["value"] > Decimal(100):
            raise BlocksRefused(f"{given['value']}% is no share of a line.", "Give 0% to 100%.")
        put_own_value(
            actor=person_of(request),
            authority=asked.authority,
            subject=SUBJECT,
            verb="funding.settle_value",
            **given,
        )

    return _form_page(
        request,
        asked,
        form,
        save,
        page="notional-sen",
        title="Settle a percentage of notional SEN",
        button="Settle it",
        done="The percentage is settled.",
    )


def _service_page(request: HttpRequest, number: str, year: str, held: SharedService | None) -> HttpResponse:
    asked = asked_of(request, number, year, "funding.edit")
    items = items_on(number, Matter.DE_DELEGATION, Matter.EDUCATION_FUNCTIONS)
    form = ServiceForm(held, items, request.POST or None)

    def save(_: object, revision: int) -> None:
        save_service(
            actor=person_of(request),
            authority=number,
            year=year,
            service=held,
            revision=revision,
            values=form.values,
            now=timezone.now(),
        )

    return _form_page(
        request,
        asked,
        form,
        save,
        page="services",
        title=held.title if held else "Add a service",
        button="Keep it",
        done="The service is kept.",
        revision=held.revision if held else 0,
        further=[("Take it out of the year", asked.address("withdraw", held.pk))] if held else [],
    )


def _service(number: str, year: str, key: int) -> SharedService:
    held = SharedService.objects.filter(authority=number, year=year, pk=key, withdrawn_at__isnull=True)
    found = held.first()
    if found is None:
        raise Http404("There is no such service in the year.")
    return found


def _form_page(
    request: HttpRequest,
    asked: Asked,
    form: forms.Form,
    save: Callable[[Any, int], object],
    *,
    page: str,
    title: str,
    button: str,
    done: str | Callable[[Any], str],
    revision: int = 0,
    **shown: Any,
) -> HttpResponse:
    return form_page(
        request,
        form,
        save,
        title=title,
        caption=f"{asked.authority.name}, {asked.year}",
        button=button,
        done=done,
        back=page_address(asked, page),
        breadcrumbs=page_trail(asked, page),
        revision=revision,
        template="blocks/form.html",
        **shown,
    )
