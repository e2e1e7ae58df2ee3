"""What a submission would be rejected for, as a table: for the page of checks and for the proforma."""

from __future__ import annotations

import re

from redway.figures.table import Column, Row, Table
from redway.funding.calculation import Budgets
from redway.funding.checks import Finding, Severity, Submission, submission_checks
from redway.funding.errors import FundingError
from redway.funding.rates import KNOWN
from redway.web.funding.block import decided_of
from redway.web.funding.ground import Ground
from redway.web.funding.rate_fields import label_of

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_WORDS = {Severity.ERROR: "Rejected", Severity.QUERY: "Asked about"}


class MinimumTooLow(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """A minimum per-pupil level that a submission cannot have."""


def findings_of(ground: Ground, budgets: Budgets) -> tuple[Finding, ...]:
    """Everything that stands in the way of a submission, errors first."""
    decided = decided_of(ground.block)
    return submission_checks(
        Submission(
            budgets,
            ground.block.as_block if ground.block else None,
            ground.last.rates if ground.last else None,
            disapplied=decided.disapplied,
            forum_agreed=decided.forum_agreed,
            schools_consulted=decided.schools_consulted,
        )
    )


def require_minimum_level(ground: Ground, budgets: Budgets) -> None:
    """Refuse to write out a formula whose minimum level lies below the national one, unless it was allowed.

    Raises MinimumTooLow naming the rate.
    """
    for finding in findings_of(ground, budgets):
        if finding.code == "minimum-level" and finding.severity is Severity.ERROR:
            raise MinimumTooLow(
                f"The proforma is not written: {label_of(finding.where)}. {finding.sentence}",
                f"{finding.next_step} A disapplication is recorded with the money of the year.",
            )


def validation_table(ground: Ground, budgets: Budgets) -> Table:
    """The findings as a table."""
    rows: list[Row] = [
        {
            "severity": _WORDS[finding.severity],
            "where": label_of(finding.where) if finding.where in KNOWN else finding.where,
            "sentence": _with_labels(finding.sentence),
            "next_step": finding.next_step,
            "source": finding.source,
        }
        for finding in findings_of(ground, budgets)
    ]
    return Table(
        "What a submission would be rejected for or asked about",
        [
            Column("severity", "Would be"),
            Column("where", "Where"),
            Column("sentence", "What is wrong"),
            Column("next_step", "What to do"),
            Column("source", "Source of the rule"),
        ],
        rows,
    )


def _with_labels(sentence: str) -> str:
    """A sentence with rates called as on the pages, where the rules call them by their names in files."""
    return _NAME.sub(lambda found: _in_a_sentence(found[0]) if found[0] in KNOWN else found[0], sentence)


def _in_a_sentence(name: str) -> str:
    """'Deprivation band A (primary)': a comma would part it in a list."""
    label, comma, phase = label_of(name).partition(", ")
    return f"{label} ({phase})" if comma else label
