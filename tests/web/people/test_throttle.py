"""Guessing is slowed down, and the owner of an account is not kept out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from redway.web.people.throttle import (
    WAIT,
    Attempt,
    count_failure,
    drop_old,
    forget_failures,
    new_device_cookie,
    waits_until,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT_HOME = Attempt("alice@example.org", "192.0.2.1")


def fail(attempt: Attempt, times: int, now: datetime = NOON) -> None:
    for _ in range(times):
        count_failure(attempt, now)


def test_four_wrong_passwords_do_not_wait_and_the_fifth_does() -> None:
    fail(AT_HOME, 4)
    assert waits_until(AT_HOME, NOON) is None
    fail(AT_HOME, 1)
    assert waits_until(AT_HOME, NOON) == NOON + WAIT


def test_the_wait_ends_by_itself() -> None:
    fail(AT_HOME, 5)
    assert waits_until(AT_HOME, NOON + WAIT - timedelta(seconds=1)) is not None
    assert waits_until(AT_HOME, NOON + WAIT) is None


def test_capitals_of_the_address_make_no_difference() -> None:
    fail(Attempt(" Alice@Example.ORG", "192.0.2.1"), 5)
    assert waits_until(AT_HOME, NOON) is not None


def test_a_stranger_elsewhere_does_not_keep_the_owner_waiting() -> None:
    fail(Attempt("alice@example.org", "198.51.100.9"), 5)
    assert waits_until(AT_HOME, NOON) is None


def test_guessing_from_many_addresses_slows_all_down_but_the_browser_that_was_here_before() -> None:
    for number in range(50):
        fail(Attempt("alice@example.org", f"198.51.100.{number}"), 1)
    assert waits_until(AT_HOME, NOON) is not None
    known = Attempt("alice@example.org", "192.0.2.1", new_device_cookie("alice@example.org"))
    assert waits_until(known, NOON) is None


def test_a_device_cookie_of_another_account_or_a_forged_one_is_worth_nothing() -> None:
    fail(AT_HOME, 5)
    for cookie in [
        new_device_cookie("bob@example.org"),
        "forged",
        new_device_cookie("alice@example.org")[:-1],
    ]:
        assert waits_until(Attempt("alice@example.org", "192.0.2.1", cookie), NOON) is not None


def test_a_stolen_device_cookie_is_slowed_down_as_well() -> None:
    stolen = Attempt("alice@example.org", "203.0.113.5", new_device_cookie("alice@example.org"))
    fail(stolen, 10)
    assert waits_until(stolen, NOON) == NOON + WAIT


def test_one_address_trying_many_accounts_is_slowed_down() -> None:
    for number in range(100):
        fail(Attempt(f"person{number}@example.org", "198.51.100.7"), 1)
    assert waits_until(Attempt("somebody.else@example.org", "198.51.100.7"), NOON) is not None


def test_the_right_password_forgets_the_failures_of_this_account_here_and_no_others() -> None:
    fail(AT_HOME, 4)
    forget_failures(AT_HOME)
    fail(AT_HOME, 4)
    assert waits_until(AT_HOME, NOON) is None
    # 92 more from this address: with the eight above it has now failed a hundred times.
    for number in range(92):
        fail(Attempt(f"person{number}@example.org", "192.0.2.1"), 1)
    assert waits_until(Attempt("somebody.else@example.org", "192.0.2.1"), NOON) is not None


def test_counting_begins_anew_after_an_hour_and_old_counts_are_dropped() -> None:
    fail(AT_HOME, 4)
    later = NOON + timedelta(hours=1, minutes=1)
    fail(AT_HOME, 4, later)
    assert waits_until(AT_HOME, later) is None
    assert drop_old(later + timedelta(hours=2)) == 3
