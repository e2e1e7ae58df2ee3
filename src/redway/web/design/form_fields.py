"""The plain fields forms are made of, with one wording for what is missing, too long or not a number.

Every function takes the label and a hint. ``missing`` is said when a required field is left empty; without it
the field asks for its label. ``required=False`` lets it stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import forms

from redway.web.design.forms import DateBoxesField

Choices = Iterable[tuple[str, str]]
"""(what is sent, what is read)"""

LINE, LINES = 200, 20_000
"""Most characters of a line and of several lines, where the form says nothing else."""

_QUESTIONS = ("how", "what", "where", "who", "why")


def line(
    label: str, hint: str = "", *, missing: str = "", required: bool = True, most: int = LINE
) -> forms.CharField:
    """Text in one line, of ``most`` characters."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": missing or asked_for("Enter", label),
            "max_length": _too_long(label, most),
        },
    )


def lines(
    label: str,
    hint: str = "",
    *,
    missing: str = "",
    required: bool = True,
    most: int = LINES,
    rows: int = 5,
    name: str = "",
) -> forms.CharField:
    """Text in several lines. ``name`` is what messages call it where the label is a whole sentence."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": missing or asked_for("Enter", label),
            "max_length": _too_long(name or label, most),
        },
    )


def day(
    label: str, hint: str = "For example, 27 3 2026", *, missing: str = "", required: bool = True
) -> DateBoxesField:
    """A date in three boxes."""
    return DateBoxesField(
        label=label,
        help_text=hint,
        required=required,
        error_messages={"required": missing or asked_for("Enter", label)},
    )


def clock_time(
    label: str, hint: str = "For example, 14:30", *, missing: str = "", required: bool = True
) -> forms.TimeField:
    """A time of day."""
    return forms.TimeField(
        label=label,
        help_text=hint,
        required=required,
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"],
        widget=forms.TimeInput({"autocomplete": "off", "class": "govuk-input--width-5"}, format="%H:%M"),
        error_messages={
            "required": missing or asked_for("Enter", label),
            "invalid": f"{label} must be a time, such as 14:30",
        },
    )


def one_of(
    label: str, choices: Choices, hint: str = "", *, missing: str = "", required: bool = True
) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": missing or asked_for("Choose", label)},
    )


def from_list(
    label: str,
    choices: Choices,
    hint: str = "",
    *,
    missing: str = "",
    required: bool = True,
    nothing: str = "Choose one",
) -> forms.ChoiceField:
    """One of many, in a list that opens on ``nothing``, which chooses none of them."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", nothing), *choices],
        required=required,
        error_messages={"required": missing or asked_for("Choose", label)},
    )


def some_of(
    label: str, choices: Choices, hint: str = "", *, missing: str = "", required: bool = True
) -> forms.MultipleChoiceField:
    """Any of a few, as boxes to tick."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": missing or asked_for("Choose", label)},
    )


def whole(
    label: str,
    hint: str = "",
    *,
    missing: str = "",
    required: bool = True,
    least: int = 0,
    most: int,
    width: int = 4,
    such_as: str = "",
) -> forms.IntegerField:
    """A whole number from ``least`` to ``most`` in a box of ``width`` digits; ``such_as`` is an example."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=required,
        min_value=least,
        max_value=most,
        widget=_box("numeric", width),
        error_messages={
            "required": missing or asked_for("Enter", label),
            "invalid": f"{label} must be a whole number{f', such as {such_as}' if such_as else ''}",
            "min_value": f"{label} must be {least:,} or more",
            "max_value": f"{label} must be {most:,} or fewer",
        },
    )


def number(
    label: str,
    hint: str = "",
    *,
    missing: str = "",
    required: bool = True,
    least: int | None = None,
    most: int | None = None,
    digits: int = 14,
    places: int,
    such_as: str,
    width: int = 10,
    name: str = "",
) -> forms.DecimalField:
    """A number of ``digits`` digits, ``places`` of them after the point; ``such_as`` is an example."""
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=required,
        min_value=None if least is None else Decimal(least),
        max_value=None if most is None else Decimal(most),
        max_digits=digits,
        decimal_places=places,
        widget=_box("decimal", width),
        error_messages={
            "required": missing or asked_for("Enter", label),
            "invalid": f"{name or label} must be a number, such as {such_as}",
            "min_value": f"{name or label} must be {least} or more",
            "max_value": f"{name or label} must be {most} or less",
        },
    )


def _box(keys: str, width: int) -> forms.TextInput:
    return forms.TextInput({"inputmode": keys, "class": f"govuk-input--width-{width}", "autocomplete": "off"})


def asked_for(verb: str, label: str) -> str:
    """What is said when a field is left empty.

    >>> asked_for("Enter", "Focus"), asked_for("Choose", "Who is to do it")
    ('Enter the focus', 'Say who is to do it')
    """
    words = f"{label[:1].lower()}{label[1:]}"
    return f"Say {words}" if words.partition(" ")[0] in _QUESTIONS else f"{verb} the {words}"


def _too_long(label: str, most: int) -> str:
    return f"{label} must be {most:,} characters or fewer"
