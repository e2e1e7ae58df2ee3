"""Actions that were called complete by mistake: opened again with a reason, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from redway.improvement.board_errors import RatingRefused
from redway.improvement.rating import Colour
from redway.web.audit.models import AuditEntry
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board.attention import board_lines
from redway.web.improvement.board.changing import BoardRefused
from redway.web.improvement.board.models import Action, Reopening
from redway.web.people.models import Grant, Person
from web.improvement.board.a_board import (
    NOW,
    TODAY,
    approved,
    authority,
    evidence,
    fresh,
    frozen,
    judged,
    rated,
    read,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


@pytest.fixture
def ines(make_person: Any) -> Person:
    """Ines Ives, member of the improvement board."""
    found: Person = make_person("board_member", full_name="Ines Ives", email="ines@example.org")
    return found


def complete(owner: Person, sponsor: Person) -> Action:
    """An action of the owner, said to be complete."""
    held = approved(owner, owner, sponsor)
    actions.complete_action(actor=owner, action=held, revision=held.revision, on=TODAY, today=TODAY)
    return fresh(held)


def accepted(owner: Person, sponsor: Person, member: Person) -> Action:
    """Complete, with evidence that the member has accepted, and Blue."""
    held = complete(owner, sponsor)
    judged(member, evidence(owner, held))
    return rated(owner, held, Colour.BLUE)


def reopened(actor: Person, action: Action, reason: str = "Two schools are still to be seen.") -> Reopening:
    held = fresh(action)
    return actions.reopen_action(actor=actor, action=held, revision=held.revision, reason=reason, now=LATER)


def answered(actor: Person, one: Reopening, *, agreed: bool) -> Reopening:
    one = Reopening.objects.select_related("action__objective").get(pk=one.pk)
    return actions.answer_reopening(
        actor=actor,
        reopening=one,
        revision=one.action.revision,
        agreed=agreed,
        answer="I looked again.",
        now=LATER,
    )


class TestBeforeEvidenceIsAccepted:
    def test_its_owner_opens_it_again_with_a_reason_and_the_history_is_kept(
        self, bob: Person, dana: Person
    ) -> None:
        action = complete(bob, dana)
        sent = visitor(bob).post(
            reverse("board:reopen", args=[action.pk]),
            {"revision": action.revision, "reason": "Two schools are still to be seen."},
            follow=True,
        )
        told = text_of(sent)
        assert fresh(action).completed_on is None
        assert "It was called complete on 24 November 2026." in told
        assert "Two schools are still to be seen." in told
        assert AuditEntry.objects.filter(verb="board.reopen_action").count() == 1

    def test_without_a_reason_it_stays_complete(self, bob: Person, dana: Person) -> None:
        action = complete(bob, dana)
        with pytest.raises(BoardRefused, match="not said why it is not complete"):
            reopened(bob, action, " ")
        assert fresh(action).completed_on == TODAY

    def test_what_is_not_complete_is_not_opened_again(self, bob: Person, dana: Person) -> None:
        with pytest.raises(BoardRefused, match="It is not complete"):
            reopened(bob, approved(bob, bob, dana))

    def test_a_member_who_neither_owns_nor_accepted_does_not(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        with pytest.raises(Http404):
            reopened(ines, complete(bob, dana))

    def test_it_is_overdue_again_where_it_is_late(self, bob: Person, dana: Person) -> None:
        action = approved(bob, bob, dana, due=-12)
        actions.complete_action(actor=bob, action=action, revision=action.revision, on=TODAY, today=TODAY)
        rated(bob, action, Colour.GREEN)
        assert read(action).colour is Colour.GREEN
        reopened(bob, action)
        assert read(action).shown.words == "Red: overdue 12 days. The owner says Green."


class TestAfterwards:
    def test_it_stays_blue_until_whoever_accepted_its_evidence_agrees(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        action = accepted(bob, dana, ines)
        assert "until Ines Ives agrees" in text_of(
            visitor(bob).get(reverse("board:reopen", args=[action.pk]))
        )
        asked = reopened(bob, action)
        assert asked.agreed is None
        assert read(action).colour is Colour.BLUE
        for other in (bob, dana):
            with pytest.raises(BoardRefused, match="Somebody else accepted its evidence"):
                answered(other, asked, agreed=True)
        answered(ines, asked, agreed=True)
        assert read(action).action.completed_on is None
        # Nobody says Blue of it any more: it is at most Green.
        assert read(action).shown.words == "Green: the owner says Blue."

    def test_the_one_who_has_to_agree_finds_it_on_the_first_page_and_answers(
        self, bob: Person, dana: Person, ines: Person, rf: Any
    ) -> None:
        action = accepted(bob, dana, ines)
        asked = reopened(bob, action)
        request = rf.get("/")
        request.user = ines
        (line,) = [one for one in board_lines(request) if one.title.startswith("Is it open again?")]
        client = visitor(ines)
        assert "Two schools are still to be seen." in text_of(client.get(line.address))
        sent = client.post(
            line.address,
            {"revision": fresh(action).revision, "agreed": "no", "answer": "I saw both last week."},
            follow=True,
        )
        assert "Kept complete" in text_of(sent)
        assert "I saw both last week." in text_of(sent)
        assert fresh(action).completed_on == TODAY
        asked.refresh_from_db()
        assert (asked.agreed, asked.answered_by) == (False, ines)

    def test_whoever_accepted_opens_it_again_alone(self, bob: Person, dana: Person, ines: Person) -> None:
        action = accepted(bob, dana, ines)
        assert "open it again" in text_of(visitor(ines).get(reverse("board:action", args=[action.pk])))
        reopened(ines, action)
        assert fresh(action).completed_on is None

    def test_where_they_have_left_somebody_else_answers_but_not_the_one_who_asks(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        action = accepted(bob, dana, ines)
        Grant.objects.filter(person=ines).update(ended_at=NOW)
        asked = reopened(bob, action)
        answered(dana, asked, agreed=True)
        assert fresh(action).completed_on is None

    def test_evidence_accepted_before_does_not_make_it_blue_again(
        self, bob: Person, dana: Person, ines: Person
    ) -> None:
        action = accepted(bob, dana, ines)
        reopened(ines, action)
        held = fresh(action)
        actions.complete_action(actor=bob, action=held, revision=held.revision, on=TODAY, today=TODAY)
        with pytest.raises(RatingRefused, match="Blue needs evidence that somebody has accepted"):
            rated(bob, action, Colour.BLUE)

    def test_one_question_at_a_time(self, bob: Person, dana: Person, ines: Person) -> None:
        action = accepted(bob, dana, ines)
        asked = reopened(bob, action)
        with pytest.raises(BoardRefused, match="asked already"):
            reopened(dana, action)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.create(
                action=action, completed_on=TODAY, reason="So.", asked_at=NOW, asked_by=dana
            )
        answered(ines, asked, agreed=False)
        with pytest.raises(BoardRefused, match="answered already"):
            answered(ines, asked, agreed=True)


def test_the_next_pack_says_so_and_the_last_keeps_what_it_showed(
    bob: Person, dana: Person, ines: Person
) -> None:
    action = accepted(bob, dana, ines)
    before = frozen(dana, TODAY)
    reopened(ines, action, "Oak Hill School is still to be seen.")
    after = frozen(dana, TODAY + timedelta(days=7))
    then, now = (
        meetings.read_frozen(one, "restricted")["objectives"][0]["actions"][0] for one in (before, after)
    )
    assert (then["colour"], then["reopened"]) == ("Blue", [])
    assert (now["colour"], now["reopened"][0]["reason"]) == ("Green", "Oak Hill School is still to be seen.")
    page = text_of(visitor(dana).get(reverse("board:pack", args=[after.pk, "restricted"])))
    assert "Opened again on 24 November 2026: it was called complete on 24 November 2026." in page
    public = text_of(visitor(dana).get(reverse("board:pack", args=[after.pk, "public"])))
    assert "Opened again on 24 November 2026" in public
    assert "Oak Hill" not in public
