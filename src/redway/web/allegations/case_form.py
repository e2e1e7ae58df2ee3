"""What every form page of a case is made of: fields, and answers said back in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.models import Case
from redway.web.design.forms import DateBoxesField

Answers = list[tuple[str, str]]
"""(what was asked, what was answered)"""

_LONGEST = 20_000
NOTHING = "Nothing"


class CaseForm(forms.Form):
    """One form about a case, or about one thing in it (``item``)."""

    def __init__(self, case: Case, item: Any = None, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.case, self.item = case, item
        self.prepare()

    def prepare(self) -> None:
        """Give fields what depends on the case: its edition's words, its officers, its meetings."""

    def answers(self) -> Answers:
        """What was answered, to be checked before it is sent; for a form that is sound."""
        return [
            (str(field.label), said(self.fields[name], self.cleaned_data.get(name)))
            for name, field in self.fields.items()
        ]


def said(field: forms.Field, value: Any) -> str:
    """An answer in words."""
    if value in (None, "", [], False):
        return "No" if value is False else NOTHING
    if value is True:
        return "Yes"
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    choices = getattr(field, "choices", None)
    if choices is None:
        return str(value)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    labels = {str(key): str(label) for key, label in choices}
    return "\n".join(
        labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])
    )


def lines(label: str, missing: str = "", *, hint: str = "", rows: int = 5, name: str = "") -> forms.CharField:
    """Text in lines. ``missing`` is what is said when it is left empty; without it, it may be."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": missing,
            "max_length": f"{name or label} must be {_LONGEST:,} characters or fewer",
        },
    )


def line(label: str, missing: str = "", *, hint: str = "") -> forms.CharField:
    """Text in one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": missing, "max_length": f"{label} must be 200 characters or fewer"},
    )


def day(label: str, missing: str = "") -> DateBoxesField:
    """A day in three boxes."""
    return DateBoxesField(
        label=label,
        required=bool(missing),
        error_messages={"required": missing, "incomplete": missing},
    )


def clock_time(label: str, missing: str = "", *, hint: str = "For example, 14:30") -> forms.TimeField:
    """A time of day."""
    return forms.TimeField(
        label=label,
        help_text=hint,
        required=bool(missing),
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"],
        widget=forms.TimeInput({"autocomplete": "off", "class": "govuk-input--width-5"}, format="%H:%M"),
        error_messages={"required": missing, "invalid": f"{label} must be a time, such as 14:30"},
    )


def one_of(
    label: str,
    choices: Iterable[tuple[str, str]],
    missing: str = "",
    *,
    hint: str = "",
) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        required=bool(missing),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing or f"Choose one of these: {label}"},
    )


def from_list(
    label: str, choices: Iterable[tuple[str, str]], missing: str = "", *, hint: str = ""
) -> forms.ChoiceField:
    """One of many, as a list that opens."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "Choose one"), *choices],
        required=bool(missing),
        error_messages={"required": missing, "invalid_choice": missing or f"{label}: choose one of the list"},
    )


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def choices_of(values: Iterable[Any]) -> list[tuple[str, str]]:
    """Words of the rules as choices."""
    return [(str(value), capital(str(value))) for value in values]


class ReasonForm(CaseForm):
    """A reason, and nothing else."""

    reason = lines("Reason", "Enter a reason", rows=4)


class NothingForm(CaseForm):
    """Nothing to fill in: a thing is only confirmed."""


def today() -> date:
    """The day in England: what days of deeds are filled in with at first."""
    return timezone.localdate()
