"""Every change to the money beside the formula: permitted, locked, checked, audited, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from redway.core.errors import ChangedSinceOpened
from redway.core.words import day_in_words
from redway.datasets.checked_rows import TableRefused
from redway.funding.errors import FundingError
from redway.funding.growth import Claim
from redway.web.audit import services as audit
from redway.web.funding.access import funding_record
from redway.web.funding.blocks.models import ClaimTable, Fund, OfYear, SharedService
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Establishment

Kept = TypeVar("Kept", bound=OfYear)
_KIND = "money beside the formula"


class BlocksRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change of the money beside the formula that cannot be made."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed it after the page was opened."""

    def __init__(self, found: OfYear | None) -> None:
        who = f" by {found.by.full_name}" if found is not None and found.by else ""
        when = f" on {day_in_words(found.at.date())}" if found is not None else ""
        super().__init__(
            f"This was set down anew{who}{when} after you opened the page, so yours was not kept.",
            "What you typed is kept below. Read what is new, then send yours again or leave it.",
        )


def set_down(
    model: type[Kept],
    *,
    actor: Person | None,
    authority: str,
    year: str,
    revision: int,
    values: Mapping[str, Any],
    now: datetime,
    **which: Any,
) -> Kept:
    """The one row of a year (and of ``which`` fund): made, or changed. ``revision`` is 0 for a new one.

    Raises ChangedMeanwhile when another revision is held.
    """
    _require(actor, authority)
    named = {"authority": authority, "year": year, **which}
    details = {"what": str(model._meta.verbose_name), **which}
    try:
        with transaction.atomic():
            found = model._default_manager.select_for_update().filter(**named).first()
            if (found.revision if found else 0) != revision:
                raise ChangedMeanwhile(found)
            row = found or model(**named, revision=0)
            return _kept(row, actor, values, now, "funding.set_down", details)
    except IntegrityError:
        # Two people set it down for the first time at once.
        raise ChangedMeanwhile(model._default_manager.filter(**named).first()) from None


def save_service(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    service: SharedService | None,
    revision: int,
    values: Mapping[str, Any],
    now: datetime,
) -> SharedService:
    """Add a shared service to a year, or change it. Raises BlocksRefused for a name that is taken."""
    _require(actor, authority)
    try:
        with transaction.atomic():
            row = SharedService(authority=authority, year=year, revision=0)
            if service is not None:
                row = SharedService.objects.select_for_update().get(pk=service.pk)
            if row.revision != revision or row.withdrawn_at is not None:
                raise ChangedMeanwhile(row)
            return _kept(row, actor, values, now, "funding.save_service", {})
    except IntegrityError:
        raise BlocksRefused(
            f"Another service of {year} is called '{values.get('title', '')}'.", "Choose another name."
        ) from None


def withdraw_service(
    *, actor: Person, service: SharedService, revision: int, reason: str, now: datetime
) -> SharedService:
    """Take a shared service out of its year, for a reason. It is kept."""
    _require(actor, service.authority)
    if not reason.strip():
        raise BlocksRefused("The reason is missing.", "Say why it is taken out.")
    with transaction.atomic():
        row = SharedService.objects.select_for_update().get(pk=service.pk)
        if row.revision != revision or row.withdrawn_at is not None:
            raise ChangedMeanwhile(row)
        values = {"withdrawn_at": now, "withdrawn_reason": reason.strip()}
        return _kept(row, actor, values, now, "funding.withdraw_service", {})


def take_in_claims(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    fund: Fund,
    claims: Sequence[Claim],
    file: str,
    now: datetime,
) -> ClaimTable:
    """The rows of a table of claims as the newest version of its year and fund.

    Raises TableRefused naming schools that are not the authority's; nothing is stored then.
    """
    _require(actor, authority)
    ours = set(
        Establishment.objects.filter(
            urn__in=[one.school for one in claims], school__authority=authority
        ).values_list("urn", flat=True)
    )
    if strangers := [one.school for one in claims if one.school not in ours]:
        raise TableRefused([f"School {urn} is no school of this authority." for urn in strangers])
    with transaction.atomic():
        held = ClaimTable.objects.select_for_update().filter(authority=authority, year=year, fund=fund.value)
        newest = held.first()
        made = ClaimTable.objects.create(
            authority=authority,
            year=year,
            fund=fund.value,
            number=newest.number + 1 if newest else 1,
            file=file[:200],
            rows=[[one.school, one.before, one.after, one.asked_for or one.needed_again] for one in claims],
            at=now,
            by=actor,
        )
        details = {"authority": authority, "year": year, "fund": fund.value, "version": made.number}
        audit.record(
            actor, "funding.take_in_claims", "claims table", made.pk, {**details, "schools": len(claims)}
        )
    return made


def _kept(
    row: Kept,
    actor: Person | None,
    values: Mapping[str, Any],
    now: datetime,
    verb: str,
    details: Mapping[str, Any],
) -> Kept:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision, row.at, row.by = row.revision + 1, now, actor
    row.save()
    said = {"authority": row.authority, "year": row.year, "revision": row.revision, **details}
    audit.record(actor, verb, _KIND, row.pk, said)
    return row


def _require(actor: Person | None, authority: str) -> None:
    """The actor may change the formula; nobody is the actor of what the demo brings in."""
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(authority))
