"""Versions of the table of schools of a year: taken in whole or not at all, kept as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from redway.core.words import day_in_words
from redway.datasets.text_rows import TextRow
from redway.funding.errors import FundingError
from redway.funding.schools import Schools
from redway.funding.schools_rows import SchoolsFileRefused, counted_twice, rows_of, schools_from_rows
from redway.web.audit import services as audit
from redway.web.funding.access import funding_record
from redway.web.funding.models import SchoolsTable
from redway.web.funding.money_fields import first_day
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Establishment

FIRST_ROW = 2
"""Number of the first school's row in a spreadsheet: the headings stand above it."""


def take_in_schools(
    *,
    actor: Person,
    authority: str,
    year: str,
    headings: Sequence[str],
    rows: Sequence[TextRow],
    file: str,
    now: datetime,
) -> SchoolsTable:
    """The rows of a file of schools as the newest version of its year.

    Raises SchoolsFileRefused naming everything that is wrong, and FundingError for a file that holds exactly
    what is in force. Nothing is stored then.
    """
    permission.require(actor, "funding.edit", funding_record(authority))
    schools = schools_from_rows(headings, rows, file)
    check_against_register(schools, authority, year, file)
    return keep_schools(actor=actor, authority=authority, year=year, schools=schools, file=file, now=now)


def keep_schools(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    schools: Schools,
    file: str,
    now: datetime,
    made_up: bool = False,
) -> SchoolsTable:
    """Schools that have been checked, as the newest version of their year."""
    columns, rows = rows_of(schools)
    cells = [[row[name] for name in columns] for row in rows]
    sha256 = hashlib.sha256(json.dumps([columns, cells]).encode()).hexdigest()
    with transaction.atomic():
        newest = tables_of(authority, year).select_for_update().first()
        if newest is not None and newest.sha256 == sha256:
            raise FundingError(
                f"{file} holds exactly what version {newest.number} holds, so nothing was taken in.",
                "Choose the file you meant, or leave it.",
            )
        made = SchoolsTable.objects.create(
            authority=authority,
            year=year,
            number=newest.number + 1 if newest else 1,
            file=file[:200],
            columns=columns,
            rows=cells,
            sha256=sha256,
            schools=len(schools),
            pupils=int(schools.pupils.sum()),
            made_up=made_up,
            at=now,
            by=actor,
        )
        details = {"authority": authority, "year": year, "version": made.number, "schools": made.schools}
        audit.record(
            actor, "funding.take_in_schools", "schools table", made.pk, {**details, "sha256": sha256}
        )
    return made


def tables_of(authority: str, year: str) -> QuerySet[SchoolsTable]:
    """Every version of a year, the newest first."""
    return SchoolsTable.objects.filter(authority=authority, year=year).order_by("-number")


def schools_of(table: SchoolsTable) -> Schools:
    """The stored cells in columns."""
    headings = [name.replace("_", " ") for name in table.columns]
    rows = [
        TextRow(number, dict(zip(headings, cells, strict=True)))
        for number, cells in enumerate(table.rows, FIRST_ROW)
    ]
    return schools_from_rows(headings, rows, table.file)


def check_against_register(schools: Schools, authority: str, year: str, file: str) -> None:
    """Refuse numbers the register does not have in this authority, a school that stands there twice, and one
    that closed before the year begins; its successor is named.

    Raises SchoolsFileRefused.
    """
    known = Establishment.objects.filter(urn__in=schools.urn)
    held = {one.urn: one for one in known.only("urn", "authority", "school_id", "closed", "next_urn")}
    problems = [
        *_strangers(schools.urn, held, authority),
        *_closed(schools.urn, held, first_day(year)),
        *counted_twice(schools, {urn: one.school_id for urn, one in held.items()}),
    ]
    if problems:
        raise SchoolsFileRefused(file, problems)


def _strangers(urns: Sequence[str], held: dict[str, Establishment], authority: str) -> list[str]:
    problems = []
    for row, urn in enumerate(urns, FIRST_ROW):
        if urn not in held:
            problems.append(
                f"Row {row}, urn: '{urn}' is in no edition of the register. "
                "Mend the number, or import the newest register first."
            )
        elif held[urn].authority != authority:
            problems.append(
                f"Row {row}, urn: '{urn}' is a school of {held[urn].authority}, not of {authority}. "
                "Take the row out."
            )
    return problems


def _closed(urns: Sequence[str], held: dict[str, Establishment], begins: date) -> list[str]:
    problems = []
    for row, urn in enumerate(urns, FIRST_ROW):
        one = held.get(urn)
        if one is None or one.closed is None or one.closed >= begins:
            continue
        after = f"It goes on as {one.next_urn}: write that number." if one.next_urn else "Take the row out."
        problems.append(
            f"Row {row}, urn: '{urn}' closed on {day_in_words(one.closed)}, before the year begins. {after}"
        )
    return problems
