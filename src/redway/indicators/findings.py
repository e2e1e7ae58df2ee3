"""Three things worth knowing about an authority, and how sure one can be of each.

Every featured measure with a good and a bad side, and every rate of need, is set beside the mean of the
authority's statistical neighbours, under a named model. A gap must pass two tests before it is a finding:

- *Is it more than a wobble?* Gaps of all authorities move a little from year to year without lasting
  change; that movement is learned from the data. As many measures are looked at, the bar is raised so that
  at most one finding in twenty would be a wobble (Benjamini and Hochberg 1995), and the gap must have lain
  on the same side the time before.
- *Is it unusual?* Neighbours differ among themselves too, so the clearest findings are those far out in
  the neighbours' own spread. They come first, one a topic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import polars as pl

from redway.core.identifiers import ENGLAND
from redway.indicators.catalogue import Indicator, Polarity
from redway.indicators.chance import one_in
from redway.indicators.comparison import Comparison, Gap, comparisons
from redway.indicators.neighbours import LATEST_MODEL, Neighbours
from redway.indicators.store import SeriesStore

FEWEST_NEIGHBOURS = 7
"""A mean of fewer neighbours than this is not compared with."""
FALSE_SHARE = 0.05
OLDEST_YEARS = 3
"""A measure whose latest figure is this many years older than the newest held is history, not news."""

_HEADLINES = (
    "ks2-reading-writing-maths",
    "secondary-absence",
    "ks4-attainment8",
    "good-level-of-development",
)


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing. ``lower`` and ``upper`` bound the gap 95 times in 100."""

    indicator: Indicator
    comparison: Comparison
    gap: Gap
    lower: float
    upper: float
    probability: float
    """How likely the movement from year to year alone would give a gap at least this wide."""
    stands_out: bool
    """False for a headline that cannot be told from its neighbours: worth knowing too."""
    title: str
    text: str


def findings(
    store: SeriesStore,
    neighbours: Neighbours,
    authority: str,
    who: str = "The authority",
    model: str = LATEST_MODEL,
    count: int = 3,
) -> list[Finding]:
    """Up to ``count`` findings: the clearest that stand out, one a topic, then headlines that do not.

    ``who`` is the authority's name in the sentences. Raises NotFound when the model names no neighbours.
    """
    weighed = _weigh_all(store, neighbours, authority, model)
    bar = _bar([one.probability for one in weighed])
    standing = [one for one in weighed if one.persists and one.probability <= bar]
    chosen = _varied(sorted(standing, key=lambda one: (-one.unusual, one.code)), count)
    headlines = [one for one in weighed if one.code in _HEADLINES and one not in standing]
    headlines.sort(key=lambda one: _HEADLINES.index(one.code))
    rest = headlines[: count - len(chosen)]
    told = [_finding(one, who, len(weighed), stands_out=True) for one in chosen]
    return told + [_finding(one, who, len(weighed), stands_out=False) for one in rest]


@dataclass(frozen=True)
class _Weighed:
    comparison: Comparison
    gap: Gap
    error: float
    probability: float
    before: float | None

    @property
    def code(self) -> str:
        return self.comparison.indicator.code

    @property
    def persists(self) -> bool:
        """Did the gap lie on the same side the time before?"""
        return self.before is not None and self.before * self.gap.gap > 0

    @property
    def unusual(self) -> float:
        """How far out the gap is, in the spread of the neighbours and the yearly movement together."""
        return abs(self.gap.gap) / math.hypot(self.gap.spread or 0.0, self.error)


def _weigh_all(store: SeriesStore, neighbours: Neighbours, authority: str, model: str) -> list[_Weighed]:
    codes = tuple(one.code for one in _compared(store))
    found = comparisons(store, neighbours, authority, codes, models=[model])
    newest = max((one.figure.period_end.year for one in found), default=0)
    recent = [one for one in found if newest - one.figure.period_end.year < OLDEST_YEARS]
    movement = _movement(store, store.build, codes)
    before = _gaps_before(store, neighbours.of(authority, model).authorities, authority, recent)
    weighed = (
        _weigh(one, movement.get(one.indicator.code), before.get(one.indicator.code)) for one in recent
    )
    return [one for one in weighed if one is not None]


def _compared(store: SeriesStore) -> list[Indicator]:
    """Featured measures with a good and a bad side, and rates of need; not what describes the place."""
    return [
        one
        for one in store.catalogue.at_level("authority")
        if one.featured
        and not one.is_grade
        and (one.polarity is not Polarity.NEUTRAL or one.unit.startswith("per "))
    ]


def _weigh(one: Comparison, movement: float | None, before: float | None) -> _Weighed | None:
    gap = next((each for each in one.gaps if each.model), None)
    if gap is None or not movement or (gap.members or 0) < FEWEST_NEIGHBOURS:
        return None
    error = movement * (1 + 1 / (gap.members or 1)) ** 0.5
    probability = 2 * (1 - NormalDist().cdf(abs(gap.gap) / error))
    return _Weighed(one, gap, error, probability, before)


@lru_cache(maxsize=8)
def _movement(store: SeriesStore, build: str, codes: tuple[str, ...]) -> Mapping[str, float]:
    """How far an authority's gap to England strays in one year, by measure (as a standard deviation).

    Half the variance of the yearly change of the gap, over all authorities, by the median so that a few
    great changes do not widen it. Real change is in it too, which errs on the side of caution.
    """
    rows = store.across_many("authority", codes).select(
        "entity", "indicator", "period", "period_end", "value"
    )
    england = store.figures("england", [ENGLAND], codes).select(
        "indicator", "period", pl.col("value").alias("england")
    )
    gaps = rows.join(england, on=["indicator", "period"]).with_columns(
        (pl.col("value") - pl.col("england")).alias("gap")
    )
    changes = (
        gaps.drop_nulls("gap")
        .sort("indicator", "entity", "period_end")
        .with_columns(
            pl.col("gap").diff().over("indicator", "entity").alias("change"),
            pl.col("period_end").diff().dt.total_days().over("indicator", "entity").alias("days"),
        )
        .filter(pl.col("days").is_between(360, 370))
    )
    spread = changes.group_by("indicator").agg(
        (pl.col("change").abs().median() * 1.4826 / 2**0.5).alias("movement"), pl.len().alias("n")
    )
    return dict(spread.filter(pl.col("n") >= 100).select("indicator", "movement").iter_rows())


def _gaps_before(
    store: SeriesStore, members: Sequence[str], authority: str, found: Sequence[Comparison]
) -> Mapping[str, float]:
    """The gap to the same neighbours in the latest earlier period held, unless a break lies between."""
    rows = store.figures("authority", [authority, *members], [one.indicator.code for one in found])
    held = rows.filter(pl.col("value").is_not_null())
    mine = held.filter(pl.col("entity") == authority)
    means = (
        held.filter(pl.col("entity") != authority)
        .group_by("indicator", "period")
        .agg(pl.col("value").mean().alias("mean"), pl.len().alias("n"))
        .filter(pl.col("n") >= FEWEST_NEIGHBOURS)
    )
    gaps = mine.join(means, on=["indicator", "period"]).with_columns(
        (pl.col("value") - pl.col("mean")).alias("gap")
    )
    before = {}
    for one in found:
        earlier = gaps.filter(
            (pl.col("indicator") == one.indicator.code) & (pl.col("period_end") < one.figure.period_end)
        ).sort("period_end")
        if earlier.height:
            row = earlier.row(-1, named=True)
            if one.indicator.break_between(row["period"], one.figure.period) is None:
                before[one.indicator.code] = row["gap"]
    return before


def _bar(probabilities: Sequence[float]) -> float:
    """The largest probability that still counts when one in twenty findings may be luck."""
    ordered = sorted(probabilities)
    passing = [each for rank, each in enumerate(ordered, 1) if each <= FALSE_SHARE * rank / len(ordered)]
    return max(passing, default=-1.0)


def _varied(standing: Sequence[_Weighed], count: int) -> list[_Weighed]:
    """The clearest, one a topic, with something on the other side too where there is any."""
    chosen: list[_Weighed] = []
    for one in standing:
        if all(one.comparison.indicator.topic != other.comparison.indicator.topic for other in chosen):
            chosen.append(one)
    first = chosen[:count]
    if first and len({one.gap.verdict for one in first}) == 1:
        other_side = [one for one in chosen[count:] if one.gap.verdict != first[0].gap.verdict]
        if other_side:
            first[-1] = other_side[0]
    return first


def _finding(one: _Weighed, who: str, compared: int, *, stands_out: bool) -> Finding:
    indicator, figure, gap = one.comparison.indicator, one.comparison.figure, one.gap
    half = NormalDist().inv_cdf(0.975) * one.error
    lower, upper = gap.gap - half, gap.gap + half
    place = f"the mean of its {gap.name.removeprefix('mean of ')}"
    says = (
        f"{who}: {indicator.show(figure.value)} in {figure.period}; {place} is {indicator.show(gap.value)}. "
        f"The gap is {indicator.show_gap(gap.gap)}, likely between {indicator.show_gap(lower)} and "
        f"{indicator.show_gap(upper)}. {_among(gap)}"
    )
    if stands_out:
        title = f"{indicator.title}: {gap.verdict} than {place}"
        luck = (
            f"The usual movement from year to year would give a gap this wide {_rarely(one.probability)}. "
            f"{compared} measures were compared and the bar was raised for that."
        )
    else:
        title = f"{indicator.title}: no clear difference from {place}"
        luck = "Gaps this size come and go from year to year: no reason for alarm or for praise."
    return Finding(
        indicator, one.comparison, gap, lower, upper, one.probability, stands_out, title, f"{says} {luck}"
    )


def _among(gap: Gap) -> str:
    above, members = gap.above or 0, gap.members or 0
    if above in (0, members):
        return f"It is {'higher' if above else 'lower'} than all {members} of them."
    return f"It is higher than {above} of the {members}."


def _rarely(probability: float) -> str:
    # Tails beyond this are a matter of the model and not of the data.
    return "less than 1 time in 1,000" if probability < 0.001 else f"{one_in(probability)} times"
