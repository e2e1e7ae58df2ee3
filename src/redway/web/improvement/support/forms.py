"""What is asked of advisers and of schools about support."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from redway.improvement.ledger import Outcome
from redway.web.design.form_fields import (
    Choices,
    day,
    from_list,
    line,
    lines,
    number,
    one_of,
    whole,
)
from redway.web.improvement.listed import ListedSchools
from redway.web.improvement.support.models import LONG, SHORT, Alert, FollowUp, Offer

NO_NAMES = "Name no pupil, and write nothing of anybody's health"


def in_halves(
    label: str, hint: str = "In halves, such as 0.5 or 2", *, most: int = 200
) -> forms.DecimalField:
    """A number of days. The rules refuse what is not in halves."""
    return number(label, hint, least=0, most=most, digits=5, places=2, such_as="1.5", width=3)


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = line("Reason", most=SHORT)


class StartForm(forms.Form):
    """A programme to start. The templates and the alerts of the school are given."""

    why = lines("Reason", f"Why this school, and why now. {NO_NAMES}", rows=3, most=1000)
    starts_on = day("First day")
    half_terms = whole(
        "Length in half-terms",
        "Six are a school year; the template's own length where it is left empty",
        required=False,
        least=1,
        most=18,
        width=2,
    )

    field_order = ("template", "why", "starts_on", "half_terms", "alert")

    def __init__(self, templates: Choices, alerts: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"] = one_of("Programme", templates)
        self.fields["alert"] = from_list(
            "Alert it follows from", alerts, "From the ledger", required=False, nothing="None"
        )
        self.order_fields(self.field_order)


class StepForm(forms.Form):
    """One step of a programme."""

    what = lines("What is agreed for this school", NO_NAMES, required=False, most=LONG)
    due_on = day("Day by which it is due", "A day that moves keeps the day before beside it")
    done_on = day("Day on which it was done", "Empty while it is not done", required=False)
    found = lines("What was found, or came of it", required=False, most=LONG)


class EndForm(forms.Form):
    """The end of a programme."""

    how = one_of(
        "End",
        (("ended", "It has run its course"), ("withdrawn", "It is withdrawn before it has")),
        missing="Choose how the programme ends",
    )
    outcome = lines("What came of it", "For one withdrawn, why", most=LONG)


class VisitForm(forms.Form):
    """A visit to plan or move."""

    visit_on = day("Day of the visit")
    focus = line("Focus", f"What it is about. {NO_NAMES}", most=SHORT)
    days = in_halves("Days it takes", "With reading and writing up, in halves, such as 0.5 or 1", most=5)


class PlanVisitForm(VisitForm):
    """A visit to plan, perhaps within a programme or after an alert."""

    def __init__(self, programmes: Choices, alerts: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"] = from_list(
            "Programme it belongs to", programmes, required=False, nothing="None"
        )
        self.fields["alert"] = from_list(
            "Alert it follows from", alerts, "From the ledger", required=False, nothing="None"
        )


class NoteForm(forms.Form):
    """One part of a note: a text for each question. The first is asked for unless the part is kept."""

    def __init__(
        self, questions: Sequence[tuple[str, str]], *args: Any, keeps: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first = questions[0][0]
        for key, question in questions:
            self.fields[key] = lines(
                question,
                NO_NAMES if key == first else "",
                required=key == first and not keeps,
                missing=f"Answer ‘{question}’, or keep the part for later",
                most=LONG,
            )

    def answers(self, questions: Sequence[tuple[str, str]]) -> dict[str, str]:
        """What was answered, by key."""
        return {key: self.cleaned_data[key] for key, _ in questions}


class VisitorNoteForm(NoteForm):
    """The visitor's part, with the summary that may be published."""

    def __init__(self, questions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(questions, *args, **kwargs)
        self.fields["summary"] = lines(
            "Summary that may be published",
            "Only once another adviser has moderated the note and the school agrees; may stay empty",
            required=False,
            rows=3,
            most=1000,
        )


class ModerationForm(forms.Form):
    """What a moderator says."""

    agrees = one_of(
        "Decision",
        (("yes", "The note is fair and stands on what was seen"), ("no", "Send it back to be changed")),
    )
    said = lines("What you say to the visitor", "Needed when it goes back", required=False, most=1000)


class FollowUpForm(forms.Form):
    """An action to add."""

    what = line("Action", f"What is to be done. {NO_NAMES}", most=SHORT)
    owner = one_of("Who is to do it", FollowUp.Owner.choices)
    due_on = day("Day by which it is due")


class FollowUpAnswerForm(forms.Form):
    """An action to move or to finish."""

    due_on = day("Day by which it is due", "A day that moves keeps the day before beside it")
    done_on = day("Day on which it was done", "Empty while it is not done", required=False)
    came_of = lines("What came of it", "What is different now", required=False, most=1000)


class OfferForm(forms.Form):
    """What a school offers."""

    kind = one_of("Kind of help", Offer.Kind.choices)
    subject = line("Subject", "For example, early reading. Name no person", most=120)
    days = in_halves("Days in all")
    first_day = day("First day")
    last_day = day("Last day")
    evidence = lines("What shows it", "Results, a report, what others say", required=False, most=1000)


class BrokerForm(forms.Form):
    """Days of an offer for a school."""

    days = in_halves("Days")
    first_day = day("First day")
    last_day = day("Last day")
    aim = lines("Aim", "What is to be different at the end, and how it will be seen", rows=3, most=1000)

    def __init__(self, offers: Choices, programmes: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"] = one_of("Offer", offers)
        self.fields["programme"] = from_list(
            "Programme it belongs to", programmes, required=False, nothing="None"
        )
        self.order_fields(("offer", "days", "first_day", "last_day", "aim", "programme"))


class EndBrokeredForm(forms.Form):
    """The end of brokered support."""

    ended_on = day("Day on which it ended")
    used = in_halves("Days used", "In halves; 0 if none was")
    outcome = lines("Outcome", "What is different, and how you know", most=LONG)


class AllotForm(forms.Form):
    """Days to allot."""

    days = in_halves("Days allotted", most=100)
    why = line("Reason", required=False, most=SHORT)

    def __init__(self, advisers: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adviser"] = from_list("Adviser", advisers)
        self.order_fields(("adviser", "days", "why"))


class AlertForm(forms.Form):
    """A flagged school to enter, with its look-alikes."""

    source = one_of(
        "List it was flagged on", [one for one in Alert.Source.choices if one[0] != Alert.Source.TARGET]
    )
    decision = day("Decision date of the list")
    model_version = line("Version of the model or list", "For example, national-2017", most=60)
    shown = lines("What the list showed", "Copied as it was: the chance, the range, the reasons", most=1000)

    def __init__(self, offered: ListedSchools, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = offered.by_key
        self.fields["school"] = from_list("School", schools, offered.left_out)
        for at in (1, 2):
            self.fields[f"like_{at}"] = from_list(
                f"Look-alike {at}",
                schools,
                "A school of its phase that was just not flagged" if at == 1 else "",
                required=False,
                nothing="None",
            )
        self.order_fields(("school", "source", "decision", "model_version", "shown", "like_1", "like_2"))


class OutcomeForm(forms.Form):
    """What became of a school."""

    outcome = one_of("Outcome", [(one.value, one.value) for one in Outcome])
    outcome_on = day("Day on which it was known", "Empty while it is not known", required=False)
    outcome_source = line(
        "Where it is stated", "An inspection report or a figure", required=False, most=SHORT
    )
