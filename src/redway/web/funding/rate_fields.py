"""The rates a person may type, in groups as a formula is talked about, each beside its national value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from redway.core.dated_values import Status
from redway.core.money import Money
from redway.core.words import number
from redway.funding.factor_ranges import FactorRange, national_rate
from redway.funding.factors import BASIC_ENTITLEMENT, NEEDS, factor
from redway.funding.rates import AREA_ADJUSTED, MINIMUM, Rates
from redway.funding.schools import Phase, Schools

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class RateField:
    """One rate as it can be typed.

    ``in_force`` is what holds without a scenario, ``national`` the national value with the area cost
    adjustment in it; None where there is none. ``allowed`` is what the rules of the year allow, None where
    they do not bind it. ``lowest``, ``highest`` and ``step`` are those of the slider.
    """

    name: str
    label: str
    unit: str
    in_force: Decimal
    national: Decimal | None
    status: str
    source: str
    is_local: bool
    allowed: FactorRange | None
    lowest: Decimal
    highest: Decimal
    step: Decimal

    @property
    def is_money(self) -> bool:
        return self.unit.startswith("pounds")

    @property
    def is_unconfirmed(self) -> bool:
        return self.status == Status.UNCONFIRMED.value

    def show(self, value: Decimal) -> str:
        """A value as it is read: £3,847.00, 1.01000, 6%."""
        if self.is_money:
            return str(Money.of(value))
        return f"{plain(value)}%" if self.unit == "percent" else plain(value)

    def typed(self, value: Decimal) -> str:
        """A value as it stands in its box."""
        return f"{Money.of(value).pounds}" if self.is_money else plain(value)


@dataclass(frozen=True)
class RateGroup:
    """Rates that belong together. ``open_first`` is shown unfolded."""

    key: str
    label: str
    fields: tuple[RateField, ...]
    open_first: bool = False


def groups_of(rates: Rates, schools: Schools, ranges: Mapping[str, FactorRange]) -> tuple[RateGroup, ...]:
    """The rates that can move something for these schools, in groups; ``ranges`` is what the year allows."""
    groups = (
        RateGroup("basic", "Basic entitlement", _fields(rates, ranges, _basic()), open_first=True),
        RateGroup("meals", "Free school meals", _fields(rates, ranges, _needs(schools, "fsm", "fsm6"))),
        RateGroup("deprivation", "Deprivation bands", _fields(rates, ranges, _needs(schools, "idaci"))),
        RateGroup(
            "needs",
            "Prior attainment, language and mobility",
            _fields(rates, ranges, _needs(schools, "low_prior_attainment", "eal", "mobility")),
        ),
        RateGroup(
            "schools", "Lump sum, sparsity and split sites", _fields(rates, ranges, _of_schools(schools))
        ),
        RateGroup(
            "minimum",
            "Minimum per-pupil level",
            _fields(
                rates,
                ranges,
                zip(MINIMUM, ("Primary pupil", "Key stage 3 pupil", "Key stage 4 pupil"), strict=True),
            ),
        ),
        RateGroup(
            "area",
            "Area cost adjustment and London fringe",
            _fields(
                rates,
                ranges,
                [("area_cost_adjustment", "Area cost adjustment"), ("london_fringe", "London fringe")],
            ),
        ),
    )
    return tuple(group for group in groups if group.fields)


def fields_of(groups: tuple[RateGroup, ...]) -> dict[str, RateField]:
    """The rates of all groups by name."""
    return {field.name: field for group in groups for field in group.fields}


def label_of(name: str) -> str:
    """What a rate is called where it stands alone.

    >>> label_of("fsm6_primary"), label_of("minimum_per_pupil_ks3")
    ('Free school meals in the last six years, primary', 'Minimum per pupil, key stage 3')
    """
    try:
        return factor(name).label
    except KeyError:
        words = name.replace("_", " ").replace("ks3", "key stage 3").replace("ks4", "key stage 4")
    for phase in ("primary", "secondary", "middle", "all through", "key stage 3", "key stage 4"):
        if words.endswith(f" {phase}"):
            words = f"{words.removesuffix(f' {phase}')}, {phase}"
            break
    return words[:1].upper() + words[1:]


def plain(value: Decimal) -> str:
    """A number without noughts at its end.

    >>> plain(Decimal("1.50")), plain(Decimal("100"))
    ('1.5', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_in_force(rates: Rates, name: str) -> Decimal:
    """What a rate is worth as it is paid: a national one with the area cost adjustment in it."""
    return rates.rate(name).pounds if name in AREA_ADJUSTED else rates.value(name)


def national_value(rates: Rates, name: str) -> Decimal | None:
    """What it is worth nationally, with the area cost adjustment that is in force."""
    held = rates.national.get(name)
    if held is None or isinstance(held.value, bool) or not isinstance(held.value, int | Decimal):
        return None
    return national_rate(rates, name).pounds if name in AREA_ADJUSTED else Decimal(held.value)


def _basic() -> Iterator[tuple[str, str]]:
    for held, label in zip(
        BASIC_ENTITLEMENT, ("Primary pupil", "Key stage 3 pupil", "Key stage 4 pupil"), strict=True
    ):
        yield held.name, label


def _needs(schools: Schools, *stems: str) -> Iterator[tuple[str, str]]:
    for stem, label in NEEDS.items():
        if stem in stems or stem.rpartition("_")[0] in stems:
            for roll in ("primary", "secondary"):
                if f"{stem}_{roll}" in schools.needs:
                    yield f"{stem}_{roll}", f"{label}, {roll}"
    if "mobility" in stems and any(name.startswith("mobility") for name in schools.needs):
        yield "mobility_threshold", "Mobility counts above"


def _of_schools(schools: Schools) -> Iterator[tuple[str, str]]:
    yield "lump_sum_primary", "Lump sum, primary"
    yield "lump_sum_secondary", "Lump sum, secondary"
    if schools.miles is not None:
        for phase in Phase:
            if any(
                held is phase and miles >= 0 for held, miles in zip(schools.phase, schools.miles, strict=True)
            ):
                yield f"sparsity_{phase}", f"Sparsity at most, {phase.replace('_', '-')}"
    if schools.sites is not None:
        yield "split_site_basic", "Split site"
        if schools.distant_sites is not None:
            yield "split_site_distance", "Split site, distance"


def _fields(
    rates: Rates, ranges: Mapping[str, FactorRange], named: Iterable[tuple[str, str]]
) -> tuple[RateField, ...]:
    return tuple(_field(rates, ranges, name, label) for name, label in named if rates.has(name))


def _field(rates: Rates, ranges: Mapping[str, FactorRange], name: str, label: str) -> RateField:
    held = rates.held(name)
    allowed = ranges.get(name)
    in_force, national = value_in_force(rates, name), national_value(rates, name)
    unit = held.unit or ("pounds" if name in AREA_ADJUSTED or name in MINIMUM else "")
    lowest, highest, step = _slider(unit, national if national is not None else in_force)
    return RateField(
        name,
        label,
        unit,
        in_force,
        national,
        held.status.value,
        held.source,
        name in rates.local,
        allowed,
        min(lowest, in_force),
        max(highest, in_force),
        step,
    )


def _slider(unit: str, around: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """(lowest, highest, step): a tenth of the national value either way, in whole steps."""
    if unit == "times":
        return Decimal(1), Decimal("1.2"), Decimal("0.0001")
    if unit == "percent":
        return Decimal(0), Decimal(20), Decimal("0.5")
    step = Decimal(100) if around >= 20_000 else Decimal(1)
    reach = max((around * _TENTH).quantize(Decimal(1)), step)
    return around - reach, around + reach, step


def units_in_words(unit: str) -> str:
    """What stands behind a box.

    >>> units_in_words("pounds a pupil"), units_in_words("times")
    ('a pupil', 'times')
    """
    return unit.removeprefix("pounds").strip() or unit


def pounds(pence: int) -> str:
    """Whole pounds for a headline; the pence are in the tables taken away."""
    shown = number(Decimal(abs(pence)) / 100)
    return f"{'-' if pence < 0 and shown != '0' else ''}£{shown}"
