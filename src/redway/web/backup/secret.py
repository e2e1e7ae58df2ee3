"""The secret key in a backup: locked with a passphrase, or left out.

The key opens what is encrypted in the database (second factors). A copy that held both would be as good as
the server to a thief, so the key travels only under a passphrase; without one it must be kept apart.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from redway.web.backup.errors import RestoreRefusedError

SHORTEST = 12


def lock(key: str, passphrase: str) -> str:
    """The key encrypted with a passphrase. Raises RestoreRefusedError for a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise RestoreRefusedError(
            f"The passphrase is too short: it has {len(passphrase)} characters.",
            f"Use {SHORTEST} or more, for example four words that have nothing to do with each other.",
        )
    salt = secrets.token_bytes(16)
    locked = Fernet(_stretched(passphrase, salt)).encrypt(key.encode())
    return f"{base64.urlsafe_b64encode(salt).decode()}\n{locked.decode()}\n"


def unlock(locked: str, passphrase: str) -> str:
    """The key again. Raises RestoreRefusedError for another passphrase."""
    salt, token = locked.split()
    try:
        return Fernet(_stretched(passphrase, base64.urlsafe_b64decode(salt))).decrypt(token.encode()).decode()
    except InvalidToken:
        raise RestoreRefusedError(
            "The passphrase does not open this backup.", "Type the one it was made with."
        ) from None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    derived = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return base64.urlsafe_b64encode(derived)
