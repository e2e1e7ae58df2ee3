"""A school's statement as a paper: what it gets, why it differs, and how every line came about."""

from __future__ import annotations

from datetime import date

from redway.core.words import day_in_words
from redway.figures.documents import Document, Section
from redway.figures.provenance import Provenance
from redway.figures.table import Column, Table
from redway.funding.difference import Difference
from redway.funding.trail import explain
from redway.web.funding.rate_fields import label_of
from redway.web.funding.statements import (
    OneSchool,
    Statement,
    causes_of,
    difference_table,
    difference_words,
    statement_table,
    unconfirmed_of,
)

MADE_UP = (
    "Made up: the schools are those of the register, but their rolls, needs and budgets are invented for the "
    "demo. No figure here says anything about a real school."
)


def statement_paper(statement: Statement, on: date) -> Document:
    """The statement as it stands on a day."""
    now = statement.now
    sections = [Section("What the school gets", tables=[statement_table(statement)])]
    if (found := statement.since_last_year) is not None and statement.before is not None:
        sections.append(_why("Why it differs from last year", found, statement.before, now))
    if (found := statement.under_other) is not None and statement.other is not None:
        sections.append(_why(f"Under the scenario “{statement.other.label}”", found, now, statement.other))
    sections.append(Section("How each figure came about", tables=[_trails(now)]))
    return Document(
        title=f"Budget share {statement.year}",
        subtitle=f"{statement.school.shown_name}, {statement.school.authority_name}",
        provenance=Provenance(
            statement.year,
            tuple(_version(one) for one in statement.columns),
            ("The authority's own table of schools and rates",),
            on,
        ),
        paragraphs=[
            *([MADE_UP] if now.table.made_up else []),
            f"The school gets {now.total} for {now.pupils:,} pupils"
            + (f", {now.a_pupil} a pupil." if now.a_pupil else "."),
            *(
                [f"Rates nobody has confirmed: {'; '.join(label_of(n) for n in unconfirmed_of(now))}."]
                if unconfirmed_of(now)
                else []
            ),
        ],
        sections=sections,
    )


def _why(heading: str, found: Difference, before: OneSchool, after: OneSchool) -> Section:
    causes = Table(
        "What makes the difference",
        [Column("what", "Cause"), Column("amount", "Amount")],
        [{"what": what, "amount": amount} for what, amount in causes_of(found)],
    )
    lines = difference_table(found, "Line by line", before.label, after.label)
    return Section(heading, [difference_words(found, after.label, before.label)], tables=[causes, lines])


def _trails(one: OneSchool) -> Table:
    rows = []
    for name, amount in one.amounts.items():
        if not amount.pence:
            continue
        trail = explain(one.budgets, one.urn, name)
        steps = "; ".join(f"{step.what} {step.value}" for step in trail.steps)
        rows.append({"line": trail.label, "how": f"{steps}. {trail.rounding}.", "amount": str(amount)})
    columns = [Column("line", "Line"), Column("how", "How it came about"), Column("amount", "Amount")]
    return Table(f"Every figure of {one.label}", columns, rows)


def _version(one: OneSchool) -> str:
    return (
        f"{one.label}: {one.scenario.name}, revision {one.scenario.revision}, saved "
        f"{day_in_words(one.scenario.changed_at)}; schools version {one.table.number} ({one.table.file})"
    )
