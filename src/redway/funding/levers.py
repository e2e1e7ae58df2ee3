"""Levers: what an authority moves to make a formula fit the money. Each is a row of settings, one a step.

A setting is counted in the unit a person types: a penny of a rate, a thousandth of a percentage. From one
setting to the next the cost goes up, save for a penny where a line is paid on a share of pupils.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from redway.core.money import NOTHING, Money
from redway.core.words import listed
from redway.funding.errors import FundingError
from redway.funding.factor_ranges import FactorRange, factor_ranges
from redway.funding.factors import BASIC_ENTITLEMENT, LUMP_SUM, PUPIL_LED, SPARSITY, SPLIT_SITES
from redway.funding.rates import HIGHEST_A_PUPIL, PUPIL_LED_RATES, Rates
from redway.funding.rounding import PERCENT_PARTS
from redway.funding.rules import Rules
from redway.funding.schools_block import SchoolsBlock
from redway.funding.transfers import limit_of
from redway.funding.years import first_day

_THOUSANDTHS = 1_000
_ALL = Decimal(100)
_HIGHEST_CAP = Decimal(100)
_HIGHEST_SCHOOL_RATE = Money.of(1_000_000)


class LeverRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """A lever that cannot be moved as things stand, or a name that is none."""


class Lever(StrEnum):
    BASIC_ENTITLEMENT = "basic-entitlement"
    """The three rates, in the ratio they have."""
    ALL_PUPIL_LED = "all-pupil-led"
    ALL_FACTORS = "all-factors"
    """Pupil-led rates, lump sum, sparsity and split sites, in the ratio they have."""
    GUARANTEE = "guarantee"
    CAP = "cap"
    SCALE = "scale"
    GROWTH_FUND = "growth-fund"
    BLOCK_TRANSFER = "block-transfer"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Lever.BASIC_ENTITLEMENT: "the basic entitlement",
    Lever.ALL_PUPIL_LED: "all pupil-led rates",
    Lever.ALL_FACTORS: "all factors",
    Lever.GUARANTEE: "the guarantee",
    Lever.CAP: "the cap",
    Lever.SCALE: "the scale",
    Lever.GROWTH_FUND: "the growth fund",
    Lever.BLOCK_TRANSFER: "the block transfer",
}

SET_ASIDE = (Lever.GROWTH_FUND, Lever.BLOCK_TRANSFER)
"""Levers that change what is left for schools; the others change what schools cost."""

_IN_PROPORTION = {
    Lever.BASIC_ENTITLEMENT: tuple(factor.name for factor in BASIC_ENTITLEMENT),
    Lever.ALL_PUPIL_LED: tuple(factor.name for factor in PUPIL_LED),
    Lever.ALL_FACTORS: tuple(
        name for factor in (*PUPIL_LED, LUMP_SUM, SPARSITY, SPLIT_SITES) for name in factor.rates
    ),
}


def lever_named(name: str) -> Lever:
    """The lever of that name. Raises LeverRefused naming those there are."""
    try:
        return Lever(name)
    except ValueError:
        raise LeverRefused(f"No lever is called '{name}'.", f"Use {listed(Lever, 'or')}.") from None


@dataclass(frozen=True)
class Limits:
    """How far each lever may go; None is as far as the year allows.

    ``rates``: allowed range of a rate by name; one that is not named may be anything. ``guarantee``: lowest
    and highest percentage. ``lowest_cap``: never below the guarantee in any case. ``growth_fund`` and
    ``transfer``: lowest and highest amount.
    """

    rates: Mapping[str, FactorRange] = field(default_factory=dict)
    guarantee: tuple[Decimal, Decimal] | None = None
    lowest_cap: Decimal | None = None
    growth_fund: tuple[Money, Money] | None = None
    transfer: tuple[Money, Money] | None = None


def lawful_limits(rates: Rates, last: Rates | None = None) -> Limits:
    """Every rate within its range of the year; ``last`` are last year's rates, where they are known."""
    return Limits(rates=factor_ranges(rates, last))


@dataclass(frozen=True)
class Setting:
    """Where all levers stand: what a scenario is made of."""

    rates: Rates
    rules: Rules
    block: SchoolsBlock


@dataclass(frozen=True)
class Travel:
    """The settings of one lever: whole numbers from ``lowest`` to ``highest``, cheaper first."""

    lowest: int
    highest: int
    now: int
    """The setting nearest to where the lever stands."""
    at: Callable[[int], Setting]


def travel(lever: Lever, start: Setting, limits: Limits, used: Iterable[str]) -> Travel:
    """How a lever can move from ``start``. ``used`` are the names of rates that reach any school.

    Raises LeverRefused when it cannot be moved at all, saying what to set first.
    """
    if lever in _IN_PROPORTION:
        return _in_proportion([n for n in _IN_PROPORTION[lever] if n in set(used)], lever, start, limits)
    return _OTHERS[lever](start, limits)


def _in_proportion(names: list[str], lever: Lever, start: Setting, limits: Limits) -> Travel:
    pence = {name: held for name in names if (held := start.rates.pence(name)) > 0}
    if not pence:
        raise LeverRefused(f"No rate of {lever.label} is above nothing, to be moved.", "Set a rate first.")
    largest = max(pence.values())

    def typed(setting: int) -> dict[str, int]:
        return {name: (2 * held * setting + largest) // (2 * largest) for name, held in pence.items()}

    def at(setting: int) -> Setting:
        return replace(
            start, rates=start.rates.over({name: Money(held) for name, held in typed(setting).items()})
        )

    bounds = {name: _bounds(name, limits) for name in pence}
    lowest = max(_least(largest, pence[name], bound) for name, (bound, _) in bounds.items())
    highest = min(_most(largest, pence[name], bound) for name, (_, bound) in bounds.items())
    if lowest > highest:
        outside = [
            f"{name} at {Money(held)} (allowed {Money(bounds[name][0])} to {Money(bounds[name][1])})"
            for name, held in pence.items()
            if not bounds[name][0] <= held <= bounds[name][1]
        ]
        raise LeverRefused(
            f"Moved in proportion, {lever.label} cannot all lie in their allowed ranges"
            + (f": {listed(outside)}." if outside else "."),
            "Bring these rates into their ranges first, or move another lever.",
        )
    return Travel(lowest, highest, min(max(largest, lowest), highest), at)


def _bounds(name: str, limits: Limits) -> tuple[int, int]:
    """Lowest and highest rate in pence."""
    if name in limits.rates:
        return limits.rates[name].lowest.pence, limits.rates[name].highest.pence
    highest = Money.of(HIGHEST_A_PUPIL) if name in PUPIL_LED_RATES else _HIGHEST_SCHOOL_RATE
    return 0, highest.pence


def _least(largest: int, held: int, bound: int) -> int:
    """The first setting that puts a rate at ``bound`` or above, once it is rounded to the penny."""
    return max(0, -((largest - 2 * bound * largest) // (2 * held)))


def _most(largest: int, held: int, bound: int) -> int:
    """The last setting that leaves a rate at ``bound`` or below."""
    return _least(largest, held, bound + 1) - 1


def _guarantee(start: Setting, limits: Limits) -> Travel:
    rates = start.rates
    lowest, highest = limits.guarantee or (rates.value("guarantee_lowest"), rates.value("guarantee_highest"))
    if start.rules.cap is not None:
        highest = min(highest, start.rules.cap)
    if lowest > highest:
        raise LeverRefused(
            f"No guarantee of the allowed range lies at or below the cap of {start.rules.cap}%.",
            "Raise the cap first.",
        )
    held = start.rules.guarantee if start.rules.guarantee is not None else highest

    def at(setting: int) -> Setting:
        return replace(start, rules=replace(start.rules, guarantee=Decimal(setting) / _THOUSANDTHS))

    return Travel(*_settings(lowest, highest, held), at)


def _cap(start: Setting, limits: Limits) -> Travel:
    floors = [p for p in (start.rules.guarantee, limits.lowest_cap) if p is not None]
    lowest = max(floors, default=Decimal(0))
    no_cap = int(_HIGHEST_CAP * _THOUSANDTHS) + 1
    now = no_cap if start.rules.cap is None else int(start.rules.cap * _THOUSANDTHS)

    def at(setting: int) -> Setting:
        cap = None if setting == no_cap else Decimal(setting) / _THOUSANDTHS
        return replace(start, rules=replace(start.rules, cap=cap))

    first = int(lowest * _THOUSANDTHS)
    return Travel(first, no_cap, min(max(now, first), no_cap), at)


def _scale(start: Setting, limits: Limits) -> Travel:
    if start.rules.cap is None:
        raise LeverRefused("Without a cap there is no gain to scale.", "Set a cap first.")

    def at(setting: int) -> Setting:
        taken = _ALL - Decimal(setting) / _THOUSANDTHS
        return replace(start, rules=replace(start.rules, scale=taken))

    return Travel(0, PERCENT_PARTS, int((_ALL - start.rules.scale) * _THOUSANDTHS), at)


def _growth_fund(start: Setting, limits: Limits) -> Travel:
    lowest, highest = limits.growth_fund or (NOTHING, start.block.amount)
    return _set_aside(
        start, lowest, highest, start.block.growth_fund, lambda m: replace(start.block, growth_fund=m)
    )


def _block_transfer(start: Setting, limits: Limits) -> Travel:
    held = start.block.transfer
    # What the Secretary of State allowed beyond the limit stays allowed; the solver only never goes further.
    allowed = max(limit_of(start.block.amount, first_day(start.rates.year)), held)
    lowest, highest = limits.transfer or (NOTHING, allowed)
    return _set_aside(start, lowest, highest, held, lambda m: replace(start.block, transfer=m))


def _set_aside(
    start: Setting, lowest: Money, highest: Money, now: Money, block: Callable[[Money], SchoolsBlock]
) -> Travel:
    def at(setting: int) -> Setting:
        return replace(start, block=block(Money(setting)))

    return Travel(lowest.pence, highest.pence, min(max(now.pence, lowest.pence), highest.pence), at)


def _settings(lowest: Decimal, highest: Decimal, now: Decimal) -> tuple[int, int, int]:
    first, last, held = (int(percent * _THOUSANDTHS) for percent in (lowest, highest, now))
    return first, last, min(max(held, first), last)


_OTHERS: dict[Lever, Callable[[Setting, Limits], Travel]] = {
    Lever.GUARANTEE: _guarantee,
    Lever.CAP: _cap,
    Lever.SCALE: _scale,
    Lever.GROWTH_FUND: _growth_fund,
    Lever.BLOCK_TRANSFER: _block_transfer,
}
