"""The officer's day, the lists of cases and the first page: what waits, why, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from redway.allegations.threshold import Limb
from redway.web.allegations.models import Barred, Case, CaseState, Draft, Named, Subject
from redway.web.allegations.services import evaluation, naming, running
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import again, done, opened, referred

MakePerson = Callable[..., Person]
SignedIn = Callable[[Person], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DAY = "/allegations/day/"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def read(browser: Client, address: str = DAY) -> str:
    return text_of(browser.get(address))


def advice(head: Person, officer: Person, reason: str = "A matter of manners.") -> Case:
    case = referred(head, wants="advice")
    return evaluation.evaluate(
        actor=officer, case=case, revision=0, met={}, reason=reason, on=date(2026, 11, 20)
    )


def test_a_new_referral_stands_in_the_day_until_it_is_evaluated(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    case = referred(harriet)
    browser = signed_in(leah)
    page = read(browser)
    assert "Newly arrived" in page
    assert "Referred on 20 November 2026, 4 days ago, and not evaluated yet." in page
    assert f'href="/allegations/cases/{case.key}/#evaluation"' in page
    assert "Jo Example" in page
    done(evaluation.evaluate, leah, case, met={Limb.HARMED: "A bruise."}, on=date(2026, 11, 20))
    assert "Newly arrived" not in read(browser)


def test_what_is_overdue_says_by_which_rule_and_leads_to_the_one_place(
    harriet: Person, leah: Person, signed_in: SignedIn, clock: Any
) -> None:
    """On Thursday an action set for Wednesday is overdue; one for Friday is due."""
    case = opened(harriet, leah)
    for what, day in (("Ask the agency", date(2026, 11, 25)), ("Ring the bursar", date(2026, 11, 27))):
        done(running.add_action, leah, case, what=what, owner="Leah Lane", due_on=day)
    clock.set(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    page = read(signed_in(leah))
    overdue, due = page.index('id="overdue"'), page.index('id="due"')
    assert overdue < page.index(">Ask the agency<") < due < page.index(">Ring the bursar<")
    assert "Set for 25 November 2026." in page
    assert f'href="/allegations/cases/{case.key}/#actions"' in page
    assert "First review by the designated officer" not in page


def test_a_clock_that_ran_out_names_its_rule_and_whether_it_is_confirmed(
    harriet: Person, leah: Person, signed_in: SignedIn, clock: Any
) -> None:
    """Four weeks after Friday 20 November is Friday 18 December; no edition of today confirms the rule."""
    opened(harriet, leah)
    clock.set(datetime(2026, 12, 21, 9, 0, tzinfo=UTC))
    page = read(signed_in(leah))
    assert "First review by the designated officer" in page
    assert "It was due by 18 December 2026 and has not been done." in page
    assert "Rule: 4 weeks, not later than" in page
    assert "(not confirmed)" in page


def test_a_person_told_late_is_red_from_the_fifth_day(
    harriet: Person, leah: Person, signed_in: SignedIn, clock: Any
) -> None:
    opened(harriet, leah)
    assert "People who have not been told" not in read(signed_in(leah))
    clock.set(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    page = read(signed_in(leah))
    assert "People who have not been told" in page
    assert "The person has not been told since the evaluation on 20 November 2026" in page


def test_whoever_broke_the_glass_is_to_be_looked_at_by_the_officers_of_the_case(
    harriet: Person, leah: Person, make_person: MakePerson, signed_in: SignedIn
) -> None:
    case = referred(harriet)
    late = make_person("deputy_lado", full_name="Del Deputy", email="del@example.org")
    naming.break_glass(actor=late, key=case.key, reason="Leah is ill.")
    assert "Del Deputy opened it at 12:00 on 24 November 2026." in read(signed_in(leah))
    assert "Opened by somebody not named" not in read(signed_in(late))


def test_the_subject_with_an_account_sees_nothing_anywhere(
    harriet: Person, leah: Person, make_person: MakePerson, signed_in: SignedIn
) -> None:
    subject = make_person("lado", full_name="Sam Other", email="sam@example.org")
    case = referred(harriet, subject_name="Sam Other", subject_email="sam@example.org")
    # Even if a mistake had named them.
    Named.objects.create(case=case, person=subject, capacity="officer")
    browser = signed_in(subject)
    for address in (
        "/",
        DAY,
        "/allegations/cases/?state=all",
        "/allegations/advice/",
        "/allegations/referrals/",
    ):
        page = read(browser, address)
        assert case.key not in page
        assert "Newly arrived" not in page
        assert "new referral" not in page
    assert "You are named on no case" in read(browser)


def test_a_conflict_of_interest_takes_a_case_out_of_day_list_and_count(
    harriet: Person, leah: Person, dana: Person, signed_in: SignedIn
) -> None:
    case = referred(harriet)
    Barred.objects.create(case=case, person=leah, reason="A neighbour.", barred_by=dana)
    browser = signed_in(leah)
    assert "You are named on no case" in read(browser)
    assert case.key not in read(browser, "/allegations/cases/")
    assert "new referral" not in read(browser, "/")


def test_the_first_page_says_how_many_and_never_who(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    case = referred(harriet)
    page = read(signed_in(leah), "/")
    assert "Allegations: 1 new referral is not evaluated" in page
    assert f'href="{DAY}#arrived"' in page
    assert "Example" not in page
    assert case.key not in page


def test_what_somebody_began_is_on_their_own_first_page_alone(
    harriet: Person, charlie: Person, signed_in: SignedIn
) -> None:
    Draft.objects.create(person=harriet, answers={"subject_name": "Jo Example"})
    page = read(signed_in(harriet), "/")
    assert "1 referral is begun and not sent" in page
    assert "Jo Example" not in page
    assert "not sent" not in read(signed_in(charlie), "/")


def test_the_list_is_narrowed_by_what_is_counted_and_never_by_a_name(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    physical = referred(harriet)
    other = referred(harriet, category="sexual", subject_name="Kit Sample")
    browser = signed_in(leah)
    page = read(browser, "/allegations/cases/?category=sexual&state=all")
    assert other.key in page
    assert physical.key not in page
    for nonsense in ("?sector=circus", "?year=abc", "?state=gone"):
        assert browser.get(f"/allegations/cases/{nonsense}").status_code == 200
    both = read(browser, "/allegations/cases/")
    assert "Kit Sample" in both
    assert "Jo Example" in both
    assert 'type="search"' not in both
    assert "<title>Cases – Redway</title>" in both
    entry = AuditEntry.objects.filter(verb="allegation.read_list").latest("sequence")
    assert entry.sensitive_read
    assert "Example" not in entry.details


def test_a_reference_leads_to_the_case_or_to_why_it_must_be_opened(
    harriet: Person, leah: Person, make_person: MakePerson, dana: Person, signed_in: SignedIn
) -> None:
    case = referred(harriet)
    late = make_person("deputy_lado", full_name="Del Deputy", email="del@example.org")
    asked = "/allegations/cases/", {"reference": f" {case.key.upper()} "}
    assert signed_in(leah).post(*asked).url == f"/allegations/cases/{case.key}/"
    assert signed_in(late).post(*asked).url == f"/allegations/cases/{case.key}/break-glass/"
    typed = signed_in(leah).post("/allegations/cases/", {"reference": "Jo Example"})
    assert typed.url == "/allegations/cases/"
    assert "Open a case by its reference" not in read(signed_in(dana), "/allegations/cases/")


def test_advice_stands_in_the_log_and_leads_to_becoming_a_referral(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    case = advice(harriet, leah)
    browser = signed_in(leah)
    page = read(browser, "/allegations/advice/")
    assert "A matter of manners." in page
    assert f'href="{reverse("allegations:case_reopen", args=[case.key])}"' in page
    done(
        evaluation.reopen_advice,
        leah,
        case,
        met={Limb.HARMED: "A second child spoke."},
        on=date(2026, 11, 24),
    )
    assert again(case).account["referral"]["words"] == "He pulled me out of the room by my arm."
    assert case.key not in read(browser, "/allegations/advice/")
    assert case.key in read(browser, "/allegations/cases/")


def test_the_day_costs_the_same_number_of_queries_for_five_cases_and_for_five_hundred(
    leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(leah)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    _many_cases(leah, 5)
    for address in (DAY, "/"):
        # What is read once and then remembered is no part of what a page costs.
        cost(address)
    few = {address: cost(address) for address in (DAY, "/allegations/cases/", "/")}
    _many_cases(leah, 495)
    assert {address: cost(address) for address in few} == few
    page = read(browser)
    assert "You are named on 500 cases" in page
    assert page.count("Evaluate a new referral") == 25
    assert 'href="?arrived=2#arrived"' in page
    assert read(browser, f"{DAY}?arrived=99").count("Evaluate a new referral") == 25
    assert read(browser, f"{DAY}?arrived=x").count("Evaluate a new referral") == 25


def _many_cases(officer: Person, count: int) -> None:
    """Cases that arrived one after the other, each with what a referral leaves behind."""
    now = timezone.now()
    subjects = Subject.objects.bulk_create(
        Subject(authority="826", identity={"names": [f"Example {number}"]}) for number in range(count)
    )
    cases = Case.objects.bulk_create(
        Case(
            authority="826",
            subject=subject,
            state=CaseState.ARRIVED,
            edition="national-2020",
            known_at=now - timedelta(days=2),
            referred_at=now - timedelta(days=1),
            sector="education",
        )
        for subject in subjects
    )
    Named.objects.bulk_create(
        Named(case=case, person=officer, capacity="officer", leads=True, from_at=now) for case in cases
    )
