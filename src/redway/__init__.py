"""Redway: one register, one pipeline for data and one audit trail for children's services."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redway.analyst import Workspace

__all__ = ["__version__", "open"]

__version__ = "0.1.0"

# Sums here are many and small: a second thread of the linear algebra library mostly waits for the first and
# doubles the processor time. Read when NumPy is first imported; what the person has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def open(home: str | os.PathLike[str] | None = None) -> Workspace:  # noqa: A001 - reads as redway.open(home)
    """Open a Redway data folder for analysis (no Django, read only).

    ``home`` defaults to ``REDWAY_HOME``. See :class:`redway.analyst.Workspace`.
    """
    from redway.analyst import open_workspace

    return open_workspace(home)
