"""Structure of each kind of chart: what is drawn, what is said, what stands in the table."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from figures.cast import ABSENCE, trend_points
from redway.core.errors import NotFound
from redway.core.missing import Missing
from redway.figures.areas import ATTRIBUTION, authority_outline, small_areas
from redway.figures.chart import Chart, Measure
from redway.figures.comparison import Compared, Reference, Style, comparison_chart
from redway.figures.crowd import gathered
from redway.figures.distribution import Quarters, Value, distribution_chart
from redway.figures.funnel import FunnelLimit, FunnelPoint, Standard, funnel_chart
from redway.figures.inspections import Inspection, inspection_timeline
from redway.figures.maps import Place, points_map, shaded_map
from redway.figures.sparkline import sparkline
from redway.figures.theme import COLOURS, Role
from redway.figures.trend import SeriesBreak, TrendLine, trend_chart

ATTAINMENT = Measure("pupils reaching the standard", "percent")


def layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec.get("layer", []):
        yield layer
        yield from layers(layer)


def marks(chart: Chart, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in layers(chart.spec) if layer.get("mark", {}).get("type") == kind]


def texts(chart: Chart) -> str:
    """Every word that is drawn from data."""
    found = []
    for layer in marks(chart, "text"):
        field = layer["encoding"].get("text", {}).get("field")
        for record in layer["data"]["values"]:
            said = record.get(field, layer["mark"].get("text", "")) if field else layer["mark"]["text"]
            found.append(" ".join(said) if isinstance(said, list) else said)
    return "\n".join(found)


def test_a_trend_labels_its_lines_directly_and_needs_no_legend(absence_lines: list[TrendLine]) -> None:
    chart = trend_chart("Is absence above England?", ABSENCE, absence_lines)
    assert "Oak Hill School 9.8%" in texts(chart)
    assert "England 9.0%" in texts(chart)
    assert all(
        layer["encoding"]["color"]["legend"] is None
        for layer in layers(chart.spec)
        if "field" in layer.get("encoding", {}).get("color", {})
    )


def test_a_trend_is_broken_where_figures_are_missing(absence_lines: list[TrendLine]) -> None:
    chart = trend_chart("Is absence above England?", ABSENCE, absence_lines)
    drawn = [record for record in chart.spec["data"]["values"] if record["line"] == "Oak Hill School"]
    stretches = {record["said"].split(",")[1].split(":")[0].strip(): record["stretch"] for record in drawn}
    assert stretches["2016-17"] == stretches["2018-19"] != stretches["2021-22"]
    assert all(record["value"] is not None for record in drawn)


def test_a_trend_is_broken_where_periods_are_not_even_listed() -> None:
    points = trend_points({2016: 7.4, 2017: 7.9, 2018: 7.2, 2021: 9.8, 2022: 9.3})
    chart = trend_chart("?", ABSENCE, [TrendLine("Oak Hill School", points, Role.HIGHLIGHTED)])
    stretches = [record["stretch"] for record in chart.spec["data"]["values"]]
    assert stretches == [*["Oak Hill School 0"] * 3, *["Oak Hill School 1"] * 2]


def test_a_trend_is_broken_where_the_measure_changed_and_says_why(absence_lines: list[TrendLine]) -> None:
    chart = trend_chart(
        "Is absence above England?",
        ABSENCE,
        absence_lines,
        [SeriesBreak("2018-19", "the threshold fell to 10%")],
    )
    drawn = [record for record in chart.spec["data"]["values"] if record["line"] == "England"]
    assert len({record["stretch"] for record in drawn}) == 3
    assert list(chart.table.notes) == ["Break in series at 2018-19: the threshold fell to 10%"]
    assert "before 2018-19 cannot be compared" in chart.text_alternative
    assert "break" in texts(chart)


def test_a_trend_says_what_it_shows_with_its_interval(absence_lines: list[TrendLine]) -> None:
    said = trend_chart("Is absence above England?", ABSENCE, absence_lines).text_alternative
    assert said == (
        "Oak Hill School: secondary absence was 9.8% (95% interval 9.1% to 10.5%) in 2021-22 "
        "and 7.4% (95% interval 6.7% to 8.1%) in 2016-17. In 2021-22: England 9.0%. "
        "2 periods have no figure: 2019-20 and 2020-21."
    )


def test_the_table_of_a_trend_gives_the_reason_for_each_gap(absence_lines: list[TrendLine]) -> None:
    rows = trend_chart("Is absence above England?", ABSENCE, absence_lines).table.shown()
    assert rows[3][:2] == ["2019-20", Missing.NOT_PRODUCED.label]
    assert rows[5] == ["2021-22", "9.8%", "9.1%", "10.5%", "9.0%"]


def test_a_trend_without_any_figure_says_so() -> None:
    chart = trend_chart(
        "?", ABSENCE, [TrendLine("Oak Hill School", trend_points({2019: None}), Role.HIGHLIGHTED)]
    )
    assert chart.text_alternative == "No figure of secondary absence is held for Oak Hill School."


def test_a_funnel_highlights_one_school_in_a_grey_crowd(
    funnel_points: list[FunnelPoint], funnel_limits: list[FunnelLimit]
) -> None:
    chart = funnel_chart(
        "By more than chance?",
        ATTAINMENT,
        funnel_points,
        funnel_limits,
        Standard("England", 62.0),
        "Oak Hill School",
    )
    crowd, chosen = marks(chart, "point")
    assert (crowd["mark"]["color"], len(crowd["data"]["values"])) == (COLOURS[Role.CROWD], 3)
    assert (chosen["mark"]["color"], len(chosen["data"]["values"])) == (COLOURS[Role.HIGHLIGHTED], 1)
    assert len(marks(chart, "line")) == 4  # two pairs of limits
    for label in ("Oak Hill School 40.0%", "England 62.0%", "95% limits", "99.8% limits"):
        assert label in texts(chart)


def test_a_funnel_says_how_many_chance_would_flag(
    funnel_points: list[FunnelPoint], funnel_limits: list[FunnelLimit]
) -> None:
    chart = funnel_chart(
        "By more than chance?",
        ATTAINMENT,
        funnel_points,
        funnel_limits,
        Standard("England", 62.0),
        "Oak Hill School",
    )
    assert chart.text_alternative == (
        "4 schools against England (62.0%): 2 lie beyond the 95% limits; about 0.2 would by chance alone. "
        "Oak Hill School, with 40.0% of 30, is beyond 95% limits, within 99.8%."
    )


def test_a_funnel_is_no_league_table(
    funnel_points: list[FunnelPoint], funnel_limits: list[FunnelLimit]
) -> None:
    chart = funnel_chart("?", ATTAINMENT, funnel_points, funnel_limits, Standard("England", 62.0))
    assert [row[0] for row in chart.table.shown()] == sorted(point.label for point in funnel_points)


def test_a_large_crowd_is_gathered_without_losing_its_outline() -> None:
    points = [(n % 173, (n * 7) % 101, f"School {n}") for n in range(15_000)]
    drawn = gathered(points, 173, 101)
    assert len(drawn) <= 49 * 49
    assert min(x for x, _, _ in drawn) == 0
    assert any("more" in said for _, _, said in drawn)


def quarters(n: int) -> Quarters:
    return Quarters(55.0, 62.0, 68.0, n, "England")


def test_a_distribution_marks_the_middle_half_and_one_school() -> None:
    values = [Value(f"School {n}", 40.0 + n) for n in range(40)] + [Value("Oak Hill School", 40.5)]
    chart = distribution_chart("Where does it lie?", ATTAINMENT, values, quarters(41), "Oak Hill School")
    assert marks(chart, "rect")[0]["data"]["values"] == [{"q1": 55.0, "median": 62.0, "q3": 68.0}]
    assert "Median 62.0%" in texts(chart)
    assert "Oak Hill School 40.5%" in texts(chart)
    assert chart.text_alternative == (
        "Pupils reaching the standard: half of 41 schools (England) lie between 55.0% and 68.0%; "
        "the median is 62.0%. Oak Hill School has 40.5%; 1 of the 41 schools shown is lower."
    )


def test_a_distribution_of_thousands_becomes_bars_from_nought() -> None:
    values = [Value(f"School {n}", n % 97) for n in range(5_000)]
    chart = distribution_chart("Where?", ATTAINMENT, values, quarters(5_000))
    (bars,) = marks(chart, "bar")
    assert sum(record["pile"] for record in bars["data"]["values"]) == 5_000
    assert bars["encoding"]["y"]["scale"]["domain"][0] == 0


def compared() -> list[Compared]:
    return [
        Compared("Milton Keynes", 8.59, 8.4, 8.8, role=Role.HIGHLIGHTED),
        Compared("Bedford", 7.9, 7.7, 8.1),
        Compared("Leeds", None, missing=Missing.SUPPRESSED),
    ]


def test_bars_start_at_nought_and_carry_their_interval() -> None:
    chart = comparison_chart("Above its neighbours?", ABSENCE, compared(), Reference("England", 8.44))
    (bars,) = marks(chart, "bar")
    assert bars["encoding"]["x"]["scale"]["domain"][0] == 0
    assert bars["encoding"]["x2"] == {"datum": 0}
    assert any(layer["encoding"].get("x2") == {"field": "upper"} for layer in marks(chart, "rule"))


def test_one_without_a_figure_keeps_its_place_and_says_why() -> None:
    chart = comparison_chart("Above its neighbours?", ABSENCE, compared())
    assert Missing.SUPPRESSED.label in texts(chart)
    assert [row[0] for row in chart.table.shown()] == ["Milton Keynes", "Bedford", "Leeds"]
    assert chart.text_alternative == (
        "Milton Keynes: secondary absence 8.6% (95% interval 8.4% to 8.8%). "
        "The 1 other with a figure has 7.9%. No figure is held for Leeds."
    )


def test_dots_need_no_nought() -> None:
    chart = comparison_chart(
        "?", Measure("Progress 8 score", "", 2), [Compared("Oak Hill School", 0.5, 0.3, 0.7)], style=Style.DOT
    )
    (dots,) = marks(chart, "point")
    assert dots["encoding"]["x"]["scale"]["domain"][0] > 0


def test_a_unit_is_named_once_and_what_has_no_range_says_so() -> None:
    chart = comparison_chart(
        "?",
        Measure("average Attainment 8", "points"),
        [Compared("Estimate", 45.2, 41.9, 48.4), Compared("Outturn 2024-25", 44.9)],
        Reference("Target", 44.0),
    )
    assert [column.heading for column in chart.table.columns][1] == "Average Attainment 8 (points)"
    assert chart.table.shown()[1:] == [
        ["Outturn 2024-25", "44.9", "No range", "No range"],
        ["Target", "44.0", "No range", "No range"],
    ]


def test_a_negative_bar_hangs_from_nought() -> None:
    chart = comparison_chart("?", Measure("balance", "pounds", 0), [Compared("Oak Hill School", -1000.0)])
    low, high = marks(chart, "bar")[0]["encoding"]["x"]["scale"]["domain"]
    assert low < -1000
    assert high == 0


def test_inspections_keep_the_predecessors_grade_apart() -> None:
    chart = inspection_timeline(
        "How has it been judged?",
        [
            Inspection(date(2024, 11, 5), "", "Full inspection", "Oak Hill Academy"),
            Inspection(
                date(2009, 3, 3), "Inadequate", "Full inspection", "Oak Hill School", is_predecessor=True
            ),
        ],
    )
    assert [row[3] for row in chart.table.shown()] == ["Oak Hill Academy", "Oak Hill School (predecessor)"]
    assert chart.text_alternative == (
        "2 inspections from 3 March 2009 to 5 November 2024. "
        "The latest overall grade is Inadequate, given on 3 March 2009 under Oak Hill School, "
        "since replaced. "
        "1 inspection since then gave no overall grade. "
        "Hollow points are grades of a school that this one replaced."
    )
    drawn = {
        (record["shape"], record["row"])
        for layer in marks(chart, "point")
        for record in layer["data"]["values"]
    }
    assert drawn == {("predecessor", 3), ("ungraded", 4)}


def test_no_inspection_is_said_too() -> None:
    assert inspection_timeline("?", []).text_alternative == "No inspection is held."


def test_a_sparkline_tells_the_whole_trend_in_words() -> None:
    chart = sparkline("Oak Hill School", ABSENCE, trend_points({2016: 7.4, 2017: None, 2018: 7.2}))
    line, dot = chart.spec["layer"]
    assert [record["stretch"] for record in line["data"]["values"]] == [0, 1]
    assert len(dot["data"]["values"]) == 1
    assert "7.2% in 2018-19 and 7.4% in 2016-17" in chart.text_alternative


def test_schools_lie_on_the_map_of_their_own_wards() -> None:
    wards = small_areas("wards", "E06000042")
    chart = points_map(
        "Where is it?",
        wards,
        [Place("Oak Hill School", 486_000, 238_000), Place("Linden School", 487_000, 234_000)],
    )
    assert len(wards) == 19
    assert chart.text_alternative == "2 schools on a map of 19 areas."
    assert list(chart.table.notes) == [ATTRIBUTION]
    assert chart.spec["projection"]["type"] == "identity"


def test_a_shaded_map_names_its_steps_and_the_areas_without_a_figure() -> None:
    wards = small_areas("wards", "E06000042")
    values: dict[str, float | Missing] = {area.code: float(at) for at, area in enumerate(wards)}
    values[wards[0].code] = Missing.SUPPRESSED
    chart = shaded_map("Where is it high?", ABSENCE, wards, values)
    (shapes,) = marks(chart, "geoshape")
    scale = shapes["encoding"]["color"]["scale"]
    assert scale["domain"] == [
        "1.0% to 3.0%", "4.0% to 7.0%", "8.0% to 10.0%", "11.0% to 14.0%", "15.0% to 18.0%", "No figure",
    ]  # fmt: skip
    assert scale["range"][-1] == "#ffffff"
    assert "from 1.0%" in chart.text_alternative
    assert "1 area has no figure" in chart.text_alternative


@pytest.mark.parametrize(("values", "steps"), [([], 0), ([5.0], 1), ([5.0, 5.0, 6.0], 2)])
def test_few_values_make_few_steps(values: list[float], steps: int) -> None:
    wards = small_areas("wards", "E06000042")[: len(values)]
    chart = shaded_map("?", ABSENCE, wards, dict(zip((a.code for a in wards), values, strict=True)))
    assert len(marks(chart, "geoshape")[0]["encoding"]["color"]["scale"]["domain"]) == steps


def test_boundaries_not_bundled_are_said_to_be_so() -> None:
    with pytest.raises(NotFound):
        small_areas("wards", "E09000004")
    assert authority_outline("E08000035") == ()
    assert [area.name for area in authority_outline("E10000016")] == ["Kent"]
