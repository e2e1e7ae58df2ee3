"""What is set down of the money beside the formula: amounts, criteria, services, tables of claims."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.core.errors import RedwayError
from redway.core.words import counted
from redway.datasets.checked_rows import TableRefused
from redway.funding.claim_rows import (
    FALLING_COLUMNS,
    GROWTH_COLUMNS,
    read_falling_claims,
    read_growth_claims,
)
from redway.funding.forum_powers import Matter
from redway.funding.notional_sen import GROUPS, SUBJECT, usual_shares
from redway.web.design.uploaded_table import rows_of_upload
from redway.web.funding.blocks.changes import (
    BlocksRefused,
    save_service,
    set_down,
    take_in_claims,
    withdraw_service,
)
from redway.web.funding.blocks.forms import SET_DOWN, ClaimsForm, ServiceForm, WithdrawForm
from redway.web.funding.blocks.models import Fund, OfYear, SharedService
from redway.web.funding.blocks.notional_shown import own_shares
from redway.web.funding.blocks.pages import asked_of, page_address, page_trail, person_of, seen
from redway.web.funding.blocks.records import MATTERS, items_on
from redway.web.funding.blocks.shown import Asked
from redway.web.funding.deficits.forms import OwnValueForm
from redway.web.funding.deficits.services.values import put_own_value
from redway.web.funding.money_fields import first_day
from redway.web.people.declarations import needs
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

    def held() -> OfYear | None:
        return model._default_manager.filter(authority=number, year=year, **which).first()

    before = held()
    form = form_class(before, items_on(number, *MATTERS.get(what, ())), request.POST or None)

    def send(revision: int) -> None:
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
        send,
        page=_PAGE_OF.get(what, what),
        title=title,
        button="Set down",
        done=f"{title}: set down for {year}.",
        now=lambda: found.revision if (found := held()) else 0,
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

    def send(revision: int) -> None:
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
        send,
        page="services",
        title=f"Take out {found.title}",
        button="Take it out",
        done="The service is taken out. It is kept in the record.",
        now=lambda: _service(number, year, key).revision,
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
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = rows_of_upload(file, "urn")
            found = read_growth_claims(*rows) if is_growth else read_falling_claims(*rows)
            made = take_in_claims(
                actor=person_of(request),
                authority=number,
                year=year,
                fund=which,
                claims=found,
                file=file.name,
                now=timezone.now(),
            )
        except RedwayError as error:
            for problem in _problems(error):
                form.add_error("file", problem)
        else:
            messages.success(
                request, f"{counted(len(made.rows), 'school')} taken in, as version {made.number}."
            )
            return redirect(page_address(asked, fund))
    context = {
        "authority": asked.authority,
        "year": year,
        "form": form,
        "title": f"{which.label}: schools to be judged",
        "lead": "One row a school. The table is taken in whole, or not at all with every fault named.",
        "columns": (GROWTH_COLUMNS if is_growth else FALLING_COLUMNS).items(),
        "button": "Take it in",
        "back": page_address(asked, fund),
        "breadcrumbs": page_trail(asked, fund),
    }
    return render(request, "blocks/form.html", context)


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

    def send(revision: int) -> None:
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
        send,
        page="notional-sen",
        title="Settle a percentage of notional SEN",
        button="Settle it",
        done="The percentage is settled.",
        now=lambda: 0,
    )


def _service_page(request: HttpRequest, number: str, year: str, held: SharedService | None) -> HttpResponse:
    asked = asked_of(request, number, year, "funding.edit")
    items = items_on(number, Matter.DE_DELEGATION, Matter.EDUCATION_FUNCTIONS)
    form = ServiceForm(held, items, request.POST or None)

    def send(revision: int) -> None:
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
        send,
        page="services",
        title=held.title if held else "Add a service",
        button="Keep it",
        done="The service is kept.",
        now=lambda: _service(number, year, held.pk).revision if held else 0,
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
    send: Callable[[int], None],
    *,
    page: str,
    title: str,
    button: str,
    done: str,
    now: Callable[[], int],
    further: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """One form: shown, sent, and after a refusal shown again with what was typed and what is new."""
    revision = seen(request, now())
    if request.method == "POST" and form.is_valid():
        try:
            send(revision)
        except RedwayError as error:
            for problem in _problems(error):
                form.add_error(None, problem)
            revision = now()
        else:
            messages.success(request, done)
            return redirect(page_address(asked, page))
    context = {
        "authority": asked.authority,
        "year": asked.year,
        "form": form,
        "title": title,
        "button": button,
        "revision": revision,
        "further": further or [],
        "back": page_address(asked, page),
        "breadcrumbs": page_trail(asked, page),
    }
    return render(request, "blocks/form.html", context)


def _problems(error: RedwayError) -> tuple[str, ...]:
    if isinstance(error, TableRefused):
        return error.problems
    return (f"{error.message} {error.next_step}".strip(),)
