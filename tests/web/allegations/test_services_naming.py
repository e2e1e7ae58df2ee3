"""To whom a case is open: by name, until a day, for an hour, handed over; never to whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from redway.allegations.cross_border import TransferError, TransferState
from redway.allegations.outcomes import Outcome
from redway.allegations.strands import Strand
from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.access import access_case, cases_open_to
from redway.web.allegations.models import (
    Barred,
    Capacity,
    Case,
    CaseState,
    HandOver,
    LocalProfile,
    Named,
    Subject,
)
from redway.web.allegations.queries import case_view, days_work
from redway.web.allegations.services import evaluation, naming, referrals, running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.audit.models import AuditEntry
from redway.web.audit.queries import Search, entries
from redway.web.people.models import Person
from redway.web.people.roles import Role
from web.allegations.a_case import (
    NOON,
    TODAY,
    again,
    concluded,
    done,
    opened,
    ready_to_close,
)

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


@pytest.fixture
def devi(case: Case, make_person: MakePerson) -> Person:
    """Devi Dale, who became deputy after the case was opened."""
    return make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")


@pytest.fixture
def nell(make_person: MakePerson) -> Person:
    """Nell North, designated officer of another authority."""
    return make_person("lado", full_name="Nell North", authority="822")


def ask(person: Person, case: Case, action: str = "allegation.view") -> Case:
    request: Any = RequestFactory().get("/")
    request.user = person
    return access_case(request, case.key, action)


# --- naming -------------------------------------------------------------------------------------------------


def test_an_officer_names_another_who_then_leads(case: Case, leah: Person, devi: Person) -> None:
    with pytest.raises(Http404):
        ask(devi, case)
    done(naming.name_officer, leah, case, person=devi, leads=True)
    assert ask(devi, case) == case
    assert case.named.get(leads=True).person == devi
    assert ask(leah, case) == case


def test_only_those_with_the_role_in_the_authority_are_named(
    case: Case, leah: Person, nell: Person, bob: Person, dana: Person
) -> None:
    for person in (nell, bob, dana):
        with pytest.raises(ChangeRefusedError, match="no designated officer of this authority"):
            done(naming.name_officer, leah, case, person=person)
    with pytest.raises(ChangeRefusedError, match="may not close cases over"):
        done(naming.name_officer, leah, case, person=bob, capacity=Capacity.MANAGER)
    done(naming.name_officer, leah, case, person=dana, capacity=Capacity.MANAGER)
    assert ask(dana, case) == case
    with pytest.raises(Http404):
        ask(dana, case, "allegation.work")


def test_a_naming_ends_at_once_and_the_last_officer_stays(case: Case, leah: Person, devi: Person) -> None:
    only = case.named.get(capacity=Capacity.OFFICER)
    with pytest.raises(ChangeRefusedError, match="No officer would be left"):
        done(naming.end_naming, leah, case, named=only)
    done(naming.name_officer, leah, case, person=devi)
    done(naming.end_naming, devi, case, named=only)
    with pytest.raises(Http404):
        ask(leah, case)


def test_a_conflict_closes_the_case_and_another_officer_goes_on(
    case: Case, leah: Person, devi: Person
) -> None:
    with pytest.raises(ChangeRefusedError, match="No officer would be left"):
        done(naming.bar, leah, case, person=leah, reason="A neighbour.")
    done(naming.name_officer, leah, case, person=devi)
    done(naming.bar, leah, case, person=leah, reason="A neighbour.")
    with pytest.raises(Http404):
        ask(leah, case)
    with pytest.raises(ChangeRefusedError, match="cannot be named on this case"):
        done(naming.name_officer, devi, case, person=leah)
    done(naming.lift_bar, devi, case, barred=Barred.objects.get())
    assert ask(leah, case) == case


# --- acceptance case 35 -------------------------------------------------------------------------------------


def test_to_whom_it_is_about_the_case_does_not_exist_whatever_their_roles(
    case: Case, leah: Person, devi: Person, make_person: MakePerson
) -> None:
    """Named, an officer and an administrator: no list, no count, no link, no trail; the attempt is shown."""
    from redway.web.people.models import Grant

    done(naming.name_officer, leah, case, person=devi)
    Grant.objects.create(
        person=devi,
        role=Role.ADMINISTRATOR,
        scope_kind="authority",
        scope_key="826",
        authority="826",
        first_day=TODAY,
    )
    assert days_work(devi, NOON).running == 1
    done(naming.link_account, leah, case, person=devi)
    assert not cases_open_to(devi, NOON).exists()
    assert days_work(devi, NOON).running == 0
    for action in ("allegation.view", "allegation.work", "allegation.follow", "allegation.shared"):
        with pytest.raises(Http404):
            ask(devi, case, action)
    with pytest.raises(Http404):
        naming.break_glass(actor=devi, key=case.key, reason="An emergency.")
    with pytest.raises(Http404):
        done(close, devi, case, on=TODAY)
    assert not entries(Search(subject_id=case.key), devi).exists()
    assert [one.actor for one in days_work(leah, NOON).attempts] == [devi] * 5
    assert days_work(devi, NOON).attempts == ()


def test_the_trail_tells_an_administrator_of_no_case_whoever_it_is_about(
    case: Case, leah: Person, devi: Person, adam: Person
) -> None:
    """If only some were left out, the numbers that are missing would say which."""
    done(naming.link_account, leah, case, person=devi)
    done(naming.name_officer, leah, case, person=leah)
    with pytest.raises(Http404):
        ask(devi, case)
    assert not entries(Search(subject_id=case.key), adam).exists()
    assert not entries(Search(), adam).filter(verb__startswith="allegation.").exists()
    assert entries(Search(subject_id=case.key)).count() > 3


def test_nor_when_their_account_is_known_on_another_record_of_them(
    case: Case, leah: Person, devi: Person
) -> None:
    """Two records found to be of one person: the account on either closes the cases of both."""
    done(naming.name_officer, leah, case, person=devi)
    head = Subject.objects.create(authority="826", identity={"names": ["Jo Sample"]})
    third = Subject.objects.create(authority="826", identity={"names": ["J. Sample"]}, merged_into=head)
    Subject.objects.filter(pk=case.subject_id).update(merged_into=head)
    for record in (head, third):
        assert ask(devi, case) == case
        Subject.objects.filter(pk=record.pk).update(account=devi)
        assert not cases_open_to(devi, NOON).exists()
        assert not entries(Search(subject_id=case.key), devi).exists()
        with pytest.raises(Http404):
            ask(devi, case)
        Subject.objects.filter(pk=record.pk).update(account=None)


# --- acceptance case 36 -------------------------------------------------------------------------------------


def test_an_officer_elsewhere_sees_what_is_shared_until_it_ends_or_is_revoked(
    case: Case, leah: Person, nell: Person, clock: Any
) -> None:
    until = NOON + timedelta(days=2)
    done(naming.share_with_external, leah, case, person=nell, until=until, reason="They work there too.")
    assert ask(nell, case, "allegation.shared") == case
    assert AuditEntry.objects.filter(actor=nell, verb="allegation.read", sensitive_read=True).count() == 1
    for action in ("allegation.view", "allegation.work"):
        with pytest.raises(Http404):
            ask(nell, case, action)
    with pytest.raises(Http404):
        done(running.add_action, nell, case, what="Look.", owner="Nell", due_on=TODAY)
    assert days_work(nell, NOON).running == 0
    done(naming.end_naming, leah, case, named=case.named.get(person=nell))
    with pytest.raises(Http404):
        ask(nell, case, "allegation.shared")
    done(naming.share_with_external, leah, case, person=nell, until=until, reason="Again.")
    clock.set(until)
    with pytest.raises(Http404):
        ask(nell, case, "allegation.shared")


def test_sharing_needs_an_end_a_reason_and_an_officer(case: Case, leah: Person, bob: Person) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        done(naming.share_with_external, leah, case, person=bob, until=NOON, reason="")
    assert refused.value.problems == (
        "Say why it is shared.",
        "Say until when, and choose a day to come.",
        "They are no designated officer.",
    )


# --- acceptance case 37 -------------------------------------------------------------------------------------

SERVICES: dict[str, Callable[[Person, Case], Any]] = {
    "answer": lambda who, it: done(referrals.answer, who, it, at=NOON, words="x"),
    "evaluate": lambda who, it: done(evaluation.evaluate, who, it, met={}, reason="x", on=TODAY),
    "reopen_advice": lambda who, it: done(evaluation.reopen_advice, who, it, met={}, on=TODAY),
    "save_strand": lambda who, it: done(running.save_strand, who, it, record=concluded(Strand.CRIMINAL)),
    "save_telling": lambda who, it: done(
        running.save_telling, who, it, party=Party.CHILD, telling=Telling(Answer.YES, TODAY, "x")
    ),
    "add_allegation": lambda who, it: done(running.add_allegation, who, it, words="x", category=None),
    "correct_allegation": lambda who, it: done(
        running.correct_allegation, who, it, allegation=it.allegations.get(), category=None
    ),
    "put_to_subject": lambda who, it: done(
        running.put_to_subject, who, it, allegation=it.allegations.get(), on=TODAY
    ),
    "record_finding": lambda who, it: done(
        running.record_finding,
        who,
        it,
        allegation=it.allegations.get(),
        outcome=Outcome.UNFOUNDED,
        on=TODAY,
        reasons="x",
    ),
    "confirm_finding": lambda who, it: done(
        running.confirm_finding, who, it, allegation=it.allegations.get()
    ),
    "withdraw_allegation": lambda who, it: done(
        running.withdraw_allegation, who, it, allegation=it.allegations.get(), because="x"
    ),
    "record_happening": lambda who, it: done(
        running.record_happening, who, it, event="note", at=NOON, words="x"
    ),
    "withdraw_happening": lambda who, it: done(
        running.withdraw_happening, who, it, happening=it.happenings.first(), because="x"
    ),
    "record_leaving": lambda who, it: done(running.record_leaving, who, it, on=TODAY, words="x"),
    "plan_meeting": lambda who, it: done(running.plan_meeting, who, it, at=NOON),
    "add_action": lambda who, it: done(running.add_action, who, it, what="x", owner="x", due_on=TODAY),
    "suspend": lambda who, it: done(
        running.suspend,
        who,
        it,
        first_day=TODAY,
        review_on=TODAY,
        decided_by="x",
        reasons="x",
        alternatives="x",
        contact="x",
    ),
    "decide_onward": lambda who, it: done(
        running.decide_onward, who, it, body="Ofsted", decision="not needed", reason="x", decided_by="x"
    ),
    "send_outcome_letter": lambda who, it: done(running.send_outcome_letter, who, it, on=TODAY),
    "close": lambda who, it: done(close, who, it, on=TODAY),
    "close over": lambda who, it: done(close, who, it, on=TODAY, override_reason="x"),
    "name_officer": lambda who, it: done(naming.name_officer, who, it, person=who),
    "end_naming": lambda who, it: done(naming.end_naming, who, it, named=it.named.first()),
    "bar": lambda who, it: done(naming.bar, who, it, person=who, reason="x"),
    "link_account": lambda who, it: done(naming.link_account, who, it, person=None),
    "share": lambda who, it: done(
        naming.share_with_external, who, it, person=who, until=NOON + timedelta(days=1), reason="x"
    ),
    "offer_transfer": lambda who, it: done(naming.offer_transfer, who, it, to_authority="822", reason="x"),
}


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_who_is_not_named_changes_a_case_whatever_their_role(
    case: Case, everyone: Any, service: str
) -> None:
    before = AuditEntry.objects.count()
    for person in everyone.by_role.values():
        with pytest.raises(Http404):
            SERVICES[service](person, case)
    assert again(case).revision == case.revision
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_referred_it_changes_nothing(case: Case, harriet: Person, service: str) -> None:
    with pytest.raises(Http404):
        SERVICES[service](harriet, case)
    assert again(case).revision == case.revision


# --- acceptance case 38 -------------------------------------------------------------------------------------


def test_breaking_the_glass_needs_a_reason_lasts_an_hour_and_is_shown(
    case: Case, leah: Person, devi: Person, clock: Any
) -> None:
    with pytest.raises(ChangeRefusedError, match="Say why you must open this case"):
        naming.break_glass(actor=devi, key=case.key, reason=" ")
    naming.break_glass(actor=devi, key=case.key, reason="The officer is ill and the police telephoned.")
    assert ask(devi, case) == case
    shown = days_work(leah, NOON).broken_glass
    assert [one.person for one in shown] == [devi]
    assert days_work(devi, NOON).broken_glass == ()
    entry = AuditEntry.objects.get(verb="allegation.break_glass")
    assert "police" not in entry.details
    clock.set(NOON + timedelta(minutes=59, seconds=59))
    assert ask(devi, case) == case
    clock.set(NOON + timedelta(minutes=60))
    with pytest.raises(Http404):
        ask(devi, case)
    done(naming.review_break_glass, leah, case, named=shown[0])
    assert days_work(leah, NOON).broken_glass == ()


def test_for_an_hour_is_not_for_good(case: Case, leah: Person, devi: Person) -> None:
    naming.break_glass(actor=devi, key=case.key, reason="The officer is ill.")
    with pytest.raises(ChangeRefusedError, match="You are here for an hour only"):
        done(naming.name_officer, devi, case, person=devi)
    with pytest.raises(ChangeRefusedError, match="Somebody else must look at it"):
        done(
            naming.review_break_glass,
            devi,
            case,
            named=case.named.get(capacity=Capacity.BREAK_GLASS),
        )


@pytest.mark.parametrize("role", ["administrator", "director", "headteacher"])
def test_only_designated_officers_break_it(case: Case, make_person: MakePerson, role: str) -> None:
    person = make_person(role, school="110532" if role == "headteacher" else "")
    with pytest.raises(Http404):
        naming.break_glass(actor=person, key=case.key, reason="I want to know.")
    assert not Named.objects.filter(person=person).exists()


def test_nor_officers_of_another_authority_nor_for_a_case_that_is_not_there(
    case: Case, leah: Person, nell: Person
) -> None:
    for person, key in ((nell, case.key), (leah, "nothing")):
        with pytest.raises(Http404):
            naming.break_glass(actor=person, key=key, reason="I want to know.")


# --- acceptance case 46 -------------------------------------------------------------------------------------


def offer(officer: Person, case: Case, to: str = "822") -> HandOver:
    return naming.offer_transfer(
        actor=officer, case=case, revision=again(case).revision, to_authority=to, reason="They work there."
    )


def test_an_accepted_case_goes_on_there_and_is_only_read_here(case: Case, leah: Person, nell: Person) -> None:
    done(running.add_action, leah, case, what="Ask the agency.", owner="Sam", due_on=TODAY)
    done(running.plan_meeting, leah, case, at=NOON - timedelta(hours=2))
    done(
        running.hold_meeting,
        leah,
        case,
        meeting=case.meetings.get(),
        at=NOON - timedelta(hours=2),
        attendees=["Leah Lane"],
        shared="",
        decisions="Hand over.",
    )
    done(running.write_minutes, leah, case, meeting=case.meetings.get(), text="We hand over.")
    LocalProfile.objects.create(authority="822", profile="sefton")
    hand_over = offer(leah, case)
    assert days_work(nell, NOON).offered == (hand_over,)
    new = naming.answer_transfer(actor=nell, hand_over=hand_over, state=TransferState.ACCEPTED)
    assert (new.authority, new.state, new.edition) == ("822", CaseState.OPEN, "sefton-2020")
    assert new.key != case.key
    assert new.subject.identity == case.subject.identity
    assert new.subject.words.count() == case.subject.words.count()
    assert new.allegations.get().words == case.allegations.get().words
    assert new.meetings.get().minutes.get().text == "We hand over."
    assert new.actions.get().what == "Ask the agency."
    assert new.account["handed_over_from"] == {"authority": "826", "case": case.key}
    assert ask(nell, new) == new
    with pytest.raises(Http404):
        ask(leah, new)
    # The old authority keeps what it knew, to read only.
    assert again(case).state == CaseState.TRANSFERRED
    assert ask(leah, case) == case
    with pytest.raises(ChangeRefusedError, match="with another authority now"):
        done(running.add_action, leah, case, what="More.", owner="Sam", due_on=TODAY)
    with pytest.raises(Http404):
        ask(nell, case, "allegation.shared")
    done(running.add_action, nell, new, what="Go on.", owner="Nell", due_on=TODAY)
    assert case.actions.count() == 1
    assert days_work(leah, NOON).running == 0


def test_until_it_is_accepted_nothing_changes_and_it_can_be_declined_with_a_reason(
    case: Case, leah: Person, nell: Person
) -> None:
    hand_over = offer(leah, case)
    assert again(case).state == CaseState.OPEN
    assert ask(nell, case, "allegation.shared") == case
    with pytest.raises(ChangeRefusedError, match="offered already"):
        offer(leah, case)
    with pytest.raises(TransferError, match="declined with a reason"):
        naming.answer_transfer(actor=nell, hand_over=hand_over, state=TransferState.DECLINED)
    naming.answer_transfer(
        actor=nell, hand_over=hand_over, state=TransferState.DECLINED, reason="They work with you."
    )
    assert again(case).state == CaseState.OPEN
    assert Case.objects.count() == 1
    with pytest.raises(Http404):
        ask(nell, case, "allegation.shared")
    with pytest.raises(Http404):
        naming.answer_transfer(actor=nell, hand_over=hand_over, state=TransferState.ACCEPTED)


def test_the_offering_side_withdraws_and_does_not_accept_for_the_other(
    case: Case, leah: Person, nell: Person, make_person: MakePerson
) -> None:
    hand_over = offer(leah, case)
    with pytest.raises(TransferError, match="Only the authority it is offered to"):
        naming.answer_transfer(actor=leah, hand_over=hand_over, state=TransferState.ACCEPTED)
    for stranger in (make_person("lado", authority="873"), make_person("deputy_lado", authority="822")):
        with pytest.raises(Http404):
            naming.answer_transfer(actor=stranger, hand_over=hand_over, state=TransferState.ACCEPTED)
    naming.answer_transfer(actor=leah, hand_over=hand_over, state=TransferState.WITHDRAWN)
    with pytest.raises(Http404):
        ask(nell, case, "allegation.shared")


def test_a_case_is_not_offered_to_nobody_or_oneself(case: Case, leah: Person) -> None:
    for to, sentence in (("826", "with this authority"), ("873", "knows no designated officer")):
        with pytest.raises(ChangeRefusedError, match=sentence):
            offer(leah, case, to)


def test_whom_it_is_about_does_not_receive_it_elsewhere(
    case: Case, leah: Person, nell: Person, make_person: MakePerson
) -> None:
    other = make_person("deputy_lado", authority="822")
    done(naming.link_account, leah, case, person=nell)
    hand_over = offer(leah, case)
    assert days_work(nell, NOON).offered == ()
    new = naming.answer_transfer(actor=other, hand_over=hand_over, state=TransferState.ACCEPTED)
    with pytest.raises(Http404):
        ask(nell, new)
    assert new.subject.account == nell


def test_a_closed_case_can_still_be_opened_to_another_officer(
    harriet: Person, leah: Person, devi: Person
) -> None:
    closed = ready_to_close(harriet, leah)
    done(close, leah, closed, on=TODAY)
    done(naming.name_officer, leah, closed, person=devi)
    assert ask(devi, closed) == closed


def test_the_view_of_a_case_shows_who_is_named_and_was(case: Case, leah: Person, nell: Person) -> None:
    until = NOON + timedelta(days=1)
    done(naming.share_with_external, leah, case, person=nell, until=until, reason="They work there too.")
    done(naming.end_naming, leah, case, named=case.named.get(person=nell))
    view = case_view(again(case))
    assert {one.person for one in view.named} - {one.person for one in view.named_now} == {nell}
