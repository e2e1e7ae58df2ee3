"""A school's register history in sentences, earliest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from redway.core.words import day_in_words
from redway.web.register.models import Establishment, RegisterEvent
from redway.web.schools.access import Line


@dataclass(frozen=True)
class Happening:
    """One thing that happened, on a day or between two."""

    when: str
    what: str


def history_of(line: Line, events: Iterable[RegisterEvent]) -> list[Happening]:
    """Everything the register knows of the line, each with its day."""
    names = {one.urn: one for one in line.establishments}
    return [Happening(_when(event), _what(event, names)) for event in events]


def _when(event: RegisterEvent) -> str:
    if event.on is None:
        return "Day not known"
    if event.not_before is not None:
        return f"Between {day_in_words(event.not_before)} and {day_in_words(event.on)}"
    return day_in_words(event.on)


def _what(event: RegisterEvent, names: dict[str, Establishment]) -> str:
    own = names.get(event.urn)
    who = f"{own.name if own else event.before or 'Establishment'} (URN {event.urn})"
    other = f"{event.after or 'another school'} (URN {event.other_urn})"
    match event.kind:
        case "opened":
            return f"{who} opened."
        case "closed":
            return f"{who} closed."
        case "converted":
            return f"{who} converted to an academy and went on as {other}."
        case "succeeded":
            return f"{who} was succeeded by {other}."
        case "merged":
            return f"{who} merged into {other}."
        case "split":
            return f"Part of {who} went to {other}."
        case "renamed":
            return f"URN {event.urn} changed its name from {event.before} to {event.after}."
        case "changed phase":
            return f"{who} changed phase from {event.before.lower()} to {event.after.lower()}."
        case "changed type":
            return f"{who} changed type from {event.before.lower()} to {event.after.lower()}."
    return f"{who}: {event.kind}."
