"""Pupils in addresses and in the audit trail: a key that tells nothing of whom it is about.

It is made of the authority and the pupil's number with the secret of the installation. So the same pupil has
the same key here from year to year, nobody can work out a number from it, and it means nothing elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.conf import settings

from redway.web.attainment.cohorts import Source, rows_in, years_in

_LENGTH = 32
"""Hexadecimal digits: 128 bits."""


def pupil_key(authority: str, pupil: str) -> str:
    """The key of one pupil.

    >>> from django.test import override_settings
    >>> with override_settings(SECRET_KEY="one"):
    ...     here, there = pupil_key("826", "A1"), pupil_key("822", "A1")
    >>> len(here), here == there
    (32, False)
    """
    return _made(_secret(), authority, pupil)


def pupil_keys(authority: str, pupils: Iterable[str]) -> list[str]:
    """The keys of many pupils, in the order given."""
    secret = _secret()
    return [_made(secret, authority, pupil) for pupil in pupils]


def pupil_with(on_roll: Source, key: str) -> str | None:
    """The number of the pupil on roll who has this key; None for nobody."""
    return _by_key(on_roll, _secret()).get(key)


@lru_cache(maxsize=8)
def _by_key(on_roll: Source, secret: bytes) -> Mapping[str, str]:
    frame = rows_in(on_roll, years_in(on_roll)[-1:])
    if frame is None:
        return {}
    return {_made(secret, on_roll.authority, pupil): pupil for pupil in frame["pupil"].to_list()}


def _secret() -> bytes:
    return hashlib.sha256(b"redway.attainment.pupil:" + settings.SECRET_KEY.encode()).digest()


def _made(secret: bytes, authority: str, pupil: str) -> str:
    return hmac.digest(secret, f"{authority}:{pupil}".encode(), "sha256").hex()[:_LENGTH]
