"""Names and narratives of cases are encrypted at rest, under data keys that can be changed while Redway runs.

A data key is random and lies in the database wrapped with the secret key, so a copy of the database alone
opens nothing. What is encrypted begins with the number of its key. To rotate: make a new key, encrypt
everything anew in small transactions. A stop in between loses nothing: former keys are kept, for a
process that still writes with one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import models

from redway.core.errors import RedwayError
from redway.web.people import encryption as secret_key_box

if TYPE_CHECKING:
    from redway.web.allegations.models import DataKey


class CannotOpenError(RedwayError):
    """Something encrypted that no key of this installation opens."""


def encrypt(plain: bytes) -> bytes:
    """The bytes, unreadable without the data key, led by the number of the key: ``b'3:gAAAA...'``."""
    number, box = _current()
    return f"{number}:".encode() + box.encrypt(plain)


def decrypt(sealed: bytes) -> bytes:
    """The bytes that were encrypted. Raises CannotOpenError when their key is gone or they were changed."""
    number, _, token = bytes(sealed).partition(b":")
    for read_anew in (False, True):
        try:
            box = _box(number, read_anew)
            if box is not None:
                return box.decrypt(token)
        except InvalidToken:
            continue
    raise CannotOpenError(
        "Part of a record cannot be opened with the keys of this installation.",
        "Put back the secret key that belongs to this database (secret.key, or SECRET_KEY_FALLBACKS).",
    )


def key_number(sealed: bytes) -> int:
    """The number of the key something is encrypted with."""
    return int(bytes(sealed).partition(b":")[0])


def new_key(purpose: str = "content") -> DataKey:
    """Make a data key, wrapped with the secret key. From now on it is the one that is used."""
    from redway.web.allegations.models import DataKey

    wrapped = secret_key_box.encrypt(Fernet.generate_key().decode("ascii"))
    return DataKey.objects.create(purpose=purpose, wrapped=wrapped)


def fingerprint(word: str) -> str:
    """A word of a name as it can be searched for without being readable: equal words, equal fingerprints.

    Keyed with a data key of its own that is not rotated: fingerprints cannot be made anew without the words.
    """
    from redway.web.allegations.models import DataKey

    if (held := _HELD.get()) is not None:
        key = held.search
    else:
        key = _raw(DataKey.objects.filter(purpose="search").first() or new_key("search"))
    return hmac.new(key, word.encode(), hashlib.sha256).hexdigest()[:32]


_BOXES: dict[bytes, Fernet] = {}
"""Number of a data key -> what opens with it: a page of a case asks the database once, not for each text."""


@dataclass(frozen=True)
class _Keys:
    """The keys one change writes with."""

    number: int
    content: Fernet
    search: bytes


_HELD: ContextVar[_Keys | None] = ContextVar("keys of one change", default=None)


@contextmanager
def keys_asked_once() -> Iterator[None]:
    """Inside, everything is written with the keys that are the newest now: the database is asked once for
    them, and not for each text.

    Put it around one change, inside its transaction: when that is rolled back, with a key that was made in
    it, nothing is held any longer.
    """
    if _HELD.get() is not None:
        yield
        return
    from redway.web.allegations.models import DataKey

    keys = list(DataKey.objects.order_by("number"))
    newest = next((key for key in reversed(keys) if key.purpose == "content"), None) or new_key()
    search = next((key for key in keys if key.purpose == "search"), None) or new_key("search")
    before = _HELD.set(_Keys(newest.number, _unwrapped(newest.wrapped), _raw(search)))
    try:
        yield
    finally:
        _HELD.reset(before)


def _raw(key: DataKey) -> bytes:
    return base64.urlsafe_b64decode(secret_key_box.decrypt(key.wrapped))


def _current() -> tuple[int, Fernet]:
    """The newest key, made on first use. Asked anew for each change: somebody may have rotated."""
    from redway.web.allegations.models import DataKey

    if (held := _HELD.get()) is not None:
        return held.number, held.content
    newest = DataKey.objects.filter(purpose="content").order_by("-number").first() or new_key()
    return newest.number, _unwrapped(newest.wrapped)


def _box(number: bytes, read_anew: bool) -> Fernet | None:
    from redway.web.allegations.models import DataKey

    if read_anew or number not in _BOXES:
        wrapped = DataKey.objects.filter(number=number.decode() if number.isdigit() else 0).values_list(
            "wrapped", flat=True
        )
        if not wrapped:
            return None
        _BOXES[number] = _unwrapped(wrapped[0])
    return _BOXES[number]


def _unwrapped(wrapped: str) -> Fernet:
    return Fernet(secret_key_box.decrypt(wrapped).encode("ascii"))


class SealedText(models.Field):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python. Cannot be searched or sorted by."""

    description = "Encrypted text"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(encrypt(self.to_bytes(value)))

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        return None if value is None else self.from_bytes(decrypt(value))

    def get_lookup(self, lookup_name: str) -> None:
        """None: the same words are never stored alike, so no question about them has an answer."""

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("What is encrypted is not written out in plain.")

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return plain.decode()


class SealedJson(SealedText):
    """The same for a small structure of texts, numbers and lists."""

    description = "Encrypted structure"

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)
