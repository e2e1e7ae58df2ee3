"""Records due for review or disposal on a day, each with its rule. Nothing is disposed of here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.allegations.editions import edition_named
from redway.allegations.outcomes import Outcome
from redway.allegations.retention import Action, Facts, Holder, Retention, retention_of
from redway.web.allegations.access import not_barred
from redway.web.allegations.models import Case, CaseState, Subject
from redway.web.allegations.records import kept_records
from redway.web.allegations.services.merging import head_of
from redway.web.people.models import Person


@dataclass(frozen=True)
class DueRecord:
    """One case whose record has to be looked at, by its key alone."""

    key: str
    outcome: Outcome | None
    """None for advice, and where no outcome is recorded."""
    retention: Retention

    def plain(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "case": self.key,
            "outcome": self.outcome.value if self.outcome else None,
            "action": self.retention.action.value,
            "due": self.retention.due.isoformat() if self.retention.due else None,
            "reason": self.retention.reason,
            "source": self.retention.source,
            "unconfirmed": self.retention.unconfirmed,
        }


def due_on(on: date, authority: str, person: Person | None = None) -> list[DueRecord]:
    """What is due on a day of an authority's own records, the longest due first.

    ``person`` is who asks: cases that do not exist for them are left out. None is whoever works at the
    machine. Dates of birth and legal holds are read; a fixed number of queries.
    """
    cases = Case.objects.filter(authority=authority, state__in=(CaseState.CLOSED, CaseState.ADVICE))
    cases = cases.filter(disposed_on__isnull=True)
    if person is not None:
        cases = not_barred(cases, person)
    outcomes = {one.key: one.record.outcome for one in kept_records(cases, authority)}
    holds = _holds(Subject.objects.filter(authority=authority))
    found = []
    for case in cases.select_related("subject").defer("account", "closed_over"):
        outcome = outcomes[case.key]
        if outcome is None and case.state == CaseState.CLOSED:
            # The rules ask for the outcome; advice is what never became a case.
            continue
        retention = _retention(case, outcome, holds.get(head_of(case.subject), ""))
        if retention.is_due(on):
            found.append(DueRecord(case.key, outcome, retention))
    return sorted(found, key=lambda one: (one.retention.due or on, one.key))


def retention_of_case(case: Case) -> Retention:
    """What the rules ask of one record; a legal hold on any record of the person holds it."""
    outcome = kept_records(Case.objects.filter(pk=case.pk), case.authority)[0].record.outcome
    if case.state not in (CaseState.CLOSED, CaseState.ADVICE):
        return Retention(Action.KEEP, None, "The case is not closed.")
    if outcome is None and case.state == CaseState.CLOSED:
        return Retention(Action.KEEP, None, "No outcome is recorded, and the rules ask for it.")
    return _retention(case, outcome, hold_on(case.subject))


def hold_on(subject: Subject) -> str:
    """Why nothing about a person may be disposed of; empty when there is no legal hold."""
    head = head_of(subject)
    return _holds(Subject.objects.filter(Q(pk=head) | Q(merged_into=head))).get(head, "")


def _holds(subjects: QuerySet[Subject]) -> dict[str, str]:
    """Key under which a person's records stand together -> why nothing about them may be disposed of."""
    read = subjects.only("key", "merged_into", "legal_hold")
    return {head_of(one): one.legal_hold for one in read if one.legal_hold}


def _retention(case: Case, outcome: Outcome | None, hold: str) -> Retention:
    closed = case.closed_on
    if closed is None and case.state == CaseState.ADVICE:
        closed = case.evaluated_on
    facts = Facts(
        allegation_on=timezone.localdate(case.known_at),
        closed_on=closed,
        born=_born(case),
        legal_hold=hold,
    )
    asked = retention_of(edition_named(case.edition), Holder.OFFICER, outcome, facts)
    if asked.due is None or case.review_on is None or case.review_on <= asked.due:
        return asked
    reviewed = f"Reviewed, and kept until it is looked at again. By the rule: {asked.reason}"
    return replace(asked, action=Action.REVIEW, due=case.review_on, reason=reviewed)


def _born(case: Case) -> date | None:
    try:
        return date.fromisoformat(case.subject.identity.get("born") or "")
    except ValueError:
        return None
