"""The locality of a school in the table of a measure: there to be chosen, hidden at first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redway.core.home import Home
from redway.web.people.models import Person
from redway.web.register.localities import assign_schools, define_locality, rename_locality
from redway.web.register.models import School
from web.pages import SECONDARY, import_country, text_of, visitor

pytestmark = pytest.mark.django_db
PAGE = "/measures/overall-absence/?level=school&column=name&column=locality"


@pytest.fixture
def country(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")


def test_without_localities_there_is_no_such_column(country: None, alice: Person) -> None:
    assert "Locality" not in text_of(visitor(alice).get(PAGE))


def test_the_column_is_hidden_until_it_is_chosen(country: None, alice: Person) -> None:
    client = visitor(alice)
    plain = "/measures/overall-absence/?level=school"
    client.get(plain)
    locality = define_locality(authority="826", name="Canalside", actor=alice)
    assign_schools(locality=locality, keys=[School.objects.get(current_urn=SECONDARY[1]).key], actor=alice)
    assert '<td class="govuk-table__cell" data-label="Locality">' not in text_of(client.get(plain))
    assert text_of(client.get(PAGE)).count("Canalside") == 1
    rename_locality(locality=locality, name="Waterside", actor=alice)
    assert text_of(client.get(PAGE)).count("Waterside") == 1, "a page that was kept is made anew"
    address = "/measures/overall-absence/everyone.json?level=school&column=name&column=locality"
    rows = json.loads(client.get(address).content)["rows"]
    assert [row["locality"] for row in rows if row["locality"]] == ["Waterside"]
