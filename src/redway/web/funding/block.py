"""The money of a year: set down by an officer, with what is set aside from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from redway.core.money import NOTHING, Money
from redway.funding.errors import FundingError
from redway.funding.schools_block import SchoolsBlock
from redway.web.audit import services as audit
from redway.web.funding.access import funding_record
from redway.web.funding.models import BlockOfYear
from redway.web.funding.money_fields import MoneyField
from redway.web.people import permission
from redway.web.people.models import Person


class BlockRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """Money that cannot be set down so."""


class BlockForm(forms.Form):
    """The schools block and what is set aside."""

    block_in = MoneyField(
        label="Schools block",
        help_text="What the Department for Education allocates for schools, before anything is set aside",
        error_messages={"required": "Enter the schools block, for example 285,000,000"},
    )
    growth = MoneyField(label="Growth fund", required=False)
    falling_rolls = MoneyField(label="Falling rolls fund", required=False)
    transfer = MoneyField(
        label="Moved to other blocks",
        required=False,
        help_text="Up to 0.5% with the Schools Forum's approval. Write -500 for money moved in.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, held: BlockOfYear | None, data: Any = None) -> None:
        block = held.as_block if held else None
        super().__init__(
            data,
            initial={
                "block_in": block.amount if block else None,
                "growth": block.growth_fund if block else None,
                "falling_rolls": block.falling_rolls if block else None,
                "transfer": block.transfer if block else None,
                "revision": held.revision if held else 0,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("block_in", "growth", "falling_rolls"):
            if (amount := cleaned.get(name)) is not None and amount < NOTHING:
                self.add_error(name, f"{self.fields[name].label} must be nothing or more")
        return cleaned

    @property
    def block(self) -> SchoolsBlock:
        """What was typed, once the form is sound."""
        given = self.cleaned_data
        return SchoolsBlock(
            given["block_in"],
            given["growth"] or NOTHING,
            given["falling_rolls"] or NOTHING,
            given["transfer"] or NOTHING,
        )

    def show_revision_of(self, held: BlockOfYear | None) -> None:
        """Let the next attempt stand on what is held now."""
        self.data = {**dict(self.data.items()), "revision": held.revision if held else 0}


def set_down_block(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    revision: int | None,
    block: SchoolsBlock,
    now: datetime,
) -> BlockOfYear:
    """The money of a year. Raises BlockRefused when somebody set it down in between, or nothing is left."""
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(authority))
    if block.for_schools < NOTHING:
        raise BlockRefused(
            f"More is set aside ({block.set_aside}) than comes in ({block.amount}).",
            "Mend an amount.",
        )
    with transaction.atomic():
        found = BlockOfYear.objects.select_for_update().filter(authority=authority, year=year).first()
        if (found.revision if found else 0) != (revision or 0):
            now_held = found.as_block.for_schools if found else NOTHING
            raise BlockRefused(
                f"Somebody has set down this money since you opened it: {now_held} is left for schools.",
                "Look at it, and set yours down again if it still holds.",
            )
        found = found or BlockOfYear(authority=authority, year=year, revision=0)
        found.block_pence, found.growth_pence = block.amount.pence, block.growth_fund.pence
        found.falling_rolls_pence, found.transfer_pence = block.falling_rolls.pence, block.transfer.pence
        found.revision, found.at, found.by = found.revision + 1, now, actor
        found.save()
        details = {"authority": authority, "year": year, "for_schools": _text(block.for_schools)}
        audit.record(actor, "funding.set_down_block", "schools block", found.pk, details)
    return found


def _text(amount: Money) -> str:
    return str(amount.pounds)
