"""Changes of the strategy: a version is written, then published; what was published does not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from redway.improvement.support_errors import ReviewRefused
from redway.web.audit import services as audit
from redway.web.improvement.reviews.access import place_record
from redway.web.improvement.reviews.models import Strategy
from redway.web.improvement.support.changing import ChangedMeanwhile, next_number, text
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority


@dataclass(frozen=True)
class Written:
    """A version as it is written: priorities in order, and (category, what its schools get)."""

    starts_on: date
    aim: str
    priorities: Sequence[str]
    gets: Sequence[tuple[str, str]]


def strategy_on(authority: str, day: date) -> Strategy | None:
    """The published version that holds on a day."""
    held = Strategy.objects.filter(authority=authority, starts_on__lte=day).exclude(published_at=None)
    return held.order_by("-starts_on", "-number").first()


@transaction.atomic
def write(*, actor: Person, authority: Authority, revision: int, written: Written) -> Strategy:
    """Write the draft of the next version; ``revision`` is 0 where there is none. Raises ReviewRefused."""
    permission.require(actor, "review.manage", place_record(authority.number))
    Authority.objects.select_for_update().get(pk=authority.pk)
    held = Strategy.objects.filter(authority=authority.number, published_at=None).first()
    if (held.revision if held else 0) != revision:
        who = held.by.full_name if held and held.by else ""
        raise ChangedMeanwhile(who, timezone.localdate(held.at if held else timezone.now()))
    if not written.priorities:
        raise ReviewRefused("It has no priority.", "Write each priority on a line of its own.")
    if not written.gets:
        raise ReviewRefused("It is not said what schools get.", "Write a line for each category.")
    draft = held or Strategy(
        authority=authority.number,
        number=next_number(Strategy.objects.filter(authority=authority.number)),
        revision=0,
    )
    draft.starts_on = written.starts_on
    draft.aim = text(written.aim, "The aim is missing.", "Say what the strategy is for.")
    draft.priorities, draft.gets = list(written.priorities), [list(pair) for pair in written.gets]
    draft.revision += 1
    draft.at, draft.by = timezone.now(), actor
    draft.save()
    audit.record(actor, "review.write_strategy", "strategy", draft.pk, {"version": draft.number})
    return draft


@transaction.atomic
def publish(*, actor: Person, authority: Authority, revision: int) -> Strategy:
    """Publish the draft to the authority's schools. Raises ReviewRefused, ChangedMeanwhile."""
    permission.require(actor, "review.manage", place_record(authority.number))
    held = Strategy.objects.select_for_update().filter(authority=authority.number, published_at=None).first()
    if held is None:
        raise ReviewRefused("There is no draft to publish.", "Write the next version first.")
    if held.revision != revision:
        raise ChangedMeanwhile(held.by.full_name if held.by else "", timezone.localdate(held.at))
    held.published_at = timezone.now()
    held.revision += 1
    held.save()
    audit.record(actor, "review.publish_strategy", "strategy", held.pk, {"version": held.number})
    return held
