"""The table component: order, words sought, columns, pages, totals and what an export holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import Http404, QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from redway.core.missing import Missing
from redway.figures.table import Column, Kind, Table
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

COLUMNS = (
    Column("school", "School"),
    Column("pupils", "Pupils", Kind.NUMBER),
    Column("absence", "Absence", Kind.PERCENT),
)
ROWS: list[dict[str, Any]] = [
    {"school": "Oak Hill", "pupils": 180, "absence": 8.59},
    {"school": "Ashfield", "pupils": 30, "absence": Missing.SUPPRESSED},
    {"school": "Beech & Co", "pupils": 420, "absence": 0.0},
]


def view(query: str = "", **changes: Any) -> TableView:
    table = Table("Absence in three schools", COLUMNS, ROWS)
    return TableView(table, TableState.read(QueryDict(query)), address="/schools/absence", **changes)


def names(shown: TableView) -> list[str]:
    return [str(row["school"]) for row in shown.on_page]


def rendered(shown: TableView) -> str:
    return Template("{% load design %}{% show_table view %}").render(Context({"view": shown}))


def test_rows_stand_as_they_came_until_an_order_is_chosen() -> None:
    assert names(view()) == ["Oak Hill", "Ashfield", "Beech & Co"]
    assert names(view("sort=school")) == ["Ashfield", "Beech & Co", "Oak Hill"]
    assert names(view("sort=-pupils")) == ["Beech & Co", "Oak Hill", "Ashfield"]


@pytest.mark.parametrize("query", ["sort=absence", "sort=-absence"])
def test_a_missing_figure_stands_last_both_ways(query: str) -> None:
    assert names(view(query))[-1] == "Ashfield"


def test_choosing_a_heading_again_turns_the_order_round() -> None:
    once = view().state.sorted_by("pupils", numbers=True)
    assert (once.sort, once.descending) == ("pupils", True)
    assert once.sorted_by("pupils", numbers=True).descending is False


def test_words_are_sought_in_the_texts_and_capitals_do_not_matter() -> None:
    assert names(view("find=OAK")) == ["Oak Hill"]
    assert "No row holds these words" in rendered(view("find=elm"))


def test_columns_can_be_chosen_but_never_the_name_away() -> None:
    assert [column.key for column in view("column=absence").columns] == ["school", "absence"]


def test_a_missing_figure_says_why_and_is_not_nought() -> None:
    page = rendered(view())
    assert Missing.SUPPRESSED.label in page
    assert page.count("0.0%") == 1


def test_every_text_is_escaped() -> None:
    assert "Beech &amp; Co" in rendered(view())
    assert "Beech & Co" not in rendered(view())


def test_pages_and_their_links() -> None:
    shown = view("sort=school&page=2", per_page=2)
    assert names(shown) == ["Oak Hill"]
    assert shown.previous_page == "?sort=school"
    assert shown.next_page == ""
    assert names(view("page=99", per_page=2)) == ["Beech & Co"], "a page beyond the last is the last"


def test_totals_add_up_and_never_over_a_gap() -> None:
    shown = view(totals=("pupils", "absence"))
    pupils, absence = COLUMNS[1], COLUMNS[2]
    assert shown.total_of(pupils) == 630
    assert shown.total_of(absence) == "Not known: some figures are missing"
    assert view("find=oak", totals=("pupils",)).total_of(pupils) == 180


def test_an_export_holds_what_is_shown() -> None:
    response = export(view("sort=school&find=e&column=pupils"), "csv")
    lines = b"".join(response).decode("utf-8-sig").splitlines()  # type: ignore[call-overload]
    assert lines == ["School,Pupils", "Ashfield,30", "Beech & Co,420"]
    assert export(view(), "xlsx").status_code == 200


def test_programs_are_told_why_a_figure_is_missing() -> None:
    answer = json.loads(export(view("sort=school"), "json").content)  # type: ignore[attr-defined]
    assert answer["rows"][0]["absence"] == {"missing": "suppressed", "label": Missing.SUPPRESSED.label}
    assert answer["rows"][1]["absence"] == 0.0


def test_there_are_only_three_kinds_of_export() -> None:
    with pytest.raises(Http404):
        export(view(), "exe")


def test_two_tables_on_a_page_keep_each_other_s_look() -> None:
    query = QueryDict("trend-sort=-pupils&gaps-find=oak&model=2025")
    trend = TableState.read(query, "trend")
    assert trend.address == "?gaps-find=oak&model=2025&trend-sort=-pupils"
    assert ("model", "2025") in trend.kept_in_forms(["find"])


@given(st.dictionaries(st.sampled_from(["sort", "find", "page", "column", "x"]), st.text(max_size=20)))
def test_any_address_gives_a_table(parameters: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(parameters)
    shown = TableView(Table("t", COLUMNS, ROWS), TableState.read(query))
    assert rendered(shown)
    again = TableState.read(QueryDict(shown.state.address[1:]))
    assert (again.sort, again.find, again.page) == (shown.state.sort, shown.state.find, shown.state.page)
