"""Tables of schools' balances, and of pupil forecasts: a row for each school and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from redway.core.money import NOTHING, Money
from redway.datasets.checked_rows import Cells, TableRefused, heading_problems
from redway.datasets.text_rows import TextRow

BALANCE_COLUMNS: Mapping[str, str] = {
    "urn": "the school's unique reference number",
    "year": "the financial year, such as 2025-26",
    "income": "all income of the year",
    "spending": "all spending of the year",
    "closing balance": "the balance at the end of the year; a deficit is below zero, as -500 or (500)",
    "pupils": "pupils on roll in the October of the year",
}
FORECAST_COLUMNS: Mapping[str, str] = {
    "urn": "the school's unique reference number",
    "year": "the financial year that is forecast, such as 2027-28",
    "pupils": "pupils expected on roll in the October before the year",
}


@dataclass(frozen=True)
class BalanceRow:
    """One school's year."""

    urn: str
    year: str
    income: Money
    spending: Money
    closing: Money
    pupils: int


@dataclass(frozen=True)
class ForecastRow:
    """Pupils expected at one school for one year."""

    urn: str
    year: str
    pupils: int


def read_balances(headings: Sequence[str], rows: Sequence[TextRow]) -> list[BalanceRow]:
    """Every row of a table of balances. Raises TableRefused naming everything that is wrong."""
    problems = heading_problems(headings, BALANCE_COLUMNS, {})
    found: list[BalanceRow] = []
    for row in () if problems else rows:
        cells = Cells(row)
        urn, year = cells.urn("urn"), cells.year("year")
        income, spending = cells.money("income"), cells.money("spending")
        closing, pupils = cells.money("closing balance"), cells.whole("pupils")
        for column, amount in (("income", income), ("spending", spending)):
            if amount is not None and amount < NOTHING:
                cells.wrong(column, "is below nothing", str(amount))
        problems += cells.problems
        if income is None or spending is None or closing is None or pupils is None:
            continue
        if not cells.problems:
            found.append(BalanceRow(urn, year, income, spending, closing, pupils))
    return _once(found, rows, problems)


def read_forecasts(headings: Sequence[str], rows: Sequence[TextRow]) -> list[ForecastRow]:
    """Every row of a table of pupil forecasts. Raises TableRefused naming everything that is wrong."""
    problems = heading_problems(headings, FORECAST_COLUMNS, {})
    found: list[ForecastRow] = []
    for row in () if problems else rows:
        cells = Cells(row)
        urn, year, pupils = cells.urn("urn"), cells.year("year"), cells.whole("pupils")
        problems += cells.problems
        if pupils is not None and not cells.problems:
            found.append(ForecastRow(urn, year, pupils))
    return _once(found, rows, problems)


Found = TypeVar("Found", BalanceRow, ForecastRow)


def _once(found: list[Found], rows: Sequence[TextRow], problems: list[str]) -> list[Found]:
    seen: set[tuple[str, str]] = set()
    for one in found:
        if (one.urn, one.year) in seen:
            problems.append(f"School {one.urn} is there twice for {one.year}: leave one of the rows out.")
        seen.add((one.urn, one.year))
    if not rows and not problems:
        problems.append("There is no row below the headings.")
    if problems:
        raise TableRefused(problems)
    return found
