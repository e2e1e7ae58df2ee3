"""The forms of deficits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from redway.core.money import Money
from redway.funding.balance_rows import BalanceRow
from redway.funding.deficits import month_in_words, next_month
from redway.funding.local_values import InForce
from redway.funding.recovery import PlanYear, RecoveryPlan, year_after
from redway.web.design.forms import DateBoxesField
from redway.web.design.uploaded_table import TableField
from redway.web.funding.deficits.models import Licence, LicenceEntry, SchoolBalance
from redway.web.funding.deficits.services.licences import Application, Decision, Returned
from redway.web.funding.deficits.services.meetings import ToDo
from redway.web.funding.money_fields import MoneyField

BALANCES, FORECASTS = "balances", "forecasts"
_LONGEST = 10_000
_ACTIONS = 4


def _lines(label: str, missing: str = "", *, hint: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


def _line(label: str, missing: str = "", *, hint: str = "", longest: int = 300) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=longest,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": missing, "max_length": f"{label} must be {longest} characters or fewer"},
    )


def _money(label: str, missing: str = "", *, hint: str = "") -> MoneyField:
    return MoneyField(
        label=label, help_text=hint, required=bool(missing), error_messages={"required": missing}
    )


def _day(label: str, missing: str = "") -> DateBoxesField:
    return DateBoxesField(
        label=label, required=bool(missing), error_messages={"required": missing, "incomplete": missing}
    )


class UploadForm(forms.Form):
    """A table of balances or of pupil forecasts."""

    kind = forms.ChoiceField(
        label="What the table holds",
        choices=[(BALANCES, "Balances of schools"), (FORECASTS, "Pupil forecasts")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what the table holds"},
    )
    file = TableField()


class BalanceForm(forms.Form):
    """One school's year."""

    income = _money("Income of the year", "Enter the income")
    spending = _money("Spending of the year", "Enter the spending")
    closing = _money(
        "Balance at the end of the year", "Enter the balance", hint="A deficit is below zero, such as -500"
    )
    pupils = forms.IntegerField(
        label="Pupils on roll in October",
        min_value=0,
        max_value=9_999,
        widget=forms.TextInput(
            {"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"}
        ),
        error_messages={
            "required": "Enter the pupils on roll",
            "invalid": "Pupils on roll must be a whole number",
        },
    )

    def row(self, urn: str, year: str) -> BalanceRow:
        """What was typed."""
        given = self.cleaned_data
        return BalanceRow(urn, year, given["income"], given["spending"], given["closing"], given["pupils"])

    @staticmethod
    def initial_of(held: SchoolBalance | None) -> dict[str, Any]:
        """What is held already."""
        if held is None:
            return {}
        return {
            "income": Money(held.income_pence),
            "spending": Money(held.spending_pence),
            "closing": Money(held.closing_pence),
            "pupils": held.pupils,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("income", "spending"):
            if isinstance(given.get(name), Money) and given[name].pence < 0:
                self.add_error(name, f"{self.fields[name].label} must not be below nothing")
        return given


class ApplicationForm(forms.Form):
    """An application for a licensed deficit with its recovery plan, a block of fields for each year."""

    brought_forward = _money(
        "Balance brought into the first year",
        "Enter the balance that is brought forward",
        hint="A deficit is below zero, such as -90,000",
    )
    causes = _lines("How did the deficit arise?", "Say how the deficit arose")
    exceptional_because = _lines(
        "Is it an exceptional case?",
        hint="Only if the plan needs more than the usual years: say why. Leave it empty otherwise",
        rows=3,
    )

    def __init__(
        self, first: str, rules: InForce, data: Any = None, initial: Any = None, *, keeping: bool = False
    ) -> None:
        """``keeping`` takes what is there, to be gone on with later."""
        super().__init__(data, initial=initial)
        usual = rules.whole("recovery-years")
        self.years = [first]
        while len(self.years) < rules.whole("recovery-years-exceptional"):
            self.years.append(year_after(self.years[-1]))
        for at, year in enumerate(self.years):
            missing = f"Enter the planned {{}} of {year}" if at == 0 else ""
            later = "" if at < usual else "Only in an exceptional case"
            self.fields[f"income_{at}"] = _money(f"{year}: income", missing.format("income"), hint=later)
            self.fields[f"spending_{at}"] = _money(f"{year}: spending", missing.format("spending"))
            self.fields[f"savings_{at}"] = _lines(f"{year}: what will be done", rows=2)
        if keeping:
            for name in ("causes", "income_0", "spending_0"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ended = False
        for at, year in enumerate(self.years):
            income, spending = given.get(f"income_{at}"), given.get(f"spending_{at}")
            told = [one is not None for one in (income, spending)]
            if any(told) and not all(told) and not {f"income_{at}", f"spending_{at}"} & set(self.errors):
                missing = "spending" if told[0] else "income"
                self.add_error(f"{missing}_{at}", f"Enter the planned {missing} of {year}")
            if any(told) and ended:
                self.add_error(f"income_{at}", f"A year before {year} is empty: enter every year in order")
            ended = ended or not any(told)
        return given

    def application(self) -> Application:
        """What was written; for a form that is sound."""
        given = self.cleaned_data
        years = tuple(
            PlanYear(year, given[f"income_{at}"], given[f"spending_{at}"], given[f"savings_{at}"])
            for at, year in enumerate(self.years)
            if given[f"income_{at}"] is not None
        )
        return Application(given["brought_forward"], given["causes"], given["exceptional_because"], years)

    @staticmethod
    def initial_of(licence: Licence, plan: RecoveryPlan | None) -> dict[str, Any]:
        """What was written before."""
        found: dict[str, Any] = {
            "brought_forward": Money(licence.brought_forward_pence),
            "causes": licence.causes,
            "exceptional_because": licence.exceptional_because,
        }
        for at, year in enumerate(plan.years if plan else ()):
            found |= {
                f"income_{at}": year.income,
                f"spending_{at}": year.spending,
                f"savings_{at}": year.savings,
            }
        return found


class DecisionForm(forms.Form):
    """What is decided on an application."""

    kind = forms.ChoiceField(
        label="What is decided",
        choices=[
            (LicenceEntry.Kind.GRANTED.value, "License the deficit"),
            (LicenceEntry.Kind.RETURNED.value, "Send it back to the school to be changed"),
            (LicenceEntry.Kind.REFUSED.value, "Refuse it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is decided"},
    )
    reasons = _lines("Reasons", "Give the reasons", hint="The school reads them")
    conditions = _lines("Conditions of the licence", hint="One on each line. Only for a licence", rows=4)
    first_month = forms.ChoiceField(label="First month of which a return is asked")

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data)
        month = today.replace(day=1)
        choices = []
        for _ in range(4):
            choices.append((month.isoformat(), month_in_words(month)))
            month = next_month(month)
        self.fields["first_month"].choices = choices  # type: ignore[attr-defined]

    def decision(self) -> Decision:
        """What was decided."""
        given = self.cleaned_data
        return Decision(
            LicenceEntry.Kind(given["kind"]),
            given["reasons"],
            given["conditions"],
            date.fromisoformat(given["first_month"]),
        )


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = _lines("Reason", "Give the reason", rows=3)


class ClearForm(forms.Form):
    """That a deficit is clear."""

    on = _day("Day on which the deficit was clear", "Enter the day")
    words = _lines("How it is known", "Say how it is known, such as the closed accounts of 2025-26", rows=2)


class ReturnForm(forms.Form):
    """The return of one month."""

    income = _money("Income of the financial year up to the end of the month", "Enter the income to date")
    spending = _money(
        "Spending of the financial year up to the end of the month", "Enter the spending to date"
    )
    forecast = _money(
        "Balance you forecast for the end of the financial year",
        "Enter the balance that is forecast",
        hint="A deficit is below zero, such as -500",
    )
    words = _lines("What has changed against the plan, and what are you doing about it?", rows=3)

    def returned(self, month: date) -> Returned:
        """What was typed."""
        given = self.cleaned_data
        return Returned(month, given["income"], given["spending"], given["forecast"], given["words"])


class MeetingForm(forms.Form):
    """A meeting with a school in difficulty, and up to a few actions."""

    on = _day("Day of the meeting", "Enter the day of the meeting")
    present = _lines(
        "Who was there",
        "Say who was there",
        hint="Roles, such as headteacher, school business manager",
        rows=2,
    )
    about = _lines("What it was about", "Say what it was about", rows=3)
    agreed = _lines("What was agreed", "Say what was agreed", rows=4)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for at in range(1, _ACTIONS + 1):
            self.fields[f"what_{at}"] = _line(f"Action {at}: what is to be done")
            self.fields[f"owner_{at}"] = _line(f"Action {at}: who does it, by role", longest=120)
            self.fields[f"due_{at}"] = _day(f"Action {at}: by when")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        words = {"what": "what is to be done", "owner": "who does it", "due": "by when"}
        for at in range(1, _ACTIONS + 1):
            told = {name: given.get(f"{name}_{at}") for name in words}
            if any(told.values()):
                for name, value in told.items():
                    if not value and f"{name}_{at}" not in self.errors:
                        self.add_error(f"{name}_{at}", f"Action {at}: say {words[name]}")
        return given

    def actions(self) -> Sequence[ToDo]:
        """The actions that were typed."""
        given = self.cleaned_data
        return [
            ToDo(given[f"what_{at}"], given[f"owner_{at}"], given[f"due_{at}"])
            for at in range(1, _ACTIONS + 1)
            if given[f"what_{at}"]
        ]


class DoneForm(forms.Form):
    """That an action is done."""

    on = _day("Day on which it was done", "Enter the day")
    outcome = _line("What came of it", "Say what came of it")


class OwnValueForm(forms.Form):
    """A number that the authority settles itself."""

    name = forms.ChoiceField(label="Which number", error_messages={"required": "Choose a number"})
    value = forms.DecimalField(
        label="The authority's own number",
        help_text="Leave it empty to go back to the national one",
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=3,
        widget=forms.TextInput(
            {"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"}
        ),
        error_messages={"invalid": "The number must be a number, such as 3 or 2.5"},
    )
    first_day = _day("First day on which it holds", "Enter the first day")
    reason = _line("Who settled it, and why", "Say who settled it")

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["name"].choices = list(choices)  # type: ignore[attr-defined]
