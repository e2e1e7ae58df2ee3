"""Targets as other rooms are told of them: how they stand, what is due, whether they were doubted or met.

Rooms of improvement read this and keep a copy of what they showed; they write nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from redway.attainment.target_levels import small_cohort
from redway.attainment.target_record import Part, Stage, TargetRecord, waiting_in_words
from redway.core.words import day_in_words
from redway.web.attainment.models import (
    Target,
    TargetEntry,
    TargetOutturn,
    TargetVerification,
    TargetVersion,
)
from redway.web.attainment.targets.cycles import Cycle, cycle_of
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.measures import Measure, measure_of, summer_of
from redway.web.attainment.targets.records import record_of, targets
from redway.web.attainment.targets.sentences import beside_target
from redway.web.attainment.targets.showing import late_of, tag_of
from redway.web.attainment.targets.tables import standing_in_words
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.register.models import Authority, School


@dataclass(frozen=True)
class TargetTold:
    """One target."""

    key: str
    """Its opaque key."""
    school: str
    """Continuing key of its school."""
    title: str
    """'Attainment 8, summer 2027'."""
    address: str
    standing: str
    """'Confirmed', 'Provisional'."""
    colour: str
    """Of the tag that says it."""
    decided: str
    """'Agreed with reservation. The target is too low'; empty while nothing is decided."""
    waiting: str
    """What is waited for, or how it ended."""
    due: str
    """How late it is, or when it is looked at again; empty where nothing is due."""
    is_late: bool
    value: str
    """The target with its unit."""
    came: str
    """How the outturn lies beside it, and whether a reservation was right; empty while it is not known."""
    doubted_on: date | None
    """Day on which the adviser doubted the present value, where they did."""
    met: bool | None
    known_on: date | None
    """Day on which the outturn was recorded."""
    next_met: bool | None
    """Whether the next target in this measure was met."""
    next_known_on: date | None
    is_small: bool
    """Whether the cohort is so small that its target may be in no list that leaves."""

    @property
    def words(self) -> str:
        """The target in a sentence or two, to be kept by whoever acts on it."""
        said = [f"Target of {self.value}", self.decided or self.waiting, self.came]
        return ". ".join(one.removesuffix(".") for one in said if one) + "."


def targets_told(school: School, on: date) -> tuple[TargetTold, ...]:
    """The targets of a school, the latest year first."""
    return _told(Q(school=school.key), {school.key: school}, on)


def targets_told_in(authority: str, on: date) -> tuple[TargetTold, ...]:
    """The targets of every school of an authority, the latest year first."""
    schools = {one.key: one for one in School.objects.filter(authority=authority)}
    return _told(Q(school__in=schools), schools, on)


def waiting_for_adviser(asker: Asker, authority: str) -> int:
    """How many targets wait for the adviser's word, or to be looked at again by now, of those they may
    challenge."""
    seen = permission.visible(asker, "target.challenge")
    if not (seen.everywhere or authority in seen.authorities):
        return 0
    named = TargetVerification.objects.filter(
        version__target=OuterRef("pk"), version__number=OuterRef("number"), part=Part.ADVISER.value
    )
    held = _open_in(authority).filter(outturns__isnull=True).annotate(number=_latest(TargetVersion, "number"))
    return held.filter(
        Q(stage__in=[Stage.PROPOSED, Stage.ANSWERED])
        | Q(stage=Stage.DECIDED) & ~Exists(named)
        | Q(follow_up_on__lte=permission.today())
    ).count()


@dataclass(frozen=True)
class NotMet:
    """A target that became known not to be met."""

    key: str
    school: str
    title: str


def not_met_since(authority: str, since: date) -> list[NotMet]:
    """The targets of an authority's schools whose outturn was recorded since a day and lies below."""
    held = _open_in(authority).annotate(
        value=_latest(TargetVersion, "value"), reached=_latest(TargetOutturn, "value")
    )
    below = held.filter(outturns__at__date__gte=since, reached__lte=F("value") - _SAME).distinct()
    return [
        NotMet(str(one.pk), one.school, f"{measure_of(one.measure).short}, {summer_of(one.year)}")
        for one in below.order_by("school", "measure")
    ]


_SAME = Decimal("0.05")
"""An outturn nearer to its target than this is the target itself, to one decimal place."""


def _open_in(authority: str) -> QuerySet[Target]:
    schools = School.objects.filter(authority=authority).values("key")
    return Target.objects.filter(school__in=schools, withdrawn_at=None)


def _latest(kind: type[Model], value: str) -> Subquery:
    return Subquery(kind._default_manager.filter(target=OuterRef("pk")).order_by("-pk").values(value)[:1])


def _told(places: Q, schools: dict[str, School], on: date) -> tuple[TargetTold, ...]:
    held = list(targets().filter(places, withdrawn_at=None).order_by("-year", "measure", "school"))
    records = {one.pk: record_of(one) for one in held}
    later: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for one in reversed(held):
        later[one.school, one.measure].append(one)
    cycles: dict[tuple[str, str], Cycle] = {}
    found = []
    for one in held:
        line, school = later[one.school, one.measure], schools[one.school]
        after = next(iter(line[line.index(one) + 1 :]), None)
        place = Authority(number=school.authority, name=school.authority_name)
        if (place.number, one.year) not in cycles:
            cycles[place.number, one.year] = cycle_of(place, one.year)
        found.append(_one(one, records, after, school, cycles[place.number, one.year], on))
    return tuple(found)


def _one(
    target: Target,
    records: Mapping[UUID, TargetRecord],
    after: Target | None,
    school: School,
    cycle: Cycle,
    on: date,
) -> TargetTold:
    record, measure = records[target.pk], measure_of(target.measure)
    late = late_of(record, cycle, on)
    follow_up = target.follow_up_on if record.met is None else None
    looked_at = f"To be looked at again on {day_in_words(follow_up)}" if follow_up else ""
    return TargetTold(
        key=str(target.pk),
        school=target.school,
        title=f"{measure.short}, {summer_of(target.year)}",
        address=reverse("attainment:target", args=[school.current_urn, measure.code, target.year]),
        standing=standing_in_words(record),
        colour=tag_of(record),
        decided=_decided(record),
        waiting=waiting_in_words(record),
        due=late.words.capitalize() if late else looked_at,
        is_late=late is not None or bool(follow_up and follow_up < on),
        value=measure.show(record.current.value),
        came=_came(target, record, measure),
        doubted_on=_decided_on(target) if record.is_doubted else None,
        met=record.met,
        known_on=_known_on(target),
        next_met=records[after.pk].met if after else None,
        next_known_on=_known_on(after) if after else None,
        is_small=target.cohort <= small_cohort(on),
    )


def _decided(record: TargetRecord) -> str:
    if record.decided is None:
        return ""
    concern = record.decided.concern
    return f"{record.decided.decision.label}{f'. {concern.label}' if concern else ''}"


def _decisions(target: Target) -> Iterable[TargetEntry]:
    version = list(target.versions.all())[-1]
    return (one for one in version.entries.all() if one.kind == TargetEntry.Kind.DECISION)


def _decided_on(target: Target) -> date | None:
    days = [timezone.localdate(one.at) for one in _decisions(target)]
    return days[-1] if days else None


def _known_on(target: Target) -> date | None:
    """The day the outturn was first recorded: a correction makes nothing known."""
    first = next(iter(target.outturns.all()), None)
    return timezone.localdate(first.at) if first else None


def _came(target: Target, record: TargetRecord, measure: Measure) -> str:
    if not record.outturns:
        return ""
    said = beside_target(measure, record.outturns[-1].value, record.current.value)
    if not record.is_doubted:
        return said
    chance_alone = thaw(list(target.versions.all())[-1].frozen).chance_alone
    return f"{said} {record.reservation_was(chance_alone).value}"
