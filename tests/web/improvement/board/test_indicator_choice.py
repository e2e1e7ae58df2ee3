"""Finding the indicator that feeds a measure: by words, without a mouse and without scripts."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from redway.indicators.catalogue import load_catalogue
from redway.web.improvement.board.indicator_choice import MOST_SHOWN, begun_with, matching
from redway.web.measures.showing import Figure
from redway.web.people.models import Person
from web.improvement.board.a_board import TODAY, authority, objective
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
OF_AUTHORITIES = load_catalogue().at_level("authority")


def codes(sought: str) -> list[str]:
    return [one.code for one in matching(OF_AUTHORITIES, sought)]


class TestMatching:
    def test_every_word_has_to_begin_a_word_and_titles_come_first(self) -> None:
        found = codes("absence primary")
        assert found[0] == "primary-absence"
        assert "secondary-absence" not in found[:5]

    def test_capitals_hyphens_and_the_start_of_a_word_are_enough(self) -> None:
        assert "secondary-absence" in codes("Secondary-ABS")

    def test_nothing_sought_finds_what_is_looked_at_first(self) -> None:
        assert codes("  ") == [one.code for one in OF_AUTHORITIES if one.featured]

    def test_what_there_is_not(self) -> None:
        assert codes("happiness of dragons") == []


class TestTheFirstStep:
    @pytest.fixture(autouse=True)
    def _authority(self, db: None) -> None:
        authority()

    def answer(self, bob: Person, query: str) -> str:
        held = objective(bob)
        address = reverse("board:indicator_choose", args=[held.pk])
        return text_of(visitor(bob).get(address, {"q": query}))

    def test_it_lists_what_matches_in_words_as_links(self, bob: Person) -> None:
        told = self.answer(bob, "secondary absence")
        assert re.search(r"\?indicator=secondary-absence\">[^<]*absence", told, re.IGNORECASE)
        # A search that works without scripts: a form that is got, with a label, and a button.
        assert '<form method="get" role="search">' in told
        assert '<label class="govuk-label" for="q">' in told
        assert "<select" not in told

    def test_too_many_and_none_say_what_to_do(self, bob: Person) -> None:
        told = self.answer(bob, "children")
        assert f"the first {MOST_SHOWN} are shown. Add a word to see fewer." in told
        assert told.count("?indicator=") == MOST_SHOWN
        none = self.answer(bob, "dragons")
        assert "No measure of authorities has &#x27;dragons&#x27; in it. Use fewer or other words." in none

    def test_readings_by_hand_are_one_link_away(self, bob: Person) -> None:
        assert "No indicator: readings are entered by hand" in self.answer(bob, "")

    def test_the_objective_leads_here(self, bob: Person) -> None:
        held = objective(bob)
        page = text_of(visitor(bob).get(reverse("board:objective", args=[held.pk])))
        assert reverse("board:indicator_choose", args=[held.pk]) in page


class TestTheSecondStep:
    @pytest.fixture(autouse=True)
    def _authority(self, db: None) -> None:
        authority()

    def test_what_the_indicator_says_is_filled_in_and_it_feeds_the_measure(self, bob: Person) -> None:
        held = objective(bob)
        address = reverse("board:measure_new", args=[held.pk])
        told = text_of(visitor(bob).get(address, {"indicator": "secondary-absence"}))
        assert 'name="indicator" value="secondary-absence"' in told
        assert 'name="unit"' not in told
        visitor(bob).post(
            address,
            {
                "revision": 1,
                "indicator": "secondary-absence",
                "name": "Secondary absence",
                "polarity": "lower",
                "baseline": "9",
                "baseline_on_day": 31,
                "baseline_on_month": 7,
                "baseline_on_year": 2025,
                "target": "8",
                "target_on_day": 31,
                "target_on_month": 7,
                "target_on_year": 2027,
                "source": "Department for Education",
            },
        )
        made = held.measures.get()
        assert (made.indicator, made.unit) == ("secondary-absence", "percent")

    def test_an_indicator_there_is_not_is_no_page(self, bob: Person) -> None:
        address = reverse("board:measure_new", args=[objective(bob).pk])
        assert visitor(bob).get(address, {"indicator": "happiness"}).status_code == 404

    def test_it_begins_with_the_newest_figure_as_its_baseline(self) -> None:
        indicator = load_catalogue().get("secondary-absence")
        newest = Figure(
            level="authority",
            entity="826",
            indicator=indicator.code,
            period="2024-25",
            period_end=date(2025, 7, 31),
            value=8.5912,
            lower=None,
            upper=None,
            numerator=None,
            denominator=None,
            missing=None,
            interval="none",
            edition="",
            format="",
            version=1,
        )
        begun = begun_with(indicator, newest)
        assert (str(begun["baseline"]), begun["baseline_on"]) == ("8.59", date(2025, 7, 31))
        assert begun["polarity"] == "lower"
        assert begun["baseline_on"] < TODAY
