"""What is asked of those who run the forum, and of the schools that answer a consultation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from redway.core.words import day_in_words
from redway.funding.consultation import Choice, Question, QuestionKind
from redway.funding.forum_powers import Body, Category, Matter, Power
from redway.web.design.forms import DateBoxesField
from redway.web.funding.forum.consultation_services import Asking, Paper
from redway.web.funding.forum.meeting_services import Point, Ruling, Seat
from redway.web.funding.forum.models import Consultation, Member
from redway.web.funding.money_fields import MoneyField
from redway.web.people.models import Person

_LONGEST = 20_000


def _line(label: str, help_text: str = "", *, required: bool = True, most: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        error_messages={
            "required": f"Enter the {label[:1].lower()}{label[1:]}",
            "max_length": f"{label} must be {most:,} characters or fewer",
        },
    )


def _text(label: str, help_text: str = "", *, required: bool = True, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={
            "required": f"Enter the {label[:1].lower()}{label[1:]}",
            "max_length": f"{label} must be {_LONGEST:,} characters or fewer",
        },
    )


def _day(label: str, *, required: bool = True) -> DateBoxesField:
    return DateBoxesField(
        label=label,
        required=required,
        error_messages={"required": f"Enter the {label[:1].lower()}{label[1:]}"},
    )


def _choice(label: str, choices: Iterable[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        help_text=help_text,
        error_messages={"required": f"Choose the {label[:1].lower()}{label[1:]}"},
    )


class PaperForm(forms.Form):
    """A consultation's paper."""

    title = _line("Title", "What schools will see first")
    year = _line("Funding year", "For example, 2027-28", most=7)
    paper = _text("Paper", "What is proposed and why. Leave an empty line between paragraphs.", rows=12)
    closes_on = _day("Closing day")

    def __init__(self, powers: Sequence[Power], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["matter"] = _choice(
            "Matter",
            [(one.matter.value, one.title) for one in powers],
            "It says who decides and which members of the forum vote",
        )
        self.order_fields(["title", "year", "matter", "paper", "closes_on"])

    @property
    def paper_written(self) -> Paper:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Paper(held["year"], held["title"], Matter(held["matter"]), held["paper"], held["closes_on"])


class OptionForm(forms.Form):
    """A scenario attached as an option."""

    title = _line("Name of the option", "Schools choose between these names", most=120)
    about = _text("What it does", "In words a school reads first", required=False, rows=4)

    def __init__(self, scenarios: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["scenario"] = _choice(
            "Scenario", scenarios, "A copy of its rates and results is kept: the paper never changes later"
        )
        self.order_fields(["scenario", "title", "about"])


class QuestionForm(forms.Form):
    """One question."""

    words = _text("Question", rows=3)
    kind = forms.ChoiceField(
        label="How it is answered",
        choices=[(one.value, one.label) for one in QuestionKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it is answered"},
    )
    choices = _text(
        "Choices",
        "One on each line. Only for one of several, or any of several choices.",
        required=False,
        rows=5,
    )
    must = forms.BooleanField(label="Schools must answer it", required=False)

    @property
    def asking(self) -> Asking:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        lines = [line.strip() for line in held["choices"].splitlines() if line.strip()]
        return Asking(held["words"], QuestionKind(held["kind"]), tuple(lines), held["must"])


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text("Reason", rows=4)


class ProlongForm(forms.Form):
    """More time."""

    closes_on = _day("New closing day")


class AnalysisForm(forms.Form):
    """What the authority makes of the responses, and which comments stay out of what is published."""

    findings = _text("What the authority makes of the responses", rows=8)

    def __init__(self, comments: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if comments:
            self.fields["held_back"] = forms.MultipleChoiceField(
                label="Comments to leave out",
                help_text="Those that name a person, or from which a school could be told",
                choices=comments,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def held_back(self) -> list[tuple[str, str]]:
        """(school, question) of each comment left out."""
        found = []
        for one in self.cleaned_data.get("held_back", []):
            school, _, code = one.partition(":")
            found.append((school, code))
        return found


class ResponseForm(forms.Form):
    """The questions of a consultation for one school. What must be answered is asked for on sending."""

    def __init__(self, questions: Sequence[Question], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for one in questions:
            self.fields[one.code] = _field_of(one)

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, by question; for a form that is sound."""
        return {code: answer for code, answer in self.cleaned_data.items() if answer}


def _field_of(one: Question) -> forms.Field:
    words = one.words if one.must else f"{one.words} (optional)"
    if one.kind is QuestionKind.TEXT:
        return forms.CharField(
            label=words,
            required=False,
            max_length=_LONGEST,
            help_text="Name no child and no member of staff",
            widget=forms.Textarea({"rows": 5}),
        )
    choices = [(choice, choice) for choice in one.choices]
    if one.kind is QuestionKind.SEVERAL:
        return forms.MultipleChoiceField(
            label=words, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=words, required=False, choices=choices, widget=forms.RadioSelect)


def answers_in_words(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a school answered, as rows to read."""
    rows = []
    for one in questions:
        answer = answers.get(one.code)
        said = ", ".join(answer) if isinstance(answer, list) else str(answer or "")
        rows.append((one.words, said or "Not answered"))
    return rows


class MemberForm(forms.Form):
    """A member's office."""

    name = _line("Name", "As minutes give it", most=120)
    category = _choice("Category", [(one.value, one.label) for one in Category], "Whom they represent")
    represents = _line("School or body", required=False)
    first_day = _day("First day of the term")
    last_day = _day("Last day of the term")
    is_chair = forms.BooleanField(label="They chair the forum", required=False)
    email = forms.EmailField(
        label="E-mail address of their account",
        help_text="If they have one: with it they vote themselves",
        required=False,
        error_messages={"invalid": "Enter an e-mail address such as name@example.org"},
    )

    def clean_email(self) -> Person | None:
        email = self.cleaned_data.get("email", "")
        if not email:
            return None
        found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError("Nobody has an account with this e-mail address")
        return found

    @property
    def seat(self) -> Seat:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Seat(
            held["name"],
            Category(held["category"]),
            held["represents"],
            held["first_day"],
            held["last_day"],
            held["is_chair"],
            held["email"],
        )


class EndForm(forms.Form):
    """The early end of a term."""

    last_day = _day("Last day")
    reason = _line("Reason")


class MeetingForm(forms.Form):
    """Where and when the forum meets."""

    held_on = _day("Day of the meeting")
    place = _line("Place", required=False)


class PointForm(forms.Form):
    """One point of an agenda."""

    title = _line("Title")
    proposal = _text("Proposal", "What the members vote on. Needed where there is a matter.", required=False)
    amount = MoneyField(
        label="Amount of a transfer", required=False, help_text="Only for a transfer out of the schools block"
    )
    block = MoneyField(label="Schools block", required=False, help_text="It says whether the limit is passed")

    def __init__(
        self,
        powers: Sequence[Power],
        consultations: Sequence[Consultation],
        data: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.consultations = {str(one.pk): one for one in consultations}
        self.fields["matter"] = forms.ChoiceField(
            label="Matter",
            required=False,
            choices=[
                ("", "For information or discussion"),
                *((one.matter.value, one.title) for one in powers),
            ],
        )
        self.fields["consultation"] = forms.ChoiceField(
            label="Consultation",
            required=False,
            choices=[("", "None"), *((key, one.title) for key, one in self.consultations.items())],
        )
        self.order_fields(["title", "matter", "consultation", "proposal", "amount", "block"])

    @property
    def point(self) -> Point:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Point(
            held["title"],
            Matter(held["matter"]) if held["matter"] else None,
            self.consultations.get(held["consultation"]),
            held["proposal"],
            held["amount"],
            held["block"],
        )


class AttendanceForm(forms.Form):
    """Who came."""

    def __init__(self, members: Sequence[Member], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.members = members
        self.fields["present"] = forms.MultipleChoiceField(
            label="Who is present",
            help_text="Everybody else is entered as having sent apologies",
            required=False,
            choices=[(str(one.pk), f"{one.name}, {Category(one.category).label.lower()}") for one in members],
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def present(self) -> dict[int, bool]:
        """Number of the member -> whether they came; for a form that is sound."""
        came = set(self.cleaned_data["present"])
        return {one.pk: str(one.pk) in came for one in self.members}


class VoteForm(forms.Form):
    """One vote: a member's own, or one the clerk records for a member."""

    choice = forms.ChoiceField(
        label="Vote",
        choices=[(one.value, one.label) for one in Choice],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the vote"},
    )

    def __init__(self, members: Sequence[Member], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.members = {str(one.pk): one for one in members}
        self.fields["member"] = _choice(
            "Member",
            [
                (key, f"{one.name}, {Category(one.category).label.lower()}")
                for key, one in self.members.items()
            ],
        )
        self.order_fields(["member", "choice"])

    @property
    def member(self) -> Member:
        return self.members[self.cleaned_data["member"]]


_OUTCOMES = (("yes", "Agreed"), ("no", "Not agreed"), ("asked", "The Department is asked"))


class DecisionForm(forms.Form):
    """What was decided, and by whom."""

    decided_by = forms.ChoiceField(
        label="Who decides",
        choices=[(one.value, one.label) for one in Body],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who decides"},
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=_OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome"},
    )
    words = _text("Decision in words", rows=4)
    because = _text(
        "The authority decides against the forum's view, because",
        "Only where it does. The reason is published with the decision.",
        required=False,
        rows=4,
    )
    asked_department_on = _day("Day the Department was asked", required=False)
    answer_due_on = _day("Day its answer is needed", required=False)

    @property
    def ruling(self) -> Ruling:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Ruling(
            Body(held["decided_by"]),
            {"yes": True, "no": False}.get(held["outcome"]),
            held["words"],
            held["because"],
            held["asked_department_on"],
            held["answer_due_on"],
        )


class AnswerForm(forms.Form):
    """What the Department answered."""

    agreed = forms.ChoiceField(
        label="Its answer",
        choices=_OUTCOMES[:2],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose its answer"},
    )
    answered_on = _day("Day of its answer")
    text = _text("Its answer in words", required=False, rows=4)


class ActionForm(forms.Form):
    """Something to be done."""

    text = _text("Action", rows=3)
    owner = _line("Who does it", "An office, not a name", most=120)
    due_on = _day("Day it is due")


class DoneForm(forms.Form):
    """What came of an action."""

    done_on = _day("Day it was done")
    outcome = _text("What came of it", rows=3)


class MinutesForm(forms.Form):
    """The minutes."""

    minutes = _text(
        "Minutes",
        "What was said. Agenda, attendance, votes and decisions are added as they are recorded.",
        rows=12,
    )


def days_of_term(first: date, last: date) -> str:
    """'1 September 2026 to 31 August 2029'."""
    return f"{day_in_words(first)} to {day_in_words(last)}"
