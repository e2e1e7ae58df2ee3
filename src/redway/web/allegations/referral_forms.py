"""The forms of a referral: the self-check that begins it, and one form for each section.

A section's form reads and writes answers as ``answers.py`` names them. What is kept part-way is kept as it
was typed, whether or not it is sound; what goes on is checked first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html

from redway.allegations.editions import Edition
from redway.allegations.incidents import InvalidIncidentError, read_incident, refuse_future
from redway.allegations.threshold import limbs_of
from redway.allegations.told import Answer, Party
from redway.core.words import day_in_words
from redway.web.allegations.answers import read_day, read_tellings
from redway.web.allegations.referral_questions import WANTS, Choices, Kind, Question, Section

LONGEST_LINE, LONGEST_WORDS = 300, 8000
_WIDE = "govuk-!-width-two-thirds"
NOT_SURE = "not sure"
UNKNOWN = "unknown"
"""The choice "I don't know" among the choices of a question."""


class StartForm(forms.Form):
    """The self-check of the threshold, and what is wanted. Who has more than one place says which."""

    limbs = forms.MultipleChoiceField(
        label="As far as you know, the person has:",
        help_text="Tick all that apply. You need no proof.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what applies, or that none does or you are not sure"},
    )
    wants = forms.ChoiceField(
        label="What do you want to do?",
        choices=WANTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to refer or to ask for advice"},
    )

    def __init__(self, edition: Edition, places: Choices, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        limbs = self.fields["limbs"]
        assert isinstance(limbs, forms.MultipleChoiceField)
        limbs.choices = [
            *((limb.value, limb.sentence) for limb in limbs_of(edition)),
            (NOT_SURE, "done none of these, or I am not sure"),
        ]
        if len(places) > 1:
            self.fields["place"] = forms.ChoiceField(
                label="For which place do you refer?",
                choices=places,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose for which place you refer"},
            )

    def clean_limbs(self) -> list[str]:
        """What was ticked; 'not sure' beside a limb would say two things."""
        ticked: list[str] = self.cleaned_data["limbs"]
        if NOT_SURE in ticked and len(ticked) > 1:
            raise forms.ValidationError("Tick what applies, or that none does: not both")
        return [limb for limb in ticked if limb != NOT_SURE]


def unknown_name(name: str) -> str:
    """The box by which an answer is said not to be known."""
    return f"{name}-unknown"


class SectionForm(forms.Form):
    """One section of questions, each with its box "I don't know"."""

    def __init__(
        self,
        section: Section,
        answers: Mapping[str, Any],
        lists: Mapping[str, Choices],
        today: date,
        data: Any = None,
    ) -> None:
        """``lists`` holds choices that depend on the place; a question without any is left out."""
        self.questions = [
            one for one in section.questions if one.kind is not Kind.LIST or lists.get(one.name)
        ]
        self.today = today
        super().__init__(data, initial=_initial(self.questions, answers))
        for question in self.questions:
            self.fields[question.name] = _field(question, lists)
            if _has_box(question):
                self.fields[unknown_name(question.name)] = _unknown_field(question)

    @property
    def names(self) -> list[str]:
        """The answers this form asks for, and no other."""
        return [one.name for one in self.questions]

    def pairs(self) -> list[tuple[BoundField, BoundField | None]]:
        """Each question with its box "I don't know"; a choice has that among its choices."""
        return [
            (self[one.name], self[unknown_name(one.name)] if _has_box(one) else None)
            for one in self.questions
        ]

    def written(self) -> dict[str, Any]:
        """What was typed, sound or not: text by name, and ``unknown``."""
        texts = {one.name: str(self.data.get(one.name, ""))[:LONGEST_WORDS] for one in self.questions}
        unknown = [
            name for name, text in texts.items() if text == UNKNOWN or self.data.get(unknown_name(name))
        ]
        kept = {name: "" if text == UNKNOWN else text for name, text in texts.items()}
        return {**kept, "unknown": unknown}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questions:
            name, answer = question.name, cleaned.get(question.name, "")
            if not cleaned.get(unknown_name(name)):
                if answer:
                    self._check(question, answer)
            elif self.data.get(name):
                both = f"“{question.label}” is answered, and “I don’t know” is ticked: keep one of the two"
                self.add_error(name, both)
            elif name in self.errors:
                del self.errors[name]
        return cleaned

    def _check(self, question: Question, answer: str) -> None:
        problem = _PROBLEM_OF[question.kind](answer, self.today) if question.kind in _PROBLEM_OF else ""
        if problem:
            self.add_error(question.name, problem)


def _has_box(question: Question) -> bool:
    return question.may_be_unknown and question.kind is not Kind.CHOICE


def _initial(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    unknown = answers.get("unknown", [])
    initial: dict[str, Any] = {unknown_name(one.name): one.name in unknown for one in questions}
    for one in questions:
        chosen = UNKNOWN if one.kind is Kind.CHOICE and one.name in unknown else ""
        initial[one.name] = answers.get(one.name) or chosen
    return initial


def _field(question: Question, lists: Mapping[str, Choices]) -> forms.Field:
    about: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": bool(question.missing),
        "error_messages": {"required": question.missing},
    }
    if question.kind is Kind.CHOICE:
        choices = [*question.choices, *([(UNKNOWN, "I don’t know")] if question.may_be_unknown else [])]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **about)
    if question.kind is Kind.LIST:
        return forms.ChoiceField(choices=[("", "Choose"), *lists[question.name]], **about)
    if question.kind is Kind.WORDS:
        widget = forms.Textarea({"rows": question.rows, "class": _WIDE})
        return forms.CharField(max_length=LONGEST_WORDS, widget=widget, **about)
    width = {Kind.DAY: "govuk-input--width-20", Kind.TIME: "govuk-input--width-5"}.get(question.kind, _WIDE)
    line = forms.TextInput({"autocomplete": "off", "class": width})
    return forms.CharField(max_length=LONGEST_LINE, widget=line, **about)


def _unknown_field(question: Question) -> forms.BooleanField:
    return forms.BooleanField(
        label=format_html('I don’t know<span class="govuk-visually-hidden">: {}</span>', question.label),
        required=False,
    )


def _problem_of_when(answer: str, today: date) -> str:
    try:
        refuse_future(read_incident(answer), today)
    except InvalidIncidentError as error:
        return f"{error.message} {error.next_step}"
    return ""


def _problem_of_day(answer: str, today: date) -> str:
    try:
        day = read_day(answer)
    except InvalidIncidentError as error:
        return f"{error.message} {error.next_step}"
    return f"{day_in_words(day)} has not come yet: today is {day_in_words(today)}" if day > today else ""


def _problem_of_time(answer: str, today: date) -> str:
    try:
        time.fromisoformat(answer)
    except ValueError:
        return f"“{answer}” is no time. Write it like 16:30"
    return ""


_PROBLEM_OF = {Kind.WHEN: _problem_of_when, Kind.DAY: _problem_of_day, Kind.TIME: _problem_of_time}


class ToldForm(forms.Form):
    """Who has been told, and who not yet: four answers for each, with what each answer needs."""

    ANSWERS: Choices = (
        (Answer.YES.value, "Told"),
        (Answer.NOT_YET.value, "Not yet"),
        (Answer.NOT_APPLICABLE.value, "Does not apply"),
        (Answer.UNANSWERED.value, "I don’t know"),
    )

    def __init__(self, answers: Mapping[str, Any], today: date, data: Any = None) -> None:
        lines = answers.get("told", {})
        initial = {
            _of(at, part): text
            for at, party in enumerate(Party)
            for part, text in _as_typed(lines.get(party.value, {})).items()
        }
        super().__init__(data, initial=initial)
        self.today = today
        for at, party in enumerate(Party):
            self.fields[_of(at, "answer")] = forms.ChoiceField(
                label=party.value.capitalize(),
                choices=self.ANSWERS,
                widget=forms.RadioSelect,
                required=False,
            )
            for part in _PARTS[1:]:
                self.fields[_of(at, part)] = forms.CharField(max_length=LONGEST_LINE, required=False)

    @property
    def names(self) -> list[str]:
        """The answers this form asks for."""
        return ["told"]

    def parties(self) -> list[dict[str, BoundField]]:
        """The fields of each party."""
        return [
            {part.replace("-", "_"): self[_of(at, part)] for part in _PARTS} for at, _ in enumerate(Party)
        ]

    def written(self) -> dict[str, Any]:
        """The lines as they were typed: what belongs to the answer chosen, by party."""
        lines = {}
        for at, party in enumerate(Party):
            typed = {part: str(self.data.get(_of(at, part), "")).strip()[:LONGEST_LINE] for part in _PARTS}
            needed = {name: typed[part] for part, name in _NEEDED.get(typed["answer"], {}).items()}
            if typed["answer"]:
                kept = {name: text for name, text in needed.items() if text}
                lines[party.value] = {"answer": typed["answer"], **kept}
        return {"told": lines}

    def clean(self) -> dict[str, Any]:
        problems: dict[str, str] = {}
        read_tellings(self.written()["told"], self.today, problems)
        for at, party in enumerate(Party):
            if problem := problems.get(f"told {party.value}"):
                self.add_error(_of(at, "answer"), problem)
        return super().clean() or {}


_PARTS = ("answer", "on", "by", "not-yet", "does-not")
_NEEDED: Mapping[str, Mapping[str, str]] = {
    Answer.YES.value: {"on": "on", "by": "by"},
    Answer.NOT_YET.value: {"not-yet": "because"},
    Answer.NOT_APPLICABLE.value: {"does-not": "because"},
}
"""Answer -> what is typed for it, and under what name the line keeps that."""


def _as_typed(line: Mapping[str, str]) -> dict[str, str]:
    """A line that was kept, as the boxes show it again."""
    answer = line.get("answer", "")
    return {"answer": answer} | {part: line.get(name, "") for part, name in _NEEDED.get(answer, {}).items()}


def _of(at: int, part: str) -> str:
    return f"told-{at}-{part}"
