"""Finding a school: by words, by filters, page after page, and only where one may look."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from redway.web.people.models import Person
from redway.web.register.models import Establishment, School, SearchWord
from web.pages import text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools() -> list[School]:
    """Forty-five open schools and a closed one."""
    made = []
    for at in range(46):
        key = str(100100 + at)
        name = f"Lock {at:02d} School"
        made.append(
            School.objects.create(
                key=key,
                current_urn=key,
                name=name,
                sort_name=name.lower(),
                authority="826" if at % 2 else "822",
                phase="Primary",
                rank=2 if at == 45 else 0,
                status="Closed" if at == 45 else "Open",
            )
        )
        Establishment.objects.create(urn=key, school=made[-1], name=name, authority="826")
        SearchWord.objects.create(word="lock", school=made[-1])
        SearchWord.objects.create(word=f"{at:02d}", school=made[-1])
    return made


def test_the_first_look_lists_nothing_and_says_what_to_do(schools: list[School], dana: Person) -> None:
    page = text_of(visitor(dana).get("/schools/"))
    assert "Type a name, a number or a postcode" in page
    assert "Lock 01 School" not in page


def test_words_find_and_the_part_holds_the_results_alone(schools: list[School], dana: Person) -> None:
    part = text_of(visitor(dana).get("/schools/?q=lock+07&part=results"))
    assert "Lock 07 School" in part
    assert "<html" not in part


@pytest.mark.parametrize("question", ["q=lock", "phase=Primary"])
def test_pages_follow_one_another_without_gap_or_repeat(
    schools: list[School], dana: Person, question: str
) -> None:
    client, address, found = visitor(dana), f"/schools/?{question}", []
    while address:
        page = text_of(client.get(address))
        found += [line.split(">")[1].split("<")[0] for line in page.split("<li><a")[1:] if "Lock" in line]
        nexts = page.split('rel="next"')[0].rsplit('href="', 1)
        address = nexts[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert found == [school.name for school in schools[:45]]


def test_closed_schools_are_found_only_when_asked_for(schools: list[School], dana: Person) -> None:
    client = visitor(dana)
    assert "No school matches" in text_of(client.get("/schools/?q=45"))
    found = text_of(client.get("/schools/?q=45&status=all"))
    assert "Lock 45 School" in found
    assert "Closed</strong>" in found


def test_a_filter_narrows(schools: list[School], dana: Person) -> None:
    page = text_of(visitor(dana).get("/schools/?authority=822&part=results"))
    assert "Lock 00 School" in page
    assert "Lock 01 School" not in page


def test_a_head_finds_their_own_school_alone(
    schools: list[School], make_person: Callable[..., Person]
) -> None:
    page = text_of(visitor(make_person("headteacher", school="100103")).get("/schools/"))
    assert "Lock 03 School" in page
    assert "Lock 04 School" not in page


@pytest.mark.parametrize("page", ["x", "-1", "0", "9999", "1e9", "²"])
def test_a_damaged_address_still_answers(schools: list[School], dana: Person, page: str) -> None:
    assert visitor(dana).get("/schools/", {"phase": "Primary", "page": page}).status_code == 200
