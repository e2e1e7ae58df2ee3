"""Categories of schools: what suggests each, and lists that are refused."""

from __future__ import annotations

from datetime import date

import pytest

from redway.core.errors import NotFound
from redway.improvement.concern_categories import (
    CategoriesRefused,
    Category,
    category_list,
    changed_words,
    default_categories,
    default_sources,
)

DAY = date(2026, 11, 24)
LIGHT, GRAVE = Category("light", "Light", "", None, 52), Category("grave", "Grave", "", 3, 6)


def test_the_list_that_comes_with_redway_is_marked_unconfirmed_and_names_its_sources() -> None:
    held = default_categories(DAY)
    assert not held.confirmed
    assert [one.label for one in held.categories][-1] == "Statutory category"
    assert all(source for _, source in default_sources(DAY))


@pytest.mark.parametrize(
    ("concerns", "triggers", "label"),
    [
        (0, 0, "Light touch"),
        (1, 0, "Watch"),
        (2, 0, "Watch"),
        # An English county: a school that is on the register three times may go to stage 2.
        (3, 0, "School causing concern"),
        (5, 0, "Serious concern"),
        (0, 1, "Statutory category"),
    ],
)
def test_what_the_rule_suggests(concerns: int, triggers: int, label: str) -> None:
    assert default_categories(DAY).suggested(concerns, triggers).label == label


def test_a_decision_is_looked_at_again_in_time() -> None:
    assert default_categories(DAY).review_by("concern", DAY) == date(2027, 1, 5)
    with pytest.raises(NotFound, match="no category 'gone'"):
        default_categories(DAY).review_by("gone", DAY)


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        ([LIGHT], "1 category"),
        ([LIGHT, Category("other", "light ", "", 2, 6)], "two have the same"),
        ([LIGHT, GRAVE, Category("graver", "Graver", "", 3, 6)], "'Graver' is suggested by 3 concerns"),
        ([LIGHT, Category("never", "Never", "", 2, 0)], "looked at again after 0 weeks"),
    ],
)
def test_a_list_that_does_not_hang_together_is_refused(categories: list[Category], words: str) -> None:
    with pytest.raises(CategoriesRefused, match=words):
        category_list(categories, 12, DAY, "Local", confirmed=True)


def test_changes_are_told() -> None:
    other = Category("grave", "Grave", "", 4, 6)
    assert changed_words([LIGHT, GRAVE], [other]) == ["'Light' is gone.", "'Grave' has changed."]
