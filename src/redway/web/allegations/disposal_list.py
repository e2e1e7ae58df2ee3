"""Records that are kept, each with its rule: due on a day, or without a day. Nothing is disposed of here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.allegations.editions import edition_named
from redway.allegations.outcomes import Outcome, Sector
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
    held: bool = False
    """Whether a legal hold keeps it."""

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


_NO_OUTCOME = Retention(Action.KEEP, None, "No outcome is recorded, and the rules ask for it.")


def due_on(on: date, authority: str, person: Person | None = None) -> list[DueRecord]:
    """What is due on a day of an authority's own records, the longest due first. ``person`` is who asks."""
    return due_of(records_kept(authority, person), on)


def due_of(records: Iterable[DueRecord], on: date) -> list[DueRecord]:
    """Those due on a day, the longest due first."""
    found = [one for one in records if one.retention.is_due(on)]
    return sorted(found, key=lambda one: (one.retention.due or on, one.key))


def without_a_day(records: Iterable[DueRecord]) -> list[DueRecord]:
    """Those that never come due by themselves: no rule, or a fact that the rule asks for is not recorded."""
    return [one for one in records if one.retention.due is None and not one.held]


def records_kept(authority: str, person: Person | None = None) -> list[DueRecord]:
    """Every closed case and every advice of an authority, with what the rules ask.

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
        outcome, hold = outcomes[case.key], holds.get(head_of(case.subject), "")
        found.append(DueRecord(case.key, outcome, _retention(case, outcome, hold), bool(hold)))
    return found


def retention_of_case(case: Case) -> Retention:
    """What the rules ask of one record; a legal hold on any record of the person holds it."""
    outcome = kept_records(Case.objects.filter(pk=case.pk), case.authority)[0].record.outcome
    if case.state not in (CaseState.CLOSED, CaseState.ADVICE):
        return Retention(Action.KEEP, None, "The case is not closed.")
    return _retention(case, outcome, hold_on(case.subject))


def employers_file(case: Case) -> Retention | None:
    """What the employer is asked to do with its own file; None where no rule for it is held.

    The rules are those of schools. What the employer does leaves the designated officer's record as it is.
    """
    if case.state != CaseState.CLOSED or case.sector != Sector.EDUCATION:
        return None
    outcome = kept_records(Case.objects.filter(pk=case.pk), case.authority)[0].record.outcome
    if outcome is None:
        return None
    facts = Facts(timezone.localdate(case.known_at), case.closed_on, _born(case), None, hold_on(case.subject))
    asked = retention_of(edition_named(case.edition), Holder.EMPLOYER, outcome, facts)
    return asked if asked.source or facts.legal_hold else None


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
    # Advice is what never became a case; of a case the rules ask for the outcome.
    known = outcome is not None or case.state == CaseState.ADVICE or bool(hold)
    asked = (
        retention_of(edition_named(case.edition), Holder.OFFICER, outcome, facts) if known else _NO_OUTCOME
    )
    later = case.review_on is not None and (asked.due is None or case.review_on > asked.due)
    if hold or not later:
        return asked
    reviewed = f"Reviewed, and kept until it is looked at again. {asked.reason}"
    return replace(asked, action=Action.REVIEW, due=case.review_on, reason=reviewed)


def _born(case: Case) -> date | None:
    try:
        return date.fromisoformat(case.subject.identity.get("born") or "")
    except ValueError:
        return None
