"""The forms of early warning and of schools causing concern."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from redway.improvement.concern_categories import MOST_CATEGORIES, Category, CategoryList
from redway.improvement.reasons import LONGEST
from redway.improvement.soft_intelligence import Certainty, Kind, Source
from redway.improvement.triage import Outcome
from redway.web.design.form_fields import (
    day,
    from_list,
    line,
    lines,
    one_of,
    whole,
)
from redway.web.improvement.listed import ListedSchools
from redway.web.improvement.models import Withdrawn
from redway.web.improvement.triage import WHY

NAME_NOBODY = (
    "Do not name pupils or staff, and write nothing of anybody’s health or of what a complaint says. "
    "Safeguarding goes to the designated officer."
)
_SPARE_ROWS = 1


class IntelligenceForm(forms.Form):
    """Something known of a school. There is no field for words, on purpose."""

    kind = from_list(
        "What happened", [(one.value, one.words) for one in Kind], missing="Choose what happened"
    )
    on = day("On which day", missing="Enter the day")
    source = from_list(
        "Who said so", [(one.value, one.words) for one in Source], missing="Choose who said so"
    )
    certainty = one_of(
        "How sure is it?", [(one.value, one.words) for one in Certainty], missing="Say how sure it is"
    )
    number = whole(
        "How many complaints",
        "For complaints only: the number, without their words",
        required=False,
        least=1,
        most=999,
    )


class WithdrawForm(forms.Form):
    """Why something known no longer stands."""

    because = one_of("Why is it withdrawn?", Withdrawn.choices, missing="Choose why")


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
        self.fields["reasons"] = lines("Reasons", NAME_NOBODY, missing="Enter the reasons", most=LONGEST)


class DecideForm(forms.Form):
    """A decision on the category."""

    def __init__(self, held: CategoryList, proposed: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if proposed:
            self.fields["agreed"] = one_of(
                "Is the school to be put in a category?",
                [("yes", "Yes, in the one chosen below"), ("no", "No: leave all as it was")],
                missing="Say whether the school is to be put in a category",
            )
        self.fields["category"] = CategoryField("Which category?", held)
        self.fields["reasons"] = lines(
            "Reasons",
            f"The headteacher and the chair read them. {NAME_NOBODY}",
            missing="Enter the reasons",
            most=LONGEST,
        )
        self.fields["review_on"] = day(
            "When is it looked at again?",
            "Leave empty for the latest day that the list allows",
            required=False,
        )


class AnswerForm(forms.Form):
    """The school's answer."""

    words = lines("Your answer", NAME_NOBODY, missing="Enter your answer", rows=8, most=LONGEST)


class CloseForm(forms.Form):
    """Why a concern is closed."""

    reasons = lines(
        "What has become better?",
        f"The headteacher and the chair read it. {NAME_NOBODY}",
        missing="Say what has become better",
        most=LONGEST,
    )


class CategoriesForm(forms.Form):
    """The authority's own list: a row a category, the lightest first, an empty row for one more."""

    def __init__(self, held: CategoryList, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.held = held
        self.fields["first_day"] = day("From which day does the list hold?", missing="Enter the day")
        self.fields["counts_for"] = whole(
            "For how many months does a concern count?", missing="Enter how many months", most=60, least=1
        )
        self.rows = min(len(held.categories) + _SPARE_ROWS, MOST_CATEGORIES)
        for at in range(self.rows):
            name = f"Category {at + 1}"
            self.fields[f"label_{at}"] = line(
                f"{name}: name", "Leave the name empty to do without it", required=False, most=60
            )
            self.fields[f"about_{at}"] = line(f"{name}: what it means", required=False, most=300)
            self.fields[f"from_{at}"] = whole(
                f"{name}: suggested from how many concerns",
                "Empty: no count suggests it",
                most=99,
                required=False,
                least=1,
            )
            self.fields[f"review_{at}"] = whole(
                f"{name}: looked at again after how many weeks", most=104, required=False, least=1
            )
            self.fields[f"trigger_{at}"] = forms.BooleanField(
                label=f"{name}: suggested when an official trigger is met", required=False
            )
        self.fields["reason"] = line(
            "Who settled it, and why", missing="Say who settled it, and why", most=300
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

    reasons = lines(
        "Why may the scores be shown all the same?",
        NAME_NOBODY,
        missing="Say why the scores may be shown",
        most=LONGEST,
    )


class DayForm(forms.Form):
    """The day as at which schools are scored."""

    day = day("As at which day?", "Nothing that became public later is used", missing="Enter the day")


class BeginForm(forms.Form):
    """A triage meeting begun."""

    on = day("Day of the meeting", missing="Enter the day")


class NameForm(forms.Form):
    """A school for the own list."""

    def __init__(self, offered: ListedSchools, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["school"] = from_list(
            "School", offered.by_key, offered.left_out, missing="Choose a school"
        )
        self.fields["why"] = from_list("Why", list(WHY.items()), missing="Choose why")


class TriageDecisionForm(forms.Form):
    """What is to be done about a school."""

    outcome = one_of(
        "What is to be done?", [(one.value, one.words) for one in Outcome], missing="Say what is to be done"
    )
    reasons = lines("Reasons", NAME_NOBODY, missing="Enter the reasons", most=LONGEST)
    by_day = day("By when", "Leave empty where nothing is due", required=False)


class ConfirmForm(forms.Form):
    """Nothing to fill in: a step that is confirmed."""
