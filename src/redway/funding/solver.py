"""Typed rates for a sum of money: how far a lever has to move so that the schools block is not overspent.

The answer is rates in whole pence or percentages of three decimals with the headroom that is left, never a
fraction that nobody can type. What a lever cannot reach is said, with how much it saves and what swallows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from redway.core.money import NOTHING, Money
from redway.core.words import counted, listed
from redway.funding.absorption import Absorber, Absorption, absorption
from redway.funding.calculation import Budgets, Calculation
from redway.funding.levers import Lever, LeverRefused, Limits, Setting, lever_named, travel
from redway.funding.rates import Rates
from redway.funding.rules import Rules
from redway.funding.schools_block import SchoolsBlock

Mix = Sequence[Lever] | Mapping[Lever, Decimal]
"""Levers one after another, each as far as it goes; or the share of the gap that each is to close."""


_GUESSES = 12


class Outcome(StrEnum):
    REACHED = "reached"
    CANNOT_REACH = "cannot reach it"
    """At its cheapest allowed setting the formula still costs more than there is."""
    MONEY_LEFT = "money left"
    """At its dearest allowed setting the formula costs less than there is."""


@dataclass(frozen=True)
class Change:
    """One thing to type: a rate in pounds, a percentage, or an amount set aside in pounds."""

    name: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Solution:
    """Where the levers stand in the end.

    ``headroom`` is what is left for schools; below nothing when it cannot be reached. ``step`` is what one
    more penny (or thousandth of a percent) would cost: the headroom is smaller. ``saving`` is how far the
    gap between cost and money became smaller: the largest saving when it cannot be reached.
    """

    outcome: Outcome
    setting: Setting
    budgets: Budgets
    changes: tuple[Change, ...]
    headroom: Money
    step: Money | None
    saving: Money
    absorbed: Absorption
    evaluations: int
    sentence: str

    @property
    def is_reached(self) -> bool:
        return self.outcome is not Outcome.CANNOT_REACH

    @property
    def rates(self) -> Rates:
        return self.setting.rates

    @property
    def rules(self) -> Rules:
        return self.setting.rules

    @property
    def block(self) -> SchoolsBlock:
        return self.setting.block


def solve(
    calculation: Calculation,
    rates: Rates,
    rules: Rules,
    lever: Lever | str | Mix,
    money: Money | SchoolsBlock,
    limits: Limits | None = None,
) -> Solution:
    """Move a lever, or a mix of them, so that all budgets come to no more than the money, and nearly to it.

    ``money`` is what schools may be paid, or the block with what is set aside. Raises LeverRefused when a
    lever cannot be moved as things stand.
    """
    block = money if isinstance(money, SchoolsBlock) else SchoolsBlock(money)
    search = _Search(calculation, Setting(rates, rules, block))
    for one, target in _plan(lever, search.gap):
        search.move(one, target, limits or Limits())
        if search.outcome is Outcome.REACHED and search.gap <= 0 and target == 0:
            break
    return search.solution()


def _plan(lever: Lever | str | Mix, gap: int) -> list[tuple[Lever, int]]:
    """Each lever with the gap (cost less money, in pence) it is to leave."""
    if isinstance(lever, str):
        return [(lever_named(lever), 0)]
    if not isinstance(lever, Mapping):
        if not lever:
            raise LeverRefused("A mix of no levers changes nothing.", "Name at least one lever.")
        return [(lever_named(one), 0) for one in lever]
    whole = sum(lever.values(), Decimal(0))
    if whole <= 0 or min(lever.values()) < 0:
        raise LeverRefused("The weights of a mix are above nothing.", "Give each lever its share of the gap.")
    plan, so_far = [], Decimal(0)
    for one, weight in lever.items():
        so_far += weight
        plan.append((lever_named(one), int(gap * (1 - so_far / whole))))
    # What a lever could not do, those before it do as far as they can.
    return plan + [(one, 0) for one, _ in plan[:-1]]


class _Search:
    """One run of the solver: where the levers stand, what it costs, and how often it was worked out."""

    def __init__(self, calculation: Calculation, start: Setting) -> None:
        self._calculation = calculation
        self._start = self._now = start
        self._first = self._budgets = calculation.budgets(start.rates, start.rules)
        self.evaluations = 1
        self.outcome = Outcome.REACHED
        self._step: Money | None = None
        self._moved: list[Lever] = []

    @property
    def gap(self) -> int:
        """What schools cost beyond the money there is, in pence."""
        return _gap(self._now, self._budgets)

    def move(self, lever: Lever, target: int, limits: Limits) -> None:
        """Put a lever at the dearest setting that leaves a gap of no more than ``target``."""
        way = travel(lever, self._now, limits, self._budgets.rates_used)
        self._moved.append(lever)
        now = self._at(way.at(way.now))
        low, high = (way.lowest, way.now) if _gap(*now) > target else (way.now, way.highest)
        cheapest = self._at(way.at(low)) if low != way.now else now
        dearest = self._at(way.at(high)) if high != way.now else now
        self._step = None
        if _gap(*cheapest) > target:
            self._settle(cheapest, Outcome.CANNOT_REACH)
            return
        if _gap(*dearest) <= target:
            self._settle(dearest, Outcome.MONEY_LEFT)
            return
        guess = _Guess(target - _gap(*cheapest), _gap(*dearest) - target)
        while high - low > 1:
            middle = guess.between(low, high)
            found = self._at(way.at(middle))
            beyond = _gap(*found) - target
            guess.learn(beyond)
            if beyond <= 0:
                low, cheapest = middle, found
            else:
                high, dearest = middle, found
        self._step = Money(_gap(*dearest) - _gap(*cheapest))
        self._settle(cheapest, Outcome.REACHED)

    def solution(self) -> Solution:
        saving = Money(_gap(self._start, self._first) - self.gap)
        absorbed = absorption(self._first, self._budgets)
        if self.gap > 0:
            self.outcome = Outcome.CANNOT_REACH
        return Solution(
            outcome=self.outcome,
            setting=self._now,
            budgets=self._budgets,
            changes=_changes(self._start, self._now),
            headroom=Money(-self.gap),
            step=self._step,
            saving=saving,
            absorbed=absorbed,
            evaluations=self.evaluations,
            sentence=_sentence(self.outcome, self._moved, Money(-self.gap), saving, absorbed),
        )

    def _settle(self, found: tuple[Setting, Budgets], outcome: Outcome) -> None:
        self._now, self._budgets = found
        self.outcome = outcome

    def _at(self, setting: Setting) -> tuple[Setting, Budgets]:
        held = self._budgets
        if setting.rates is held.rates and setting.rules == held.rules:
            return setting, held
        self.evaluations += 1
        return setting, self._calculation.changed(held, setting.rates, setting.rules)


class _Guess:
    """Where between two settings the money runs out: on the line between their costs (the Illinois method).

    After a dozen guesses it halves, which ends whatever the costs are.
    """

    def __init__(self, below: int, above: int) -> None:
        self._below, self._above = below, above
        self._last = 0
        self._left = _GUESSES

    def between(self, low: int, high: int) -> int:
        self._left -= 1
        if self._left < 0:
            return (low + high) // 2
        line = low + (high - low) * self._below // max(1, self._below + self._above)
        return min(max(line, low + 1), high - 1)

    def learn(self, beyond: int) -> None:
        """The cost at the guess less the money. An end that stays where it is counts half the next time."""
        side = 1 if beyond > 0 else -1
        if side > 0:
            self._above = beyond
            self._below = self._below // 2 if self._last == side else self._below
        else:
            self._below = -beyond
            self._above = self._above // 2 if self._last == side else self._above
        self._last = side


def _gap(setting: Setting, budgets: Budgets) -> int:
    return budgets.authority_total - setting.block.for_schools.pence


def _changes(start: Setting, end: Setting) -> tuple[Change, ...]:
    rates = [
        Change(name, start.rates.rate(name).pounds, end.rates.rate(name).pounds)
        for name in start.rates.differing(end.rates)
    ]
    pairs: list[tuple[str, Decimal | None, Decimal | None]] = [
        ("guarantee", start.rules.guarantee, end.rules.guarantee),
        ("cap", start.rules.cap, end.rules.cap),
        ("scale", start.rules.scale, end.rules.scale),
        ("growth_fund", start.block.growth_fund.pounds, end.block.growth_fund.pounds),
        ("transfer", start.block.transfer.pounds, end.block.transfer.pounds),
    ]
    return (*rates, *(Change(name, before, after) for name, before, after in pairs if before != after))


def _sentence(
    outcome: Outcome, moved: list[Lever], headroom: Money, saving: Money, absorbed: Absorption
) -> str:
    what = listed(dict.fromkeys(lever.label for lever in moved))
    if outcome is Outcome.REACHED:
        return f"Reached by moving {what}; {headroom} is left."
    if outcome is Outcome.MONEY_LEFT:
        return f"With {what} as far up as allowed, {headroom} is left."
    said = f"Cannot be reached by moving {what}: it saves {saving} at most, and {-headroom} is still lacking."
    return said + _swallowed(absorbed)


def _swallowed(absorbed: Absorption) -> str:
    if absorbed.of_lines >= NOTHING or absorbed.absorbed >= NOTHING:
        return ""
    held = [
        f"{counted(count, 'school')} by the {absorber.value}"
        for absorber in Absorber
        if (count := absorbed.count(absorber))
    ]
    where = f"; held where they were: {listed(held)}" if held else ""
    return f" Of {-absorbed.of_lines} taken from lines, {-absorbed.absorbed} is made up again{where}."
