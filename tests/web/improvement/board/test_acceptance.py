"""Acceptance cases 44 to 53 of the research, with the figures as written there, from the rule to the page."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from redway.improvement.plan_rows import PLAN_COLUMNS
from redway.improvement.rating import Colour
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.meeting_services import read_frozen
from redway.web.improvement.board.models import Meeting, Objective, Rating
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    AUTHORITY,
    NOW,
    TODAY,
    approved,
    authority,
    drafted,
    evidence,
    fresh,
    frozen,
    judged,
    rated,
    three_boards,
)
from web.improvement.board.test_board_pages import ROW
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
GREEN, AMBER, RED, BLUE = Colour.GREEN, Colour.AMBER, Colour.RED, Colour.BLUE


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


@pytest.fixture
def ines(make_person: Any) -> Person:
    """Ines Ives, member of the improvement board."""
    found: Person = make_person("board_member", full_name="Ines Ives", email="ines@example.org")
    return found


def page(person: Person, name: str, *args: object) -> str:
    response = visitor(person).get(reverse(f"board:{name}", args=args))
    assert response.status_code == 200
    return text_of(response)


def send(person: Person, name: str, *args: object, **given: Any) -> str:
    return text_of(visitor(person).post(reverse(f"board:{name}", args=args), given, follow=True))


def rating_of(action: Any, colour: Colour, **more: str) -> dict[str, Any]:
    held = fresh(action)
    return {"revision": held.revision, "colour": colour.value, "confidence": "high", "reason": "So."} | more


def test_44_overdue_and_called_green_is_kept_as_the_owners_view_and_shown_red(
    bob: Person, dana: Person
) -> None:
    action = approved(bob, bob, dana, due=-12)
    send(bob, "rate", action.pk, **rating_of(action, GREEN))
    assert Rating.objects.get().colour == "Green"
    for name, args in (("action", (action.pk,)), ("objective", (action.objective_id,)), ("index", ())):
        told = page(bob, name, *args)
        assert "Red" in told
        assert "Overdue 12 days. The owner says Green." in told
    meeting = frozen(dana, TODAY)
    (held,) = read_frozen(meeting, "public")["objectives"][0]["actions"]
    assert (held["colour"], held["owners_view"]) == ("Red", "Green")
    assert "Overdue 12 days" in page(dana, "pack", meeting.pk, "public")


def test_45_blue_without_accepted_evidence_or_accepted_by_the_owner_is_refused(
    bob: Person, dana: Person, ines: Person
) -> None:
    action = approved(bob, bob, dana)
    assert "It is not complete, so it cannot be Blue." in send(
        bob, "rate", action.pk, **rating_of(action, BLUE)
    )
    actions.complete_action(
        actor=bob, action=fresh(action), revision=fresh(action).revision, on=TODAY, today=TODAY
    )
    told = send(bob, "rate", action.pk, **rating_of(action, BLUE))
    assert "Blue needs evidence that somebody has accepted." in told
    assert "ask somebody other than the owner to accept it" in told
    one = evidence(dana, action)
    told = send(
        bob,
        "evidence_judge",
        action.pk,
        one.pk,
        revision=fresh(action).revision,
        accepted="yes",
        judgement="Good.",
    )
    assert "You own this action, so you cannot accept its evidence. Ask somebody else" in told
    assert not Rating.objects.exists()
    judged(ines, one)
    send(bob, "rate", action.pk, **rating_of(action, BLUE))
    assert Rating.objects.get().colour == "Blue"


def test_46_all_green_with_the_measure_off_track_two_periods_is_flagged_on_page_one(
    bob: Person, dana: Person, ines: Person
) -> None:
    action = approved(bob, bob, dana)
    rated(bob, action, GREEN)
    for month, value in ((3, 5), (7, 5)):
        held = Objective.objects.get()
        objectives.add_reading(
            actor=bob,
            measure=held.measures.get(),
            revision=held.revision,
            given=objectives.Value(f"month {month}", date(2026, month, 31), Decimal(value), "Record"),
            today=TODAY,
            now=NOW,
        )
    said = "Watermelon: Its only action is Green or Blue, but Schools that fell unseen has been off track"
    for person, name in ((bob, "index"), (ines, "ten_minutes"), (dana, "director")):
        assert said in page(person, name)
    told = page(ines, "pack", frozen(dana, TODAY).pk, "restricted")
    # Page one of the pack: before the agenda and every objective.
    assert told.index(said) < told.index("Agenda")


def test_47_red_to_green_in_one_month_needs_a_rationale_and_prints_the_two_colours_before(
    bob: Person, dana: Person
) -> None:
    action = approved(bob, bob, dana)
    three_boards(dana, bob, action, AMBER, RED)
    before = "Before: Amber on 10 October 2026, Red on 10 November 2026."
    assert before in page(bob, "rate", action.pk)
    told = send(bob, "rate", action.pk, **rating_of(action, GREEN))
    assert f"From Red to Green at one meeting needs a rationale. {before}" in told
    assert "Say what changed, and what shows it." in told
    send(bob, "rate", action.pk, **rating_of(action, GREEN, rationale="The post was filled on 2 November."))
    assert before in page(bob, "action", action.pk)
    (held,) = read_frozen(frozen(dana, TODAY), "restricted")["objectives"][0]["actions"]
    assert (held["colour"], held["rationale"], held["prior"]) == (
        "Green",
        "The post was filled on 2 November.",
        before,
    )


def test_48_amber_three_boards_running_escalates_itself_with_its_age(
    bob: Person, dana: Person, rf: Any
) -> None:
    action = approved(bob, bob, dana)
    meetings = three_boards(dana, bob, action, AMBER, AMBER, AMBER)
    # From 10 September to 24 November: 20 + 31 + 24 days.
    said = "Amber at 3 boards running, since 10 September 2026 (75 days): for its sponsor."
    for name, args in (("index", ()), ("director", ()), ("action", (action.pk,))):
        assert said in page(dana, name, *args)
    # 10 September to 10 November are 61 days: the pack tells the age on its own day.
    assert "since 10 September 2026 (61 days)" in page(dana, "pack", meetings[-1].pk, "restricted")


def test_49_the_pack_of_10_march_made_again_in_may_is_the_same_to_the_byte(
    bob: Person, dana: Person, clock: Any
) -> None:
    action = approved(bob, bob, dana)
    rated(bob, action, GREEN, date(2026, 3, 9))
    meeting = frozen(dana, date(2026, 3, 10))
    kinds = ("json", "pdf", "xlsx", "pptx")

    def made() -> list[bytes]:
        client = visitor(dana)
        files = [
            client.get(reverse("board:pack_file", args=[meeting.pk, version, kind])).content
            for version in ("restricted", "public")
            for kind in kinds
        ]
        chart = reverse("board:pack_chart", args=[meeting.pk, "restricted", 1, 0, "svg"])
        return [*files, client.get(chart).content]

    first = made()
    clock.move(timedelta(days=60))
    rated(bob, action, RED, date(2026, 5, 2))
    held = Objective.objects.get()
    measure = held.measures.get()
    objectives.add_reading(
        actor=bob,
        measure=measure,
        revision=held.revision,
        given=objectives.Value("April", date(2026, 4, 30), Decimal(9), "Record"),
        today=TODAY,
        now=NOW,
    )
    held.refresh_from_db()
    objectives.rebaseline_measure(
        actor=bob,
        measure=measure,
        revision=held.revision,
        course=objectives.Course(Decimal(9), date(2026, 4, 30), Decimal(8), date(2027, 4, 30)),
        reason="We thought again.",
        today=TODAY,
        now=NOW,
    )
    assert made() == first
    assert json.loads(first[0])["objectives"][0]["actions"][0]["colour"] == "Green"


def test_50_without_owner_measure_or_date_it_is_not_approved_and_an_import_lists_the_lines(
    bob: Person, dana: Person
) -> None:
    held = drafted(bob, None, dana)
    actions.edit_action(
        actor=bob, action=held, revision=held.revision, doing=actions.Doing(held.title, None, dana)
    )
    told = page(bob, "action", held.pk)
    assert "It has no owner. It has no success measure. It has no due date." in told
    assert "Approve the action" not in told
    told = send(bob, "approve", held.pk, revision=fresh(held).revision)
    assert "cannot be approved. It has no owner. It has no success measure. It has no due date." in told
    assert "Complete it and approve it then." in told
    assert fresh(held).state == "draft"

    rows = [ROW | {"owner": ""}, ROW | {"action": "B", "measure": ""}, ROW | {"action": "C", "due": ""}]
    lines = [",".join(PLAN_COLUMNS), *(",".join(row[name] for name in PLAN_COLUMNS) for row in rows)]
    file = SimpleUploadedFile("plan.csv", "\n".join(lines).encode())
    client: Client = visitor(bob)
    told = text_of(client.post(reverse("board:import", args=[AUTHORITY]), {"table": file}))
    for line in ("Row 2, owner: is empty.", "Row 3, measure: is empty.", "Row 4, due: is empty."):
        assert line in told
    assert Objective.objects.count() == 1


def test_51_a_date_that_moved_three_times_keeps_its_first_day(bob: Person, dana: Person) -> None:
    action = approved(bob, bob, dana)
    assert action.due_on is not None
    first = action.due_on
    for days in (30, 61, 94):
        due = first + timedelta(days=days)
        send(
            bob,
            "move",
            action.pk,
            revision=fresh(action).revision,
            reason="Two schools asked for more time.",
            due_on_day=due.day,
            due_on_month=due.month,
            due_on_year=due.year,
        )
    # 23 January 2027 and 94 days.
    said = "27 April 2027 (first due 23 January 2027; moved 3 times, +94 days)"
    for name, args in (("action", (action.pk,)), ("objective", (action.objective_id,)), ("ten_minutes", ())):
        assert said in page(dana, name, *args)
    assert fresh(action).first_due_on == first
    assert said in page(dana, "pack", frozen(dana, TODAY).pk, "public")


def test_52_an_objective_with_recorded_progress_is_not_deleted_but_withdrawn_with_a_reason(
    bob: Person, dana: Person
) -> None:
    held = approved(bob, bob, dana).objective
    told = page(bob, "objective", held.pk)
    assert "Withdraw it" in told
    assert "Delete it" not in told
    told = send(bob, "objective_delete", held.pk, revision=held.revision)
    assert "Progress is recorded on this objective, so it cannot be deleted." in told
    assert "Withdraw it with a reason: it stays in the record." in told
    assert "Enter the reason" in send(bob, "objective_withdraw", held.pk, revision=held.revision, reason="")
    send(bob, "objective_withdraw", held.pk, revision=held.revision, reason="Others do it now.")
    assert Objective.objects.get().state == "withdrawn"
    assert "Others do it now." in page(bob, "index")


def test_53_one_unrated_is_partly_recorded_never_recorded(bob: Person, dana: Person) -> None:
    rated(bob, approved(bob, bob, dana), GREEN)
    approved(bob, bob, dana)
    said = "Partly recorded: 1 of 2 actions is rated"
    meeting = Meeting.objects.create(authority=AUTHORITY, held_on=TODAY)
    for name, args in (("index", ()), ("director", ()), ("freeze", (meeting.pk,))):
        assert said in page(dana, name, *args)
    Meeting.objects.all().delete()
    frozen_one = frozen(dana, TODAY)
    assert read_frozen(frozen_one, "public")["recorded"] == said
    assert f"{said}." in page(dana, "pack", frozen_one.pk, "public")
    # A rating of the month before does not count for this one.
    assert "Not recorded: no action is rated" in page(dana, "index")
