"""What is asked on the form pages of a case, one thing a page. Each form says its answers back in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone

from redway.allegations.cross_border import TransferState
from redway.allegations.editions import edition_named
from redway.allegations.incidents import InvalidIncidentError, read_incident
from redway.allegations.outcomes import Category, Outcome, Sector, outcomes_for
from redway.allegations.strands import OUTCOMES, State, Strand
from redway.allegations.threshold import Limb, limbs_of
from redway.allegations.told import Answer
from redway.core.words import day_in_words, listed
from redway.web.allegations.facts import OUTCOME_LETTER
from redway.web.allegations.models import Capacity, Case, CaseState
from redway.web.allegations.services.referrals import officers_of
from redway.web.allegations.services.suspensions import ALTERNATIVES, View
from redway.web.allegations.services.timeline import RECORDABLE
from redway.web.design.forms import DateBoxesField
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.register.models import Authority

Answers = list[tuple[str, str]]
"""(what was asked, what was answered)"""

_LONGEST = 20_000
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


def lines(label: str, missing: str = "", *, hint: str = "", rows: int = 5, name: str = "") -> forms.CharField:
    """Text in lines. ``missing`` is what is said when it is left empty; without it, it may be."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": missing,
            "max_length": f"{name or label} must be {_LONGEST:,} characters or fewer",
        },
    )


def line(label: str, missing: str = "", *, hint: str = "") -> forms.CharField:
    """Text in one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": missing, "max_length": f"{label} must be 200 characters or fewer"},
    )


def day(label: str, missing: str = "") -> DateBoxesField:
    """A day in three boxes."""
    return DateBoxesField(
        label=label,
        required=bool(missing),
        error_messages={"required": missing, "incomplete": missing},
    )


def clock_time(label: str, missing: str = "", *, hint: str = "For example, 14:30") -> forms.TimeField:
    """A time of day."""
    return forms.TimeField(
        label=label,
        help_text=hint,
        required=bool(missing),
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"],
        widget=forms.TimeInput({"autocomplete": "off", "class": "govuk-input--width-5"}, format="%H:%M"),
        error_messages={"required": missing, "invalid": f"{label} must be a time, such as 14:30"},
    )


def one_of(
    label: str,
    choices: Iterable[tuple[str, str]],
    missing: str = "",
    *,
    hint: str = "",
) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        required=bool(missing),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing or f"Choose one of these: {label}"},
    )


def from_list(
    label: str, choices: Iterable[tuple[str, str]], missing: str = "", *, hint: str = ""
) -> forms.ChoiceField:
    """One of many, as a list that opens."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("", "Choose one"), *choices],
        required=bool(missing),
        error_messages={"required": missing, "invalid_choice": missing or f"{label}: choose one of the list"},
    )


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def choices_of(values: Iterable[Any]) -> list[tuple[str, str]]:
    """Words of the rules as choices."""
    return [(str(value), capital(str(value))) for value in values]


# --- evaluation ---------------------------------------------------------------------------------------------


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
        "If none is met: why not", hint="It is then kept as advice, and can become a referral later."
    )
    on = day("Day of the evaluation", "Enter the day of the evaluation")

    def prepare(self) -> None:
        offered = limbs_of(edition_named(self.case.edition))
        field = self.fields["limbs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(limb.value, capital(limb.sentence)) for limb in offered]
        reasons = {
            reason_name(limb): lines(
                f"If met, what this rests on: {limb.sentence}", rows=3, name="What it rests on"
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


# --- strands and who was told -------------------------------------------------------------------------------


class StrandForm(CaseForm):
    """One strand as it stands."""

    state = one_of("How it stands", choices_of(State), "Choose how it stands")
    owner = line("Who is responsible", hint="Name and organisation. Needed once it is open.")
    opened_on = day("Opened on")
    concluded_on = day("Concluded on")
    outcome = from_list("How it ended", [])
    reason = lines("Reason", hint="Why it is not needed, or what its outcome rests on.")

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
        "Say whether they have been told",
    )
    on = day("Told on")
    by = line("Who told them")
    because = lines("Reason", hint="Why not yet, and when they will be; or why it does not apply.", rows=3)


# --- allegations --------------------------------------------------------------------------------------------


class AllegationForm(CaseForm):
    """One allegation in its own words."""

    words = lines("What is alleged", "Say what is alleged", hint="In the words it was told in.")
    category = one_of(
        "Kind of harm",
        [*choices_of(Category), ("", "Not known")],
        hint="The kind it is counted as.",
    )
    told_when = line(
        "When it happened",
        hint="As it was told, such as 2 April 2026, March 2019 or summer 1998. Leave empty if nobody knows.",
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

    on = day("Put to the person on")
    reply = lines("What they said", hint="In their own words, or that they said nothing.")
    not_put_because = lines("If it was not put to them: why not", rows=3)

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

    outcome = one_of("Finding", [], "Choose a finding")
    on = day("Decided on", "Enter the day of the decision")
    reasons = lines("What it rests on", "Say what the finding rests on")
    evidence_of_intent = lines(
        "If malicious: what shows that it was meant to deceive",
        hint="A second person must then agree in their own name before it counts.",
        rows=3,
    )

    def prepare(self) -> None:
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        allowed = outcomes_for(edition_named(self.case.edition), Sector(self.case.sector))
        field.choices = [(one.value, f"{capital(one.value)}: {_MEANINGS[one]}") for one in allowed]
        if self.item.outcome or self.case.state == CaseState.CLOSED:
            self.fields["correction"] = lines(
                "Why the finding is corrected",
                "Say why the finding is corrected",
                hint="The former finding stays on the case.",
                rows=3,
            )


class ReasonForm(CaseForm):
    """A reason, and nothing else."""

    reason = lines("Reason", "Enter a reason", rows=4)


class NothingForm(CaseForm):
    """Nothing to fill in: a thing is only confirmed."""


# --- timeline -----------------------------------------------------------------------------------------------

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
        "Choose what happened",
    )
    on = day("Day", "Enter the day")
    at = clock_time("Time", hint="For example, 14:30. Leave empty if only the day is known.")
    words = lines("What is to be remembered", hint="Who, what, where. A note, a call or a visit needs it.")


# --- meetings and actions -----------------------------------------------------------------------------------


class PlanMeetingForm(CaseForm):
    """A strategy meeting that is to come."""

    kind = one_of(
        "Which meeting", [("initial", "Initial strategy meeting"), ("review", "Review meeting")], "Choose one"
    )
    on = day("Day", "Enter the day of the meeting")
    at = clock_time("Time", "Enter the time of the meeting")
    place = line("Where", hint="A room, or how to join from afar.")
    invited = lines("Who is invited", hint="One person a line: name and organisation.")


class HoldMeetingForm(CaseForm):
    """What came of a meeting."""

    on = day("Held on", "Enter the day of the meeting")
    at = clock_time("Time", "Enter the time of the meeting")
    attendees = lines("Who was there", "Say who was there", hint="One person a line: name and organisation.")
    apologies = lines("Who sent apologies", hint="One person a line.", rows=3)
    shared = lines(
        "Information shared", hint="Earlier concerns about the person and the place come here too."
    )
    decisions = lines("What was decided", "Say what was decided")
    next_review_on = day("Next review by")


class MinutesForm(CaseForm):
    """Another version of the minutes; earlier ones stay."""

    text = lines("Minutes", "Write the minutes", rows=16)


class SentForm(CaseForm):
    """The day on which something was sent."""

    on = day("Sent on", "Enter the day on which they were sent")


class ActionForm(CaseForm):
    """Something to be done."""

    what = lines("What is to be done", "Say what is to be done", rows=3)
    owner = line("Who is to do it", "Say who is to do it")
    due_on = day("By when", "Enter the day by which it is to be done")
    meeting = from_list("Agreed at", [])

    def prepare(self) -> None:
        field = self.fields["meeting"]
        assert isinstance(field, forms.ChoiceField)
        held = self.case.meetings.filter(held=True).order_by("-at")
        field.choices = [
            ("", "No meeting"),
            *((str(one.pk), f"Meeting of {day_in_words(timezone.localdate(one.at))}") for one in held),
        ]


class DoneForm(CaseForm):
    """The day on which an action was done."""

    on = day("Done on", "Enter the day on which it was done")


# --- suspension, onward referrals ---------------------------------------------------------------------------

_VIEWS = choices_of(View)


class SuspendForm(CaseForm):
    """A suspension, after the alternatives were considered."""

    first_day = day("First day", "Enter the first day")
    decided_by = line("Who at the employer decided", "Say who decided: it is the employer’s decision")
    reasons = lines("Why it was needed", "Say why it was needed")
    considered = forms.MultipleChoiceField(
        label="Alternatives that were considered first",
        choices=choices_of(ALTERNATIVES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why_not = lines(
        "Why the alternatives would not do",
        "Say why no alternative would do",
        hint="Name any other alternative that was considered.",
    )
    contact = line("Named contact while suspended", "Name somebody they can turn to")
    officer_view = one_of("Your own view of it", _VIEWS, "Say what your own view is")
    police_view = one_of("The police’s view of it", _VIEWS, "Say what the view of the police is")
    review_on = day("Review by", "Enter the day by which it is reviewed")

    def alternatives(self) -> str:
        """What was considered first, and why it would not do."""
        considered = self.cleaned_data["considered"]
        first = f"Considered: {listed(considered, 'and')}. " if considered else ""
        return first + str(self.cleaned_data["why_not"])


class ReviewSuspensionForm(CaseForm):
    """A suspension that goes on."""

    on = day("Reviewed on", "Enter the day of the review")
    reasons = lines("Why it goes on", "Say why it goes on", rows=4)
    review_on = day("Review again by", "Enter the day of the next review")


class EndSuspensionForm(CaseForm):
    """The end of a suspension."""

    last_day = day("Last day", "Enter the last day")
    reasons = lines("What follows", "Say what follows: back to work, other work, or the end of it", rows=3)


class OnwardForm(CaseForm):
    """Whether a body was told, or why it need not be."""

    decision = one_of(
        "What was decided",
        [
            ("referred", "Referred"),
            ("not needed", "Considered, and not needed"),
            ("watching", "Not yet: watch how the case goes on"),
        ],
        "Choose what was decided",
    )
    reason = lines("Reason", "Say why")
    decided_by = line("Who decided", "Say who decided")
    sent_on = day("Sent on")
    receipt = line("Their reference, or what came of it")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("decision") == "referred"
            and given.get("sent_on") is None
            and "sent_on" not in self.errors
        ):
            self.add_error("sent_on", "Enter the day on which it was sent")
        return given


# --- closing ------------------------------------------------------------------------------------------------


class CloseForm(CaseForm):
    """The day on which a case closes."""

    on = day("Closed on", "Enter the day of closing")


class CloseOverForm(CloseForm):
    """The same over what is outstanding."""

    reason = lines(
        "Why it is closed all the same",
        "Say why it is closed all the same",
        hint="The reason and what was outstanding stay on the case and are reported.",
    )


class LetterForm(CaseForm):
    """That the outcome letter was sent."""

    on = day("Outcome letter sent on", "Enter the day on which it was sent")
    words = lines("To whom, and what it said", rows=3)


# --- who it is open to --------------------------------------------------------------------------------------


class AccountField(forms.EmailField):
    """Somebody's account by its email address. ``clean`` gives the person, or None when left empty."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        if not email:
            return None
        found = Person.objects.filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise forms.ValidationError("No account has this email address")
        return found


def account(label: str, missing: str = "", *, hint: str = "") -> AccountField:
    """Asks for somebody by the email address of their account."""
    return AccountField(
        label=label,
        help_text=hint,
        required=bool(missing),
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": missing,
            "invalid": "Enter an email address in the form name@example.org",
        },
    )


class NameForm(CaseForm):
    """Somebody to whom the case is opened."""

    person = from_list("Who", [], "Choose who the case is opened to")
    leads = forms.BooleanField(
        label="They lead the case", help_text="Whoever led before stays named.", required=False
    )

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        officers = [(f"officer-{one.pk}", one.full_name) for one in officers_of(self.case.authority)]
        managers = [
            (f"manager-{one.pk}", f"{one.full_name}, manager: reads, and may close over what is outstanding")
            for one in managers_of(self.case.authority)
        ]
        field.choices = [("", "Choose one"), *officers, *managers]

    def chosen(self) -> tuple[Person, Capacity]:
        """Who, and as what."""
        kind, _, number = self.cleaned_data["person"].partition("-")
        return Person.objects.get(pk=number), Capacity(kind)


def managers_of(authority: str) -> list[Person]:
    """Directors of an authority today, who may be named as managers."""
    today = timezone.localdate()
    grants = Grant.objects.filter(role=Role.DIRECTOR, authority=authority, ended_at__isnull=True)
    return sorted(
        {
            one.person
            for one in grants.select_related("person")
            if one.person.is_active
            and one.first_day <= today
            and (one.last_day is None or today <= one.last_day)
        },
        key=lambda person: person.pk,
    )


def officers_elsewhere(authority: str) -> list[tuple[Person, str]]:
    """Designated officers of other authorities, each with the number of theirs."""
    today = timezone.localdate()
    grants = Grant.objects.filter(role__in=(Role.LADO, Role.DEPUTY_LADO), ended_at__isnull=True)
    found = [
        (one.person, one.authority)
        for one in grants.exclude(authority=authority).select_related("person")
        if one.person.is_active and one.first_day <= today and (one.last_day is None or today <= one.last_day)
    ]
    return sorted(found, key=lambda one: (one[1], one[0].pk))


class BarForm(CaseForm):
    """Somebody with a conflict of interest."""

    person = account(
        "Email address of their account",
        "Enter the email address of their account",
        hint="It can be your own, once another officer is named.",
    )
    reason = lines("What the conflict of interest is", "Say what the conflict of interest is", rows=3)

    def answers(self) -> Answers:
        return [("Who", self.cleaned_data["person"].full_name), ("Conflict", self.cleaned_data["reason"])]


class LinkForm(CaseForm):
    """The account of whom the case is about."""

    person = account(
        "Email address of their account", hint="Leave it empty if they have no account in Redway."
    )

    def answers(self) -> Answers:
        person = self.cleaned_data["person"]
        return [("Their account", person.full_name if person else "They have none")]


class ShareForm(CaseForm):
    """An officer of another authority, who sees what is shared until a day."""

    person = from_list("Which officer", [], "Choose an officer")
    until = day("Until the end of", "Enter the last day on which they may see it")
    reason = lines("Why it is shared", "Say why it is shared", rows=3)

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        found = [
            (str(person.pk), f"{person.full_name}, {name_of(number)}")
            for person, number in officers_elsewhere(self.case.authority)
        ]
        field.choices = [("", "Choose one"), *found]


class OfferForm(CaseForm):
    """Another authority that is to lead."""

    to_authority = from_list("Which authority is to lead", [], "Choose the authority")
    reason = lines("Why they are to lead", "Say why they are to lead", rows=4)

    def prepare(self) -> None:
        field = self.fields["to_authority"]
        assert isinstance(field, forms.ChoiceField)
        numbers = dict.fromkeys(number for _, number in officers_elsewhere(self.case.authority))
        field.choices = [("", "Choose one"), *((number, name_of(number)) for number in numbers)]


class AnswerOfferForm(CaseForm):
    """Whether a case that is offered is taken on."""

    state = one_of(
        "Do you take this case on?",
        [
            (TransferState.ACCEPTED.value, "Yes: we lead from now on"),
            (TransferState.DECLINED.value, "No"),
        ],
        "Say whether you take it on",
    )
    reason = lines("If not: why", rows=3)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("state") == TransferState.DECLINED.value and not given.get("reason", "").strip():
            self.add_error("reason", "Say why you do not take it on")
        return given


def name_of(number: str) -> str:
    """An authority by name; by number where the register does not hold it."""
    found = Authority.objects.filter(number=number).values_list("name", flat=True).first()
    return found or f"authority {number}"


class BreakGlassForm(forms.Form):
    """Why somebody must open a case they are not named on."""

    reason = lines(
        "Why you must open this case now",
        "Say why you must open it",
        hint="Its officers are told that you opened it and why, and look at it afterwards.",
        rows=4,
    )


class AnswerForm(CaseForm):
    """The answer to who referred it."""

    on = day("Answered on", "Enter the day on which you answered")
    at = clock_time("Time", "Enter the time at which you answered")
    words = lines(
        "What you answered", "Say what you answered", hint="The advice you gave, in a few sentences."
    )


class LeavingForm(CaseForm):
    """That the person has left."""

    on = day("Last day of their work there", "Enter their last day")
    words = lines(
        "How it came to that",
        "Say how the person left, or is to leave",
        hint="Resigned, dismissed, contract ended. Nothing may be agreed that keeps the matter secret.",
        rows=3,
    )


def today() -> date:
    """The day in England: what days of deeds are filled in with at first."""
    return timezone.localdate()
