"""Schools in deficit of a whole authority: balances, schools at risk, rules, tables taken in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.dated_values import DatedValue, Status
from redway.core.errors import RedwayError
from redway.core.words import counted, listed
from redway.funding.balance_rows import BALANCE_COLUMNS, FORECAST_COLUMNS, read_balances, read_forecasts
from redway.web.authorities.access import access_authority
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.exports import export
from redway.web.design.form_page import form_page, problems_of
from redway.web.design.uploaded_table import rows_of_upload
from redway.web.funding.deficits.forms import BALANCES, OwnValueForm, UploadForm
from redway.web.funding.deficits.models import OwnValue
from redway.web.funding.deficits.pages import authority_links, trail
from redway.web.funding.deficits.queries import actions_open, overview
from redway.web.funding.deficits.risk import risk_in
from redway.web.funding.deficits.services.balances import enter_balances, enter_forecasts
from redway.web.funding.deficits.services.values import settle_value
from redway.web.funding.deficits.tables import overview_view, risk_view
from redway.web.funding.deficits.values_of import SUBJECTS, values_for
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School
from redway.web.register.queries import authority_names


@require_safe
@needs("deficit.view")
def index(request: HttpRequest) -> HttpResponse:
    """Where deficits are looked at from: one's authorities and schools; straight on where there is one."""
    held = permission.visible(request, "deficit.view")
    schools = list(School.objects.filter(key__in=held.schools))
    authorities = sorted(authority_names(held.authorities).items(), key=lambda pair: pair[1])
    if len(authorities) == 1 and not schools:
        return redirect("deficits:authority", authorities[0][0])
    if len(schools) == 1 and not authorities:
        return redirect("deficits:school", schools[0].current_urn)
    context = {"authorities": authorities, "schools": schools}
    return render(request, "deficits/index.html", context)


@require_safe
@needs("deficit.view", of="authority")
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """Every school's balance, and how its deficit stands."""
    found, on = access_authority(request, number, "deficit.view"), permission.today()
    held = overview(found, on)
    late = [one for one in actions_open(number) if one.due_on < on]
    context = {
        "authority": found,
        "held": held,
        "view": overview_view(found, held, request.GET),
        "late_actions": late,
        "related": authority_links(request, found, but="deficits:authority"),
        "breadcrumbs": trail(request),
    }
    return render(request, "deficits/authority.html", context)


@require_safe
@needs("deficit.view", of="authority")
def authority_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_authority(request, number, "deficit.view")
    return export(overview_view(found, overview(found, permission.today()), request.GET), extension)


@require_safe
@needs("deficit.view", of="authority")
def at_risk(request: HttpRequest, number: str) -> HttpResponse:
    """Which schools fall into deficit in the years ahead, and in which case."""
    found, on = access_authority(request, number, "deficit.view"), permission.today()
    risk = risk_in(found, on)
    ratings = [one.rating for one in risk.schools]
    context = {
        "authority": found,
        "risk": risk,
        "view": risk_view(found, risk, request.GET),
        "certain": ratings.count("Red"),
        "possible": ratings.count("Amber"),
        "without_forecast": sum(not one.forecast for one in risk.schools),
        "left_out": listed(risk.left_out),
        "assumed": [_value_row(one) for one in risk.assumed.entries()],
        "related": authority_links(request, found, but="deficits:at_risk"),
        "breadcrumbs": trail(request),
    }
    return render(request, "deficits/at_risk.html", context)


@require_safe
@needs("deficit.view", of="authority")
def at_risk_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    found = access_authority(request, number, "deficit.view")
    return export(risk_view(found, risk_in(found, permission.today()), request.GET), extension)


@require_safe
@needs("deficit.view", of="authority")
def rules(request: HttpRequest, number: str) -> HttpResponse:
    """The rules of deficits and the assumptions of the years ahead, each with its source."""
    found, on = access_authority(request, number, "deficit.view"), permission.today()
    context = {
        "authority": found,
        "subjects": [
            (subject, title, [_value_row(one) for one in values_for(number, subject, on).entries()])
            for subject, title in SUBJECTS.items()
        ],
        "settled": OwnValue.objects.filter(authority=number).select_related("by").order_by("-at"),
        "may_keep": permission.decide(request, "deficit.keep", authority_record(found)),
        "related": authority_links(request, found, but="deficits:rules"),
        "breadcrumbs": trail(request),
    }
    return render(request, "deficits/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="authority")
def settle(request: HttpRequest, number: str, subject: str) -> HttpResponse:
    """Settle one of the numbers for the authority itself."""
    found = access_authority(request, number, "deficit.keep")
    if subject not in SUBJECTS:
        raise Http404("There are no such values.")
    today = permission.today()
    held = values_for(number, subject, today)
    choices = [(one.name, f"{_name(one)} (now {_shown(one)})") for one in held.entries() if _is_number(one)]
    form = OwnValueForm(
        choices, request.POST if request.method == "POST" else None, initial={"first_day": today}
    )

    def save(_: object, __: int) -> None:
        settle_value(actor=person_of(request), authority=found, subject=subject, **form.cleaned_data)

    return form_page(
        request,
        form,
        save,
        title=f"{SUBJECTS[subject]}: settle a number",
        caption=found.name,
        button="Settle it",
        back=reverse("deficits:rules", args=[number]),
        done="The number is settled.",
        breadcrumbs=[*trail(request), ("Rules and assumptions", reverse("deficits:rules", args=[number]))],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="authority")
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Take in a table of balances or of pupil forecasts: in whole, or not at all with every fault named."""
    found = access_authority(request, number, "deficit.keep")
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            rows = rows_of_upload(given["file"], "urn")
            actor, name = person_of(request), str(given["file"].name)
            if given["kind"] == BALANCES:
                count = enter_balances(actor=actor, authority=found, rows=read_balances(*rows), source=name)
            else:
                count = enter_forecasts(actor=actor, authority=found, rows=read_forecasts(*rows), source=name)
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
        else:
            messages.success(request, f"{counted(count, 'row')} taken in.")
            return redirect("deficits:authority" if given["kind"] == BALANCES else "deficits:at_risk", number)
    context = {
        "authority": found,
        "form": form,
        "refused": bool(form.non_field_errors()),
        "columns": [("Balances", BALANCE_COLUMNS.items()), ("Pupil forecasts", FORECAST_COLUMNS.items())],
        "breadcrumbs": [*trail(request), (found.name, reverse("deficits:authority", args=[number]))],
    }
    return render(request, "deficits/upload.html", context)


def _value_row(one: DatedValue) -> dict[str, object]:
    return {
        "name": _name(one),
        "value": _shown(one),
        "source": one.source,
        "note": one.note,
        "unconfirmed": one.status is Status.UNCONFIRMED,
        "own": one.file == "own",
    }


def _name(one: DatedValue) -> str:
    return one.name.replace("-", " ").capitalize()


def _shown(one: DatedValue) -> str:
    if isinstance(one.value, bool):
        return "Yes" if one.value else "No"
    return f"{one.value:,} {one.unit}" if _is_number(one) else str(one.value)


def _is_number(one: DatedValue) -> bool:
    return not isinstance(one.value, bool | str | tuple)
