"""Deficits of schools: how deep, whether a budget may stand, who may license one, what is due.

A maintained school's budget must balance unless its authority licenses a deficit: Schemes for financing
schools, the Department for Education's statutory guidance (issue 16, March 2024). Numbers that each authority
settles for itself lie in ``values/deficits``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from redway.core.calendar import Calendar
from redway.core.errors import NotEnoughData
from redway.core.money import NOTHING, Money
from redway.core.words import MONTHS, day_in_words, percent
from redway.funding.local_values import InForce, values_in_force

SUBJECT = "deficits"


def deficit_rules(on: date, own: Mapping[str, Decimal] | None = None) -> InForce:
    """The rules of licensed deficits on a day, with an authority's own numbers over the national ones."""
    return values_in_force(SUBJECT, on, own)


class Answer(StrEnum):
    """What a check came to."""

    PASSED = "Passed"
    LOOK = "Look at this"
    BLOCKED = "Blocked"


@dataclass(frozen=True)
class Check:
    """One check with its reason in words."""

    name: str
    answer: Answer
    words: str

    @property
    def blocks(self) -> bool:
        return self.answer is Answer.BLOCKED


class Level(StrEnum):
    """Who decides on an application."""

    OFFICER = "finance officer"
    DIRECTOR = "director of children's services"


def share_of_income(balance: Money, income: Money) -> Decimal:
    """A balance as a percentage of a year's income; a deficit is below zero.

    Raises NotEnoughData where there is no income to take a share of.

    >>> share_of_income(Money.of(-90000), Money.of(1200000))
    Decimal('-7.5')
    """
    if income.pence <= 0:
        raise NotEnoughData("A share of income needs an income.", "Enter the school's income of the year.")
    return balance.pounds * 100 / income.pounds


def budget_checks(balance: Money, income: Money, *, licensed: bool) -> tuple[Check, ...]:
    """Whether a budget that closes with this balance may stand. Raises NotEnoughData without an income."""
    share = share_of_income(balance, income)
    if balance >= NOTHING:
        return (Check("Balance", Answer.PASSED, f"It closes with {balance}, {percent(share)} of income."),)
    words = f"It closes {-balance} in deficit, {percent(-share)} of income"
    if licensed:
        return (Check("Balance", Answer.PASSED, f"{words}, and the authority has licensed it."),)
    return (
        Check(
            "Balance",
            Answer.BLOCKED,
            f"{words}, and no deficit is licensed. Balance the budget, or apply for a licensed deficit.",
        ),
    )


def level_for(deepest: Money, rules: InForce) -> Level:
    """Who decides: an officer up to the amount of the rules, the director above it.

    ``deepest`` is the deepest balance of the plan; a deficit is below zero.
    """
    limit = Money.of(rules.number("officer-approves-up-to"))
    return Level.OFFICER if -deepest <= limit else Level.DIRECTOR


def share_after_first_charge(share: Money, closing: Money, rules: InForce) -> Money:
    """What is left of next year's share: an unlicensed deficit is taken first where the rules say so."""
    if closing >= NOTHING or not rules.is_so("first-charge"):
        return share
    return share + closing


# --- monthly returns ----------------------------------------------------------------------------------------


class ReturnState(StrEnum):
    """How a monthly return stands."""

    RETURNED = "Returned"
    LATE = "Late"
    DUE = "Due"


@dataclass(frozen=True)
class ReturnDue:
    """One month for which a return is asked; ``month`` is its first day, ``due`` the last day to send it."""

    month: date
    due: date
    state: ReturnState

    @property
    def label(self) -> str:
        return month_in_words(self.month)


def returns_due(
    first: date,
    today: date,
    returned: Collection[date],
    rules: InForce,
    calendar: Calendar,
    end: date | None = None,
) -> tuple[ReturnDue, ...]:
    """Every month from ``first`` that is over by ``today``, with how its return stands.

    ``end`` is the day on which the deficit was clear, or the licence ended: no month after it is asked for.
    ``returned`` holds the first days of the months that have come. Raises OutsideCalendar.
    """
    if not rules.is_so("monthly-returns"):
        return ()
    within = rules.whole("return-due-after")
    found = []
    month = first.replace(day=1)
    while next_month(month) <= today and (end is None or month <= end):
        due = calendar.add_working_days(next_month(month) - timedelta(days=1), within)
        late = ReturnState.LATE if due < today else ReturnState.DUE
        found.append(ReturnDue(month, due, ReturnState.RETURNED if month in returned else late))
        month = next_month(month)
    return tuple(found)


def next_month(month: date) -> date:
    """First day of the month after.

    >>> next_month(date(2026, 12, 5))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_in_words(month: date) -> str:
    """'October 2026'."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def planned_to_date(planned: Money, month: date) -> Money:
    """What of a financial year's sum is planned up to the end of a month, spread evenly over twelve."""
    months = (month.month - 4) % 12 + 1
    return planned.times(months).divided_by(12)


def return_rating(forecast: Money, planned: Money, income: Money, rules: InForce) -> str:
    """Green at or above the planned balance, Amber a little below, Red further below than the rules allow."""
    if forecast >= planned:
        return "Green"
    allowed = income.times(rules.number("return-tolerance")).divided_by(100)
    return "Amber" if planned - forecast <= allowed else "Red"


def returns_in_words(found: Sequence[ReturnDue]) -> str:
    """'August 2026 is late: it was due by 14 September 2026.'"""
    late = [one for one in found if one.state is ReturnState.LATE]
    if late:
        first = late[0]
        more = f" {len(late)} are late in all." if len(late) > 1 else ""
        return f"{first.label} is late: it was due by {day_in_words(first.due)}.{more}"
    due = [one for one in found if one.state is ReturnState.DUE]
    if due:
        return f"{due[0].label} is due by {day_in_words(due[0].due)}."
    return "Every return that was due has come." if found else "No return is due yet."
