"""The tables of services: each is shown on a page and can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.http import QueryDict
from django.urls import reverse

from redway.core.money import Money
from redway.core.words import day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.services import Phase, income_against_cost, price_change, service_rules
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.deficits.models import SchoolBalance
from redway.web.funding.services.catalogue import Priced, PricedOrder, as_service, book_of, lines_in_force
from redway.web.funding.services.models import Order, OrderLine, ServiceOfYear
from redway.web.register.models import Authority, School


def catalogue_view(
    authority: Authority, year: str, held: Sequence[ServiceOfYear], query: QueryDict, *, manage: bool
) -> TableView:
    """The catalogue of a year. What services cost the authority is for those who keep it."""
    rows: list[Row] = []
    for stored in held:
        service = as_service(stored)
        row = {
            "code": service.code,
            "service": service.name,
            "basis": service.basis.label,
            "package": "Yes" if service.standard else "No",
            "catering": "Yes" if service.catering else "No",
            **{phase.value: service.prices.get(phase) for phase in Phase},
            "delegated_school": service.delegated_per_school,
            "delegated_pupil": service.delegated_per_pupil,
        }
        rows.append(row | {"cost": service.cost} if manage else row)
    columns = [
        Column("service", "Service"),
        Column("code", "Code"),
        Column("basis", "Priced by"),
        Column("package", "In the whole package"),
        *(Column(phase.value, phase.value.capitalize(), Kind.MONEY) for phase in Phase),
        Column("catering", "Catering"),
        Column("delegated_school", "Delegated a school", Kind.MONEY),
        Column("delegated_pupil", "Delegated a pupil", Kind.MONEY),
    ]
    if manage:
        columns.append(Column("cost", "Cost in the year", Kind.MONEY))

    def link(row: Row) -> str:
        return reverse("services:service", args=[authority.number, year, row["code"]])

    return TableView(
        Table(f"Services to schools of {authority.name}, {year}", columns, rows),
        TableState.read(query),
        _base("services:catalogue_table", authority.number, year),
        links={"service": link} if manage else {},
        nothing="Not offered",
        first_shown=("service", "basis", "package", *(phase.value for phase in Phase)),
    )


def order_view(
    school: School, year: str, found: PricedOrder, query: QueryDict, terms: dict[str, str]
) -> TableView:
    """What a school orders, line by line."""
    rows: list[Row] = [
        {
            "service": line.service.name,
            "days": str(line.days) if line.service.basis.value == "day" else "",
            "listed": line.listed,
            "discount": line.discount,
            "amount": line.amount,
            "ends": terms.get(line.service.code, ""),
        }
        for line in found.lines
    ]
    columns = [
        Column("service", "Service"),
        Column("days", "Days"),
        Column("listed", "List price", Kind.MONEY),
        Column("discount", "Discount", Kind.MONEY),
        Column("amount", "To pay", Kind.MONEY),
    ]
    if terms:
        columns.append(Column("ends", "Term ends"))
    return TableView(
        Table(f"Services ordered by {school.shown_name}, {year}", columns, rows),
        TableState.read(query),
        _base("services:school_table", school.current_urn, year),
        totals=("listed", "discount", "amount"),
    )


def stored_order(order: Order, lines: Sequence[OrderLine], on: date) -> tuple[PricedOrder, dict[str, str]]:
    """A stored order as it was priced, and the ends of its terms in words."""
    found = PricedOrder(
        tuple(
            Priced(
                as_service(line.service),
                Decimal(line.days_hundredths) / 100,
                Money(line.listed_pence),
                Money(line.discount_pence),
                Money(line.amount_pence),
            )
            for line in lines
        ),
        order.whole_package,
        order.equivalent_hundredths < service_rules(on).whole("small-school-below") * 100,
    )
    return found, {line.service.code: day_in_words(line.ends_on) for line in lines}


def orders_view(
    authority: Authority, year: str, orders: Sequence[Order], schools: dict[str, School], query: QueryDict
) -> TableView:
    """Which school takes how much."""
    counts: dict[object, int] = {}
    for line in lines_in_force(orders):
        counts[line.order_id] = counts.get(line.order_id, 0) + 1
    rows: list[Row] = [
        {
            "urn": schools[one.school].current_urn,
            "school": schools[one.school].shown_name,
            "phase": Phase(one.phase).value.capitalize(),
            "pupils": one.pupils,
            "services": counts.get(one.pk, 0),
            "package": "Yes" if one.whole_package else "No",
            "total": Money(one.total_pence),
        }
        for one in orders
        if one.school in schools
    ]
    columns = (
        Column("school", "School"),
        Column("phase", "Phase"),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("services", "Services", Kind.NUMBER),
        Column("package", "Whole package"),
        Column("total", "To pay", Kind.MONEY),
        Column("urn", "URN"),
    )

    def link(row: Row) -> str:
        return reverse("services:school", args=[row["urn"], year])

    return TableView(
        Table(f"Orders of services in {authority.name}, {year}", columns, rows),
        TableState.read(query),
        _base("services:orders_table", authority.number, year),
        links={"school": link},
        first_shown=("school", "phase", "pupils", "services", "package", "total"),
        totals=("total",),
    )


def income_view(
    authority: Authority, year: str, held: Sequence[ServiceOfYear], orders: Sequence[Order], query: QueryDict
) -> tuple[TableView, str, bool]:
    """Income of each service beside its cost; whether all covers all in words; and whether it falls short."""
    lines = lines_in_force(orders)
    income = {one.code: 0 for one in held}
    for line in lines:
        income[line.service.code] = income.get(line.service.code, 0) + line.amount_pence
    catalogue = [as_service(one) for one in held]
    found, everything = income_against_cost(
        np.array([income[service.code] for service in catalogue], dtype=np.int64), catalogue
    )
    rows: list[Row] = [
        {
            "service": one.name,
            "income": one.income,
            "cost": one.cost,
            "shortfall": one.shortfall,
            "rating": "Not known" if one.shortfall is None else "Amber" if one.shortfall.pence else "Green",
            "words": one.words,
        }
        for one in found
    ]
    columns = (
        Column("service", "Service"),
        Column("income", "Income ordered", Kind.MONEY),
        Column("cost", "Cost", Kind.MONEY),
        Column("shortfall", "Shortfall", Kind.MONEY),
        Column("rating", "Rating"),
        Column("words", "In words"),
    )
    view = TableView(
        Table(f"Income against cost of services in {authority.name}, {year}", columns, rows),
        TableState.read(query),
        _base("services:income_table", authority.number, year),
        totals=("income", "cost", "shortfall"),
        ratings=("rating",),
        nothing="Not known",
    )
    short = everything.shortfall is not None and everything.shortfall.pence > 0
    return view, f"All services together: {everything.words[0].lower()}{everything.words[1:]}.", short


def change_view(
    authority: Authority,
    year: str,
    orders: Sequence[Order],
    schools: dict[str, School],
    before: Sequence[ServiceOfYear],
    after: Sequence[ServiceOfYear],
    query: QueryDict,
    kept: Sequence[tuple[str, str]],
    on: date,
) -> TableView:
    """What each school would pay for the same order, and what that is of its income."""
    now, then = [as_service(one) for one in before], [as_service(one) for one in after]
    paid, would = price_change(book_of(orders, now), now, then, service_rules(on))
    income = _incomes(orders)
    rows: list[Row] = []
    for at, one in enumerate(orders):
        school = schools.get(one.school)
        if school is None:
            continue
        difference = int(would[at] - paid[at])
        total = income.get(one.school)
        rows.append(
            {
                "urn": school.current_urn,
                "school": school.shown_name,
                "phase": Phase(one.phase).value.capitalize(),
                "pupils": one.pupils,
                "before": Money(int(paid[at])),
                "after": Money(int(would[at])),
                "change": Money(difference),
                "pupil": Money(difference).divided_by(one.pupils) if one.pupils else None,
                "share": difference * 100 / total if total else None,
            }
        )
    columns = (
        Column("school", "School"),
        Column("phase", "Phase"),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("before", "Pays now", Kind.MONEY),
        Column("after", "Would pay", Kind.MONEY),
        Column("change", "Change", Kind.MONEY),
        Column("pupil", "Change a pupil", Kind.MONEY),
        Column("share", "Change, of its income", Kind.PERCENT, 3),
        Column("urn", "URN"),
    )
    return TableView(
        Table(f"Effect of a price change in {authority.name}, {year}", columns, rows),
        TableState.read(query),
        _base("services:change_table", authority.number, year),
        kept=kept,
        first_shown=("school", "phase", "pupils", "before", "after", "change", "share"),
        totals=("before", "after", "change"),
    )


def _incomes(orders: Sequence[Order]) -> dict[str, int]:
    """Income of each school in the newest year of balances that is held."""
    held = SchoolBalance.objects.filter(school__in=[one.school for one in orders]).order_by("year")
    return {one.school: one.income_pence for one in held if one.income_pence > 0}


def terms_view(
    authority: Authority, lines: Sequence[OrderLine], schools: dict[str, School], on: date, query: QueryDict
) -> TableView:
    """Which terms end when; those to be renewed soon are marked."""
    soon = on + timedelta(days=service_rules(on).whole("renewal-chased-before"))
    rows: list[Row] = [
        {
            "urn": schools[one.order.school].current_urn,
            "school": schools[one.order.school].shown_name,
            "service": one.service.name,
            "years": one.years,
            "first": "First" if one.first_term else "Later",
            "ends": one.ends_on,
            "rating": "Red" if one.ends_on < on else "Amber" if one.ends_on <= soon else "Green",
        }
        for one in lines
        if one.order.school in schools
    ]
    columns = (
        Column("school", "School"),
        Column("service", "Service"),
        Column("rating", "Renewal"),
        Column("ends", "Term ends", Kind.DATE),
        Column("years", "Years", Kind.NUMBER),
        Column("first", "Term"),
        Column("urn", "URN"),
    )
    return TableView(
        Table(f"Terms of services in {authority.name}", columns, rows),
        TableState.read(query),
        reverse("services:terms_table", args=[authority.number, "csv"]).removesuffix(".csv"),
        ratings=("rating",),
        first_shown=("school", "service", "rating", "ends", "years", "first"),
    )


def _base(name: str, key: str, year: str) -> str:
    """Address of a table without its extension."""
    return reverse(name, args=[key, year, "csv"]).removesuffix(".csv")
