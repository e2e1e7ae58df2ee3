"""The conversation about a target as a timeline: who did what, when, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from redway.attainment.target_record import Concern, Decision, Part
from redway.web.attainment.models import Target, TargetEntry
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.measures import Measure
from redway.web.attainment.targets.sentences import benchmark_words


@dataclass(frozen=True)
class Happening:
    """One thing that happened. ``revision`` counts the changes of the target."""

    revision: int
    at: datetime
    who: str
    what: str
    text: str = ""


def timeline(target: Target, measure: Measure) -> list[Happening]:
    """Everything that happened, earliest first."""
    found = []
    for version in target.versions.all():
        value = measure.show(float(version.value))
        verb = "proposes" if version.number == 1 else "changes the target to"
        found.append(
            Happening(
                version.revision,
                version.at,
                version.by.full_name,
                f"The school {verb} {value}",
                version.reason,
            )
        )
        words = benchmark_words(measure, thaw(version.frozen))
        found += [_said(entry, words) for entry in version.entries.all()]
        found += [
            Happening(
                one.revision,
                one.at,
                one.by.full_name,
                f"The {Part(one.part).label} verifies {value}",
            )
            for one in version.verifications.all()
        ]
    found += [
        Happening(
            one.revision,
            one.at,
            one.by.full_name,
            f"Outturn recorded: {measure.show(float(one.value))} of {one.pupils} pupils ({one.source})",
            one.note,
        )
        for one in target.outturns.all()
    ]
    if target.withdrawn_at is not None and target.withdrawn_by is not None:
        found.append(
            Happening(
                target.revision,
                target.withdrawn_at,
                target.withdrawn_by.full_name,
                "The school withdraws the target",
                target.withdrawn_reason,
            )
        )
    return sorted(found, key=lambda one: one.revision)


def news(target: Target, measure: Measure, since: int) -> list[Happening]:
    """What happened after a revision that somebody had before their eyes."""
    return [one for one in timeline(target, measure) if one.revision > since]


def _said(entry: TargetEntry, benchmarks: Mapping[str, str]) -> Happening:
    what = {
        TargetEntry.Kind.CHALLENGE: "The adviser challenges",
        TargetEntry.Kind.ANSWER: "The school answers and keeps its target",
        TargetEntry.Kind.DECISION: "The adviser records",
    }[TargetEntry.Kind(entry.kind)]
    if entry.decision:
        what = f"{what}: {Decision(entry.decision).label.lower()}"
    if entry.benchmarks:
        against = (benchmarks[code] for code in entry.benchmarks if code in benchmarks)
        what = f"{what}. Held against: {'; '.join(against)}"
    if entry.concern:
        what = f"{what}. {Concern(entry.concern).label}"
    return Happening(entry.revision, entry.at, entry.by.full_name, what, entry.text)
