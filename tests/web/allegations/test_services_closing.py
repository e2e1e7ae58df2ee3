"""Closing a case: nothing outstanding, or a manager's reason, which is kept for the report."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import Http404

from redway.allegations.closing import ClosingRefusedError
from redway.allegations.told import Party
from redway.web.allegations.models import Capacity, CaseState
from redway.web.allegations.queries import case_view, closing_facts
from redway.web.allegations.services import naming
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.allegations.statistics_period import Asked, count_period
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import TODAY, again, done, opened, ready_to_close
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")


def test_a_case_with_nothing_outstanding_closes(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    assert case_view(again(case)).obstacles == ()
    closed = done(close, leah, case, on=TODAY)
    assert (closed.state, closed.closed_on, closed.closed_over) == (CaseState.CLOSED, TODAY, [])
    assert AuditEntry.objects.filter(verb="allegation.close", subject_id=case.key).count() == 1


def test_closing_is_refused_listing_each_thing_outstanding(harriet: Person, leah: Person) -> None:
    """Acceptance case 22: an open strand, an untold subject, an unanswered question of the DBS."""
    case = opened(harriet, leah)
    with pytest.raises(ClosingRefusedError) as refused:
        done(close, leah, case, on=TODAY)
    assert refused.value.obstacles == (
        "The social-care enquiry is not decided.",
        "The criminal investigation is not decided.",
        "The employer's process is not decided.",
        *(f"It is not said whether {party.was} told." for party in Party),
        "1 allegation has no finding.",
        "It is not answered whether to refer to the Disclosure and Barring Service.",
        "It is not answered whether to refer to the Teaching Regulation Agency.",
        "No outcome letter has been sent.",
    )
    assert again(case).state == CaseState.OPEN


def test_the_page_lists_each_thing_outstanding_once(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    address = f"/allegations/cases/{case.key}/close/"
    given = {"on_day": 24, "on_month": 11, "on_year": 2026, "revision": again(case).revision, "go": "send"}
    page = text_of(visitor(leah).post(address, given))
    assert "The case cannot be closed: 17 things are outstanding." in page
    assert page.count("No outcome letter has been sent.") == 1
    assert again(case).state == CaseState.OPEN


def test_a_manager_closes_over_it_with_a_reason_that_is_kept(
    harriet: Person, leah: Person, dana: Person
) -> None:
    case = opened(harriet, leah)
    with pytest.raises(Http404):
        done(close, leah, case, on=TODAY, override_reason="The person has died.")
    done(naming.name_officer, leah, case, person=dana, capacity=Capacity.MANAGER)
    closed = done(close, dana, case, on=TODAY, override_reason="The person has died.")
    assert closed.state == CaseState.CLOSED
    assert "1 allegation has no finding." in again(case).closed_over
    assert again(case).account["closed_over"] == {"reason": "The person has died.", "by": "Dana Drew"}
    entry = AuditEntry.objects.get(verb="allegation.close")
    assert '"outstanding":17' in entry.details
    assert "died" not in entry.details


def test_what_a_manager_closed_over_is_in_the_report(harriet: Person, leah: Person, dana: Person) -> None:
    """Acceptance case 22: the report says how many cases were closed over what was outstanding."""
    case = opened(harriet, leah)
    done(naming.name_officer, leah, case, person=dana, capacity=Capacity.MANAGER)
    done(close, dana, case, on=TODAY, override_reason="The person has died.")
    done(close, leah, ready_to_close(harriet, leah), on=TODAY)
    asked = Asked(date(2026, 7, 1), date(2026, 12, 31))
    rows = count_period("826", asked, leah, TODAY).report.tables["work"].rows
    figures = {str(row["word"]): row["figure"] for row in rows}
    assert figures["Cases that a manager closed over what was outstanding, with a reason"] == 1


def test_it_closes_neither_before_its_findings_nor_in_the_future(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    with pytest.raises(ChangeRefusedError, match="before the last finding on 23 November 2026"):
        done(close, leah, case, on=date(2026, 11, 22))
    with pytest.raises(ChangeRefusedError, match="has not come yet"):
        done(close, leah, case, on=date(2026, 11, 25))


def test_a_closed_case_is_read_and_not_changed(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    done(close, leah, case, on=TODAY)
    with pytest.raises(ChangeRefusedError, match="The case is closed"):
        done(close, leah, case, on=TODAY)
    assert closing_facts(again(case)).outcome_letter_on == date(2026, 11, 23)
