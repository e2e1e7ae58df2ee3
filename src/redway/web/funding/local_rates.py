"""An authority's own rates of a year: a file, checked whole and kept as it was."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django import forms
from django.db import transaction

from redway.funding.errors import RatesRefused
from redway.funding.years import local_rates
from redway.web.audit import services as audit
from redway.web.design.uploaded_table import TableField
from redway.web.funding.access import funding_record
from redway.web.funding.models import LocalRates
from redway.web.people import permission
from redway.web.people.models import Person


class RatesFileForm(forms.Form):
    """A file of rates."""

    file = TableField("File of rates", "TOML, in the shape of the national file of a year")


def take_in_rates(
    *, actor: Person | None, authority: str, year: str, content: bytes, file: str, now: datetime
) -> LocalRates:
    """A file of rates as the newest version of its year.

    Raises RatesRefused naming the file and the entry, YearWithoutValues naming what is missing.
    """
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(authority))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RatesRefused(f"{file} is not text in UTF-8.", "Save it as UTF-8 and send it again.") from None
    local_rates(year, text, file)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        newest = (
            LocalRates.objects.select_for_update()
            .filter(authority=authority, year=year)
            .order_by("-number")
            .first()
        )
        if newest is not None and newest.sha256 == sha256:
            raise RatesRefused(
                f"{file} holds exactly what version {newest.number} holds, so nothing was loaded.",
                "Choose the file you meant, or leave it.",
            )
        made = LocalRates.objects.create(
            authority=authority,
            year=year,
            number=newest.number + 1 if newest else 1,
            file=file[:200],
            text=text,
            sha256=sha256,
            at=now,
            by=actor,
        )
        details = {"authority": authority, "year": year, "version": made.number, "sha256": sha256}
        audit.record(actor, "funding.take_in_rates", "local rates", made.pk, details)
    return made
