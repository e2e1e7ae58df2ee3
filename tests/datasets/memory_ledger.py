"""A ledger in memory, so that the datasets room is tested alone. The real one passes the same contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from redway.datasets.ledger import Candidate, Committed, State, Version


class MemoryLedger:
    """Time moves by a day with every write, from 1 September 2026."""

    def __init__(self) -> None:
        self._versions: list[Version] = []
        self.now = datetime(2026, 9, 1, 12, tzinfo=UTC)

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        return [
            each
            for each in self._versions
            if format_code in ("", each.format) and dataset in ("", each.dataset)
        ]

    def by_source(self, sha256: str) -> list[Version]:
        return [
            each for each in self._versions if each.sha256 == sha256 and each.state is not State.WITHDRAWN
        ]

    def commit(
        self,
        candidate: Candidate,
        place: Callable[[int], None],
        more_doubts: Callable[[Version | None], Sequence[str]],
        *,
        accept: bool,
    ) -> Committed:
        chain = [each for each in self._versions if each.chain == candidate.chain]
        for each in chain:
            same = each.sha256 == candidate.sha256 and each.recipe == candidate.recipe
            if same and each.state is not State.WITHDRAWN:
                return Committed(each, created=False)
        last = next((each for each in chain if each.state is State.CURRENT), None)
        doubts = [*candidate.doubts, *more_doubts(last)]
        held = bool(doubts) and not accept
        fields = {
            name: getattr(candidate, name) for name in Candidate.__dataclass_fields__ if name != "doubts"
        }
        version = Version(
            **fields,
            id=len(self._versions) + 1,
            number=len(chain) + 1,
            state=State.HELD if held else State.CURRENT,
            held_reason="\n".join(doubts),
            received_at=self.now,
            committed_at=None if held else self.now,
        )
        place(version.id)
        if not held:
            self._supersede(version)
        self._versions.append(version)
        self.now += timedelta(days=1)
        return Committed(version, created=True)

    def accept(self, version: int, *, who: str) -> Version:
        accepted = replace(self._versions[version - 1], state=State.CURRENT, committed_at=self.now)
        self._supersede(accepted)
        self._versions[version - 1] = accepted
        self.now += timedelta(days=1)
        return accepted

    def withdraw(self, version: int) -> None:
        self._versions[version - 1] = replace(
            self._versions[version - 1], state=State.WITHDRAWN, withdrawn_at=self.now
        )
        self.now += timedelta(days=1)

    def _supersede(self, newer: Version) -> None:
        for at, each in enumerate(self._versions):
            if each.chain == newer.chain and each.state is State.CURRENT:
                self._versions[at] = replace(each, state=State.SUPERSEDED)
