"""What the address of a tracking page asks for: a subject, a year group, a term, and which of the pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl
from django.http import QueryDict

from redway.attainment.tracking import Standing, Term
from redway.attainment.tracking_rule import TERMS
from redway.web.attainment.formulas import Outcome
from redway.web.attainment.tracking.following import subjects_of


@dataclass(frozen=True)
class Asked:
    """A cohort in one subject and term, and which of its pupils are listed."""

    subject: Outcome
    year_group: int
    term: Term | None = None
    """None is the newest."""
    group: tuple[str, str] | None = None
    """A characteristic and its level, as in ``redway.attainment.group_gaps``."""
    standing: Standing | None = None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the address that ask for this."""
        return (
            ("subject", self.subject.asked),
            ("year_group", str(self.year_group)),
            *((("term", self.term.code),) if self.term else ()),
            *((("group", ".".join(self.group)),) if self.group else ()),
            *((("standing", self.standing.value),) if self.standing else ()),
        )

    @property
    def cohort(self) -> tuple[tuple[str, str], ...]:
        """The parameters that choose the cohort, without those that narrow its list of pupils."""
        return tuple(pair for pair in self.pairs() if pair[0] not in ("group", "standing"))

    @property
    def query(self) -> str:
        """The cohort, as the part of an address after the question mark."""
        return urlencode(self.cohort)

    def in_group(self) -> pl.Expr:
        """Which pupils belong to the group asked for: all when none is."""
        if self.group is None:
            return pl.lit(True)
        column, level = self.group
        return (pl.col(column).cast(pl.String) == level).fill_null(value=False)


def asked_in(query: QueryDict, year_groups: Sequence[int], groups: Sequence[str] = ()) -> Asked | None:
    """What an address asks for among the year groups a school has, lowest first.

    ``groups`` are the characteristics by which the reader may narrow the pupils. What cannot be understood
    is left at its beginning, never an error: the highest year group, its first subject, the newest term.
    None when the school has no such year group.
    """
    if not year_groups:
        return None
    wanted = query.get("subject", "")
    year_group = _number(query.get("year_group", ""))
    offered = {group: subjects_of(group) for group in year_groups}
    fitting = [group for group in year_groups if any(one.asked == wanted for one in offered[group])]
    if year_group not in offered or (fitting and year_group not in fitting):
        year_group = (fitting or year_groups)[-1]
    subjects = offered[year_group]
    subject = next((one for one in subjects if one.asked == wanted), subjects[0])
    column, _, level = query.get("group", "").partition(".")
    return Asked(
        subject,
        year_group,
        term_in(query.get("term", "")),
        (column, level) if column in groups and level else None,
        next((one for one in Standing if one.value == query.get("standing")), None),
    )


def term_in(text: str) -> Term | None:
    """The term that a part of an address names; None for none.

    >>> term_in("2025-26-spring").label
    'Spring 2025-26'
    """
    year, _, name = text.rpartition("-")
    return Term(year, TERMS.index(name)) if year and name in TERMS else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
