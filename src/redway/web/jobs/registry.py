"""The kinds of long work, registered by name. Each room registers its own in ``jobs.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from redway.core.errors import NotFound, RedwayError


class JobCancelled(RedwayError):  # noqa: N818 - a request, not a fault
    """Raised inside the work when somebody asked to stop it."""


class Progress(Protocol):
    """What the work is handed to say how far it is, and to learn that it should stop."""

    def say(self, message: str, done: int | None = None, total: int | None = None) -> None:
        """Note what is being done. Raises JobCancelled when somebody asked to stop."""

    def check(self) -> None:
        """Raise JobCancelled when somebody asked to stop. Cheap: may be called for every row."""


@dataclass(frozen=True)
class Outcome:
    """What the work did: one line for people, the facts for programs (JSON)."""

    message: str
    facts: dict[str, Any]


Work = Callable[..., Outcome]
"""``work(progress, **arguments) -> Outcome``. Must be safe to run again from the start."""

_KINDS: dict[str, Work] = {}


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register a function as the work of this name, in a room's ``jobs.py``."""

    def register(work: Work) -> Work:
        if name in _KINDS and _KINDS[name] is not work:
            raise ValueError(f"two kinds of work are called '{name}'")
        _KINDS[name] = work
        return work

    return register


Chore = Callable[[datetime], None]
"""``chore(now)``: small upkeep that workers do every hour. Must be safe to do twice."""

CHORES: list[Chore] = []


def hourly(chore: Chore) -> Chore:
    """Register upkeep, in a room's ``jobs.py``."""
    CHORES.append(chore)
    return chore


def work_of(name: str) -> Work:
    """The function registered under a name. Raises NotFound."""
    try:
        return _KINDS[name]
    except KeyError:
        raise NotFound(
            f"There is no work called '{name}'.", "The version that asked for it may have been another one."
        ) from None
