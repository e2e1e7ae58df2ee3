"""Searching the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from redway.web.audit.queries import Search
from redway.web.design.forms import DateBoxesField

_NO_ADDRESS = RegexValidator(r"^[^@]*$", "Search by a person's number, not by their email address")


class SearchForm(forms.Form):
    """Who, what, to what, when. Everything may be left empty."""

    actor = forms.IntegerField(
        label="Number of the person who did it",
        required=False,
        min_value=1,
        max_value=10**9,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )
    verb = forms.CharField(
        label="What was done",
        required=False,
        max_length=60,
        validators=[_NO_ADDRESS],
        help_text="For example, people.invite, or people for everything about people",
    )
    subject_kind = forms.CharField(
        label="Kind of record",
        required=False,
        max_length=40,
        validators=[_NO_ADDRESS],
        help_text="For example, person",
    )
    subject_id = forms.CharField(
        label="Key of the record", required=False, max_length=120, validators=[_NO_ADDRESS]
    )
    first_day = DateBoxesField(label="From", required=False)
    last_day = DateBoxesField(label="To", required=False)

    @property
    def search(self) -> Search:
        """What is looked for; nothing when the form does not hold."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return Search(**{name: value for name, value in given.items() if value})
