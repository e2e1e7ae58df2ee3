"""From a target to a visit, an action and an outturn: on the pages of improvement and in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from redway.attainment.target_record import Concern, Decision
from redway.improvement.ledger import Outcome
from redway.improvement.target_ledger import Reached, Why
from redway.web.attainment.models import Target, TargetOutturn
from redway.web.attainment.targets.measures import measure_of
from redway.web.attainment.targets.services import Reached as Recorded
from redway.web.attainment.targets.services import Ruling, decide_target, record_outturn
from redway.web.attainment.targets.told import not_met_since, waiting_for_adviser
from redway.web.audit.models import AuditEntry
from redway.web.improvement.support import alerts
from redway.web.improvement.support.changing import SupportRefused
from redway.web.improvement.support.models import Alert, Visit
from redway.web.improvement.support.target_lines import (
    enter_target,
    origins_of,
    target_lines_in,
    targets_to_choose,
)
from redway.web.people.models import Person
from redway.web.register.models import School
from web.attainment.stored_targets import NOON, stored_target
from web.funding.deficits.a_deficit import register
from web.improvement.support.some_support import (
    AUTHORITY,
    OTHER_SCHOOL,
    SCHOOL,
    a_follow_up,
    a_visit,
    an_alert,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]
CLAIM = "It can do more."


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


def doubted(bob: Person, school: str = SCHOOL, **more: Any) -> Target:
    """A target of 64% that the adviser thinks too low."""
    target = stored_target(bob, school, **more)
    ruling = Ruling(Decision.WITH_RESERVATION, CLAIM, Concern.TOO_LOW)
    return decide_target(actor=bob, target=target, revision=1, ruling=ruling, now=NOON)


def reached(bob: Person, target: Target, value: float) -> Target:
    outturn = Recorded(value, target.cohort, "The school's own results")
    return record_outturn(
        actor=bob,
        target=target,
        revision=target.revision,
        measure=measure_of(target.measure),
        reached=outturn,
        now=timezone.now(),
    )


def not_met(bob: Person, school: str = SCHOOL, **more: Any) -> Target:
    target = stored_target(bob, school, year="2025-26", **more)
    decided = decide_target(actor=bob, target=target, revision=1, ruling=Ruling(Decision.AGREED), now=NOON)
    return reached(bob, decided, 50.0)


def plan(bob: Person, target: Target, why: str) -> None:
    """Plan a visit of today from the link beside the target."""
    address = f"{reverse('support:visit_plan', args=[SCHOOL])}?alert=target:{why}:{target.pk}"
    browser = visitor(bob)
    assert f'value="target:{why}:{target.pk}" selected' in text_of(browser.get(address))
    today = timezone.localdate()
    sent = {
        "focus": "Mathematics",
        "days": "0.5",
        "alert": f"target:{why}:{target.pk}",
        "visit_on_day": str(today.day),
        "visit_on_month": str(today.month),
        "visit_on_year": str(today.year),
    }
    assert browser.post(address, sent).status_code == 302


def test_target_visit_action_outturn(bob: Person, harriet: Person, clock: Any) -> None:
    target = doubted(bob)
    plan(bob, target, "doubted")
    visit = Visit.objects.get()
    assert visit.alert is not None
    a_follow_up(bob, visit)
    (line,) = target_lines_in(AUTHORITY)
    assert (line.entry.why, line.entry.reached) == (Why.DOUBTED, Reached.NOT_KNOWN)
    assert (line.entry.visits, line.entry.actions, line.entry.is_supported) == (1, 1, True)
    shown = text_of(visitor(harriet).get(reverse("support:visit", args=[visit.pk])))
    assert "Target agreed with reservation: Maths, grade 5 or above, summer 2027" in shown
    clock.move(timedelta(days=300))
    reached(bob, target, 70.0)
    (line,) = target_lines_in(AUTHORITY)
    assert line.entry.reached is Reached.MET
    page = text_of(visitor(bob).get(reverse("support:ledger", args=[AUTHORITY])))
    assert "0 alerts and 1 target that were doubted or not met: 1 led to a visit, 1 to help" in page
    assert "Doubted, then met, with help" in page
    assert "1 of 1 (100%, between 21% and 100%)" in page
    one = text_of(visitor(bob).get(reverse("support:alert", args=[visit.alert_id])))
    assert "The target as it stands now" in one
    assert "Record what became of the school" not in one
    # What was said of it when the visit was planned is kept as it was.
    assert "Target of 64.0%. Agreed with reservation. The target is too low." in one


def test_a_target_not_met_is_followed_to_the_next_target(bob: Person) -> None:
    missed = not_met(bob)
    plan(bob, missed, "not_met")
    following = doubted(bob, year="2026-27")
    (first, second) = sorted(target_lines_in(AUTHORITY), key=lambda line: line.entry.why.name)
    assert (first.entry.why, second.entry.why) == (Why.DOUBTED, Why.NOT_MET)
    assert second.entry.reached is Reached.NOT_KNOWN
    reached(bob, following, 80.0)
    second = next(line for line in target_lines_in(AUTHORITY) if line.entry.why is Why.NOT_MET)
    assert second.entry.reached is Reached.MET


def test_what_is_done_once_the_outturn_is_known_is_no_help_towards_it(bob: Person, clock: Any) -> None:
    target = doubted(bob)
    (origin,) = origins_of(School.objects.get(key=SCHOOL))
    reached(bob, target, 70.0)
    clock.move(timedelta(days=5))
    assert origins_of(School.objects.get(key=SCHOOL)) == (), "no visit follows from a doubt any more"
    a_visit(bob, alert=enter_target(actor=bob, school=School.objects.get(key=SCHOOL), origin=origin))
    (line,) = target_lines_in(AUTHORITY)
    assert (line.entry.visits, line.entry.reached) == (0, Reached.MET)


def test_a_target_stands_in_the_ledger_once_and_is_told_in_the_trail(bob: Person) -> None:
    target = doubted(bob)
    school = School.objects.get(key=SCHOOL)
    assert targets_to_choose(school) == [
        (
            f"target:doubted:{target.pk}",
            "Target agreed with reservation: Maths, grade 5 or above, summer 2027",
        )
    ]
    plan(bob, target, "doubted")
    assert targets_to_choose(school) == []
    line = Alert.objects.get()
    choose = reverse("support:visit_plan", args=[SCHOOL]) + f"?alert=target:doubted:{target.pk}"
    assert f'value="{line.pk}" selected' in text_of(visitor(bob).get(choose)), "the link finds its line"
    entry = AuditEntry.objects.get(verb="support.enter_target")
    assert CLAIM not in entry.details


def test_a_target_neither_doubted_nor_missed_is_no_origin(bob: Person) -> None:
    target = stored_target(bob, SCHOOL)
    assert origins_of(School.objects.get(key=SCHOOL)) == ()
    page = visitor(bob).get(
        f"{reverse('support:visit_plan', args=[SCHOOL])}?alert=target:doubted:{target.pk}"
    )
    assert str(target.pk) not in text_of(page)


def test_the_outturn_is_recorded_in_the_target_and_nowhere_else(bob: Person) -> None:
    plan(bob, doubted(bob), "doubted")
    with pytest.raises(SupportRefused, match="What became of a target is its outturn"):
        alerts.record_outcome(
            actor=bob,
            alert=Alert.objects.get(),
            revision=1,
            outcome=Outcome.IMPROVED,
            on=timezone.localdate(),
            source="Report",
        )


def test_case_43_what_small_cohorts_reached_is_in_no_list(bob: Person) -> None:
    not_met(bob, cohort=9)
    doubted(bob, OTHER_SCHOOL, cohort=10)
    table = reverse("support:target_ledger_table", args=[AUTHORITY, "json"])
    rows = visitor(bob).get(table).json()["rows"]
    assert [row["why"] for row in rows] == ["Agreed with reservation, or not agreed"]
    assert "Not met" not in str(rows)


def test_a_withdrawn_visit_was_no_visit(bob: Person) -> None:
    from redway.web.improvement.support import visits

    visit = a_visit(bob, alert=an_alert(bob))
    visits.withdraw_visit(actor=bob, visit=visit, revision=1, reason="Snow")
    plan(bob, doubted(bob), "doubted")
    other = Visit.objects.get(withdrawn_at=None)
    visits.withdraw_visit(actor=bob, visit=other, revision=1, reason="Snow")
    assert [entry.visits for _, entry in alerts.entries_of(AUTHORITY)] == [0]
    assert [line.entry.visits for line in target_lines_in(AUTHORITY)] == [0]


def test_where_targets_stand_is_on_the_schools_pages(bob: Person, harriet: Person) -> None:
    doubted(bob)
    own = text_of(visitor(harriet).get(reverse("improvement:own_school", args=[SCHOOL])))
    rooms = ("improvement:concern", "support:school")
    theirs = [text_of(visitor(bob).get(reverse(name, args=[SCHOOL]))) for name in rooms]
    for page in (own, *theirs):
        assert "Maths, grade 5 or above, summer 2027" in page
        assert "Agreed with reservation. The target is too low." in page
        assert "Waits for the headteacher, chair of governors and adviser to verify it" in page
    assert "?alert=target:doubted:" not in own, "a headteacher plans no visit"
    assert all("?alert=target:doubted:" in page for page in theirs)


def test_home_and_the_index_tell_the_adviser_what_waits(bob: Person, dana: Person, clock: Any) -> None:
    stored_target(bob, SCHOOL)
    doubted(bob, OTHER_SCHOOL)
    assert waiting_for_adviser(bob, AUTHORITY) == 2, "one to challenge or agree, one to verify"
    assert waiting_for_adviser(dana, AUTHORITY) == 0
    assert "2 targets wait for the adviser." in text_of(visitor(bob).get(reverse("improvement:index")))
    missed = not_met(bob, measure="ks4-attainment8")
    home = text_of(visitor(bob).get("/"))
    assert "Grand Union School: target not met" in home
    assert f"?alert=target:not_met:{missed.pk}" in home
    plan(bob, missed, "not_met")
    assert "target not met" not in text_of(visitor(bob).get("/"))


def test_a_year_that_is_over_asks_for_its_outturn(bob: Person) -> None:
    target = stored_target(bob, SCHOOL, year="2025-26")
    decide_target(actor=bob, target=target, revision=1, ruling=Ruling(Decision.AGREED), now=NOON)
    assert "The year is over: record the outturn." in text_of(visitor(bob).get("/"))


@pytest.mark.parametrize(("value", "below"), [(63.9, 1), (63.96, 0), (64.0, 0)])
def test_not_met_means_below_to_one_decimal_place(bob: Person, value: float, below: int) -> None:
    target = not_met(bob)
    TargetOutturn.objects.filter(target=target).update(value=value)
    since = timezone.localdate() - timedelta(days=1)
    assert len(not_met_since(AUTHORITY, since)) == below
    assert len(origins_of(School.objects.get(key=SCHOOL))) == below


MakePerson = Callable[..., Person]


def test_a_stranger_learns_nothing_of_the_ledger_of_targets(bob: Person, make_person: MakePerson) -> None:
    doubted(bob)
    elsewhere = make_person("adviser", authority="822")
    table = reverse("support:target_ledger_table", args=[AUTHORITY, "csv"])
    assert visitor(elsewhere).get(table).status_code == 404
