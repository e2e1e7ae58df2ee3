"""What a caterpillar draws and says: ranges always, names only where they may be known, and chance."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.cast import trend_points
from figures.test_charts import marks, texts
from redway.figures.caterpillar import Segment, caterpillar_chart, expected_by_chance
from redway.figures.chart import Measure
from redway.figures.theme import COLOURS, Role
from redway.figures.trend import SeriesMark, TrendLine, trend_chart

READING = Measure("progress in reading", "points")
AVERAGE = "average school of Milton Keynes"


def school(name: str, value: float, half: float, pupils: int = 60) -> Segment:
    pair = half * 1.39 / 1.96
    return Segment(name, value, value - half, value + half, pupils, (value - pair, value + pair))


@pytest.fixture
def schools() -> list[Segment]:
    return [
        school("Oak Hill School", 2.1, 1.7),
        school("Ashby School", -1.4, 1.0),
        school("Brook School", 0.3, 2.2, pupils=14),
        school("Linden School", -0.4, 1.1),
    ]


def ranges(chart: Any) -> list[dict[str, Any]]:
    """The 95% ranges drawn, in the order of the schools."""
    drawn = [
        record
        for layer in marks(chart, "rule")
        if layer["encoding"]["y"].get("field") == "lower"
        for record in layer["data"]["values"]
    ]
    return sorted(drawn, key=lambda record: record["place"])


def test_every_school_has_its_range_from_the_lowest_estimate_to_the_highest(schools: list[Segment]) -> None:
    chart = caterpillar_chart("How do schools differ?", READING, schools, AVERAGE, "Oak Hill School")
    assert [(one["value"], one["lower"], one["upper"]) for one in ranges(chart)] == [
        (-1.4, -2.4, pytest.approx(-0.4)),
        (-0.4, pytest.approx(-1.5), pytest.approx(0.7)),
        (0.3, pytest.approx(-1.9), 2.5),
        (2.1, pytest.approx(0.4), pytest.approx(3.8)),
    ]


def test_one_school_is_named_beside_its_range_and_no_other_is(schools: list[Segment]) -> None:
    chart = caterpillar_chart("How do schools differ?", READING, schools, AVERAGE, "Oak Hill School")
    assert "Oak Hill School +2.1" in texts(chart)
    assert "Ashby School" not in texts(chart)
    coloured = [
        layer for layer in marks(chart, "rule") if layer["mark"].get("color") == COLOURS[Role.HIGHLIGHTED]
    ]
    assert [layer["data"]["values"][0]["name"] for layer in coloured] == ["Oak Hill School"]


def test_the_words_say_how_many_differ_and_how_many_would_by_chance(schools: list[Segment]) -> None:
    chart = caterpillar_chart("How do schools differ?", READING, schools, AVERAGE, "Oak Hill School")
    assert chart.text_alternative == (
        "Oak Hill School: progress in reading +2.1 points (95% range +0.4 to +3.8), above the average "
        "school of Milton Keynes by more than chance explains. Of 4 schools, 2 differ from the average "
        "school of Milton Keynes by more than chance explains: 1 above and 1 below. If all schools were "
        "alike, chance alone would set hardly any apart."
    )


def test_a_school_whose_range_reaches_the_average_is_not_said_to_differ(schools: list[Segment]) -> None:
    chart = caterpillar_chart("How do schools differ?", READING, schools, AVERAGE, "Brook School")
    assert "which cannot be told apart from the average school of Milton Keynes" in chart.text_alternative


def test_one_in_twenty_schools_is_set_apart_by_chance() -> None:
    assert [expected_by_chance(schools) for schools in (4, 20, 63, 100)] == [0, 1, 3, 5]


def test_the_table_is_in_the_order_of_names_and_never_a_ranking(schools: list[Segment]) -> None:
    chart = caterpillar_chart("How do schools differ?", READING, schools, AVERAGE)
    assert [row["name"] for row in chart.table.rows] == [
        "Ashby School",
        "Brook School",
        "Linden School",
        "Oak Hill School",
    ]
    assert not any("rank" in column.key or "place" in column.key for column in chart.table.columns)


def test_schools_that_the_reader_may_not_know_are_nowhere_by_name_and_in_the_table_only_as_a_spread() -> None:
    crowd = [school("", value / 2, 1.0) for value in range(-8, 8)]
    chart = caterpillar_chart("?", READING, [*crowd, school("Oak Hill School", 2.1, 1.7)], AVERAGE)
    assert [row["name"] for row in chart.table.rows] == ["Oak Hill School"]
    assert chart.table.notes[1] == (
        "The other 16 schools are not named. Their estimates lie between -4.0 and +3.5, the middle half of "
        "them between -2.0 and +1.5."
    )
    assert "Another school: -4.0 points (95% range -5.0 to -3.0)" in json.dumps(chart.spec)


def test_ranges_for_comparing_two_schools_are_drawn_and_tabled_when_asked_for(schools: list[Segment]) -> None:
    plain = caterpillar_chart("?", READING, schools, AVERAGE)
    paired = caterpillar_chart("?", READING, schools, AVERAGE, pairwise=True)
    shorter = [one for one in marks(paired, "rule") if one["encoding"]["y"].get("field") == "pair_low"]
    assert len(shorter) == 1
    assert not [one for one in marks(plain, "rule") if one["encoding"]["y"].get("field") == "pair_low"]
    assert "pair_low" in {column.key for column in paired.table.columns}
    assert "pair_low" not in {column.key for column in plain.table.columns}


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 20)), min_size=1, max_size=60))
def test_nought_and_every_range_lie_inside_the_axis(drawn: list[tuple[float, float]]) -> None:
    schools = [school(f"School {at}", value, half) for at, (value, half) in enumerate(drawn)]
    chart = caterpillar_chart("?", READING, schools, AVERAGE, "School 0")
    low, high = marks(chart, "rule")[0]["encoding"]["y"]["scale"]["domain"]
    assert low < 0 < high
    assert all(low < one.lower <= one.upper < high for one in schools)


def test_with_no_school_there_is_a_sentence_and_no_crash() -> None:
    assert caterpillar_chart("?", READING, [], AVERAGE).text_alternative == "There is no school to show."


def test_a_mark_on_a_trend_names_what_happened_and_does_not_part_the_line() -> None:
    line = TrendLine(
        "Oak Hill Academy", trend_points({2022: 1.0, 2023: 1.4, 2024: 0.8}, 0.5), Role.HIGHLIGHTED
    )
    mark = SeriesMark("2023-24", "new URN", "From 2023-24 under a new number, URN 100020")
    chart = trend_chart("?", READING, [line], marks=[mark])
    assert {record["stretch"] for record in chart.spec["data"]["values"]} == {"Oak Hill Academy 0"}
    assert "new URN" in texts(chart)
    assert chart.table.notes == ["From 2023-24 under a new number, URN 100020."]
    assert chart.text_alternative.endswith("From 2023-24 under a new number, URN 100020.")
