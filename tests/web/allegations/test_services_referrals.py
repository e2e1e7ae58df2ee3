"""Referring: drafts, what must be known, who receives it, and the rules it keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404

from redway.allegations.clocks import State, day_of
from redway.allegations.told import Answer, Party
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.answers import ReferralRefusedError, not_known
from redway.web.allegations.models import (
    Barred,
    Capacity,
    Case,
    CaseState,
    Draft,
    Engagement,
    LocalProfile,
    Named,
    Subject,
)
from redway.web.allegations.names import words_of
from redway.web.allegations.queries import case_view, clocks_of
from redway.web.allegations.services import referrals
from redway.web.allegations.services.changing import ChangedMeanwhileError, ChangeRefusedError
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import ANSWERS, KNOWN, NOON, REFERRED, again, done, referred

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]


def test_a_headteacher_refers_and_the_designated_officers_are_named(
    harriet: Person, leah: Person, make_person: MakePerson
) -> None:
    deputy, stranger = make_person("deputy_lado"), make_person("lado", authority="822")
    case = referred(harriet)
    named = {(one.person_id, one.capacity, one.leads) for one in Named.objects.filter(case=case)}
    assert named == {
        (leah.pk, Capacity.OFFICER, True),
        (deputy.pk, Capacity.OFFICER, False),
        (harriet.pk, Capacity.REFERRER, False),
    }
    assert (case.state, case.authority, case.edition) == (CaseState.ARRIVED, "826", "national-2020")
    assert list(cases_open_to(harriet, NOON, "allegation.follow")) == [case]
    assert not cases_open_to(harriet, NOON).exists()
    assert not cases_open_to(stranger, NOON).exists()
    entry = AuditEntry.objects.get(verb="allegation.refer")
    assert entry.subject_id == case.key
    assert "Example" not in entry.details


def test_it_is_opened_to_those_the_local_profile_names_and_keeps_its_rules(
    harriet: Person, leah: Person, make_person: MakePerson
) -> None:
    deputy = make_person("deputy_lado")
    profile = LocalProfile.objects.create(authority="826", profile="sefton")
    profile.receiving.add(deputy)
    case = referred(harriet)
    assert [one.person for one in case.named.filter(capacity=Capacity.OFFICER)] == [deputy]
    profile.profile = "national"
    profile.save()
    assert again(case).edition == "sefton-2020"


def test_what_was_written_is_kept_of_the_person_their_work_and_the_allegation(
    harriet: Person, leah: Person
) -> None:
    case = referred(harriet, subject_other_names="Joseph Sample; J. E.")
    assert case.subject.identity["names"] == ["Jo Example", "Joseph Sample", "J. E."]
    assert case.subject.identity["born"] == "1984-05-03"
    assert case.subject.words.count() == len(words_of(["Jo Example Joseph Sample J. E."]))
    assert case.engagement is not None
    assert (case.engagement.school, case.engagement.details["teacher"]) == ("110532", True)
    allegation = case.allegations.get()
    assert allegation.words == ANSWERS["words"]
    assert (allegation.first_day, allegation.last_day) == (date(2026, 11, 18), date(2026, 11, 18))


@pytest.mark.parametrize(
    ("changed", "school"),
    [
        ({}, "110532"),
        ({"works_here": "yes", "sector": "sport"}, "110532"),
        ({"works_here": "no"}, ""),
        ({"sector": "sport", "employer": "Canal Street Swimming Club"}, ""),
    ],
)
def test_the_school_of_who_refers_is_written_down_only_for_those_who_work_there(
    harriet: Person, leah: Person, changed: dict[str, str], school: str
) -> None:
    engagement = referred(harriet, **changed).engagement
    assert engagement is not None
    assert (engagement.school, engagement.authority) == (school, "826" if school else "")


def test_a_draft_that_was_kept_anew_since_it_was_read_is_not_sent(harriet: Person, leah: Person) -> None:
    draft = referrals.save_draft(actor=harriet, draft=None, answers=ANSWERS)
    read = Draft.objects.get()
    referrals.save_draft(
        actor=harriet, draft=draft, answers=ANSWERS | {"words": "Another account."}, revision=draft.revision
    )
    with pytest.raises(ChangedMeanwhileError):
        referrals.refer(actor=harriet, draft_or_answers=read, at=REFERRED)
    assert not Case.objects.exists()
    case = referrals.refer(actor=harriet, draft_or_answers=Draft.objects.get(), at=REFERRED)
    assert case.allegations.get().words == "Another account."


def test_answers_may_be_unknown_and_show_as_missing(harriet: Person, leah: Person) -> None:
    case = referred(
        harriet,
        subject_name=None,
        subject_born="about 1985",
        category=None,
        when=None,
        teacher=None,
        unknown=["subject_name", "category", "teacher"],
    )
    assert case.subject.identity["names"] == []
    assert (case.subject.identity["born"], case.subject.identity["born_told"]) == ("", "about 1985")
    assert case.category == ""
    missing = case_view(again(case)).missing_answers
    assert {"subject_name", "category", "teacher", "when", "child_name"} <= set(missing)
    assert "words" not in missing
    assert not_known({}) != ()


@pytest.mark.parametrize(
    ("changed", "answer", "sentence"),
    [
        ({"words": None}, "words", "Say what is alleged"),
        ({"known_on": None}, "known_on", "Say on which day it became known"),
        ({"sector": None}, "sector", "Say in which sector"),
        ({"sector": "lighthouses"}, "sector", "'lighthouses' is no sector"),
        ({"category": "rude"}, "category", "'rude' is no category"),
        ({"when": "31 February 2026"}, "when", "There is no 31 February 2026"),
        ({"when": "1 January 2027"}, "when", "has not come yet"),
        ({"known_on": "17 November 2026"}, "known_on", "before it happened: 18 November 2026"),
        ({"known_on": "31 February 2026"}, "known_on", "There is no 31 February 2026"),
        ({"known_on": "November 2026"}, "known_on", "is no day"),
        ({"known_on": "21 November 2026"}, "known_on", "after it was referred on 20 November 2026"),
        ({"known_on": "20 November 2026", "known_time": "10:01"}, "known_time", "after it was referred"),
        ({"known_time": "half past four"}, "known_time", "is no time"),
        ({"subject_name": " "}, "subject_name", "Give the person's name, or say that you do not know it."),
        ({"limbs": ["unlucky"]}, "limbs", "'unlucky' is no limb"),
        ({"work_authority": "Milton Keynes"}, "work_authority", "is not an authority number"),
        (
            {"told": {Party.POLICE.value: {"answer": "told"}}},
            "told the police",
            "Say when the police were told. Say who told the police.",
        ),
        ({"told": {"the papers": {"answer": "told"}}}, "told the papers", "nobody on the list"),
    ],
)
def test_what_cannot_be_is_refused_at_its_answer_and_nothing_is_kept(
    harriet: Person, leah: Person, changed: dict[str, Any], answer: str, sentence: str
) -> None:
    with pytest.raises(ReferralRefusedError) as refused:
        referred(harriet, **changed)
    assert sentence in refused.value.by_answer[answer]
    assert not Case.objects.exists()
    assert not Subject.objects.exists()
    assert not Engagement.objects.exists()


def test_every_fault_is_named_at_once(harriet: Person, leah: Person) -> None:
    with pytest.raises(ReferralRefusedError) as refused:
        referred(harriet, words=None, sector="lighthouses", known_on=None)
    assert set(refused.value.by_answer) == {"words", "sector", "known_on"}


@pytest.mark.parametrize("when", ["summer 1998", "1998 to 2001", None])
def test_an_incident_without_a_day_is_a_range_and_starts_no_clock(
    harriet: Person, leah: Person, when: str | None
) -> None:
    """Acceptance case 49: clocks start only from the day it became known."""
    case = referred(harriet, when=when)
    allegation = case.allegations.get()
    if when == "summer 1998":
        assert (allegation.first_day, allegation.last_day) == (date(1998, 6, 1), date(1998, 8, 31))
    if when is None:
        assert allegation.first_day is None
    starts = [day_of(clock.started) for clock in clocks_of(again(case), NOON) if clock.started is not None]
    assert set(starts) == {KNOWN, date(2026, 11, 20)}


def test_a_moment_is_stored_in_utc_and_counted_on_its_day_in_england(harriet: Person, leah: Person) -> None:
    """Acceptance case 47: 00:30 British Summer Time on 30 June is 23:30 on 29 June in UTC."""
    case = referred(
        harriet,
        when="30 June 2026",
        known_on="30 June 2026",
        known_time="00:30",
        at=datetime(2026, 6, 30, 9, 0, tzinfo=UTC),
    )
    assert again(case).known_at == datetime(2026, 6, 29, 23, 30, tzinfo=UTC)
    report = clocks_of(again(case), NOON)[0]
    assert report.started is not None
    assert (day_of(report.started), report.due) == (date(2026, 6, 30), date(2026, 7, 1))


def test_a_moment_without_a_zone_is_the_time_in_england(harriet: Person, leah: Person) -> None:
    case = referred(
        harriet,
        known_on="30 June 2026",
        known_time=None,
        when=None,
        at=datetime.fromisoformat("2026-06-30T09:00"),
    )
    assert again(case).referred_at == datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def test_only_the_day_known_counts_to_the_end_of_the_last_day(harriet: Person, leah: Person) -> None:
    case = referred(harriet, known_time=None)
    report = clocks_of(again(case), NOON)[0]
    assert (report.started, report.due, report.state) == (KNOWN, date(2026, 11, 20), State.MET)


def test_a_referral_cannot_come_from_the_future(harriet: Person, leah: Person) -> None:
    with pytest.raises(ReferralRefusedError, match="cannot have come after now"):
        referred(harriet, at=NOON + timedelta(minutes=1))


def test_who_was_told_comes_with_the_referral(harriet: Person, leah: Person) -> None:
    case = referred(
        harriet,
        told={
            Party.POLICE.value: {"answer": "told", "on": "20 November 2026", "by": "Harriet Hill"},
            Party.PARENTS.value: {"answer": "not yet", "because": "The police ask us to wait."},
            Party.AGENCY.value: {"answer": ""},
        },
    )
    grid = case_view(again(case)).facts.grid
    assert (grid[Party.POLICE].answer, grid[Party.POLICE].on) == (Answer.YES, date(2026, 11, 20))
    assert grid[Party.PARENTS].answer is Answer.NOT_YET
    assert grid[Party.AGENCY].answer is Answer.UNANSWERED
    assert set(grid) == set(Party)


# --- whom it reaches ----------------------------------------------------------------------------------------


def test_an_officer_it_is_about_never_has_it_and_another_does(
    harriet: Person, leah: Person, make_person: MakePerson
) -> None:
    """Acceptance case 35, at its root: the account is that of whom it is about."""
    deputy = make_person("deputy_lado")
    case = referred(harriet, subject_name="Leah Lane", subject_email="LEAH@example.org")
    assert case.subject.account == leah
    assert [one.person for one in case.named.filter(capacity=Capacity.OFFICER)] == [deputy]
    assert not cases_open_to(leah, NOON).exists()


def test_a_namesake_is_kept_out_until_an_officer_says_they_are_another(
    harriet: Person, leah: Person, make_person: MakePerson
) -> None:
    deputy = make_person("deputy_lado", full_name="Jo  EXAMPLE")
    case = referred(harriet)
    assert Barred.objects.get(case=case).person == deputy
    assert [one.person for one in case.named.filter(capacity=Capacity.OFFICER)] == [leah]
    assert not cases_open_to(deputy, NOON).exists()


def test_a_referral_that_would_reach_nobody_is_refused(harriet: Person, leah: Person) -> None:
    with pytest.raises(ReferralRefusedError, match="no designated officer to give this referral to"):
        referred(harriet, subject_name="Leah Lane")
    assert not Case.objects.exists()


def test_a_manager_of_an_agency_refers_to_their_authority(leah: Person, make_person: MakePerson) -> None:
    case = referred(make_person("named_senior_manager"), teacher="no", sector="sport")
    assert (case.authority, case.sector) == ("826", "sport")


def test_an_officer_notes_a_call_and_leads_it(leah: Person, make_person: MakePerson) -> None:
    make_person("deputy_lado")
    case = referred(leah)
    assert case.named.get(leads=True).person == leah


def test_a_head_does_not_refer_for_another_place(harriet: Person, leah: Person) -> None:
    with pytest.raises(ReferralRefusedError, match="The register holds no such school"):
        referred(harriet, school="110517")
    with pytest.raises(ReferralRefusedError, match="for which of your places"):
        referred(harriet, authority="822")


@pytest.mark.parametrize("role", ["director", "administrator", "adviser", "named_senior_officer"])
def test_others_do_not_refer(make_person: MakePerson, leah: Person, role: str) -> None:
    person = make_person(role)
    with pytest.raises(Http404):
        referred(person)
    with pytest.raises(Http404):
        referrals.save_draft(actor=person, draft=None, answers={})


# --- drafts and the answer ----------------------------------------------------------------------------------


def test_a_draft_is_kept_part_way_and_sent(harriet: Person, leah: Person) -> None:
    draft = referrals.save_draft(actor=harriet, draft=None, answers={"subject_name": " Jo Example "})
    assert (draft.answers, draft.revision) == ({"subject_name": "Jo Example"}, 1)
    draft = referrals.save_draft(actor=harriet, draft=draft, answers=ANSWERS, revision=1)
    case = referrals.refer(actor=harriet, draft_or_answers=draft, at=REFERRED)
    assert case.account["referral"]["words"] == ANSWERS["words"]
    assert not Draft.objects.exists()


def test_a_draft_that_cannot_be_sent_yet_stays(harriet: Person, leah: Person) -> None:
    draft = referrals.save_draft(actor=harriet, draft=None, answers={"subject_name": "Jo Example"})
    with pytest.raises(ReferralRefusedError):
        referrals.refer(actor=harriet, draft_or_answers=draft, at=REFERRED)
    assert Draft.objects.get().answers == {"subject_name": "Jo Example"}


def test_a_draft_is_its_writers_alone(harriet: Person, charlie: Person, leah: Person) -> None:
    draft = referrals.save_draft(actor=harriet, draft=None, answers=ANSWERS)
    for step in (
        lambda: referrals.save_draft(actor=charlie, draft=draft, answers={}, revision=1),
        lambda: referrals.refer(actor=charlie, draft_or_answers=draft, at=REFERRED),
        lambda: referrals.drop_draft(actor=charlie, draft=draft),
    ):
        with pytest.raises(Http404):
            step()
    referrals.drop_draft(actor=harriet, draft=draft)
    assert not Draft.objects.exists()


def test_a_draft_saved_in_another_window_is_not_overwritten(harriet: Person) -> None:
    draft = referrals.save_draft(actor=harriet, draft=None, answers={"words": "First."})
    referrals.save_draft(actor=harriet, draft=draft, answers={"words": "Second."}, revision=1)
    with pytest.raises(ChangedMeanwhileError):
        referrals.save_draft(actor=harriet, draft=draft, answers={"words": "Third."}, revision=1)
    assert Draft.objects.get().answers == {"words": "Second."}


def test_answering_stops_its_clock(harriet: Person, leah: Person) -> None:
    LocalProfile.objects.create(authority="826", profile="warwickshire")
    case = referred(harriet)
    answer = referrals.answer
    done(answer, leah, case, at=REFERRED + timedelta(hours=3), words="Do not speak to the child yet.")
    clock = next(one for one in clocks_of(again(case), NOON) if one.rule.code == "T2")
    assert (clock.state, clock.ended) == (State.MET, REFERRED + timedelta(hours=3))
    with pytest.raises(ChangeRefusedError, match="cannot be before the referral"):
        done(answer, leah, case, at=REFERRED - timedelta(hours=3), words="Do not speak to the child yet.")


def test_the_time_of_the_answer_is_said_in_england(harriet: Person, leah: Person) -> None:
    case = referred(harriet, at=datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Europe/London")))
    done(referrals.answer, leah, case, at=datetime.fromisoformat("2026-11-20T15:00"), words="Wait for us.")
    assert case.happenings.get(event="answered").at == datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
