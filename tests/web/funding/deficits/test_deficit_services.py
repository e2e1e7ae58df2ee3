"""Licensed deficits from the first draft to the day they are clear; who may do what, and what nobody may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from redway.core.money import Money
from redway.datasets.checked_rows import TableRefused
from redway.funding.balance_rows import BalanceRow, ForecastRow
from redway.funding.deficits import Answer, ReturnState
from redway.funding.errors import RulesRefused
from redway.web.audit.models import AuditEntry
from redway.web.funding.deficits.models import Licence, LicenceEntry, Meeting, SchoolBalance, Stage
from redway.web.funding.deficits.queries import overview
from redway.web.funding.deficits.records import DeficitRefused, checks_of, plan_of, return_lines
from redway.web.funding.deficits.risk import risk_in
from redway.web.funding.deficits.services.balances import enter_balance, enter_balances, enter_forecasts
from redway.web.funding.deficits.services.changing import ChangedMeanwhile
from redway.web.funding.deficits.services.licences import (
    Decision,
    Returned,
    decide,
    record_clear,
    save_application,
    send_return,
    withdraw,
)
from redway.web.funding.deficits.services.meetings import ToDo, finish_action, record_meeting
from redway.web.funding.deficits.services.values import settle_value
from redway.web.funding.deficits.values_of import rules_for
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, School
from web.funding.deficits.a_deficit import (
    AUTHORITY,
    INCOME,
    OTHER_SCHOOL,
    SCHOOL,
    application,
    applied,
    balances,
    licensed,
    register,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 11, 24)
GRANT = Decision(LicenceEntry.Kind.GRANTED, "The plan is sound.", "", date(2026, 11, 1))


def mine() -> Authority:
    register()
    return Authority.objects.get(number=AUTHORITY)


# --- balances


def test_a_table_of_balances_is_taken_in_whole_and_a_second_one_replaces_it(fiona: Person) -> None:
    authority = mine()
    row = BalanceRow(SCHOOL, "2025-26", INCOME, INCOME, Money.of(-5), 210)
    assert enter_balances(actor=fiona, authority=authority, rows=[row], source="one.csv") == 1
    better = replace(row, closing=Money.of(7))
    enter_balances(actor=fiona, authority=authority, rows=[better], source="two.csv")
    held = SchoolBalance.objects.get()
    assert (held.closing_pence, held.source, held.revision) == (700, "two.csv", 2)
    assert AuditEntry.objects.filter(verb="deficit.enter_balances").count() == 2


def test_a_school_of_somebody_else_is_named_and_nothing_is_taken_in(fiona: Person) -> None:
    authority = mine()
    good = BalanceRow(SCHOOL, "2025-26", INCOME, INCOME, Money.of(0), 210)
    with pytest.raises(TableRefused, match="School 999999 is no school of Milton Keynes"):
        enter_balances(actor=fiona, authority=authority, rows=[good, replace(good, urn="999999")], source="x")
    assert not SchoolBalance.objects.exists()


def test_a_school_under_two_of_its_numbers_is_named_and_not_taken_in_twice(fiona: Person) -> None:
    authority = mine()
    school = School.objects.get(key=SCHOOL)
    Establishment.objects.create(urn="110099", school=school, name="Grand Union", authority=AUTHORITY)
    row = BalanceRow(SCHOOL, "2025-26", INCOME, INCOME, Money.of(0), 210)
    with pytest.raises(TableRefused, match="Schools 110532 and 110099 are one school through time"):
        enter_balances(actor=fiona, authority=authority, rows=[row, replace(row, urn="110099")], source="x")


def test_an_academys_deficit_is_not_for_its_authority_to_license(harriet: Person) -> None:
    school = register()
    School.objects.filter(pk=school.pk).update(kind="Academy converter")
    school.refresh_from_db()
    with pytest.raises(DeficitRefused, match="An academy's deficit is not for its authority"):
        save_application(
            actor=harriet, school=school, licence=None, revision=0, written=application(), send=True
        )


def test_only_who_keeps_deficits_may_enter_them(harriet: Person, make_person: Any) -> None:
    authority = mine()
    elsewhere = make_person("finance_officer", authority="822")
    for person in (harriet, elsewhere):
        with pytest.raises(Http404):
            enter_balances(actor=person, authority=authority, rows=[], source="x")


def test_two_people_typing_one_balance_see_each_other(fiona: Person) -> None:
    school = register()
    row = BalanceRow(SCHOOL, "2025-26", INCOME, INCOME, Money.of(100), 210)
    enter_balance(actor=fiona, school=school, revision=0, row=row)
    with pytest.raises(ChangedMeanwhile, match=r"the balance of 2025-26 is £100.00"):
        enter_balance(actor=fiona, school=school, revision=0, row=replace(row, closing=Money.of(1)))
    assert SchoolBalance.objects.get().closing_pence == 10_000


# --- applications: case 23


def test_a_deficit_without_a_licence_is_blocked_and_counted(fiona: Person) -> None:
    authority = mine()
    balances()
    found = overview(authority, TODAY)
    standing = next(one for one in found.standings if one.school.key == SCHOOL)
    assert standing.share == Decimal("-7.5")
    assert standing.words == "Not licensed"
    assert found.findings[0] == "1 school of 2 ended 2025-26 in deficit, £90,000.00 together."
    assert "3.75% of all schools' income, above the 1.0%" in found.findings[1]


def test_a_plan_of_three_years_is_sent_and_licensed_by_the_finance_officer(
    harriet: Person, fiona: Person
) -> None:
    sent = applied(harriet)
    assert sent.stage == Stage.APPLIED
    granted = decide(actor=fiona, licence=sent, revision=sent.revision, decision=GRANT)
    assert granted.stage == Stage.GRANTED
    assert granted.first_month == date(2026, 11, 1)
    assert [entry.kind for entry in granted.entries.all()] == ["applied", "granted"]
    assert granted.entries.last().level == "finance officer"


def test_recovery_in_year_four_is_refused_without_the_exceptional_case(
    harriet: Person, fiona: Person
) -> None:
    sent = applied(harriet, application((20_000, 20_000, 20_000, 30_000)))
    with pytest.raises(DeficitRefused, match="Say that the case is exceptional"):
        decide(actor=fiona, licence=sent, revision=sent.revision, decision=GRANT)
    back = Decision(LicenceEntry.Kind.RETURNED, "Tell us why it needs four years.")
    returned = decide(actor=fiona, licence=sent, revision=sent.revision, decision=back)
    again = save_application(
        actor=harriet,
        school=register(),
        licence=returned,
        revision=returned.revision,
        written=application((20_000, 20_000, 20_000, 30_000), why="The only school of a new estate."),
        send=True,
    )
    assert again.plan_number == 2
    assert {one.number for one in again.plan_years.all()} == {1, 2}
    granted = decide(actor=fiona, licence=again, revision=again.revision, decision=GRANT)
    assert granted.stage == Stage.GRANTED


def test_above_the_level_of_the_rules_the_director_decides(
    harriet: Person, fiona: Person, dana: Person
) -> None:
    sent = applied(harriet, application((60_000, 60_000, 30_000), opening=-150_000))
    with pytest.raises(DeficitRefused, match=r"£150,000.00: the director of children's services decides"):
        decide(actor=fiona, licence=sent, revision=sent.revision, decision=GRANT)
    assert decide(actor=dana, licence=sent, revision=sent.revision, decision=GRANT).stage == Stage.GRANTED


def test_an_authoritys_own_level_goes_before_the_national_one(harriet: Person, fiona: Person) -> None:
    settle_value(
        actor=fiona,
        authority=mine(),
        subject="deficits",
        name="officer-approves-up-to",
        value=Decimal(50_000),
        first_day=date(2026, 4, 1),
        reason="Scheme of delegation, April 2026",
    )
    sent = applied(harriet)
    with pytest.raises(DeficitRefused, match="decides"):
        decide(actor=fiona, licence=sent, revision=sent.revision, decision=GRANT)
    assert rules_for(AUTHORITY, date(2026, 3, 31)).number("officer-approves-up-to") == 100_000


def test_a_number_of_ones_own_must_be_one(fiona: Person) -> None:
    given = {"actor": fiona, "authority": mine(), "subject": "deficits", "first_day": TODAY, "reason": "x"}
    with pytest.raises(RulesRefused, match="no whole number"):
        settle_value(**given, name="recovery-years", value=Decimal("2.5"))
    with pytest.raises(RulesRefused, match="cannot be set"):
        settle_value(**given, name="first-charge", value=Decimal(1))
    settle_value(**given, name="recovery-years", value=Decimal(2))
    settle_value(**given, name="recovery-years", value=None)
    assert rules_for(AUTHORITY, TODAY).whole("recovery-years") == 3


def test_a_draft_is_kept_and_can_be_withdrawn_with_a_reason(harriet: Person) -> None:
    school = register()
    draft = save_application(
        actor=harriet, school=school, licence=None, revision=0, written=application(), send=False
    )
    assert draft.stage == Stage.DRAFT
    with pytest.raises(DeficitRefused, match="has an application or a licence already"):
        save_application(
            actor=harriet, school=school, licence=None, revision=0, written=application(), send=True
        )
    with pytest.raises(DeficitRefused, match="reason is missing"):
        withdraw(actor=harriet, licence=draft, revision=draft.revision, reason=" ")
    gone = withdraw(actor=harriet, licence=draft, revision=draft.revision, reason="We balance after all.")
    assert gone.stage == Stage.WITHDRAWN


def test_whoever_decides_second_sees_what_the_first_decided(
    harriet: Person, fiona: Person, dana: Person
) -> None:
    sent = applied(harriet)
    seen = sent.revision
    decide(actor=dana, licence=sent, revision=seen, decision=GRANT)
    with pytest.raises(ChangedMeanwhile, match="licensed, by Dana Drew on 24 November 2026"):
        decide(actor=fiona, licence=sent, revision=seen, decision=GRANT)


def test_a_stranger_neither_applies_nor_decides(harriet: Person, charlie: Person, make_person: Any) -> None:
    sent = applied(harriet)
    elsewhere = make_person("finance_officer", authority="822")
    for attempt in (
        lambda: withdraw(actor=charlie, licence=sent, revision=sent.revision, reason="x"),
        lambda: decide(actor=elsewhere, licence=sent, revision=sent.revision, decision=GRANT),
        lambda: decide(actor=harriet, licence=sent, revision=sent.revision, decision=GRANT),
    ):
        with pytest.raises(Http404):
            attempt()


# --- monthly returns


def test_months_that_are_over_are_asked_for_and_late_ones_named(harriet: Person, fiona: Person) -> None:
    found = licensed(harriet, fiona)
    returned = Returned(
        date(2026, 8, 1), Money.of(500_000), Money.of(495_000), Money.of(-70_000), "As planned."
    )
    send_return(actor=harriet, licence=found, revision=found.revision, returned=returned)
    found = Licence.objects.get()
    lines = return_lines(found, TODAY)
    assert [(one.due.label, one.due.state) for one in lines] == [
        ("August 2026", ReturnState.RETURNED),
        ("September 2026", ReturnState.LATE),
        ("October 2026", ReturnState.LATE),
    ]
    # Five of twelve months of £1,200,000 and £1,180,000, and the plan ends the year at -£70,000.
    august = lines[0]
    assert (august.planned_income, august.planned_spending) == (Money.of(500_000), Money.parse("491,666.67"))
    assert (august.planned_balance, august.rating) == (Money.of(-70_000), "Green")


def test_a_second_return_of_a_month_corrects_the_first_which_is_kept(harriet: Person, fiona: Person) -> None:
    found = licensed(harriet, fiona)
    first = Returned(date(2026, 8, 1), Money.of(1), Money.of(2), Money.of(-70_000), "")
    send_return(actor=harriet, licence=found, revision=found.revision, returned=first)
    worse = replace(first, forecast=Money.of(-95_000))
    send_return(actor=harriet, licence=found, revision=found.revision + 1, returned=worse)
    found = Licence.objects.get()
    assert found.returns.count() == 2
    assert return_lines(found, TODAY)[0].rating == "Red"


def test_no_return_is_taken_for_a_month_that_is_not_asked_for(harriet: Person, fiona: Person) -> None:
    found = licensed(harriet, fiona)
    for month in (date(2026, 7, 1), date(2026, 11, 1)):
        with pytest.raises(DeficitRefused, match="No return is asked for"):
            send_return(
                actor=harriet,
                licence=found,
                revision=found.revision,
                returned=Returned(month, Money.of(1), Money.of(1), Money.of(1), ""),
            )


def test_once_clear_no_return_is_asked_for(harriet: Person, fiona: Person) -> None:
    found = licensed(harriet, fiona)
    clear = record_clear(
        actor=fiona, licence=found, revision=found.revision, on=date(2026, 9, 10), words="Accounts"
    )
    assert clear.stage == Stage.CLEARED
    assert [one.due.label for one in return_lines(clear, TODAY)] == ["August 2026", "September 2026"]


# --- meetings, and the years ahead


def test_a_meeting_with_its_actions_is_kept_and_actions_are_done_once(fiona: Person) -> None:
    made = record_meeting(
        actor=fiona,
        school=register(),
        on=date(2026, 11, 3),
        present="Headteacher, finance officer",
        about="The deficit of 2025-26",
        agreed="A plan by Christmas",
        actions=[ToDo("Send a staffing plan", "Headteacher", date(2026, 11, 20))],
    )
    action = made.actions.get()
    done = {"actor": fiona, "meeting": made, "action": action.pk, "on": TODAY, "outcome": "Sent."}
    finish_action(revision=1, **done)
    with pytest.raises(ChangedMeanwhile, match="1 of its actions are done now"):
        finish_action(revision=1, **done)
    with pytest.raises(DeficitRefused, match="is done"):
        finish_action(revision=2, **done)


def test_a_meeting_is_not_to_come_and_no_action_is_due_before_it(fiona: Person) -> None:
    words = {"present": "x", "about": "x", "agreed": "x"}
    with pytest.raises(DeficitRefused, match="has not come yet"):
        record_meeting(actor=fiona, school=register(), on=date(2026, 12, 1), actions=[], **words)
    early = [ToDo("Plan", "Head", date(2026, 11, 1))]
    with pytest.raises(DeficitRefused, match="before the meeting"):
        record_meeting(actor=fiona, school=register(), on=date(2026, 11, 3), actions=early, **words)
    assert not Meeting.objects.exists()


def test_schools_at_risk_are_told_with_their_cases_and_what_is_assumed(fiona: Person) -> None:
    authority = mine()
    balances()
    rows = [
        ForecastRow(OTHER_SCHOOL, year, roll)
        for year, roll in zip(("2026-27", "2027-28", "2028-29"), (190, 175, 160), strict=True)
    ]
    enter_forecasts(actor=fiona, authority=authority, rows=rows, source="f.csv")
    risk = risk_in(authority, TODAY)
    here, other = risk.schools
    assert (here.words, here.rating, here.forecast) == ("In deficit now", "Red", False)
    assert other.forecast
    assert other.pupils == (205, 190, 175, 160)
    # Funding falls with the roll, half of the spending does not: it falls into deficit in every case.
    assert other.words == "In every case"
    assert risk.years == ("2026-27", "2027-28", "2028-29")


def test_checks_without_a_plan_or_causes_are_blocked(harriet: Person) -> None:
    draft = save_application(
        actor=harriet,
        school=register(),
        licence=None,
        revision=0,
        written=replace(application(), causes=""),
        send=False,
    )
    rules = rules_for(AUTHORITY, TODAY)
    assert checks_of(draft, None, rules)[0].answer is Answer.BLOCKED
    assert checks_of(draft, plan_of(draft, 1), rules)[-1].name == "Causes"


def test_no_words_of_anybody_reach_the_audit_trail(harriet: Person, fiona: Person) -> None:
    licensed(harriet, fiona)
    kept = " ".join(AuditEntry.objects.filter(verb__startswith="deficit.").values_list("details", flat=True))
    assert "roll fell" not in kept
    assert "sound" not in kept
