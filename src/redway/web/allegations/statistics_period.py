"""The statistics of one authority and period, as one person may count them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.allegations.annual_report import Report, period_before, report_of
from redway.allegations.editions import Edition, edition_on
from redway.allegations.incidents import InvalidIncidentError, read_incident
from redway.allegations.statistics import CaseRecord, Statistics, StatisticsError, count_cases, revisions
from redway.core.errors import RedwayError, ValuesError
from redway.core.words import day_in_words
from redway.figures.disclosure import rule_on
from redway.web.allegations.access import not_barred
from redway.web.allegations.models import Case, FormerFigures
from redway.web.allegations.records import KeptRecord, as_figures, cases_to_count, from_figures, kept_records
from redway.web.allegations.services.referrals import profile_of
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

_TARGETS = {1: "resolved-in-one-month", 3: "resolved-in-three-months", 12: "resolved-in-twelve-months"}


@dataclass(frozen=True)
class Asked:
    """A period as somebody asks for it; ``problem`` says what is wrong with what they typed."""

    start: date
    end: date
    publish: bool = False
    typed: tuple[str, str] = ("", "")
    problem: str = ""

    @property
    def query(self) -> str:
        """The same as parameters of an address."""
        return f"from={self.start}&to={self.end}" + ("&publish=1" if self.publish else "")


def read_asked(parameters: Mapping[str, str], today: date) -> Asked:
    """The period of an address; the half-year now running when it names none."""
    typed = (parameters.get("from", ""), parameters.get("to", ""))
    publish = parameters.get("publish") == "1"
    usual = half_year_of(today)
    try:
        start = read_day(typed[0]) if typed[0] else usual[0]
        end = read_day(typed[1]) if typed[1] else max(usual[1], start)
        if end < start:
            raise StatisticsError("The last day is before the first.")
    except RedwayError as error:
        return Asked(*usual, publish, typed, error.message)
    return Asked(start, end, publish, (day_in_words(start), day_in_words(end)))


def read_day(text: str) -> date:
    """One day as people write it. Raises InvalidIncidentError."""
    found = read_incident(text)
    if not found.is_a_day:
        raise InvalidIncidentError(f"'{found.told}' is no single day.", "Write it like 2 April 2026.")
    return found.first


def half_year_of(day: date) -> tuple[date, date]:
    """The half of the calendar year a day lies in."""
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


@dataclass(frozen=True)
class Counted:
    """A period counted for one person: the report, and the edition whose targets it is held against."""

    report: Report
    edition: str
    source_of_targets: tuple[str, ...]
    reported_at: datetime | None


def count_period(authority: str, asked: Asked, person: Person | None, today: date) -> Counted:
    """Read every case in one pass and count the period and the one before.

    ``person`` None is whoever works at the machine. A former report is counted anew from the records it
    froze, without the cases that do not exist for this person: old and new leave out the same.
    """
    cases = cases_to_count(authority, person)
    kept = kept_records(cases, authority)
    edition = _edition(asked.end, authority)
    targets, sources = _targets(edition)
    now = _count(kept, asked.start, asked.end, today, targets)
    before = _count(kept, *period_before(asked.start, asked.end), today, targets)
    former = FormerFigures.objects.filter(
        authority=authority, first_day=asked.start, last_day=asked.end
    ).order_by("-reported_at")
    last = former.first()
    reported = None
    if last is not None:
        then = _open_to(list(from_figures(last.figures["records"])), person)
        on = date.fromisoformat(last.figures["as_at"])
        reported = on, revisions(_count(then, asked.start, asked.end, on, targets), now)
    publish = rule_on(today) if asked.publish else None
    tells = _Reported(authority, kept, person, today) if publish else None
    return Counted(
        report_of(
            now,
            before,
            publish=publish,
            reported=reported,
            beside=tells.beside(asked.start, asked.end) if tells else (),
            beside_before=tells.beside(before.start, before.end) if tells else (),
        ),
        edition.name if edition else "",
        sources,
        last.reported_at if last else None,
    )


class _Reported:
    """Periods that were reported: what of them tells together with the figures of another period."""

    def __init__(
        self, authority: str, kept: Sequence[KeptRecord], person: Person | None, today: date
    ) -> None:
        self.kept, self.today = kept, today
        former = list(FormerFigures.objects.filter(authority=authority).order_by("reported_at", "pk"))
        frozen = [(one, list(from_figures(one.figures["records"]))) for one in former]
        mine = {one.key for one in _open_to([one for _, records in frozen for one in records], person)}
        self.frozen = [
            (
                one.first_day,
                one.last_day,
                date.fromisoformat(one.figures["as_at"]),
                [record for record in records if record.key in mine],
            )
            for one, records in frozen
        ]

    def beside(self, start: date, end: date) -> list[Statistics]:
        """Each period within this one, around it or the same, as it was reported; and what lies between."""
        found: list[Statistics] = []
        for first, last, on, records in self.frozen:
            within, around = start <= first and last <= end, first <= start and end <= last
            if within or around:
                found.append(_count(records, first, last, on, {}))
            if within and not around:
                between = [one for one in self.kept if not first <= one.record.referred_on <= last]
                found.append(_count(between, start, end, self.today, {}))
            if around and not within:
                between = [one for one in records if not start <= one.record.referred_on <= end]
                found.append(_count(between, first, last, on, {}))
        return found


def _open_to(records: list[KeptRecord], person: Person | None) -> list[KeptRecord]:
    """The frozen records that a person may count."""
    if person is None:
        return records
    keys = [one.key for one in records]
    mine = set(not_barred(Case.objects.filter(pk__in=keys), person).values_list("pk", flat=True))
    return [one for one in records if one.key in mine]


@transaction.atomic
def freeze(*, actor: Person, authority: str, asked: Asked) -> FormerFigures:
    """Keep the figures of a period as they are reported today, so that later corrections show old and new.

    All cases are kept, whoever freezes them: readers are each shown those they may count.
    """
    permission.require(actor, "allegation.statistics", Record("authority", authority, authority=authority))
    today = timezone.localdate()
    if asked.end >= today:
        raise StatisticsError(
            f"The period ends on {day_in_words(asked.end)}, which is not over.",
            "Keep its figures when it is.",
        )
    kept = [
        one
        for one in kept_records(cases_to_count(authority, None), authority)
        if asked.start <= one.record.referred_on <= asked.end
    ]
    made = FormerFigures.objects.create(
        authority=authority,
        first_day=asked.start,
        last_day=asked.end,
        reported_at=timezone.now(),
        figures={"as_at": today.isoformat(), "records": as_figures(kept)},
    )
    audit.record(
        actor,
        "allegation.report",
        "allegation report",
        made.pk,
        {"authority": authority, "from": asked.start.isoformat(), "to": asked.end.isoformat()},
    )
    return made


def _count(
    kept: Sequence[KeptRecord], start: date, end: date, as_at: date, targets: Mapping[int, int]
) -> Statistics:
    records: list[CaseRecord] = [one.record for one in kept]
    return count_cases(records, start, end, as_at, targets)


def _edition(end: date, authority: str) -> Edition | None:
    try:
        return edition_on(end, profile_of(authority).profile)
    except ValuesError:
        return None


def _targets(edition: Edition | None) -> tuple[dict[int, int], tuple[str, ...]]:
    """Months -> percent, with a line on where each comes from."""
    targets: dict[int, int] = {}
    sources: list[str] = []
    for months, name in _TARGETS.items():
        value: Any = edition.find(name) if edition else None
        if value is not None and isinstance(value.value, int):
            targets[months] = value.value
            mark = " (not confirmed)" if value.status == "unconfirmed" else ""
            sources.append(f"{value.source}{mark}")
    return targets, tuple(dict.fromkeys(sources))
