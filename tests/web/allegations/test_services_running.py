"""Running a case: strands, who was told, meetings and actions, suspension, onward referrals, the timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404

from redway.allegations.clocks import EventOrderError, State
from redway.allegations.onward_referrals import Standing
from redway.allegations.outcomes import Outcome
from redway.allegations.strands import State as StrandState
from redway.allegations.strands import Strand, StrandRecord
from redway.allegations.threshold import Limb
from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.facts import BARRING, OFSTED, TEACHING
from redway.web.allegations.models import Case, CaseState, LocalProfile
from redway.web.allegations.queries import case_view, clocks_of, days_work
from redway.web.allegations.services import running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.people.models import Person
from web.allegations.a_case import EVALUATED, NOON, TODAY, again, concluded, done, opened, referred

pytestmark = pytest.mark.usefixtures("clock")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


def clock_of(case: Case, code: str, now: datetime = NOON) -> Any:
    return next(one for one in clocks_of(again(case), now) if one.rule.code == code)


# --- strands and who was told -------------------------------------------------------------------------------


def test_a_strand_is_opened_and_concluded(case: Case, leah: Person) -> None:
    opening = StrandRecord(Strand.CRIMINAL, StrandState.OPEN, "PC Park", EVALUATED)
    done(running.save_strand, leah, case, record=opening)
    done(running.save_strand, leah, case, record=concluded(Strand.CRIMINAL))
    assert case_view(again(case)).facts.strand_records[Strand.CRIMINAL] == concluded(Strand.CRIMINAL)
    assert case.strands.count() == 3


def test_everything_missing_in_a_strand_is_listed(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        done(
            running.save_strand,
            leah,
            case,
            record=StrandRecord(Strand.EMPLOYER, StrandState.CONCLUDED, "", None),
        )
    assert len(refused.value.problems) == 4
    later = replace(concluded(Strand.EMPLOYER), concluded_on=TODAY + timedelta(days=1))
    with pytest.raises(ChangeRefusedError, match="has not come yet"):
        done(running.save_strand, leah, case, record=later)


def test_telling_the_person_meets_its_clock_even_before_the_evaluation(case: Case, leah: Person) -> None:
    line = Telling(Answer.YES, date(2026, 11, 19), "Harriet Hill")
    done(running.save_telling, leah, case, party=Party.SUBJECT, telling=line)
    assert clock_of(case, "T15").state is State.MET
    assert case_view(again(case)).told_late == ""


def test_not_yet_needs_a_reason(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError, match="Say why the parents has not been told yet"):
        done(running.save_telling, leah, case, party=Party.PARENTS, telling=Telling(Answer.NOT_YET))


@pytest.mark.parametrize(("days", "late"), [(4, False), (5, True)])
def test_a_person_told_late_is_on_the_officers_list_from_day_five(
    case: Case, leah: Person, days: int, late: bool
) -> None:
    """Acceptance case 44."""
    now = datetime(2026, 11, 20 + days, 9, 0, tzinfo=UTC)
    assert bool(days_work(leah, now).told_late) is late
    assert bool(case_view(case, now).told_late) is late


def test_a_reason_for_the_delay_takes_it_off_the_list_and_days_can_be_settled(
    case: Case, leah: Person
) -> None:
    LocalProfile.objects.create(authority="826", told_within_days=2)
    assert len(days_work(leah, NOON).told_late) == 1
    line = Telling(Answer.NOT_YET, because="The police must speak to a witness first.")
    done(running.save_telling, leah, case, party=Party.SUBJECT, telling=line)
    assert days_work(leah, NOON).told_late == ()


# --- leaving, and the timeline ------------------------------------------------------------------------------


def test_resigning_leaves_the_case_open_with_the_same_steps(case: Case, leah: Person) -> None:
    """Acceptance case 43."""
    before = case_view(again(case)).obstacles
    left = done(running.record_leaving, leah, case, on=MONDAY, words="Resigned by letter.")
    assert left.state == CaseState.OPEN
    assert again(case).engagement.ended_on == MONDAY  # type: ignore[union-attr]
    assert case_view(again(case)).obstacles == before
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.DUTY


def test_events_of_clocks_are_entered_and_stop_them(case: Case, leah: Person) -> None:
    happening = running.record_happening
    at = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    done(happening, leah, case, event="investigator-appointed", at=at)
    assert clock_of(case, "T8").state is State.WAITING
    done(happening, leah, case, event="report-received", at=at + timedelta(days=3))
    assert clock_of(case, "T10").started == at + timedelta(days=3)
    with pytest.raises(EventOrderError):
        done(happening, leah, case, event="hearing-decided", at=at)
    assert not case.happenings.filter(event="hearing-decided").exists()


def test_an_entry_in_error_is_withdrawn_and_its_clock_waits_again(case: Case, leah: Person) -> None:
    done(running.record_happening, leah, case, event="hearing-needed", at=NOON - timedelta(hours=1))
    assert clock_of(case, "T8").due == date(2026, 12, 15)
    entry = case.happenings.get(event="hearing-needed")
    done(running.withdraw_happening, leah, case, happening=entry, because="Meant for another case.")
    assert clock_of(case, "T8").state is State.WAITING
    assert case.happenings.get(event="hearing-needed").withdrawn_because == "Meant for another case."
    with pytest.raises(ChangeRefusedError, match="withdrawn already"):
        done(running.withdraw_happening, leah, case, happening=entry, because="Again.")


@pytest.mark.parametrize(
    ("event", "at", "words", "sentence"),
    [
        ("closed", NOON, "", "is not entered in the timeline"),
        ("referred", NOON, "", "is not entered in the timeline"),
        ("note", NOON + timedelta(hours=1), "To come.", "has not come yet"),
        ("note", NOON, " ", "Say what happened."),
    ],
)
def test_what_cannot_be_entered(
    case: Case, leah: Person, event: str, at: datetime, words: str, sentence: str
) -> None:
    with pytest.raises(ChangeRefusedError, match=sentence):
        done(running.record_happening, leah, case, event=event, at=at, words=words)


def test_a_case_beyond_the_bank_holidays_has_no_clocks_and_says_so(
    harriet: Person, leah: Person, clock: Any
) -> None:
    """Acceptance case 17: beyond the years of the table nothing is computed, and nothing assumed."""
    clock.now = datetime(2029, 1, 3, 10, 0, tzinfo=UTC)
    case = referred(
        harriet,
        known_on="29 December 2028",
        known_time=None,
        when="December 2028",
        at=datetime(2028, 12, 29, 10, 0, tzinfo=UTC),
    )
    view = case_view(again(case))
    assert view.clocks == ()
    assert "Working days are known from 1 January 2005 to 31 December 2028" in view.clocks_problem
    assert days_work(leah, clock.now).without_clocks == (case,)
    done(running.record_happening, leah, case, event="note", at=clock.now, words="Read again.")


def test_the_clocks_of_a_case_of_2007_are_told(harriet: Person, leah: Person) -> None:
    """Known on the Friday before the August bank holiday of 2007: due on Tuesday 28 August."""
    case = referred(
        harriet,
        known_on="24 August 2007",
        known_time=None,
        when="July 2007",
        at=datetime(2007, 8, 28, 10, 0, tzinfo=UTC),
    )
    told = {one.rule.code: one for one in clocks_of(again(case), NOON)}
    assert (told["T1"].due, told["T1"].state) == (date(2007, 8, 28), State.MET)


# --- meetings and actions -----------------------------------------------------------------------------------


def hold(officer: Person, case: Case, **changed: Any) -> Case:
    given: dict[str, Any] = {
        "meeting": case.meetings.first(),
        "at": NOON - timedelta(hours=2),
        "attendees": ["Leah Lane", "Sam Stone", " "],
        "shared": "Earlier concerns of 2023.",
        "decisions": "Section 47 enquiry; the police lead.",
        "next_review_on": date(2026, 12, 15),
    }
    return done(running.hold_meeting, officer, case, **(given | changed))


def test_a_meeting_is_planned_held_and_minuted_in_versions(case: Case, leah: Person) -> None:
    done(running.plan_meeting, leah, case, at=NOON, place="Civic Offices", invited=["Sam Stone"])
    meeting = case.meetings.get()
    with pytest.raises(ChangeRefusedError, match="has not been held yet"):
        done(running.write_minutes, leah, case, meeting=meeting, text="Draft.")
    hold(leah, case)
    done(running.write_minutes, leah, case, meeting=meeting, text="Those present agreed.")
    done(running.write_minutes, leah, case, meeting=meeting, text="Those present agreed to three actions.")
    first, second = meeting.minutes.order_by("version")
    assert (first.text, second.version) == ("Those present agreed.", 2)
    done(running.send_minutes, leah, case, minutes=second, on=TODAY)
    with pytest.raises(ChangeRefusedError, match="They were sent on 24 November 2026"):
        done(running.send_minutes, leah, case, minutes=second, on=TODAY)
    meeting.refresh_from_db()
    assert meeting.about["attendees"] == ["Leah Lane", "Sam Stone"]
    assert clock_of(case, "T3").ended == NOON - timedelta(hours=2)


def test_what_is_missing_in_a_meeting_is_listed(case: Case, leah: Person) -> None:
    done(running.plan_meeting, leah, case, at=NOON)
    with pytest.raises(ChangeRefusedError) as refused:
        hold(
            leah,
            case,
            at=NOON + timedelta(hours=1),
            attendees=[],
            decisions="",
            next_review_on=date(2026, 11, 1),
        )
    assert len(refused.value.problems) == 4


def test_a_review_is_not_held_before_the_first_meeting(case: Case, leah: Person) -> None:
    done(running.plan_meeting, leah, case, at=NOON)
    hold(leah, case)
    done(running.plan_meeting, leah, case, at=NOON, review=True)
    with pytest.raises(EventOrderError):
        hold(leah, case, meeting=case.meetings.get(review=True), at=NOON - timedelta(days=1))


def test_actions_chase_themselves_until_they_are_done_or_dropped(case: Case, leah: Person) -> None:
    for what, due in (("Send the minutes", TODAY), ("Ask the agency", date(2026, 11, 26))):
        done(running.add_action, leah, case, what=what, owner="Sam Stone", due_on=due)
    assert _due(days_work(leah, NOON).due) == ["Send the minutes", "Ask the agency"]
    later = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert _due(days_work(leah, later).overdue) == ["Send the minutes", "Ask the agency"]
    first, second = case.actions.order_by("due_on")
    done(running.finish_action, leah, case, action=first, on=TODAY)
    done(running.drop_action, leah, case, action=second, because="The agency wrote.")
    assert _due(days_work(leah, later).overdue) == []
    with pytest.raises(ChangeRefusedError, match="done already"):
        done(running.drop_action, leah, case, action=first, because="Late.")


def _due(found: Any) -> list[str]:
    return [one.what for one in found if one.kind == "action"]


def test_an_action_names_what_who_and_a_day_to_come(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        done(running.add_action, leah, case, what="", owner=" ", due_on=date(2026, 11, 1))
    assert len(refused.value.problems) == 3


# --- suspension ---------------------------------------------------------------------------------------------


def suspend(officer: Person, case: Case, **changed: Any) -> Case:
    given: dict[str, Any] = {
        "first_day": EVALUATED,
        "review_on": date(2026, 12, 4),
        "decided_by": "The governors",
        "reasons": "Pupils at the school may be at risk.",
        "alternatives": "Other duties: there are none without pupils.",
        "contact": "Nia North, human resources",
    }
    return done(running.suspend, officer, case, **(given | changed))


def test_a_suspension_is_reviewed_and_ends(case: Case, leah: Person) -> None:
    suspend(leah, case)
    held = case.suspensions.get()
    assert "The person is still suspended." in case_view(again(case)).obstacles
    assert [
        one.by for one in days_work(leah, datetime(2026, 12, 1, tzinfo=UTC)).due if one.kind == "suspension"
    ] == [date(2026, 12, 4)]
    again_on = date(2026, 12, 11)
    done(
        running.review_suspension,
        leah,
        case,
        suspension=held,
        on=TODAY,
        words="Enquiries go on.",
        next_review_on=again_on,
    )
    with pytest.raises(ChangeRefusedError, match="suspended already"):
        suspend(leah, case)
    done(running.end_suspension, leah, case, suspension=held, last_day=TODAY, words="Came back.")
    held.refresh_from_db()
    assert (held.review_on, held.last_day, len(held.about["reviews"])) == (again_on, TODAY, 1)
    assert case_view(again(case)).facts.suspension is None


def test_the_alternatives_must_have_been_considered(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError, match="which alternatives were considered"):
        suspend(leah, case, alternatives="")


# --- onward referrals and the reporting restriction ---------------------------------------------------------


def test_what_the_law_asks_follows_from_the_record(case: Case, leah: Person) -> None:
    """Acceptance cases 23 and 24, as a case shows them."""
    suspend(leah, case)
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.NOT_YET
    done(running.save_strand, leah, case, record=concluded(Strand.EMPLOYER, "resigned before a decision"))
    advice = case_view(again(case)).facts.advice
    assert (advice[BARRING].standing, advice[TEACHING].standing) == (Standing.DUTY, Standing.DUTY)
    assert clock_of(case, "T14").state is State.RUNNING
    done(
        running.decide_onward,
        leah,
        case,
        body=BARRING,
        decision="referred",
        reason="Removed, and a child was harmed.",
        decided_by="The governors",
        sent_on=TODAY,
        receipt="R-1",
    )
    assert clock_of(case, "T14").state is State.MET
    assert case.onward.get().standing == "duty"


def test_an_offence_against_a_child_is_ground_enough(harriet: Person, leah: Person) -> None:
    """Only the second limb is met: an offence. Whoever is removed for it is referred."""
    case = opened(harriet, leah, met={Limb.OFFENCE: "She took indecent pictures."})
    done(running.save_strand, leah, case, record=concluded(Strand.EMPLOYER, "dismissed"))
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.DUTY
    assert clock_of(case, "T14").state is State.RUNNING


def test_a_conviction_is_ground_enough_in_private_life(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah, met={Limb.MAY_NOT_BE_SUITABLE: "Assault at home."})
    done(running.save_strand, leah, case, record=concluded(Strand.EMPLOYER, "dismissed"))
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.NO_GROUND
    done(running.save_strand, leah, case, record=concluded(Strand.CRIMINAL, "convicted"))
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.DUTY
    assert clock_of(case, "T14").state is State.RUNNING


def test_the_clock_of_the_barring_service_runs_from_the_day_somebody_left(case: Case, leah: Person) -> None:
    assert clock_of(case, "T14").state is State.WAITING
    done(running.record_leaving, leah, case, on=MONDAY, words="Resigned by letter.")
    assert (clock_of(case, "T14").state, clock_of(case, "T14").started) == (State.RUNNING, MONDAY)


def test_a_disproved_allegation_leaves_no_ground(case: Case, leah: Person) -> None:
    only = case.allegations.get()
    done(running.put_to_subject, leah, case, allegation=only, on=EVALUATED)
    done(running.save_strand, leah, case, record=concluded(Strand.EMPLOYER, "dismissed"))
    done(
        running.record_finding,
        leah,
        case,
        allegation=only,
        outcome=Outcome.UNFOUNDED,
        on=MONDAY,
        reasons="He was not in school that day.",
    )
    assert case_view(again(case)).facts.advice[BARRING].standing is Standing.NO_GROUND


def test_who_is_no_teacher_is_not_asked_about_the_teaching_regulator(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah, teacher="no", role="Cook")
    facts = case_view(case).facts
    assert facts.bodies_asked == (BARRING,)
    assert TEACHING not in facts.advice


def test_watching_is_no_answer_for_closing(case: Case, leah: Person) -> None:
    for decision, outstanding in (("watching", True), ("not needed", False)):
        done(
            running.decide_onward,
            leah,
            case,
            body=BARRING,
            decision=decision,
            reason="Suspended only.",
            decided_by="Leah Lane",
        )
        asked = "It is not answered whether to refer to the Disclosure and Barring Service."
        assert (asked in case_view(again(case)).obstacles) is outstanding


def test_what_is_missing_in_an_onward_referral_is_listed(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        done(
            running.decide_onward,
            leah,
            case,
            body="The Times",
            decision="referred",
            reason="",
            decided_by="",
        )
    assert len(refused.value.problems) == 4


def test_an_early_years_provider_tells_ofsted_within_14_days(harriet: Person, leah: Person) -> None:
    """Acceptance case 13: 14 calendar days, which nothing moves; a reminder from day 7."""
    case = opened(harriet, leah, sector="early years", teacher="no")
    clock = clock_of(case, "T13")
    assert (clock.due, clock.warning) == (date(2026, 12, 3), False)
    assert clock_of(case, "T13", datetime(2026, 11, 26, 9, tzinfo=UTC)).warning
    line = Telling(Answer.YES, TODAY, "The nursery")
    done(running.save_telling, leah, case, party=Party.REGULATOR, telling=line)
    assert clock_of(case, "T13").state is State.MET
    assert OFSTED in case_view(again(case)).facts.bodies_asked


OFFENCE = {Limb.OFFENCE: "The police say assault."}


def test_a_teacher_accused_by_a_pupil_must_not_be_identified(harriet: Person, leah: Person) -> None:
    """Acceptance case 25."""
    case = opened(harriet, leah, OFFENCE)
    assert case_view(case).facts.restriction.holds
    done(running.save_strand, leah, case, record=concluded(Strand.CRIMINAL, "charged"))
    ended = case_view(again(case)).facts.restriction
    assert (ended.holds, ended.sentence) == (
        False,
        "The restriction ended with a charge on 23 November 2026.",
    )


@pytest.mark.parametrize("changed", [{"teacher": "no"}, {"made_by_pupil": "no"}, {"made_by_pupil": None}])
def test_the_restriction_covers_teachers_accused_by_or_for_a_pupil_only(
    harriet: Person, leah: Person, changed: dict[str, Any]
) -> None:
    assert not case_view(opened(harriet, leah, OFFENCE, **changed)).facts.restriction.holds


def test_a_charge_entered_in_the_timeline_ends_it_though_the_trial_goes_on(
    harriet: Person, leah: Person
) -> None:
    case = opened(harriet, leah, OFFENCE)
    done(running.record_happening, leah, case, event="charged", at=NOON, words="Charged at court.")
    done(running.save_strand, leah, case, record=concluded(Strand.CRIMINAL, "acquitted"))
    assert "24 November 2026" in case_view(again(case)).facts.restriction.sentence


def test_the_outcome_letter_waits_for_every_finding(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError, match="Allegation 1 has no finding yet"):
        done(running.send_outcome_letter, leah, case, on=TODAY)


@pytest.mark.parametrize("row", ["meeting", "action", "suspension", "happening"])
def test_rows_of_another_case_are_not_reached(case: Case, harriet: Person, leah: Person, row: str) -> None:
    other = opened(harriet, leah, subject_name="Al Other")
    done(running.plan_meeting, leah, other, at=NOON)
    done(running.add_action, leah, other, what="Ask.", owner="Sam", due_on=TODAY)
    suspend(leah, other)
    done(running.record_happening, leah, other, event="note", at=NOON, words="A note.")
    steps: dict[str, Any] = {
        "meeting": lambda: hold(leah, case, meeting=other.meetings.get()),
        "action": lambda: done(running.finish_action, leah, case, action=other.actions.get(), on=TODAY),
        "suspension": lambda: done(
            running.end_suspension, leah, case, suspension=other.suspensions.get(), last_day=TODAY
        ),
        "happening": lambda: done(
            running.withdraw_happening, leah, case, happening=other.happenings.get(event="note"), because="x"
        ),
    }
    with pytest.raises(Http404):
        steps[row]()
