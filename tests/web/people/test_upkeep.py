"""What has run out is dropped every hour, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from redway.web.jobs.registry import CHORES
from redway.web.people.jobs import drop_what_has_run_out
from redway.web.people.models import Person, SignInFailures
from redway.web.people.throttle import Attempt, count_failure

pytestmark = pytest.mark.django_db
PASSWORD = "canal turnip lantern"


def test_old_sessions_and_counts_go_and_those_in_use_stay(
    make_person: Callable[..., Person], clock: object
) -> None:
    make_person("adviser", email="bob@example.org", password=PASSWORD)
    client = Client()
    client.post("/account/sign-in/", {"login": "bob@example.org", "password": PASSWORD})
    count_failure(Attempt("bob@example.org", "192.0.2.9"), clock.now)
    drop_what_has_run_out(clock.now)
    assert Session.objects.count() == UserSession.objects.count() == 1
    assert SignInFailures.objects.count() == 3
    drop_what_has_run_out(clock.now + timedelta(days=1))
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    assert not SignInFailures.objects.exists()


def test_workers_know_of_this_upkeep() -> None:
    assert drop_what_has_run_out in CHORES
