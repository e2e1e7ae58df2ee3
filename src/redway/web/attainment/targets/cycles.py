"""What an authority agreed about setting targets for a year: days, levels of challenge, measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from redway.attainment.target_levels import Level, levels_on, usual_levels
from redway.attainment.target_timetable import Step, Timetable, own_timetable, statutory_timetable
from redway.web.attainment.models import TargetCycle
from redway.web.attainment.targets.measures import USUAL_MEASURES, Measure, known_measure, last_day
from redway.web.attainment.targets.services import TargetRefused
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record
from redway.web.register.models import Authority


@dataclass(frozen=True)
class Cycle:
    """How targets for one year are set in an authority."""

    authority: str
    year: str
    timetable: Timetable
    levels: tuple[Level, ...]
    measures: tuple[Measure, ...]
    agreed: bool
    """Whether the authority has agreed it; otherwise it is what is usual."""

    def asked(self, key_stage: str) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures if one.key_stage == key_stage)


@dataclass(frozen=True)
class Terms:
    """What is agreed: see :class:`Cycle`. Levels and measures are codes."""

    proposed_by: date | None
    verified_by: date | None
    levels: Sequence[str]
    measures: Sequence[str]


def cycle_of(authority: Authority, year: str) -> Cycle:
    """How targets for a year are set: as agreed, else as is usual. One query."""
    return _cycle(authority, year, history_of(authority.number, year).first())


def agreed_cycles(authority: Authority) -> list[Cycle]:
    """The years for which something is agreed, the latest first. One query."""
    newest: dict[str, TargetCycle] = {}
    for kept in TargetCycle.objects.filter(authority=authority.number).order_by("at", "pk"):
        newest[kept.year] = kept
    return [_cycle(authority, year, newest[year]) for year in sorted(newest, reverse=True)]


def history_of(authority: str, year: str) -> QuerySet[TargetCycle]:
    """Everything that was agreed for a year, newest first."""
    return TargetCycle.objects.filter(authority=authority, year=year).select_related("by")


def terms_of(kept: TargetCycle) -> Terms:
    """What one agreement says."""
    return Terms(kept.proposed_by, kept.verified_by, tuple(kept.levels), tuple(kept.measures))


def agree_cycle(
    *, actor: Person, authority: Authority, year: str, terms: Terms, reason: str, now: datetime
) -> TargetCycle:
    """Set down what the authority agreed; what was agreed before is kept.

    Raises TimetableRefused for days out of order, ValuesError for an unknown level, TargetRefused for no
    reason, no measure, or a measure that does not exist.
    """
    permission.require(actor, "timetable.edit", record_of_cycle(authority))
    # Timetables of datasets are everybody's; these days are the authority's own.
    permission.require(actor, "target.view", record_of_cycle(authority))
    if not reason.strip():
        raise TargetRefused("An agreement needs a reason.", "Say why, or where it was agreed.")
    if not terms.measures:
        raise TargetRefused("No measure is asked for.", "Choose at least one.")
    if unknown := [code for code in terms.measures if known_measure(code) is None]:
        raise TargetRefused(f"There is no measure {unknown[0]}.", "Choose from the list.")
    levels_on(last_day(year), terms.levels)
    own_timetable(year, _days(terms.proposed_by, terms.verified_by), authority.name)
    with transaction.atomic():
        made = TargetCycle.objects.create(
            authority=authority.number,
            year=year,
            proposed_by=terms.proposed_by,
            verified_by=terms.verified_by,
            levels=list(terms.levels),
            measures=list(terms.measures),
            reason=reason.strip(),
            at=now,
            by=actor,
        )
        details = {
            "authority": authority.number,
            "year": year,
            "proposed_by": terms.proposed_by.isoformat() if terms.proposed_by else None,
            "verified_by": terms.verified_by.isoformat() if terms.verified_by else None,
            "levels": list(terms.levels),
            "measures": list(terms.measures),
        }
        audit.record(actor, "target.agree_cycle", "target cycle", made.pk, details)
    return made


def record_of_cycle(authority: Authority) -> Record:
    """A cycle as permission sees it."""
    return Record("target cycle", authority.number, authority=authority.number)


def _cycle(authority: Authority, year: str, kept: TargetCycle | None) -> Cycle:
    on = last_day(year)
    if kept is None:
        codes: Sequence[str] = USUAL_MEASURES
        timetable, levels = statutory_timetable(year), levels_on(on, usual_levels(on))
    else:
        codes = kept.measures
        days = _days(kept.proposed_by, kept.verified_by)
        timetable = own_timetable(year, days, authority.name) if days else statutory_timetable(year)
        levels = levels_on(on, kept.levels)
    measures = tuple(found for code in codes if (found := known_measure(code)) is not None)
    return Cycle(authority.number, year, timetable, levels, measures, agreed=kept is not None)


def _days(proposed_by: date | None, verified_by: date | None) -> dict[Step, date]:
    days = {Step.PROPOSED: proposed_by, Step.VERIFIED: verified_by}
    return {step: day for step, day in days.items() if day is not None}
