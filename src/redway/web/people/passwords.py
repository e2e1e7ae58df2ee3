"""What makes a password acceptable: long, not the person's own details, not among the known ones."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST = 12
LONGEST = 1024


class LengthValidator:
    """At least 12 characters; up to 1,024, so that a sentence is welcome and a flood is not."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Password must be {SHORTEST} characters or more. Three or four words make a good one.",
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                f"Password must be {LONGEST:,} characters or fewer.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return (
            f"Use {SHORTEST} characters or more. Three or four words that do not belong together work well."
        )


class OwnDetailsValidator:
    """Not made of the person's own name or e-mail address."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None:
            return
        rest = password.lower()
        for part in re.split(r"[\W_]+", f"{user.email} {user.full_name}".lower()):
            if len(part) >= 3:
                rest = rest.replace(part, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < SHORTEST // 2 and rest != password.lower():
            raise ValidationError(
                "Password must not be made of your name or email address.", code="password_own_details"
            )

    def get_help_text(self) -> str:
        return "Do not use your name or email address."


class BreachedValidator:
    """Not among passwords known from breaches. Checked on this machine; nothing is sent anywhere.

    Two lists are looked at: the 20,000 commonest passwords, which come with Django (made by Royce
    Williams from public breaches), and, when an authority puts it there, ``breached-passwords.txt``
    in the data folder: the download of Have I Been Pwned ordered by hash, or any part of it (lines of
    an upper-case SHA-1, a colon and a count).
    """

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        if self._is_common(password) or is_listed(
            password, settings.REDWAY_HOME.root / "breached-passwords.txt"
        ):
            raise ValidationError(
                "This password is known from breaches of other services. Choose another one.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "Passwords known from breaches of other services are refused."

    def _is_common(self, password: str) -> bool:
        # Common passwords are short; people lengthen them by repeating them or adding digits and signs.
        word = password.lower().strip()
        bare = re.sub(r"[\W\d_]+$|^[\W\d_]+", "", word)
        half = word[: len(word) // 2]
        return bool(
            word in self._common
            or (bare and bare in self._common)
            or (len(word) % 2 == 0 and word == half * 2 and half in self._common)
            or len(set(word)) < 5
        )


def is_listed(password: str, file: Path) -> bool:
    """Is the SHA-1 of the password in a file of hashes in order? Reads some 40 lines of a huge file."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        lines = file.open("rb")
    except FileNotFoundError:
        return False
    with lines:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            found = _hash_from(lines, middle)
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        return _hash_from(lines, low) == wanted


def _hash_from(lines: BinaryIO, offset: int) -> bytes:
    """The hash on the first whole line that begins at the offset or after it; empty at the end."""
    lines.seek(max(offset - 1, 0))
    if offset:
        lines.readline()
    return lines.readline()[:40].upper()
