"""Stored licences as the rules see them: the plan, its checks, the returns that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from redway.core.calendar import load_calendar
from redway.core.errors import RedwayError
from redway.core.money import Money
from redway.funding import recovery
from redway.funding.deficits import Answer, Check, ReturnDue, planned_to_date, return_rating, returns_due
from redway.funding.local_values import InForce
from redway.web.funding.deficits.models import Licence, MonthlyReturn, Stage
from redway.web.funding.deficits.values_of import rules_for
from redway.web.funding.money_fields import year_of


def plan_of(licence: Licence, number: int | None = None) -> recovery.RecoveryPlan | None:
    """A version of the recovery plan, the one in force unless told; None while there is none."""
    wanted = licence.plan_number if number is None else number
    years = tuple(
        recovery.PlanYear(one.year, Money(one.income_pence), Money(one.spending_pence), one.savings)
        for one in licence.plan_years.all()
        if one.number == wanted
    )
    if not years:
        return None
    return recovery.RecoveryPlan(Money(licence.brought_forward_pence), years, licence.exceptional_because)


def written_plan(licence: Licence) -> recovery.RecoveryPlan | None:
    """The plan as it is being written, or the one in force where nothing newer is written."""
    return plan_of(licence, licence.plan_number + 1) or plan_of(licence)


def checks_of(licence: Licence, plan: recovery.RecoveryPlan | None, rules: InForce) -> list[Check]:
    """Every check of an application, with its reason."""
    if plan is None:
        return [Check("Recovery plan", Answer.BLOCKED, "There is no recovery plan yet.")]
    found = list(recovery.plan_checks(plan, rules))
    if not licence.causes.strip():
        found.append(Check("Causes", Answer.BLOCKED, "It is not said how the deficit arose."))
    return found


@dataclass(frozen=True)
class ReturnLine:
    """One month: what was due, and what came of it beside the plan."""

    due: ReturnDue
    sent: MonthlyReturn | None
    planned_income: Money | None
    planned_spending: Money | None
    planned_balance: Money | None
    rating: str = ""


def return_lines(licence: Licence, today: date) -> list[ReturnLine]:
    """Every month that is over since the first of the licence, earliest first. Uses what is prefetched."""
    if licence.first_month is None or licence.stage not in (Stage.GRANTED, Stage.CLEARED):
        return []
    rules = rules_for(licence.authority, today)
    sent = {one.month: one for one in licence.returns.all()}
    calendar = load_calendar()
    due = returns_due(licence.first_month, today, sent.keys(), rules, calendar, licence.cleared_on)
    plan = plan_of(licence)
    return [_line(one, sent.get(one.month), plan, rules) for one in due]


def _line(
    due: ReturnDue, sent: MonthlyReturn | None, plan: recovery.RecoveryPlan | None, rules: InForce
) -> ReturnLine:
    year = year_of(due.month)
    at = next((n for n, one in enumerate(plan.years) if one.year == year), None) if plan else None
    if plan is None or at is None:
        return ReturnLine(due, sent, None, None, None)
    planned, closing = plan.years[at], plan.balances[at]
    rating = (
        return_rating(Money(sent.forecast_pence), closing, planned.income, rules) if sent is not None else ""
    )
    return ReturnLine(
        due,
        sent,
        planned_to_date(planned.income, due.month),
        planned_to_date(planned.spending, due.month),
        closing,
        rating,
    )


class DeficitRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A step that cannot be taken as things stand."""
