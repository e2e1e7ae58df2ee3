"""Two records found to be of one person: proposed by one person, agreed by another, undone by either.

Each record keeps its own cases, names and history; only what stands between them changes. Which records are
one person is worked out from the merges in force, so undoing one leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from redway.web.allegations.access import record_of
from redway.web.allegations.models import Capacity, Case, CaseState, Merge, Subject
from redway.web.allegations.services.changing import RUNNING, Step, change, locked, missing, refuse
from redway.web.people import permission
from redway.web.people.models import Person

ANY = tuple(CaseState)


def propose_merge(*, actor: Person, case: Case, revision: int, other: Case, reason: str) -> Merge:
    """Say that the people of two cases are one. The actor works on both; nothing changes before another
    person agrees. Raises Http404 for a case that is not theirs, and ChangeRefusedError.
    """
    with change(actor, case, revision, "propose_merge", states=ANY) as step:
        second = _theirs(actor, other, step)
        pair = (second.subject_id, step.case.subject_id)
        waiting = Merge.objects.filter(
            Q(subject_id=pair[0], into_id=pair[1]) | Q(subject_id=pair[1], into_id=pair[0]),
            agreed_at__isnull=True,
            undone_at__isnull=True,
        )
        same = head_of(second.subject) == head_of(step.case.subject)
        refuse(
            [
                missing(reason, "Say why they are one person."),
                "The two records are of one person already." if same else "",
                "It is proposed already, and waits for a second person." if waiting.exists() else "",
            ]
        )
        merge = Merge.objects.create(
            subject_id=pair[0], into_id=pair[1], proposed_by=actor, reason=reason.strip()
        )
        step.details |= {"merge": merge.pk}
    return merge


def agree_merge(*, actor: Person, case: Case, revision: int, merge: Merge) -> Merge:
    """A second person agrees: from now on the records are of one person."""
    with change(actor, case, revision, "agree_merge", states=ANY) as step:
        found = _of_the_case(actor, merge, step)
        refuse(
            [
                _waiting(found),
                "A second person agrees, not the one who proposed it."
                if found.proposed_by_id == actor.pk
                else "",
            ]
        )
        found.agreed_by, found.agreed_at = actor, step.now
        found.save()
        without = _without_officer(found, step.now)
        settle(found.subject_id, found.into_id)
        left = _without_officer(found, step.now) - without
        refuse(["No officer would be left on one of their cases: name another one first."] if left else [])
        step.details |= {"merge": found.pk}
    return found


def turn_down_merge(*, actor: Person, case: Case, revision: int, merge: Merge, reason: str) -> Merge:
    """They are not one person, or it cannot be said: the proposal stays to be read."""
    with change(actor, case, revision, "turn_down_merge", states=ANY) as step:
        found = _of_the_case(actor, merge, step)
        refuse([_waiting(found), missing(reason, "Say why they are not one person.")])
        _end(found, step, reason)
    return found


def undo_merge(*, actor: Person, case: Case, revision: int, merge: Merge, reason: str) -> Merge:
    """It was wrong: the records are of two people again, each with the history it had."""
    with change(actor, case, revision, "undo_merge", states=ANY) as step:
        found = _of_the_case(actor, merge, step)
        in_force = found.agreed_at is not None and found.undone_at is None
        refuse(
            [
                "" if in_force else "It is not in force.",
                missing(reason, "Say why they are not one person."),
            ]
        )
        _end(found, step, reason)
        settle(found.subject_id, found.into_id)
    return found


def head_of(subject: Subject) -> str:
    """The key under which all records of a person stand together."""
    return subject.merged_into_id or subject.key


def settle(*keys: str) -> None:
    """Work out from the merges in force which records are one person, for these and all joined to them."""
    before = Subject.objects.filter(Q(pk__in=keys) | Q(merged__in=keys) | Q(merged_into__in=keys))
    touched = {head_of(one) for one in before}
    held = {one.key: one for one in Subject.objects.filter(Q(pk__in=touched) | Q(merged_into__in=touched))}
    in_force = Merge.objects.filter(agreed_at__isnull=False, undone_at__isnull=True)
    joined = [{one.subject_id, one.into_id} for one in in_force.filter(subject__in=held, into__in=held)]
    left = set(held)
    while left:
        group = _joined_with(min(left), joined)
        left -= group
        head = min(group & touched or group)
        for key in group:
            wanted = None if key == head else head
            if held[key].merged_into_id != wanted:
                Subject.objects.filter(pk=key).update(merged_into=wanted)


def _joined_with(key: str, joined: Iterable[set[str]]) -> set[str]:
    """All records that merges lead to from one, over however many steps."""
    group, before = {key}, set[str]()
    while group != before:
        before = set(group)
        for pair in joined:
            if group & pair:
                group |= pair
    return group


def merge_open_to(actor: Person, case: Case, merge: Merge) -> None:
    """Raises Http404 unless the actor works on a case of both people. To others there is no such merge."""
    now = timezone.now()
    for subject in (merge.subject_id, merge.into_id):
        if subject != case.subject_id and not any(
            permission.decide(actor, "allegation.work", record_of(one, now, "allegation.work"))
            for one in Case.objects.select_related("subject").filter(subject=subject)
        ):
            raise Http404("There is no such merge.")


def _of_the_case(actor: Person, merge: Merge, step: Step) -> Merge:
    found = Merge.objects.select_for_update().filter(pk=merge.pk).first()
    if found is None or step.case.subject_id not in (found.subject_id, found.into_id):
        raise Http404("There is no such merge.")
    merge_open_to(actor, step.case, found)
    return found


def _theirs(actor: Person, other: Case, step: Step) -> Case:
    """The other case, if the actor may work on it."""
    second = locked(other)
    permission.require(actor, "allegation.work", record_of(second, step.now, "allegation.work"))
    return second


def _without_officer(merge: Merge, at: datetime) -> frozenset[str]:
    """The cases of the two people that no officer works on: all who are named are kept from them."""
    heads = {head_of(one) for one in Subject.objects.filter(pk__in=(merge.subject_id, merge.into_id))}
    theirs = Case.objects.filter(Q(subject__in=heads) | Q(subject__merged_into__in=heads), state__in=RUNNING)
    return frozenset(one.pk for one in theirs.select_related("subject") if not _officers(one, at))


def _officers(case: Case, at: datetime) -> set[int]:
    in_force = Q(until__isnull=True) | Q(until__gt=at)
    named = case.named.filter(in_force, capacity=Capacity.OFFICER, from_at__lte=at)
    return set(named.values_list("person_id", flat=True)) - record_of(case, at, "allegation.work").barred


def _waiting(merge: Merge) -> str:
    if merge.undone_at is not None:
        return "It was turned down."
    return "It was agreed already." if merge.agreed_at is not None else ""


def _end(merge: Merge, step: Step, reason: str) -> None:
    merge.undone_at = step.now
    merge.reason = f"{merge.reason}\n\n{reason.strip()}"
    merge.save()
    step.details |= {"merge": merge.pk}
