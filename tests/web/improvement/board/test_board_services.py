"""The plan and the board as their services keep them: cases 44 to 52 of the research through the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from redway.datasets.checked_rows import TableRefused
from redway.improvement.action_plan import Polarity
from redway.improvement.board_errors import NotReady, RatingRefused
from redway.improvement.board_pack import PackDamaged
from redway.improvement.escalation import Rung
from redway.improvement.plan_rows import PlannedAction, PlannedObjective
from redway.improvement.rating import Colour
from redway.improvement.travel import Travel
from redway.web.audit.models import AuditEntry
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.action_services import Doing
from redway.web.improvement.board.changing import BoardRefused, ChangedMeanwhile
from redway.web.improvement.board.import_services import import_plan
from redway.web.improvement.board.models import Action, Meeting, Objective
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    AIM,
    AUTHORITY,
    MEASURE,
    NOW,
    TODAY,
    approved,
    authority,
    drafted,
    evidence,
    fresh,
    frozen,
    judged,
    measured,
    noon,
    objective,
    rated,
    read,
    read_objective,
    three_boards,
)

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


class TestColours:
    def test_overdue_and_called_green_is_kept_as_the_owners_view_and_shown_red(
        self, bob: Person, dana: Person
    ) -> None:
        action = approved(bob, bob, dana, due=-12)
        rated(bob, action, GREEN)
        found = read(action).shown
        assert (found.owners_view, found.colour) == (GREEN, RED)
        assert found.words == "Red: overdue 12 days. The owner says Green."

    def test_only_the_owner_rates(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        with pytest.raises(BoardRefused, match="Only its owner rates"):
            rated(dana, action, GREEN)

    def test_blue_without_accepted_evidence_is_refused_and_with_it_shown(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        action = approved(bob, bob, dana)
        shown = evidence(bob, action)
        actions.complete_action(
            actor=bob, action=action, revision=fresh(action).revision, on=TODAY, today=TODAY
        )
        with pytest.raises(RatingRefused, match="evidence that somebody has accepted"):
            rated(bob, action, BLUE)
        judged(ines, shown)
        rated(bob, action, BLUE)
        assert read(action).colour is BLUE

    def test_the_owner_cannot_accept_the_evidence_nor_can_whoever_entered_it(
        self, bob: Person, dana: Person
    ) -> None:
        action = approved(bob, bob, dana)
        with pytest.raises(BoardRefused, match="You own this action"):
            judged(bob, evidence(bob, action))
        with pytest.raises(BoardRefused, match="You entered this evidence"):
            judged(dana, evidence(dana, action))

    def test_evidence_turned_down_counts_for_nothing(self, bob: Person, dana: Person, ines: Person) -> None:
        action = approved(bob, bob, dana)
        judged(ines, evidence(bob, action), accepted=False)
        actions.complete_action(
            actor=bob, action=action, revision=fresh(action).revision, on=TODAY, today=TODAY
        )
        with pytest.raises(RatingRefused):
            rated(bob, action, BLUE)

    def test_from_red_to_green_needs_a_rationale_and_prints_the_two_before(
        self, bob: Person, dana: Person
    ) -> None:
        action = approved(bob, bob, dana)
        three_boards(dana, bob, action, AMBER, RED)
        with pytest.raises(RatingRefused, match="Amber on 10 October 2026, Red on 10 November 2026"):
            rated(bob, action, GREEN)
        rated(bob, action, GREEN, rationale="The post was filled.")
        assert read(action).colour is GREEN


class TestApproval:
    def test_without_owner_sponsor_measure_or_date_it_stays_a_draft(self, bob: Person) -> None:
        held = objective(bob)
        made = actions.draft_action(
            actor=bob, objective=held, revision=held.revision, doing=Doing("Do something")
        )
        with pytest.raises(NotReady) as refused:
            actions.approve_action(actor=bob, action=made, revision=made.revision)
        assert refused.value.missing == (
            "It has no owner.",
            "It has no sponsor.",
            "It has no success measure.",
            "It has no due date.",
        )

    def test_the_database_keeps_an_approved_action_whole(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        for empty in ("owner", "sponsor", "due_on", "first_due_on"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Action.objects.filter(pk=action.pk).update(**{empty: None})

    def test_a_draft_is_not_rated(self, bob: Person, dana: Person) -> None:
        with pytest.raises(BoardRefused, match="not approved"):
            rated(bob, drafted(bob, bob, dana), GREEN)

    def test_the_due_date_of_an_approved_action_is_not_edited(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        doing = Doing(action.title, bob, dana, action.measure, TODAY)
        with pytest.raises(BoardRefused, match="is not edited"):
            actions.edit_action(actor=bob, action=action, revision=action.revision, doing=doing)

    def test_two_actions_cannot_wait_for_one_another(self, bob: Person, dana: Person) -> None:
        one, other = approved(bob, bob, dana), approved(bob, bob, dana)
        actions.depend_on(actor=bob, action=one, revision=one.revision, other=other)
        with pytest.raises(BoardRefused, match="neither could begin"):
            actions.depend_on(actor=bob, action=other, revision=other.revision, other=one)
        assert read(one).waits_for == [other]


class TestDates:
    def test_moved_three_times_and_the_first_date_is_kept(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        first = action.due_on
        assert first is not None
        for days in (30, 61, 94):
            held = fresh(action)
            actions.move_date(
                actor=bob,
                action=held,
                revision=held.revision,
                due_on=first + timedelta(days=days),
                reason="Late.",
                now=NOW,
            )
        due = read(action).due
        assert due is not None
        assert (due.words, due.baseline) == ("moved 3 times, +94 days", first)

    def test_a_date_does_not_move_without_a_reason(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        with pytest.raises(BoardRefused, match="not said why"):
            actions.move_date(
                actor=bob, action=action, revision=action.revision, due_on=TODAY, reason=" ", now=NOW
            )

    def test_a_milestone_that_moves_keeps_its_first_day_too(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        step = actions.add_milestone(
            actor=bob, action=action, revision=action.revision, title="Step", due_on=TODAY
        )
        actions.move_milestone(
            actor=bob,
            milestone=step,
            revision=fresh(action).revision,
            due_on=TODAY + timedelta(days=7),
            reason="Illness of a trainer.",
            now=NOW,
        )
        held = read(action)
        (kept,) = held.action.milestones.all()
        assert held.milestone_due(kept).words == "moved once, +7 days"
        # The date of the action itself has not moved.
        assert held.due is not None
        assert held.due.words == ""


class TestObjectives:
    def test_with_progress_it_is_withdrawn_never_deleted(self, bob: Person, dana: Person) -> None:
        held = approved(bob, bob, dana).objective
        with pytest.raises(BoardRefused, match="cannot be deleted"):
            objectives.delete_objective(actor=bob, objective=held, revision=held.revision)
        with pytest.raises(BoardRefused, match="needs a reason"):
            objectives.withdraw_objective(
                actor=bob, objective=held, revision=held.revision, reason="", today=TODAY
            )
        objectives.withdraw_objective(
            actor=bob, objective=held, revision=held.revision, reason="Done by others.", today=TODAY
        )
        assert [one.withdrawn_reason for one in PlanRead(AUTHORITY, TODAY).withdrawn] == ["Done by others."]

    def test_without_progress_a_mistake_is_taken_away(self, bob: Person) -> None:
        held = objective(bob)
        objectives.delete_objective(actor=bob, objective=held, revision=held.revision)
        assert not Objective.objects.exists()

    def test_the_same_recommendation_makes_one_objective(self, bob: Person) -> None:
        aim = replace(AIM, came_from_key="review recommendation:17")
        objective(bob, aim)
        with pytest.raises(BoardRefused, match="an objective in the plan already"):
            objective(bob, aim)

    def test_two_who_change_the_same_thing_lose_nothing(self, bob: Person, dana: Person) -> None:
        held = objective(bob)
        seen = held.revision
        objectives.edit_objective(actor=dana, objective=held, revision=seen, aim=replace(AIM, title="Hers"))
        with pytest.raises(ChangedMeanwhile):
            objectives.edit_objective(actor=bob, objective=held, revision=seen, aim=replace(AIM, title="His"))
        held.refresh_from_db()
        assert held.title == "Hers"

    def test_a_measure_that_an_indicator_feeds_takes_nothing_by_hand(self, bob: Person) -> None:
        held = objective(bob)
        fed = replace(MEASURE, name="Absence", indicator="secondary-absence", unit="schools")
        measure = measured(bob, held, fed)
        # The unit is that of the indicator, whatever was written.
        assert measure.unit == "percent"
        held.refresh_from_db()
        with pytest.raises(BoardRefused, match="fed by an indicator"):
            objectives.add_reading(
                actor=bob,
                measure=measure,
                revision=held.revision,
                given=objectives.Value("2025-26", TODAY, Decimal(8), "Guess"),
                today=TODAY,
                now=NOW,
            )

    def test_an_indicator_there_is_not(self, bob: Person) -> None:
        with pytest.raises(BoardRefused):
            measured(bob, objective(bob), replace(MEASURE, indicator="happiness"))

    def test_a_reading_needs_a_source_and_a_day_that_has_come(self, bob: Person) -> None:
        held = objective(bob)
        measure = measured(bob, held)
        for change, why in (({"source": ""}, "no source"), ({"on": date(2027, 1, 1)}, "still to come")):
            given = replace(objectives.Value("Autumn", TODAY, Decimal(3), "Record"), **change)
            with pytest.raises(BoardRefused, match=why):
                objectives.add_reading(
                    actor=bob, measure=measure, revision=2, given=given, today=TODAY, now=NOW
                )

    def test_a_corrected_reading_counts_and_the_first_is_kept(self, bob: Person) -> None:
        held = objective(bob)
        measure = measured(bob, held)
        for value in (3, 2):
            held.refresh_from_db()
            objectives.add_reading(
                actor=bob,
                measure=measure,
                revision=held.revision,
                given=objectives.Value("Autumn", TODAY, Decimal(value), "Record"),
                today=TODAY,
                now=NOW,
            )
        (found,) = read_objective(held).measures
        assert [one.value for one in found.readings] == [2]
        assert measure.readings.count() == 2


def _readings(bob: Person, held: Objective, *values: int) -> None:
    measure = held.measures.get()
    for at, value in enumerate(values):
        held.refresh_from_db()
        day = date(2026, 3 + at * 4, 31)
        objectives.add_reading(
            actor=bob,
            measure=measure,
            revision=held.revision,
            given=objectives.Value(f"Term {at}", day, Decimal(value), "Record"),
            today=TODAY,
            now=NOW,
        )


def test_all_green_and_the_measure_off_track_two_periods_is_a_watermelon(bob: Person, dana: Person) -> None:
    action = approved(bob, bob, dana)
    rated(bob, action, GREEN)
    # From 4 to 0 in two years: about 2.8 and 2.2 were due; five schools fell unseen.
    _readings(bob, action.objective, 5, 5)
    plan = PlanRead(AUTHORITY, TODAY)
    ((_, said),) = plan.watermelons
    assert said.startswith("Watermelon: Its only action is Green or Blue, but Schools that fell unseen")
    frozen(dana, TODAY)
    assert meetings.read_frozen(Meeting.objects.get(), "public")["objectives"][0]["watermelon"] == said


class TestTheBoard:
    def test_amber_three_boards_running_goes_up_with_its_age(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        held = three_boards(dana, bob, action, AMBER, AMBER, AMBER)
        ((_, up),) = PlanRead(AUTHORITY, TODAY).escalated
        # 10 September to 24 November.
        assert (up.rung, up.age_days) == (Rung.SPONSOR, 75)
        # The pack of the third board says so too: its own colour counts.
        pack = meetings.read_frozen(held[-1], "restricted")
        assert pack["objectives"][0]["actions"][0]["escalation"].startswith("Amber at 3 boards running")

    def test_travel_is_told_by_frozen_packs(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        three_boards(dana, bob, action, RED, AMBER)
        assert read(action).travel is Travel.BETTER
        # What the owner says since then does not change what was frozen.
        rated(bob, action, RED)
        assert read(action).travel is Travel.BETTER

    def test_the_pack_of_march_is_the_same_in_may(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        rated(bob, action, GREEN, date(2026, 3, 9))
        meeting = frozen(dana, date(2026, 3, 10))
        before = {version: meetings.read_frozen(meeting, version) for version in ("restricted", "public")}
        rated(bob, action, RED, date(2026, 5, 2))
        held = fresh(action)
        actions.withdraw_action(actor=bob, action=held, revision=held.revision, reason="Given up.")
        meeting = Meeting.objects.get(pk=meeting.pk)
        for version, told in before.items():
            assert meetings.read_frozen(meeting, version) == told
        assert before["restricted"]["objectives"][0]["actions"][0]["colour"] == "Green"

    def test_a_pack_that_was_tampered_with_is_not_shown(self, bob: Person, dana: Person) -> None:
        rated(bob, approved(bob, bob, dana), RED)
        meeting = frozen(dana, TODAY)
        Meeting.objects.update(pack=bytes(meeting.pack).replace(b'"Red"', b'"Green"'))
        with pytest.raises(PackDamaged):
            meetings.read_frozen(Meeting.objects.get(), "restricted")

    def test_a_frozen_pack_is_not_frozen_again(self, bob: Person, dana: Person) -> None:
        approved(bob, bob, dana)
        meeting = frozen(dana, TODAY)
        with pytest.raises(BoardRefused, match="never changes"):
            meetings.freeze_pack(actor=dana, meeting=meeting, revision=meeting.revision, today=TODAY, now=NOW)
        with pytest.raises(BoardRefused, match="never changes"):
            meetings.add_item(
                actor=dana, meeting=meeting, revision=meeting.revision, title="More", restricted=False
            )

    def test_one_action_unrated_is_partly_recorded(self, bob: Person, dana: Person) -> None:
        rated(bob, approved(bob, bob, dana), GREEN)
        approved(bob, bob, dana)
        assert PlanRead(AUTHORITY, TODAY).recorded == "Partly recorded: 1 of 2 actions is rated"

    def test_nothing_is_decided_before_the_meeting_nor_after_its_minutes(
        self, bob: Person, dana: Person
    ) -> None:
        approved(bob, bob, dana)
        meeting = frozen(dana, TODAY + timedelta(days=3), TODAY)
        decide: dict[str, Any] = {"text": "Go on.", "objective": None, "restricted": False, "now": NOW}
        with pytest.raises(BoardRefused, match="The meeting is in 3 days"):
            meetings.record_decision(
                actor=dana, meeting=meeting, revision=meeting.revision, today=TODAY, **decide
            )
        day = meeting.held_on
        meetings.record_decision(actor=dana, meeting=meeting, revision=meeting.revision, today=day, **decide)
        meetings.finish_minutes(
            actor=dana,
            meeting=meeting,
            revision=meeting.revision + 1,
            minutes="They met.",
            today=day,
            now=noon(day),
        )
        with pytest.raises(BoardRefused, match="The minutes are finished"):
            meetings.record_decision(
                actor=dana, meeting=meeting, revision=meeting.revision + 2, today=day, **decide
            )

    def test_what_the_last_meeting_decided_and_asked_for_is_in_the_next_pack(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        approved(bob, bob, dana)
        first = frozen(dana, date(2026, 10, 10))
        meetings.record_decision(
            actor=dana,
            meeting=first,
            revision=first.revision,
            text="A school is warned.",
            objective=None,
            restricted=True,
            today=TODAY,
            now=NOW,
        )
        meetings.agree_task(
            actor=dana,
            meeting=first,
            revision=first.revision + 1,
            text="Write to heads",
            owner=ines,
            due_on=TODAY,
            restricted=False,
            today=TODAY,
        )
        second = frozen(dana, date(2026, 11, 10))
        restricted, public = (meetings.read_frozen(second, one) for one in ("restricted", "public"))
        assert restricted["decisions"][0]["words"] == "A school is warned."
        assert restricted["tasks"][0]["owner"] == "Ines Ives"
        assert (public["decisions"], public["tasks"][0]["owner"], public["left_out"]) == ([], "", 1)


class TestWhoMay:
    def test_a_member_of_the_board_keeps_no_plan_and_runs_no_board(self, ines: Person, bob: Person) -> None:
        with pytest.raises(Http404):
            objective(ines)
        with pytest.raises(Http404):
            meetings.plan_meeting(actor=bob, authority=AUTHORITY, held_on=TODAY, place="")

    def test_an_adviser_of_a_neighbour_is_a_stranger(
        self, make_person: Any, bob: Person, dana: Person
    ) -> None:
        stranger = make_person("adviser", authority="822")
        action = approved(bob, bob, dana)
        with pytest.raises(Http404):
            actions.add_milestone(
                actor=stranger, action=action, revision=action.revision, title="X", due_on=TODAY
            )

    def test_a_member_who_owns_an_action_enters_its_milestones(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        action = approved(bob, ines, dana)
        actions.add_milestone(actor=ines, action=action, revision=action.revision, title="Step", due_on=TODAY)
        with pytest.raises(Http404):
            actions.add_milestone(
                actor=ines,
                action=approved(bob, bob, dana),
                revision=1,
                title="Step",
                due_on=TODAY,
            )

    def test_every_change_is_in_the_trail_without_a_word_of_it(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana)
        rated(bob, action, RED, reason="Oak Hill School is slow.")
        verbs = [entry.verb for entry in AuditEntry.objects.order_by("sequence")]
        assert verbs == [
            "board.begin_objective",
            "board.add_measure",
            "board.draft_action",
            "board.approve_action",
            "board.rate",
        ]
        assert "Oak Hill" not in "".join(entry.details for entry in AuditEntry.objects.all())


class TestImport:
    PLANNED = PlannedObjective(
        "Attendance",
        "More days in school",
        (replace(MEASURE, polarity=Polarity.LOWER),),
        (
            PlannedAction(
                2, "Call home", "bob@example.org", "dana@example.org", date(2027, 1, 1), MEASURE.name
            ),
        ),
    )

    def test_a_plan_is_taken_in_as_drafts(self, bob: Person, dana: Person) -> None:
        (made,) = import_plan(actor=bob, authority=AUTHORITY, planned=[self.PLANNED], now=NOW)
        (action,) = read_objective(made).actions
        assert (action.action.state, action.lacks) == ("draft", ())

    def test_people_who_may_not_own_an_action_are_named_by_row(self, bob: Person, harriet: Person) -> None:
        with pytest.raises(TableRefused) as refused:
            import_plan(actor=bob, authority=AUTHORITY, planned=[self.PLANNED], now=NOW)
        assert refused.value.problems == ("Row 2, sponsor: nobody with this address may own an action here.",)
        assert not Objective.objects.exists()

    def test_the_same_plan_twice_is_refused(self, bob: Person, dana: Person) -> None:
        import_plan(actor=bob, authority=AUTHORITY, planned=[self.PLANNED], now=NOW)
        with pytest.raises(TableRefused, match="has an objective 'Attendance' already"):
            import_plan(actor=bob, authority=AUTHORITY, planned=[self.PLANNED], now=NOW)
