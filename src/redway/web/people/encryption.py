"""Secrets at rest (second-factor seeds) are encrypted with a key made from the secret key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str) -> str:
    """The text, unreadable without the secret key."""
    return _box().encrypt(text.encode()).decode("ascii")


def decrypt(text: str) -> str:
    """The text that was encrypted, also under a former key (SECRET_KEY_FALLBACKS)."""
    return _box().decrypt(text.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet(
        [_key(str(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]]
    )


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"redway.people.encryption")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
