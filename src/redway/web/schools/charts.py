"""The charts of a school's profile: each headline measure through time, beside England and the authority."""

from __future__ import annotations

from django.urls import reverse

from redway.figures.chart import Chart
from redway.figures.theme import PAGE, Role
from redway.figures.trend import trend_chart
from redway.indicators.catalogue import Indicator
from redway.web.design.charts import ChartView
from redway.web.measures.showing import Figure, breaks_of, charted, line, periods_between
from redway.web.schools.profile import Profile

FEWEST_PERIODS = 2
"""One figure is no trend."""


def has_trend(profile: Profile, indicator: Indicator) -> bool:
    """Are there at least two periods with a value?"""
    return sum(figure.value is not None for figure in profile.trend(indicator)) >= FEWEST_PERIODS


def trend_of(profile: Profile, indicator: Indicator, width: int = PAGE) -> Chart:
    """One measure of the school through time."""
    own = profile.trend(indicator)
    code = profile.counterpart(indicator)
    first, last = own[0].period_end, own[-1].period_end
    published = [*profile.england.get(code, ()), *profile.authority.get(code, ())]
    periods = periods_between(published, first, last)
    lines = [line(profile.school.shown_name, own, Role.HIGHLIGHTED, periods)]
    for name, figures, role in (
        ("England", profile.england.get(code, ()), Role.ENGLAND),
        (profile.school.authority_name, profile.authority.get(code, ()), Role.AUTHORITY),
    ):
        within = [each for each in figures if first <= each.period_end <= last]
        if _some_value(within):
            lines.append(line(name, within, role))
    title = f"{indicator.title}: how has the school changed?"
    return trend_chart(title, charted(indicator), lines, breaks_of(indicator), width)


def _some_value(figures: list[Figure]) -> bool:
    return any(figure.value is not None for figure in figures)


def trend_views(profile: Profile) -> list[tuple[ChartView, str]]:
    """The charts of the headlines, each with what small numbers and chance have to say about it."""
    return [
        (
            ChartView(
                one.indicator.code,
                trend_of(profile, one.indicator),
                address_of(profile, one.indicator),
                profile.build,
                source=f"Source: {one.indicator.publisher}.",
            ),
            " ".join(filter(None, [profile.pooled(one.indicator), profile.chance_of(one.indicator)])),
        )
        for one in profile.headlines
        if has_trend(profile, one.indicator)
    ]


def address_of(profile: Profile, indicator: Indicator) -> str:
    """Address of a trend chart, without its extension."""
    address = reverse("schools:chart", args=[profile.school.current_urn, indicator.code, "svg"])
    return address.removesuffix(".svg")
