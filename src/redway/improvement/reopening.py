"""An action that was called complete by mistake, and who may open it again.

Until somebody has accepted its evidence, its owner or whoever keeps the plan opens it again, with a reason.
Afterwards the word of whoever accepted stands on it too: they have to agree. Where none of them is there any
more, anybody may agree who may accept evidence and is neither the owner nor the one who asks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Acceptance:
    """Who stands behind a complete action; numbers of people. ``may_accept`` may judge evidence today."""

    owner: int
    accepted_by: frozenset[int]
    may_accept: frozenset[int]

    def may_agree(self, asked_by: int) -> frozenset[int]:
        """Who may agree to what somebody asked; empty when nobody has to.

        >>> Acceptance(1, frozenset({2}), frozenset({2, 3})).may_agree(asked_by=1)
        frozenset({2})
        >>> Acceptance(1, frozenset({2}), frozenset({1, 3})).may_agree(asked_by=1)
        frozenset({3})
        """
        accepters = self.accepted_by - {self.owner}
        if not accepters:
            return frozenset()
        still_here = accepters & self.may_accept
        return still_here or self.may_accept - {self.owner, asked_by}

    def needs_agreement(self, asked_by: int) -> bool:
        """Whether somebody else has to agree. Whoever accepted the evidence agrees by asking."""
        accepters = self.accepted_by - {self.owner}
        return bool(accepters) and asked_by not in accepters
