"""Which table of a common shape a file is, by its name."""

from __future__ import annotations

import re
from pathlib import PurePath

_YEARS = re.compile(r"(?<!\d)v?(?:19|20)\d\d(?:[-_./]?\d\d(?:\d\d)?)?(?:[-_./]?\d\d)?(?!\d)")


def table_name(shown: str) -> str:
    """The name of a file without its extension, years and dates: which table of a common shape it is.

    >>> table_name("social_care/cin_b1_2013_2025.parquet")
    'cin-b1'
    >>> table_name("attendance_ytd_2025-26.parquet")
    'attendance-ytd'
    """
    name = PurePath(shown).name
    stem = _YEARS.sub(" ", name.rsplit(".", 1)[0])
    words = re.findall(r"[a-z0-9]+", stem.casefold())
    return "-".join(words)[:80] or "table"
