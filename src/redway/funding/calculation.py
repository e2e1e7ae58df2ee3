"""The formula, for all schools at once, to the penny.

The order of the steps and where they round follow the department's own calculation: see README.md. Cost: one
multiplication for each school and line, and one division where a line is paid on a share; changed rates
cost only their own lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from redway.funding.errors import FundingError
from redway.funding.factors import FACTORS, PREMISES, PUPIL_LED
from redway.funding.gains_cap import deduction
from redway.funding.guarantee import Amounts, Level, protected_base, protection, raised
from redway.funding.minimum_per_pupil import minimum_level, top_up, uses_minimum
from redway.funding.pupil_led import PupilLed
from redway.funding.rates import MINIMUM, PUPIL_LED_RATES, SPARSITY_VALUES, Rates
from redway.funding.rounding import Rounding, Whole, carried, rounded_parts, to_the_pound
from redway.funding.rules import Rules
from redway.funding.school_led import Fringe, SchoolLed, fringe, school_led
from redway.funding.schools import MOST_PUPILS, Schools

_ROW = {factor.name: row for row, factor in enumerate(FACTORS)}
_LED_ROWS = len(PUPIL_LED)


@dataclass(frozen=True)
class Budgets:
    """What each school gets: one entry a school in every column, in whole pence.

    ``lines`` has one column for each factor, in the order of ``FACTORS``. ``core`` with ``core_parts`` is
    core before its lines are rounded, which is what the minimum level, the guarantee and the cap look at;
    ``pupil_led`` with ``pupil_led_parts`` is the part of it that comes from pupils, and ``pupil_led_rounded``
    the sum of its rounded lines.
    """

    schools: Schools
    rates: Rates
    rules: Rules
    pupil_lines: PupilLed
    school_led: SchoolLed
    lines: tuple[Whole, ...]
    pupil_led: Whole
    pupil_led_parts: Whole
    pupil_led_rounded: Whole
    core: Whole
    core_parts: Whole
    outside: Whole
    """Premises: what stands outside the minimum level."""
    left_out: Amounts
    """What the guarantee leaves out of this year's budget."""
    guaranteed: Level | None
    capped_at: Level | None
    """Last year's budget a pupil, raised by the guarantee and by the cap, for this year's pupils."""
    minimum_level: Whole
    minimum_per_pupil: Whole
    formula: Whole
    guarantee: Whole
    gains_cap: Whole
    total: Whole

    def line(self, name: str) -> Whole:
        """The amounts of one factor. Raises KeyError for an unknown one."""
        return self.lines[_ROW[name]]

    @property
    def has_fringe(self) -> bool:
        """Whether the fringe of London adds to core."""
        return self.rates.value("london_fringe") != 1

    @cached_property
    def authority_total(self) -> int:
        """All schools together, in pence."""
        return int(self.total.sum())

    @cached_property
    def rates_used(self) -> tuple[str, ...]:
        """Names of the rates and thresholds that this result rests on, for any school of it."""
        led = [f.name for f, used in zip(PUPIL_LED, self.pupil_lines.used, strict=True) if used]
        named: list[str] = [*led, "area_cost_adjustment", "lump_sum_primary", "lump_sum_secondary"]
        if any(name.startswith("mobility") for name in led):
            named.append("mobility_threshold")
        if self.schools.miles is not None:
            phases = sorted(
                {p for p, miles in zip(self.schools.phase, self.schools.miles, strict=True) if miles >= 0}
            )
            named += [f"{stem}_{phase}" for phase in phases for stem in SPARSITY_VALUES]
        if self.schools.sites is not None:
            named += ["split_site_basic"] + ["split_site_distance"] * (self.schools.distant_sites is not None)
        if uses_minimum(self.rates):
            named += MINIMUM
        return tuple(name for name in named if self.rates.has(name))

    @cached_property
    def unconfirmed(self) -> tuple[str, ...]:
        """The rates this result rests on that nobody has confirmed; said beside every result."""
        return tuple(name for name in self.rates_used if name in self.rates.unconfirmed)

    @property
    def not_used(self) -> tuple[str, ...]:
        """What the file of schools or the rules leave out; said beside every result."""
        schools, rules = self.schools, self.rules
        used = {
            **dict(zip((f.name for f in PUPIL_LED), self.pupil_lines.used, strict=True)),
            "sparsity": schools.miles is not None,
            "split_sites": schools.sites is not None,
            **{factor.name: factor.name in schools.premises for factor in PREMISES[1:]},
            "minimum_per_pupil": uses_minimum(self.rates),
            "guarantee": schools.baseline is not None and rules.guarantee is not None,
            "gains_cap": schools.baseline is not None and rules.cap is not None,
        }
        return tuple(name for name, is_used in used.items() if not is_used)


class Calculation:
    """The formula over one set of schools. Made once; then every set of rates costs only arithmetic."""

    def __init__(self, schools: Schools) -> None:
        if int(schools.pupils.max(initial=0)) > MOST_PUPILS:
            row = int(schools.pupils.argmax())
            raise FundingError(
                f"{schools.urn[row]} has {schools.pupils[row]:,} pupils, more than any school has.",
                "Mend the roll.",
            )
        self.schools = schools
        self._pupil_lines: dict[Decimal, PupilLed] = {}

    def budgets(self, rates: Rates, rules: Rules | None = None) -> Budgets:
        """Every line and the total of every school under these rates and rules.

        Raises RatesRefused when a factor of the file has no rate in this year.
        """
        rules = rules or Rules()
        lines = self._lines_of(rates)
        found = lines.worked_out(lines.pence(rates, lines.rows), lines.rows, rules.rounding)
        led = [self._nothing] * len(PUPIL_LED)
        for row, amounts in zip(lines.rows, found.lines, strict=True):
            led[row] = amounts
        pupil_led = PupilLedNow(lines, tuple(led), found.whole, found.parts, found.rounded)
        return self.settled(
            rates, rules, pupil_led, school_led(self.schools, rates), minimum_level(self.schools, rates)
        )

    def changed(self, before: Budgets, rates: Rates, rules: Rules | None = None) -> Budgets:
        """The same as ``budgets(rates, rules)``, worked out from ``before`` by the lines that change."""
        rules = rules or before.rules
        lines = self._lines_of(rates)
        if rules.rounding is not before.rules.rounding or lines is not before.pupil_lines:
            return self.budgets(rates, rules)
        names = frozenset(before.rates.differing(rates))
        rows = lines.rows_of(names)
        led = list(before.lines[:_LED_ROWS])
        whole, parts, added = before.pupil_led, before.pupil_led_parts, before.pupil_led_rounded
        if len(rows):
            was, pence = lines.pence(before.rates, rows), lines.pence(rates, rows)
            moved = lines.moved(before.lines, was, pence, rows, rules.rounding)
            whole, added = whole + moved.whole, added + moved.rounded
            if lines.is_on_shares(rows):
                parts = parts + moved.parts
            for row, amounts in zip(rows, moved.lines, strict=True):
                led[row] = amounts
        only_pupils = names <= PUPIL_LED_RATES
        return self.settled(
            rates,
            rules,
            PupilLedNow(lines, tuple(led), whole, parts, added),
            before.school_led if only_pupils else school_led(self.schools, rates),
            before.minimum_level if only_pupils else minimum_level(self.schools, rates),
            before if only_pupils else None,
        )

    @cached_property
    def _nothing(self) -> Whole:
        return self.schools.nothing()

    def _lines_of(self, rates: Rates) -> PupilLed:
        threshold = rates.value("mobility_threshold")
        if threshold not in self._pupil_lines:
            self._pupil_lines[threshold] = PupilLed(self.schools, threshold)
        return self._pupil_lines[threshold]

    def settled(
        self,
        rates: Rates,
        rules: Rules,
        led: PupilLedNow,
        own: SchoolLed,
        level: Whole,
        before: Budgets | None = None,
    ) -> Budgets:
        """From pupil-led lines on: the school's own lines, the minimum level, guarantee, cap and total.

        ``before`` is a result that differs by pupil-led rates and rules alone; what stays is taken from it.
        """
        if before is not None and led.parts is before.pupil_led_parts and not before.has_fringe:
            whole, parts = before.core + (led.whole - before.pupil_led), before.core_parts
        else:
            whole, parts = carried(led.whole + own.in_core, led.parts + own.sparsity_parts)
        core_rounded = led.rounded + own.in_core_rounded
        fringed = fringe(rates, whole, parts, own.lump_sum)
        core_own = [own.lump_sum, own.sparsity_rounded, fringed.rounded]
        premises = self._premises(own)
        if not fringed.is_nothing:
            core_rounded = core_rounded + fringed.rounded
            whole, parts = carried(whole + fringed.whole, parts + fringed.parts)
        if rules.rounding is Rounding.WHOLE_POUNDS:
            core_own, premises = [to_the_pound(x) for x in core_own], [to_the_pound(x) for x in premises]
            whole = core_rounded = led.rounded + core_own[0] + core_own[1] + core_own[2]
            parts = self._nothing
        if rules.rounding is Rounding.WORKBOOK:
            core_rounded = rounded_parts(whole, parts)
        if before is None or not fringed.is_nothing:
            outside = premises[0] + premises[1] + premises[2] + premises[3]
            left_out = self._left_out(own, fringed, premises)
            guaranteed, capped_at = self._levels(rules, left_out)
        else:
            outside, left_out = before.outside, before.left_out
            guaranteed, capped_at = self._levels(rules, left_out, before)
        topped = top_up(level, whole, parts)
        formula = core_rounded + topped + outside
        guarantee, capped = self._protected(
            rules, guaranteed, capped_at, level, whole, parts, outside - left_out.all
        )
        return Budgets(
            schools=self.schools,
            rates=rates,
            rules=rules,
            pupil_lines=led.lines,
            school_led=own,
            lines=(*led.amounts, *core_own, *premises),
            pupil_led=led.whole,
            pupil_led_parts=led.parts,
            pupil_led_rounded=led.rounded,
            core=whole,
            core_parts=parts,
            outside=outside,
            left_out=left_out,
            guaranteed=guaranteed,
            capped_at=capped_at,
            minimum_level=level,
            minimum_per_pupil=topped,
            formula=formula,
            guarantee=guarantee,
            gains_cap=capped,
            total=formula + guarantee - capped,
        )

    def _premises(self, own: SchoolLed) -> list[Whole]:
        held = self.schools.premises
        return [own.split_sites, *(held.get(factor.name, self._nothing) for factor in PREMISES[1:])]

    def _left_out(self, own: SchoolLed, fringed: Fringe, premises: list[Whole]) -> Amounts:
        exclusions = self.schools.exclusions
        return Amounts(
            own.lump_sum if fringed.is_nothing else own.lump_sum + fringed.of_lump_sum,
            own.sparsity_rounded,
            premises[1],
            self._nothing if exclusions is None else exclusions,
        )

    def _levels(
        self, rules: Rules, left_out: Amounts, before: Budgets | None = None
    ) -> tuple[Level | None, Level | None]:
        """The levels of the guarantee and of the cap; those of ``before`` where percentages are the same."""
        guaranteed = before.guaranteed if before and before.rules.guarantee == rules.guarantee else None
        capped_at = before.capped_at if before and before.rules.cap == rules.cap else None
        baseline = self.schools.baseline
        if baseline is None:
            return None, None
        if rules.guarantee is not None and guaranteed is None:
            base = protected_base(baseline, left_out)
            guaranteed = raised(base, baseline.pupils, self.schools.pupils, rules.guarantee)
        if rules.cap is not None and capped_at is None:
            base = protected_base(baseline, left_out)
            capped_at = raised(base, baseline.pupils, self.schools.pupils, rules.cap)
        return guaranteed, capped_at

    def _protected(
        self,
        rules: Rules,
        guaranteed: Level | None,
        capped_at: Level | None,
        minimum: Whole,
        core: Whole,
        core_parts: Whole,
        beside_core: Whole,
    ) -> tuple[Whole, Whole]:
        """(guarantee, cap) of each school. Both look at the budget before its lines are rounded.

        ``beside_core`` is premises less what the guarantee leaves out.
        """
        baseline = self.schools.baseline
        if baseline is None or (guaranteed is None and capped_at is None):
            return self._nothing, self._nothing
        now = np.maximum(core, minimum) + beside_core
        now_parts = np.where(core < minimum, 0, core_parts)
        guarantee = capped = self._nothing
        if guaranteed is not None:
            guarantee = protection(baseline, guaranteed, now, now_parts)
        if capped_at is not None:
            capped = deduction(self.schools, capped_at, now, now_parts, rules.scale, core - minimum)
        return guarantee, capped


@dataclass(frozen=True)
class PupilLedNow:
    """Pupil-led lines under some rates: amounts by factor, and their sum before and after rounding."""

    lines: PupilLed
    amounts: tuple[Whole, ...]
    whole: Whole
    parts: Whole
    rounded: Whole
