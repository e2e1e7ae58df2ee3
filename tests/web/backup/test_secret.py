"""The secret key travels only under a passphrase."""

from __future__ import annotations

import pytest

from redway.web.backup.errors import RestoreRefusedError
from redway.web.backup.secret import lock, unlock


def test_the_passphrase_opens_what_it_locked() -> None:
    assert unlock(lock("the key", "four words nothing common"), "four words nothing common") == "the key"


def test_the_key_cannot_be_read_in_the_locked_text() -> None:
    assert "the key" not in lock("the key", "four words nothing common")


def test_the_same_key_is_never_locked_the_same_way_twice() -> None:
    assert lock("key", "four words nothing common") != lock("key", "four words nothing common")


def test_another_passphrase_is_refused() -> None:
    with pytest.raises(RestoreRefusedError, match="does not open"):
        unlock(lock("key", "four words nothing common"), "five words nothing common")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(RestoreRefusedError, match="too short"):
        lock("key", "Redway2026")
