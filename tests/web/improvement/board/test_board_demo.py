"""The demo's board: something to talk about, made as people make it, and each recommendation once."""

from __future__ import annotations

from typing import Any

import pytest

from redway.improvement.escalation import Rung
from redway.improvement.rating import Colour
from redway.improvement.support_errors import ReviewRefused
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.changing import BoardRefused
from redway.web.improvement.board.demo import create_demo_board
from redway.web.improvement.board.meeting_services import read_frozen
from redway.web.improvement.board.models import Meeting, Objective
from redway.web.improvement.board.overview import ForBoard, ForDirector
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.improvement.reviews import review_changes
from redway.web.improvement.reviews.demo import create_demo_reviews
from redway.web.improvement.reviews.models import Recommendation, Review
from redway.web.people.demo import AUTHORITY, SCHOOL
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, Rank, School
from web.improvement.board.a_board import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]


@pytest.fixture
def plan(make_person: Any) -> PlanRead:
    """The plan of the demo on the day it is made."""
    Authority.objects.create(number=AUTHORITY, name="Milton Keynes")
    school = School.objects.create(
        key=SCHOOL,
        current_urn=SCHOOL,
        name="A school",
        sort_name="a school",
        authority=AUTHORITY,
        authority_name="Milton Keynes",
        phase="Secondary",
        rank=Rank.OPEN,
    )
    Establishment.objects.create(urn=SCHOOL, school=school, name="A school", authority=AUTHORITY)
    make_person("adviser", email="adviser@demo.example")
    make_person("director", email="director@demo.example")
    make_person("board_member", email="board.member@demo.example")
    make_person("headteacher", email="headteacher@demo.example", school=SCHOOL)
    create_demo_reviews(TODAY)
    create_demo_board(TODAY)
    return PlanRead(AUTHORITY, TODAY)


def test_each_recommendation_of_the_review_is_one_objective(plan: PlanRead) -> None:
    review = Review.objects.get(title="Review of school improvement, 2008")
    keys = {f"review recommendation:{one.key}" for one in review.recommendations.all()}
    assert len(keys) == 5
    assert [one.came_from_key in keys for one in Objective.objects.order_by("number")] == [True] * 5 + [False]
    # The review room finds nothing left to hand over, and hands nothing over again.
    assert not Recommendation.objects.filter(review=review, handed_at=None).exists()
    bob = Person.objects.get(email="adviser@demo.example")
    for number in range(1, 6):
        with pytest.raises(ReviewRefused, match="It was handed over"):
            review_changes.hand_over(actor=bob, review=review, number=number)
    assert Objective.objects.count() == 6


def test_what_answers_a_recommendation_is_withdrawn_never_deleted(plan: PlanRead) -> None:
    bob = Person.objects.get(email="adviser@demo.example")
    Recommendation.objects.filter(number=1).update(handed_at=None, handed_by=None)
    held = Objective.objects.get(number=1)
    with pytest.raises(BoardRefused, match="answers a recommendation") as refused:
        objectives.delete_objective(actor=bob, objective=held, revision=held.revision)
    assert refused.value.next_step.startswith("Withdraw it with a reason")


def test_a_second_time_makes_nothing(plan: PlanRead) -> None:
    create_demo_board(TODAY)
    assert (Objective.objects.count(), Meeting.objects.count()) == (6, 4)


def test_everything_says_that_it_is_made_up(plan: PlanRead) -> None:
    assert all(Objective.objects.filter(authority=AUTHORITY).values_list("made_up", flat=True))
    packs = [read_frozen(one, "public") for one in plan.meetings]
    assert [pack["made_up"] for pack in packs] == [True] * 3


def test_there_is_something_to_talk_about(plan: PlanRead) -> None:
    board = ForDirector(plan)
    (moved,) = ForBoard(plan).moved
    assert moved.due is not None
    assert moved.due.words == "moved 3 times, +94 days"
    assert Rung.BOARD in {up.rung for _, up in plan.escalated}
    assert [one.shown.owners_view for one in board.lowered]
    assert {one.colour for one in plan.actions} == set(Colour)
    assert [one.withdrawn_reason for one in plan.withdrawn]
    assert board.drafts
    ((measure, words),) = [
        (one.measure.name, one.rebaselined_words)
        for each in plan.objectives
        for one in each.measures
        if one.rebaselined
    ]
    assert measure == "Days of help given by successful schools in a term"
    assert "less is asked for now" in words[0]


def test_its_meetings_lie_in_order_and_the_last_is_still_to_come(plan: PlanRead) -> None:
    held = list(Meeting.objects.order_by("held_on"))
    assert [one.state for one in held] == ["minuted"] * 3 + ["planned"]
    assert held[-1].held_on > TODAY
    assert all(one.frozen_at and one.frozen_at.date() < one.held_on for one in held[:3])
