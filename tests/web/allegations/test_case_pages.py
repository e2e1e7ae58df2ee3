"""The page of a case and everything done on it, as an officer, a manager and a stranger meet them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redway.allegations.clocks import EVENTS
from redway.allegations.strands import Strand
from redway.allegations.threshold import Limb
from redway.web.allegations.case_deed import slug_of
from redway.web.allegations.case_deeds import DEEDS
from redway.web.allegations.case_forms_of_record import EVENT_WORDS
from redway.web.allegations.models import Capacity, Case, CaseState, HandOver, Happening, Named
from redway.web.allegations.services import naming, running
from redway.web.allegations.services.timeline import RECORDABLE
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.allegations.a_case import (
    EVALUATED,
    NOON,
    TODAY,
    again,
    concluded,
    done,
    opened,
    ready_to_close,
    referred,
)
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    """An open case about Jo Example, whom Leah works for."""
    return opened(harriet, leah)


def page(person: Person, case: Case, path: str = "") -> str:
    """The words of a page of the case, in one line."""
    answer = visitor(person).get(f"/allegations/cases/{case.key}/{path}")
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return words(answer)


def words(answer: Any) -> str:
    """What somebody reads, without marks."""
    text = re.sub(r"<(script|style).*?</\1>", "", text_of(answer), flags=re.S)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def send(who: Person, case: Case, path: str, /, **given: Any) -> Any:
    """Fill in a page and send it, past the page that shows the answers back."""
    browser = visitor(who)
    address = f"/allegations/cases/{case.key}/{path}/"
    answers = {"revision": again(case).revision, **given}
    answer = browser.post(address, answers)
    if answer.status_code == 200 and 'value="send"' in text_of(answer):
        answer = browser.post(address, answers | {"go": "send"})
    return answer


def boxes(name: str, day: Any) -> dict[str, int]:
    """A day as the three boxes of a form."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


# --- what is seen -------------------------------------------------------------------------------------------


def test_an_officer_sees_the_whole_case(case: Case, leah: Person) -> None:
    seen = page(leah, case)
    for part in (
        "Person Jo Example",
        "Born 3 May 1984",
        "Work Teacher of music, Grand Union School",
        "Leads Leah Lane",
        "Met: behaved in a way that has harmed a child, or may have harmed a child A bruise was seen.",
        "He pulled me out of the room by my arm.",
        "Social-care enquiry Not decided",
        "The parents Not answered",
        "Officer who leads Leah Lane",
        "Referrer: sees how it stands Harriet Hill",
        "Evaluated Leah Lane",
    ):
        assert part in seen


def test_a_clock_says_its_rule_source_and_whether_it_is_confirmed(case: Case, leah: Person) -> None:
    seen = page(leah, case)
    assert "Due 18 December 2026 First review by the designated officer" in seen
    assert "Rule T5: 4 weeks, not later than. Source: Keeping children safe in education, part 4." in seen
    assert "Not confirmed: check this limit against its source" in seen
    assert "Clocks that have not started" in seen


def test_what_nobody_knew_is_shown_as_missing(case: Case, leah: Person) -> None:
    assert "Home address Not known" in page(leah, case)


def test_the_reporting_restriction_stands_above_everything(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah, {Limb.OFFENCE: "Common assault."})
    seen = page(leah, case)
    assert "Nothing may be published that could identify this teacher" in seen
    done(running.record_happening, leah, case, event="charged", at=NOON, words="Charged at court.")
    assert "Nothing may be published" not in page(leah, case)


def test_no_name_stands_in_an_address_or_in_the_title_and_nothing_is_kept_by_the_browser(
    case: Case, leah: Person
) -> None:
    for path in ("", "history/", "chronology/", "evaluate/", f"finding/{case.allegations.get().pk}/"):
        answer = visitor(leah).get(f"/allegations/cases/{case.key}/{path}")
        title = re.search(r"<title>(.*?)</title>", text_of(answer), re.S)
        assert title is not None
        assert "Example" not in title[1]
        assert case.key in title[1]
        assert "no-store" in answer["Cache-Control"]


def test_a_stranger_and_the_person_themselves_find_nothing(
    case: Case, leah: Person, make_person: MakePerson
) -> None:
    deputy = make_person("deputy_lado")
    assert visitor(deputy).get(f"/allegations/cases/{case.key}/").status_code == 404
    done(naming.name_officer, leah, case, person=deputy)
    assert visitor(deputy).get(f"/allegations/cases/{case.key}/").status_code == 200
    done(naming.link_account, leah, case, person=deputy)
    assert visitor(deputy).get(f"/allegations/cases/{case.key}/").status_code == 404
    assert visitor(deputy).get(f"/allegations/cases/{case.key}/break-glass/").status_code == 404
    assert AuditEntry.objects.filter(verb="allegation.attempt", subject_id=case.key).count() == 2


def test_every_look_is_in_the_history_and_no_words_are(case: Case, leah: Person) -> None:
    page(leah, case)
    seen = page(leah, case, "history/")
    assert "Read the case Leah Lane" in seen
    assert "Referred Harriet Hill" in seen
    assert "Example" not in seen
    assert "bruise" not in seen


def test_the_chronology_is_in_order_and_leaves_out_what_was_entered_in_error(
    harriet: Person, leah: Person
) -> None:
    case = ready_to_close(harriet, leah)
    done(running.record_happening, leah, case, event="note", at=NOON, words="Wrong case.")
    wrong = case.happenings.get(event="note")
    done(running.withdraw_happening, leah, case, happening=wrong, because="Meant for another case.")
    seen = page(leah, case, "chronology/")
    parts = [
        "The employer came to know of it",
        "It reached the designated officer",
        "Allegation 1 put to the person",
        "Allegation 1: unsubstantiated",
    ]
    assert [seen.index(part) for part in parts] == sorted(seen.index(part) for part in parts)
    assert "Wrong case." not in seen


def test_every_event_has_its_words() -> None:
    assert {*EVENTS, *RECORDABLE} <= EVENT_WORDS.keys()


def test_a_case_of_200_events_costs_as_many_queries_as_a_short_one(case: Case, leah: Person) -> None:
    browser = visitor(leah)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/allegations/cases/{case.key}/").status_code == 200
        return len(queries)

    asked()
    short = asked()
    Happening.objects.bulk_create(
        Happening(
            case=case, event="note", at=NOON - timedelta(minutes=at), words=f"Note {at}", entered_by=leah
        )
        for at in range(200)
    )
    for at in range(3):
        done(running.plan_meeting, leah, case, at=NOON - timedelta(hours=at))
        done(running.add_allegation, leah, case, words=f"Another {at}", category=None)
        done(running.add_action, leah, case, what="Telephone.", owner="Sam Stone", due_on=TODAY)
    for meeting in case.meetings.all():
        held = {"attendees": ["Sam Stone"], "shared": "", "decisions": "Go on."}
        done(running.hold_meeting, leah, case, meeting=meeting, at=meeting.at, **held)
        done(running.write_minutes, leah, case, meeting=meeting, text="Minutes.")
        done(running.write_minutes, leah, case, meeting=meeting, text="Minutes, corrected.")
    assert asked() == short + 2  # the minutes of meetings, and who wrote them
    assert "Earlier (182)" in page(leah, case)


# --- what is done -------------------------------------------------------------------------------------------


def test_an_evaluation_is_checked_before_it_is_sent(harriet: Person, leah: Person) -> None:
    case = referred(harriet)
    given = {"limbs": ["harmed"], "why_harmed": "A bruise.", **boxes("on", EVALUATED), "revision": 0}
    browser = visitor(leah)
    answer = browser.post(f"/allegations/cases/{case.key}/evaluate/", given)
    assert "Check before you go on" in words(answer)
    assert again(case).state == CaseState.ARRIVED
    answer = browser.post(f"/allegations/cases/{case.key}/evaluate/", given | {"go": "send"})
    assert answer.status_code == 302
    assert (again(case).state, again(case).limbs) == (CaseState.OPEN, ["harmed"])


def test_what_was_written_comes_back_to_be_changed(harriet: Person, leah: Person) -> None:
    case = referred(harriet)
    given = {"limbs": ["harmed"], "why_harmed": "A bruise.", **boxes("on", EVALUATED), "go": "change"}
    answer = visitor(leah).post(f"/allegations/cases/{case.key}/evaluate/", given)
    assert "A bruise." in text_of(answer)
    assert "Continue" in words(answer)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"limbs": ["harmed"]}, "Say what it rests on that they behaved in a way that has harmed a child"),
        ({"why_harmed": "A bruise."}, "You gave a reason but did not tick"),
        ({}, "Tick what is met, or say why nothing is"),
    ],
)
def test_an_evaluation_without_its_reasons_is_not_sent(
    harriet: Person, leah: Person, given: dict[str, Any], said: str
) -> None:
    case = referred(harriet)
    answer = send(leah, case, "evaluate", **given, **boxes("on", EVALUATED))
    assert said in words(answer)
    assert "There is a problem" in words(answer)
    assert again(case).state == CaseState.ARRIVED


def test_advice_becomes_a_referral_without_retyping(harriet: Person, leah: Person) -> None:
    case = referred(harriet)
    send(leah, case, "evaluate", reason="A misunderstanding.", **boxes("on", EVALUATED))
    assert again(case).state == CaseState.ADVICE
    assert "Make it a referral" in page(leah, case)
    reopened = {"limbs": ["harmed"], "why_harmed": "A second pupil told the same.", **boxes("on", TODAY)}
    assert send(leah, case, "reopen", **reopened).status_code == 302
    seen = page(leah, case)
    assert "A misunderstanding." in seen
    assert "A second pupil told the same." in seen
    assert "He pulled me out of the room by my arm." in seen


def test_the_second_to_save_sees_what_changed_and_keeps_what_they_typed(case: Case, leah: Person) -> None:
    stale = case.revision
    done(running.save_strand, leah, case, record=concluded(Strand.CRIMINAL))
    given = {"answer": "told", **boxes("on", EVALUATED), "by": "Pat Parish", "revision": stale}
    answer = visitor(leah).post(f"/allegations/cases/{case.key}/told/the-child/", given)
    seen = words(answer)
    assert "Somebody has changed this case since you opened this page" in seen
    assert "Strand changed, by Leah Lane on 24 November 2026 at 12:00pm" in seen
    assert 'value="Pat Parish"' in text_of(answer)
    assert not case.tellings.filter(party="the child").exists()
    fresh = re.search(r'name="revision" value="(\d+)"', text_of(answer))
    assert fresh is not None
    answer = visitor(leah).post(
        f"/allegations/cases/{case.key}/told/the-child/", given | {"revision": int(fresh[1])}
    )
    assert answer.status_code == 302
    assert "Told on 20 November 2026, by Pat Parish" in page(leah, case)


def test_everything_wrong_is_said_at_once(case: Case, leah: Person) -> None:
    seen = words(send(leah, case, f"strand/{slug_of(Strand.EMPLOYER)}", state="concluded"))
    assert "Say who is responsible for the employer's process." in seen
    assert "Say when the employer's process was opened." in seen
    assert "Say when the employer's process was concluded." in seen


def test_a_day_that_is_none_is_refused(case: Case, leah: Person) -> None:
    given = {"on_day": 31, "on_month": 2, "on_year": 2026, "reply": "Nothing."}
    seen = words(send(leah, case, f"put/{case.allegations.get().pk}", **given))
    assert "Put to the person on must be a real date" in seen


def test_a_finding_needs_the_allegation_to_have_been_put(case: Case, leah: Person) -> None:
    allegation = case.allegations.get()
    finding = {"outcome": "unsubstantiated", "reasons": "Nobody saw it.", **boxes("on", TODAY)}
    seen = words(send(leah, case, f"finding/{allegation.pk}", **finding))
    assert "It was never put to the person it is about, and no reason for that is recorded." in seen
    send(leah, case, f"put/{allegation.pk}", reply="I did not.", **boxes("on", EVALUATED))
    assert send(leah, case, f"finding/{allegation.pk}", **finding).status_code == 302
    assert "Finding Unsubstantiated, 24 November 2026, by Leah Lane" in page(leah, case)


def test_malice_counts_once_a_second_person_agrees(case: Case, leah: Person, make_person: MakePerson) -> None:
    allegation = case.allegations.get()
    devi = make_person("deputy_lado", full_name="Devi Dale")
    send(leah, case, "name", person=f"officer-{devi.pk}")
    send(leah, case, f"put/{allegation.pk}", reply="I did not.", **boxes("on", EVALUATED))
    finding = {"outcome": "malicious", "reasons": "It was made up.", **boxes("on", TODAY)}
    assert "Malicious needs recorded evidence" in words(
        send(leah, case, f"finding/{allegation.pk}", **finding)
    )
    finding["evidence_of_intent"] = "Messages between two pupils."
    send(leah, case, f"finding/{allegation.pk}", **finding)
    mine = page(leah, case)
    assert "It waits for a second person to agree." in mine
    assert "Confirm the finding" not in mine
    assert "Confirm the finding" in page(devi, case)
    assert send(devi, case, f"confirm-finding/{allegation.pk}").status_code == 302
    assert "by Leah Lane, confirmed by Devi Dale" in page(leah, case)


def test_a_meeting_its_minutes_and_what_is_to_be_done(case: Case, leah: Person) -> None:
    send(leah, case, "plan-meeting", kind="initial", at="10:00", place="Room 2", **boxes("on", TODAY))
    meeting = case.meetings.get()
    held = {"at": "10:00", "attendees": "Sam Stone, police\nPat Parish, school", "decisions": "Interview."}
    assert send(leah, case, f"hold-meeting/{meeting.pk}", **held, **boxes("on", TODAY)).status_code == 302
    send(leah, case, f"minutes/{meeting.pk}", text="First.")
    send(leah, case, f"minutes/{meeting.pk}", text="First, corrected.")
    send(
        leah,
        case,
        "add-action",
        what="Interview her.",
        owner="Sam Stone",
        meeting=meeting.pk,
        **boxes("due_on", TODAY),
    )
    seen = page(leah, case)
    assert "Minutes, version 2 (the one in force)" in seen
    assert "Minutes, version 1" in seen
    assert "Sam Stone, police Pat Parish, school" in seen
    assert "To do Due 24 November 2026 Interview her." in seen
    send(leah, case, f"finish-action/{case.actions.get().pk}", **boxes("on", TODAY))
    assert "Done On 24 November 2026 Interview her." in page(leah, case)


def test_a_suspension_says_what_else_was_considered(case: Case, leah: Person) -> None:
    given = {
        "decided_by": "Chair of governors",
        "reasons": "Children at risk.",
        "considered": ["paid leave"],
        "why_not": "He lives on the site.",
        "contact": "Pat Parish",
        "officer_view": "agrees",
        "police_view": "not asked",
        **boxes("first_day", EVALUATED),
        **boxes("review_on", TODAY + timedelta(days=7)),
    }
    assert send(leah, case, "suspend", **given).status_code == 302
    seen = page(leah, case)
    assert "Suspended from 20 November 2026 and still" in seen
    assert "Alternatives considered Considered: paid leave. He lives on the site." in seen
    send(
        leah, case, f"end-suspension/{case.suspensions.get().pk}", reasons="Back.", **boxes("last_day", TODAY)
    )
    assert "Suspended from 20 November 2026 to 24 November 2026" in page(leah, case)


def test_considered_and_not_needed_is_an_answer(case: Case, leah: Person) -> None:
    path = "onward/disclosure-and-barring-service"
    assert "The person has not been removed from regulated activity." in page(leah, case, f"{path}/")
    given = {"decision": "not needed", "reason": "Nobody was removed.", "decided_by": "Leah Lane"}
    assert send(leah, case, path, **given).status_code == 302
    assert "Decided Not needed, by Leah Lane" in page(leah, case)


def test_closing_lists_what_is_outstanding_and_a_manager_closes_over_it(
    case: Case, leah: Person, dana: Person
) -> None:
    seen = words(send(leah, case, "close", **boxes("on", TODAY)))
    assert "The criminal investigation is not decided." in seen
    assert "No outcome letter has been sent." in seen
    assert visitor(leah).get(f"/allegations/cases/{case.key}/close-over/").status_code == 404
    send(leah, case, "name", person=f"manager-{dana.pk}")
    assert "Close it over what is outstanding" in page(dana, case)
    over = {"reason": "The person has died.", **boxes("on", TODAY)}
    assert send(dana, case, "close-over", **over).status_code == 302
    seen = page(leah, case)
    assert "Closed all the same because The person has died. Decided by Dana Drew" in seen


def test_a_case_with_nothing_outstanding_is_closed_in_two_steps(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    assert "Nothing: the case can be closed." in page(leah, case)
    assert send(leah, case, "close", **boxes("on", TODAY)).status_code == 302
    assert again(case).state == CaseState.CLOSED
    assert "Add to the timeline" not in page(leah, case)
    assert visitor(leah).get(f"/allegations/cases/{case.key}/happened/").status_code == 302


# --- to whom it is open -------------------------------------------------------------------------------------


def test_breaking_the_glass_needs_a_reason_lasts_an_hour_and_is_looked_at(
    case: Case, leah: Person, make_person: MakePerson, clock: Any
) -> None:
    devi = make_person("deputy_lado", full_name="Devi Dale")
    path = f"/allegations/cases/{case.key}/break-glass/"
    assert "Jo Example" not in words(visitor(devi).get(path))
    assert "Say why you must open it" in words(visitor(devi).post(path, {"reason": ""}))
    assert visitor(devi).post(path, {"reason": "A child is at risk tonight."}).status_code == 302
    assert "You are here by breaking the glass, until 13:00." in page(devi, case)
    seen = page(leah, case)
    assert "Broke the glass Devi Dale" in seen
    assert "Not looked at yet A child is at risk tonight." in seen
    named = case.named.get(capacity=Capacity.BREAK_GLASS)
    assert send(leah, case, f"review-glass/{named.pk}").status_code == 302
    clock.move(timedelta(hours=1))
    assert visitor(devi).get(f"/allegations/cases/{case.key}/").status_code == 404


def test_who_declares_a_conflict_of_interest_is_led_out_of_the_case(
    case: Case, leah: Person, make_person: MakePerson
) -> None:
    devi = make_person("deputy_lado", full_name="Devi Dale")
    conflict = {"person": leah.email, "reason": "A neighbour."}
    assert "No officer would be left on the case" in words(send(leah, case, "bar", **conflict))
    send(leah, case, "name", person=f"officer-{devi.pk}", leads="on")
    assert send(leah, case, "bar", **conflict).url == "/allegations/"
    assert visitor(leah).get(f"/allegations/cases/{case.key}/").status_code == 404
    assert "Leah Lane A neighbour." in page(devi, case)


def test_an_officer_elsewhere_sees_only_what_is_shared_until_the_day_is_over(
    case: Case, leah: Person, make_person: MakePerson, clock: Any
) -> None:
    otto = make_person("lado", full_name="Otto Orr", authority="822")
    shared = {"person": otto.pk, "reason": "He lives there.", **boxes("until", TODAY)}
    assert send(leah, case, "share", **shared).status_code == 302
    seen = page(otto, case, "shared/")
    assert "Stands Open" in seen
    assert "Jo Example" not in seen
    assert visitor(otto).get(f"/allegations/cases/{case.key}/").status_code == 404
    assert (
        "Officer of another authority Otto Orr From 24 November 2026 at 12:00pm to 24 November 2026"
        in page(leah, case)
    )
    clock.move(timedelta(hours=12))
    assert visitor(otto).get(f"/allegations/cases/{case.key}/shared/").status_code == 404


def test_a_case_is_handed_over_once_it_is_accepted(case: Case, leah: Person, make_person: MakePerson) -> None:
    otto = make_person("lado", full_name="Otto Orr", authority="822")
    send(leah, case, "offer", to_authority="822", reason="He works there.")
    assert HandOver.objects.get().state == "offered"
    refused = visitor(otto).post(f"/allegations/cases/{case.key}/shared/", {"state": "declined"})
    assert "Say why you do not take it on" in words(refused)
    address = f"/allegations/cases/{case.key}/shared/"
    check = words(visitor(otto).post(address, {"state": "accepted"}))
    assert "Check before you go on" in check
    assert "It cannot be undone" in check
    changed = words(visitor(otto).post(address, {"state": "accepted", "go": "change"}))
    assert "Do you take this case on?" in changed
    assert HandOver.objects.get().state == "offered"
    answer = visitor(otto).post(address, {"state": "accepted", "go": "send"})
    new = Case.objects.exclude(pk=case.pk).get()
    assert answer.url == f"/allegations/cases/{new.key}/"
    assert "Jo Example" in page(otto, new)
    assert "Another authority leads" in page(leah, case)


def test_what_is_not_confirmed_is_said_where_it_is_used(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah, sector="health", teacher="no")
    assert "Not confirmed: check the wording of the law" in page(leah, case)
    only = case.allegations.get()
    form = text_of(visitor(leah).get(f"/allegations/cases/{case.key}/finding/{only.pk}/"))
    assert "This list is not confirmed." in form


def test_a_settlement_with_who_leaves_warns_on_the_case(case: Case, leah: Person) -> None:
    """Acceptance case 43: the case stays open, and words of a settlement warn."""
    warning = "A settlement must not stop this case"
    done(running.record_leaving, leah, case, on=date(2026, 11, 23), words="Resigned by letter.")
    assert warning not in page(leah, case)
    done(
        running.record_leaving,
        leah,
        case,
        on=date(2026, 11, 23),
        words="Resigned under a settlement agreement with an agreed reference.",
    )
    assert page(leah, case).count(warning) == 1


def test_who_works_elsewhere_is_led_elsewhere_and_the_others_are_told(harriet: Person, leah: Person) -> None:
    """Acceptance case 46: works in one area, lives in another, the agency is in a third."""
    Authority.objects.bulk_create(
        Authority(number=number, name=name)
        for number, name in (("822", "Bedford"), ("821", "Luton"), ("928", "Northamptonshire"))
    )
    here = opened(harriet, leah)
    assert "should lead" not in page(leah, here)
    away = opened(harriet, leah, work_authority="822", home_authority="821", agency_authority="928")
    shown = page(leah, away)
    assert "Bedford should lead. The person works there." in shown
    assert "Tell the designated officer of Northamptonshire and Luton." in shown


def test_whose_access_is_ended_opens_it_no_longer(case: Case, leah: Person, dana: Person) -> None:
    send(leah, case, "name", person=f"manager-{dana.pk}")
    assert visitor(dana).get(f"/allegations/cases/{case.key}/").status_code == 200
    send(leah, case, f"end-naming/{Named.objects.get(person=dana).pk}")
    assert visitor(dana).get(f"/allegations/cases/{case.key}/").status_code == 404


def test_a_thing_of_another_case_is_not_reached_through_ones_own(
    case: Case, harriet: Person, leah: Person
) -> None:
    other = opened(harriet, leah, subject_name="Sam Sample")
    theirs = other.allegations.get()
    assert visitor(leah).get(f"/allegations/cases/{case.key}/put/{theirs.pk}/").status_code == 404


def test_every_deed_has_an_address_of_its_own() -> None:
    assert len({deed.slug for deed in DEEDS}) == len(DEEDS)
