"""The room's dated values: one loader for the files beside it."""

from __future__ import annotations

from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValues
from redway.core.values import read_values


@cache
def values_of(name: str) -> DatedValues:
    """The values of one file of ``improvement/values``."""
    folder = resources.files("redway.improvement") / "values"
    return read_values("improvement/values", {name: (folder / name).read_text(encoding="utf-8")})
