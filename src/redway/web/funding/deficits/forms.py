"""The forms of deficits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from redway.core.money import Money
from redway.funding.balance_rows import BalanceRow
from redway.funding.deficits import month_in_words, next_month
from redway.funding.local_values import InForce
from redway.funding.recovery import PlanYear, RecoveryPlan, year_after
from redway.web.design.form_fields import day, line, lines, number, one_of, whole
from redway.web.design.uploaded_table import TableField
from redway.web.funding.deficits.models import Licence, LicenceEntry, SchoolBalance
from redway.web.funding.deficits.services.licences import Application, Decision, Returned
from redway.web.funding.deficits.services.meetings import ToDo
from redway.web.funding.money_fields import money

BALANCES, FORECASTS = "balances", "forecasts"
_ACTIONS = 4


class UploadForm(forms.Form):
    """A table of balances or of pupil forecasts."""

    kind = one_of(
        "What the table holds",
        [(BALANCES, "Balances of schools"), (FORECASTS, "Pupil forecasts")],
        missing="Say what the table holds",
    )
    file = TableField()


class BalanceForm(forms.Form):
    """One school's year."""

    income = money("Income of the year", missing="Enter the income")
    spending = money("Spending of the year", missing="Enter the spending")
    closing = money(
        "Balance at the end of the year", "A deficit is below zero, such as -500", missing="Enter the balance"
    )
    pupils = whole("Pupils on roll in October", missing="Enter the pupils on roll", most=9_999)

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

    brought_forward = money(
        "Balance brought into the first year",
        "A deficit is below zero, such as -90,000",
        missing="Enter the balance that is brought forward",
    )
    causes = lines("How did the deficit arise?", missing="Say how the deficit arose")
    exceptional_because = lines(
        "Is it an exceptional case?",
        "Only if the plan needs more than the usual years: say why. Leave it empty otherwise",
        rows=3,
        required=False,
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
            later = "" if at < usual else "Only in an exceptional case"
            self.fields[f"income_{at}"] = money(
                f"{year}: income", later, missing=f"Enter the planned income of {year}", required=at == 0
            )
            self.fields[f"spending_{at}"] = money(
                f"{year}: spending", missing=f"Enter the planned spending of {year}", required=at == 0
            )
            self.fields[f"savings_{at}"] = lines(f"{year}: what will be done", rows=2, required=False)
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

    kind = one_of(
        "What is decided",
        [
            (LicenceEntry.Kind.GRANTED.value, "License the deficit"),
            (LicenceEntry.Kind.RETURNED.value, "Send it back to the school to be changed"),
            (LicenceEntry.Kind.REFUSED.value, "Refuse it"),
        ],
        missing="Say what is decided",
    )
    reasons = lines("Reasons", "The school reads them", missing="Give the reasons")
    conditions = lines(
        "Conditions of the licence", "One on each line. Only for a licence", rows=4, required=False
    )
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

    reason = lines("Reason", missing="Give the reason", rows=3)


class ClearForm(forms.Form):
    """That a deficit is clear."""

    on = day("Day on which the deficit was clear", missing="Enter the day")
    words = lines(
        "How it is known", missing="Say how it is known, such as the closed accounts of 2025-26", rows=2
    )


class ReturnForm(forms.Form):
    """The return of one month."""

    income = money(
        "Income of the financial year up to the end of the month", missing="Enter the income to date"
    )
    spending = money(
        "Spending of the financial year up to the end of the month", missing="Enter the spending to date"
    )
    forecast = money(
        "Balance you forecast for the end of the financial year",
        "A deficit is below zero, such as -500",
        missing="Enter the balance that is forecast",
    )
    words = lines(
        "What has changed against the plan, and what are you doing about it?", rows=3, required=False
    )

    def returned(self, month: date) -> Returned:
        """What was typed."""
        given = self.cleaned_data
        return Returned(month, given["income"], given["spending"], given["forecast"], given["words"])


class MeetingForm(forms.Form):
    """A meeting with a school in difficulty, and up to a few actions."""

    on = day("Day of the meeting", missing="Enter the day of the meeting")
    present = lines(
        "Who was there",
        "Roles, such as headteacher, school business manager",
        missing="Say who was there",
        rows=2,
    )
    about = lines("What it was about", missing="Say what it was about", rows=3)
    agreed = lines("What was agreed", missing="Say what was agreed", rows=4)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for at in range(1, _ACTIONS + 1):
            self.fields[f"what_{at}"] = line(f"Action {at}: what is to be done", required=False, most=300)
            self.fields[f"owner_{at}"] = line(f"Action {at}: who does it, by role", required=False, most=120)
            self.fields[f"due_{at}"] = day(f"Action {at}: by when", required=False)

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

    on = day("Day on which it was done", missing="Enter the day")
    outcome = line("What came of it", missing="Say what came of it", most=300)


class OwnValueForm(forms.Form):
    """A number that the authority settles itself."""

    name = forms.ChoiceField(label="Which number", error_messages={"required": "Choose a number"})
    value = number(
        "The authority's own number",
        "Leave it empty to go back to the national one",
        required=False,
        least=0,
        places=3,
        such_as="3 or 2.5",
    )
    first_day = day("First day on which it holds", missing="Enter the first day")
    reason = line("Who settled it, and why", missing="Say who settled it", most=300)

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["name"].choices = list(choices)  # type: ignore[attr-defined]
