"""Forms of the record: evaluation, strands, who was told, allegations, timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from redway.allegations.editions import edition_named
from redway.allegations.incidents import InvalidIncidentError, read_incident
from redway.allegations.outcomes import Category, Outcome, Sector, outcomes_for, outcomes_unconfirmed
from redway.allegations.strands import OUTCOMES, State, Strand
from redway.allegations.threshold import Limb, limbs_of
from redway.allegations.told import Answer
from redway.core.words import day_in_words
from redway.web.allegations.case_form import Answers, CaseForm, capital, choices_of
from redway.web.allegations.facts import OUTCOME_LETTER
from redway.web.allegations.models import CaseState
from redway.web.allegations.services.timeline import RECORDABLE
from redway.web.design.form_fields import clock_time, day, from_list, line, lines, one_of


class EvaluateForm(CaseForm):
    """The initial evaluation: the limbs of the case's own edition, each with what it rests on."""

    limbs = forms.MultipleChoiceField(
        label="Which parts of the threshold are met?",
        help_text="The person may have behaved in one or more of these ways. Leave all empty if none is met.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    away_from_work = forms.BooleanField(
        label="It was neither about a child nor at work",
        help_text="Only what happened outside work with children brings it into scope.",
        required=False,
    )
    reason = lines(
        "If none is met: why not",
        "It is then kept as advice, and can become a referral later.",
        required=False,
    )
    on = day("Day of the evaluation", missing="Enter the day of the evaluation")

    def prepare(self) -> None:
        offered = limbs_of(edition_named(self.case.edition))
        field = self.fields["limbs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(limb.value, capital(limb.sentence)) for limb in offered]
        reasons = {
            reason_name(limb): lines(
                f"If met, what this rests on: {limb.sentence}",
                rows=3,
                name="What it rests on",
                required=False,
            )
            for limb in offered
        }
        rest = {name: field for name, field in self.fields.items() if name != "limbs"}
        self.fields = {"limbs": field, **reasons, **rest}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ticked = set(given.get("limbs", []))
        for limb in limbs_of(edition_named(self.case.edition)):
            name = reason_name(limb)
            if limb.value in ticked and not given.get(name, "").strip():
                self.add_error(name, f"Say what it rests on that they {limb.sentence}")
            if limb.value not in ticked and given.get(name, "").strip():
                self.add_error("limbs", f"You gave a reason but did not tick: {limb.sentence}")
        if not ticked and not str(given.get("reason", "")).strip() and "limbs" not in self.errors:
            self.add_error("limbs", "Tick what is met, or say why nothing is")
        return given

    def met(self) -> dict[Limb, str]:
        """Limb -> the reason it is met."""
        return {Limb(word): self.cleaned_data[reason_name(Limb(word))] for word in self.cleaned_data["limbs"]}

    def answers(self) -> Answers:
        met = [(f"Met: {limb.sentence}", why) for limb, why in self.met().items()]
        if not met:
            met = [("Threshold", "Not met: kept as advice"), ("Why", self.cleaned_data["reason"])]
        return [*met, ("Evaluated on", day_in_words(self.cleaned_data["on"]))]


class ReopenForm(EvaluateForm):
    """The same for what was kept as advice: at least one part must be met now."""

    reason = None  # type: ignore[assignment]

    def prepare(self) -> None:
        super().prepare()
        self.fields["limbs"].help_text = "At least one must be met. If none is, it stays advice."
        self.fields["limbs"].required = True
        self.fields["limbs"].error_messages["required"] = "Tick what is met"


def reason_name(limb: Limb) -> str:
    """Name of the field that asks why a limb is met."""
    return f"why_{limb.value.replace('-', '_')}"


class StrandForm(CaseForm):
    """One strand as it stands."""

    state = one_of("How it stands", choices_of(State), missing="Choose how it stands")
    owner = line("Who is responsible", "Name and organisation. Needed once it is open.", required=False)
    opened_on = day("Opened on", required=False)
    concluded_on = day("Concluded on", required=False)
    outcome = from_list("How it ended", [], required=False)
    reason = lines("Reason", "Why it is not needed, or what its outcome rests on.", required=False)

    def prepare(self) -> None:
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "It has not ended"), *choices_of(OUTCOMES[Strand(self.item.strand)])]


class TellingForm(CaseForm):
    """Whether one party was told."""

    answer = one_of(
        "Have they been told?",
        [
            (Answer.YES.value, "Yes"),
            (Answer.NOT_YET.value, "Not yet"),
            (Answer.NOT_APPLICABLE.value, "It does not apply"),
            (Answer.UNANSWERED.value, "It is not known"),
        ],
        missing="Say whether they have been told",
    )
    on = day("Told on", required=False)
    by = line("Who told them", required=False)
    because = lines(
        "Reason", "Why not yet, and when they will be; or why it does not apply.", rows=3, required=False
    )


class AllegationForm(CaseForm):
    """One allegation in its own words."""

    words = lines("What is alleged", "In the words it was told in.", missing="Say what is alleged")
    category = one_of(
        "Kind of harm",
        [*choices_of(Category), ("", "Not known")],
        "The kind it is counted as.",
        required=False,
    )
    told_when = line(
        "When it happened",
        "As it was told, such as 2 April 2026, March 2019 or summer 1998. Leave empty if nobody knows.",
        required=False,
    )

    def clean_told_when(self) -> str:
        told = str(self.cleaned_data["told_when"])
        if told.strip():
            try:
                read_incident(told)
            except InvalidIncidentError as error:
                raise forms.ValidationError(f"{error.message} {error.next_step}") from None
        return told


class CorrectAllegationForm(AllegationForm):
    """The kind of harm and when it happened; the words stay as they were told."""

    words = None  # type: ignore[assignment]

    main = forms.BooleanField(label="Count the whole case as this kind of harm", required=False)


class PutForm(CaseForm):
    """That an allegation was put to the person it is about, or why it was not."""

    on = day("Put to the person on", required=False)
    reply = lines("What they said", "In their own words, or that they said nothing.", required=False)
    not_put_because = lines("If it was not put to them: why not", rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and given.get("on") is None and not given.get("not_put_because", "").strip():
            self.add_error("on", "Say when it was put to them, or why it was not")
        return given


_MEANINGS = {
    Outcome.SUBSTANTIATED: "there is enough evidence to prove it",
    Outcome.MALICIOUS: "there is enough evidence to disprove it, and it was meant to deceive",
    Outcome.FALSE: "there is enough evidence to disprove it",
    Outcome.UNSUBSTANTIATED: "there is not enough evidence either way",
    Outcome.UNFOUNDED: "there is no evidence or proper basis for it",
}


class FindingForm(CaseForm):
    """What an allegation was found to be."""

    outcome = one_of("Finding", [], missing="Choose a finding")
    on = day("Decided on", missing="Enter the day of the decision")
    reasons = lines("What it rests on", missing="Say what the finding rests on")
    evidence_of_intent = lines(
        "If malicious: what shows that it was meant to deceive",
        "A second person must then agree in their own name before it counts.",
        rows=3,
        required=False,
    )

    def prepare(self) -> None:
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        rules = edition_named(self.case.edition), Sector(self.case.sector)
        allowed, unconfirmed = outcomes_for(*rules), outcomes_unconfirmed(*rules)
        field.help_text = f"This list is not confirmed. {unconfirmed}." if unconfirmed else ""
        field.choices = [(one.value, f"{capital(one.value)}: {_MEANINGS[one]}") for one in allowed]
        if self.item.outcome or self.case.state == CaseState.CLOSED:
            self.fields["correction"] = lines(
                "Why the finding is corrected",
                "The former finding stays on the case.",
                missing="Say why the finding is corrected",
                rows=3,
            )


EVENT_WORDS: Mapping[str, str] = {
    "note": "Note",
    "telephone call": "Telephone call",
    "email or letter": "Email or letter",
    "visit": "Visit",
    "child's views": "The child’s views",
    "charged": "The person was charged",
    "restriction-lifted": "A court lifted the reporting restriction",
    "restriction-waived": "The reporting restriction was waived in writing",
    "known": "The employer came to know of it",
    "hold-set": "A legal hold was set",
    "hold-lifted": "The legal hold was lifted",
    "retention-reviewed": "Keeping the record was reviewed",
    "work-corrected": "Where the person works was corrected",
    "referred": "It reached the designated officer",
    "answered": "The referral was answered",
    "evaluated": "Initial evaluation",
    "strategy-meeting": "Initial strategy meeting",
    "review-meeting": "Review meeting",
    "reviewed": "The designated officer reviewed the case",
    "plainly-unfounded": "It was plainly unfounded or malicious",
    "employer-only": "It was left to the employer: no crime, no formal discipline",
    "employer-acted": "The employer acted",
    "hearing-needed": "A disciplinary hearing was found to be needed",
    "hearing": "The disciplinary hearing was held",
    "investigator-appointed": "An investigator was appointed",
    "report-received": "The investigator’s report was received",
    "hearing-decided": "It was decided whether to hold a hearing",
    "police-reviewed": "The police reviewed progress and consulted prosecutors",
    "early-years-known": "The early-years provider came to know of it",
    "inspectorate-told": "Ofsted was told",
    "barring-conditions-met": "The conditions of a referral to the barring service were met",
    "barring-referred": "It was referred to the barring service",
    "subject-told": "The person was told",
    OUTCOME_LETTER: "The outcome letter was sent",
    "left": "The person left, or is to leave",
    "closed": "The case was closed",
    "transferred": "The case was handed over",
}
"""Event -> what happened, in words. A test keeps it complete."""


class HappeningForm(CaseForm):
    """Something that happened."""

    event = from_list(
        "What happened",
        sorted(((one, EVENT_WORDS[one]) for one in RECORDABLE), key=lambda one: one[1]),
        missing="Choose what happened",
    )
    on = day("Day", missing="Enter the day")
    at = clock_time("Time", "For example, 14:30. Leave empty if only the day is known.", required=False)
    words = lines(
        "What is to be remembered",
        "Who, what, where. A note, a call or a visit needs it.",
        required=False,
    )


class AnswerForm(CaseForm):
    """The answer to who referred it."""

    on = day("Answered on", missing="Enter the day on which you answered")
    at = clock_time("Time", missing="Enter the time at which you answered")
    words = lines(
        "What you answered",
        "The advice you gave, in a few sentences.",
        missing="Say what you answered",
    )


class LeavingForm(CaseForm):
    """That the person has left."""

    on = day("Last day of their work there", missing="Enter their last day")
    words = lines(
        "How it came to that",
        "Resigned, dismissed, contract ended. Nothing may be agreed that keeps the matter secret.",
        missing="Say how the person left, or is to leave",
        rows=3,
    )
