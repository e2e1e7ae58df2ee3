"""The funding year: what is due when, from the policy note to the outturn.

The usual days are dated values (``values/funding-timetable``), written as '01-22 of the year' or '10-06 of
the year before': of the calendar year in which the funding year starts, or of the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.core.errors import ValuesError
from redway.core.periods import PeriodKind, financial_year, parse_period
from redway.core.values import DatedValues, Status, load_values

_BEFORE, _OF = " of the year before", " of the year"
_APRIL = 4


class Step(StrEnum):
    """What is due in a funding year."""

    POLICY = "policy-published"
    CONSULTATION_OPENS = "consultation-opens"
    CONSULTATION_CLOSES = "consultation-closes"
    GUIDANCE = "guidance-published"
    FORUM_VIEWS = "forum-views"
    GRANT = "grant-published"
    FORUM_DECIDES = "forum-decides"
    PROFORMA = "proforma-due"
    MAINTAINED = "budgets-maintained"
    ACADEMIES = "budgets-academies"
    GOVERNORS = "governors-budgets"
    SECTION_251_BUDGET = "section-251-budget"
    SECTION_251_OUTTURN = "section-251-outturn"

    @property
    def label(self) -> str:
        return _LABELS[self][0]

    @property
    def who(self) -> str:
        """Who has to do it."""
        return _LABELS[self][1]

    @property
    def is_ours(self) -> bool:
        """Whether it is due from the authority itself."""
        return self.who == "The authority"


_LABELS: dict[Step, tuple[str, str]] = {
    Step.POLICY: ("The Department says what the national formula will be", "The Department for Education"),
    Step.CONSULTATION_OPENS: ("Consultation with all schools opens", "The authority"),
    Step.CONSULTATION_CLOSES: ("Consultation with all schools closes", "Schools"),
    Step.GUIDANCE: ("The Department publishes its guidance for the year", "The Department for Education"),
    Step.FORUM_VIEWS: ("The forum gives its view on the formula", "The Schools Forum"),
    Step.GRANT: ("The dedicated schools grant and the proforma tool come", "The Department for Education"),
    Step.FORUM_DECIDES: ("The forum decides on transfers, funds and de-delegation", "The Schools Forum"),
    Step.PROFORMA: ("The authority proforma is sent", "The authority"),
    Step.MAINTAINED: ("Budgets go to maintained schools", "The authority"),
    Step.ACADEMIES: ("Budgets go to academies", "The Department for Education"),
    Step.GOVERNORS: ("Governing boards send their budgets", "Schools"),
    Step.SECTION_251_BUDGET: ("The section 251 budget is sent", "The authority"),
    Step.SECTION_251_OUTTURN: ("The section 251 outturn is sent", "The authority"),
}


@dataclass(frozen=True)
class Due:
    """One day of a funding year."""

    step: Step
    day: date
    source: str
    is_confirmed: bool

    def is_past(self, today: date) -> bool:
        return self.day < today


def timetable(year: str) -> tuple[Due, ...]:
    """The days of a funding year such as '2027-28', earliest first. Raises InvalidPeriod and ValuesError."""
    start = parse_period(year, PeriodKind.FINANCIAL).start
    found = []
    for step in Step:
        entry = _values().value_on(step.value, start)
        day = _day(str(entry.value), start.year)
        found.append(Due(step, day, entry.source, entry.status is not Status.UNCONFIRMED))
    return tuple(sorted(found, key=lambda due: due.day))


def year_prepared(today: date) -> str:
    """The funding year being settled: from 1 April on, the one that starts the next April."""
    return financial_year(today.year + (1 if today.month >= _APRIL else 0)).label


def due_soon(year: str, today: date, within: int = 28) -> Sequence[Due]:
    """What falls due within so many days, today included."""
    last = today + timedelta(days=within)
    return [due for due in timetable(year) if today <= due.day <= last]


def _day(text: str, start: int) -> date:
    for words, year in ((_BEFORE, start - 1), (_OF, start)):
        if text.endswith(words):
            month, _, day = text.removesuffix(words).partition("-")
            if month.isdecimal() and day.isdecimal():
                return date(year, int(month), int(day))
    raise ValuesError(f"'{text}' is no day of a funding year.", "Write 01-22 of the year.")


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.funding") / "values" / "funding-timetable")
