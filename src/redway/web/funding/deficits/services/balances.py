"""Balances and pupil forecasts, taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from redway.core.money import Money
from redway.datasets.checked_rows import TableRefused
from redway.funding.balance_rows import BalanceRow, ForecastRow
from redway.web.audit import services as audit
from redway.web.funding.deficits.access import record_of_school
from redway.web.funding.deficits.models import (
    PupilForecast,
    SchoolBalance,
)
from redway.web.funding.deficits.services.changing import ChangedMeanwhile, require
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, School


@transaction.atomic
def enter_balances(
    *, actor: Person | None, authority: Authority, rows: Sequence[BalanceRow], source: str
) -> int:
    """Take in a whole table of balances; a row there already is replaced. Returns how many rows.

    Raises TableRefused when a school is not one of the authority's: then nothing is taken in.
    """
    require(actor, "deficit.keep", authority)
    keys = _keys_of(authority, [(row.urn, row.year) for row in rows])
    now = timezone.now()
    before = {
        (one.school, one.year): one.revision
        for one in SchoolBalance.objects.filter(school__in=set(keys.values()))
    }
    SchoolBalance.objects.bulk_create(
        [
            SchoolBalance(
                authority=authority.number,
                school=keys[row.urn],
                year=row.year,
                income_pence=row.income.pence,
                spending_pence=row.spending.pence,
                closing_pence=row.closing.pence,
                pupils=row.pupils,
                source=source[:120],
                revision=before.get((keys[row.urn], row.year), 0) + 1,
                at=now,
                by=actor,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["school", "year"],
        update_fields=[
            "authority",
            "income_pence",
            "spending_pence",
            "closing_pence",
            "pupils",
            "source",
            "revision",
            "at",
            "by",
        ],
    )
    details = {"rows": len(rows), "years": sorted({row.year for row in rows})}
    audit.record(actor, "deficit.enter_balances", "authority", authority.number, details)
    return len(rows)


@transaction.atomic
def enter_balance(*, actor: Person, school: School, revision: int, row: BalanceRow) -> SchoolBalance:
    """Put in one school's year by hand. ``revision`` is 0 for a year that was not there."""
    permission.require(actor, "deficit.keep", record_of_school(school.key))
    held = SchoolBalance.objects.select_for_update().filter(school=school.key, year=row.year).first()
    if (held.revision if held else 0) != revision:
        raise ChangedMeanwhile(
            f"the balance of {row.year} is {Money(held.closing_pence) if held else 'gone'}"
        )
    values = {
        "authority": school.authority,
        "income_pence": row.income.pence,
        "spending_pence": row.spending.pence,
        "closing_pence": row.closing.pence,
        "pupils": row.pupils,
        "source": "Typed by hand",
        "revision": revision + 1,
        "at": timezone.now(),
        "by": actor,
    }
    found, _ = SchoolBalance.objects.update_or_create(school=school.key, year=row.year, defaults=values)
    details = {"year": row.year, "closing": str(row.closing.pounds), "revision": found.revision}
    audit.record(actor, "deficit.enter_balance", "school", school.key, details)
    return found


@transaction.atomic
def enter_forecasts(
    *, actor: Person | None, authority: Authority, rows: Sequence[ForecastRow], source: str
) -> int:
    """Take in a whole table of pupil forecasts; a row there already is replaced. Returns how many rows."""
    require(actor, "deficit.keep", authority)
    keys = _keys_of(authority, [(row.urn, row.year) for row in rows])
    now = timezone.now()
    PupilForecast.objects.bulk_create(
        [
            PupilForecast(
                authority=authority.number,
                school=keys[row.urn],
                year=row.year,
                pupils=row.pupils,
                source=source[:120],
                at=now,
                by=actor,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["school", "year"],
        update_fields=["authority", "pupils", "source", "at", "by"],
    )
    audit.record(actor, "deficit.enter_forecasts", "authority", authority.number, {"rows": len(rows)})
    return len(rows)


def _keys_of(authority: Authority, rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """URN -> continuing key, for (URN, year) of schools of the authority.

    Raises TableRefused for schools of somebody else, and for a school that is there under two of its numbers.
    """
    known = {
        one.urn: one.school.key
        for one in Establishment.objects.select_related("school").filter(
            urn__in=[urn for urn, _ in rows], school__authority=authority.number
        )
    }
    problems, seen = [], dict[tuple[str, str], str]()
    for urn, year in rows:
        if urn not in known:
            problems.append(f"School {urn} is no school of {authority.name}.")
            continue
        first = seen.setdefault((known[urn], year), urn)
        if first != urn:
            problems.append(
                f"Schools {first} and {urn} are one school through time, and both are there for {year}: "
                "leave one of the rows out."
            )
    if problems:
        raise TableRefused(problems)
    return known
