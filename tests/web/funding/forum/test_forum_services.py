"""What may be done at the forum, by whom, and what is refused with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from redway.core.money import Money
from redway.funding.consultation import QuestionKind
from redway.funding.forum_powers import Body, Category, Matter
from redway.funding.forum_votes import Choice
from redway.web.audit.models import AuditEntry
from redway.web.funding.forum import consultation_services as papers
from redway.web.funding.forum import meeting_services as meetings
from redway.web.funding.forum.changing import ChangedMeanwhile, ForumRefused
from redway.web.funding.forum.frozen import thaw
from redway.web.funding.forum.models import Consultation, Item
from redway.web.funding.forum.showing import Read, decision_rows
from redway.web.people.models import Person
from redway.web.register.models import School
from web.funding.forum.a_forum import (
    AUTHORITY,
    CLOSES,
    NOW,
    OTHER_SCHOOL,
    PAPER,
    SCHOOL,
    TODAY,
    Forum,
    answer,
    forum,
    option,
    published,
    register,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _schools() -> None:
    register()


class TestPaper:
    def test_a_published_paper_never_changes(self, fiona: Person) -> None:
        held = published(fiona)
        for change in (
            lambda: papers.edit_paper(actor=fiona, consultation=held, revision=held.revision, paper=PAPER),
            lambda: papers.take_option_off(actor=fiona, option=held.options.first(), revision=held.revision),
            lambda: papers.add_question(
                actor=fiona,
                consultation=held,
                revision=held.revision,
                asked=papers.Asking("More?", QuestionKind.TEXT),
            ),
        ):
            with pytest.raises(ForumRefused, match="a published paper never changes"):
                change()

    def test_the_frozen_copy_comes_back_as_it_was(self) -> None:
        assert thaw(option(500).to_json()) == option(500)
        assert option(500).to_json()["schools"][0]["total"] == "1004500.00"

    def test_the_schools_asked_are_those_of_the_options(self, fiona: Person) -> None:
        held = published(fiona)
        assert len(held.asked) == 8
        assert {one["phase"] for one in held.asked} == {"Primary", "Secondary"}

    def test_without_options_every_state_funded_school_is_asked(self, fiona: Person) -> None:
        School.objects.filter(key=OTHER_SCHOOL).update(kind="Other independent school")
        made = papers.begin_consultation(actor=fiona, authority=AUTHORITY, paper=PAPER, now=NOW)
        papers.add_question(
            actor=fiona, consultation=made, revision=1, asked=papers.Asking("Well?", QuestionKind.YES_NO)
        )
        held = papers.publish(actor=fiona, consultation=made, revision=2, today=TODAY, now=NOW)
        assert len(held.asked) == 7

    def test_what_cannot_be_published(self, fiona: Person) -> None:
        made = papers.begin_consultation(actor=fiona, authority=AUTHORITY, paper=PAPER, now=NOW)
        with pytest.raises(ForumRefused, match="asks no question"):
            papers.publish(actor=fiona, consultation=made, revision=1, today=TODAY, now=NOW)
        late = CLOSES + timedelta(days=1)
        with pytest.raises(ForumRefused, match="would have closed on 4 December 2026"):
            papers.publish(actor=fiona, consultation=made, revision=1, today=late, now=NOW)

    def test_a_second_saver_overwrites_nothing(self, fiona: Person) -> None:
        made = papers.begin_consultation(actor=fiona, authority=AUTHORITY, paper=PAPER, now=NOW)
        other = replace(PAPER, title="Another title")
        papers.edit_paper(actor=fiona, consultation=made, revision=1, paper=other)
        with pytest.raises(ChangedMeanwhile):
            papers.edit_paper(actor=fiona, consultation=made, revision=1, paper=PAPER)
        assert Consultation.objects.get().title == "Another title"

    def test_a_closing_day_is_only_put_off(self, fiona: Person) -> None:
        held = published(fiona)
        with pytest.raises(ForumRefused, match="can only be put off"):
            papers.prolong(
                actor=fiona, consultation=held, revision=held.revision, closes_on=CLOSES - timedelta(days=1)
            )
        later = CLOSES + timedelta(days=7)
        assert (
            papers.prolong(actor=fiona, consultation=held, revision=held.revision, closes_on=later).closes_on
            == later
        )

    def test_only_the_finance_officer_of_the_authority(self, fiona: Person, make_person: Any) -> None:
        for role, authority in (("director", "826"), ("forum_member", "826"), ("finance_officer", "822")):
            with pytest.raises(Http404):
                papers.begin_consultation(
                    actor=make_person(role, authority=authority), authority=AUTHORITY, paper=PAPER, now=NOW
                )


class TestAnswers:
    def test_headteacher_and_chair_write_one_answer(
        self, fiona: Person, harriet: Person, make_person: Any
    ) -> None:
        chair = make_person("chair_of_governors", school=SCHOOL)
        held = published(fiona)
        answer(held, harriet, SCHOOL, "Option A")
        answer(held, chair, SCHOOL, "Option B")
        (response,) = held.responses.all()
        assert (response.revision, response.sent_by, response.saved_by) == (2, chair, chair)

    def test_the_other_ones_answer_is_not_overwritten_unread(self, fiona: Person, harriet: Person) -> None:
        held = published(fiona)
        answer(held, harriet, SCHOOL, "Option A")
        with pytest.raises(ChangedMeanwhile):
            papers.save_response(
                actor=harriet,
                consultation=held,
                school=School.objects.get(key=SCHOOL),
                revision=0,
                answers={},
                send=False,
                today=TODAY,
                now=NOW,
            )

    def test_what_is_only_kept_does_not_count(self, fiona: Person, harriet: Person) -> None:
        held = published(fiona)
        code = papers.questions_of(held)[0].code
        papers.save_response(
            actor=harriet,
            consultation=held,
            school=School.objects.get(key=SCHOOL),
            revision=0,
            answers={code: "Option A"},
            send=False,
            today=TODAY,
            now=NOW,
        )
        assert Read(held, TODAY).analysis(to_publish=False).overall.answered == 0

    def test_nothing_is_taken_after_the_closing_day(self, fiona: Person, harriet: Person) -> None:
        held = published(fiona)
        with pytest.raises(ForumRefused, match="It closed on 4 December 2026"):
            papers.save_response(
                actor=harriet,
                consultation=held,
                school=School.objects.get(key=SCHOOL),
                revision=0,
                answers={},
                send=False,
                today=CLOSES + timedelta(days=1),
                now=NOW,
            )

    def test_what_must_be_answered_is_asked_for(self, fiona: Person, harriet: Person) -> None:
        held = published(fiona)
        with pytest.raises(ForumRefused, match=r"Answer this question: Which option do you prefer\?"):
            answer(held, harriet, SCHOOL, "")
        with pytest.raises(ForumRefused, match="Option Z' is not one of the answers"):
            answer(held, harriet, SCHOOL, "Option Z")

    def test_nobody_answers_for_another_school(self, fiona: Person, harriet: Person) -> None:
        held = published(fiona)
        with pytest.raises(Http404):
            answer(held, harriet, OTHER_SCHOOL, "Option A")
        with pytest.raises(Http404):
            answer(held, fiona, SCHOOL, "Option A")

    def test_the_analysis_waits_for_the_closing_day(self, fiona: Person) -> None:
        held = published(fiona)
        with pytest.raises(ForumRefused, match="may answer until 4 December 2026"):
            papers.publish_analysis(
                actor=fiona,
                consultation=held,
                revision=held.revision,
                findings="Most prefer A.",
                held_back=[],
                today=CLOSES,
                now=NOW,
            )


class TestVotes:
    @pytest.fixture
    def held(self, fiona: Person) -> Forum:
        return forum(fiona)

    def item(self, fiona: Person, held: Forum, matter: Matter, **more: Any) -> Item:
        held.meeting.refresh_from_db()
        return meetings.add_item(
            actor=fiona,
            meeting=held.meeting,
            revision=held.meeting.revision,
            point=meetings.Point("The matter", matter, None, "That it be so", **more),
        )

    def vote(self, fiona: Person, item: Item, held: Forum, category: Category, choice: Choice) -> None:
        for one in held.members[category]:
            meetings.cast_vote(actor=fiona, item=item, member=one, choice=choice, now=NOW)

    def decide(self, fiona: Person, item: Item, **ruling: Any) -> Any:
        item.meeting.refresh_from_db()
        given = {"decided_by": Body.FORUM, "agreed": True, "words": "So it is."} | ruling
        return meetings.record_decision(
            actor=fiona,
            item=item,
            revision=item.meeting.revision,
            ruling=meetings.Ruling(**given),
            now=NOW,
        )

    def test_a_member_without_a_vote_is_refused_with_the_reason(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.DE_DELEGATION)
        with pytest.raises(ForumRefused, match="this member represents mainstream academies"):
            self.vote(fiona, item, held, Category.ACADEMY, Choice.FOR)
        assert item.votes.count() == 0

    def test_who_is_not_present_does_not_vote(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)
        away = held.one(Category.OTHER)
        held.meeting.attendance.filter(member=away).update(present=False)
        with pytest.raises(ForumRefused, match="not recorded as present"):
            meetings.cast_vote(actor=fiona, item=item, member=away, choice=Choice.FOR, now=NOW)

    def test_a_forum_decides_as_it_voted(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)
        with pytest.raises(ForumRefused, match="Nobody has voted"):
            self.decide(fiona, item)
        self.vote(fiona, item, held, Category.ACADEMY, Choice.AGAINST)
        with pytest.raises(ForumRefused, match="not what the members voted"):
            self.decide(fiona, item)
        made = self.decide(fiona, item, agreed=False)
        assert made.tallies[0]["words"] == "0 for, 2 against: not carried"

    def test_a_vote_stands_once_the_decision_is_recorded(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)
        self.vote(fiona, item, held, Category.ACADEMY, Choice.FOR)
        self.decide(fiona, item)
        with pytest.raises(ForumRefused, match="decision has been recorded"):
            self.vote(fiona, item, held, Category.ACADEMY, Choice.AGAINST)
        with pytest.raises(ForumRefused, match="A decision has been recorded"):
            self.decide(fiona, item)

    def test_nobody_decides_in_place_of_who_may(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)
        self.vote(fiona, item, held, Category.ACADEMY, Choice.AGAINST)
        with pytest.raises(ForumRefused, match="The authority does not decide on this"):
            self.decide(fiona, item, decided_by=Body.AUTHORITY)

    def test_the_authority_goes_against_the_view_of_the_forum_with_a_reason(
        self, fiona: Person, held: Forum
    ) -> None:
        item = self.item(fiona, held, Matter.FORMULA_CHANGE)
        self.vote(fiona, item, held, Category.ACADEMY, Choice.AGAINST)
        with pytest.raises(ForumRefused, match="not said why the authority goes against it"):
            self.decide(fiona, item, decided_by=Body.AUTHORITY)
        made = self.decide(
            fiona, item, decided_by=Body.AUTHORITY, because="The other options cannot be paid for."
        )
        assert made.against_view
        assert (
            "The authority decides against the forum's view, because",
            "The other options cannot be paid for.",
        ) in decision_rows(made, TODAY)

    def test_the_department_is_asked_when_the_forum_refuses_a_transfer(
        self, fiona: Person, held: Forum
    ) -> None:
        item = self.item(
            fiona,
            held,
            Matter.BLOCK_TRANSFER,
            amount=Money.of(600_000),
            block=Money.of(122_425_000),
        )
        self.vote(fiona, item, held, Category.ACADEMY, Choice.AGAINST)
        asked = {
            "decided_by": Body.DEPARTMENT,
            "agreed": None,
            "because": "High needs cannot be met without it.",
        }
        with pytest.raises(ForumRefused, match="when the Department was asked"):
            self.decide(fiona, item, **asked)
        made = self.decide(fiona, item, **asked, asked_department_on=TODAY, answer_due_on=date(2027, 1, 15))
        assert made.agreed is None
        item.meeting.refresh_from_db()
        answered = meetings.record_answer(
            actor=fiona,
            decision=made,
            revision=item.meeting.revision,
            agreed=True,
            answered_on=date(2027, 1, 10),
            text="Allowed for one year.",
        )
        assert answered.agreed is True

    def test_a_transfer_above_the_limit_is_put_under_its_own_matter(self, fiona: Person, held: Forum) -> None:
        item = self.item(
            fiona,
            held,
            Matter.BLOCK_TRANSFER,
            amount=Money.parse("£612,125.01"),
            block=Money.of(122_425_000),
        )
        assert item.matter == Matter.BLOCK_TRANSFER_ABOVE
        with pytest.raises(ForumRefused, match="needs its amount"):
            self.item(fiona, held, Matter.BLOCK_TRANSFER)

    def test_a_member_votes_with_their_own_account_and_for_nobody_else(
        self, fiona: Person, make_person: Any
    ) -> None:
        femi = make_person("forum_member")
        held = forum(fiona, femi)
        item = self.item(fiona, held, Matter.DE_DELEGATION)
        own = held.one(Category.MAINTAINED_PRIMARY)
        meetings.cast_vote(actor=femi, item=item, member=own, choice=Choice.FOR, now=NOW)
        with pytest.raises(Http404):
            meetings.cast_vote(
                actor=femi,
                item=item,
                member=held.one(Category.MAINTAINED_SECONDARY),
                choice=Choice.FOR,
                now=NOW,
            )

    def test_minutes_wait_for_every_decision_and_then_never_change(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)

        def publish() -> Any:
            item.meeting.refresh_from_db()
            return meetings.publish_minutes(
                actor=fiona,
                meeting=item.meeting,
                revision=item.meeting.revision,
                minutes="Said and done.",
                frozen={},
                now=NOW,
            )

        with pytest.raises(ForumRefused, match="No decision is recorded on item 1"):
            publish()
        self.vote(fiona, item, held, Category.ACADEMY, Choice.FOR)
        self.decide(fiona, item)
        publish()
        with pytest.raises(ForumRefused, match="published minutes never change"):
            self.item(fiona, held, Matter.CHAIR)

    def test_every_change_is_audited_without_names_or_words(self, fiona: Person, held: Forum) -> None:
        item = self.item(fiona, held, Matter.GROWTH_FUND)
        self.vote(fiona, item, held, Category.ACADEMY, Choice.FOR)
        self.decide(fiona, item)
        entries = list(AuditEntry.objects.filter(verb__startswith="forum."))
        assert {one.verb for one in entries} >= {
            "forum.publish_consultation",
            "forum.add_member",
            "forum.record_attendance",
            "forum.vote",
            "forum.decide",
        }
        assert not any("So it is" in one.details or "academies 0" in one.details for one in entries)

    def test_a_term_is_ended_inside_it(self, fiona: Person, held: Forum) -> None:
        member = held.one(Category.OTHER)
        ended = meetings.end_membership(actor=fiona, member=member, last_day=TODAY, reason="Moved away")
        assert member.pk not in {one.pk for one in meetings.members_on(AUTHORITY, TODAY + timedelta(days=1))}
        with pytest.raises(ForumRefused, match="Choose a day inside it"):
            meetings.end_membership(actor=fiona, member=ended, last_day=TODAY, reason="Again")
