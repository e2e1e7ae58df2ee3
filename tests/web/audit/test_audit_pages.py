"""Searching the audit trail, which is itself recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from redway.web.audit.models import AuditEntry
from redway.web.audit.services import record
from redway.web.audit.triggers import lifted
from redway.web.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(adam: Person, alice: Person, signed_in: Any) -> Client:
    with transaction.atomic():
        record(alice, "dataset.commit", "dataset_version", 7, {"rows": 240})
        record(None, "register.rebuild", "register", 1, {"schools": 226})
    return signed_in(adam)


def test_what_was_done_is_found_by_person_verb_and_record(office: Client, alice: Person) -> None:
    for search in (f"actor={alice.pk}", "verb=dataset", "subject_kind=dataset_version&subject_id=7"):
        page = office.get(f"/audit/?{search}").content.decode()
        assert "dataset.commit" in page, search
        assert "rows: 240" in page
        assert "register.rebuild" not in page


def test_days_are_days_in_england_and_both_are_inside(office: Client, clock: Any) -> None:
    clock.set(clock.now.replace(month=6, day=30, hour=22, minute=30))  # 11:30pm on 30 June in England
    with transaction.atomic():
        record(None, "dataset.late", "dataset", "absence")
    clock.set(clock.now.replace(hour=23, minute=30))  # half past midnight on 1 July in England
    with transaction.atomic():
        record(None, "dataset.early", "dataset", "absence")
    day = {"first_day_day": "30", "first_day_month": "6", "first_day_year": "2026"}
    day |= {"last_day_day": "30", "last_day_month": "6", "last_day_year": "2026"}
    clock.set(clock.now.replace(month=7, day=2))
    office.force_login(Person.objects.get(email="adam@example.org"))
    page = office.get("/audit/", day).content.decode()
    assert "dataset.late" in page
    assert "dataset.early" not in page


def test_looking_and_taking_away_are_recorded_with_what_was_looked_for(office: Client, adam: Person) -> None:
    office.get("/audit/?verb=dataset")
    b"".join(office.get("/audit.csv?verb=dataset").streaming_content)
    read, exported = AuditEntry.objects.filter(actor=adam).order_by("sequence")
    assert (read.verb, read.sensitive_read, json.loads(read.details)) == (
        "audit.read",
        True,
        {"verb": "dataset"},
    )
    assert (exported.verb, json.loads(exported.details)) == (
        "audit.export",
        {"verb": "dataset", "entries": "1"},
    )


def test_a_search_that_holds_an_address_is_refused_and_not_recorded_with_it(office: Client) -> None:
    answer = office.get("/audit/?subject_id=alice@example.org")
    assert "not by their email address" in answer.content.decode()
    assert "@" not in "".join(AuditEntry.objects.values_list("details", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_page_says_whether_the_trail_is_whole(office: Client) -> None:
    assert "The audit trail is whole: 2 entries checked." in office.post("/audit/check/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_page_names_the_first_broken_link(office: Client) -> None:
    with lifted(connection):
        AuditEntry.objects.filter(sequence=2).update(details="{}")
    assert "broken at entry 2" in office.post("/audit/check/").content.decode()
