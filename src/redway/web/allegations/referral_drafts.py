"""Referrals somebody has begun: theirs alone, kept section by section, read back before they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from redway.allegations.threshold import Limb
from redway.allegations.told import Answer, Party
from redway.web.allegations.models import Draft
from redway.web.allegations.referral_questions import (
    SECTIONS,
    TOLD,
    WANTS,
    Choices,
    Kind,
    Question,
    Section,
    section_asking,
)
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, Rank, School

NOT_KNOWN, NOT_ANSWERED = "Not known", "Not answered"


def drafts_of(person: Person) -> QuerySet[Draft]:
    """What a person has begun and not sent, the latest first."""
    return Draft.objects.filter(person=person).order_by("-changed_at")


def access_draft(request: HttpRequest, key: str) -> Draft:
    """One's own draft; everybody else's does not exist, whatever their role."""
    permission.require(request, "allegation.refer")
    found = Draft.objects.filter(pk=key, person=request.user.pk).first()
    if found is None:
        raise Http404("There is no such draft.")
    return found


def places_of(person: Person) -> Choices:
    """Where a person may refer for: schools of theirs and authorities, as a choice and its words."""
    seen = permission.visible(person, "allegation.refer")
    schools = School.objects.filter(key__in=seen.schools).order_by("sort_name")
    authorities = Authority.objects.filter(number__in=seen.authorities)
    return [
        *((f"school {one.key}", one.shown_name) for one in schools),
        *((f"authority {one.number}", f"Elsewhere in {one.name}") for one in authorities),
    ]


def place_answers(place: str) -> dict[str, str]:
    """A chosen place as the answers hold it."""
    kind, _, key = place.partition(" ")
    return {kind: key} if kind in ("school", "authority") else {}


def lists_for(person: Person, answers: Mapping[str, Any]) -> dict[str, Choices]:
    """The choices of the questions that depend on the place: schools of the authority, other authorities.

    Who refers for a school of theirs is not asked which school it is, but whether the person works there.
    """
    seen = permission.visible(person, "allegation.refer")
    others = list(Authority.objects.filter(ended__isnull=True).values_list("number", "name"))
    found: dict[str, Choices] = {
        "work_authority": others,
        "agency_authority": others,
        "home_authority": others,
    }
    number = answers.get("authority") or (next(iter(seen.authorities)) if len(seen.authorities) == 1 else "")
    if number in seen.authorities and answers.get("school") not in seen.schools:
        schools = School.objects.filter(authority=number, rank=Rank.OPEN).order_by("sort_name")
        found["school"] = [(one.key, one.shown_name) for one in schools]
    if answers.get("school") in seen.schools or (not number and len(seen.schools) == 1):
        found["works_here"] = [("yes", "Yes, at the school I refer for"), ("no", "No, somewhere else")]
    return found


def kept_with(answers: Mapping[str, Any], written: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """All answers of a draft with one section's written anew; ``names`` are those the section asks."""
    others = {name: answer for name, answer in answers.items() if name not in names and name != "unknown"}
    unknown = [name for name in answers.get("unknown", []) if name not in names]
    return {**others, **written, "unknown": [*unknown, *written.get("unknown", [])]}


@dataclass(frozen=True)
class Said:
    """One answer read back."""

    label: str
    answer: str
    missing: bool


@dataclass(frozen=True)
class Part:
    """One section read back."""

    title: str
    address: str
    said: tuple[Said, ...]

    @property
    def missing(self) -> int:
        """How many answers are missing."""
        return sum(one.missing for one in self.said)


def read_back(draft: Draft, lists: Mapping[str, Choices]) -> list[Part]:
    """The whole form as it stands, section by section; what is missing says whether it is not known."""
    return [
        Part(section.title, _address(draft, section), tuple(_said_of(section, draft.answers, lists)))
        for section in SECTIONS
    ]


def beginning(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The self-check read back."""
    limbs = [Limb(word).sentence for word in answers.get("limbs", []) if word in list(Limb)]
    return [
        ("As far as you know, the person has", "\n".join(limbs) or "Done none of these, or you are not sure"),
        ("What you want", dict(WANTS).get(answers.get("wants", ""), NOT_ANSWERED)),
    ]


def problem_address(draft: Draft, name: str) -> str:
    """Where an answer at fault is put right: its question."""
    section = section_asking(name)
    if section is None:
        return reverse("allegations:referral", args=[draft.key])
    if section is TOLD:
        at = [f"told {party.value}" for party in Party].index(name) if name[5:] in list(Party) else 0
        return f"{_address(draft, section)}#id_told-{at}-answer_0"
    kind = next(one.kind for one in section.questions if one.name == name)
    return f"{_address(draft, section)}#id_{name}{'_0' if kind is Kind.CHOICE else ''}"


def _address(draft: Draft, section: Section) -> str:
    return reverse("allegations:referral_section", args=[draft.key, section.slug])


def _said_of(section: Section, answers: Mapping[str, Any], lists: Mapping[str, Choices]) -> list[Said]:
    if section is TOLD:
        return [_told(party, answers.get("told", {}).get(party.value, {})) for party in Party]
    asked = [one for one in section.questions if one.kind is not Kind.LIST or lists.get(one.name)]
    return [_said(one, answers, lists) for one in asked]


def _said(question: Question, answers: Mapping[str, Any], lists: Mapping[str, Choices]) -> Said:
    answer = answers.get(question.name, "")
    if answer:
        words = dict(lists[question.name]) if question.kind is Kind.LIST else {}
        return Said(question.label, words.get(answer) or question.shown(answer), False)
    unknown = question.name in answers.get("unknown", [])
    return Said(question.label, NOT_KNOWN if unknown else NOT_ANSWERED, True)


def _told(party: Party, line: Mapping[str, str]) -> Said:
    label, answer = party.value.capitalize(), line.get("answer", "")
    if answer == Answer.YES.value:
        return Said(label, f"Told on {line.get('on', '…')} by {line.get('by', '…')}", False)
    if answer == Answer.NOT_YET.value:
        return Said(label, f"Not yet, because: {line.get('because', '…')}", False)
    if answer == Answer.NOT_APPLICABLE.value:
        return Said(label, f"Does not apply, because: {line.get('because', '…')}", False)
    return Said(label, NOT_KNOWN if answer else NOT_ANSWERED, True)
