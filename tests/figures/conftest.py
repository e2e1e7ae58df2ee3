"""Lines and points of the made-up Oak Hill School."""

import pytest

from figures.cast import trend_points
from redway.figures.funnel import FunnelLimit, FunnelPoint
from redway.figures.theme import Role
from redway.figures.trend import TrendLine


@pytest.fixture
def absence_lines() -> list[TrendLine]:
    return [
        TrendLine(
            "Oak Hill School",
            trend_points({2016: 7.4, 2017: 7.9, 2018: 7.2, 2019: None, 2020: None, 2021: 9.8}, 0.7),
            Role.HIGHLIGHTED,
        ),
        TrendLine(
            "England",
            trend_points({2016: 5.4, 2017: 5.5, 2018: 5.5, 2019: None, 2020: None, 2021: 9.0}),
            Role.ENGLAND,
        ),
    ]


@pytest.fixture
def funnel_points() -> list[FunnelPoint]:
    # n = 30 at a standard of 62%: 13 passing lie inside the 95% funnel, 12 outside it, 9 outside 99.8%.
    return [
        FunnelPoint("Oak Hill School", 30, 40.0, "beyond 95% limits, within 99.8%"),
        FunnelPoint("Linden School", 30, 43.3, "within 95% limits"),
        FunnelPoint("Brook School", 30, 30.0, "beyond 99.8% limits"),
        FunnelPoint("Ashby School", 180, 62.0, "within 95% limits"),
    ]


@pytest.fixture
def funnel_limits() -> list[FunnelLimit]:
    return [FunnelLimit(30, 33.3, 43.3, 80.0, 90.0), FunnelLimit(180, 50.6, 55.0, 69.4, 73.3)]
