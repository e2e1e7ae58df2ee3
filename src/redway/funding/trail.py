"""Why a figure: the inputs, the rate, the product and where it was rounded, for one line of one school."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from redway.core.money import Money
from redway.core.words import number
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.funding.factors import FACTORS, PUPIL_LED, Factor, factor
from redway.funding.guarantee import protected_base, raised
from redway.funding.pupil_led import row_of
from redway.funding.rates import AREA_ADJUSTED, MINIMUM
from redway.funding.rounding import PARTS, Rounding, Whole, rounded_parts
from redway.funding.school_led import lump_sum_rate
from redway.funding.sparsity import distance_weight, rule_of, size_weight

_BASIC, _DISTANCE = "split_site_basic", "split_site_distance"
RESULTS = {
    "minimum_per_pupil": "Minimum per-pupil level, top-up",
    "guarantee": "Minimum funding guarantee",
    "gains_cap": "Cap on gains",
    "total": "Total",
}
"""What follows from the lines -> what it is called on a statement."""


@dataclass(frozen=True)
class Step:
    """One step of a trail: what it is, its value as a person reads it, and where that comes from."""

    what: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Trail:
    """How one figure of one school came about.

    ``rate`` and ``units`` are None for a figure that is not a rate times units. ``unconfirmed`` names the
    rates of it that nobody has confirmed.
    """

    line: str
    label: str
    amount: Money
    steps: tuple[Step, ...]
    rounding: str
    rate: Money | None = None
    units: Decimal | None = None
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a school's statement."""

    name: str
    label: str
    rate: Money | None
    units: Decimal | None
    amount: Money


def lines_of(budgets: Budgets, school: int) -> tuple[Line, ...]:
    """The lines of one school in the order of a statement: those its file has."""
    absent = set(budgets.not_used)
    return tuple(_line(budgets, school, held) for held in FACTORS if held.name not in absent)


def explain(budgets: Budgets, urn: str, line: str) -> Trail:
    """The trail of one line, of a top-up, a guarantee, a cap or a total.

    Raises FundingError when the school or the line is not in the result.
    """
    try:
        school = budgets.schools.row_of(urn)
    except KeyError:
        raise FundingError(
            f"No school with the number {urn} is in this result.", "Write a URN of the file of schools."
        ) from None
    if line in RESULTS:
        return _RESULT_TRAILS[line](budgets, school)
    try:
        held = factor(line)
    except KeyError:
        known = ", ".join([*(f.name for f in FACTORS), *RESULTS])
        raise FundingError(f"No line is called '{line}'.", f"The lines are {known}.") from None
    if line in budgets.not_used:
        raise FundingError(f"The file of schools has no column for {line}, so nothing is paid on it.")
    return _line_trail(budgets, school, held)


def _line(budgets: Budgets, school: int, held: Factor) -> Line:
    amount = Money(int(budgets.line(held.name)[school]))
    if held.is_pupil_led:
        units = budgets.pupil_lines.units(row_of(held.name), school)
        return Line(held.name, held.label, budgets.rates.rate(held.name), units, amount)
    if held.name == "lump_sum":
        _, rate = lump_sum_rate(budgets.schools, budgets.rates, school)
        return Line(held.name, held.label, rate, Decimal(1), amount)
    return Line(held.name, held.label, None, None, amount)


def _line_trail(budgets: Budgets, school: int, held: Factor) -> Trail:
    line = _line(budgets, school, held)
    steps, names = _steps_of(budgets, school, held, line)
    return Trail(
        line.name,
        line.label,
        line.amount,
        tuple(steps),
        _where_rounded(budgets),
        line.rate,
        line.units,
        tuple(sorted(budgets.rates.unconfirmed & set(names))),
    )


def _steps_of(budgets: Budgets, school: int, held: Factor, line: Line) -> tuple[list[Step], tuple[str, ...]]:
    schools, rates = budgets.schools, budgets.rates
    if held.is_pupil_led:
        assert line.units is not None
        assert line.rate is not None
        steps = [
            *_rate_steps(budgets, held.name),
            Step(
                f"Pupils on roll, {_roll_in_words(held.pupils)}",
                number(int(schools.roll(held.pupils)[school])),
            ),
            *_units_steps(budgets, school, held, line.units),
            Step("Rate times units", f"£{line.rate.pounds * line.units:,f}"),
        ]
        return steps, (held.name,)
    if held.name == "lump_sum":
        name, _ = lump_sum_rate(schools, rates, school)
        return _rate_steps(budgets, name), (name,)
    if held.name == "sparsity":
        return _sparsity_steps(budgets, school)
    if held.name == "london_fringe":
        multiplier = rates.value("london_fringe")
        return [
            Step("Multiplier of the London fringe", str(multiplier), rates.origin("london_fringe")),
            Step("Pupil-led lines, lump sum and sparsity", str(_base_of_fringe(budgets, school))),
        ], ("london_fringe",)
    if held.name == "split_sites":
        return _split_site_steps(budgets, school)
    return [Step("Amount in the file of schools", str(line.amount), "File of schools")], ()


def _split_site_steps(budgets: Budgets, school: int) -> tuple[list[Step], tuple[str, ...]]:
    schools = budgets.schools
    assert schools.sites is not None
    steps = [
        Step("Further sites", str(int(schools.sites[school]))),
        *_rate_steps(budgets, "split_site_basic"),
    ]
    if schools.distant_sites is None:
        return steps, (_BASIC,)
    distant = schools.distant_sites.of(school)
    steps += [Step("Of them far", f"{distant:f}"), *_rate_steps(budgets, _DISTANCE)]
    return steps, (_BASIC, _DISTANCE)


def _rate_steps(budgets: Budgets, name: str) -> list[Step]:
    rates = budgets.rates
    steps = [Step("Rate", str(rates.rate(name)), rates.origin(name))]
    if name in AREA_ADJUSTED and name not in rates.local and name not in rates.changes:
        adjustment = rates.value("area_cost_adjustment")
        if adjustment != 1:
            steps = [
                Step("National rate", f"£{rates.value(name):,}", rates.origin(name)),
                Step("Area cost adjustment", str(adjustment), rates.origin("area_cost_adjustment")),
                Step("Rate, rounded to the penny", str(rates.rate(name))),
            ]
    return steps


def _units_steps(budgets: Budgets, school: int, held: Factor, units: Decimal) -> list[Step]:
    if not held.name.startswith("mobility"):
        return [Step("Units", f"{units:f}", "File of schools")]
    threshold = budgets.rates.value("mobility_threshold")
    return [
        Step("Mobile pupils", f"{budgets.schools.needs[held.name].of(school):f}", "File of schools"),
        Step("Threshold", f"{threshold}%", budgets.rates.origin("mobility_threshold")),
        Step("Units: mobile pupils above the threshold", f"{units:f}"),
    ]


def _sparsity_steps(budgets: Budgets, school: int) -> tuple[list[Step], tuple[str, ...]]:
    schools, rates = budgets.schools, budgets.rates
    assert schools.miles is not None
    assert schools.year_groups is not None
    if schools.miles[school] < 0:
        return [Step("Distance", "not given: the school is not sparse", "File of schools")], ()
    phase = schools.phase[school]
    rule = rule_of(phase, rates)
    one = slice(school, school + 1)
    by_size, of_size = size_weight(schools.pupils[one], schools.year_groups[one], rule)
    by_distance, of_distance = distance_weight(schools.miles[one], rule)
    average = Decimal(int(schools.pupils[school])) / int(schools.year_groups[school])
    names = (f"sparsity_{phase}", f"sparsity_pupils_{phase}", f"sparsity_miles_{phase}")
    return [
        Step("Pupils a year group", number(average, 1), "File of schools"),
        Step("Threshold of size", f"{Decimal(rule.pupils) / 10}", rates.origin(names[1])),
        Step("Weight by size", number(Decimal(int(by_size[0])) / int(of_size[0]), 6)),
        Step(
            "Miles to the next school", f"{Decimal(int(schools.miles[school])) / 1000:f}", "File of schools"
        ),
        Step("Threshold of distance", f"{Decimal(rule.miles) / 1000:f}", rates.origin(names[2])),
        Step("Weight by distance", number(Decimal(int(by_distance[0])) / of_distance, 6)),
        *_rate_steps(budgets, names[0]),
    ], names


def _base_of_fringe(budgets: Budgets, school: int) -> Money:
    names = [*(f.name for f in PUPIL_LED), "lump_sum", "sparsity"]
    return Money(sum(int(budgets.line(name)[school]) for name in names))


def _minimum_trail(budgets: Budgets, school: int) -> Trail:
    schools, rates = budgets.schools, budgets.rates
    steps = [
        step
        for name, roll in zip(MINIMUM, ("primary", "ks3", "ks4"), strict=True)
        if rates.has(name) and schools.roll(roll)[school]
        for step in (
            Step(f"Level, {_roll_in_words(roll)}", str(rates.rate(name)), rates.origin(name)),
            Step(f"Pupils, {_roll_in_words(roll)}", number(int(schools.roll(roll)[school]))),
        )
    ]
    steps += [
        Step("Minimum level of the school", str(Money(int(budgets.minimum_level[school])))),
        Step("Core before its lines are rounded", _exact(budgets, school)),
    ]
    return _result(budgets, school, "minimum_per_pupil", budgets.minimum_per_pupil, steps, MINIMUM)


def _guarantee_trail(budgets: Budgets, school: int) -> Trail:
    steps = _protected_steps(budgets, school, budgets.rules.guarantee, "Guarantee")
    return _result(budgets, school, "guarantee", budgets.guarantee, steps, ())


def _cap_trail(budgets: Budgets, school: int) -> Trail:
    steps = _protected_steps(budgets, school, budgets.rules.cap, "Cap")
    growing = budgets.schools.growing
    if growing is not None and growing[school]:
        steps.append(Step("Growing school", "outside the cap", "File of schools"))
    steps += [
        Step("Share of the excess that is taken", f"{budgets.rules.scale}%", "Rules of the scenario"),
        Step(
            "What may be taken before the minimum per-pupil level is met",
            str(Money(max(0, int(budgets.core[school] - budgets.minimum_level[school])))),
        ),
    ]
    return _result(budgets, school, "gains_cap", budgets.gains_cap, steps, ())


def _protected_steps(budgets: Budgets, school: int, percent: Decimal | None, what: str) -> list[Step]:
    baseline = budgets.schools.baseline
    if baseline is None or percent is None:
        return [Step(what, "not used in this result")]
    if not baseline.known[school] or not baseline.pupils[school]:
        reasons = budgets.schools.no_baseline_because
        return [Step("Last year's budget", "none", reasons[school] if reasons else "")]
    one = slice(school, school + 1)
    base = protected_base(baseline, budgets.left_out)[one]
    level = raised(base, baseline.pupils[one], budgets.schools.pupils[one], percent)
    now = budgets.formula - budgets.left_out.all
    return [
        Step("Last year's budget", str(Money(int(baseline.budget[school]))), "File of schools"),
        Step(
            "Left out of both years: this year's lump sum and sparsity",
            str(Money(int((budgets.left_out.lump_sum + budgets.left_out.sparsity)[school]))),
        ),
        Step("Left out of last year: rates", str(Money(int(baseline.rates[school]))), "File of schools"),
        Step("Left out of last year: exclusions", str(Money(int(baseline.exclusions[school])))),
        Step("Grants rolled in", str(Money(int(baseline.grants[school])))),
        Step("Last year's protected budget", str(Money(int(base[0])))),
        Step("Last year's pupils", number(int(baseline.pupils[school])), "File of schools"),
        Step(
            "Last year's protected budget a pupil",
            f"£{Decimal(int(base[0])) / 100 / int(baseline.pupils[school]):,.4f}",
        ),
        Step(what, f"{percent:+}%" if percent else "0%", "Rules of the scenario"),
        Step("This year's pupils", number(int(budgets.schools.pupils[school])), "File of schools"),
        Step("Level for this year's pupils", str(Money(int(level.pence[0])))),
        Step("This year's budget without what is left out", str(Money(int(now[school])))),
    ]


def _total_trail(budgets: Budgets, school: int) -> Trail:
    steps = [Step(line.label, str(line.amount)) for line in lines_of(budgets, school) if line.amount.pence]
    steps += [
        Step(RESULTS["minimum_per_pupil"], str(Money(int(budgets.minimum_per_pupil[school])))),
        Step(RESULTS["guarantee"], str(Money(int(budgets.guarantee[school])))),
        Step(RESULTS["gains_cap"], str(Money(-int(budgets.gains_cap[school])))),
    ]
    if budgets.rules.rounding is Rounding.DFE_LINES:
        steps.append(
            Step(
                "The same with its lines added before they are rounded",
                str(_added_unrounded(budgets, school)),
                "As a spreadsheet adds up; what is paid is the sum of the rounded lines",
            )
        )
    return _result(budgets, school, "total", budgets.total, steps, _unconfirmed_of(budgets, school))


def _unconfirmed_of(budgets: Budgets, school: int) -> tuple[str, ...]:
    """What nobody confirmed of the lines this school is paid on."""
    paid = [
        _line_trail(budgets, school, factor(one.name))
        for one in lines_of(budgets, school)
        if one.amount.pence
    ]
    if budgets.minimum_per_pupil[school]:
        paid.append(_minimum_trail(budgets, school))
    return tuple(name for trail in paid for name in trail.unconfirmed)


def _added_unrounded(budgets: Budgets, school: int) -> Money:
    one = slice(school, school + 1)
    core = rounded_parts(budgets.core[one], budgets.core_parts[one])
    beside = budgets.minimum_per_pupil + budgets.outside + budgets.guarantee - budgets.gains_cap
    return Money(int(core[0] + beside[school]))


_RESULT_TRAILS = {
    "minimum_per_pupil": _minimum_trail,
    "guarantee": _guarantee_trail,
    "gains_cap": _cap_trail,
    "total": _total_trail,
}


def _result(
    budgets: Budgets, school: int, name: str, amounts: Whole, steps: list[Step], rates: tuple[str, ...]
) -> Trail:
    amount = Money(int(amounts[school]))
    rounding = (
        "The sum of lines that are each rounded to the penny"
        if name == "total" and budgets.rules.rounding is Rounding.DFE_LINES
        else "To the penny, half away from zero"
    )
    return Trail(
        name,
        RESULTS[name],
        amount,
        tuple(steps),
        rounding,
        unconfirmed=tuple(sorted(budgets.rates.unconfirmed & set(rates))),
    )


def _exact(budgets: Budgets, school: int) -> str:
    pence = int(budgets.core[school]) + Decimal(int(budgets.core_parts[school])) / PARTS
    return f"£{(pence / 100).normalize():,f}"


def _roll_in_words(roll: str) -> str:
    return {"ks3": "key stage 3", "ks4": "key stage 4"}.get(roll, roll)


def _where_rounded(budgets: Budgets) -> str:
    if budgets.rules.rounding is Rounding.WHOLE_POUNDS:
        return "To the pound, half away from zero"
    if budgets.rules.rounding is Rounding.WORKBOOK:
        return "Shown to the penny; added up unrounded"
    return "To the penny, half away from zero"
