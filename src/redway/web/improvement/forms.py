"""The forms of early warning and of schools causing concern."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from redway.improvement.concern_categories import MOST_CATEGORIES, Category, CategoryList
from redway.improvement.reasons import LONGEST
from redway.improvement.soft_intelligence import Certainty, Kind, Source
from redway.improvement.triage import Outcome
from redway.web.design.forms import DateBoxesField
from redway.web.improvement.models import Withdrawn
from redway.web.improvement.triage import WHY
from redway.web.register.models import School

NAME_NOBODY = (
    "Do not name pupils or staff, and write nothing of anybody’s health or of what a complaint says. "
    "Safeguarding goes to the designated officer."
)
_SPARE_ROWS = 1


def _lines(label: str, missing: str, *, hint: str = NAME_NOBODY, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing},
    )


def _choice(label: str, choices: Sequence[tuple[str, str]], missing: str, *, radios: bool = False) -> Any:
    blank = [] if radios else [("", "Choose")]
    return forms.ChoiceField(
        label=label,
        choices=[*blank, *choices],
        widget=forms.RadioSelect if radios else forms.Select,
        error_messages={"required": missing},
    )


def _whole(label: str, missing: str = "", *, hint: str = "", least: int = 1, most: int = 999) -> Any:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=bool(missing),
        min_value=least,
        max_value=most,
        widget=forms.TextInput(
            {"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"}
        ),
        error_messages={"required": missing, "invalid": f"{label} must be a whole number"},
    )


def _day(label: str, missing: str = "", *, hint: str = "For example, 27 3 2026") -> DateBoxesField:
    return DateBoxesField(
        label=label,
        required=bool(missing),
        help_text=hint,
        error_messages={"required": missing, "incomplete": missing or f"{label} must be a whole date"},
    )


class IntelligenceForm(forms.Form):
    """Something known of a school. There is no field for words, on purpose."""

    kind = _choice("What happened", [(one.value, one.words) for one in Kind], "Choose what happened")
    on = _day("On which day", "Enter the day")
    source = _choice("Who said so", [(one.value, one.words) for one in Source], "Choose who said so")
    certainty = _choice(
        "How sure is it?", [(one.value, one.words) for one in Certainty], "Say how sure it is", radios=True
    )
    number = _whole("How many complaints", hint="For complaints only: the number, without their words")


class WithdrawForm(forms.Form):
    """Why something known no longer stands."""

    because = _choice("Why is it withdrawn?", Withdrawn.choices, "Choose why", radios=True)


class CategoryField(forms.ChoiceField):
    """One of the categories in force, each with what it means."""

    def __init__(self, label: str, held: CategoryList) -> None:
        super().__init__(
            label=label,
            choices=[(one.key, f"{one.label}: {one.about}") for one in held.categories],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a category"},
        )


class ProposeForm(forms.Form):
    """A category proposed."""

    def __init__(self, held: CategoryList, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["category"] = CategoryField("Which category do you propose?", held)
        self.fields["reasons"] = _lines("Reasons", "Enter the reasons")


class DecideForm(forms.Form):
    """A decision on the category."""

    def __init__(self, held: CategoryList, proposed: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if proposed:
            self.fields["agreed"] = _choice(
                "Is the school to be put in a category?",
                [("yes", "Yes, in the one chosen below"), ("no", "No: leave all as it was")],
                "Say whether the school is to be put in a category",
                radios=True,
            )
        self.fields["category"] = CategoryField("Which category?", held)
        self.fields["reasons"] = _lines(
            "Reasons", "Enter the reasons", hint=f"The headteacher and the chair read them. {NAME_NOBODY}"
        )
        self.fields["review_on"] = _day(
            "When is it looked at again?", hint="Leave empty for the latest day that the list allows"
        )


class AnswerForm(forms.Form):
    """The school's answer."""

    words = _lines("Your answer", "Enter your answer", rows=8)


class CloseForm(forms.Form):
    """Why a concern is closed."""

    reasons = _lines(
        "What has become better?",
        "Say what has become better",
        hint=f"The headteacher and the chair read it. {NAME_NOBODY}",
    )


class CategoriesForm(forms.Form):
    """The authority's own list: a row a category, the lightest first, an empty row for one more."""

    def __init__(self, held: CategoryList, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.held = held
        self.fields["first_day"] = _day("From which day does the list hold?", "Enter the day")
        self.fields["counts_for"] = _whole(
            "For how many months does a concern count?", "Enter how many months", most=60
        )
        self.rows = min(len(held.categories) + _SPARE_ROWS, MOST_CATEGORIES)
        for at in range(self.rows):
            name = f"Category {at + 1}"
            self.fields[f"label_{at}"] = forms.CharField(
                label=f"{name}: name",
                required=False,
                max_length=60,
                help_text="Leave the name empty to do without it",
                widget=forms.TextInput({"autocomplete": "off"}),
            )
            self.fields[f"about_{at}"] = forms.CharField(
                label=f"{name}: what it means",
                required=False,
                max_length=300,
                widget=forms.TextInput({"autocomplete": "off"}),
            )
            self.fields[f"from_{at}"] = _whole(
                f"{name}: suggested from how many concerns", hint="Empty: no count suggests it", most=99
            )
            self.fields[f"review_{at}"] = _whole(f"{name}: looked at again after how many weeks", most=104)
            self.fields[f"trigger_{at}"] = forms.BooleanField(
                label=f"{name}: suggested when an official trigger is met", required=False
            )
        self.fields["reason"] = forms.CharField(
            label="Who settled it, and why",
            max_length=300,
            widget=forms.TextInput({"autocomplete": "off"}),
            error_messages={"required": "Say who settled it, and why"},
        )

    @staticmethod
    def initial_of(held: CategoryList, today: date) -> dict[str, Any]:
        """The list in force, as the form shows it."""
        found: dict[str, Any] = {"first_day": today, "counts_for": held.counts_for}
        for at, one in enumerate(held.categories):
            found |= {
                f"label_{at}": one.label,
                f"about_{at}": one.about,
                f"from_{at}": one.from_concerns,
                f"review_{at}": one.review_weeks,
                f"trigger_{at}": one.on_trigger,
            }
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for at in range(self.rows):
            if given.get(f"label_{at}") and not given.get(f"review_{at}") and not self.errors:
                self.add_error(f"review_{at}", f"Category {at + 1}: enter after how many weeks")
        return given

    def categories(self) -> list[Category]:
        """The rows with a name. A category keeps its key while its place in the list keeps its name."""
        given = self.cleaned_data
        known = {one.label.lower(): one.key for one in self.held.categories}
        found = []
        for at in range(self.rows):
            label = given[f"label_{at}"].strip()
            if label:
                key = known.get(label.lower()) or re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40]
                found.append(
                    Category(
                        key,
                        label,
                        given[f"about_{at}"].strip(),
                        given[f"from_{at}"],
                        given[f"review_{at}"] or 0,
                        given[f"trigger_{at}"],
                    )
                )
        return found


class SignOffForm(forms.Form):
    """Why scores may be shown though a limit of fairness is passed."""

    reasons = _lines("Why may the scores be shown all the same?", "Say why the scores may be shown")


class DayForm(forms.Form):
    """The day as at which schools are scored."""

    day = _day("As at which day?", "Enter the day", hint="Nothing that became public later is used")


class BeginForm(forms.Form):
    """A triage meeting begun."""

    on = _day("Day of the meeting", "Enter the day")


class NameForm(forms.Form):
    """A school for the own list."""

    def __init__(self, schools: Sequence[School], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["school"] = _choice(
            "School", [(one.key, one.shown_name) for one in schools], "Choose a school"
        )
        self.fields["why"] = _choice("Why", list(WHY.items()), "Choose why")


class TriageDecisionForm(forms.Form):
    """What is to be done about a school."""

    outcome = _choice(
        "What is to be done?",
        [(one.value, one.words) for one in Outcome],
        "Say what is to be done",
        radios=True,
    )
    reasons = _lines("Reasons", "Enter the reasons")
    by_day = _day("By when", hint="Leave empty where nothing is due")


class ConfirmForm(forms.Form):
    """Nothing to fill in: a step that is confirmed."""
