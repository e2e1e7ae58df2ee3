"""The plan and the board as a director, an adviser, a member of the board and a stranger find them."""

from __future__ import annotations

import io
import json
import time
from datetime import date, timedelta
from typing import Any

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pptx import Presentation

from redway.improvement.plan_rows import PLAN_COLUMNS
from redway.improvement.rating import Colour
from redway.web.audit.models import AuditEntry
from redway.web.improvement.board.attention import board_lines
from redway.web.improvement.board.models import Action, Meeting, Objective
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    AUTHORITY,
    TODAY,
    approved,
    authority,
    drafted,
    evidence,
    fresh,
    frozen,
    objective,
    rated,
    three_boards,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
GREEN, AMBER, RED = Colour.GREEN, Colour.AMBER, Colour.RED
ROW = {
    "objective": "Attendance",
    "outcome": "More days in school",
    "measure": "Absence",
    "unit": "percent",
    "better": "lower",
    "baseline": "9",
    "baseline date": "2025-08-31",
    "target": "8",
    "target date": "2027-08-31",
    "source": "School census",
    "action": "Call home",
    "owner": "bob@example.org",
    "sponsor": "dana@example.org",
    "due": "2027-01-31",
}


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


@pytest.fixture
def ines(make_person: Any) -> Person:
    """Ines Ives, member of the improvement board."""
    found: Person = make_person("board_member", full_name="Ines Ives", email="ines@example.org")
    return found


def page(person: Person, name: str, *args: object, query: str = "") -> str:
    response = visitor(person).get(reverse(f"board:{name}", args=args) + query)
    assert response.status_code == 200
    return text_of(response)


def send(person: Person, address: str, /, *args: object, **given: Any) -> Any:
    return visitor(person).post(reverse(f"board:{address}", args=args), given)


def boxes(name: str, day: date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def lines(person: Person, rf: Any) -> list[tuple[str, str]]:
    request = rf.get("/")
    request.user = person
    return [(line.title, line.rating) for line in board_lines(request)]


class TestAnAdviser:
    def test_begins_an_objective_with_a_measure_and_an_action_and_approves_it(
        self, bob: Person, dana: Person
    ) -> None:
        sent = send(bob, "objective_new", AUTHORITY, title="Attendance", outcome="More days in school")
        assert sent.status_code == 302
        held = Objective.objects.get()
        send(
            bob,
            "measure_new",
            held.pk,
            revision=1,
            name="Absence",
            unit="percent",
            polarity="lower",
            baseline="9",
            target="8",
            source="School census",
            **boxes("baseline_on", date(2025, 8, 31)),
            **boxes("target_on", date(2027, 8, 31)),
        )
        measure = held.measures.get()
        send(
            bob,
            "action_new",
            held.pk,
            revision=2,
            title="Call home",
            owner=bob.pk,
            sponsor=dana.pk,
            measure=measure.pk,
            **boxes("due_on", TODAY + timedelta(days=30)),
        )
        action = Action.objects.get()
        assert "Approve the action" in page(bob, "action", action.pk)
        send(bob, "approve", action.pk, revision=action.revision)
        assert fresh(action).state == "approved"
        told = page(bob, "index")
        assert "Absence" in told
        assert "No reading yet. Baseline 9%, target 8% by 31 August 2027." in told

    def test_is_told_of_a_target_the_wrong_way_at_its_field(self, bob: Person) -> None:
        held = objective(bob)
        answered = send(
            bob,
            "measure_new",
            held.pk,
            revision=1,
            name="Absence",
            polarity="lower",
            baseline="8",
            target="9",
            source="School census",
            **boxes("baseline_on", date(2025, 8, 31)),
            **boxes("target_on", date(2027, 8, 31)),
        )
        assert "From 8 to 9 is the wrong way: lower is better" in text_of(answered)

    def test_sees_the_floor_before_rating_and_what_is_shown_after(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana, due=-12)
        assert "it is shown Red at best: overdue 12 days" in page(bob, "rate", action.pk)
        send(
            bob,
            "rate",
            action.pk,
            revision=action.revision,
            colour="Green",
            confidence="low",
            reason="Nearly there.",
        )
        told = page(bob, "action", action.pk)
        assert "Overdue 12 days. The owner says Green." in told
        assert "Confidence in delivery: low" in told

    def test_loses_nothing_when_somebody_saved_first(self, bob: Person, dana: Person) -> None:
        held = objective(bob)
        send(dana, "objective_edit", held.pk, revision=1, title="Hers", outcome="Hers")
        answered = text_of(send(bob, "objective_edit", held.pk, revision=1, title="His", outcome="His"))
        assert "Somebody has changed this objective since you opened it" in answered
        assert "What is kept now" in answered
        assert "Hers" in answered
        assert 'value="His"' in answered
        # The form carries what is kept now, so that his can be sent after all.
        assert 'name="revision" value="2"' in answered

    def test_imports_a_plan_or_hears_every_missing_line(self, bob: Person, dana: Person) -> None:
        def sent(*rows: dict[str, str]) -> str:
            table = [",".join(PLAN_COLUMNS), *(",".join(row[name] for name in PLAN_COLUMNS) for row in rows)]
            file = SimpleUploadedFile("plan.csv", "\n".join(table).encode())
            client = visitor(bob)
            return text_of(
                client.post(reverse("board:import", args=[AUTHORITY]), {"table": file}, follow=True)
            )

        told = sent(ROW | {"owner": ""}, ROW | {"action": "Visit", "due": ""})
        assert "Row 2, owner: is empty." in told
        assert "Row 3, due: is empty." in told
        assert not Objective.objects.exists()
        assert "The plan is imported" in sent(ROW)
        assert Action.objects.get().title == "Call home"

    def test_finds_on_the_first_page_what_is_due(self, bob: Person, dana: Person, rf: Any) -> None:
        late, other = approved(bob, bob, dana, due=-3), approved(bob, dana, bob)
        frozen(dana, date(2026, 11, 10))
        Meeting.objects.create(authority=AUTHORITY, held_on=TODAY + timedelta(days=5))
        evidence(dana, other)
        assert lines(bob, rf) == [
            ("Hold triage: overdue", "Red"),
            ("Rate: Hold triage", "Amber"),
            ("Evidence to judge: Minutes of triage", ""),
        ]
        rated(bob, late, AMBER)
        assert ("Rate: Hold triage", "Amber") not in lines(bob, rf)


class TestAMemberOfTheBoard:
    def test_with_ten_minutes_reads_what_to_ask_and_how_near_the_targets_are(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        three_boards(dana, bob, approved(bob, bob, dana), RED, RED, RED)
        told = page(ines, "ten_minutes")
        assert "1 objective and 1 action: 1 Red." in told
        assert "Red at 3 boards running, since 10 September 2026 (75 days): for the board." in told
        assert "How near the targets?" in told
        assert "Read the pack of 10 November 2026" in told

    def test_judges_evidence_but_keeps_no_plan(self, bob: Person, dana: Person, ines: Person) -> None:
        action = approved(bob, bob, dana)
        one = evidence(bob, action)
        assert "Change the action" not in page(ines, "action", action.pk)
        send(
            ines,
            "evidence_judge",
            action.pk,
            one.pk,
            revision=fresh(action).revision,
            accepted="yes",
            judgement="I read it.",
        )
        one.refresh_from_db()
        assert (one.accepted, one.judged_by) == (True, ines)


class TestTheDirector:
    def test_sees_what_to_see_to_before_the_meeting(self, bob: Person, dana: Person) -> None:
        rated(bob, approved(bob, bob, dana, due=-1), GREEN)
        drafted(bob, bob, None)
        told = page(dana, "director")
        for said in (
            "Shown worse than the owner says",
            "Drafts to approve",
            "It has no sponsor.",
            "No meeting is planned",
        ):
            assert said in told

    def test_goes_through_the_month(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        rated(bob, action, AMBER)
        send(dana, "meeting_new", AUTHORITY, place="Room 2", **boxes("held_on", TODAY))
        meeting = Meeting.objects.get()
        send(dana, "item_new", meeting.pk, revision=1, title="One school", restricted="on")
        assert "Recorded: the one action is rated" in page(dana, "freeze", meeting.pk)
        send(dana, "freeze", meeting.pk, revision=2)
        send(dana, "decide", meeting.pk, revision=3, text="Go on.", objective=action.objective_id)
        send(
            dana,
            "task_new",
            meeting.pk,
            revision=4,
            text="Write to heads",
            owner=bob.pk,
            **boxes("due_on", TODAY + timedelta(days=7)),
        )
        send(dana, "minutes", meeting.pk, revision=5, minutes="They met.")
        told = page(dana, "meeting", meeting.pk)
        for said in ("Minuted", "Go on.", "Write to heads", "They met."):
            assert said in told
        task = meeting.tasks.get()
        send(bob, "task_done", meeting.pk, task.pk, outcome="Written.", **boxes("done_on", TODAY))
        task.refresh_from_db()
        assert task.outcome == "Written."


class TestThePack:
    def test_page_pdf_workbook_and_slides_say_the_same(self, bob: Person, dana: Person) -> None:
        three_boards(dana, bob, approved(bob, bob, dana), AMBER, RED)
        meeting = Meeting.objects.get(held_on=date(2026, 11, 10))
        told = page(dana, "pack", meeting.pk, "restricted")
        assert "Restricted version" in told
        assert "Bob Baker" in told
        files = {
            extension: visitor(dana).get(
                reverse("board:pack_file", args=[meeting.pk, "restricted", extension])
            )
            for extension in ("pdf", "xlsx", "pptx", "json")
        }
        assert files["pdf"].content.startswith(b"%PDF")
        book = fastexcel.read_excel(files["xlsx"].content)
        assert {"Objectives", "Actions", "Measures", "Colours", "Risks"} <= set(book.sheet_names)
        deck = Presentation(io.BytesIO(files["pptx"].content))
        titles = [slide.shapes.title.text for slide in deck.slides]
        assert titles[:4] == [
            "Milton Keynes improvement board: pack of 10 November 2026",
            "To talk about first",
            "Agenda",
            "The plan on one page",
        ]
        assert files["json"].content == bytes(meeting.pack)
        assert json.loads(files["json"].content)["objectives"][0]["colour"] == "Red"

    def test_the_same_pack_later_is_the_same_to_the_byte(self, bob: Person, dana: Person, clock: Any) -> None:
        action = approved(bob, bob, dana)
        three_boards(dana, bob, action, AMBER)
        meeting = Meeting.objects.get()
        addresses = [
            reverse("board:pack_file", args=[meeting.pk, "restricted", extension])
            for extension in ("pdf", "xlsx", "pptx", "json")
        ]
        first = [visitor(dana).get(address).content for address in addresses]
        rated(bob, action, RED)
        clock.move(timedelta(days=60))
        time.sleep(2.1)  # a zip file tells the time in steps of two seconds
        assert [visitor(dana).get(address).content for address in addresses] == first

    def test_the_public_version_names_nobody_and_says_what_is_left_out(
        self, bob: Person, dana: Person
    ) -> None:
        secret = approved(bob, bob, dana).objective
        Objective.objects.filter(pk=secret.pk).update(restricted=True, title="A school in trouble")
        approved(bob, bob, dana)
        meeting = frozen(dana, TODAY)
        told = page(dana, "pack", meeting.pk, "public")
        assert "1 restricted thing is left out" in told
        for hidden in ("Bob Baker", "A school in trouble"):
            assert hidden not in told

    def test_who_read_the_restricted_pack_is_in_the_trail(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        approved(bob, bob, dana)
        meeting = frozen(dana, TODAY)
        page(ines, "pack", meeting.pk, "public")
        assert not AuditEntry.objects.filter(verb="board.read_pack").exists()
        page(ines, "pack", meeting.pk, "restricted")
        entry = AuditEntry.objects.get(verb="board.read_pack")
        assert (entry.actor, entry.sensitive_read) == (ines, True)

    def test_a_pack_that_was_tampered_with_says_so(self, bob: Person, dana: Person) -> None:
        approved(bob, bob, dana)
        meeting = frozen(dana, TODAY)
        Meeting.objects.update(pack=b"{}")
        answered = visitor(dana).get(reverse("board:pack", args=[meeting.pk, "restricted"]))
        assert answered.status_code == 409
        assert "is not what was frozen" in text_of(answered)


def test_a_stranger_and_a_headteacher_find_nothing(
    bob: Person, dana: Person, harriet: Person, make_person: Any
) -> None:
    action = approved(bob, bob, dana)
    for other in (harriet, make_person("adviser", authority="822")):
        assert visitor(other).get(reverse("board:action", args=[action.pk])).status_code == 404
