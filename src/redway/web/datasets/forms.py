"""What is asked of a person who brings in, accepts or withdraws a file."""

from __future__ import annotations

from django import forms

from redway.core.errors import InvalidPeriod
from redway.core.periods import PeriodKind, parse_period
from redway.web.design.form_fields import lines
from redway.web.design.forms import DateBoxesField


class UploadForm(forms.Form):
    """A file, and the period when the file does not say its own."""

    file = forms.FileField(
        label="File",
        help_text="CSV, Excel (.xlsx), Parquet, or a ZIP of these. The columns say what kind of file it is.",
        error_messages={"required": "Choose a file", "empty": "The file is empty: choose another"},
    )
    period = forms.CharField(
        label="Period",
        required=False,
        max_length=20,
        help_text="Only when the file does not say which year it is about, for example 2022-23 or 2023",
    )
    check_only = forms.BooleanField(
        label="Check the file only",
        required=False,
        help_text="Nothing is changed; you see what would be loaded and what is wrong",
    )

    def clean_period(self) -> str:
        """The text as it was given, once it is sure to be a period of some kind."""
        text = str(self.cleaned_data["period"]).strip()
        if text and not any(_is_period(text, kind) for kind in PeriodKind if kind is not PeriodKind.POOLED):
            raise forms.ValidationError("Enter a year such as 2022-23, or a date such as 2023-03-31")
        return text


def _is_period(text: str, kind: PeriodKind) -> bool:
    try:
        parse_period(text, kind)
    except InvalidPeriod:
        return False
    return True


class ReasonForm(forms.Form):
    """Why a version is accepted or withdrawn: kept with it."""

    reason = lines(
        "Reason",
        "Kept with the version. Name no child and no member of staff.",
        missing="Enter a reason",
        most=300,
        rows=3,
    )


class DayForm(forms.Form):
    """The day as at which the versions in force are to be shown."""

    day = DateBoxesField(label="Show what was in force at the end of", required=False)
