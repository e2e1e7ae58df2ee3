"""Guessing passwords is slowed down; the owner of an account is not kept out.

Failures are counted against three keys: this account from this address, this account from anywhere,
this address for any account. Too many, and attempts under that key are not taken for fifteen minutes;
attempts made meanwhile are not counted, so the wait always ends.

A browser that has signed in to the account before carries a device cookie. Its failures are counted
by themselves and the key "this account from anywhere" does not apply to it, so a stranger who keeps
guessing from many addresses cannot keep the owner out (OWASP, "Device cookies").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.utils.crypto import get_random_string

from redway.web.people.models import SignInFailures

WAIT = timedelta(minutes=15)
COUNTED_FOR = timedelta(hours=1)
DEVICE_COOKIE = "redway_device"
DEVICE_COOKIE_DAYS = 180
_SALT = "redway.people.device"


@dataclass(frozen=True)
class Attempt:
    """Who is trying to sign in, from where, with which device cookie (empty when there is none)."""

    email: str
    address: str
    cookie: str = ""

    @property
    def account(self) -> str:
        return self.email.strip().lower()

    @property
    def device(self) -> str:
        """The browser that has signed in to this account before, or empty."""
        return _device_of(self.cookie, self.account)

    @property
    def own_key(self) -> str:
        """This account from here: what is forgotten when the right password is given."""
        return (
            f"{self.account} device {self.device}" if self.device else f"{self.account} from {self.address}"
        )

    def counted(self) -> list[tuple[str, int]]:
        """(key, failures allowed within an hour). Always in this order, in which the counts are locked."""
        if self.device:
            return [(self.own_key, 10)]
        return [(self.own_key, 5), (f"account {self.account}", 50), (f"address {self.address}", 100)]


def waits_until(attempt: Attempt, now: datetime) -> datetime | None:
    """When the next attempt will be taken, or None when it is taken now."""
    hashes = [_hash(key) for key, _ in attempt.counted()]
    waits = SignInFailures.objects.filter(key_hash__in=hashes, waits_until__gt=now)
    return max((row.waits_until for row in waits if row.waits_until), default=None)


@transaction.atomic
def count_failure(attempt: Attempt, now: datetime) -> None:
    """One more failure under each key."""
    for key, allowed in attempt.counted():
        row, _ = SignInFailures.objects.get_or_create(key_hash=_hash(key), defaults={"counting_since": now})
        row = SignInFailures.objects.select_for_update().get(pk=row.pk)
        if now - row.counting_since > COUNTED_FOR:
            row.failures, row.counting_since = 0, now
        row.failures += 1
        if row.failures >= allowed:
            row.waits_until, row.failures, row.counting_since = now + WAIT, 0, now
        row.save(update_fields=["failures", "counting_since", "waits_until"])


def forget_failures(attempt: Attempt) -> None:
    """The right password was given: failures of this account from this place are forgotten.

    Those of the address stay, or somebody could guess at others' accounts and reset the count with
    their own.
    """
    SignInFailures.objects.filter(key_hash=_hash(attempt.own_key)).delete()


def drop_old(now: datetime) -> int:
    """Delete counts that no longer matter. Returns how many."""
    old = SignInFailures.objects.filter(counting_since__lt=now - COUNTED_FOR - WAIT)
    return old.delete()[0]


def new_device_cookie(email: str) -> str:
    """Value of the cookie that tells a browser which has signed in before."""
    value = {"email": _hash(email.strip().lower()), "device": get_random_string(16)}
    return signing.dumps(value, salt=_SALT)


def know_browser(response: HttpResponse, email: str) -> HttpResponse:
    """The answer, with a cookie by which this browser is known to have come in to this account."""
    response.set_cookie(
        DEVICE_COOKIE,
        new_device_cookie(email),
        max_age=DEVICE_COOKIE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _device_of(cookie: str, email: str) -> str:
    if not cookie:
        return ""
    try:
        value = signing.loads(cookie, salt=_SALT, max_age=timedelta(days=DEVICE_COOKIE_DAYS))
    except signing.BadSignature:
        return ""
    return str(value["device"]) if value["email"] == _hash(email) else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
