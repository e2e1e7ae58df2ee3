"""What is asked of a person who keeps scenarios."""

from __future__ import annotations

from django import forms

from redway.web.design.form_fields import line, lines
from redway.web.funding.models import MOST_OF_A_NAME


class NameForm(forms.Form):
    """What a scenario is called and what it is for."""

    name = line(
        "Name",
        "Say in a few words what it tries, for example: Guarantee at -0.5%",
        missing="Enter a name",
        most=MOST_OF_A_NAME,
    )
    notes = lines(
        "Notes",
        "What it is for, and why these rates. Schools read it once the scenario is published.",
        required=False,
        most=4000,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RevisionForm(forms.Form):
    """The state a person had before their eyes."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(RevisionForm):
    """Why a scenario is taken from the list."""

    reason = lines(
        "Reason", "Kept with the scenario, which stays readable.", missing="Enter a reason", most=300, rows=3
    )
