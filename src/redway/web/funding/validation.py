"""What a submission would be rejected for, as a table: for the page of checks and for the proforma."""

from __future__ import annotations

from redway.figures.table import Column, Row, Table
from redway.funding.calculation import Budgets
from redway.funding.checks import Finding, Severity, Submission, submission_checks
from redway.funding.rates import KNOWN
from redway.web.funding.ground import Ground
from redway.web.funding.rate_fields import label_of

_WORDS = {Severity.ERROR: "Rejected", Severity.QUERY: "Asked about"}


def findings_of(ground: Ground, budgets: Budgets) -> tuple[Finding, ...]:
    """Everything that stands in the way of a submission, errors first."""
    return submission_checks(
        Submission(
            budgets,
            ground.block.as_block if ground.block else None,
            ground.last.rates if ground.last else None,
        )
    )


def validation_table(ground: Ground, budgets: Budgets) -> Table:
    """The findings as a table."""
    rows: list[Row] = [
        {
            "severity": _WORDS[finding.severity],
            "where": label_of(finding.where) if finding.where in KNOWN else finding.where,
            "sentence": finding.sentence,
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
