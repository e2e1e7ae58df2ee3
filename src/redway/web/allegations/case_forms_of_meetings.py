"""Forms of meetings, their minutes and actions, and of suspension."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from redway.core.words import day_in_words, listed
from redway.web.allegations.case_form import CaseForm, choices_of
from redway.web.allegations.promises import may_be_reminded
from redway.web.allegations.services.suspensions import ALTERNATIVES, View
from redway.web.design.form_fields import clock_time, day, from_list, line, lines, one_of


class PlanMeetingForm(CaseForm):
    """A strategy meeting that is to come."""

    kind = one_of(
        "Which meeting",
        [("initial", "Initial strategy meeting"), ("review", "Review meeting")],
        missing="Choose one",
    )
    on = day("Day", missing="Enter the day of the meeting")
    at = clock_time("Time", missing="Enter the time of the meeting")
    place = line("Where", "A room, or how to join from afar.", required=False)
    invited = lines("Who is invited", "One person a line: name and organisation.", required=False)


class HoldMeetingForm(CaseForm):
    """What came of a meeting."""

    on = day("Held on", missing="Enter the day of the meeting")
    at = clock_time("Time", missing="Enter the time of the meeting")
    attendees = lines(
        "Who was there", "One person a line: name and organisation.", missing="Say who was there"
    )
    apologies = lines("Who sent apologies", "One person a line.", rows=3, required=False)
    shared = lines(
        "Information shared",
        "Earlier concerns about the person and the place come here too.",
        required=False,
    )
    decisions = lines("What was decided", missing="Say what was decided")
    next_review_on = day("Next review by", required=False)


class MinutesForm(CaseForm):
    """Another version of the minutes; earlier ones stay."""

    text = lines("Minutes", missing="Write the minutes", rows=16)


class SentForm(CaseForm):
    """The day on which something was sent."""

    on = day("Sent on", missing="Enter the day on which they were sent")


class ActionForm(CaseForm):
    """Something to be done."""

    what = lines("What is to be done", missing="Say what is to be done", rows=3)
    owner = line("Who is to do it", missing="Say who is to do it")
    account = from_list(
        "Remind them by Redway",
        [],
        "Only people named on the case. Their first page tells them by when, not what or about whom.",
        required=False,
    )
    due_on = day("By when", missing="Enter the day by which it is to be done")
    meeting = from_list("Agreed at", [], required=False)

    def prepare(self) -> None:
        field = self.fields["meeting"]
        assert isinstance(field, forms.ChoiceField)
        account = self.fields["account"]
        assert isinstance(account, forms.ChoiceField)
        named = may_be_reminded(self.case, timezone.now())
        account.choices = [("", "Nobody"), *((str(one.pk), one.full_name) for one in named)]
        held = self.case.meetings.filter(held=True).order_by("-at")
        field.choices = [
            ("", "No meeting"),
            *((str(one.pk), f"Meeting of {day_in_words(timezone.localdate(one.at))}") for one in held),
        ]


class DoneForm(CaseForm):
    """The day on which an action was done."""

    on = day("Done on", missing="Enter the day on which it was done")


_VIEWS = choices_of(View)


class SuspendForm(CaseForm):
    """A suspension, after the alternatives were considered."""

    first_day = day("First day", missing="Enter the first day")
    decided_by = line("Who at the employer decided", missing="Say who decided: it is the employer’s decision")
    reasons = lines("Why it was needed", missing="Say why it was needed")
    considered = forms.MultipleChoiceField(
        label="Alternatives that were considered first",
        choices=choices_of(ALTERNATIVES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why_not = lines(
        "Why the alternatives would not do",
        "Name any other alternative that was considered.",
        missing="Say why no alternative would do",
    )
    contact = line("Named contact while suspended", missing="Name somebody they can turn to")
    officer_view = one_of("Your own view of it", _VIEWS, missing="Say what your own view is")
    police_view = one_of("The police’s view of it", _VIEWS, missing="Say what the view of the police is")
    review_on = day("Review by", missing="Enter the day by which it is reviewed")

    def alternatives(self) -> str:
        """What was considered first, and why it would not do."""
        considered = self.cleaned_data["considered"]
        first = f"Considered: {listed(considered, 'and')}. " if considered else ""
        return first + str(self.cleaned_data["why_not"])


class ReviewSuspensionForm(CaseForm):
    """A suspension that goes on."""

    on = day("Reviewed on", missing="Enter the day of the review")
    reasons = lines("Why it goes on", missing="Say why it goes on", rows=4)
    review_on = day("Review again by", missing="Enter the day of the next review")


class EndSuspensionForm(CaseForm):
    """The end of a suspension."""

    last_day = day("Last day", missing="Enter the last day")
    reasons = lines(
        "What follows", missing="Say what follows: back to work, other work, or the end of it", rows=3
    )
