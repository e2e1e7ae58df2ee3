"""What the action plan and the board refuse."""

# ruff: noqa: N818  (the names say what is wrong in the words of the domain)

from __future__ import annotations

from collections.abc import Sequence

from redway.core.errors import RedwayError


class MeasureRefused(RedwayError):
    """A success measure that measures nothing, or aims the wrong way; ``field`` is what to change."""

    def __init__(self, message: str, next_step: str, field: str = "target") -> None:
        self.field = field
        super().__init__(message, next_step)


class RatingRefused(RedwayError):
    """A colour that the written rules do not allow, or that comes without its reason."""


class NotReady(RedwayError):
    """Something that cannot be approved as it stands; ``missing`` holds a sentence for each lack."""

    def __init__(self, what: str, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            f"{what} cannot be approved. {' '.join(missing)}", "Complete it and approve it then."
        )
