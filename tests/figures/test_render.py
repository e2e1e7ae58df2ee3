import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import vl_convert

from figures.cast import ABSENCE, trend_points
from redway.figures.areas import small_areas
from redway.figures.chart import Chart
from redway.figures.comparison import Compared, comparison_chart
from redway.figures.distribution import Quarters, Value, distribution_chart
from redway.figures.funnel import FunnelLimit, FunnelPoint, Standard, funnel_chart
from redway.figures.inspections import GRADES, Inspection, inspection_timeline
from redway.figures.maps import Place, points_map, shaded_map
from redway.figures.render import UnsafePicture, render_png, render_svg, warm_up
from redway.figures.sparkline import sparkline
from redway.figures.table import Column, Table
from redway.figures.theme import PAGE, PHONE, Role
from redway.figures.trend import SeriesBreak, TrendLine, trend_chart

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "Oak Hill <script>alert(1)</script> \"School\" & 'Sons' {{x}} #y"


@pytest.fixture(params=[PAGE, PHONE], ids=["page", "phone"])
def charts(
    request: pytest.FixtureRequest,
    absence_lines: list[TrendLine],
    funnel_points: list[FunnelPoint],
    funnel_limits: list[FunnelLimit],
) -> list[Chart]:
    """One of each kind, with a name that tries to break out."""
    width = request.param
    wards = small_areas("wards", "E06000042")
    lines = [TrendLine(NASTY, absence_lines[0].points, Role.HIGHLIGHTED), *absence_lines[1:]]
    points = [*funnel_points, FunnelPoint(NASTY, 60, 55, "within 95% limits")]
    limits = funnel_limits
    first = funnel_points[0].value
    return [
        trend_chart(NASTY, ABSENCE, lines, [SeriesBreak("2017-18", NASTY)], width=width),
        funnel_chart(NASTY, ABSENCE, points, limits, Standard("England", 62), NASTY, width=width),
        distribution_chart(
            NASTY,
            ABSENCE,
            [Value(NASTY, first), Value("b", 9)],
            Quarters(8, 20, 30, 2, "England"),
            NASTY,
            width,
        ),
        comparison_chart(
            NASTY, ABSENCE, [Compared(NASTY, 8.6, 8.4, 8.8, role=Role.HIGHLIGHTED)], width=width
        ),
        inspection_timeline(
            NASTY, [Inspection(absence_lines[0].points[0].end, GRADES[1], "Full", NASTY)], width=width
        ),
        points_map(NASTY, wards, [Place(NASTY, 486_000, 238_000)], NASTY, width),
        shaded_map(NASTY, ABSENCE, wards, {wards[0].code: 3.0}, width),
    ]


def test_every_kind_is_an_image_with_a_name_and_a_description(charts: list[Chart]) -> None:
    for chart in charts:
        root = ElementTree.fromstring(render_svg(chart))
        title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("role") == "img"
        assert title is not None
        assert words is not None
        assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
        assert (title.text, words.text) == (chart.title, chart.text_alternative)


def test_nothing_in_a_picture_acts_or_is_fetched(charts: list[Chart]) -> None:
    for chart in charts:
        svg = render_svg(chart)
        tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}
        assert tags <= {
            "svg",
            "title",
            "desc",
            "g",
            "path",
            "line",
            "rect",
            "text",
            "tspan",
            "defs",
            "clipPath",
        }
        assert not re.search(r"\sstyle=|\son[a-z]+=|href", svg)
        assert set(re.findall(r"https?://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_every_kind_is_exactly_as_wide_as_asked(charts: list[Chart]) -> None:
    for chart in charts:
        root = ElementTree.fromstring(render_svg(chart))
        assert float(root.get("width", 0)) == chart.spec["width"]


def test_a_specification_is_plain_json_and_says_nothing_to_the_console(
    charts: list[Chart], capfd: pytest.CaptureFixture[str]
) -> None:
    for chart in charts:
        assert json.loads(json.dumps(chart.spec)) == chart.spec
        vl_convert.vegalite_to_vega(chart.spec, show_warnings=True)
    assert capfd.readouterr().err == ""


def test_a_png_has_two_pixels_for_each_of_the_chart(absence_lines: list[TrendLine]) -> None:
    png = render_png(trend_chart("Is it?", ABSENCE, absence_lines, width=PHONE))
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 2 * PHONE


def test_a_chart_is_drawn_once_and_kept_under_the_name_of_its_content(
    tmp_path: Path, absence_lines: list[TrendLine]
) -> None:
    chart = trend_chart("Is it?", ABSENCE, absence_lines)
    drawn = render_svg(chart, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [f"{chart.key}.svg"]
    (tmp_path / f"{chart.key}.svg").write_text("<svg/>")
    assert render_svg(chart, tmp_path) == "<svg/>"
    assert drawn == render_svg(chart)
    assert trend_chart("Is it?", ABSENCE, absence_lines).key == chart.key
    assert trend_chart("Is it not?", ABSENCE, absence_lines).key != chart.key


def test_a_picture_that_links_or_fetches_is_refused() -> None:
    linked = {
        "data": {"values": [{"a": 1}]},
        "mark": "point",
        "encoding": {"href": {"value": "https://example.org"}},
    }
    with pytest.raises(UnsafePicture):
        render_svg(Chart(linked, "Where?", "A point.", Table("t", [Column("a", "a")], [])))


def test_a_sparkline_has_the_size_of_a_word() -> None:
    warm_up()
    svg = render_svg(sparkline("Oak Hill School", ABSENCE, trend_points({2016: 7.4, 2017: 7.1})))
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("120", "30")
    assert len(svg) < 3_000
