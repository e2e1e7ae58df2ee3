"""Every school or authority on one measure in one period: on a funnel, or as a distribution.

Nobody is ranked: the order is by name unless somebody asks for another, and no place in an order is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from redway.core.errors import NotEnoughData
from redway.core.identifiers import ENGLAND
from redway.figures.chart import Chart
from redway.figures.distribution import Quarters, Value, distribution_chart
from redway.figures.funnel import FunnelLimit, FunnelPoint, Standard, funnel_chart
from redway.figures.theme import PAGE
from redway.indicators.bands import Band, band
from redway.indicators.catalogue import Indicator
from redway.indicators.funnel import Funnel, limit_curve, share_funnel
from redway.indicators.store import SeriesStore
from redway.web.measures.showing import Figure, charted, figures_of
from redway.web.register.models import Authority, Establishment
from redway.web.register.queries import build_number

FEWEST_ON_A_FUNNEL = 8


@dataclass(frozen=True)
class Place:
    """The name of a school or authority, and where it lies."""

    name: str
    authority: str
    phase: str


@dataclass(frozen=True)
class Everyone:
    """One measure in one period over a group: all, one phase, one authority's schools."""

    indicator: Indicator
    level: str
    period: str
    periods: tuple[str, ...]
    phase: str
    authority: str
    figures: tuple[Figure, ...]
    places: Mapping[str, Place]
    england: float | None
    build: str

    def name(self, entity: str) -> str:
        place = self.places.get(entity)
        return place.name if place else f"URN {entity}" if self.level == "school" else entity

    @property
    def held(self) -> tuple[Figure, ...]:
        """Figures that have a value."""
        return tuple(figure for figure in self.figures if figure.value is not None)

    @property
    def has_funnel(self) -> bool:
        """Is the measure a share of pupils whose numbers are known?"""
        counted = [one for one in self.held if one.numerator is not None and one.denominator]
        return self.indicator.unit == "percent" and len(counted) >= FEWEST_ON_A_FUNNEL

    @cached_property
    def funnel(self) -> Funnel:
        """Everyone against the pooled share, with limits that allow for over-dispersion."""
        rows = [
            (figure.entity, figure.numerator, figure.denominator, figure.missing or "")
            for figure in self.figures
        ]
        counted = [(passing, size) for _, passing, size, _ in rows if passing is not None and size]
        pooled = sum(passing for passing, _ in counted) / sum(size for _, size in counted)
        return share_funnel(rows, pooled, f"Mean of all pupils in {self.group_words}")

    @cached_property
    def band(self) -> Band | None:
        """The spread of the values shown; None for fewer than eight."""
        try:
            return band([one.value for one in self.held if one.value is not None], self.scope)
        except NotEnoughData:
            return None

    @property
    def scope(self) -> str:
        """Whose schools or authorities these are."""
        return f"authority {self.authority}" if self.authority else "all that are held"

    @property
    def group_words(self) -> str:
        """'3,412 secondary schools'."""
        if self.level == "authority":
            return f"{len(self.held):,} authorities"
        phase = f"{self.phase.lower()} " if self.phase else ""
        return f"{len(self.held):,} {phase}schools"

    @property
    def title(self) -> str:
        who = "authorities" if self.level == "authority" else "schools"
        if self.has_funnel:
            return f"{self.indicator.title}, {self.period}: which {who} differ by more than chance?"
        return f"{self.indicator.title}, {self.period}: how do {who} spread?"

    def chart(self, highlighted: str = "", width: int = PAGE) -> Chart | None:
        """The funnel, else the distribution, else nothing."""
        if self.indicator.is_grade or self.band is None:
            return None
        label = self.name(highlighted) if highlighted else ""
        return self._funnel_chart(label, width) if self.has_funnel else self._distribution(label, width)

    def _funnel_chart(self, label: str, width: int) -> Chart:
        funnel = self.funnel
        points = [
            FunnelPoint(self.name(point.entity), point.cohort, point.share * 100, point.position.value)
            for point in funnel.points
        ]
        sizes = [point.cohort for point in funnel.points]
        curve = limit_curve(min(sizes), max(sizes), funnel.standard, funnel.phi)
        limits = [
            FunnelLimit(
                one.cohort, one.lower_998 * 100, one.lower_95 * 100, one.upper_95 * 100, one.upper_998 * 100
            )
            for one in curve
        ]
        return funnel_chart(
            self.title,
            charted(self.indicator),
            points,
            limits,
            Standard(funnel.standard_name, funnel.standard * 100),
            label,
            self.indicator.denominator.capitalize() or "Pupils",
            width,
        )

    def _distribution(self, label: str, width: int) -> Chart:
        spread = self.band
        assert spread is not None
        values = [Value(self.name(one.entity), one.value) for one in self.held if one.value is not None]
        quarters = Quarters(spread.q1, spread.median, spread.q3, spread.n, self.scope)
        words = ("authority", "authorities") if self.level == "authority" else ("school", "schools")
        return distribution_chart(
            self.title, charted(self.indicator), values, quarters, label, width, words[0], words[1]
        )


def everyone(
    store: SeriesStore,
    indicator: Indicator,
    level: str,
    period: str = "",
    phase: str = "",
    authority: str = "",
) -> Everyone | None:
    """Everybody's figure of a measure; the latest period when none is named. None when nothing is held."""
    build = store.build
    periods = _periods(store, build, level, indicator.code)
    if not periods:
        return None
    chosen = period if period in periods else periods[0]
    register = build_number()
    places = _authorities(register) if level == "authority" else _schools(register)
    figures = [
        figure
        for figure in figures_of(store.across(level, indicator.code, chosen))
        if _belongs(places.get(figure.entity), phase, authority)
    ]
    figures.sort(key=lambda figure: _sorting(places.get(figure.entity), figure.entity))
    national = figures_of(store.figures("england", [ENGLAND], [indicator.code]))
    england = next((one.value for one in national if one.period == chosen), None)
    return Everyone(
        indicator, level, chosen, periods, phase, authority, tuple(figures), places, england, build
    )


def _belongs(place: Place | None, phase: str, authority: str) -> bool:
    if not phase and not authority:
        return True
    return (
        place is not None
        and (not phase or place.phase == phase)
        and (not authority or place.authority == authority)
    )


def _sorting(place: Place | None, entity: str) -> tuple[str, str]:
    return (place.name.casefold() if place else "", entity)


@lru_cache(maxsize=256)
def _periods(store: SeriesStore, build: str, level: str, code: str) -> tuple[str, ...]:
    """Periods with a value, the latest first."""
    return tuple(reversed(store.periods(level, code)))


@lru_cache(maxsize=2)
def _schools(register: int) -> Mapping[str, Place]:
    """Every establishment by URN, read once for each build of the register."""
    names = dict(Authority.objects.values_list("number", "name"))
    rows = Establishment.objects.order_by().values_list("urn", "name", "authority", "phase")
    return {
        urn: Place(f"{name}, {names.get(number, '')}" if number in names else name, number, phase)
        for urn, name, number, phase in rows
    }


@lru_cache(maxsize=2)
def _authorities(register: int) -> Mapping[str, Place]:
    return {
        number: Place(name, number, "") for number, name in Authority.objects.values_list("number", "name")
    }


def phases_of(figures: Sequence[Figure], places: Mapping[str, Place]) -> list[str]:
    """Phases of the schools that have a figure."""
    return sorted({place.phase for one in figures if (place := places.get(one.entity)) and place.phase})
