"""What is asked of a person who agrees a line of the timetable, or goes back to the proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from redway.core.errors import RedwayError
from redway.datasets.timetable import MOST_DAYS, Entry, Standing, Terms
from redway.web.datasets import agreements
from redway.web.datasets.models import TimetableAgreement
from redway.web.design.form_fields import lines, whole
from redway.web.design.forms import DayOfYearField
from redway.web.people.models import Person
from redway.web.people.roles import Role

SOMEBODY_ELSE = "other"
_ROLES = [(role.label, role.label) for role in Role]


def _days(label: str, fewest: int, help_text: str) -> forms.IntegerField:
    missing = f"{label}: enter a number of days"
    return whole(label, help_text, missing=missing, least=fewest, most=MOST_DAYS, such_as="30")


def _reason() -> forms.CharField:
    return lines(
        "Reason",
        "Why, or where it was agreed. Kept with the line. Name no child and no member of staff.",
        missing="Enter a reason",
        most=300,
        rows=3,
    )


class AgreementForm(forms.Form):
    """The terms of one line. A yearly line asks for a day, a standing one for a greatest age."""

    due = DayOfYearField(
        label="Due every year on",
        help_text="Day and month, for example 9 9 for 9 September",
        error_messages={"required": "Enter the day and month it is due"},
    )
    grace_days = _days("Days of grace", 0, "After so many days late, amber turns red")
    no_older_than_days = _days("No older than, in days", 1, "At twice this age, amber turns red")
    supplier = forms.CharField(
        label="From whom",
        max_length=120,
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
        error_messages={"required": "Enter from whom the dataset comes"},
    )
    role = forms.ChoiceField(
        label="Who answers for it",
        choices=[("", "Choose a role"), *_ROLES, (SOMEBODY_ELSE, "Somebody else, in words")],
        error_messages={"required": "Choose who answers for it"},
    )
    words = forms.CharField(
        label="Who, in words",
        required=False,
        max_length=120,
        help_text="Only for somebody else: a post or a team, for example Admissions team. Name no person.",
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
    )
    reason = _reason()

    def __init__(self, entry: Entry, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_as_it_stands(Terms.of(entry)))
        self.entry = entry
        for name in ("due", "grace_days") if isinstance(entry, Standing) else ("no_older_than_days",):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") == SOMEBODY_ELSE and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "Enter who answers for it")
        return cleaned

    @property
    def terms(self) -> Terms:
        """What was asked for, once the form is sound."""
        given = self.cleaned_data
        answers = given["words"] if given["role"] == SOMEBODY_ELSE else given["role"]
        return Terms(
            given["supplier"],
            answers,
            given.get("due"),
            given.get("grace_days"),
            given.get("no_older_than_days"),
        )

    def save(self, actor: Person) -> TimetableAgreement | None:
        """Set the agreement down; None when it could not be, and the form then says why."""
        try:
            return agreements.agree_entry(
                actor=actor, code=self.entry.code, terms=self.terms, reason=self.cleaned_data["reason"]
            )
        except RedwayError as error:
            self.add_error(None, f"{error.message} {error.next_step}")
            return None


class ProposalForm(forms.Form):
    """Why the proposal is to be in force again."""

    reason = _reason()


def _as_it_stands(terms: Terms) -> dict[str, Any]:
    known = terms.answers in dict(_ROLES)
    return {
        "due": terms.due,
        "grace_days": terms.grace_days,
        "no_older_than_days": terms.no_older_than_days,
        "supplier": terms.supplier,
        "role": terms.answers if known else SOMEBODY_ELSE,
        "words": "" if known else terms.answers,
    }
