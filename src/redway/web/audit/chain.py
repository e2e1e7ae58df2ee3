"""How an entry is turned into text and hashed. Pure: the same entry always gives the same hash."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from redway.core.errors import RedwayError

START = "0" * 64
"""What the first entry holds as the hash before it."""

_VERB = re.compile(r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$")
_LONGEST_TEXT = 200


class AuditError(RedwayError):
    """An entry that must not be written as it is."""


@dataclass(frozen=True)
class Link:
    """One entry of the chain as it is hashed. ``at`` has a time zone; ``details`` is canonical JSON."""

    sequence: int
    at: datetime
    actor: int | None
    verb: str
    subject_kind: str
    subject_id: str
    details: str
    sensitive_read: bool
    previous_hash: str

    @property
    def hash(self) -> str:
        fields = asdict(self) | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}
        return hashlib.sha256(canonical(fields).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON written one way only: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def check_verb(verb: str) -> None:
    """Verbs are namespaced and readable: ``dataset.commit``. Raises AuditError."""
    if not _VERB.match(verb):
        raise AuditError(f"'{verb}' is not an audit verb.", "Write it like dataset.commit.")


def details_text(details: Mapping[str, Any]) -> str:
    """Canonical JSON of the details. Raises AuditError for what could name a person.

    Details hold codes, keys, counts and dates. Free text and e-mail addresses do not belong in a
    table that can never be corrected.
    """
    _refuse_personal(details, "details")
    try:
        return canonical(details)
    except (TypeError, ValueError) as error:
        raise AuditError(
            f"The details of an audit entry cannot be written as JSON: {error}.", "Use texts and numbers."
        ) from error


def _refuse_personal(value: Any, where: str) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_personal(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_personal(inner, where)
    elif isinstance(value, str) and ("@" in value or len(value) > _LONGEST_TEXT):
        raise AuditError(
            f"'{where}' holds an e-mail address or free text.", "Audit details hold keys and codes only."
        )
