"""Support as advisers, headteachers and a second adviser work with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from redway.core.home import Home
from redway.improvement.ledger import Outcome, Verdict, teaching
from redway.improvement.support_errors import NoteRefused, ProgrammeRefused
from redway.web.audit.models import AuditEntry
from redway.web.improvement.score_sets import keep_scores
from redway.web.improvement.support import alerts, brokering, programmes, visits
from redway.web.improvement.support.changing import ChangedMeanwhile, SupportRefused
from redway.web.improvement.support.models import Alert, FollowUp, NoteVersion, Step, Visit
from redway.web.improvement.support.tables import school_account
from redway.web.people.models import Person
from redway.web.register.models import Authority, Rank, School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import evaluation, school_row, scores
from web.improvement.support.some_support import (
    AUTHORITY,
    OTHER_SCHOOL,
    SAID,
    SCHOOL,
    a_follow_up,
    a_programme,
    a_visit,
    an_alert,
    an_offer,
    brokered,
    sent_by_visitor,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MakePerson = Callable[..., Person]


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


@pytest.fixture
def asha(make_person: MakePerson) -> Person:
    """Asha Abbott, another adviser of Milton Keynes."""
    return make_person("adviser", full_name="Asha Abbott", email="asha@example.org")


def test_a_programme_lays_out_three_steps_in_every_half_term(bob: Person) -> None:
    made = a_programme(bob)
    assert made.steps.count() == 9
    assert made.lead == bob
    assert "unconfirmed" in made.provenance


def test_the_same_programme_does_not_run_twice_at_a_school(bob: Person) -> None:
    a_programme(bob)
    with pytest.raises(SupportRefused, match="A programme of this kind is running"):
        a_programme(bob)
    a_programme(bob, OTHER_SCHOOL)


def write(bob: Person, step: Step, revision: int, **changed: object) -> Step:
    given = {"what": "Two year groups", "due_on": step.due_on, "done_on": None, "found": ""} | changed
    written = programmes.StepWritten(**given)  # type: ignore[arg-type]
    return programmes.write_step(
        actor=bob, programme=step.programme, number=step.number, revision=revision, written=written
    )


def test_a_step_is_not_done_without_what_was_found_nor_on_a_day_to_come(bob: Person) -> None:
    step = a_programme(bob).steps.get(number=1)
    today = timezone.localdate()
    with pytest.raises(SupportRefused, match="It is not said what was found"):
        write(bob, step, 1, done_on=today)
    with pytest.raises(SupportRefused, match="a day to come"):
        write(bob, step, 1, done_on=today + timedelta(days=1), found="All well.")
    with pytest.raises(SupportRefused, match="outside the programme"):
        write(bob, step, 1, due_on=today + timedelta(days=2000))


def test_a_step_that_moved_keeps_every_day_it_was_due(bob: Person) -> None:
    step = a_programme(bob).steps.get(number=1)
    moved = write(bob, step, 1, due_on=step.due_on + timedelta(days=10))
    assert moved.due_days == [step.due_on.isoformat(), moved.due_on.isoformat()]
    assert write(bob, moved, 2).due_days == moved.due_days


def test_two_who_write_one_step_see_each_other(bob: Person, asha: Person) -> None:
    step = a_programme(bob).steps.get(number=1)
    write(bob, step, 1)
    with pytest.raises(ChangedMeanwhile, match="Bob Baker has changed this on 24 November 2026"):
        write(asha, step, 1, what="Something else")
    assert Step.objects.get(pk=step.pk).what == "Two year groups"


def test_a_programme_ends_with_what_came_of_it_and_then_stands(bob: Person) -> None:
    made = a_programme(bob)
    with pytest.raises(SupportRefused, match="It is not said what came of it"):
        programmes.end_programme(actor=bob, programme=made, revision=1, outcome=" ", withdrawn=False)
    programmes.end_programme(actor=bob, programme=made, revision=1, outcome="Better.", withdrawn=False)
    with pytest.raises(SupportRefused, match="The programme is ended"):
        write(bob, made.steps.get(number=1), 1)


def test_the_school_writes_first_the_visitor_second_and_another_adviser_moderates(
    bob: Person, asha: Person, harriet: Person
) -> None:
    visit = a_visit(bob)
    visit = visits.write_school_part(actor=harriet, visit=visit, revision=1, answers=SAID, send=True)
    visit = sent_by_visitor(bob, visit)
    with pytest.raises(NoteRefused, match="yours is closed"):
        visits.write_school_part(actor=harriet, visit=visit, revision=3, answers=SAID, send=True)
    with pytest.raises(NoteRefused, match="another adviser moderates it"):
        visits.moderate(actor=bob, visit=visit, revision=3, agrees=True, said="")
    done = visits.moderate(actor=asha, visit=visit, revision=3, agrees=True, said="")
    assert done.note.stage.value == "Moderated"
    agreed = visits.agree_to_publish(actor=harriet, visit=done, revision=4)
    assert agreed.publish_agreed_at is not None
    assert [one.part for one in NoteVersion.objects.all()] == ["the school's part", "the visitor's part"]


def test_a_note_sent_back_is_a_draft_again_and_what_was_sent_is_kept(bob: Person, asha: Person) -> None:
    visit = sent_by_visitor(bob, a_visit(bob))
    with pytest.raises(SupportRefused, match="not said what is to be changed"):
        visits.moderate(actor=asha, visit=visit, revision=2, agrees=False, said="")
    back = visits.moderate(actor=asha, visit=visit, revision=2, agrees=False, said="Say where.")
    assert back.note.stage.value == "Sent back by the moderator"
    assert back.visitor_sent_at is None
    again = sent_by_visitor(bob, back)
    assert again.note.stage.value == "Waits for moderation"
    assert again.versions.count() == 2


def test_only_the_adviser_who_visited_writes_and_not_before_the_day(bob: Person, asha: Person) -> None:
    with pytest.raises(SupportRefused, match="Only the adviser who visited"):
        sent_by_visitor(asha, a_visit(bob))
    with pytest.raises(NoteRefused, match="cannot be written before"):
        sent_by_visitor(bob, a_visit(bob, on=timezone.localdate() + timedelta(days=1)))


def test_a_part_is_not_sent_empty_but_may_be_kept(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    with pytest.raises(SupportRefused, match="is not answered"):
        visits.write_school_part(actor=harriet, visit=visit, revision=1, answers={}, send=True)
    kept = visits.write_school_part(actor=harriet, visit=visit, revision=1, answers={}, send=False)
    assert kept.note.school_sent_on is None


def test_strangers_do_not_learn_that_a_visit_exists(bob: Person, charlie: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    with pytest.raises(Http404):
        visits.write_school_part(actor=charlie, visit=visit, revision=1, answers=SAID, send=True)
    with pytest.raises(Http404):
        a_programme(harriet)


def test_a_visit_moves_until_it_is_written_up(bob: Person) -> None:
    visit = a_visit(bob)
    plan = visits.Plan(visit.visit_on - timedelta(days=1), "Reading", Decimal(1))
    moved = visits.move_visit(actor=bob, visit=visit, revision=1, plan=plan)
    assert len(moved.visit_days) == 2
    sent_by_visitor(bob, moved)
    with pytest.raises(SupportRefused, match="The note is written"):
        visits.move_visit(actor=bob, visit=moved, revision=3, plan=plan)
    with pytest.raises(SupportRefused, match="The note stays"):
        visits.withdraw_visit(actor=bob, visit=moved, revision=3, reason="Ill")


def answer(actor: Person, visit: Visit, **changed: object) -> FollowUp:
    held = FollowUp.objects.get(visit=visit)
    given = {"due_on": held.due_on, "done_on": None, "came": ""} | changed
    return visits.answer_follow_up(
        actor=actor,
        visit=visit,
        number=1,
        revision=held.revision,
        **given,  # type: ignore[arg-type]
    )


def test_the_school_answers_for_its_own_actions_alone(bob: Person, harriet: Person) -> None:
    own, theirs = a_visit(bob), a_visit(bob, focus="Reading")
    a_follow_up(bob, own)
    a_follow_up(bob, theirs, "authority")
    today = timezone.localdate()
    with pytest.raises(SupportRefused, match="not said what came of it"):
        answer(harriet, own, done_on=today)
    assert answer(harriet, own, done_on=today, came="Books are marked.").done_on == today
    with pytest.raises(SupportRefused, match="The authority answers for this action"):
        answer(harriet, theirs, done_on=today, came="Done")
    with pytest.raises(SupportRefused, match="The day is agreed with the adviser"):
        answer(harriet, own, due_on=today + timedelta(days=90))


def test_an_action_is_not_due_before_its_visit(bob: Person) -> None:
    visit = a_visit(bob)
    with pytest.raises(SupportRefused, match="due before the visit"):
        a_follow_up(bob, visit, due=visit.visit_on - timedelta(days=1))


def test_support_is_brokered_within_what_a_school_offers(bob: Person) -> None:
    offer = an_offer(bob, days="3")
    brokered(bob, offer, days="2.5")
    with pytest.raises(SupportRefused, match="You ask for 1 day; the offer has"):
        brokered(bob, offer, days="1")
    with pytest.raises(SupportRefused, match="cannot be helped by itself"):
        brokered(bob, offer, OTHER_SCHOOL, days="0.5")
    with pytest.raises(ProgrammeRefused, match="Give days in halves"):
        brokered(bob, offer, days="0.3")


def test_days_not_used_in_the_end_can_be_given_to_others(bob: Person) -> None:
    offer = an_offer(bob, days="3")
    first = brokered(bob, offer, days="3")
    brokering.end_brokered(
        actor=bob,
        brokered=first,
        revision=1,
        ended_on=timezone.localdate(),
        used=Decimal(1),
        outcome="It was enough.",
    )
    assert brokering.days_left(offer) == 2


def test_a_headteacher_offers_for_the_own_school_alone(harriet: Person, charlie: Person) -> None:
    offer = an_offer(harriet, SCHOOL)
    with pytest.raises(Http404):
        an_offer(charlie, SCHOOL)
    with pytest.raises(Http404):
        brokering.withdraw_offer(actor=charlie, offer=offer, revision=1, reason="No")
    assert brokering.withdraw_offer(actor=harriet, offer=offer, revision=1, reason="Staff left").withdrawn_at


def test_more_days_than_allotted_are_told(bob: Person) -> None:
    school = School.objects.get(key=SCHOOL)
    today = timezone.localdate()
    brokering.allot(
        actor=bob, school=school, year="2026-27", adviser=bob, days=Decimal(1), why="", revision=0
    )
    for back in (5, 10):
        a_visit(bob, on=today - timedelta(days=back), days="1")
    a_visit(bob, on=today + timedelta(days=5), days="0.5")
    found = school_account(school, "2026-27", today)
    assert (found.rating, found.words) == ("Red", "2 of 1 day used: 1 day over")
    assert found.planned == Decimal("0.5")


def test_days_go_to_advisers_of_the_authority_alone(bob: Person, make_person: MakePerson) -> None:
    elsewhere = make_person("adviser", authority="822")
    with pytest.raises(SupportRefused, match="not of this authority"):
        brokering.allot(
            actor=bob,
            school=School.objects.get(key=SCHOOL),
            year="2026-27",
            adviser=elsewhere,
            days=Decimal(1),
            why="",
            revision=0,
        )


def test_the_ledger_joins_alert_visit_action_and_outcome(bob: Person) -> None:
    """Case 37, through what is stored."""
    alert = an_alert(bob, alike=(OTHER_SCHOOL,))
    visit = a_visit(bob, alert=alert)
    a_follow_up(bob, visit)
    alerts.record_outcome(
        actor=bob,
        alert=alert,
        revision=1,
        outcome=Outcome.IMPROVED,
        on=timezone.localdate(),
        source="Results of 2026",
    )
    held = {one.school: entry for one, entry in alerts.entries_of("826")}
    assert held[SCHOOL].verdict is Verdict.SUPPORTED
    assert (held[SCHOOL].visits, held[SCHOOL].actions) == (1, 1)
    assert held[OTHER_SCHOOL].like == str(alert.pk)
    assert teaching(held.values()).without_supported.counted == 0


def test_a_school_stands_once_on_a_list(bob: Person) -> None:
    an_alert(bob)
    with pytest.raises(SupportRefused, match="stands in the ledger for this list already"):
        an_alert(bob)
    an_alert(bob, days_ago=20)


def test_an_outcome_says_when_and_where_it_is_stated(bob: Person) -> None:
    alert = an_alert(bob, days_ago=20)
    today = timezone.localdate()
    for on, source, said in (
        (today, "", "not said where the outcome is stated"),
        (None, "Report", "between the decision date and today"),
        (today - timedelta(days=30), "Report", "between the decision date and today"),
    ):
        with pytest.raises(SupportRefused, match=said):
            alerts.record_outcome(
                actor=bob, alert=alert, revision=1, outcome=Outcome.DECLINED, on=on, source=source
            )


def test_every_change_is_in_the_trail_and_names_nobody(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    visits.write_school_part(actor=harriet, visit=visit, revision=1, answers=SAID, send=True)
    verbs = list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["support.plan_visit", "support.write_school_part"]
    assert "Mathematics" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def thirteen_schools() -> list[str]:
    """Thirteen schools of one phase, the likeliest to fall first: one more than can be visited."""
    keys = [f"1107{at:02d}" for at in range(13)]
    for key in keys:
        School.objects.create(
            key=key,
            current_urn=key,
            name=f"Canal School {key}",
            sort_name=key,
            authority=AUTHORITY,
            phase="Secondary",
            rank=Rank.OPEN,
        )
    return keys


def keep_list(keys: list[str], *, beats: bool = True) -> None:
    rows = [school_row(key, at + 1, 0.5 - at / 100) for at, key in enumerate(keys)]
    keep_scores(actor=None, authority=AUTHORITY, scores=scores(rows), evaluation=evaluation(beats=beats))


def test_the_latest_early_warning_list_is_entered_once_with_what_it_showed(bob: Person, home: Home) -> None:
    keys = thirteen_schools()
    keep_list(keys)
    authority = Authority.objects.get(number=AUTHORITY)
    assert alerts.enter_latest_list(actor=bob, authority=authority) == 12
    flagged = Alert.objects.filter(flagged=True)
    assert {one.school for one in flagged} == set(keys[:12])
    # The one school that was not flagged is a look-alike of one of them, not of all.
    assert [one.school for one in Alert.objects.filter(flagged=False)] == [keys[12]]
    label, words = flagged.get(school=keys[0]).shown[0]
    assert (label, "number 1 of 13 in the authority" in words) == ("What the list showed", True)
    with pytest.raises(SupportRefused, match="in the ledger already"):
        alerts.enter_latest_list(actor=bob, authority=authority)


def test_the_ledger_says_that_the_latest_list_is_entered_until_there_is_a_later_one(
    bob: Person, home: Home
) -> None:
    authority = Authority.objects.get(number=AUTHORITY)
    page, offer = reverse("support:ledger", args=[AUTHORITY]), "Enter the latest early-warning list"
    keys = thirteen_schools()
    keep_list(keys)
    assert offer in text_of(visitor(bob).get(page))
    alerts.enter_latest_list(actor=bob, authority=authority)
    said = text_of(visitor(bob).get(page))
    assert "list, as at 1 September 2017 (model A-2017-09-01), is in the ledger since" in said
    assert offer not in said
    keep_list([SCHOOL, *keys])
    assert offer in text_of(visitor(bob).get(page)), "another school is among the first now"


def test_a_list_without_scores_is_not_entered(bob: Person, home: Home) -> None:
    authority = Authority.objects.get(number=AUTHORITY)
    with pytest.raises(SupportRefused, match="No early-warning list is kept yet"):
        alerts.enter_latest_list(actor=bob, authority=authority)
    keep_list(thirteen_schools(), beats=False)
    with pytest.raises(SupportRefused, match="no better than a list by intake alone"):
        alerts.enter_latest_list(actor=bob, authority=authority)


def test_a_form_that_is_sent_twice_makes_one_thing(bob: Person) -> None:
    visit = a_visit(bob)
    with pytest.raises(SupportRefused, match="You have planned this visit already"):
        a_visit(bob)
    a_follow_up(bob, visit)
    with pytest.raises(SupportRefused, match="This action is on the list already"):
        a_follow_up(bob, visit)
    offer = an_offer(bob)
    with pytest.raises(SupportRefused, match="The school offers this already"):
        an_offer(bob)
    brokered(bob, offer)
    with pytest.raises(SupportRefused, match="This support is agreed already"):
        brokered(bob, offer)
    assert (Visit.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_nothing_begins_at_a_school_that_has_closed(bob: Person) -> None:
    School.objects.filter(key=SCHOOL).update(rank=Rank.CLOSED)
    offer = an_offer(bob)
    for begin in (a_visit, a_programme, lambda actor: brokered(actor, offer)):
        with pytest.raises(SupportRefused, match="Grand Union School is not open"):
            begin(bob)


def test_a_slip_in_the_year_of_a_visit_is_told(bob: Person) -> None:
    with pytest.raises(SupportRefused, match="24 November 2062 is more than two years ahead"):
        a_visit(bob, on=date(2062, 11, 24))


def test_days_outside_an_offer_are_told_with_its_days(bob: Person) -> None:
    offer = an_offer(bob)
    before = timezone.localdate() - timedelta(days=1)
    agreed = brokering.Agreement(Decimal(1), before, timezone.localdate(), "Teach it alike")
    with pytest.raises(SupportRefused, match="The offer runs from 24 November 2026 to 24 November 2027"):
        brokering.broker(actor=bob, school=School.objects.get(key=SCHOOL), offer=offer, agreed=agreed)
