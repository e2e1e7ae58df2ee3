"""Triage meetings: own list first, sealed; both side by side; a decision on each; closed with a hash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.triage import TriageRefused
from redway.web.audit.models import AuditEntry
from redway.web.improvement.changing import ChangedMeanwhile
from redway.web.improvement.models import TriageMeeting, TriageName
from redway.web.improvement.seen_before import seen_words
from redway.web.improvement.support.changing import SupportRefused
from redway.web.improvement.support.models import Alert, Visit
from redway.web.improvement.support.triage_visits import enter_triage
from redway.web.improvement.triage import (
    begin_meeting,
    close_meeting,
    decide_on,
    name_school,
    seal_own_list,
    sides_of,
    take_off,
    unchanged,
)
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import AUTHORITY, OTHER_SCHOOL, SCHOOL, kept, school_row, scores, sealed
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]


@pytest.fixture(autouse=True)
def school() -> School:
    return register()


def begun(actor: Person) -> TriageMeeting:
    return begin_meeting(
        actor=actor, authority=Authority.objects.get(number=AUTHORITY), on=timezone.localdate()
    )


def decision(actor: Person, meeting: TriageMeeting, school: str, **changed: Any) -> None:
    meeting.refresh_from_db()
    given = {"outcome": "visit", "reasons": "Both lists name it.", "by_day": None} | changed
    decide_on(actor=actor, meeting=meeting, school=school, revision=meeting.revision, **given)
    meeting.refresh_from_db()


def test_the_systems_list_is_taken_up_only_at_sealing(dana: Person) -> None:
    kept()
    meeting = begun(dana)
    assert meeting.systems == {}
    with pytest.raises(TriageRefused, match="not sealed yet"):
        decision(dana, meeting, SCHOOL)
    name_school(actor=dana, meeting=meeting, school=School.objects.get(key=OTHER_SCHOOL), why="visit")
    meeting.refresh_from_db()
    found = seal_own_list(actor=dana, meeting=meeting, revision=meeting.revision)
    assert found.systems["first"] == [SCHOOL, OTHER_SCHOOL]
    assert found.systems["insufficient"][0][1] == "Newt Lane Primary School"
    assert sides_of(found).agreement.only_system == (SCHOOL,)


def test_a_sealed_list_cannot_be_changed(dana: Person) -> None:
    meeting = sealed(dana, SCHOOL)
    for step in (
        lambda: name_school(
            actor=dana, meeting=meeting, school=School.objects.get(key=OTHER_SCHOOL), why="visit"
        ),
        lambda: take_off(actor=dana, meeting=meeting, school=SCHOOL),
    ):
        with pytest.raises(TriageRefused, match="own list is sealed"):
            step()
    assert unchanged(meeting)
    TriageName.objects.update(why="visit")
    assert not unchanged(meeting), "a change outside the pages shows"


def test_two_officers_write_one_list_and_an_empty_one_is_not_sealed(dana: Person, bob: Person) -> None:
    meeting = begun(dana)
    with pytest.raises(TriageRefused, match="0 schools are on the list"):
        seal_own_list(actor=dana, meeting=meeting, revision=meeting.revision)
    own, other = School.objects.get(key=SCHOOL), School.objects.get(key=OTHER_SCHOOL)
    name_school(actor=dana, meeting=meeting, school=own, why="figures")
    name_school(actor=bob, meeting=meeting, school=other, why="acting_head")
    with pytest.raises(TriageRefused, match="is on the list"):
        name_school(actor=bob, meeting=meeting, school=own, why="figures")
    with pytest.raises(ChangedMeanwhile, match="2 schools are on the own list"):
        seal_own_list(actor=dana, meeting=meeting, revision=meeting.revision)


def test_a_meeting_closes_when_every_school_has_a_decision(dana: Person) -> None:
    kept()
    meeting = sealed(dana, SCHOOL)
    decision(dana, meeting, SCHOOL)
    with pytest.raises(TriageRefused, match="1 school has no decision"):
        close_meeting(actor=dana, meeting=meeting, revision=meeting.revision)
    decision(dana, meeting, OTHER_SCHOOL, outcome="nothing", reasons="Visited last week.")
    closed = close_meeting(actor=dana, meeting=meeting, revision=meeting.revision)
    assert unchanged(closed)
    assert closed.closed_hash in AuditEntry.objects.get(verb="triage.close").details
    with pytest.raises(TriageRefused, match="is closed"):
        decision(dana, meeting, SCHOOL)
    closed.decisions.filter(school=SCHOOL).update(reasons="Something else.")
    assert not unchanged(closed)


def test_what_was_shown_stays_when_scores_are_kept_anew(dana: Person) -> None:
    from redway.web.improvement.score_sets import keep_scores
    from web.improvement.an_early_warning import evaluation

    kept()
    meeting = sealed(dana, SCHOOL)
    keep_scores(
        actor=None,
        authority=AUTHORITY,
        scores=scores([school_row(OTHER_SCHOOL, 1, 0.9)]),
        evaluation=evaluation(),
    )
    meeting.refresh_from_db()
    assert meeting.systems["first"] == [SCHOOL, OTHER_SCHOOL]


def test_where_no_score_may_be_shown_the_meeting_says_why(dana: Person) -> None:
    kept(beats=False)
    meeting = sealed(dana, SCHOOL)
    assert "no better than a list by intake alone" in meeting.systems["why_none"]
    assert sides_of(meeting).schools == (SCHOOL,)


def test_one_meeting_at_a_time_and_only_by_those_who_may(dana: Person, harriet: Person) -> None:
    begun(dana)
    with pytest.raises(TriageRefused, match="A triage meeting is open"):
        begun(dana)
    with pytest.raises(Http404):
        begun(harriet)


def test_whoever_had_opened_the_systems_list_before_is_told_from_the_trail(
    dana: Person, bob: Person, clock: Any
) -> None:
    """The own list says most where nobody had seen the ranking: the page says honestly who had."""
    kept()
    clock.move(timedelta(days=1))
    visitor(bob).get(reverse("improvement:early_warning", args=[AUTHORITY]))
    clock.move(timedelta(days=1))
    meeting = begun(dana)
    clock.move(timedelta(minutes=5))
    visitor(dana).get(reverse("improvement:early_warning", args=[AUTHORITY]))  # held back: nothing was shown
    for actor, key in ((dana, OTHER_SCHOOL), (bob, SCHOOL)):
        name_school(actor=actor, meeting=meeting, school=School.objects.get(key=key), why="visit")
    meeting.refresh_from_db()
    found = seal_own_list(actor=dana, meeting=meeting, revision=meeting.revision)
    assert found.systems["opened"] == {"since_kept": [bob.pk], "that_day": []}
    said = text_of(visitor(dana).get(reverse("improvement:triage_meeting", args=[meeting.pk])))
    assert "Of those who wrote the own list (2 officers) Bob Baker had opened these scores before" in said
    assert "none on the same day" in said
    assert "a copy that was printed or saved is not in the trail" in said


def test_where_nobody_had_opened_it_that_is_said(dana: Person) -> None:
    kept()
    meeting = sealed(dana, SCHOOL)
    assert seen_words(meeting) == (
        "Of those who wrote the own list (1 officer) nobody had opened these scores before."
    )


def test_a_decision_to_visit_leads_to_planning_it_with_the_origin_chosen(bob: Person, dana: Person) -> None:
    kept()
    meeting = sealed(dana, SCHOOL)
    decision(dana, meeting, SCHOOL)
    decision(dana, meeting, OTHER_SCHOOL, outcome="watch")
    page = reverse("improvement:triage_meeting", args=[meeting.pk])
    plan = f"{reverse('support:visit_plan', args=[SCHOOL])}?alert=triage%3A{meeting.pk}"
    said = text_of(visitor(bob).get(page))
    assert f'href="{plan}">Plan the visit</a>' in said
    assert said.count("Plan the visit") == 1, "the other school is only watched"
    seen_by_dana = text_of(visitor(dana).get(page))
    assert "Not planned yet" in seen_by_dana, "a director plans no visits"
    assert "Plan the visit" not in seen_by_dana

    form = text_of(visitor(bob).get(plan))
    assert f'value="triage:{meeting.pk}" selected' in form
    day = timezone.localdate() + timedelta(days=9)
    typed = {
        "visit_on_day": str(day.day),
        "visit_on_month": str(day.month),
        "visit_on_year": str(day.year),
        "focus": "Mathematics",
        "days": "0.5",
        "alert": f"triage:{meeting.pk}",
    }
    assert visitor(bob).post(plan, typed).status_code == 302
    line = Alert.objects.get(source="concern")
    assert (line.school, line.decision, line.concern) == (SCHOOL, meeting.on, str(meeting.pk))
    assert ["Decided", "Visit the school: Both lists name it."] in line.shown
    assert Visit.objects.get(alert=line).visit_on == day
    assert AuditEntry.objects.get(verb="support.enter_triage").subject_id == str(line.pk)
    said = text_of(visitor(bob).get(page))
    assert f"Planned for {day_in_words(day)}" in said
    assert "Plan the visit" not in said
    assert unchanged(meeting), "what follows from a meeting changes nothing of it"


def test_no_visit_follows_from_a_meeting_that_decided_on_none(bob: Person, dana: Person) -> None:
    kept()
    meeting = sealed(dana, SCHOOL)
    decision(dana, meeting, SCHOOL)
    decision(dana, meeting, SCHOOL, outcome="nothing")
    school = School.objects.get(key=SCHOOL)
    with pytest.raises(SupportRefused, match="did not decide to visit this school"):
        enter_triage(actor=bob, school=school, code=f"triage:{meeting.pk}")
    assert "triage:" not in text_of(visitor(bob).get(reverse("support:visit_plan", args=[SCHOOL])))
