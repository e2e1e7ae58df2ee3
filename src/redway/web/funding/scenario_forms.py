"""What is asked of a person who keeps scenarios."""

from __future__ import annotations

from django import forms

from redway.web.funding.models import MOST_OF_A_NAME


def _name(label: str = "Name") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_OF_A_NAME,
        help_text="Say in a few words what it tries, for example: Guarantee at -0.5%",
        error_messages={
            "required": "Enter a name",
            "max_length": f"The name must be {MOST_OF_A_NAME} characters or fewer",
        },
    )


def _notes() -> forms.CharField:
    return forms.CharField(
        label="Notes",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text="What it is for, and why these rates. Schools read it once the scenario is published.",
    )


class NameForm(forms.Form):
    """What a scenario is called and what it is for."""

    name = _name()
    notes = _notes()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RevisionForm(forms.Form):
    """The state a person had before their eyes."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(RevisionForm):
    """Why a scenario is taken from the list."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="Kept with the scenario, which stays readable.",
        error_messages={"required": "Enter a reason"},
    )
