"""The categories an authority puts its schools in, with what suggests each: dated data, settled locally.

What comes with Redway is a beginning whose numbers are marked unconfirmed. A category is suggested by a
count of concerns and by official triggers; it is given by a person, with reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise

from redway.core.dated_values import DatedValues, Status
from redway.core.errors import NotFound, RedwayError
from redway.core.values import load_values
from redway.core.words import counted

MOST_CATEGORIES = 8
MOST_WEEKS = 104


class CategoriesRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A list of categories that cannot be used."""


@dataclass(frozen=True)
class Category:
    """One category. ``from_concerns`` is how many concerns suggest it, None where none do."""

    key: str
    label: str
    about: str
    from_concerns: int | None
    review_weeks: int
    on_trigger: bool = False
    """Suggested when an official trigger is met, whatever the count."""

    @property
    def suggested_by(self) -> str:
        """In words what suggests it."""
        parts = []
        if self.from_concerns:
            parts.append(f"{counted(self.from_concerns, 'concern')} or more")
        if self.on_trigger:
            parts.append("an official trigger that is met")
        return " or ".join(parts) or "Nothing else"


@dataclass(frozen=True)
class CategoryList:
    """The categories in force on a day, the lightest first."""

    categories: tuple[Category, ...]
    counts_for: int
    """Months for which a concern is counted."""
    start: date
    source: str
    confirmed: bool

    def of(self, key: str) -> Category:
        """One by its key. Raises NotFound."""
        for one in self.categories:
            if one.key == key:
                return one
        raise NotFound(f"There is no category '{key}' in the list of {self.start}.", "Choose another.")

    def suggested(self, concerns: int, triggers_met: int) -> Category:
        """What the written rule suggests: the gravest whose condition holds."""
        found = self.categories[0]
        for one in self.categories:
            by_count = one.from_concerns is not None and concerns >= one.from_concerns
            if by_count or (one.on_trigger and triggers_met):
                found = one
        return found

    def review_by(self, key: str, decided: date) -> date:
        """The last day by which a decision for this category is looked at again."""
        return decided + timedelta(weeks=self.of(key).review_weeks)


def category_list(
    categories: Sequence[Category], counts_for: int, start: date, source: str, *, confirmed: bool
) -> CategoryList:
    """A list that hangs together.

    Raises CategoriesRefused when there are none or too many, when two have one name, when thresholds do not
    rise, or when a review is never or later than two years.
    """
    if not 2 <= len(categories) <= MOST_CATEGORIES:
        raise CategoriesRefused(
            f"{counted(len(categories), 'category', 'categories')} were given.",
            f"Give between 2 and {MOST_CATEGORIES}.",
        )
    labels = [one.label.strip().lower() for one in categories]
    if "" in labels or len(set(labels)) < len(labels) or len({one.key for one in categories}) < len(labels):
        raise CategoriesRefused("A category has no name, or two have the same.", "Give each its own name.")
    given = [one for one in categories if one.from_concerns is not None]
    for lighter, graver in pairwise(given):
        if (graver.from_concerns or 0) <= (lighter.from_concerns or 0):
            raise CategoriesRefused(
                f"'{graver.label}' is suggested by {graver.from_concerns} concerns, '{lighter.label}' by "
                f"{lighter.from_concerns}.",
                "A graver category needs more concerns than a lighter one.",
            )
    for one in categories:
        if not 1 <= one.review_weeks <= MOST_WEEKS:
            raise CategoriesRefused(
                f"'{one.label}' is looked at again after {one.review_weeks} weeks.",
                f"Enter between 1 and {MOST_WEEKS}.",
            )
    if not 1 <= counts_for <= 60:
        raise CategoriesRefused(f"A concern counts for {counts_for} months.", "Enter between 1 and 60.")
    return CategoryList(tuple(categories), counts_for, start, source, confirmed)


def default_categories(day: date) -> CategoryList:
    """The list that comes with Redway as it holds on a day; its numbers are unconfirmed."""
    held = _held()
    keys = held.value_on("categories", day)
    assert isinstance(keys.value, tuple)
    return category_list(
        [_category(held, str(key), day) for key in keys.value],
        held.whole_number_on("counts-for", day),
        keys.start,
        "Comes with Redway, from published practice of several councils",
        confirmed=keys.status is not Status.UNCONFIRMED,
    )


def two_officers(day: date) -> bool:
    """Whether somebody other than who proposed a category has to decide on it."""
    return _held().value_on("two-officers", day).value is True


def default_sources(day: date) -> list[tuple[str, str]]:
    """(what, source) of every value of the list that comes with Redway."""
    held = _held()
    found = (held.value_on(name, day) for name in held.names() if name != "categories")
    return [(one.name.replace("-", " ").capitalize(), one.source) for one in found]


def changed_words(before: Iterable[Category], after: Iterable[Category]) -> list[str]:
    """Which categories came, went or changed, a sentence each."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    gone = [f"'{one.label}' is gone." for key, one in old.items() if key not in new]
    come = [f"'{one.label}' is new." for key, one in new.items() if key not in old]
    other = [f"'{one.label}' has changed." for key, one in new.items() if key in old and old[key] != one]
    return [*gone, *come, *other]


def _category(held: DatedValues, key: str, day: date) -> Category:
    names = set(held.names())
    threshold, trigger = f"{key}-from", f"{key}-on-trigger"
    return Category(
        key,
        held.text_on(f"{key}-label", day),
        held.text_on(f"{key}-about", day),
        held.whole_number_on(threshold, day) if threshold in names else None,
        held.whole_number_on(f"{key}-review", day),
        trigger in names and held.value_on(trigger, day).value is True,
    )


@cache
def _held() -> DatedValues:
    return load_values(resources.files("redway.improvement") / "values" / "concern-categories")
