"""The person of a case: who else in the records they might be, found by whole words of names.

Everything here is asked for somebody, and looks only at the cases that are open to them: what is not does
not even count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from redway.allegations.same_person import Identity, possible_match
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.encryption import fingerprint
from redway.web.allegations.models import Case, Merge, NameWord, Subject
from redway.web.allegations.names import words_of
from redway.web.allegations.services.merging import head_of
from redway.web.people.models import Person


@dataclass(frozen=True)
class Match:
    """Somebody who might be the same person, with a case by which to look at them, and why."""

    case: Case
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class MergeShown:
    """A merge, with a case of the other person that is open to the reader."""

    merge: Merge
    other: Case


def cases_about(person: Person, name: str, at: datetime) -> QuerySet[Case]:
    """Cases open to a person whose subject bears every word of a name. No word finds nothing.

    Whoever was merged is found by the names of any of their records.
    """
    words = words_of([name])
    if not words:
        return Case.objects.none()
    found = Subject.objects.all()
    for word in sorted(words):
        found = found.filter(words__fingerprint=fingerprint(word))
    heads = {head_of(one) for one in found.only("key", "merged_into")}
    return cases_open_to(person, at).filter(Q(subject__in=heads) | Q(subject__merged_into__in=heads))


def possible_matches(case: Case, reader: Person, at: datetime) -> list[Match]:
    """Other people in the records who might be this one. Two queries.

    Only somebody with a word of the name in common can match. The rule gives its reasons; a person decides.
    """
    mine = NameWord.objects.filter(subject=case.subject_id).values_list("fingerprint", flat=True)
    head = head_of(case.subject)
    others = (
        cases_open_to(reader, at)
        .filter(authority=case.authority)
        .filter(subject__in=NameWord.objects.filter(fingerprint__in=list(mine)).values("subject_id"))
        .exclude(Q(subject=head) | Q(subject__merged_into=head))
        .select_related("subject", "engagement")
        .order_by("-referred_at")
    )
    found: dict[str, Match] = {}
    me = identity_of(case.subject)
    for other in others:
        person = head_of(other.subject)
        match = possible_match(me, identity_of(other.subject))
        if match is not None and person not in found:
            found[person] = Match(other, match.reasons)
    return list(found.values())


def other_cases(case: Case, reader: Person, at: datetime) -> list[Case]:
    """The other cases of the same person that are open to the reader."""
    head = head_of(case.subject)
    held = cases_open_to(reader, at).filter(Q(subject=head) | Q(subject__merged_into=head))
    return list(held.exclude(pk=case.pk).select_related("subject").order_by("-referred_at"))


def merges_of(case: Case, reader: Person, at: datetime) -> list[MergeShown]:
    """What was proposed, agreed, turned down and undone about this record, the latest first.

    Only where a case of the other person is open to the reader as well.
    """
    held = (
        Merge.objects.filter(Q(subject=case.subject_id) | Q(into=case.subject_id))
        .select_related("proposed_by", "agreed_by")
        .order_by("-pk")
    )
    merges = list(held)
    ends = {end for one in merges for end in (one.subject_id, one.into_id)} - {case.subject_id}
    cases = {
        one.subject_id: one
        for one in cases_open_to(reader, at).filter(subject__in=ends).select_related("subject", "engagement")
    }
    shown = []
    for one in merges:
        other = cases.get(one.into_id if one.subject_id == case.subject_id else one.subject_id)
        if other is not None:
            shown.append(MergeShown(one, other))
    return shown


def identity_of(subject: Subject) -> Identity:
    """Who somebody is, as the rule for possible matches asks it."""
    names: Iterable[str] = subject.identity.get("names") or ()
    return Identity(tuple(names), born_of(subject))


def born_of(subject: Subject) -> date | None:
    """Their day of birth where it is known to the day."""
    try:
        return date.fromisoformat(subject.identity.get("born") or "")
    except ValueError:
        return None
