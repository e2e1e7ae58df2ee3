"""The page of a measure, and the way back from a figure to the text in its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from redway.core.home import Home
from redway.web.people.models import Person
from web.pages import ACADEMY, AUTHORITY, SUPPRESSED, import_country, text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(home: Home, tmp_path: Path, dana: Person) -> Client:
    import_country(tmp_path / "files")
    return visitor(dana)


def everyone(client: Client, query: str = "") -> list[dict[str, object]]:
    answer = client.get(f"/measures/overall-absence/everyone.json{query}")
    rows: list[dict[str, object]] = json.loads(answer.content)["rows"]
    return rows


def test_everybody_is_listed_by_name_and_nobody_is_ranked(director: Client) -> None:
    names = [str(row["name"]) for row in everyone(director)]
    assert names == sorted(names, key=str.casefold)
    page = text_of(director.get("/measures/overall-absence/"))
    assert "In order of name" in page
    assert "Rank" not in page


def test_a_school_without_a_figure_keeps_its_line(director: Client) -> None:
    row = next(row for row in everyone(director) if "Ouse Valley" in str(row["name"]))
    assert row["value"] == {
        "missing": "suppressed",
        "label": "Suppressed by the publisher because few children are counted",
    }


def test_a_group_is_kept_in_the_address_of_its_files(director: Client) -> None:
    assert len(everyone(director, "?authority=822")) == 6
    page = text_of(director.get("/measures/overall-absence/?authority=822&period=2016-17"))
    assert "everyone.csv?level=school&amp;period=2016-17&amp;authority=822" in page


def test_the_list_of_measures_can_be_searched(director: Client) -> None:
    page = text_of(director.get("/measures/?find=secondary+absence"))
    assert "Absence from secondary schools" in page
    assert "Attainment 8<" not in page


def test_a_figure_leads_to_the_text_in_its_file(director: Client) -> None:
    page = text_of(director.get(f"/measures/overall-absence/school/{ACADEMY}/2017-18/"))
    for part in ("7.40%", "abs_2018.csv", "Row 2", "PERCTOT", "<code>7.40</code>", "Pupil absence"):
        assert part in page


def test_a_missing_figure_has_a_lineage_too(director: Client) -> None:
    page = text_of(director.get(f"/measures/overall-absence/school/{SUPPRESSED}/2017-18/"))
    assert "<code>SUPP</code>" in page


def test_lineage_of_an_authority_and_of_england(director: Client) -> None:
    page = text_of(director.get(f"/measures/secondary-absence/authority/{AUTHORITY}/2024-25/"))
    assert "Milton Keynes" in page
    assert "<code>8.59</code>" in page
    assert director.get("/measures/secondary-absence/england/E92000001/2024-25/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/measures/no-such-measure/",
        f"/measures/overall-absence/school/{ACADEMY}/1999-00/",
        "/measures/overall-absence/planet/E92000001/2017-18/",
        "/measures/overall-absence/chart.exe",
    ],
)
def test_what_is_not_there_is_not_found(director: Client, path: str) -> None:
    assert director.get(path).status_code == 404


def test_a_finance_officer_sees_measures_of_money_alone(director: Client, fiona: Person) -> None:
    client = visitor(fiona)
    rows = json.loads(client.get("/measures/list.json").content)["rows"]
    assert {row["topic"] for row in rows} == {"Money"}
    assert client.get("/measures/overall-absence/").status_code == 404
    assert client.get(f"/measures/overall-absence/school/{ACADEMY}/2017-18/").status_code == 404
