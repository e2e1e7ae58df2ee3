"""Recovery plans: a school's way back to a balanced budget, year by year, and whether it can be licensed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from redway.core.money import NOTHING, Money
from redway.core.periods import PeriodKind, parse_period
from redway.core.words import counted
from redway.funding.deficits import Answer, Check, Level, level_for
from redway.funding.errors import RulesRefused
from redway.funding.local_values import InForce


@dataclass(frozen=True)
class PlanYear:
    """One financial year of a plan, such as '2026-27'. ``savings`` says what is done in it."""

    year: str
    income: Money
    spending: Money
    savings: str = ""

    @property
    def in_year(self) -> Money:
        """What the year adds to the balance."""
        return self.income - self.spending


@dataclass(frozen=True)
class RecoveryPlan:
    """A plan from the balance brought forward (below zero: a deficit) to the year it is clear.

    Raises RulesRefused when it has no year, or years that do not follow one another.
    """

    brought_forward: Money
    years: tuple[PlanYear, ...]
    exceptional_because: str = ""
    """Why the case is exceptional; empty when the school does not say that it is."""

    def __post_init__(self) -> None:
        if not self.years:
            raise RulesRefused("A recovery plan needs at least one year.", "Enter the first year.")
        for earlier, later in pairwise(self.years):
            if later.year != year_after(earlier.year):
                raise RulesRefused(
                    f"{later.year} does not follow {earlier.year}.", "Enter every year of the plan in order."
                )

    @property
    def balances(self) -> tuple[Money, ...]:
        """The balance at the end of each year."""
        return tuple(accumulate((year.in_year for year in self.years), initial=self.brought_forward))[1:]

    @property
    def deepest(self) -> Money:
        """The lowest balance, the one brought forward included."""
        return min(self.brought_forward, *self.balances)

    @property
    def clear_in(self) -> int | None:
        """Number of the year from whose end on the plan stays out of deficit, from 1; None for never."""
        below = [at for at, balance in enumerate(self.balances, 1) if balance < NOTHING]
        last = max(below, default=0)
        return last + 1 if last < len(self.years) else None


def plan_checks(plan: RecoveryPlan, rules: InForce) -> tuple[Check, ...]:
    """Whether the plan can be licensed, each check with its reason."""
    return (
        _clears(plan, rules),
        _has_income(plan),
        _says_how(plan),
        _does_not_deepen(plan),
        _level(plan, rules),
    )


def may_be_granted(checks: Sequence[Check]) -> bool:
    """Whether no check stands in the way of a licence."""
    return not any(check.blocks for check in checks)


def year_after(year: str) -> str:
    """The financial year after one.

    >>> year_after("2026-27")
    '2027-28'
    """
    period = parse_period(year, PeriodKind.FINANCIAL)
    return parse_period(str(period.end.year + 1), PeriodKind.FINANCIAL).label


def _clears(plan: RecoveryPlan, rules: InForce) -> Check:
    usual, most = rules.whole("recovery-years"), rules.whole("recovery-years-exceptional")
    at, name = plan.clear_in, "Time to recover"
    if at is None:
        return Check(
            name, Answer.BLOCKED, f"The plan never balances: it ends {-plan.balances[-1]} in deficit."
        )
    words = f"The deficit is clear at the end of year {at}, {plan.years[at - 1].year}"
    if at <= usual:
        return Check(name, Answer.PASSED, f"{words}: within {counted(usual, 'year')}.")
    if at > most:
        return Check(
            name,
            Answer.BLOCKED,
            f"{words}. Even an exceptional case must be clear within {counted(most, 'year')}.",
        )
    if not plan.exceptional_because.strip():
        return Check(
            name,
            Answer.BLOCKED,
            f"{words}: later than {counted(usual, 'year')}. Say that the case is exceptional, and why.",
        )
    return Check(name, Answer.LOOK, f"{words}: later than {counted(usual, 'year')}, as an exceptional case.")


def _has_income(plan: RecoveryPlan) -> Check:
    without = [year.year for year in plan.years if year.income <= NOTHING or year.spending < NOTHING]
    if without:
        words = f"{without[0]} has no income, or spending below nothing."
        return Check("Income and spending", Answer.BLOCKED, words)
    return Check("Income and spending", Answer.PASSED, "Every year has its income and spending.")


def _says_how(plan: RecoveryPlan) -> Check:
    upto = plan.clear_in or len(plan.years)
    without = [year.year for year in plan.years[:upto] if not year.savings.strip()]
    if without:
        words = f"For {without[0]} the plan does not say what will be done to get back to balance."
        return Check("What will be done", Answer.LOOK, words)
    return Check("What will be done", Answer.PASSED, "Every year says what will be done.")


def _does_not_deepen(plan: RecoveryPlan) -> Check:
    name = "Getting better each year"
    for year, (earlier, later) in zip(
        plan.years, pairwise((plan.brought_forward, *plan.balances)), strict=True
    ):
        if later < earlier and later < NOTHING:
            words = f"The deficit grows in {year.year}, from {-min(earlier, NOTHING)} to {-later}."
            return Check(name, Answer.LOOK, words)
    return Check(name, Answer.PASSED, "The deficit does not grow in any year.")


def _level(plan: RecoveryPlan, rules: InForce) -> Check:
    level = level_for(plan.deepest, rules)
    limit = Money.of(rules.number("officer-approves-up-to"))
    side = "not above" if level is Level.OFFICER else "above"
    words = f"The deepest deficit is {-plan.deepest}, {side} {limit}: the {level.value} decides."
    return Check("Who decides", Answer.PASSED, words)
