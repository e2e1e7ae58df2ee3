"""A visit and its note in two parts: the school writes first, the visitor second, another adviser moderates.

The order matters: a visitor who has written first anchors the school's answer. So the school's part is asked
for some days before the visit, and closes when the visitor has written; a note on which the school wrote
nothing says so. Nobody but officers of the authority reads the visitor's part until another adviser has
moderated it. The two-part form follows Norfolk's record of visit, moderation the handbooks of London
authorities.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from redway.core.words import day_in_words
from redway.improvement.programmes import values
from redway.improvement.support_errors import NoteRefused


class Stage(StrEnum):
    """How far a visit and its note have come."""

    PLANNED = "Waits for the school's part"
    SCHOOL_WROTE = "Waits for the visitor's part"
    VISITOR_WROTE = "Waits for moderation"
    RETURNED = "Sent back by the moderator"
    MODERATED = "Moderated"
    WITHDRAWN = "Withdrawn"


class Reader(StrEnum):
    """Who may want to read a note."""

    HEADTEACHER = "the headteacher"
    GOVERNORS = "the chair of governors"
    OFFICER = "officers of the authority"
    PUBLIC = "everybody"


class Part(StrEnum):
    """The parts of a note."""

    SCHOOL = "the school's part"
    VISITOR = "the visitor's part"
    SUMMARY = "the summary"


@dataclass(frozen=True)
class Note:
    """The days on which each thing was done; None where it was not. People are opaque numbers."""

    visit_on: date
    visitor: int
    school_sent_on: date | None = None
    visitor_sent_on: date | None = None
    returned_on: date | None = None
    moderated_on: date | None = None
    withdrawn_on: date | None = None
    school_agrees_to_publish: bool = False

    @property
    def stage(self) -> Stage:
        """How far the note has come."""
        if self.withdrawn_on:
            return Stage.WITHDRAWN
        if self.moderated_on:
            return Stage.MODERATED
        if self.returned_on:
            return Stage.RETURNED
        if self.visitor_sent_on:
            return Stage.VISITOR_WROTE
        return Stage.SCHOOL_WROTE if self.school_sent_on else Stage.PLANNED

    def words_on(self, today: date) -> str:
        """The stage as it is said on a day: once the visit was held, it is the visitor who is waited for.

        >>> Note(date(2026, 5, 8), 1).words_on(date(2026, 11, 24))
        "Held; waits for the visitor's part, and the school has not written its own"
        """
        if self.visit_on >= today:
            return self.stage.value
        if self.stage is Stage.PLANNED:
            return "Held; waits for the visitor's part, and the school has not written its own"
        return "Held; waits for the visitor's part" if self.stage is Stage.SCHOOL_WROTE else self.stage.value


def school_part_due(visit_on: date) -> date:
    """The day by which the school's part is asked for."""
    return visit_on - timedelta(days=values().whole_number_on("school-part-before-visit", visit_on))


def refuse_school_part(note: Note) -> None:
    """The school writes until the visitor has sent theirs. Raises NoteRefused."""
    if note.stage is Stage.WITHDRAWN:
        raise NoteRefused("The visit was withdrawn.", "Ask the adviser to plan another.")
    written = note.visitor_sent_on or note.returned_on
    if written is not None:
        raise NoteRefused(
            f"The visitor has written their part ({day_in_words(written)}); yours is closed.",
            "Say what you would add to the adviser; it goes into the follow-up.",
        )


def refuse_visitor_part(note: Note, today: date) -> None:
    """The visitor writes second, on the day of the visit or after. Raises NoteRefused."""
    if note.stage in (Stage.WITHDRAWN, Stage.MODERATED):
        raise NoteRefused(f"The note is {note.stage.value.lower()}.", "Add an action instead.")
    if today < note.visit_on:
        raise NoteRefused(
            f"The visit is on {day_in_words(note.visit_on)}; what was found cannot be written before.",
            "Write it on the day or after.",
        )


def school_silent_words(note: Note) -> str:
    """What a note says when the visitor wrote and the school had not; empty otherwise."""
    if note.school_sent_on is not None or not (note.visitor_sent_on or note.returned_on):
        return ""
    return "The school had not written its part when the visitor wrote theirs."


def refuse_moderation(note: Note, moderator: int) -> None:
    """Another adviser moderates, after the visitor has sent their part. Raises NoteRefused."""
    if note.stage is not Stage.VISITOR_WROTE:
        raise NoteRefused(
            f"There is nothing to moderate: {note.stage.value.lower()}.", "Come back when it is sent."
        )
    if moderator == note.visitor:
        raise NoteRefused(
            "You wrote this part; another adviser moderates it.", "Ask a colleague to read the note."
        )


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may read a part, and why."""

    allowed: bool
    why: str

    def __bool__(self) -> bool:
        return self.allowed


def may_read(part: Part, reader: Reader, note: Note) -> Verdict:
    """Who may read what of a note.

    Officers read everything that has been sent. The headteacher and the chair read their own school's part,
    and the visitor's part once it is moderated. The public reads the summary alone, once the note is
    moderated and the school has agreed.
    """
    moderated = note.stage is Stage.MODERATED
    match part, reader:
        case Part.SCHOOL, Reader.HEADTEACHER:
            return Verdict(True, "It is the school's own.")
        case Part.SCHOOL, Reader.OFFICER | Reader.GOVERNORS:
            return Verdict(note.school_sent_on is not None, "It is read once the school has sent it.")
        case Part.VISITOR, Reader.OFFICER:
            return Verdict(note.visitor_sent_on is not None, "It is read once the visitor has sent it.")
        case Part.VISITOR | Part.SUMMARY, Reader.HEADTEACHER | Reader.GOVERNORS:
            return Verdict(moderated, "The school reads it once another adviser has moderated it.")
        case Part.SUMMARY, Reader.OFFICER:
            return Verdict(moderated, "It is fit to be used once another adviser has moderated it.")
        case Part.SUMMARY, Reader.PUBLIC:
            agreed = moderated and note.school_agrees_to_publish
            return Verdict(agreed, "It may be published once it is moderated and the school agrees.")
    return Verdict(False, "Only the summary of a note is ever published.")


def audiences(note: Note) -> tuple[tuple[Part, tuple[Reader, ...]], ...]:
    """Who may read each part now, for the page that says so."""
    return tuple((part, tuple(one for one in Reader if may_read(part, one, note))) for part in Part)
