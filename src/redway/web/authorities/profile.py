"""What an authority's page says: its figures beside England and its neighbours under a named model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from redway.core.errors import NotFound
from redway.core.identifiers import ENGLAND
from redway.core.missing import Missing
from redway.indicators.catalogue import Indicator, Outcome
from redway.indicators.comparison import Comparison, comparisons
from redway.indicators.findings import Finding, findings
from redway.indicators.neighbours import NeighbourSet
from redway.indicators.store import SeriesStore
from redway.web.authorities.neighbours import neighbours_in_force
from redway.web.measures.showing import Figure, allowed, by_indicator, each_once, figures_of
from redway.web.register.models import Authority
from redway.web.register.queries import authority_names

HEADLINES = (
    "secondary-absence",
    "ks2-reading-writing-maths",
    "ks4-attainment8",
    "cp-plans-per-10000",
    "good-level-of-development",
    "primary-absence",
)
HEADLINES_SHOWN = 4


@dataclass(frozen=True)
class AuthorityProfile:
    """The authority, the model chosen, every comparison, and the series that its charts draw."""

    authority: Authority
    neighbours: NeighbourSet | None
    models: tuple[str, ...]
    names: Mapping[str, str]
    compared: Sequence[Comparison]
    findings: Sequence[Finding]
    series: Mapping[str, Sequence[Figure]]
    """Measure -> figures of the authority and its neighbours."""
    england: Mapping[str, Sequence[Figure]]
    indicators: Sequence[Indicator]
    build: str

    @property
    def model(self) -> str:
        """The neighbour model chosen; empty when none names neighbours for the authority."""
        return self.neighbours.model if self.neighbours else ""

    @cached_property
    def headlines(self) -> list[Comparison]:
        """The few to look at first."""
        by_code = {one.indicator.code: one for one in self.compared}
        return [by_code[code] for code in HEADLINES if code in by_code][:HEADLINES_SHOWN]

    def of_outcome(self, outcome: Outcome, featured: bool) -> list[Comparison]:
        """Comparisons that serve one of the five outcomes."""
        return [
            one
            for one in self.compared
            if one.indicator.outcome is outcome and (one.indicator.featured or not featured)
        ]

    def figures(self, code: str, entity: str) -> list[Figure]:
        """One authority's figures of a headline measure through time."""
        return [figure for figure in self.series.get(code, ()) if figure.entity == entity]

    def formats(self) -> set[str]:
        """Codes of the kinds of file that the figures shown came from."""
        return {source.format for one in self.compared for source in one.indicator.sources} & {
            figure.format for figures in self.series.values() for figure in figures
        }

    @cached_property
    def gaps(self) -> list[tuple[Missing, int, list[Indicator]]]:
        """Reasons why figures of headline measures are not there: how many, and of which measures."""
        counted: dict[Missing, list[Indicator]] = {}
        by_code = {one.code: one for one in self.indicators}
        for code, figures in self.series.items():
            for figure in figures:
                if figure.entity == self.authority.number and figure.reason and code in by_code:
                    counted.setdefault(figure.reason, []).append(by_code[code])
        found = [(why, len(every), list(each_once(every))) for why, every in counted.items()]
        return sorted(found, key=lambda gap: -gap[1])


def authority_profile(
    authority: Authority, store: SeriesStore, model: str = "", topics: frozenset[str] | None = None
) -> AuthorityProfile:
    """Read an authority's figures, those of England and of its neighbours under the model asked for."""
    build = store.build
    known = neighbours_in_force(store)
    models = known.models_for(authority.number)
    chosen = model if model in models else next(iter(models), "")
    members = known.of(authority.number, chosen) if chosen else None
    visible = allowed(store.catalogue.at_level("authority"), topics)
    codes = {one.code for one in visible}
    drawn = [code for code in HEADLINES if code in codes]
    entities = [authority.number, *(members.authorities if members else ())]
    return AuthorityProfile(
        authority=authority,
        neighbours=members,
        models=models,
        names=authority_names(entities),
        compared=[one for one in _compared(store, build, authority.number) if one.indicator.code in codes],
        findings=findings_of(store, authority, chosen),
        series=by_indicator(figures_of(store.figures("authority", entities, drawn))),
        england=_england(store, build),
        indicators=visible,
        build=build,
    )


def findings_of(store: SeriesStore, authority: Authority, model: str = "") -> Sequence[Finding]:
    """Three things worth knowing about an authority, under the latest model that knows it."""
    models = neighbours_in_force(store).models_for(authority.number)
    chosen = model if model in models else next(iter(models), "")
    return _findings(store, store.build, authority.number, authority.name, chosen) if chosen else ()


@lru_cache(maxsize=2)
def _england(store: SeriesStore, build: str) -> Mapping[str, Sequence[Figure]]:
    return by_indicator(figures_of(store.figures("england", [ENGLAND])))


@lru_cache(maxsize=64)
def _compared(store: SeriesStore, build: str, number: str) -> Sequence[Comparison]:
    """Every measure beside England and the neighbours of every model that knows the authority."""
    return tuple(comparisons(store, neighbours_in_force(store), number))


@lru_cache(maxsize=64)
def _findings(store: SeriesStore, build: str, number: str, name: str, model: str) -> Sequence[Finding]:
    try:
        return tuple(findings(store, neighbours_in_force(store), number, name, model))
    except NotFound:
        return ()
