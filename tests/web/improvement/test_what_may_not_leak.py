"""Concerns and early warning, tried by somebody who wants to know more than is theirs, or to decide alone.

The trail is read by administrators, who are shown no school causing concern: it may not name one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.improvement import concerns
from redway.web.improvement.changing import ChangedMeanwhile, ConcernRefused
from redway.web.improvement.concerns import ground_of
from redway.web.improvement.held_back import HeldBack
from redway.web.improvement.intelligence import withdraw_intelligence
from redway.web.improvement.models import Concern, ConcernEntry, Intelligence, TriageMeeting, TriageName
from redway.web.improvement.support import alerts, brokering
from redway.web.improvement.triage import begin_meeting, decide_on, name_school, seal_own_list, take_off
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role, ScopeKind
from redway.web.register.models import Authority, School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import AUTHORITY, OTHER_SCHOOL, SCHOOL, decided, kept, known, sealed
from web.improvement.reviews.some_reviews import begun as review_begun
from web.improvement.support.some_support import a_programme, an_alert, an_offer, brokered
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]


@pytest.fixture(autouse=True)
def school() -> School:
    return register()


def begun(actor: Person) -> TriageMeeting:
    place = Authority.objects.get(number=AUTHORITY)
    return begin_meeting(actor=actor, authority=place, on=timezone.localdate())


def address(name: str, *parts: object) -> str:
    return reverse(f"improvement:{name}", args=parts)


def test_the_trail_says_of_no_school_that_it_causes_concern_and_not_why(
    school: School, bob: Person, dana: Person
) -> None:
    withdraw_intelligence(actor=bob, held=known(bob), school=school, because="untrue")
    found = decided(bob, dana)
    concerns.close(actor=dana, concern=found, school=school, revision=found.revision, reasons="Better.")
    meeting = begun(dana)
    other = School.objects.get(key=OTHER_SCHOOL)
    for one in (school, other):
        name_school(actor=dana, meeting=meeting, school=one, why="acting_head")
    take_off(actor=dana, meeting=meeting, school=OTHER_SCHOOL)
    meeting.refresh_from_db()
    held = seal_own_list(actor=dana, meeting=meeting, revision=meeting.revision)
    decide_on(
        actor=dana,
        meeting=held,
        school=SCHOOL,
        revision=held.revision,
        outcome="visit",
        reasons="So.",
        by_day=None,
    )
    a_programme(bob, code="intensifying-support")
    brokered(bob, an_offer(bob))
    an_alert(bob, alike=(OTHER_SCHOOL,))
    review_begun(bob, SCHOOL)
    told = AuditEntry.objects.exclude(verb__in=("support.offer", "concern.read"))
    verbs = {one.verb for one in told}
    assert {"concern.decide", "triage.name", "support.start_programme", "review.begin"} <= verbs
    for entry in told:
        for secret in (SCHOOL, OTHER_SCHOOL, '"concern"', "acting_head", "untrue", "visit", "intensifying"):
            assert secret not in entry.details + entry.subject_id, (entry.verb, secret)


LOOKS: list[tuple[str, str, Callable[[dict[str, Any]], list[object]]]] = [
    ("early_warning", "early_warning.read", lambda made: [AUTHORITY]),
    ("score_set", "early_warning.read", lambda made: [made["set"]]),
    ("list_table", "early_warning.read", lambda made: [made["set"], "csv"]),
    ("school", "early_warning.read", lambda made: [SCHOOL]),
    ("triage_meeting", "triage.read", lambda made: [made["meeting"]]),
    ("triage_table", "triage.read", lambda made: [made["meeting"], "csv"]),
    ("triggers", "concern.read", lambda made: [AUTHORITY]),
    ("triggers_table", "concern.read", lambda made: [AUTHORITY, "csv"]),
]


@pytest.mark.parametrize(("name", "verb", "parts"), LOOKS, ids=[one[0] for one in LOOKS])
def test_every_look_at_scores_and_at_a_triage_meeting_is_in_the_trail(
    dana: Person, name: str, verb: str, parts: Callable[[dict[str, Any]], list[object]]
) -> None:
    made = {"set": kept().pk, "meeting": sealed(dana, SCHOOL).pk}
    assert visitor(dana).get(address(name, *parts(made))).status_code == 200
    assert AuditEntry.objects.filter(verb=verb, actor=dana, sensitive_read=True).count() == 1


def test_the_systems_list_is_shown_nowhere_while_officers_write_their_own(
    bob: Person, dana: Person, school: School
) -> None:
    held = kept()
    meeting = begun(dana)
    for person in (bob, dana):
        for name, parts in (
            ("early_warning", (AUTHORITY,)),
            ("score_set", (held.pk,)),
            ("school", (SCHOOL,)),
            ("concerns", (AUTHORITY,)),
            ("propose", (SCHOOL,)),
            ("concern", (SCHOOL,)),
        ):
            said = text_of(visitor(person).get(address(name, *parts)))
            assert "far above schools of like intake" not in said, name
            assert "57%" not in said, name
            assert "look first;" not in said, name
        assert visitor(person).get(address("list_table", held.pk, "csv")).status_code == 404
    assert ground_of(school, timezone.localdate()).alert is None
    told = text_of(visitor(bob).get(address("early_warning", AUTHORITY)))
    assert "own list for the triage meeting of 24 November 2026 is being written" in told
    with pytest.raises(HeldBack):
        alerts.enter_latest_list(actor=bob, authority=Authority.objects.get(number=AUTHORITY))
    name_school(actor=dana, meeting=meeting, school=school, why="figures")
    meeting.refresh_from_db()
    visitor(dana).post(address("triage_seal", meeting.pk), {"revision": str(meeting.revision)})
    assert "far above schools of like intake" in text_of(
        visitor(bob).get(address("early_warning", AUTHORITY))
    )


def test_nobody_decides_on_a_school_they_lead_or_govern(
    make_person: Callable[..., Person], dana: Person, bob: Person, school: School
) -> None:
    """A headteacher who is an adviser too; a director who is chair of governors."""
    both = make_person("headteacher", full_name="Sam Second", email="sam@example.org", school=SCHOOL)
    Grant.objects.create(
        person=both,
        role=Role.ADVISER,
        scope_kind=ScopeKind.AUTHORITY,
        scope_key=AUTHORITY,
        authority=AUTHORITY,
        first_day=date(2020, 9, 1),
    )
    with pytest.raises(ConcernRefused, match="your own school"):
        concerns.propose(actor=both, school=school, revision=0, category="watch", reasons="Lightly.")
    found = decided(bob, dana)
    with pytest.raises(ConcernRefused, match="your own school"):
        concerns.close(actor=both, concern=found, school=school, revision=found.revision, reasons="Better.")
    with pytest.raises(ConcernRefused, match="your own school"):
        concerns.decide(
            actor=both,
            concern=found,
            school=school,
            revision=found.revision,
            category="watch",
            reasons="Better.",
            review_on=None,
        )
    assert Concern.objects.get().category == "concern"


def test_an_answer_to_a_decision_that_was_changed_meanwhile_is_kept_back(
    bob: Person, dana: Person, harriet: Person, school: School
) -> None:
    found = decided(bob, dana)
    page = text_of(visitor(harriet).get(address("own_answer", SCHOOL)))
    assert f'name="revision" value="{found.revision}"' in page
    better = {"school": school, "category": "watch", "reasons": "It has become better."}
    made = concerns.propose(actor=bob, revision=found.revision, **better)
    concerns.decide(actor=dana, concern=made, revision=made.revision, review_on=None, **better)
    sent = {"words": "We see it otherwise.", "revision": str(found.revision)}
    again = text_of(visitor(harriet).post(address("own_answer", SCHOOL), sent))
    assert "Somebody has changed this since you opened the page" in again
    assert "We see it otherwise." in again
    assert not ConcernEntry.objects.filter(kind="answered").exists()
    with pytest.raises(ChangedMeanwhile):
        concerns.answer(actor=harriet, concern=found, school=school, revision=1, words="So.")


def test_a_change_whose_entry_cannot_be_written_does_not_happen(
    monkeypatch: pytest.MonkeyPatch, bob: Person, dana: Person, harriet: Person, school: School
) -> None:
    found, meeting = decided(bob, dana), begun(dana)
    written = known(bob)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(audit, "record", broken)
    for step in (
        lambda: known(bob, kind="complaints", number=3),
        lambda: withdraw_intelligence(actor=bob, held=written, school=school, because="error"),
        lambda: concerns.close(
            actor=dana, concern=found, school=school, revision=found.revision, reasons="Better."
        ),
        lambda: concerns.answer(
            actor=harriet, concern=found, school=school, revision=found.revision, words="No."
        ),
        lambda: name_school(actor=dana, meeting=meeting, school=school, why="figures"),
        lambda: an_offer(bob),
        lambda: a_programme(bob),
        lambda: review_begun(bob, SCHOOL),
    ):
        with pytest.raises(RuntimeError):
            step()
    found.refresh_from_db()
    assert found.closed_at is None
    assert Intelligence.objects.filter(withdrawn_at=None).count() == 1
    assert not ConcernEntry.objects.filter(kind__in=("answered", "closed")).exists()
    assert not TriageName.objects.exists()
    assert not brokering.Offer.objects.exists()


def test_a_school_of_another_authority_is_no_choice_on_any_form(bob: Person, dana: Person) -> None:
    """Sent with a number the page does not offer."""
    School.objects.filter(key=OTHER_SCHOOL).update(authority="822")
    meeting = begun(dana)
    sent = {"school": OTHER_SCHOOL, "why": "figures"}
    said = text_of(visitor(dana).post(address("triage_name", meeting.pk), sent))
    assert "is not one of the available choices" in said
    assert not TriageName.objects.exists()
    for name, field in (("support:alert_new", "school"), ("reviews:begin", "school")):
        said = text_of(visitor(bob).post(reverse(name, args=[AUTHORITY]), {field: OTHER_SCHOOL}))
        assert "is not one of the available choices" in said, name


def test_a_headteacher_who_has_left_for_another_school_finds_nothing_of_the_first(
    make_person: Callable[..., Person], bob: Person, dana: Person
) -> None:
    left = make_person("headteacher", email="left@example.org", school=SCHOOL, last_day=date(2026, 8, 31))
    Grant.objects.create(
        person=left,
        role=Role.HEADTEACHER,
        scope_kind=ScopeKind.SCHOOL,
        scope_key=OTHER_SCHOOL,
        authority=AUTHORITY,
        first_day=date(2026, 9, 1),
    )
    decided(bob, dana)
    browser = visitor(left)
    assert browser.get(address("own_school", OTHER_SCHOOL)).status_code == 200
    assert browser.get(address("own_school", SCHOOL)).status_code == 404
    for answered in (browser.get, browser.post):
        assert answered(address("own_answer", SCHOOL), {"words": "Still mine."}).status_code == 404
    assert "Grand Union" not in text_of(browser.get(reverse("improvement:index")))


@pytest.mark.parametrize("name", ["early_warning", "concerns", "triggers"])
def test_no_page_of_concerns_is_kept_by_a_browser_or_on_the_way(bob: Person, name: str) -> None:
    kept()
    assert "no-store" in visitor(bob).get(address(name, AUTHORITY))["Cache-Control"]


def test_a_form_that_says_nothing_of_what_was_seen_changes_nothing(
    bob: Person, dana: Person, school: School
) -> None:
    """Sent without the number of changes that the page carries."""
    found = decided(bob, dana)
    sent = {"agreed": "yes", "category": "watch", "reasons": "Better."}
    said = text_of(visitor(dana).post(address("decide", found.pk), sent))
    assert "Somebody has changed this since you opened the page" in said
    programme = a_programme(bob)
    end = reverse("support:programme_end", args=[programme.pk])
    visitor(bob).post(end, {"how": "ended", "outcome": "Done."})
    programme.refresh_from_db()
    assert programme.state == "running"
    assert Concern.objects.get().category == "concern"
