"""What is typed of the money beside the formula; each form gives the values of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from redway.core.money import NOTHING, Money
from redway.core.words import day_in_words
from redway.web.design.form_fields import line, one_of, whole
from redway.web.design.uploaded_table import TableField
from redway.web.funding.blocks.models import (
    MOST_OF_A_SOURCE,
    Criteria,
    EarlyYearsPlan,
    Fund,
    HighNeedsPlan,
    Income,
    OfYear,
    ServiceKind,
    VotedOn,
)
from redway.web.funding.forum.models import Item
from redway.web.funding.money_fields import MoneyField, money

_MOST_PUPILS = 999_999
_MOST_HOURS = 99_999_999
_VOTES = (("", "Not voted on"), ("yes", "Agreed"), ("no", "Refused"))
_AS_VOTE = {True: "yes", False: "no", None: ""}
_OF_VOTE = {held: vote for vote, held in _AS_VOTE.items()}
_PENCE = "_pence"


def _count(label: str, hint: str = "", *, least: int = 0, most: int) -> forms.IntegerField:
    missing = f"Enter {label[:1].lower()}{label[1:]}, or 0 where there is none"
    return whole(label, hint, missing=missing, least=least, most=most, width=10)


class SetDownForm(forms.Form):
    """A row of a year: amounts named after its columns, their source, and whether they were read there."""

    source = line(
        "Where the figures come from",
        "Such as: allocation of the dedicated schools grant, December 2024",
        missing="Say where the figures come from",
        most=MOST_OF_A_SOURCE,
    )
    is_confirmed = forms.BooleanField(
        label="Somebody has read them there",
        help_text="Until then every page that uses them says that they are not confirmed.",
        required=False,
    )

    def __init__(self, held: OfYear | None, items: Sequence[Item] = (), data: Any = None) -> None:
        super().__init__(data)
        self.items = {str(one.pk): one for one in items}
        if "item" in self.fields:
            field = self.fields["item"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "None recorded in the forum's room"), *map(_item_choice, items)]
        self.initial = self.typed_of(held) if held is not None else {}
        self.order_fields([*(name for name in self.fields if name not in _LAST), *_LAST])

    def typed_of(self, held: OfYear) -> dict[str, Any]:
        """What stands in each box for a row that is held."""
        typed: dict[str, Any] = {}
        for name, field in self.fields.items():
            if isinstance(field, MoneyField):
                pence = getattr(held, name + _PENCE)
                typed[name] = None if pence is None else Money(pence)
            elif isinstance(held, VotedOn) and name == "item":
                typed[name] = str(held.item_id) if held.item_id else ""
            elif name.startswith("is_agreed"):
                typed[name] = _AS_VOTE[getattr(held, name)]
            else:
                typed[name] = getattr(held, name)
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            amount = cleaned.get(name)
            if isinstance(field, MoneyField) and amount is not None and amount < NOTHING:
                self.add_error(name, f"{field.label} must be nothing or more")
        if "item" in self.fields and not cleaned.get("item"):
            voted = [name for name in self.fields if name.startswith("is_agreed") and cleaned.get(name)]
            if voted and not cleaned.get("decided_in"):
                self.add_error("decided_in", "Say at which meeting it was decided")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the columns of a row, once the form is sound."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            given = self.cleaned_data.get(name)
            if isinstance(field, MoneyField):
                found[name + _PENCE] = None if given is None else given.pence
            elif name == "item":
                found[name] = self.items.get(str(given))
            elif name.startswith("is_agreed"):
                # What is recorded in the forum's room holds; a vote typed beside it would be a second truth.
                found[name] = None if self.cleaned_data.get("item") else _OF_VOTE[str(given or "")]
            else:
                found[name] = given if given is not None else ""
        return found


_LAST = ("item", "is_agreed", "is_agreed_by_secondary", "decided_in", "source", "is_confirmed")


def _item_choice(item: Item) -> tuple[str, str]:
    return str(item.pk), f"{day_in_words(item.meeting.held_on)}, item {item.number}: {item.title}"


def _item() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="The forum's decision",
        help_text="The item of its agenda. For a meeting that is not recorded here, fill in what follows.",
        required=False,
    )


def _vote(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_VOTES, required=False)


def _decided_in() -> forms.CharField:
    return line(
        "Meeting and minute",
        "Such as: Schools Forum of 14 January 2025, minute 6",
        required=False,
        most=MOST_OF_A_SOURCE,
    )


class IncomeForm(SetDownForm):
    """What the schools block is made of."""

    primary_unit = money("Primary unit of funding", "Pounds a primary pupil, from the allocation")
    secondary_unit = money("Secondary unit of funding", "Pounds a secondary pupil, from the allocation")
    premises = money("Premises")
    extra_primary = _count("Extra primary pupils", "In the small areas that grew", most=_MOST_PUPILS)
    extra_secondary = _count("Extra secondary pupils", "In the small areas that grew", most=_MOST_PUPILS)
    new_schools = _count("New schools", most=99)


class CriteriaForm(SetDownForm):
    """When a school is paid from the growth fund."""

    least = _count("Extra pupils from which the fund pays", most=999)
    primary = money("Amount a primary pupil")
    secondary = money("Amount a secondary pupil")
    months = _count("Months of the year that are paid", "7 from September to March", most=12, least=1)
    at_request = forms.BooleanField(
        label="Only growth that the authority asked for", required=False, initial=True
    )
    item = _item()
    is_agreed = _vote("The forum's vote")
    decided_in = _decided_in()


class FallingCriteriaForm(SetDownForm):
    """When a school is paid from the falling-rolls fund."""

    least = _count("Least fall that is paid, in percent of the roll before", most=100)
    primary = money("Amount a primary pupil")
    secondary = money("Amount a secondary pupil")
    item = _item()
    is_agreed = _vote("The forum's vote")
    decided_in = _decided_in()


class EarlyYearsForm(SetDownForm):
    """The early-years block."""

    hours_under_two = _count("Funded hours a year, under two", most=_MOST_HOURS)
    hours_two = _count("Funded hours a year, two", most=_MOST_HOURS)
    hours_three_and_four = _count("Funded hours a year, three and four", most=_MOST_HOURS)
    rate_under_two = money("What comes in for an hour, under two")
    rate_two = money("What comes in for an hour, two")
    rate_three_and_four = money("What comes in for an hour, three and four")
    base_under_two = money("Base rate to providers, under two")
    base_two = money("Base rate to providers, two")
    base_three_and_four = money("Base rate to providers, three and four")
    deprivation = money("Supplements for deprivation in the year")
    other_supplements = money("Other supplements in the year")


class HighNeedsForm(SetDownForm):
    """The high-needs block."""

    income = money("High-needs block")
    special_places = _count("Places in special schools and alternative provision", most=_MOST_PUPILS)
    unit_places_occupied = _count("Places in units, filled by a pupil on roll", most=_MOST_PUPILS)
    unit_places_unoccupied = _count("Other places in units", most=_MOST_PUPILS)
    top_ups = money("Top-ups")
    other = money("All else", "Independent schools, support services and the like")


class ServiceForm(SetDownForm):
    """A service that maintained schools give money back for."""

    title = line("What the service is called", missing="Say what the service is called", most=120)
    kind = one_of("What it is given for", ServiceKind.choices, missing="Choose one")
    primary = money("Amount a primary pupil", "Empty where primary schools are not asked", required=False)
    secondary = money(
        "Amount a secondary pupil", "Empty where secondary schools are not asked", required=False
    )
    item = _item()
    is_agreed = _vote("The vote of primary members, or of all maintained schools")
    is_agreed_by_secondary = _vote("The vote of secondary members")
    decided_in = _decided_in()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        primary, secondary = cleaned.get("primary"), cleaned.get("secondary")
        if primary is None and secondary is None and not {"primary", "secondary"} & set(self.errors):
            self.add_error("primary", "Enter an amount for primary or for secondary schools")
        if cleaned.get("kind") == ServiceKind.EDUCATION_FUNCTIONS and primary != secondary:
            self.add_error(
                "secondary", "Education functions have one amount: enter the same for primary and secondary"
            )
        return cleaned


class WithdrawForm(forms.Form):
    """Why something is taken out."""

    reason = line("Why is it taken out?", missing="Say why it is taken out", most=300)


class ClaimsForm(forms.Form):
    """A table of schools judged for a fund."""

    file = TableField()


SET_DOWN: dict[str, tuple[type[OfYear], type[SetDownForm], str, dict[str, str]]] = {
    "income": (Income, IncomeForm, "What comes in", {}),
    Fund.GROWTH.value: (Criteria, CriteriaForm, "Criteria of the growth fund", {"fund": Fund.GROWTH.value}),
    Fund.FALLING_ROLLS.value: (
        Criteria,
        FallingCriteriaForm,
        "Criteria of the falling-rolls fund",
        {"fund": Fund.FALLING_ROLLS.value},
    ),
    "early-years": (EarlyYearsPlan, EarlyYearsForm, "Early-years block", {}),
    "high-needs": (HighNeedsPlan, HighNeedsForm, "High-needs block", {}),
}
"""Last part of the address -> (what is stored, its form, what it is called, which row of the year it is)."""
