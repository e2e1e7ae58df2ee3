"""Why a new version waits for a person, beside the one in force."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from redway.datasets.confidential import is_confidential
from redway.datasets.format import Format
from redway.datasets.lake import Lake
from redway.datasets.ledger import Candidate, Ledger, State, Version

ENOUGH = 0.95
"""A new version about fewer than this share of the last one's schools is held."""


def fewer_schools(candidate: Candidate, last: Version | None) -> list[str]:
    """A doubt when the file is about fewer than 95% of the schools (or pupils) of the version in force."""
    if last is None or candidate.entities >= ENOUGH * last.entities:
        return []
    share = candidate.entities / last.entities
    things = "pupils" if is_confidential(candidate.format) else "schools or areas"
    reason = (
        f"It is about {candidate.entities:,} {things} where version {last.number} is about "
        f"{last.entities:,} ({share:.0%}; less than {ENOUGH:.0%} is not taken without asking). "
        "Accept it only if it is the whole file."
    )
    return [reason]


def lacking(known: Format, staged: Path, last: Version | None, lake: Lake) -> list[str]:
    """A doubt when the version in force holds a term, say, that this file does not."""
    if last is None or not known.complete_in:
        return []
    before = lake.version_path(last.format, last.id)
    doubts = []
    for column in known.complete_in:
        gone = _values(before, column) - _values(staged, column)
        if gone:
            doubts.append(
                f"It holds nothing for the {column} {' and '.join(sorted(gone))}, which version "
                f"{last.number} does and which would no longer count: put the whole year into one file."
            )
    return doubts


def _values(path: Path, column: str) -> set[str]:
    return set(pl.scan_parquet(path).select(pl.col(column).drop_nulls().unique()).collect()[column])


def counted_twice(candidate: Candidate, ledger: Ledger) -> list[str]:
    """A doubt when pupils of one authority would be in force in two files of one kind and year."""
    if not is_confidential(candidate.format):
        return []
    authorities = set(candidate.scope.split("+"))
    return [
        f"Version {other.id} in force, {other.file_name}, is about pupils of {', '.join(sorted(shared))} "
        "too: they would count twice. Withdraw that version first, or bring one file for all."
        for other in ledger.versions(format_code=candidate.format)
        if other.state is State.CURRENT and other.period == candidate.period
        if other.chain != candidate.chain and (shared := authorities & set(other.scope.split("+")))
    ]
