"""What the plan and the board are wrongly told, each answered by a sentence that says what to do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from redway.improvement.plan_rows import PLAN_COLUMNS
from redway.improvement.rating import Colour
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board.models import Action, DateMove, Meeting, Objective, Rating
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    AUTHORITY,
    TODAY,
    approved,
    authority,
    evidence,
    fresh,
    frozen,
    objective,
    rated,
)
from web.improvement.board.test_board_pages import ROW, boxes
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


def send(person: Person, address: str, /, *args: object, **given: Any) -> str:
    answer = visitor(person).post(reverse(f"board:{address}", args=args), given, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def measure(**other: Any) -> dict[str, Any]:
    """The form of a measure: absence from 9% on 31 August 2025 to 8% by 31 August 2027."""
    sound = {
        "revision": 1,
        "name": "Absence",
        "unit": "percent",
        "polarity": "lower",
        "baseline": "9",
        "target": "8",
        "source": "School census",
    }
    days = boxes("baseline_on", date(2025, 8, 31)) | boxes("target_on", date(2027, 8, 31))
    return sound | days | other


class TestMeasures:
    @pytest.mark.parametrize(
        ("wrong", "field", "said"),
        [
            (
                {"target": "10"},
                "target",
                (
                    "From 9% to 10% is the wrong way: lower is better, so the baseline has passed the target "
                    "already. Change the target, or which way is better."
                ),
            ),
            (
                {"polarity": "higher"},
                "target",
                (
                    "From 9% to 8% is the wrong way: higher is better, so the baseline has passed the target "
                    "already. Change the target, or which way is better."
                ),
            ),
            (
                boxes("target_on", date(2025, 8, 30)),
                "target_on",
                (
                    "The target day, 30 August 2025, is not after the day of the baseline, 31 August 2025. "
                    "Give the day by which the target is to be reached."
                ),
            ),
            ({"baseline": "nine"}, "baseline", "Baseline must be a number, such as 8.6"),
            ({"target_on_month": "13"}, "target_on", "Day of the target must be a real date"),
            ({"source": " "}, "source", "Enter the source"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, bob: Person, wrong: dict[str, Any], field: str, said: str
    ) -> None:
        held = objective(bob)
        told = send(bob, "measure_new", held.pk, **measure(**wrong))
        assert said in told
        assert f'id="id_{field}_error"' in told
        assert not held.measures.exists()

    def test_a_baseline_that_is_the_target_is_to_be_held_and_says_so(self, bob: Person) -> None:
        held = objective(bob)
        send(bob, "measure_new", held.pk, **measure(target="9"))
        told = text_of(visitor(bob).get(reverse("board:objective", args=[held.pk])))
        assert "No reading yet. Baseline 9%, to be held until 31 August 2027." in told


class TestRatings:
    def test_without_a_reason(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        told = send(bob, "rate", action.pk, revision=action.revision, colour="Green", confidence="high")
        assert "Say why it is that colour" in told
        assert not Rating.objects.exists()

    def test_evidence_judged_without_a_word(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        one = evidence(bob, action)
        told = send(
            dana, "evidence_judge", action.pk, one.pk, revision=fresh(action).revision, accepted="yes"
        )
        assert "Say what you looked at, or what is lacking" in told
        one.refresh_from_db()
        assert one.accepted is None


class TestImports:
    def sent(self, bob: Person, *rows: dict[str, str]) -> str:
        lines = [",".join(PLAN_COLUMNS), *(",".join(row[name] for name in PLAN_COLUMNS) for row in rows)]
        file = SimpleUploadedFile("plan.csv", "\n".join(lines).encode())
        return send(bob, "import", AUTHORITY, table=file)

    def test_every_line_that_lacks_something_is_named(self, bob: Person, dana: Person) -> None:
        told = self.sent(
            bob,
            *(
                ROW | {"action": f"Action {at}", column: ""}
                for at, column in enumerate(["owner", "sponsor", "due", "baseline", "target date", "source"])
            ),
        )
        for row, column in enumerate(["owner", "sponsor", "due", "baseline", "target date", "source"], 2):
            assert f"Row {row}, {column}: is empty." in told
        assert not Objective.objects.exists()

    def test_what_cannot_be_kept_is_named_too(self, bob: Person, dana: Person) -> None:
        told = self.sent(
            bob,
            ROW | {"action": "Call " * 100},
            ROW | {"action": "B", "objective": "Other", "baseline": "99999999999", "target": "9.00001"},
            ROW | {"action": "C", "objective": "Third", "target date": "2025-08-30"},
        )
        assert "is longer than 300 letters: shorten it." in told
        assert "Row 3, baseline: &#x27;99999999999&#x27; is too large, or has more than four" in told
        assert "Row 3, target: &#x27;9.00001&#x27; is too large, or has more than four" in told
        assert "Row 4, target date: &#x27;2025-08-30&#x27; cannot be used. The target day, 30 August" in told
        assert not Objective.objects.exists()

    def test_a_file_that_is_no_table(self, bob: Person) -> None:
        file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 and so on")
        told = send(bob, "import", AUTHORITY, table=file)
        assert "There is a problem" in told
        assert "PDF" in told

    def test_no_file_at_all(self, bob: Person) -> None:
        assert "There is a problem" in send(bob, "import", AUTHORITY)


class TestTwoAtOnce:
    def test_of_two_who_move_a_date_the_second_sees_the_first_and_may_send_again(
        self, bob: Person, dana: Person
    ) -> None:
        action = approved(bob, bob, dana)
        first, second = TODAY + timedelta(days=90), TODAY + timedelta(days=120)
        send(dana, "move", action.pk, revision=action.revision, reason="Hers", **boxes("due_on", first))
        given = {"reason": "His", **boxes("due_on", second)}
        told = send(bob, "move", action.pk, revision=action.revision, **given)
        assert "Somebody has changed this action since you opened it." in told
        assert "What is kept now" in told
        assert "22 February 2027" in told
        assert "His</textarea>" in told
        send(bob, "move", action.pk, revision=fresh(action).revision, **given)
        assert [one.reason for one in DateMove.objects.all()] == ["Hers", "His"]

    def test_of_two_who_add_to_an_objective_the_second_sees_what_is_there(
        self, bob: Person, dana: Person
    ) -> None:
        held = objective(bob)
        send(dana, "measure_new", held.pk, **measure())
        told = send(bob, "measure_new", held.pk, **measure(name="Persistent absence"))
        assert "Somebody has changed this objective since you opened it." in told
        assert '<dt class="govuk-summary-list__key">Success measures</dt>' in " ".join(told.split())
        assert held.measures.count() == 1

    def test_of_two_who_freeze_the_second_hears_that_it_is_frozen(self, bob: Person, dana: Person) -> None:
        rated(bob, approved(bob, bob, dana), Colour.GREEN)
        send(dana, "meeting_new", AUTHORITY, place="", **boxes("held_on", TODAY))
        meeting = Meeting.objects.get()
        assert "The pack is frozen." in send(dana, "freeze", meeting.pk, revision=1)
        kept = Meeting.objects.get().pack_hash
        told = send(dana, "freeze", meeting.pk, revision=1)
        assert "Somebody has changed this meeting since you opened it." in told
        assert "24 November 2026: pack frozen" in told
        told = send(dana, "freeze", meeting.pk, revision=2)
        assert "A frozen pack never changes. Take it up at the next meeting." in told
        assert Meeting.objects.get().pack_hash == kept


class TestMeetings:
    def test_one_dated_before_the_last_frozen_is_not_planned(self, bob: Person, dana: Person) -> None:
        approved(bob, bob, dana)
        frozen(dana, date(2026, 11, 10))
        told = send(dana, "meeting_new", AUTHORITY, place="", **boxes("held_on", date(2026, 11, 3)))
        assert "The pack of the meeting of 10 November 2026 is frozen already." in told
        assert "Choose a later day: packs are frozen in the order of the meetings." in told
        assert Meeting.objects.count() == 1

    def test_one_that_was_planned_before_a_later_one_was_frozen(self, bob: Person, dana: Person) -> None:
        approved(bob, bob, dana)
        send(dana, "meeting_new", AUTHORITY, place="", **boxes("held_on", date(2026, 11, 3)))
        early = Meeting.objects.get()
        frozen(dana, date(2026, 11, 10))
        told = send(dana, "freeze", early.pk, revision=early.revision)
        assert "The pack of the meeting of 10 November 2026 is frozen already." in told
        assert "take this one up at the next" in told

    def test_two_on_one_day(self, bob: Person, dana: Person) -> None:
        for _ in range(2):
            told = send(dana, "meeting_new", AUTHORITY, place="", **boxes("held_on", TODAY))
        assert "There is a meeting on 24 November 2026. Choose another day." in told


def test_an_action_without_owner_measure_and_date_is_kept_as_a_draft_that_says_what_it_lacks(
    bob: Person,
) -> None:
    held = objective(bob)
    told = send(
        bob, "action_new", held.pk, revision=held.revision, title="Visit", owner="", sponsor="", measure=""
    )
    assert "It has no owner. It has no sponsor. It has no success measure. It has no due date." in told
    assert Action.objects.get().state == "draft"


def test_the_owner_as_sponsor_is_refused(bob: Person) -> None:
    held = objective(bob)
    told = send(
        bob,
        "action_new",
        held.pk,
        revision=held.revision,
        title="Visit",
        owner=bob.pk,
        sponsor=bob.pk,
        measure="",
    )
    assert "The owner cannot be the sponsor as well. Choose somebody who hears when it is late." in told


def test_a_completion_still_to_come_is_refused(bob: Person, dana: Person) -> None:
    action = approved(bob, bob, dana)
    told = send(
        bob, "complete", action.pk, revision=action.revision, **boxes("on", TODAY + timedelta(days=1))
    )
    assert "25 November 2026 is still to come. Enter the day it was complete." in told
    assert actions.standing_of(fresh(action)).completed_on is None
