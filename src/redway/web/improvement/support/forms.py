"""What is asked of advisers and of schools about support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from redway.improvement.ledger import Outcome
from redway.web.design.forms import DateBoxesField
from redway.web.improvement.support.models import LONG, SHORT, Alert, FollowUp, Offer

NO_NAMES = "Name no pupil, and write nothing of anybody's health"
_QUESTIONS = ("how", "what", "where", "who", "why")
Choices = Iterable[tuple[str, str]]


def asked(verb: str, label: str) -> str:
    """What is said when nothing was given.

    >>> asked("Enter", "Focus"), asked("Choose", "Who is to do it")
    ('Enter the focus', 'Say who is to do it')
    """
    words = f"{label[:1].lower()}{label[1:]}"
    return f"Say {words}" if words.partition(" ")[0] in _QUESTIONS else f"{verb} the {words}"


def line(label: str, hint: str = "", *, required: bool = True, most: int = SHORT) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": asked("Enter", label),
            "max_length": f"{label} must be {most:,} characters or fewer",
        },
    )


def long_text(
    label: str, hint: str = "", *, required: bool = True, rows: int = 4, most: int = LONG, missing: str = ""
) -> forms.CharField:
    """Several lines of text. ``missing`` is said when it is required and empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": missing or asked("Enter", label),
            "max_length": f"{label} must be {most:,} characters or fewer",
        },
    )


def day(label: str, hint: str = "For example, 27 3 2026", *, required: bool = True) -> DateBoxesField:
    """A date."""
    return DateBoxesField(
        label=label,
        help_text=hint,
        required=required,
        error_messages={"required": asked("Enter", label)},
    )


def choice(
    label: str, choices: Choices, hint: str = "", *, required: bool = True, missing: str = ""
) -> forms.ChoiceField:
    """One of a few, as radios. ``missing`` is said when none is chosen."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        help_text=hint,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": missing or asked("Choose", label)},
    )


def pick(label: str, choices: Choices, hint: str = "", *, required: bool = True) -> forms.ChoiceField:
    """One of many, in a list."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        help_text=hint,
        required=required,
        error_messages={"required": asked("Choose", label)},
    )


def in_halves(
    label: str, hint: str = "In halves, such as 0.5 or 2", *, most: int = 200
) -> forms.DecimalField:
    """A number of days. The rules refuse what is not in halves."""
    return forms.DecimalField(
        label=label,
        help_text=hint,
        min_value=Decimal(0),
        max_value=Decimal(most),
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(
            {"inputmode": "decimal", "class": "govuk-input--width-3", "autocomplete": "off"}
        ),
        error_messages={
            "required": asked("Enter", label),
            "invalid": f"{label} must be a number, such as 1.5",
        },
    )


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = line("Reason")


class StartForm(forms.Form):
    """A programme to start. The templates and the alerts of the school are given."""

    why = long_text("Reason", f"Why this school, and why now. {NO_NAMES}", rows=3, most=1000)
    starts_on = day("First day")
    half_terms = forms.IntegerField(
        label="Length in half-terms",
        help_text="Six are a school year; the template's own length where it is left empty",
        min_value=1,
        max_value=18,
        required=False,
        widget=forms.TextInput(
            {"inputmode": "numeric", "class": "govuk-input--width-2", "autocomplete": "off"}
        ),
        error_messages={"invalid": "The length must be a whole number of half-terms"},
    )

    field_order = ("template", "why", "starts_on", "half_terms", "alert")

    def __init__(self, templates: Choices, alerts: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"] = choice("Programme", templates)
        self.fields["alert"] = pick(
            "Alert it follows from", [("", "None"), *alerts], "From the ledger", required=False
        )
        self.order_fields(self.field_order)


class StepForm(forms.Form):
    """One step of a programme."""

    what = long_text("What is agreed for this school", NO_NAMES, required=False)
    due_on = day("Day by which it is due", "A day that moves keeps the day before beside it")
    done_on = day("Day on which it was done", "Empty while it is not done", required=False)
    found = long_text("What was found, or came of it", required=False)


class EndForm(forms.Form):
    """The end of a programme."""

    how = choice(
        "End",
        (("ended", "It has run its course"), ("withdrawn", "It is withdrawn before it has")),
        missing="Choose how the programme ends",
    )
    outcome = long_text("What came of it", "For one withdrawn, why")


class VisitForm(forms.Form):
    """A visit to plan or move."""

    visit_on = day("Day of the visit")
    focus = line("Focus", f"What it is about. {NO_NAMES}")
    days = in_halves("Days it takes", "With reading and writing up, in halves, such as 0.5 or 1", most=5)


class PlanVisitForm(VisitForm):
    """A visit to plan, perhaps within a programme or after an alert."""

    def __init__(self, programmes: Choices, alerts: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"] = pick(
            "Programme it belongs to", [("", "None"), *programmes], required=False
        )
        self.fields["alert"] = pick(
            "Alert it follows from", [("", "None"), *alerts], "From the ledger", required=False
        )


class NoteForm(forms.Form):
    """One part of a note: a text for each question. The first is asked for unless the part is kept."""

    def __init__(
        self, questions: Sequence[tuple[str, str]], *args: Any, keeps: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first = questions[0][0]
        for key, question in questions:
            self.fields[key] = long_text(
                question,
                NO_NAMES if key == first else "",
                required=key == first and not keeps,
                missing=f"Answer ‘{question}’, or keep the part for later",
            )

    def answers(self, questions: Sequence[tuple[str, str]]) -> dict[str, str]:
        """What was answered, by key."""
        return {key: self.cleaned_data[key] for key, _ in questions}


class VisitorNoteForm(NoteForm):
    """The visitor's part, with the summary that may be published."""

    def __init__(self, questions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(questions, *args, **kwargs)
        self.fields["summary"] = long_text(
            "Summary that may be published",
            "Only once another adviser has moderated the note and the school agrees; may stay empty",
            required=False,
            rows=3,
            most=1000,
        )


class ModerationForm(forms.Form):
    """What a moderator says."""

    agrees = choice(
        "Decision",
        (("yes", "The note is fair and stands on what was seen"), ("no", "Send it back to be changed")),
    )
    said = long_text("What you say to the visitor", "Needed when it goes back", required=False, most=1000)


class FollowUpForm(forms.Form):
    """An action to add."""

    what = line("Action", f"What is to be done. {NO_NAMES}")
    owner = choice("Who is to do it", FollowUp.Owner.choices)
    due_on = day("Day by which it is due")


class FollowUpAnswerForm(forms.Form):
    """An action to move or to finish."""

    due_on = day("Day by which it is due", "A day that moves keeps the day before beside it")
    done_on = day("Day on which it was done", "Empty while it is not done", required=False)
    came_of = long_text("What came of it", "What is different now", required=False, most=1000)


class OfferForm(forms.Form):
    """What a school offers."""

    kind = choice("Kind of help", Offer.Kind.choices)
    subject = line("Subject", "For example, early reading. Name no person", most=120)
    days = in_halves("Days in all")
    first_day = day("First day")
    last_day = day("Last day")
    evidence = long_text("What shows it", "Results, a report, what others say", required=False, most=1000)


class BrokerForm(forms.Form):
    """Days of an offer for a school."""

    days = in_halves("Days")
    first_day = day("First day")
    last_day = day("Last day")
    aim = long_text("Aim", "What is to be different at the end, and how it will be seen", rows=3, most=1000)

    def __init__(self, offers: Choices, programmes: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"] = choice("Offer", offers)
        self.fields["programme"] = pick(
            "Programme it belongs to", [("", "None"), *programmes], required=False
        )
        self.order_fields(("offer", "days", "first_day", "last_day", "aim", "programme"))


class EndBrokeredForm(forms.Form):
    """The end of brokered support."""

    ended_on = day("Day on which it ended")
    used = in_halves("Days used", "In halves; 0 if none was")
    outcome = long_text("Outcome", "What is different, and how you know")


class AllotForm(forms.Form):
    """Days to allot."""

    days = in_halves("Days allotted", most=100)
    why = line("Reason", required=False)

    def __init__(self, advisers: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adviser"] = pick("Adviser", advisers)
        self.order_fields(("adviser", "days", "why"))


class AlertForm(forms.Form):
    """A flagged school to enter, with its look-alikes."""

    source = choice(
        "List it was flagged on", [one for one in Alert.Source.choices if one[0] != Alert.Source.TARGET]
    )
    decision = day("Decision date of the list")
    model_version = line("Version of the model or list", "For example, national-2017", most=60)
    shown = long_text(
        "What the list showed", "Copied as it was: the chance, the range, the reasons", most=1000
    )

    def __init__(self, schools: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = list(schools)
        self.fields["school"] = pick("School", schools)
        for number in (1, 2):
            self.fields[f"like_{number}"] = pick(
                f"Look-alike {number}",
                [("", "None"), *schools],
                "A school of its phase that was just not flagged" if number == 1 else "",
                required=False,
            )
        self.order_fields(("school", "source", "decision", "model_version", "shown", "like_1", "like_2"))


class OutcomeForm(forms.Form):
    """What became of a school."""

    outcome = choice("Outcome", [(one.value, one.value) for one in Outcome])
    outcome_on = day("Day on which it was known", "Empty while it is not known", required=False)
    outcome_source = line("Where it is stated", "An inspection report or a figure", required=False)
