"""What became of a file that was brought in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from redway.datasets.confidential import is_confidential, plain_name
from redway.datasets.problems import Problem


class Outcome(StrEnum):
    """What became of a file."""

    COMMITTED = "committed"
    UNCHANGED = "unchanged"
    HELD = "held"
    CHECKED = "checked"
    NOT_RECOGNISED = "not recognised"
    FAILED = "failed"


@dataclass
class FileReport:
    """What became of one file.

    ``version`` counts in its chain; ``version_id`` is its number everywhere else.
    """

    path: str
    outcome: Outcome
    kind: str | None = None
    title: str = ""
    period: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_blank: int = 0
    rows_left_out: dict[str, int] = field(default_factory=dict)
    version: int | None = None
    version_id: int | None = None
    reasons: list[str] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    errors_total: int = 0
    problems_file: Path | None = None

    @property
    def noted_path(self) -> str:
        """The path as it may be written down and shown: a file of pupils is called by what it is."""
        if self.kind and is_confidential(self.kind):
            return plain_name(self.kind, self.period or "", self.path)
        return self.path

    @property
    def held(self) -> bool:
        """True when the file waits for a person; nothing it holds is shown until then."""
        return self.outcome is Outcome.HELD

    @property
    def in_order(self) -> bool:
        """True when there is nothing to look into: the command line ends with 0."""
        return (
            self.outcome in (Outcome.COMMITTED, Outcome.UNCHANGED, Outcome.CHECKED) and not self.rows_rejected
        )

    def to_json(self) -> dict[str, Any]:
        """The file's entry in the JSON of ``redway import --json``. Reasons come first among the errors."""
        whole = [Problem(None, None, None, reason) for reason in self.reasons]
        return {
            "path": self.path,
            "kind": self.kind,
            "period": self.period,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_rejected": self.rows_rejected,
            "held": self.held,
            "version": self.version,
            "errors": [problem.to_json() for problem in [*whole, *self.errors]],
        }
