"""What every change here shares: who may, and what happened since a page was opened."""

from __future__ import annotations

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.improvement.reasons import reasons_of


class ConcernRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A step that cannot be taken as things stand."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed the record after the person opened it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody has changed this since you opened the page: {what}.",
            "What you typed is kept below. Read what is new, then send yours again or leave it.",
        )


def words_of(text: str, missing: str, step: str) -> str:
    """A short text that must not be empty.

    Raises ConcernRefused, and ReasonsRefused for what seems to tell of a person, of health or a complaint.
    """
    if not text.strip():
        raise ConcernRefused(missing, step)
    return reasons_of(text)
