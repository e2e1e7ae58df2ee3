"""A result of a local formula of 2008 as plain data, in the shape of ``result.as_plain``, with its trails.

What those years did not have is nothing: no minimum per-pupil level, no cap on gains.
"""

from __future__ import annotations

from typing import Any

from redway.core.money import Money
from redway.core.words import number, percent
from redway.funding.errors import FundingError
from redway.funding.guarantee_2008 import Kind
from redway.funding.local_formula_2008 import LINES, Budgets2008, rate_name
from redway.funding.result import AFTER_LINES, amount, units_in_words
from redway.funding.rounding import Rounding, Whole
from redway.funding.trail import RESULTS, Step, Trail

_SMALL = "small-primary-pupils"
_MAINTAINED = "maintained"
_FILE = "File of schools"


def as_plain_2008(budgets: Budgets2008) -> dict[str, Any]:
    """The whole result: every school with its lines, the authority's totals, and what it rests on."""
    schools = budgets.schools
    return {
        "year": year_of(budgets),
        "rounding": budgets.rounding.value,
        "guarantee_percent": str(budgets.values.number("guarantee-rise")) if budgets.guarantee else None,
        "cap_percent": None,
        "scale_percent": None,
        "unconfirmed": list(budgets.unconfirmed),
        "not_used": list(not_used_2008(budgets)),
        "rates": [_rate(budgets, name) for name in budgets.rests_on],
        "totals": {
            "schools": len(schools),
            "pupils": int(schools.roll.sum()),
            "lines": {name: amount(amounts.sum()) for name, amounts in budgets.lines.items()},
            **{name: amount(_after(budgets, name).sum()) for name in AFTER_LINES},
        },
        "schools": [_school(budgets, row) for row in range(len(schools))],
    }


def year_of(budgets: Budgets2008) -> str:
    """The financial year of a result: '2008-09'."""
    start = budgets.values.on.year
    return f"{start}-{(start + 1) % 100:02d}"


def not_used_2008(budgets: Budgets2008) -> tuple[str, ...]:
    """What the file of schools leaves out; said beside every result."""
    lines = tuple(name for name in LINES if name not in budgets.lines)
    return lines if budgets.guarantee else (*lines, "guarantee")


def explain_2008(budgets: Budgets2008, urn: str, line: str) -> Trail:
    """The trail of one line, of the guarantee or of the total.

    Raises FundingError when the school or the line is not in the result.
    """
    if urn not in budgets.schools.urn:
        raise FundingError(
            f"No school with the number {urn} is in this result.", "Write a URN of the file of schools."
        )
    row = budgets.schools.urn.index(urn)
    if line == "guarantee":
        return _guarantee_trail(budgets, row)
    if line == "total":
        return _total_trail(budgets, row)
    if line not in LINES:
        known = ", ".join([*LINES, "guarantee", "total"])
        raise FundingError(f"No line of 2008 is called '{line}'.", f"The lines are {known}.")
    if line not in budgets.lines:
        raise FundingError(f"The file of schools has no column for {line}, so nothing is paid on it.")
    return _line_trail(budgets, row, line)


def _school(budgets: Budgets2008, row: int) -> dict[str, Any]:
    schools = budgets.schools
    return {
        "urn": schools.urn[row],
        "name": schools.name[row],
        "phase": schools.kind[row].value,
        "status": _MAINTAINED,
        "locality": "",
        "pupils": int(schools.roll[row]),
        "lines": [
            {
                "name": name,
                "label": LINES[name],
                "rate": str(budgets.rate(name, row).pounds),
                "units": units_in_words(budgets.units_of(name, row)),
                "amount": amount(amounts[row]),
            }
            for name, amounts in budgets.lines.items()
        ],
        **{name: amount(_after(budgets, name)[row]) for name in AFTER_LINES},
    }


def _after(budgets: Budgets2008, name: str) -> Whole:
    """What follows from the lines, in pence; those years had a guarantee and nothing else."""
    if name == "total":
        return budgets.total
    if name == "guarantee" and budgets.guarantee is not None:
        return budgets.guarantee.added
    return budgets.schools.nothing()


def _rate(budgets: Budgets2008, name: str) -> dict[str, Any]:
    entry = budgets.values.entry(name)
    return {"name": name, "value": str(entry.value), "source": entry.source, "status": entry.status.value}


def _line_trail(budgets: Budgets2008, row: int, name: str) -> Trail:
    rate, units = budgets.rate(name, row), budgets.units_of(name, row)
    held = rate_name(name, budgets.schools.kind[row])
    steps = [
        Step("Rate", str(rate), budgets.values.entry(held).source),
        *_counted(budgets, row, name),
        Step("Units", units_in_words(units), _FILE),
        Step("Rate times units", f"£{rate.pounds * units:,f}"),
    ]
    names = (held, f"{name}-threshold")
    return _trail(budgets, name, LINES[name], budgets.lines[name], row, steps, names, rate, units)


def _counted(budgets: Budgets2008, row: int, name: str) -> list[Step]:
    """What the units of a line are made of, where they are not a count of the file."""
    schools, values = budgets.schools, budgets.values
    roll = Step("Pupils on roll", number(int(schools.roll[row])), _FILE)
    if name == "small-school":
        threshold = values.entry("small-school-threshold")
        return [roll, Step("Threshold of a small school", f"{threshold.value} pupils", threshold.source)]
    if name == "deprivation":
        threshold = values.entry("deprivation-threshold")
        assert schools.deprived is not None
        return [
            roll,
            Step("Pupils counted for deprivation", number(int(schools.deprived[row])), _FILE),
            Step("Threshold", percent(values.number("deprivation-threshold")), threshold.source),
        ]
    if name == "part-time-nursery":
        assert schools.part_time_places is not None
        return [Step("Part-time places, each half of one", number(int(schools.part_time_places[row])), _FILE)]
    if name == "early-years" and len(schools.early_years) > 1:
        counts = ", ".join(number(int(held[row])) for held in schools.early_years)
        return [Step("Children at the three counts; their mean is paid", counts, _FILE)]
    return []


def _guarantee_trail(budgets: Budgets2008, row: int) -> Trail:
    found, last, values = budgets.guarantee, budgets.schools.last, budgets.values
    if found is None or last is None:
        steps = [Step("Guarantee", "not used: the file holds no budget of last year")]
        return _trail(budgets, "guarantee", RESULTS["guarantee"], budgets.schools.nothing(), row, steps, ())
    if not found.covered[row]:
        why = "a special school" if budgets.schools.kind[row] is Kind.SPECIAL else "no pupils last year"
        steps = [Step("Guarantee", f"goes another way: {why}", _FILE)]
        return _trail(budgets, "guarantee", RESULTS["guarantee"], found.added, row, steps, found.unconfirmed)
    marginal = _marginal(budgets, row)
    steps = [
        Step("Last year's adjusted budget", str(Money(int(last.budget[row]))), _FILE),
        Step("Last year's pupils", number(int(last.pupils_before[row])), _FILE),
        Step("This year's pupils", number(int(last.pupils_now[row])), _FILE),
        Step("Rise", percent(values.number("guarantee-rise")), values.entry("guarantee-rise").source),
        Step(
            "What a pupil more or less is worth",
            f"{percent(values.number(marginal))} of the budget a pupil",
            values.entry(marginal).source,
        ),
        Step("Guaranteed level", str(Money(int(found.level[row])))),
        Step("This year's formula", str(Money(int(budgets.formula[row])))),
    ]
    if found.small[row]:
        note = values.entry("marginal-small-primary").note
        steps.append(Step("Small primary school", f"up to {values.whole(_SMALL)} pupils", note))
    names = ("guarantee-rise", marginal, _SMALL)
    return _trail(budgets, "guarantee", RESULTS["guarantee"], found.added, row, steps, names)


def _marginal(budgets: Budgets2008, row: int) -> str:
    assert budgets.guarantee is not None
    if budgets.guarantee.small[row]:
        return "marginal-small-primary"
    is_primary = budgets.schools.kind[row] in (Kind.NURSERY, Kind.PRIMARY)
    return "marginal-primary" if is_primary else "marginal-secondary"


def _total_trail(budgets: Budgets2008, row: int) -> Trail:
    steps = [
        Step(LINES[name], str(Money(int(amounts[row]))))
        for name, amounts in budgets.lines.items()
        if amounts[row]
    ]
    steps.append(Step(RESULTS["guarantee"], str(Money(int(_after(budgets, "guarantee")[row])))))
    return _trail(budgets, "total", RESULTS["total"], budgets.total, row, steps, budgets.unconfirmed)


def _trail(
    budgets: Budgets2008,
    name: str,
    label: str,
    amounts: Whole,
    row: int,
    steps: list[Step],
    names: tuple[str, ...],
    rate: Money | None = None,
    units: Any = None,
) -> Trail:
    unconfirmed = {one.name for one in budgets.values.unconfirmed} & set(names)
    to = "the pound" if budgets.rounding is Rounding.WHOLE_POUNDS else "the penny"
    rounding = (
        f"The sum of lines that are each rounded to {to}"
        if name == "total"
        else f"To {'the penny' if name == 'guarantee' else to}, half away from zero"
    )
    return Trail(
        name, label, Money(int(amounts[row])), tuple(steps), rounding, rate, units, tuple(sorted(unconfirmed))
    )
