"""The charts of an authority's page: headline measures through time, and beside each neighbour."""

from __future__ import annotations

from statistics import fmean

from django.urls import reverse

from redway.figures.chart import Chart
from redway.figures.comparison import Compared, Reference, Style, comparison_chart
from redway.figures.theme import PAGE, Role
from redway.figures.trend import TrendLine, TrendPoint, trend_chart
from redway.indicators.comparison import Comparison
from redway.web.authorities.profile import AuthorityProfile
from redway.web.design.charts import ChartView
from redway.web.measures.showing import breaks_of, charted, in_period, line

TREND, BESIDE = "trend", "beside"
FEWEST_NEIGHBOURS = 7
"""A mean of fewer neighbours is not drawn: it would be another group every year."""


def views_of(profile: AuthorityProfile) -> list[tuple[Comparison, ChartView, ChartView]]:
    """For each headline: its trend, and the authority beside its neighbours in the latest period."""
    return [
        (one, _view(profile, one, TREND), _view(profile, one, BESIDE))
        for one in profile.headlines
        if profile.figures(one.indicator.code, profile.authority.number)
    ]


def chart_of(profile: AuthorityProfile, name: str, width: int = PAGE) -> Chart | None:
    """The chart of that name ('trend-secondary-absence'), or None."""
    kind, _, code = name.partition("-")
    one = next((each for each in profile.headlines if each.indicator.code == code), None)
    if one is None:
        return None
    if kind == TREND:
        return _trend(profile, one, width)
    return _beside(profile, one, width) if kind == BESIDE else None


def _view(profile: AuthorityProfile, one: Comparison, kind: str) -> ChartView:
    name = f"{kind}-{one.indicator.code}"
    drawn = chart_of(profile, name)
    assert drawn is not None
    address = reverse("authorities:chart", args=[profile.authority.number, name, "svg"])
    return ChartView(
        name,
        drawn,
        address.removesuffix(".svg"),
        profile.build,
        f"Source: {one.indicator.publisher}.",
        f"model={profile.model}" if profile.model else "",
    )


def _trend(profile: AuthorityProfile, one: Comparison, width: int) -> Chart:
    code = one.indicator.code
    lines = [
        line(profile.authority.name, profile.figures(code, profile.authority.number), Role.HIGHLIGHTED),
        line("England", profile.england.get(code, ()), Role.ENGLAND),
    ]
    mean = _mean_of_neighbours(profile, code)
    if mean is not None:
        lines.append(mean)
    held = [each for each in lines if any(point.value is not None for point in each.points)]
    title = f"{one.indicator.title}: how has {profile.authority.name} changed?"
    return trend_chart(title, charted(one.indicator), held, breaks_of(one.indicator), width)


def _mean_of_neighbours(profile: AuthorityProfile, code: str) -> TrendLine | None:
    if profile.neighbours is None:
        return None
    values: dict[tuple[str, object], list[float]] = {}
    for figure in profile.series.get(code, ()):
        if figure.entity != profile.authority.number and figure.value is not None:
            values.setdefault((figure.period, figure.period_end), []).append(figure.value)
    points = [
        TrendPoint(period, end, fmean(held))  # type: ignore[arg-type]
        for (period, end), held in values.items()
        if len(held) >= FEWEST_NEIGHBOURS
    ]
    label = f"Neighbours' mean ({profile.model} model)"
    return TrendLine(label, points, Role.NEIGHBOURS) if points else None


def _beside(profile: AuthorityProfile, one: Comparison, width: int) -> Chart:
    code, period = one.indicator.code, one.figure.period
    members = profile.neighbours.authorities if profile.neighbours else ()
    compared = []
    for number in (profile.authority.number, *members):
        figure = in_period(profile.figures(code, number), period)
        own = number == profile.authority.number
        compared.append(
            Compared(
                profile.names.get(number, number),
                figure.value if figure else None,
                figure.lower if figure else None,
                figure.upper if figure else None,
                figure.reason if figure else None,
                Role.HIGHLIGHTED if own else Role.NEIGHBOURS,
            )
        )
    england = in_period(profile.england.get(code, ()), period)
    reference = Reference("England", england.value) if england and england.value is not None else None
    named = f" ({profile.model} model, nearest first)" if profile.model else ""
    title = f"{one.indicator.title}, {period}: {profile.authority.name} and its neighbours{named}"
    return comparison_chart(title, charted(one.indicator), compared, reference, Style.BAR, width)
