"""What is asked of those who run the forum, and of the schools that answer a consultation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from redway.core.words import day_in_words
from redway.funding.consultation import Question, QuestionKind
from redway.funding.forum_powers import Body, Category, Matter, Power
from redway.funding.forum_votes import Choice
from redway.web.design.form_fields import day, from_list, line, lines, one_of, some_of
from redway.web.funding.forum.consultation_services import Asking, Paper
from redway.web.funding.forum.meeting_services import Point, Ruling, Seat
from redway.web.funding.forum.models import Consultation, Member
from redway.web.funding.money_fields import money
from redway.web.people.models import Person


class PaperForm(forms.Form):
    """A consultation's paper."""

    title = line("Title", "What schools will see first")
    year = line("Funding year", "For example, 2027-28", most=7)
    paper = lines("Paper", "What is proposed and why. Leave an empty line between paragraphs.", rows=12)
    closes_on = day("Closing day")

    def __init__(self, powers: Sequence[Power], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["matter"] = from_list(
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

    title = line("Name of the option", "Schools choose between these names", most=120)
    about = lines("What it does", "In words a school reads first", required=False, rows=4)

    def __init__(self, scenarios: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["scenario"] = from_list(
            "Scenario", scenarios, "A copy of its rates and results is kept: the paper never changes later"
        )
        self.order_fields(["scenario", "title", "about"])


class QuestionForm(forms.Form):
    """One question."""

    words = lines("Question", rows=3)
    kind = one_of(
        "How it is answered",
        [(one.value, one.label) for one in QuestionKind],
        missing="Choose how it is answered",
    )
    choices = lines(
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

    reason = lines("Reason", rows=4)


class ProlongForm(forms.Form):
    """More time."""

    closes_on = day("New closing day")


class AnalysisForm(forms.Form):
    """What the authority makes of the responses, and which comments stay out of what is published."""

    findings = lines("What the authority makes of the responses", rows=8)

    def __init__(self, comments: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if comments:
            self.fields["held_back"] = some_of(
                "Comments to leave out",
                comments,
                "Those that name a person, or from which a school could be told",
                required=False,
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
        return lines(words, "Name no child and no member of staff", required=False)
    choices = [(choice, choice) for choice in one.choices]
    if one.kind is QuestionKind.SEVERAL:
        return some_of(words, choices, required=False)
    return one_of(words, choices, required=False)


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

    name = line("Name", "As minutes give it", most=120)
    category = from_list("Category", [(one.value, one.label) for one in Category], "Whom they represent")
    represents = line("School or body", required=False)
    first_day = day("First day of the term")
    last_day = day("Last day of the term")
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

    last_day = day("Last day")
    reason = line("Reason")


class MeetingForm(forms.Form):
    """Where and when the forum meets."""

    held_on = day("Day of the meeting")
    place = line("Place", required=False)


class PointForm(forms.Form):
    """One point of an agenda."""

    title = line("Title")
    proposal = lines("Proposal", "What the members vote on. Needed where there is a matter.", required=False)
    amount = money("Amount of a transfer", "Only for a transfer out of the schools block", required=False)
    block = money("Schools block", "It says whether the limit is passed", required=False)

    def __init__(
        self,
        powers: Sequence[Power],
        consultations: Sequence[Consultation],
        data: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.consultations = {str(one.pk): one for one in consultations}
        self.fields["matter"] = from_list(
            "Matter",
            [(one.matter.value, one.title) for one in powers],
            required=False,
            nothing="For information or discussion",
        )
        self.fields["consultation"] = from_list(
            "Consultation",
            [(key, one.title) for key, one in self.consultations.items()],
            required=False,
            nothing="None",
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
        self.fields["present"] = some_of(
            "Who is present",
            [(str(one.pk), f"{one.name}, {Category(one.category).label.lower()}") for one in members],
            "Everybody else is entered as having sent apologies",
            required=False,
        )

    @property
    def present(self) -> dict[int, bool]:
        """Number of the member -> whether they came; for a form that is sound."""
        came = set(self.cleaned_data["present"])
        return {one.pk: str(one.pk) in came for one in self.members}


class VoteForm(forms.Form):
    """One vote: a member's own, or one the clerk records for a member."""

    choice = one_of("Vote", [(one.value, one.label) for one in Choice])

    def __init__(self, members: Sequence[Member], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.members = {str(one.pk): one for one in members}
        self.fields["member"] = from_list(
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

    decided_by = one_of("Who decides", [(one.value, one.label) for one in Body], missing="Choose who decides")
    outcome = one_of("Outcome", _OUTCOMES)
    words = lines("Decision in words", rows=4)
    because = lines(
        "The authority decides against the forum's view, because",
        "Only where it does. The reason is published with the decision.",
        required=False,
        rows=4,
    )
    asked_department_on = day("Day the Department was asked", required=False)
    answer_due_on = day("Day its answer is needed", required=False)

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

    agreed = one_of("Its answer", _OUTCOMES[:2], missing="Choose its answer")
    answered_on = day("Day of its answer")
    text = lines("Its answer in words", required=False, rows=4)


class ActionForm(forms.Form):
    """Something to be done."""

    text = lines("Action", rows=3)
    owner = line("Who does it", "An office, not a name", most=120)
    due_on = day("Day it is due")


class DoneForm(forms.Form):
    """What came of an action."""

    done_on = day("Day it was done")
    outcome = lines("What came of it", rows=3)


class MinutesForm(forms.Form):
    """The minutes."""

    minutes = lines(
        "Minutes",
        "What was said. Agenda, attendance, votes and decisions are added as they are recorded.",
        rows=12,
    )


def days_of_term(first: date, last: date) -> str:
    """'1 September 2026 to 31 August 2029'."""
    return f"{day_in_words(first)} to {day_in_words(last)}"
