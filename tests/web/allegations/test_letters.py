"""What goes to the person on paper: facts of the case, and nobody's name but their own."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from redway.figures.letters import Letter, Part, write_letter
from redway.web.allegations.letters import (
    Redaction,
    chronology_letter,
    chronology_lines,
    first_wording,
    outcome_letter,
    record_for_the_person,
)
from redway.web.allegations.models import Case
from redway.web.allegations.others_named import names_of_others
from redway.web.allegations.queries import case_view
from redway.web.allegations.services import running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import NOON, TODAY, done, opened, ready_to_close
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
TOLD = "Ella Brook says he pulled her out of the room. Mr Reed saw it."


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    """A case with everything found, in which a child and a colleague are named."""
    made = ready_to_close(harriet, leah)
    made.account["referral"] |= {"child_name": "Ella Brook", "made_by": "Mr Owen Reed, teacher"}
    made.save()
    allegation = made.allegations.get()
    allegation.words = TOLD
    allegation.save()
    done(running.record_happening, leah, made, event="note", at=NOON, words="Ella was seen with Sam Stone.")
    return made


def everything_in(letter: Letter) -> str:
    """Every word of a letter."""
    parts = [*letter.paragraphs, *letter.to, *letter.ending, letter.title, letter.reference]
    for part in letter.sections:
        parts += [part.heading, *part.paragraphs]
        parts += [f"{one.when} {one.what} {one.words}" for one in part.entries]
    return "\n".join(parts)


def test_those_named_on_a_case_are_found_wherever_they_are_recorded(case: Case) -> None:
    names = names_of_others(case_view(case))
    assert {"Ella Brook", "Mr Owen Reed", "Sam Stone", "Leah Lane"} <= set(names)
    assert "Jo Example" not in names


def test_the_outcome_letter_says_what_was_found_and_what_it_means(case: Case) -> None:
    wording = {1: "You pulled a pupil out of the room by the arm."}
    letter = outcome_letter(case_view(case), "Milton Keynes", TODAY, wording)
    said = everything_in(letter)
    assert letter.to == ["Jo Example"]
    assert "You pulled a pupil out of the room by the arm." in said
    assert "Outcome: unsubstantiated, decided on 23 November 2026." in said
    assert "It implies neither guilt nor innocence." in said
    assert "It was put to you on 20 November 2026." in said
    assert not re.search("Ella|Brook|Reed|Stone|Leah", said)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (TOLD, "Somebody else is named in allegation 1"),
        ("Reed saw it.", "Somebody else is named"),
        ("[name] says so.", "still says"),
        ("  ", "Say what allegation 1 is"),
    ],
)
def test_a_letter_that_names_somebody_else_is_refused(case: Case, words: str, why: str) -> None:
    with pytest.raises(ChangeRefusedError, match=why):
        outcome_letter(case_view(case), "Milton Keynes", TODAY, {1: words})


def test_without_findings_there_is_no_letter(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    with pytest.raises(ChangeRefusedError, match="Allegation 1 has no finding yet"):
        outcome_letter(case_view(case), "Milton Keynes", TODAY, {1: "He pushed somebody."})
    shown = text_of(visitor(leah).get(f"/allegations/cases/{case.key}/outcome-letter/"))
    assert "Allegation 1 has no finding yet." in shown


def test_the_first_wording_has_known_names_taken_out(case: Case) -> None:
    assert first_wording(case_view(case)) == {
        1: "[name] says he pulled her out of the room. Mr [name] saw it."
    }


def test_the_chronology_on_paper_names_nobody_else(case: Case) -> None:
    said = everything_in(chronology_letter(case_view(case), "Milton Keynes", TODAY))
    assert "[name] was seen with [name]." in said
    assert not re.search("Ella|Brook|Reed|Stone|Leah", said)


def test_the_record_leaves_out_what_was_chosen_and_says_so(case: Case) -> None:
    view = case_view(case)
    note = next(one for one in chronology_lines(view, ()) if "was seen with" in one.words)
    letter = record_for_the_person(view, "Milton Keynes", TODAY, Redaction(["Sam Stone"], [note.key]))
    said = everything_in(letter)
    assert "was seen with" not in said
    assert "1 entry about others left out." in said
    assert "Stone" not in said


def words_in(pdf: bytes) -> bytes:
    """What a PDF says of itself, its streams laid open."""
    opened_streams = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            opened_streams.append(zlib.decompress(stream))
        except zlib.error:
            opened_streams.append(stream)
    return pdf + b"\n".join(opened_streams)


def test_a_letter_is_a_tagged_pdf_and_what_is_written_in_it_is_never_obeyed() -> None:
    letter = Letter("What was found", "Milton Keynes", "Case 23456789ab", date(2026, 11, 24))
    plain = write_letter(letter)
    assert b"pdfuaid:part" in words_in(plain)
    assert write_letter(letter) == plain
    nasty = Letter(
        **(letter.__dict__ | {"sections": [Part('#panic("x")', ['#read("/etc/passwd") $x$ = y'])]})
    )
    assert write_letter(nasty).startswith(b"%PDF-")


def test_the_officer_corrects_the_letter_and_takes_it(case: Case, leah: Person) -> None:
    browser, address = visitor(leah), f"/allegations/cases/{case.key}/outcome-letter/"
    assert "[name] says he pulled her" in text_of(browser.get(address))
    refused = text_of(browser.post(address, {"allegation_1": TOLD}))
    assert "Somebody else is named in allegation 1." in refused
    answer = browser.post(address, {"allegation_1": "You pulled a pupil by the arm."})
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.key}-outcome-letter.pdf"'
    assert answer["Cache-Control"] == "no-store, private"
    assert AuditEntry.objects.filter(verb="allegation.make_letter", subject_id=case.key).count() == 1


def test_the_record_is_chosen_read_and_then_made(case: Case, leah: Person) -> None:
    browser, address = visitor(leah), f"/allegations/cases/{case.key}/record-for-the-person/"
    chosen: dict[str, Any] = {"names": names_of_others(case_view(case)), "also": "arm", "left_out": []}
    assert "Ella Brook" in text_of(browser.get(address))
    shown = text_of(browser.post(address, chosen))
    assert "Read it before it goes" in shown
    assert "was seen with [name]." in shown
    assert "Names that are taken out" in text_of(browser.post(address, chosen | {"go": "change"}))
    assert AuditEntry.objects.filter(verb="allegation.make_access_pack").count() == 0
    assert browser.post(address, chosen | {"go": "make"}).content.startswith(b"%PDF-")
    assert AuditEntry.objects.filter(verb="allegation.make_access_pack").count() == 1


def test_a_manager_takes_the_chronology_and_writes_nothing(
    case: Case, make_person: Callable[..., Person], leah: Person
) -> None:
    assert visitor(leah).get(f"/allegations/cases/{case.key}/chronology.pdf").content.startswith(b"%PDF-")
    stranger = visitor(make_person("deputy_lado"))
    for path in ("chronology.pdf", "outcome-letter/", "record-for-the-person/"):
        assert stranger.get(f"/allegations/cases/{case.key}/{path}").status_code == 404
