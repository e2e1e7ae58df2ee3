"""Soft intelligence: written down in a form with no room for words, withdrawn with a reason from a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.improvement.soft_intelligence import (
    Certainty,
    Kind,
    SoftIntelligence,
    Source,
    counting,
    from_fields,
)
from redway.web.audit import services as audit
from redway.web.improvement.categories import categories_of
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.models import Intelligence, Withdrawn
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of


def known_of(school: School) -> list[Intelligence]:
    """What is known of a school and stands, the newest first."""
    held = Intelligence.objects.filter(school=school.key, withdrawn_at__isnull=True)
    return list(held.select_related("by"))


def as_known(held: Intelligence) -> SoftIntelligence:
    """A row as the rules see it."""
    return SoftIntelligence(
        Kind(held.kind), held.on, Source(held.source), Certainty(held.certainty), held.number
    )


def concerns_now(authority: str, day: date) -> dict[str, list[SoftIntelligence]]:
    """School key -> what counts as a concern on a day, for every school of which something is known."""
    months = categories_of(authority, day).counts_for
    by_school: dict[str, list[SoftIntelligence]] = {}
    for one in Intelligence.objects.filter(authority=authority, withdrawn_at__isnull=True):
        by_school.setdefault(one.school, []).append(as_known(one))
    return {school: counting(found, day, months) for school, found in by_school.items()}


@transaction.atomic
def record_intelligence(*, actor: Person, school: School, given: Mapping[str, Any]) -> Intelligence:
    """Write down something known. Raises IntelligenceRefused for what may not be kept."""
    permission.require(actor, "concern.record", record_of(school))
    found = from_fields(given, permission.today())
    made = Intelligence.objects.create(
        authority=school.authority, school=school.key, at=timezone.now(), by=actor, **asdict(found)
    )
    audit.record(actor, "concern.record", "intelligence", made.pk)
    return made


@transaction.atomic
def withdraw_intelligence(*, actor: Person, held: Intelligence, school: School, because: str) -> None:
    """Withdraw something known; it stays in the record with who withdrew it and why."""
    permission.require(actor, "concern.record", record_of(school))
    found = Intelligence.objects.select_for_update().get(pk=held.pk)
    if found.withdrawn_at is not None:
        raise ConcernRefused("It is withdrawn already.", "Open the school's page again.")
    if because not in Withdrawn.values:
        raise ConcernRefused("It is not said why it is withdrawn.", "Choose a reason.")
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_because = timezone.now(), actor, because
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    audit.record(actor, "concern.withdraw", "intelligence", found.pk)
