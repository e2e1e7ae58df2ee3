"""Past cases from a spreadsheet into the database: all of them, or none with every fault named."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.allegations.editions import edition_on
from redway.allegations.onward_referrals import Standing
from redway.allegations.spreadsheet import ImportRefusedError, Line, PastCase, read_cases
from redway.allegations.strands import State
from redway.web.allegations.answers import SOURCES
from redway.web.allegations.encryption import keys_asked_once
from redway.web.allegations.facts import BARRING, OFSTED, TEACHING
from redway.web.allegations.models import (
    Allegation,
    Capacity,
    Case,
    CaseState,
    Engagement,
    Happening,
    Meeting,
    Named,
    OnwardReferral,
    StrandOfCase,
    Subject,
    Suspension,
)
from redway.web.allegations.names import index_names
from redway.web.allegations.services.referrals import officers_of, profile_of
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

FROM_EARLIER = "Taken over from earlier records."
_IMPORTED = "allegation.import"
_SOURCES = {word.casefold(): word for word in SOURCES}
_BODIES = {"dbs": BARRING, "tra": TEACHING, "ofsted": OFSTED, "cqc": "Care Quality Commission"}


def import_cases(path: Path, authority: str, *, actor: Person | None = None) -> list[Case]:
    """Take in a CSV or XLSX file of past cases by the documented template, in one transaction.

    Each case keeps the rules in force on the day of its referral, and is open to the officers who receive
    referrals. Raises UnreadableFile, and ImportRefusedError naming every row at fault.
    """
    header, lines = read_lines(path)
    today = timezone.localdate()
    past = read_cases(header, lines, today)
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    if AuditEntry.objects.filter(verb=_IMPORTED, subject_id=mark).exists():
        raise ImportRefusedError(["This very file was imported before: its cases are there already."])
    if namesakes := _namesakes(past, lines):
        raise ImportRefusedError(namesakes)
    with transaction.atomic():
        made = keep_cases(past, authority)
        audit.record(
            actor, _IMPORTED, "allegation import", mark, {"cases": len(made), "authority": authority}
        )
    return made


def read_lines(path: Path) -> tuple[list[str], list[Line]]:
    """Headings and rows of the first sheet, as text. Raises UnreadableFile."""
    from redway.datasets.read import open_tables
    from redway.datasets.table import ROW

    with tempfile.TemporaryDirectory() as working:
        table = open_tables(path, Path(working) / "sheets")[0]
        header = list(table.head[0]) if table.head else []
        lines = []
        for block in table.blocks(0):
            for row in block.frame.iter_rows(named=True):
                cells = {
                    " ".join(heading.replace("_", " ").lower().split()): row.get(str(at)) or ""
                    for at, heading in enumerate(header)
                }
                if any(text.strip() for text in cells.values()):
                    lines.append(Line(int(row[ROW]), cells))
    return header, lines


def keep_cases(past: Sequence[PastCase], authority: str) -> list[Case]:
    """Write past cases down. Call it inside a transaction."""
    profile = profile_of(authority)
    chosen = set(profile.receiving.values_list("pk", flat=True)) if profile.pk else set()
    officers = officers_of(authority)
    receiving = [one for one in officers if one.pk in chosen] or officers
    now = timezone.now()
    made: list[Case] = []
    rows: dict[type[Any], list[Any]] = {
        kind: []
        for kind in (
            Subject,
            Engagement,
            Case,
            Allegation,
            Happening,
            StrandOfCase,
            Meeting,
            Suspension,
            OnwardReferral,
            Named,
        )
    }
    for one in past:
        subject = Subject(
            authority=authority,
            identity={
                "names": [one.name] if one.name else [],
                "born": one.born.isoformat() if one.born else "",
            },
        )
        engagement = Engagement(subject=subject, sector=one.sector.value, basis="other", details={})
        case = Case(
            authority=authority,
            subject=subject,
            engagement=engagement,
            state=_state(one),
            edition=edition_on(one.referred_on, profile.profile).name,
            known_at=_at(one.known_on),
            known_time_given=False,
            referred_at=_at(one.referred_on),
            evaluated_on=one.evaluated_on,
            closed_on=one.closed_on,
            sector=one.sector.value,
            category=one.category.value if one.category else "",
            source=_SOURCES.get(one.source.casefold(), one.source),
            account={"referral": {"words": FROM_EARLIER}, "evaluations": []},
        )
        made.append(case)
        rows[Subject].append(subject)
        rows[Engagement].append(engagement)
        rows[Case].append(case)
        rows[Allegation].append(_allegation(case, one))
        for event, day in (("known", one.known_on), ("referred", one.referred_on)):
            rows[Happening].append(
                Happening(case=case, event=event, at=_at(day), time_given=False, entered_at=now)
            )
        rows[StrandOfCase] += [_strand(case, one, strand.value) for strand in one.strands]
        if one.meeting_on:
            about = {"decisions": FROM_EARLIER}
            rows[Meeting].append(Meeting(case=case, at=_at(one.meeting_on), held=True, about=about))
        if one.suspended_on:
            rows[Suspension].append(
                Suspension(
                    case=case,
                    first_day=one.suspended_on,
                    last_day=one.suspended_until or one.closed_on,
                    review_on=one.suspended_on,
                    about={"reasons": FROM_EARLIER},
                )
            )
        rows[OnwardReferral] += [
            OnwardReferral(
                case=case,
                body=_BODIES.get(body.lower(), body),
                standing=Standing.POWER.value,
                decision="referred",
                reason=FROM_EARLIER,
            )
            for body in one.referred_on_to
        ]
        rows[Named] += [
            Named(
                case=case, person=person, capacity=Capacity.OFFICER, leads=person == receiving[0], from_at=now
            )
            for person in receiving
        ]
    with keys_asked_once():
        for kind, held in rows.items():
            kind.objects.bulk_create(held, batch_size=500)
        index_names(*rows[Subject])
    return made


def _state(one: PastCase) -> CaseState:
    if one.met_threshold is False:
        return CaseState.ADVICE
    if one.closed_on:
        return CaseState.CLOSED
    return CaseState.OPEN if one.met_threshold else CaseState.ARRIVED


def _at(day: date) -> datetime:
    """Noon of a day in England: only the day is known."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _allegation(case: Case, one: PastCase) -> Allegation:
    return Allegation(
        case=case,
        number=1,
        words=FROM_EARLIER,
        category=case.category,
        told_when=one.incident.told if one.incident else "",
        first_day=one.incident.first if one.incident else None,
        last_day=one.incident.last if one.incident else None,
        not_put_because=f"Not told by the earlier records. {FROM_EARLIER}" if one.outcome else "",
        outcome=one.outcome.value if one.outcome else "",
        decided_on=one.outcome_on if one.outcome else None,
        finding={"reasons": FROM_EARLIER} if one.outcome else {},
    )


def _strand(case: Case, one: PastCase, strand: str) -> StrandOfCase:
    """A strand of a closed case is over; when it was is not told, beyond the days of the case."""
    closed = one.closed_on is not None
    return StrandOfCase(
        case=case,
        strand=strand,
        state=State.CONCLUDED.value if closed else State.OPEN.value,
        owner="Not recorded",
        opened_on=one.referred_on,
        concluded_on=one.closed_on,
        reason=FROM_EARLIER,
    )


def _namesakes(past: Sequence[PastCase], lines: Sequence[Line]) -> list[str]:
    """Rows about somebody whose name an account bears: those are entered by hand, kept from that person."""
    names = {
        " ".join(name.casefold().split())
        for name in Person.objects.filter(is_active=True).values_list("full_name", flat=True)
    }
    return [
        f"Row {line.number}, name: somebody who signs in to Redway bears it. Leave the row out and refer it "
        "by hand, so that it can be kept from them."
        for one, line in zip(past, lines, strict=True)
        if one.name and " ".join(one.name.casefold().split()) in names
    ]
