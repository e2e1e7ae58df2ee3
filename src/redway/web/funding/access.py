"""The ways to what is kept of a formula: load and decide in one step; strangers get 404.

A formula lies in an authority. A school's statement lies in the school: its headteacher, its chair and the
finance officers of its authority may read it.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.core.errors import InvalidPeriod
from redway.core.periods import PeriodKind, parse_period
from redway.web.funding.models import Scenario
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.register.queries import authority_names
from redway.web.schools.access import access_school

KIND = "funding"


def funding_record(number: str) -> Record:
    """The formula of an authority as permission sees it."""
    return Record(KIND, number, authority=number)


def access_year(request: HttpRequest, number: str, year: str, action: str) -> Authority:
    """The authority whose formula of a year it is, for those who may take the action on it."""
    permission.require(request, action, funding_record(number))
    found = Authority.objects.filter(number=number).first()
    if found is None or not is_financial_year(year):
        raise Http404("There is no such authority or year.")
    return found


def access_scenario(request: HttpRequest, key: UUID, action: str) -> Scenario:
    """A scenario, for those who may take the action on the formula of its authority."""
    with_ground = Scenario.objects.select_related("frozen_table", "frozen_rates", "changed_by")
    found = with_ground.defer("frozen_table__rows").filter(pk=key).first()
    if found is None:
        raise Http404("There is no such scenario.")
    permission.require(request, action, funding_record(found.authority))
    return found


def access_statement(request: HttpRequest, urn: str) -> School:
    """The school whose statement is read, for those who may."""
    return access_school(request, urn, "funding.statement")


def authorities_open_to(asker: Asker) -> dict[str, str]:
    """Number -> name of the authorities whose formula they may see, by name."""
    numbers = permission.visible(asker, "funding.view").authorities
    named = authority_names(numbers)
    return dict(sorted(((number, named.get(number, number)) for number in numbers), key=lambda one: one[1]))


def schools_open_to(asker: Asker) -> list[School]:
    """The schools whose statements they read as their own, by name."""
    keys = permission.visible(asker, "funding.statement").schools
    return list(School.objects.filter(key__in=keys, gone_to="").order_by("sort_name"))


def may_edit(asker: Asker, number: str) -> bool:
    """Whether somebody may change the formula of an authority."""
    return bool(permission.decide(asker, "funding.edit", funding_record(number)))


def is_financial_year(text: str) -> bool:
    """Whether a part of an address is a financial year as Redway writes it: '2025-26'."""
    try:
        return parse_period(text, PeriodKind.FINANCIAL).label == text
    except InvalidPeriod:
        return False
