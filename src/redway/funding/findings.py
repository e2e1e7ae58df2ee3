"""One thing that is wrong with a submission, or that the Department for Education would ask about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

AS_REMEMBERED = "As remembered from the authority proforma tool; not read in a publication"


class Severity(StrEnum):
    ERROR = "error"
    """A submission with it is rejected."""
    QUERY = "query"
    """It may be right, and has to be explained."""


@dataclass(frozen=True)
class Finding:
    """``where`` is a rate, a school or a part of the submission, as a person looks for it."""

    code: str
    severity: Severity
    where: str
    sentence: str
    next_step: str
    source: str = AS_REMEMBERED


def error(code: str, where: str, sentence: str, next_step: str, source: str = AS_REMEMBERED) -> Finding:
    return Finding(code, Severity.ERROR, where, sentence, next_step, source)


def query(code: str, where: str, sentence: str, next_step: str, source: str = AS_REMEMBERED) -> Finding:
    return Finding(code, Severity.QUERY, where, sentence, next_step, source)


def is_blocked(findings: Iterable[Finding]) -> bool:
    """Whether a submission with these findings must not be sent."""
    return any(finding.severity is Severity.ERROR for finding in findings)
