"""A board pack as plain data: frozen once, kept as canonical bytes, and the same for ever.

Pages, PDF, workbook and slides are all made from these bytes, never from the plan as it is today, so a pack
of March made again in May says what it said in March. The public version leaves out what is restricted, says
how many things that were, and names nobody.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from redway.core.errors import RedwayError
from redway.figures.disclosure import small_cohort_on

FORMAT = "redway board pack 1"
_CHILDREN = re.compile(r"pupil|child|young (people|person)|student|learner|girl|boy", re.IGNORECASE)


class PackDamaged(RedwayError):  # noqa: N818 - says what happened, as in core
    """Bytes that are not those that were frozen."""


@dataclass(frozen=True)
class PackReading:
    """A reading with the 95% interval it has, if any; ``shown`` is the value in words."""

    period: str
    on: date
    value: Decimal
    shown: str
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True)
class PackRebaselined:
    """A time at which a measure got another baseline or target: what it was, in words and in figures."""

    on: date
    said: str
    off_track: str
    reason: str
    is_new: bool
    """Whether no pack before this one could show it."""
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date


@dataclass(frozen=True)
class PackMeasure:
    """A success measure on the day. ``stands_on`` names the data version or who entered the reading.

    It holds the figures themselves too, so that its chart can be drawn from the pack alone.
    """

    name: str
    baseline: str
    target: str
    target_on: date
    polarity: str
    source: str
    stands_on: str
    nearness: str
    way_done: int | None
    off_track_run: int
    better: str
    """'higher' or 'lower'."""
    unit: str
    decimals: int
    baseline_value: Decimal
    baseline_on: date
    target_value: Decimal
    readings: Sequence[PackReading] = ()
    """Oldest first."""
    breaks: Sequence[tuple[str, str]] = ()
    """(first period on another footing, why)."""
    rebaselined: Sequence[PackRebaselined] = ()
    """Oldest first."""


@dataclass(frozen=True)
class PackMilestone:
    """A step of an action: its day in words with the days before it, and when it was done."""

    title: str
    due: str
    done_on: date | None


@dataclass(frozen=True)
class PackEvidence:
    """Something that shows what an action did."""

    kind: str
    title: str
    dated: date
    accepted_on: date | None
    restricted: bool = False


@dataclass(frozen=True)
class PackReopened:
    """A time at which a complete action was opened again."""

    on: date
    completed_on: date
    reason: str


@dataclass(frozen=True)
class PackAction:
    """An action on the day. ``colour`` is what is shown; empty where it was not rated."""

    key: str
    number: str
    title: str
    owner: str
    sponsor: str
    due: str
    colour: str
    owners_view: str
    why: str
    reason: str
    rationale: str
    prior: str
    confidence: str
    travel: str
    escalation: str
    history: Sequence[tuple[date, str]] = ()
    """(meeting before, colour shown there), oldest first."""
    milestones: Sequence[PackMilestone] = ()
    evidence: Sequence[PackEvidence] = ()
    needs: Sequence[str] = ()
    reopened: Sequence[PackReopened] = ()


@dataclass(frozen=True)
class PackRisk:
    """What may go wrong; likelihood and impact from 1 to 5."""

    title: str
    likelihood: int
    impact: int
    mitigation: str
    restricted: bool = False


@dataclass(frozen=True)
class PackObjective:
    """An objective on the day."""

    key: str
    number: int
    title: str
    outcome: str
    colour: str
    travel: str
    watermelon: str
    measures: Sequence[PackMeasure] = ()
    actions: Sequence[PackAction] = ()
    risks: Sequence[PackRisk] = ()
    restricted: bool = False


@dataclass(frozen=True)
class PackItem:
    """A point of the agenda."""

    number: int
    title: str
    restricted: bool = False


@dataclass(frozen=True)
class PackDecision:
    """Something an earlier meeting decided."""

    on: date
    words: str
    restricted: bool = False


@dataclass(frozen=True)
class PackTask:
    """Something a meeting asked somebody to do."""

    words: str
    owner: str
    due_on: date
    done_on: date | None
    restricted: bool = False


@dataclass(frozen=True)
class PackWithdrawn:
    """An objective that is no longer pursued, and why."""

    title: str
    why: str
    on: date
    restricted: bool = False


@dataclass(frozen=True)
class Pack:
    """Everything a meeting has before it."""

    authority: str
    organisation: str
    plan: str
    held_on: date
    place: str
    frozen_on: date
    recorded: str
    objectives: Sequence[PackObjective] = ()
    agenda: Sequence[PackItem] = ()
    decisions: Sequence[PackDecision] = ()
    tasks: Sequence[PackTask] = ()
    withdrawn: Sequence[PackWithdrawn] = ()
    made_up: bool = False
    format: str = FORMAT
    version: str = "restricted"
    left_out: int = 0
    """How many things the public version leaves out."""
    notes: Sequence[str] = field(default_factory=tuple)


def public_version(pack: Pack) -> Pack:
    """The pack as it may be published: without what is restricted, and without names.

    A direction, a colour and a measure stay as they are: a public version that looked better than the
    restricted one would be untrue. Owners' reasons, and why a measure was re-baselined or an action opened
    again, may name people or schools in trouble; they stay out. So does a measure that counts few children.
    """
    left_out = 0
    closed = tuple(f"{one.number}." for one in pack.objectives if one.restricted)
    largest = small_cohort_on(pack.frozen_on)

    def open_ones(found: Sequence[Any]) -> tuple[Any, ...]:
        nonlocal left_out
        kept = tuple(one for one in found if not one.restricted)
        left_out += len(found) - len(kept)
        return kept

    objectives = []
    for objective in open_ones(pack.objectives):
        actions = [
            replace(
                action,
                owner="",
                sponsor="",
                reason="",
                rationale="",
                confidence="",
                evidence=open_ones(action.evidence),
                reopened=tuple(replace(one, reason="") for one in action.reopened),
                needs=tuple(one for one in action.needs if not one.startswith(closed)),
            )
            for action in objective.actions
        ]
        told = [one for one in objective.measures if not counts_few_children(one, largest)]
        left_out += len(objective.measures) - len(told)
        measures = [
            replace(one, rebaselined=tuple(replace(each, reason="") for each in one.rebaselined))
            for one in told
        ]
        objectives.append(
            replace(
                objective,
                measures=tuple(measures),
                actions=tuple(actions),
                risks=open_ones(objective.risks),
            )
        )
    return replace(
        pack,
        objectives=tuple(objectives),
        agenda=open_ones(pack.agenda),
        decisions=open_ones(pack.decisions),
        tasks=tuple(replace(task, owner="") for task in open_ones(pack.tasks)),
        withdrawn=open_ones(pack.withdrawn),
        version="public",
        left_out=left_out,
    )


def counts_few_children(measure: PackMeasure, largest: int) -> bool:
    """Whether a measure says, or once said, that something holds of ``largest`` children or fewer.

    Its whole line is meant: from the other readings and how near the target is, a hidden one can be told. A
    percentage and a count of schools are no counts of children; the unit says what is counted, and the name
    where there is none. A target is nobody yet.
    """
    if measure.unit == "percent" or not _CHILDREN.search(measure.unit or measure.name):
        return False
    values = [measure.baseline_value, *(one.value for one in measure.readings)]
    values += [one.baseline for one in measure.rebaselined]
    return any(0 < value <= largest for value in values)


def canonical_bytes(pack: Pack) -> bytes:
    """The pack as UTF-8 JSON with its keys in order: the same pack, the same bytes, on any machine.

    Days are written 2026-03-10. A value of a measure is written as the decimal it is, so that no rounding of
    a binary number can change it.
    """
    text = json.dumps(
        asdict(pack),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=_plain,
        allow_nan=False,
    )
    return text.encode()


def digest(held: bytes) -> str:
    """SHA-256 of the bytes, to print on the pack and to compare."""
    return hashlib.sha256(held).hexdigest()


def read_pack(held: bytes, expected: str) -> Mapping[str, Any]:
    """What was frozen, as plain data. Raises PackDamaged when the bytes are not those frozen."""
    if digest(held) != expected:
        raise PackDamaged(
            "This pack is not what was frozen: its check sum differs.",
            "Do not use it. Bring the pack back from a backup, and tell the administrator.",
        )
    found: Mapping[str, Any] = json.loads(held)
    return found


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"{type(value).__name__} has no place in a pack")
