"""What an employer's reference may say of past allegations.

Under the guidance of 2016 allegations found malicious, false or unsubstantiated, and later unfounded, must
not be mentioned, not even a history of several. Of a substantiated one the facts go to a person for review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redway.allegations.outcomes import Outcome

_NEVER = frozenset({Outcome.MALICIOUS, Outcome.FALSE, Outcome.UNSUBSTANTIATED, Outcome.UNFOUNDED})


@dataclass(frozen=True)
class ReferenceAdvice:
    """What may be said. ``to_review`` are positions, in the list given, whose facts a person may look at."""

    sentence: str
    to_review: tuple[int, ...]


def what_may_be_said(outcomes: Sequence[Outcome | None]) -> ReferenceAdvice:
    """Advice for a person with these outcomes; None is an allegation still open.

    An open allegation is neither disclosed nor hidden by a rule: it goes to a person, with the substantiated.
    """
    to_review = tuple(at for at, outcome in enumerate(outcomes) if outcome not in _NEVER)
    if not to_review:
        return ReferenceAdvice("There is nothing to disclose in a reference.", ())
    substantiated = sum(outcomes[at] is Outcome.SUBSTANTIATED for at in to_review)
    still_open = len(to_review) - substantiated
    parts = []
    if substantiated:
        parts.append(f"{substantiated} substantiated: only its facts, after a person has reviewed them.")
    if still_open:
        parts.append(f"{still_open} not concluded: take advice before anything is said.")
    return ReferenceAdvice(" ".join(parts), to_review)
