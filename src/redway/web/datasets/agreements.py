"""The authority's own timetable: the bundled proposal, and what was agreed of it line by line.

Everything that says what is due, late or missing reads it here: pages, papers and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from redway.core.errors import NotFound, RedwayError
from redway.datasets.ledger import LONDON, Version
from redway.datasets.timetable import (
    Entry,
    Line,
    Terms,
    agree,
    arrivals_of,
    load_timetable,
    read_timetable,
)
from redway.web.audit.services import record
from redway.web.datasets.models import TimetableAgreement
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record


class TimetableError(RedwayError):
    """An agreement that cannot be set down."""


# --- reading ------------------------------------------------------------------------------------------------


def agreed_timetable(on: date) -> tuple[Entry, ...]:
    """The timetable in force at the end of a day: lines as agreed, else as proposed. One query."""
    in_force: dict[str, TimetableAgreement] = {}
    for agreement in TimetableAgreement.objects.order_by("agreed_at", "id"):
        if _day_of(agreement) <= on:
            in_force[agreement.entry] = agreement
    return tuple(_under(entry, in_force.get(entry.code)) for entry in load_timetable())


def timetable_lines(versions: Iterable[Version], on: date) -> list[Line]:
    """What was due, and what had come of it, on a day."""
    return read_timetable(agreed_timetable(on), arrivals_of(versions), on)


def latest_agreement() -> int:
    """A number that changes whenever something is agreed; 0 before the first time. One quick query."""
    return TimetableAgreement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def find_entry(code: str, on: date) -> Entry:
    """One line of the timetable in force. Raises NotFound."""
    return _find(agreed_timetable(on), code)


def proposed_entry(code: str) -> Entry:
    """One line as it is proposed. Raises NotFound."""
    return _find(load_timetable(), code)


def history_of(code: str) -> QuerySet[TimetableAgreement]:
    """Everything that was agreed about a line, newest first."""
    return TimetableAgreement.objects.filter(entry=code).select_related("agreed_by")


def terms_of(agreement: TimetableAgreement) -> Terms:
    """What an agreement says, when it does not say that the proposal is in force again."""
    month, day = agreement.due_month, agreement.due_day
    return Terms(
        agreement.supplier,
        agreement.answers,
        (month, day) if month is not None and day is not None else None,
        agreement.grace_days,
        agreement.no_older_than_days,
    )


# --- changing -----------------------------------------------------------------------------------------------


def agree_entry(*, actor: Person, code: str, terms: Terms, reason: str) -> TimetableAgreement:
    """Set down what was agreed about a line; what was agreed before is kept.

    Raises NotFound for an unknown line, ValuesError for terms that cannot be kept, and TimetableError for no
    reason, or when nothing would change.
    """
    _allow(actor, code)
    today = permission.today()
    # Refuses what cannot be kept, before anything is written.
    wanted = agree(proposed_entry(code), terms, today)
    month, day = terms.due or (None, None)
    with transaction.atomic():
        if Terms.of(find_entry(code, today)) == Terms.of(wanted):
            raise TimetableError("Nothing has been changed.", "Change something, or go back to the datasets.")
        made = TimetableAgreement.objects.create(
            entry=code,
            supplier=terms.supplier,
            answers=terms.answers,
            due_month=month,
            due_day=day,
            grace_days=terms.grace_days,
            no_older_than_days=terms.no_older_than_days,
            reason=_given(reason),
            agreed_at=timezone.now(),
            agreed_by=actor,
        )
        # Who answers and from whom are words; they stand in the agreement itself, which is never changed.
        details = {
            "agreement": made.pk,
            "due": f"{month:02d}-{day:02d}" if month and day else None,
            "grace_days": terms.grace_days,
            "no_older_than_days": terms.no_older_than_days,
        }
        record(actor, "timetable.agree", "timetable", code, details)
    return made


def return_to_proposal(*, actor: Person, code: str, reason: str) -> TimetableAgreement:
    """Let the proposal be in force again for a line.

    Raises NotFound for an unknown line, and TimetableError where the proposal is in force already.
    """
    _allow(actor, code)
    proposed_entry(code)
    with transaction.atomic():
        if find_entry(code, permission.today()).agreed_on is None:
            raise TimetableError("The proposal is in force already.", "There is nothing to go back from.")
        made = TimetableAgreement.objects.create(
            entry=code, proposal=True, reason=_given(reason), agreed_at=timezone.now(), agreed_by=actor
        )
        record(actor, "timetable.propose", "timetable", code, {"agreement": made.pk})
    return made


def _allow(actor: Person, code: str) -> None:
    permission.require(actor, "timetable.edit", Record("timetable", code))


def _given(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise TimetableError(
            "An agreement needs a reason.", "Say in a few words why, or where it was agreed."
        )
    return text


def _under(entry: Entry, agreement: TimetableAgreement | None) -> Entry:
    if agreement is None or agreement.proposal:
        return entry
    return agree(entry, terms_of(agreement), _day_of(agreement))


def _day_of(agreement: TimetableAgreement) -> date:
    return agreement.agreed_at.astimezone(LONDON).date()


def _find(entries: Iterable[Entry], code: str) -> Entry:
    found = next((entry for entry in entries if entry.code == code), None)
    if found is None:
        raise NotFound(f"The timetable has no line {code}.", "See the list of datasets.")
    return found
