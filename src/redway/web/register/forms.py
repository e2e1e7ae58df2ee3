"""What is asked of a person who defines, renames or withdraws a locality, or puts schools in it."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from redway.web.design.form_fields import lines
from redway.web.register.models import Locality, School


class LocalityForm(forms.Form):
    """The name of a locality."""

    name = forms.CharField(
        label="Name of the locality",
        max_length=100,
        help_text="For example, North cluster",
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
        error_messages={"required": "Enter a name", "max_length": "The name must be 100 characters or fewer"},
    )


class WithdrawForm(forms.Form):
    """Why a locality is not used any more."""

    reason = lines(
        "Reason",
        "Kept with the locality. Name no child and no member of staff.",
        missing="Enter a reason",
        most=300,
        rows=3,
    )


class SchoolsForm(forms.Form):
    """Which of the schools shown are in a locality.

    ``were`` says which were ticked when the page was shown: only what the person changed is changed, whatever
    somebody else did meanwhile.
    """

    schools = forms.MultipleChoiceField(label="Schools", required=False, widget=forms.CheckboxSelectMultiple)
    were = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, locality: Locality, offered: Sequence[School], data: QueryDict | None = None) -> None:
        inside = [school.key for school in offered if school.locality == locality]
        super().__init__(data, initial={"schools": inside, "were": inside})
        for name in ("schools", "were"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(school.key, _label(school, locality)) for school in offered]

    @property
    def put_in(self) -> list[str]:
        """Schools that were ticked since the page was shown."""
        return sorted(set(self.cleaned_data["schools"]) - set(self.cleaned_data["were"]))

    @property
    def take_out(self) -> list[str]:
        """Schools from which the tick was taken."""
        return sorted(set(self.cleaned_data["were"]) - set(self.cleaned_data["schools"]))


def _label(school: School, locality: Locality) -> str:
    elsewhere = school.locality if school.locality and school.locality != locality else None
    phase = school.phase if school.phase != "Not applicable" else ""
    about = ", ".join(part for part in (school.shown_name, phase, school.postcode) if part)
    return f"{about} (now in {elsewhere.name})" if elsewhere else about
