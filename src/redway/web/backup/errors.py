"""What can go wrong with a backup, in words."""

from __future__ import annotations

from redway.core.errors import RedwayError


class BackupError(RedwayError):
    """A backup could not be made, or a file is no sound backup."""


class RestoreRefusedError(RedwayError):
    """Restoring would overwrite something, or the copy does not fit this machine. Nothing was changed."""
