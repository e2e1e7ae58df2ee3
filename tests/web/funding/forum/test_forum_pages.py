"""The forum as a finance officer, a headteacher, a chair of governors and a member find it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import fastexcel
import pytest
from django.test import Client
from django.urls import reverse
from pptx import Presentation

from redway.funding.consultation import QuestionKind
from redway.funding.forum_powers import Category
from redway.web.funding.forum.attention import forum_lines
from redway.web.funding.forum.consultation_services import questions_of
from redway.web.funding.forum.models import Consultation, Decision, Item, Meeting
from redway.web.people.models import Person
from web.funding.forum.a_forum import (
    AUTHORITY,
    OTHER_SCHOOL,
    SCHOOL,
    SCHOOLS,
    answer,
    draft,
    forum,
    published,
    register,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _schools(clock: Any, home: Any) -> None:
    register()


def page(client: Client, name: str, *args: object) -> str:
    answered = client.get(reverse(f"forum:{name}", args=args))
    assert answered.status_code == 200
    return answered.content.decode()


def boxes(name: str, day: int, month: int, year: int) -> dict[str, int]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


class TestAHeadteacher:
    def test_sees_what_each_option_does_to_the_school_and_answers(
        self, fiona: Person, harriet: Person, make_person: Any, signed_in: SignIn
    ) -> None:
        held = published(fiona)
        client = signed_in(harriet)
        told = page(client, "consultation", held.pk)
        # Option B gives £5.00 a pupil more, and the school has 900.
        assert "What each option does to Grand Union School" in told
        assert "£4,500.00" in told
        assert "Your school has not answered yet." in told
        first, agreed, words = (one.code for one in questions_of(held))
        address = reverse("forum:respond", args=[held.pk, SCHOOL])
        kept = client.post(address, {"revision": 0, first: "Option B", "go": "save"}, follow=True)
        assert "What is written is kept" in kept.content.decode()
        chair = signed_in(make_person("chair_of_governors", school=SCHOOL, full_name="Gita Grove"))
        assert "Harriet Hill began an answer" in page(chair, "consultation", held.pk)
        sent = {"revision": 1, first: "Option B", agreed: "Agree", words: "Less for us.", "go": "check"}
        assert chair.post(address, sent).url == reverse("forum:respond_check", args=[held.pk, SCHOOL])
        check = reverse("forum:respond_check", args=[held.pk, SCHOOL])
        assert "Less for us." in chair.get(check).content.decode()
        told = chair.post(check, {"revision": 2}, follow=True).content.decode()
        assert "answer was sent by Gita Grove" in told

    def test_reads_what_the_other_wrote_before_overwriting_it(
        self, fiona: Person, harriet: Person, signed_in: SignIn
    ) -> None:
        held = published(fiona)
        answer(held, harriet, SCHOOL, "Option A", "We want A.")
        first = questions_of(held)[0].code
        told = signed_in(harriet).post(
            reverse("forum:respond", args=[held.pk, SCHOOL]),
            {"revision": 0, first: "Option B", "go": "check"},
        )
        assert "What the other person wrote in the meantime" in told.content.decode()
        assert held.responses.get().written[first] == "Option A"

    def test_never_sees_a_draft_nor_another_schools_answer(
        self, fiona: Person, charlie: Person, signed_in: SignIn
    ) -> None:
        held = draft(fiona)
        client = signed_in(charlie)
        assert client.get(reverse("forum:consultation", args=[held.pk])).status_code == 404
        assert held.title not in page(client, "index")
        other = published(fiona)
        for name in ("respond", "respond_check"):
            assert client.get(reverse(f"forum:{name}", args=[other.pk, SCHOOL])).status_code == 404
        assert client.get(reverse("forum:respond", args=[other.pk, OTHER_SCHOOL])).status_code == 200

    def test_nothing_of_another_authority_is_open(
        self, fiona: Person, make_person: Any, signed_in: SignIn
    ) -> None:
        held = published(fiona)
        stranger = signed_in(make_person("forum_member", authority="822"))
        for name in ("consultation", "paper"):
            assert stranger.get(reverse(f"forum:{name}", args=[held.pk])).status_code == 404
        assert stranger.get(reverse("forum:members", args=[AUTHORITY])).status_code == 404


class TestAFinanceOfficer:
    def test_takes_a_consultation_from_draft_to_publication(self, fiona: Person, signed_in: SignIn) -> None:
        client = signed_in(fiona)
        written = {
            "title": "De-delegation 2027-28",
            "year": "2027-28",
            "matter": "de-delegation",
            "paper": "We propose to go on.",
            **boxes("closes_on", 4, 12, 2026),
        }
        new = reverse("forum:consultation_new", args=[AUTHORITY])
        assert client.post(new, written).status_code == 302
        held = Consultation.objects.get()
        question = reverse("forum:question_new", args=[held.pk])
        wrong = {"words": "Which?", "kind": "one", "choices": "only one", "revision": held.revision}
        assert "Too few choices" in client.post(question, wrong).content.decode()
        right = wrong | {"choices": "£9 a pupil\n£10 a pupil"}
        assert client.post(question, right).status_code == 302
        held.refresh_from_db()
        publish = reverse("forum:publish", args=[held.pk])
        assert "£10 a pupil" not in client.get(publish).content.decode()
        assert client.post(publish, {"revision": held.revision}).status_code == 302
        held.refresh_from_db()
        assert held.state == "published"
        assert held.questions.get().kind == QuestionKind.ONE

    def test_sees_who_has_not_answered_and_publishes_without_telling_schools_apart(
        self, fiona: Person, harriet: Person, make_person: Any, signed_in: SignIn, clock: Any
    ) -> None:
        held = published(fiona)
        answer(held, harriet, SCHOOL, "Option B", "Ours is the only one with a farm")
        for at in range(5):
            head = make_person("headteacher", school=f"11000{at}")
            answer(held, head, f"11000{at}", "Option A", f"Words {at}")
        client = signed_in(fiona)
        told = page(client, "responses", held.pk)
        assert "Ouse Valley School" in told
        assert "6 of 8 schools answered" in told
        clock.set(datetime(2026, 12, 5, 12, tzinfo=UTC))
        client = signed_in(fiona)
        held.refresh_from_db()
        analysis = reverse("forum:analysis", args=[held.pk])
        code = questions_of(held)[2].code
        sent = {"findings": "Most prefer A.", "held_back": [f"{SCHOOL}:{code}"], "revision": held.revision}
        assert client.post(analysis, sent).status_code == 302
        told = page(signed_in(harriet), "consultation", held.pk)
        assert "Most prefer A." in told
        assert "only one with a farm" not in told
        # One secondary school answered: it stands together with the primary schools.
        assert "Primary and Secondary" in told

    def test_pack_in_three_forms(self, fiona: Person, signed_in: SignIn) -> None:
        held = published(fiona)
        client = signed_in(fiona)
        paper = client.get(reverse("forum:pack", args=[held.pk, "pdf"]))
        assert paper.content.startswith(b"%PDF")
        book = fastexcel.read_excel(client.get(reverse("forum:pack", args=[held.pk, "xlsx"])).content)
        assert {"Paper", "Questions", "Effect by phase", "Every school", "Decisions", "Action log"} <= set(
            book.sheet_names
        )
        rows = book.load_sheet("Every school", header_row=None).to_polars().rows()
        (own,) = [row for row in rows if row[0] == "Grand Union School"]
        # Now, and under option A, which changes nothing.
        assert [float(cell) for cell in own[6:9]] == [1_000_000, 1_000_000, 0]
        deck = Presentation(io.BytesIO(client.get(reverse("forum:pack", args=[held.pk, "pptx"])).content))
        assert deck.slides[0].shapes.title.text == "Schools Forum: Formula 2027-28"
        assert client.get(reverse("forum:pack", args=[held.pk, "exe"])).status_code == 404

    def test_the_paper_as_pdf_and_the_table_of_schools(self, fiona: Person, signed_in: SignIn) -> None:
        held = published(fiona)
        client = signed_in(fiona)
        assert client.get(reverse("forum:paper", args=[held.pk])).content.startswith(b"%PDF")
        lines = b"".join(client.get(reverse("forum:schools_table", args=[held.pk, "csv"]))).decode()
        assert len([line for line in lines.splitlines() if "School" in line]) >= len(SCHOOLS)
        assert client.get(reverse("forum:chart", args=[held.pk, 2, "svg"])).status_code == 200
        assert client.get(reverse("forum:chart", args=[held.pk, 9, "svg"])).status_code == 404

    def test_runs_a_meeting_to_its_minutes(self, fiona: Person, make_person: Any, signed_in: SignIn) -> None:
        femi = make_person("forum_member")
        held = forum(fiona, femi)
        client, meeting = signed_in(fiona), held.meeting

        def revision() -> int:
            meeting.refresh_from_db()
            return meeting.revision

        item = {
            "title": "Formula",
            "matter": "formula-change",
            "consultation": str(held.consultation.pk),
            "proposal": "That option A be used",
            "revision": revision(),
        }
        assert client.post(reverse("forum:item_new", args=[meeting.pk]), item).status_code == 302
        member = signed_in(femi)
        vote = reverse("forum:vote", args=[meeting.pk, 1])
        meeting.attendance.filter(member__person=femi).update(present=False)
        told = page(member, "meeting", meeting.pk)
        assert "You vote on this at the meeting, once you are recorded as present." in told
        assert "Vote on item 1" not in told
        told = member.get(vote).content.decode()
        assert "Votes are cast at the meeting" in told
        assert "quorate" not in told
        meeting.attendance.filter(member__person=femi).update(present=True)
        assert "Vote on item 1" in page(member, "meeting", meeting.pk)
        assert member.post(vote, {"choice": "against"}).status_code == 302
        refused = client.post(
            reverse("forum:vote_for", args=[meeting.pk, 1]),
            {"member": held.one(Category.OTHER).pk, "choice": "for"},
        )
        assert "This member has no vote on this." in refused.content.decode()
        decide = reverse("forum:decide", args=[meeting.pk, 1])
        ruling = {
            "decided_by": "authority",
            "outcome": "yes",
            "words": "Option A is used.",
            "revision": revision(),
        }
        assert "not said why the authority goes against it" in client.post(decide, ruling).content.decode()
        assert client.post(decide, ruling | {"because": "It is lawful."}).status_code == 302
        assert Decision.objects.get().against_view
        action = {
            "text": "Send the proforma",
            "owner": "School finance",
            **boxes("due_on", 22, 1, 2027),
            "revision": revision(),
        }
        assert client.post(reverse("forum:action_new", args=[meeting.pk]), action).status_code == 302
        minutes = reverse("forum:minutes", args=[meeting.pk])
        assert client.post(minutes, {"minutes": "All was said.", "revision": revision()}).status_code == 302
        told = page(member, "meeting", meeting.pk)
        assert "All was said." in told
        assert "It is lawful." in told
        assert member.get(reverse("forum:minutes_paper", args=[meeting.pk])).content.startswith(b"%PDF")
        assert Meeting.objects.get().frozen_minutes["items"][0]["title"] == "Formula"
        assert "Option A is used." in page(member, "consultation", held.consultation.pk)

    def test_members_and_their_terms(self, fiona: Person, signed_in: SignIn) -> None:
        client = signed_in(fiona)
        seat = {
            "name": "Mo Miller",
            "category": "academy",
            "represents": "A trust",
            **boxes("first_day", 1, 9, 2026),
            **boxes("last_day", 31, 8, 2029),
        }
        new = reverse("forum:member_new", args=[AUTHORITY])
        assert (
            "Nobody has an account" in client.post(new, seat | {"email": "no@example.org"}).content.decode()
        )
        assert client.post(new, seat).status_code == 302
        told = page(client, "members", AUTHORITY)
        assert "Mo Miller" in told
        assert "1 of 1 members must be present" in told


def test_powers_say_who_decides_and_what_is_not_confirmed(fiona: Person, signed_in: SignIn) -> None:
    told = page(signed_in(fiona), "powers")
    assert "Members for maintained primary schools; Members for maintained secondary schools" in told
    assert "Not confirmed" in told


class TestHome:
    def lines(self, rf: Any, who: Person) -> list[str]:
        request = rf.get("/")
        request.user = who
        return [line.title for line in forum_lines(request)]

    def test_each_sees_what_waits_for_them(
        self, rf: Any, fiona: Person, harriet: Person, make_person: Any
    ) -> None:
        femi = make_person("forum_member")
        held = forum(fiona, femi)
        assert "Formula 2027-28: your school's answer" in self.lines(rf, harriet)
        answer(held.consultation, harriet, SCHOOL, "Option A")
        assert self.lines(rf, harriet) == []
        assert "Formula 2027-28: 7 schools have not answered" in self.lines(rf, fiona)
        Item.objects.create(
            meeting=held.meeting, number=1, title="Growth", matter="growth-fund", proposal="So"
        )
        assert "Vote at the Schools Forum: Growth" in self.lines(rf, femi)
