"""The categories in force in an authority: its own, or those that come with Redway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.concern_categories import (
    Category,
    CategoryList,
    category_list,
    changed_words,
    default_categories,
)
from redway.web.audit import services as audit
from redway.web.authorities.access import record_of
from redway.web.improvement.changing import ChangedMeanwhile, words_of
from redway.web.improvement.models import OwnCategories
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority


def categories_of(authority: str, day: date) -> CategoryList:
    """The list that holds on a day."""
    own = OwnCategories.objects.filter(authority=authority, first_day__lte=day).last()
    return _read(own) if own is not None else default_categories(day)


def settled(authority: str) -> list[OwnCategories]:
    """Every list the authority settled, the newest first."""
    return list(OwnCategories.objects.filter(authority=authority).select_related("by").order_by("-pk"))


def settlings(authority: str) -> int:
    """How many lists were settled: a mark that changes with each."""
    return OwnCategories.objects.filter(authority=authority).count()


@transaction.atomic
def settle_categories(
    *,
    actor: Person,
    authority: Authority,
    revision: int,
    first_day: date,
    counts_for: int,
    categories: Sequence[Category],
    reason: str,
) -> OwnCategories:
    """Settle the list from a day. Raises CategoriesRefused for one that does not hang together."""
    permission.require(actor, "concern.decide", record_of(authority))
    # Locked, so that of two who settle at once the second sees what the first did.
    Authority.objects.select_for_update().get(number=authority.number)
    if settlings(authority.number) != revision:
        newest = settled(authority.number)[0]
        raise ChangedMeanwhile(f"a list from {day_in_words(newest.first_day)} was settled")
    found = category_list(categories, counts_for, first_day, authority.name, confirmed=True)
    before = categories_of(authority.number, first_day)
    made = OwnCategories.objects.create(
        authority=authority.number,
        first_day=first_day,
        counts_for=counts_for,
        categories=[asdict(one) for one in found.categories],
        reason=words_of(reason, "It is not said who settled it, and why.", "Say so in a sentence."),
        at=timezone.now(),
        by=actor,
    )
    details = {
        "first_day": first_day.isoformat(),
        "categories": len(categories),
        "changed": len(changed_words(before.categories, found.categories)),
    }
    audit.record(actor, "concern.settle_categories", "authority", authority.number, details)
    return made


def _read(own: OwnCategories) -> CategoryList:
    found = tuple(Category(**one) for one in own.categories)
    return CategoryList(found, own.counts_for, own.first_day, own.reason, True)
