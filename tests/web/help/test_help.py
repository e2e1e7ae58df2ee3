"""Help is there for everybody who signs in, and explains every measure and every reason."""

from __future__ import annotations

import pytest
from django.utils.text import slugify

from redway.core.missing import Missing
from redway.indicators.catalogue import load_catalogue
from redway.web.help.pages import PAGES, WORK
from redway.web.people.models import Person
from web.pages import text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_each_explanation_opens(harriet: Person, page: object) -> None:
    response = visitor(harriet).get(f"/help/reading/{page.slug}/")  # type: ignore[attr-defined]
    assert page.title in text_of(response)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", WORK, ids=lambda page: page.slug)
def test_each_page_about_work_opens_and_says_what_others_can_see(harriet: Person, page: object) -> None:
    shown = text_of(visitor(harriet).get(f"/help/work/{page.slug}/"))  # type: ignore[attr-defined]
    assert page.title in shown  # type: ignore[attr-defined]
    assert "What you can see" in shown
    assert "What others can see" in shown


def test_every_page_of_help_is_named_on_the_first(harriet: Person) -> None:
    index = text_of(visitor(harriet).get("/help/"))
    assert all(page.title in index for page in (*PAGES, *WORK))


def test_every_reason_for_a_missing_figure_is_explained(harriet: Person) -> None:
    page = text_of(visitor(harriet).get("/help/reading/missing/"))
    assert all(reason.label in page for reason in Missing)


def test_every_measure_is_explained_under_its_subject(dana: Person) -> None:
    client, catalogue = visitor(dana), load_catalogue()
    for topic in catalogue.topics:
        page = text_of(client.get(f"/help/measures/{slugify(topic)}/"))
        assert all(f'id="{one.code}"' in page for one in catalogue if one.topic == topic)


def test_there_is_no_help_about_nothing(dana: Person) -> None:
    client = visitor(dana)
    assert client.get("/help/reading/nothing/").status_code == 404
    assert client.get("/help/measures/nothing/").status_code == 404
    assert client.get("/help/work/nothing/").status_code == 404
