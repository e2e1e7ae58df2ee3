"""Actions chase whoever took them on: their first page says by when, and neither what nor about whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from redway.core.home import Home
from redway.web.allegations.models import Case
from redway.web.allegations.promises import may_be_reminded, promises_of
from redway.web.allegations.services import naming, running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.people.models import Person
from web.allegations.a_case import NOON, TODAY, done, opened
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock", "home")


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


def take_on(case: Case, leah: Person, owner: Person | None) -> None:
    done(
        running.add_action,
        leah,
        case,
        what="Send the statement of Sam.",
        owner="The headteacher",
        due_on=TODAY,
        owner_account=owner,
    )


def made_late(case: Case) -> None:
    case.actions.update(due_on=TODAY - timedelta(days=2))


def test_the_owner_is_reminded_on_their_first_page_without_names(
    case: Case, harriet: Person, leah: Person, home: Home
) -> None:
    take_on(case, leah, harriet)
    page = text_of(visitor(harriet).get("/"))
    assert "1 thing you are to do is due within a week" in page
    made_late(case)
    page = text_of(visitor(harriet).get("/"))
    assert "1 thing you are to do is overdue" in page
    assert f"The first by 22 November 2026, on case {case.key}" in page
    for secret in ("statement", "Sam", "Jo Example"):
        assert secret not in page
    # A referrer is led to what they may see: how it stands, and by when something is asked of them.
    referrals = text_of(visitor(harriet).get("/allegations/referrals/"))
    assert "You are to do something by" in referrals
    assert "22 November 2026" in referrals
    assert "statement" not in referrals


def test_an_officer_is_led_to_the_action_itself(case: Case, leah: Person) -> None:
    take_on(case, leah, leah)
    made_late(case)
    assert f"/allegations/cases/{case.key}/#actions" in visitor(leah).get("/").content.decode()


def test_only_people_named_on_the_case_can_be_reminded(
    case: Case, harriet: Person, leah: Person, make_person: Callable[..., Person]
) -> None:
    stranger = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    assert set(may_be_reminded(case, NOON)) == {harriet, leah}
    with pytest.raises(ChangeRefusedError, match="Only somebody named on the case"):
        take_on(case, leah, stranger)
    assert not case.actions.exists()


def test_who_leaves_the_case_is_kept_from_it_or_is_done_is_reminded_no_more(
    case: Case, harriet: Person, leah: Person
) -> None:
    take_on(case, leah, harriet)
    assert [one.case for one in promises_of(harriet, NOON)] == [case.key]
    assert promises_of(leah, NOON) == []
    done(running.finish_action, leah, case, action=case.actions.get(), on=TODAY)
    assert promises_of(harriet, NOON) == []
    case.actions.update(done_on=None)
    done(naming.bar, leah, case, person=harriet, reason="They are related.")
    assert promises_of(harriet, NOON) == []


def test_a_dropped_action_reminds_nobody(case: Case, harriet: Person, leah: Person) -> None:
    take_on(case, leah, harriet)
    done(running.drop_action, leah, case, action=case.actions.get(), because="Sent already.")
    assert promises_of(harriet, NOON) == []


def test_the_form_offers_those_named_and_keeps_whom_it_reminds(
    case: Case, harriet: Person, leah: Person
) -> None:
    browser, page = visitor(leah), f"/allegations/cases/{case.key}/add-action/"
    shown = browser.get(page).content.decode()
    assert f'<option value="{harriet.pk}">{harriet.full_name}</option>' in shown
    revision = Case.objects.get(pk=case.pk).revision
    sent = {
        "revision": revision,
        "what": "Send it.",
        "owner": "The headteacher",
        "account": harriet.pk,
        "due_on_day": "1",
        "due_on_month": "12",
        "due_on_year": "2026",
    }
    assert browser.post(page, sent).status_code == 302
    assert case.actions.get().owner_account == harriet
