"""The targets pages: the conversation through its forms, estimates frozen, the small never in a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from redway.attainment.target_record import Concern, Decision
from redway.core.home import Home
from redway.web.attainment.models import Target, TargetDraft
from redway.web.attainment.targets.cycles import Terms, agree_cycle
from redway.web.attainment.targets.frozen import Frozen, thaw
from redway.web.attainment.targets.measures import measure_of
from redway.web.attainment.targets.sentences import odds, progress_words
from redway.web.attainment.targets.services import (
    Reached,
    Ruling,
    decide_target,
    record_outturn,
    verify_target,
)
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.attainment.conftest import NEXT_SMALLEST, SMALL, YEARS, schools_in
from web.attainment.pupils import bring_in, results_ks4
from web.attainment.stored_targets import NOON, stored_target
from web.pages import ACADEMY, CONVERTED, text_of, visitor

pytestmark = pytest.mark.django_db

LAST = YEARS[-1]
"""The year of the newest results: targets for it are set against the results of the year before."""
TARGET = f"/attainment/schools/{ACADEMY}/targets/ks4-attainment8/{LAST}/"
WHOLE = f"/attainment/authorities/826/targets/?year={LAST}"


@pytest.fixture
def head(cohorts: None, make_person: Callable[..., Person]) -> Person:
    """The headteacher of Grand Union Academy, whose key is that of the school it was."""
    return make_person("headteacher", full_name="Harriet Hill", school=CONVERTED)


@pytest.fixture
def chair(cohorts: None, make_person: Callable[..., Person]) -> Person:
    return make_person("chair_of_governors", full_name="Gita Grove", school=CONVERTED)


def propose(head: Person, value: str = "55", address: str = TARGET) -> None:
    """Through the form, past the check, to the adviser."""
    browser = visitor(head)
    written = browser.post(
        f"{address}propose/", {"revision": "0", "value": value, "reason": "They started well.", "go": "check"}
    )
    assert written["Location"] == f"{address}propose/check/", text_of(written)
    checked = text_of(browser.get(f"{address}propose/check/"))
    assert "Check your answers before sending" in checked
    assert "They started well." in checked
    assert browser.post(f"{address}propose/check/", {"revision": "0"})["Location"] == address


CHALLENGE = {"text": "Why so low?", "benchmarks": "average"}


def send(person: Person, step: str, answers: dict[str, Any], address: str = TARGET) -> str:
    """One step through both of its pages; the text of the page it leads to."""
    browser, revision = visitor(person), str(Target.objects.get(withdrawn_at=None).revision)
    written = browser.post(f"{address}{step}/", answers | {"revision": revision, "go": "check"})
    assert written.status_code == 302, text_of(written)
    return text_of(browser.post(f"{address}{step}/check/", {"revision": revision}, follow=True))


class TestTheConversation:
    def test_from_the_first_proposal_to_the_outturn(self, head: Person, chair: Person, bob: Person) -> None:
        before = text_of(visitor(head).get(TARGET))
        assert "Waits for the school to propose a target" in before
        assert "The estimates are of 60 pupils, each with prior attainment." in before
        propose(head, "40")
        page = text_of(visitor(bob).get(TARGET))
        assert "below the estimate for average progress" in page
        assert "would reach it. That says how stretching it is" in page
        assert "so it cannot be agreed before it has been challenged" in text_of(
            visitor(bob).get(f"{TARGET}decide/")
        )
        refused = send(bob, "decide", {"decision": "agreed", "concern": "", "text": ""})
        assert "It was not sent" in refused
        assert "Choose one benchmark at least" in text_of(
            visitor(bob).post(f"{TARGET}challenge/", {"text": "Why?", "revision": "1", "go": "check"})
        )
        against = ["average", "outturn-2014-15"]
        page = send(bob, "challenge", {"text": "Why less than elsewhere?", "benchmarks": against})
        assert "Held against: Average progress: " in page
        assert "; Outturn of 2014-15: " in page
        page = send(head, "answer", {"text": "Many joined late."})
        assert "The school answers and keeps its target" in page
        page = send(
            bob,
            "decide",
            {
                "decision": "with_reservation",
                "concern": "too_low",
                "text": "It can do more.",
                "follow_up_on_day": "1",
                "follow_up_on_month": "3",
                "follow_up_on_year": "2027",
            },
        )
        assert "Waits for the headteacher, chair of governors and adviser to verify it" in page
        assert "To be looked at again on 1 March 2027" in page
        for person in (head, chair, bob):
            browser = visitor(person)
            assert "Verify as" in text_of(browser.get(f"{TARGET}verify/"))
            revision = Target.objects.get().revision
            page = text_of(browser.post(f"{TARGET}verify/", {"revision": str(revision)}, follow=True))
        assert "Confirmed by all three verifiers" in page
        page = send(bob, "outturn", {"note": "As the adviser thought."})
        assert "What came of it" in page
        assert "which was met" in page
        assert "Was the reservation right? The reservation was right" in page
        assert "Verified by" in page
        refused = visitor(head).get(f"{TARGET}withdraw/", follow=True)
        assert "The outturn is known; it can be corrected, and nothing else." in text_of(refused)
        outturn = Target.objects.get().outturns.get()
        assert outturn.computed
        assert outturn.pupils == 60
        assert "Key stage 4 results of pupils" in outturn.source

    def test_a_withdrawn_target_stays_to_be_read(self, head: Person) -> None:
        propose(head)
        page = send(head, "withdraw", {"reason": "Set for the wrong cohort."})
        assert "Withdrawn on" in page
        assert "Set for the wrong cohort." in page
        assert "Propose a target for summer 2016" in page

    def test_an_outturn_is_typed_where_no_results_are_held(self, head: Person, bob: Person) -> None:
        target = stored_target(bob, CONVERTED, year="2026-27")
        decide_target(actor=bob, target=target, revision=1, ruling=Ruling(Decision.AGREED), now=NOON)
        address = f"/attainment/schools/{ACADEMY}/targets/ks4-maths-grade-5/2026-27/"
        page = send(
            bob, "outturn", {"value": "61.5", "pupils": "58", "source": "The school's own list"}, address
        )
        assert (
            "The outturn is 61.5%: 2.5 percentage points below the target of 64.0%, which was not met."
            in page
        )

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"value": "", "reason": "So"}, "Enter the target"),
            ({"value": "lots", "reason": "So"}, "Target must be a number"),
            ({"value": "91", "reason": "So"}, "Target must be 90 or less"),
            ({"value": "50.55", "reason": "So"}, "one decimal place at most"),
            ({"value": "50", "reason": " "}, "Say why"),
        ],
    )
    def test_a_form_says_what_is_wrong_with_it(
        self, head: Person, answers: dict[str, str], said: str
    ) -> None:
        page = text_of(visitor(head).post(f"{TARGET}propose/", answers | {"revision": "0", "go": "check"}))
        assert "There is a problem" in page
        assert said in page
        assert not Target.objects.exists()

    def test_a_reservation_says_why_and_which_way(self, head: Person, bob: Person) -> None:
        propose(head)
        page = text_of(
            visitor(bob).post(
                f"{TARGET}decide/", {"decision": "with_reservation", "concern": "", "revision": "1"}
            )
        )
        assert "Choose whether the target is too low or too high" in page
        assert "Say why" in page


class TestNothingLost:
    def test_what_is_written_part_way_is_kept_for_its_writer_alone(
        self, head: Person, bob: Person, make_person: Callable[..., Person]
    ) -> None:
        propose(head)
        browser = visitor(bob)
        answers = {"text": "Why so", "revision": "1", "go": "save"}
        assert "Nothing has been sent" in text_of(browser.post(f"{TARGET}challenge/", answers, follow=True))
        assert "You have begun something here and not sent it" in text_of(browser.get(TARGET))
        assert "Why so</textarea>" in text_of(browser.get(f"{TARGET}challenge/"))
        other = visitor(make_person("adviser"))
        assert "Why so" not in text_of(other.get(f"{TARGET}challenge/"))
        assert "You have begun" not in text_of(other.get(TARGET))

    def test_days_are_kept_too(self, head: Person, bob: Person) -> None:
        propose(head)
        browser = visitor(bob)
        parts = {"follow_up_on_day": "9", "follow_up_on_month": "5", "follow_up_on_year": ""}
        browser.post(f"{TARGET}decide/", {"decision": "agreed", "revision": "1", "go": "save", **parts})
        page = text_of(browser.get(f"{TARGET}decide/"))
        assert 'name="follow_up_on_day" value="9"' in page
        assert 'value="agreed" checked' in page or "checked" in page.split('value="agreed"')[1][:200]

    def test_somebody_elses_change_is_shown_beside_ones_own_words(
        self, head: Person, bob: Person, make_person: Callable[..., Person]
    ) -> None:
        propose(head)
        browser = visitor(bob)
        browser.post(f"{TARGET}challenge/", CHALLENGE | {"revision": "1", "go": "check"})
        # Meanwhile another adviser challenges it, and the school answers.
        other = make_person("adviser", full_name="Carla Cross")
        send(other, "challenge", CHALLENGE | {"text": "Have you seen last year?"})
        send(head, "answer", {"text": "We have."})
        blind = text_of(browser.post(f"{TARGET}challenge/check/", {"revision": "1"}))
        assert "It was not sent" in blind
        assert "Somebody has gone on with this" in blind
        for words in ("Have you seen last year?", "We have.", "Why so low?"):
            assert words in blind
        page = text_of(browser.post(f"{TARGET}challenge/check/", {"revision": "3"}, follow=True))
        assert "The challenge is sent to the school." in page
        assert not TargetDraft.objects.exists()

    def test_two_proposals_at_once_become_a_proposal_and_a_change(
        self, head: Person, make_person: Callable[..., Person]
    ) -> None:
        deputy = visitor(make_person("headteacher", school=CONVERTED))
        deputy.post(f"{TARGET}propose/", {"value": "57", "reason": "Mine", "revision": "0", "go": "check"})
        propose(head, "55")
        page = text_of(deputy.get(f"{TARGET}propose/check/"))
        assert "Somebody has gone on with this" in page
        page = text_of(deputy.post(f"{TARGET}propose/check/", {"revision": "1"}, follow=True))
        assert "Before: 55.0 points" in page


class TestEstimates:
    def test_pupils_without_prior_attainment_are_counted_and_listed(self, cohorts: None, bob: Person) -> None:
        address = f"/attainment/schools/100001/targets/ks4-attainment8/{LAST}/"
        page = text_of(visitor(bob).get(address))
        assert "The estimates are of 60 pupils." in page
        assert "8 of them have no estimate of their own, as prior attainment is not held." in page
        pupils = text_of(visitor(bob).get(f"{address}pupils/"))
        assert pupils.count("No estimate: prior attainment is not held</span>") == 8
        assert pupils.count("From prior attainment</span>") == 52

    def test_a_few_pupils_without_prior_attainment_are_not_counted(self, cohorts: None, dana: Person) -> None:
        page = text_of(visitor(dana).get(f"/attainment/schools/100002/targets/ks4-attainment8/{LAST}/"))
        assert "5 or fewer of them have no estimate of their own, as prior attainment is not held." in page
        assert "2 pupils" not in page

    def test_earlier_results_of_very_few_pupils_are_not_said_to_be_missing(
        self, cohorts: None, dana: Person
    ) -> None:
        page = text_of(visitor(dana).get(f"/attainment/schools/{SMALL}/targets/ks4-attainment8/{LAST}/"))
        assert "No earlier results are shown: the school has none here, or they are those of very few" in page

    def test_what_maths_is_counted_in_stands_beside_its_name(self) -> None:
        said = progress_words(measure_of("ks4-maths-grade-5"), Frozen("2026-11-24", 60, progress=-0.5))
        assert said == (
            "Its progress in maths (maths counted twice) over the last three years, the newest counting most "
            "(3:2:1), is -0.5 points beside the average school."
        )

    def test_pupils_are_for_those_who_need_to_know_and_each_look_is_audited(
        self, cohorts: None, bob: Person, chair: Person, dana: Person
    ) -> None:
        assert "Pupils behind the estimates" not in text_of(visitor(chair).get(TARGET))
        for stranger in (chair, dana):
            assert visitor(stranger).get(f"{TARGET}pupils/").status_code == 404
        assert visitor(bob).get(f"{TARGET}pupils/").status_code == 200
        entry = AuditEntry.objects.get(verb="target.view_pupils")
        assert entry.sensitive_read
        assert json.loads(entry.details)["pupils"] == 60

    def test_the_truth_lies_within_the_range_of_any_school(self, head: Person) -> None:
        propose(head)
        frozen = thaw(Target.objects.get().versions.get().frozen)
        assert frozen.average is not None
        assert frozen.any_lower is not None
        assert frozen.any_upper is not None
        # The school truly adds six points, more than any other.
        assert frozen.average.lower < frozen.average.value < frozen.average.upper
        assert frozen.any_lower < frozen.average.value + 6 < frozen.any_upper
        assert [one.year for one in frozen.outturns] == ["2014-15", "2013-14"]
        assert frozen.progress == pytest.approx(6, abs=2)

    def test_later_data_rewrite_no_history(self, head: Person, bob: Person, tmp_path: Path) -> None:
        propose(head)
        before = thaw(Target.objects.get().versions.get().frozen)
        again = tmp_path / "again"
        again.mkdir()
        bring_in(results_ks4(again, "2014-15", schools_in("2014-15"), seed=40))
        page = text_of(visitor(bob).get(TARGET))
        assert before.average is not None
        assert f"{before.average.value:.1f} points" in page
        assert "Data have come in since this value was set." in page
        assert thaw(Target.objects.get().versions.get().frozen) == before

    def test_the_paper_and_the_chart(self, head: Person, bob: Person) -> None:
        propose(head)
        paper = visitor(bob).get(f"{TARGET}paper.pdf")
        assert paper.content.startswith(b"%PDF")
        chart = visitor(bob).get(f"{TARGET}estimates.json").json()
        assert "how does the target lie beside" in " ".join(chart["title"]["text"])
        assert visitor(bob).get(f"{TARGET}estimates.svg").status_code == 200

    def test_without_pupils_it_says_so(self, home: Home, harriet: Person) -> None:
        from redway.web.register.models import Establishment, School

        school = School.objects.create(
            key="110532", current_urn="110532", name="Grand Union School", sort_name="g", authority="826"
        )
        Establishment.objects.create(urn="110532", school=school, name=school.name, authority="826")
        assert "No pupils are held" in text_of(visitor(harriet).get("/attainment/schools/110532/targets/"))


class TestTheList:
    def rows(self, person: Person, more: str = "") -> list[dict[str, Any]]:
        address = WHOLE.replace("/?", ".json?") + more
        return list(json.loads(visitor(person).get(address).content)["rows"])

    def test_who_has_not_proposed_and_what_waits_for_whom(self, head: Person, bob: Person) -> None:
        propose(head)
        rows = {row["school"]: row for row in self.rows(bob)}
        assert rows["Grand Union Academy"]["value"] == "55.0 points"
        assert rows["Grand Union Academy"]["waiting"].startswith("Waits for the adviser")
        assert rows["Canal School 1"]["standing"] == "Not proposed"
        assert [row["school"] for row in self.rows(bob, "&waits=adviser")] == ["Grand Union Academy"]
        page = text_of(visitor(bob).get(WHOLE))
        assert "Wait for the adviser: 1" in page

    def test_case_43_small_cohorts_are_held_and_in_no_file(self, cohorts: None, bob: Person) -> None:
        for school, cohort in ((SMALL, 4), (NEXT_SMALLEST, 9)):
            stored_target(bob, school, measure="ks4-attainment8", year=LAST, cohort=cohort)
        page = text_of(visitor(bob).get(WHOLE))
        assert page.count("Held, not listed") >= 2
        assert "64.0" not in page
        assert "2 lines are of cohorts of 10 pupils or fewer" in page
        names = {row["school"] for row in self.rows(bob)}
        assert names.isdisjoint({"Canal School 6", "Canal School 7"})
        csv = visitor(bob).get(WHOLE.replace("/?", ".csv?"))
        assert "Canal School 6" not in b"".join(csv.streaming_content).decode()

    def test_a_school_of_five_or_fewer_has_no_estimates(self, cohorts: None, bob: Person) -> None:
        page = text_of(visitor(bob).get(f"/attainment/schools/{SMALL}/targets/ks4-attainment8/{LAST}/"))
        assert "Estimates are not shown for 5 pupils or fewer." in page
        assert "never published" in page

    def test_how_often_reservations_were_right(self, head: Person, bob: Person, dana: Person) -> None:
        address = "/attainment/authorities/826/targets/reservations/"
        assert "No reservation has been recorded yet." in text_of(visitor(dana).get(address))
        target = stored_target(bob, CONVERTED, year="2026-27")
        ruling = Ruling(Decision.WITH_RESERVATION, "It can do more.", Concern.TOO_LOW)
        decide_target(actor=bob, target=target, revision=1, ruling=ruling, now=NOON)
        reached = Reached(80.0, 58, "The school's own list")
        measure = measure_of(target.measure)
        record_outturn(actor=bob, target=target, revision=2, measure=measure, reached=reached, now=NOON)
        page = text_of(visitor(dana).get(address))
        assert "1 was right: 1 of 1 (100%, between 21% and 100%)" in page, "Wilson for 1 of 1"
        assert "So few say nothing more: a coin could do as well." in page
        rows = visitor(dana).get("/attainment/authorities/826/targets/reservations.json").json()["rows"]
        assert [(row["year"], row["concern"], row["right"]) for row in rows] == [
            ("2026-27", "The target is too low", 1)
        ]
        assert visitor(head).get(address).status_code == 404

    def test_late_by_the_authoritys_own_days(
        self, head: Person, bob: Person, alice: Person, clock: Any
    ) -> None:
        terms = Terms(datetime(2016, 3, 1, tzinfo=UTC).date(), None, ("average",), ("ks4-attainment8",))
        agree_cycle(
            actor=alice,
            authority=Authority.objects.get(number="826"),
            year=LAST,
            terms=terms,
            reason="Agreed by the heads",
            now=NOON,
        )
        rows = self.rows(bob, "&waits=late")
        assert rows
        assert all("late: due on 1 March 2016" in row["late"] for row in rows)

    def test_heads_do_not_open_it(self, head: Person) -> None:
        assert visitor(head).get(WHOLE).status_code == 404

    def test_a_data_officer_agrees_how_targets_are_set(self, cohorts: None, alice: Person) -> None:
        browser = visitor(alice)
        address = f"/attainment/authorities/826/targets/{LAST}/"
        assert "Nothing is agreed yet" in text_of(browser.get(address))
        answers = {
            "proposed_by_day": "20",
            "proposed_by_month": "11",
            "proposed_by_year": "2015",
            "verified_by_day": "1",
            "verified_by_month": "11",
            "verified_by_year": "2015",
            "levels": ["top-twentieth"],
            "measures": ["ks4-attainment8"],
            "reason": "Agreed by the heads",
        }
        assert "cannot have verified before" in text_of(browser.post(address, answers))
        page = text_of(browser.post(address, answers | {"verified_by_month": "12"}, follow=True))
        assert "own days, agreed and not law" in page
        assert "average and top twentieth" in page


class TestHome:
    def test_each_hears_what_waits_for_them_and_why(self, head: Person, chair: Person, bob: Person) -> None:
        title = "Grand Union Academy: target for summer 2016, Attainment 8"
        propose(head, "40")
        assert title in text_of(visitor(bob).get("/"))
        assert title not in text_of(visitor(head).get("/"))
        send(bob, "challenge", CHALLENGE)
        assert f'href="{TARGET}"' in text_of(visitor(head).get("/"))
        assert title not in text_of(visitor(bob).get("/"))
        send(head, "answer", {"text": "So."})
        send(bob, "decide", {"decision": "agreed", "concern": "", "text": ""})
        for person, part in ((head, "headteacher"), (chair, "chair of governors"), (bob, "adviser")):
            page = text_of(visitor(person).get("/"))
            assert f"It is agreed and waits for your name as {part}." in page
            target = Target.objects.get()
            verify_target(actor=person, target=target, revision=target.revision, now=NOON)
            assert "waits for your name" not in text_of(visitor(person).get("/"))
        # Summer 2016 is long over: what is left to do is the outturn, and that is the adviser's.
        assert "The year is over: record the outturn." in text_of(visitor(bob).get("/"))
        assert title not in text_of(visitor(head).get("/"))

    def test_the_adviser_hears_of_a_follow_up_that_is_due(self, cohorts: None, bob: Person) -> None:
        target = stored_target(bob, CONVERTED)
        day = datetime(2026, 1, 5, tzinfo=UTC).date()
        ruling = Ruling(Decision.AGREED, follow_up_on=day)
        decide_target(actor=bob, target=target, revision=1, ruling=ruling, now=NOON)
        assert "You meant to look at it again by now." in text_of(visitor(bob).get("/"))


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0, "fewer than 1 in 20"), (0.06, "about 1 in 10"), (0.5, "about 5 in 10"), (0.94, "about 9 in 10")],
)
def test_odds_are_told_as_people_say_them(chance: float, said: str) -> None:
    assert odds(chance) == said


def test_a_stranger_learns_nothing(cohorts: None, charlie: Person, client: Client) -> None:
    assert visitor(charlie).get(TARGET).status_code == 404
    assert client.get(TARGET).status_code == 302
