"""An authority beside England and its neighbours, the model named, with a fixed number of questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from redway.core.home import Home
from redway.web.people.models import Person
from web.pages import AUTHORITY, import_country, readings, text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(home: Home, tmp_path: Path, dana: Person) -> Client:
    import_country(tmp_path / "files")
    return visitor(dana)


def row_of(client: Client, model: str = "2025") -> dict[str, object]:
    address = f"/authorities/{AUTHORITY}/tables/every-measure.json?model={model}"
    rows = json.loads(client.get(address).content)["rows"]
    return next(row for row in rows if row["code"] == "secondary-absence")


def test_gaps_to_england_and_to_the_neighbours(director: Client) -> None:
    row = row_of(director)
    # England 8.24; the ten neighbours are 7.0 to 7.9, so their mean is 7.45.
    assert (row["value"], row["england"]) == (8.59, 8.24)
    assert row["england-gap"] == pytest.approx(0.35)
    assert row["2025-mean"] == pytest.approx(7.45)
    assert row["2025-gap"] == pytest.approx(1.14)


def test_a_model_whose_neighbours_have_no_figure_gives_no_gap(director: Client) -> None:
    assert row_of(director, "2021")["2021-gap"] is None


@pytest.mark.parametrize("model", ["2021", "2025"])
def test_every_table_names_its_model(director: Client, model: str) -> None:
    page = text_of(director.get(f"/authorities/{AUTHORITY}/?model={model}"))
    captions = [part.split("</caption>")[0].split(">")[1] for part in page.split("<caption")[1:]]
    gaps = [caption for caption in captions if "gaps to England" in caption]
    assert gaps
    assert all(f"({model} model)" in caption for caption in gaps)


def test_an_unknown_model_gives_the_latest(director: Client) -> None:
    assert "(2025 model)" in text_of(director.get(f"/authorities/{AUTHORITY}/?model=1999"))


def test_the_page_asks_at_most_ten_questions(director: Client) -> None:
    with readings() as made:
        director.get(f"/authorities/{AUTHORITY}/?model=2021")
    first = len(made)
    with readings() as made:
        director.get(f"/authorities/{AUTHORITY}/")
    assert first <= 20, "the first page of a build also reads what all authorities share"
    assert len(made) <= 10, made


def test_the_page_prints(director: Client) -> None:
    assert director.get(f"/authorities/{AUTHORITY}/profile.pdf").content.startswith(b"%PDF-")


def test_charts_have_a_width_for_the_phone(director: Client) -> None:
    address = f"/authorities/{AUTHORITY}/charts/trend-secondary-absence.svg"
    assert 'width="320"' in text_of(director.get(f"{address}?width=320"))
    assert director.get(f"/authorities/{AUTHORITY}/charts/trend-nothing.svg").status_code == 404


def test_a_board_member_sees_their_own_authority(director: Client, make_person: object) -> None:
    member = visitor(make_person("board_member"))  # type: ignore[operator]
    assert member.get(f"/authorities/{AUTHORITY}/").status_code == 200
    assert member.get("/authorities/822/").status_code == 404
    assert "/measures/secondary-absence/?" not in text_of(member.get(f"/authorities/{AUTHORITY}/"))
