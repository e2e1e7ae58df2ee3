"""The money of a year: set down by an officer, with what is set aside from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from redway.core.money import NOTHING, Money
from redway.funding.errors import FundingError
from redway.funding.schools_block import SchoolsBlock
from redway.web.audit import services as audit
from redway.web.design.form_fields import from_list, line
from redway.web.funding.access import funding_record
from redway.web.funding.models import BlockOfYear
from redway.web.funding.money_fields import money
from redway.web.people import permission
from redway.web.people.models import Person


class BlockRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """Money that cannot be set down so."""


@dataclass(frozen=True)
class Decided:
    """What others decided for a year: the forum on the move to other blocks (None before it did), and the
    Secretary of State, in words by the code of the check that is lifted."""

    forum_agreed: bool | None = None
    schools_consulted: bool = False
    disapplied: Mapping[str, str] = field(default_factory=dict)


NOTHING_DECIDED = Decided()
DISAPPLICATIONS = {
    "minimum-level": "Disapplication: minimum per-pupil level",
    "factor-range": "Disapplication: rates outside their allowed range",
    "transfer-above-limit": "Disapplication: move to other blocks",
}
_FORUM = {"": None, "agreed": True, "refused": False}


class BlockForm(forms.Form):
    """The schools block and what is set aside."""

    block_in = money(
        "Schools block",
        "What the Department for Education allocates for schools, before anything is set aside",
        missing="Enter the schools block, for example 285,000,000",
    )
    growth = money("Growth fund", required=False)
    falling_rolls = money("Falling rolls fund", required=False)
    transfer = money(
        "Moved to other blocks",
        "Up to 0.5% with the Schools Forum's approval. Write -500 for money moved in.",
        required=False,
    )
    forum = from_list(
        "What the Schools Forum decided on the move",
        [("agreed", "Agreed"), ("refused", "Refused")],
        required=False,
        nothing="Not decided yet",
    )
    consulted = forms.BooleanField(label="All schools were consulted on the move", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, held: BlockOfYear | None, data: Any = None) -> None:
        block, decided = held.as_block if held else None, decided_of(held)
        super().__init__(
            data,
            initial={
                "block_in": block.amount if block else None,
                "growth": block.growth_fund if block else None,
                "falling_rolls": block.falling_rolls if block else None,
                "transfer": block.transfer if block else None,
                "revision": held.revision if held else 0,
                "forum": next(key for key, agreed in _FORUM.items() if agreed is decided.forum_agreed),
                "consulted": decided.schools_consulted,
                **{_box(code): decided.disapplied.get(code, "") for code in DISAPPLICATIONS},
            },
        )
        for code, label in DISAPPLICATIONS.items():
            self.fields[_box(code)] = line(
                label,
                "Day and reference of the Secretary of State's decision. Leave empty without one.",
                required=False,
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

    @property
    def decided(self) -> Decided:
        """What others decided, once the form is sound."""
        given = self.cleaned_data
        words = {code: given[_box(code)].strip() for code in DISAPPLICATIONS}
        return Decided(
            _FORUM[given["forum"]],
            given["consulted"],
            {code: text for code, text in words.items() if text},
        )

    def show_revision_of(self, held: BlockOfYear | None) -> None:
        """Let the next attempt stand on what is held now."""
        self.data = {**dict(self.data.items()), "revision": held.revision if held else 0}


def decided_of(held: BlockOfYear | None) -> Decided:
    """What others decided for a year, as it was set down."""
    if held is None:
        return NOTHING_DECIDED
    return Decided(held.forum_agreed, held.schools_consulted, held.disapplied)


def set_down_block(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    revision: int | None,
    block: SchoolsBlock,
    now: datetime,
    decided: Decided | None = None,
) -> BlockOfYear:
    """The money of a year; without ``decided`` what others decided stays as it is.

    Raises BlockRefused when somebody set it down in between, or nothing is left.
    """
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
        decided = decided or decided_of(found)
        found.forum_agreed, found.schools_consulted = decided.forum_agreed, decided.schools_consulted
        found.disapplied = dict(decided.disapplied)
        found.revision, found.at, found.by = found.revision + 1, now, actor
        found.save()
        details: dict[str, object] = {
            "authority": authority,
            "year": year,
            "for_schools": _text(block.for_schools),
        }
        details |= {"disapplied": sorted(decided.disapplied)}
        audit.record(actor, "funding.set_down_block", "schools block", found.pk, details)
    return found


def _box(code: str) -> str:
    return code.replace("-", "_")


def _text(amount: Money) -> str:
    return str(amount.pounds)
