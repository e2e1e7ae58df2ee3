"""A visit note in two parts: who writes when, who moderates, who reads what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from redway.improvement.support_errors import NoteRefused
from redway.improvement.visits import (
    Note,
    Part,
    Reader,
    Stage,
    audiences,
    may_read,
    refuse_moderation,
    refuse_school_part,
    refuse_visitor_part,
    school_part_due,
    school_silent_words,
)

DAY = date(2026, 11, 24)
BOB, ASHA = 1, 2
PLANNED = Note(DAY, BOB)
SCHOOL_WROTE = replace(PLANNED, school_sent_on=date(2026, 11, 20))
WRITTEN = replace(SCHOOL_WROTE, visitor_sent_on=DAY)
RETURNED = replace(SCHOOL_WROTE, returned_on=date(2026, 11, 26))
MODERATED = replace(WRITTEN, moderated_on=date(2026, 11, 27))


def test_a_note_goes_from_the_school_to_the_visitor_to_the_moderator() -> None:
    assert [one.stage for one in (PLANNED, SCHOOL_WROTE, WRITTEN, RETURNED, MODERATED)] == [
        Stage.PLANNED,
        Stage.SCHOOL_WROTE,
        Stage.VISITOR_WROTE,
        Stage.RETURNED,
        Stage.MODERATED,
    ]


def test_the_school_is_asked_before_the_visit() -> None:
    assert school_part_due(DAY) == date(2026, 11, 19)


def test_what_was_found_cannot_be_written_before_the_visit() -> None:
    with pytest.raises(NoteRefused, match="cannot be written before"):
        refuse_visitor_part(PLANNED, date(2026, 11, 23))
    refuse_visitor_part(PLANNED, DAY)


@pytest.mark.parametrize("note", [WRITTEN, RETURNED, MODERATED])
def test_the_schools_part_closes_when_the_visitor_has_written(note: Note) -> None:
    with pytest.raises(NoteRefused, match="yours is closed"):
        refuse_school_part(note)


def test_a_note_says_when_the_school_wrote_nothing() -> None:
    silent = replace(PLANNED, visitor_sent_on=DAY)
    assert school_silent_words(silent) == "The school had not written its part when the visitor wrote theirs."
    assert school_silent_words(WRITTEN) == ""
    assert school_silent_words(PLANNED) == ""


def test_nobody_moderates_their_own_note() -> None:
    with pytest.raises(NoteRefused, match="another adviser moderates it"):
        refuse_moderation(WRITTEN, BOB)
    refuse_moderation(WRITTEN, ASHA)


@pytest.mark.parametrize("note", [PLANNED, SCHOOL_WROTE, RETURNED, MODERATED])
def test_only_a_note_that_waits_is_moderated(note: Note) -> None:
    with pytest.raises(NoteRefused, match="nothing to moderate"):
        refuse_moderation(note, ASHA)


@pytest.mark.parametrize("reader", [Reader.HEADTEACHER, Reader.GOVERNORS])
def test_the_school_reads_the_visitors_part_once_it_is_moderated(reader: Reader) -> None:
    for note in (SCHOOL_WROTE, WRITTEN, RETURNED):
        assert not may_read(Part.VISITOR, reader, note)
    assert may_read(Part.VISITOR, reader, MODERATED)


def test_officers_read_what_has_been_sent_and_no_draft() -> None:
    assert not may_read(Part.SCHOOL, Reader.OFFICER, PLANNED)
    assert may_read(Part.SCHOOL, Reader.OFFICER, SCHOOL_WROTE)
    assert not may_read(Part.VISITOR, Reader.OFFICER, RETURNED)
    assert may_read(Part.VISITOR, Reader.OFFICER, WRITTEN)


def test_the_public_reads_the_summary_alone_and_only_when_the_school_agrees() -> None:
    agreed = replace(MODERATED, school_agrees_to_publish=True)
    for part in Part:
        assert not may_read(part, Reader.PUBLIC, MODERATED)
        assert bool(may_read(part, Reader.PUBLIC, agreed)) is (part is Part.SUMMARY)


def test_the_page_can_say_who_reads_what() -> None:
    found = dict(audiences(WRITTEN))
    assert found[Part.VISITOR] == (Reader.OFFICER,)
    assert found[Part.SUMMARY] == ()
