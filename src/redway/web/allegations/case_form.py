"""What every form page of a case is made of, and answers said back in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.models import Case
from redway.web.design.form_fields import lines

Answers = list[tuple[str, str]]
"""(what was asked, what was answered)"""

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


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def choices_of(values: Iterable[Any]) -> list[tuple[str, str]]:
    """Words of the rules as choices."""
    return [(str(value), capital(str(value))) for value in values]


class ReasonForm(CaseForm):
    """A reason, and nothing else."""

    reason = lines("Reason", missing="Enter a reason", rows=4)


class NothingForm(CaseForm):
    """Nothing to fill in: a thing is only confirmed."""


def today() -> date:
    """The day in England: what days of deeds are filled in with at first."""
    return timezone.localdate()
