"""The years ahead as a finance officer reads them: one school by hand, and what is said beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from redway.funding.balance_rows import ForecastRow
from redway.web.funding.deficits.services.balances import enter_forecasts
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.funding.blocks.some_blocks import balances
from web.funding.formula.a_formula import AUTHORITY, CANAL, SCHOOL, YEAR, formula
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def a_balance(closing: int = 50_000) -> None:
    formula()
    balances(closing)


def ahead(person: Person, name: str, query: str = "") -> list[dict[str, Any]]:
    address = reverse("blocks:table", args=[AUTHORITY, YEAR, "ahead", name, "json"]) + query
    found: list[dict[str, Any]] = visitor(person).get(address).json()["rows"]
    return found


def page(person: Person, query: str = "") -> str:
    return text_of(visitor(person).get(reverse("blocks:ahead", args=[AUTHORITY, YEAR]) + query))


def last_of(person: Person, query: str = "") -> dict[str, dict[str, Any]]:
    columns = [
        *("name", "when", "closing", "first_central", "last_low", "last_central", "last_high"),
        *("pupils_then", "forecast"),
    ]
    chosen = "&".join(f"schools-column={column}" for column in columns)
    return {row["name"]: row for row in ahead(person, "schools", f"?{chosen}{query}")}


def test_a_schools_balance_by_hand(fiona: Person) -> None:
    """Rates rise by 2%; 80% of spending is pay, up 3.25%, the rest prices, up 2.5%.

    2026-27: 210 x 5,054.10 + 8,000 = 1,069,361; spending 1,048,550 + 27,262.30 + 5,242.75 = 1,081,055.05.
    """
    a_balance()
    years = ahead(fiona, "years")
    canal = 50_000 + 1_069_361 - 1_081_055.05
    assert [row["year"] for row in years] == ["2025-26, known", "2026-27", "2027-28", "2028-29"]
    assert years[0]["balance_central"] == 40_000
    only_canal = years[1]["balance_central"] - _grand_union(fiona)
    assert only_canal == pytest.approx(canal)
    assert last_of(fiona)["Grand Union School"]["when"] == "In deficit now"


def _grand_union(fiona: Person) -> float:
    """Balance of the other school after one year, by the same rules: its formula's change less its costs."""
    from redway.web.funding.blocks.records import formula_of
    from redway.web.funding.blocks.years_ahead import years_ahead
    from redway.web.people import permission

    held = formula_of(AUTHORITY, YEAR)
    assert held is not None
    row = held.budgets.schools.row_of(SCHOOL)
    more = years_ahead(AUTHORITY, held, permission.today()).budgets[0][row] - held.budgets.total[row]
    pay, prices = 5_600_000 * 0.0325, 1_400_000 * 0.025
    return float(-10_000 + int(more) / 100 - pay - prices)


def test_the_cases_part_and_say_when(fiona: Person) -> None:
    a_balance()
    canal = last_of(fiona)["Canal School"]
    assert canal["last_low"] > canal["last_central"] > canal["last_high"]
    assert canal["when"] in ("In the central and the high case", "In the high case only", "In every case")
    shown = page(fiona)
    assert "13 assumptions below nobody has confirmed" in shown
    assert "A balance for 2025-26 is held of 2 schools" in shown
    assert "3 schools have no pupil forecast for every year: their rolls are taken to stay" in shown


def test_a_forecast_moves_the_pupils_of_the_formula_in_proportion(fiona: Person) -> None:
    """230 on roll with the nursery, 210 in the formula: a roll of 115 is 105 pupils."""
    a_balance()
    rows = [ForecastRow(CANAL, year, 115) for year in ("2026-27", "2027-28", "2028-29")]
    enter_forecasts(actor=None, authority=Authority.objects.get(number=AUTHORITY), rows=rows, source="f.csv")
    canal = last_of(fiona)["Canal School"]
    assert canal["pupils_then"] == 105
    assert canal["forecast"] == "Held"


def test_an_assumption_stands_in_for_a_forecast(fiona: Person) -> None:
    a_balance()
    assert last_of(fiona, "&primary=-10")["Canal School"]["pupils_then"] == 153
    shown = page(fiona, "?primary=-10&secondary=")
    assert "primary schools&#x27; rolls move by -10% a year" in shown or "rolls move by -10% a year" in shown
    assert "must be between -20 and 20" in page(fiona, "?primary=-60")
    assert "must be a number, such as -1.5" in page(fiona, "?primary=many")


def test_the_chart_is_drawn_and_nothing_is_said_of_balances_that_are_not_held(fiona: Person) -> None:
    formula()
    address = reverse("blocks:chart", args=[AUTHORITY, YEAR, "svg"])
    assert visitor(fiona).get(address).status_code == 404
    assert "No school&#x27;s balance is held for 2025-26" in page(fiona)
    assert [row["balance_central"] for row in ahead(fiona, "years")] == [None] * 4


def test_the_picture(fiona: Person) -> None:
    a_balance()
    answer = visitor(fiona).get(reverse("blocks:chart", args=[AUTHORITY, YEAR, "svg"]))
    assert answer.status_code == 200
    assert b"High pressure" in answer.content
