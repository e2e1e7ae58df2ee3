"""One school: its balances by year, its licence, the years ahead and the meetings held with it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import NotEnoughData
from redway.core.money import NOTHING, Money
from redway.core.words import percent
from redway.funding.deficits import budget_checks, share_after_first_charge
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.funding.deficits.access import answers_to_authority, may
from redway.web.funding.deficits.forms import BalanceForm
from redway.web.funding.deficits.models import OPEN_STAGES, Licence, Meeting, SchoolBalance, Stage
from redway.web.funding.deficits.pages import trail
from redway.web.funding.deficits.queries import licences_of, newest_balance, standing_of
from redway.web.funding.deficits.risk import risk_in
from redway.web.funding.deficits.services.balances import enter_balance
from redway.web.funding.deficits.tables import ahead_view, balances_view
from redway.web.funding.deficits.values_of import rules_for
from redway.web.funding.money_fields import is_year
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.schools.access import access_school


@require_safe
@needs("deficit.view", of="school")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """How the school stands, and what is to be done about it."""
    found, on = access_school(request, urn, "deficit.view"), permission.today()
    own = may(request, "deficit.apply", found)
    licences = [one for one in _licences(found) if one.stage != Stage.DRAFT or own]
    newest = licences_of(school=found.key).get(found.key)
    if newest is not None and newest not in licences:
        newest = None
    standing = standing_of(found, newest_balance(found), newest, on)
    risk = risk_in(Authority(number=found.authority, name=found.authority_name), on, found.key)
    ahead = risk.schools[0] if risk.schools else None
    open_one = next((one for one in licences if one.stage in OPEN_STAGES), None)
    context = {
        "school": found,
        "standing": standing,
        "checks": _checks(standing.balance, licensed=bool(open_one and open_one.stage == Stage.GRANTED)),
        "first_charge": _first_charge(found, standing.balance),
        "balances": balances_view(
            found, _balances(found), request.GET, edit=may(request, "deficit.keep", found)
        ),
        "licences": [(one, Stage(one.stage).label) for one in licences],
        "open_licence": open_one,
        "ahead": ahead,
        "ahead_view": ahead_view(ahead) if ahead else None,
        "meetings": Meeting.objects.filter(school=found.key),
        "may_apply": open_one is None and own and answers_to_authority(found),
        "may_keep": may(request, "deficit.keep", found),
        "breadcrumbs": trail(request, found)[:-1],
    }
    return render(request, "deficits/school.html", context)


@require_safe
@needs("deficit.view", of="school")
def school_table(request: HttpRequest, urn: str, extension: str) -> HttpResponseBase:
    """The balances of the school as a file."""
    found = access_school(request, urn, "deficit.view")
    return export(balances_view(found, _balances(found), request.GET, edit=False), extension)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="school")
def balance(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """Type or correct one year of the school."""
    found = access_school(request, urn, "deficit.keep")
    if not is_year(year):
        raise Http404("There is no such year.")
    held = SchoolBalance.objects.filter(school=found.key, year=year).first()
    revision = held.revision if held else 0
    posted = request.POST if request.method == "POST" else None
    form = BalanceForm(posted, initial=BalanceForm.initial_of(held))

    def save(_: object, before: int) -> None:
        row = form.row(found.current_urn, year)
        enter_balance(actor=person_of(request), school=found, revision=before, row=row)

    return form_page(
        request,
        form,
        save,
        title=f"Balance of {year}",
        caption=found.shown_name,
        button="Keep it",
        back=reverse("deficits:school", args=[found.current_urn]),
        done=f"The balance of {year} is kept.",
        breadcrumbs=trail(request, found),
        revision=revision,
    )


def _licences(found: School) -> list[Licence]:
    return list(Licence.objects.filter(school=found.key).order_by("-begun_at"))


def _balances(found: School) -> list[SchoolBalance]:
    return list(SchoolBalance.objects.filter(school=found.key).order_by("-year"))


def _checks(held: SchoolBalance | None, *, licensed: bool) -> list[tuple[str, str, str]]:
    if held is None:
        return []
    try:
        found = budget_checks(Money(held.closing_pence), Money(held.income_pence), licensed=licensed)
    except NotEnoughData as error:
        return [("Balance", "Look at this", f"{error.message} {error.next_step}")]
    return [(check.name, check.answer.value, check.words) for check in found]


def _first_charge(found: School, held: SchoolBalance | None) -> str:
    """What an unlicensed deficit takes from the next year's share, taken as this year's income."""
    if held is None or held.closing_pence >= 0:
        return ""
    income, closing = Money(held.income_pence), Money(held.closing_pence)
    left = share_after_first_charge(income, closing, rules_for(found.authority, permission.today()))
    if left == income:
        return ""
    lost = percent((income - left).pounds * 100 / income.pounds) if income > NOTHING else ""
    return (
        f"A deficit is a first charge on the next year's share: of {income}, {left} would be left "
        f"({lost} less) unless a licence spreads it."
    )
