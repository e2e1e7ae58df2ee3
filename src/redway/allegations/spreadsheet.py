"""Past cases from a spreadsheet, one row each: read by the documented template, every fault of it named.

A cell is text and stays text: nothing in it is computed. Dates may be written 2 April 2026, 02/04/2026 or
2026-04-02. What is left empty is not recorded, never nought or no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from redway.allegations.incidents import Incident, InvalidIncidentError, read_incident
from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.strands import Strand
from redway.core.errors import RedwayError
from redway.core.words import counted, day_in_words, listed

TEMPLATE: Mapping[str, str] = {
    "name": "Whom it is about; kept encrypted. May be empty",
    "born": "Their date of birth, for how long the record is kept",
    "sector": f"Needed. One of: {listed([one.value for one in Sector], 'or')}",
    "category": f"One of: {listed([one.value for one in Category], 'or')}",
    "source": "Who referred it: employer, police, Ofsted, parent or carer, ...",
    "incident": "When it happened, as it was told: a day, March 2019, summer 1998. A range is enough",
    "known on": "Day on which the employer came to know; the day of referral when empty",
    "referred on": "Needed. Day on which it reached the designated officer",
    "met threshold": "yes, no, or empty",
    "evaluated on": "Day of the initial evaluation; needed with 'met threshold'",
    "meeting on": "Day of the first strategy meeting",
    "strands": "Those that were opened, with ; between: social care, criminal, employer",
    "suspended on": "First day of suspension",
    "suspended until": "Last day of it",
    "referred on to": "Bodies, with ; between, such as: DBS; TRA; Ofsted",
    "outcome": f"One of: {listed([one.value for one in Outcome], 'or')}",
    "outcome on": "Day of the outcome; the closing day when empty",
    "closed on": "Day on which it was closed; empty while it is open",
}
"""Column -> what stands in it. Columns may stand in any order; 'sector' and 'referred on' must be there."""
NEEDED = ("sector", "referred on")
FIRST_DAY = date(2006, 4, 1)
"""Before it there is no edition of the rules that a case could keep."""
_STRANDS = {"social care": Strand.SOCIAL_CARE, "criminal": Strand.CRIMINAL, "employer": Strand.EMPLOYER}
_LONGEST = {"source": 30, "referred on to": 40, "name": 200}
"""Characters that a text may have; of bodies, each."""
Word = TypeVar("Word", Sector, Category, Outcome)


class ImportRefusedError(RedwayError):
    """A spreadsheet that cannot be taken in; ``problems`` holds a sentence for everything wrong in it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"Nothing was imported: {counted(len(problems), 'thing is', 'things are')} wrong.\n"
            + "\n".join(problems),
            "Mend these in the spreadsheet and import it again.",
        )


@dataclass(frozen=True)
class PastCase:
    """One row, understood. Empty texts and None are not recorded."""

    sector: Sector
    referred_on: date
    known_on: date
    name: str = ""
    born: date | None = None
    category: Category | None = None
    source: str = ""
    incident: Incident | None = None
    met_threshold: bool | None = None
    evaluated_on: date | None = None
    meeting_on: date | None = None
    strands: tuple[Strand, ...] = ()
    suspended_on: date | None = None
    suspended_until: date | None = None
    referred_on_to: tuple[str, ...] = ()
    outcome: Outcome | None = None
    outcome_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Line:
    """One row as it stands in the file, with the number a spreadsheet shows beside it."""

    number: int
    cells: Mapping[str, str]


def read_cases(header: Sequence[str], lines: Iterable[Line], today: date) -> list[PastCase]:
    """Every row as a past case. Raises ImportRefusedError naming everything that is wrong, row by row."""
    columns = [heading_of(text) for text in header]
    problems = _header_problems(columns)
    found: list[PastCase] = []
    for line in () if problems else lines:
        row = _Row(line, today)
        case = row.read()
        problems += row.problems
        if case is not None and not row.problems:
            found.append(case)
    if not problems and not found:
        problems = ["There is no case in it: no row below the headings holds anything."]
    if problems:
        raise ImportRefusedError(problems)
    return found


def heading_of(text: str) -> str:
    """A heading as the template writes it.

    >>> heading_of(" Referred_On ")
    'referred on'
    """
    return " ".join(text.replace("_", " ").lower().split())


def _header_problems(columns: Sequence[str]) -> list[str]:
    problems = [f"The column '{name}' is missing." for name in NEEDED if name not in columns]
    problems += [
        f"There is no column '{name}' in the template: it has {listed(tuple(TEMPLATE))}."
        for name in columns
        if name and name not in TEMPLATE
    ]
    problems += [
        f"The column '{name}' is there twice."
        for name in dict.fromkeys(columns)
        if columns.count(name) > 1 and name
    ]
    return problems


class _Row:
    """Reading one row, noting what is wrong with it on the way."""

    def __init__(self, line: Line, today: date) -> None:
        self.line, self.today = line, today
        self.problems: list[str] = []

    def read(self) -> PastCase | None:
        sector = self._word("sector", Sector)
        if sector is None and not self._text("sector"):
            self._wrong("sector", "", "is empty: choose 'other' when none fits.")
        referred = self._day("referred on")
        if referred is None and not self._text("referred on"):
            self._wrong("referred on", "", "is empty, and no case can be counted without it.")
        closed = self._day("closed on")
        outcome = self._word("outcome", Outcome)
        outcome_on = self._day("outcome on")
        known, met = self._day("known on"), self._yes("met threshold")
        days = {
            name: self._day(name)
            for name in ("evaluated on", "meeting on", "suspended on", "suspended until")
        }
        incident, born = self._incident(), self._day("born")
        category, strands = self._word("category", Category), self._strands()
        if sector is None or referred is None:
            return None
        case = PastCase(
            sector=sector,
            referred_on=referred,
            known_on=known or referred,
            name=self._text("name"),
            born=born,
            category=category,
            source=self._text("source"),
            incident=incident,
            met_threshold=met,
            evaluated_on=days["evaluated on"],
            meeting_on=days["meeting on"],
            strands=strands,
            suspended_on=days["suspended on"],
            suspended_until=days["suspended until"],
            referred_on_to=tuple(dict.fromkeys(_parts(self._text("referred on to")))),
            outcome=outcome,
            outcome_on=outcome_on or (closed if outcome else None),
            closed_on=closed,
        )
        self._order(case)
        self._whole(case)
        return case

    def _text(self, name: str) -> str:
        return " ".join(self.line.cells.get(name, "").split())

    def _wrong(self, name: str, value: str, what: str) -> None:
        shown = f" '{value[:40]}'" if value else ""
        self.problems.append(f"Row {self.line.number}, {name}:{shown} {what}")

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        if not text:
            return None
        try:
            read = read_incident(text.removesuffix(" 00:00:00"))
        except InvalidIncidentError:
            self._wrong(name, text, "is no day. Write it like 2 April 2026 or 02/04/2026.")
            return None
        if not read.is_a_day:
            self._wrong(name, text, "is no single day. Write it like 2 April 2026 or 02/04/2026.")
            return None
        if read.first > self.today:
            self._wrong(name, text, "has not come yet.")
        return read.first

    def _word(self, name: str, words: type[Word]) -> Word | None:
        text = self._text(name).lower()
        if not text:
            return None
        try:
            return words(text)
        except ValueError:
            allowed = listed([str(one.value) for one in words], "or")
            self._wrong(name, text, f"is no {name}: write {allowed}.")
            return None

    def _yes(self, name: str) -> bool | None:
        text = self._text(name).lower()
        if text and text not in ("yes", "no"):
            self._wrong(name, text, "is neither yes nor no.")
        return {"yes": True, "no": False}.get(text)

    def _incident(self) -> Incident | None:
        text = self._text("incident").removesuffix(" 00:00:00")
        if not text:
            return None
        try:
            return read_incident(text)
        except InvalidIncidentError as error:
            self._wrong("incident", text, f"cannot be read. {error.message}")
            return None

    def _strands(self) -> tuple[Strand, ...]:
        found = []
        for word in _parts(self._text("strands").lower()):
            if word in _STRANDS:
                found.append(_STRANDS[word])
            else:
                self._wrong("strands", word, f"is no strand: {listed(tuple(_STRANDS), 'or')}.")
        return tuple(dict.fromkeys(found))

    def _order(self, case: PastCase) -> None:
        """Nothing ends before it began."""
        happened = case.incident.first if case.incident else None
        for name, day, earlier, limit in (
            ("known on", case.known_on, "the incident", happened),
            ("referred on", case.referred_on, "it became known", case.known_on),
            ("evaluated on", case.evaluated_on, "the referral", case.referred_on),
            ("meeting on", case.meeting_on, "the referral", case.referred_on),
            ("suspended until", case.suspended_until, "the suspension began", case.suspended_on),
            ("outcome on", case.outcome_on, "the allegation was known", case.known_on),
            ("closed on", case.closed_on, "the referral", case.referred_on),
            ("closed on", case.closed_on, "the outcome", case.outcome_on),
            ("closed on", case.closed_on, "the initial evaluation", case.evaluated_on),
        ):
            if day is not None and limit is not None and day < limit:
                self._wrong(name, "", f"{day_in_words(day)} is before {earlier} on {day_in_words(limit)}.")

    def _whole(self, case: PastCase) -> None:
        """What one cell needs of another, and how long texts may be."""
        if case.met_threshold is not None and case.evaluated_on is None:
            self._wrong("evaluated on", "", "is empty: say on which day the threshold was decided.")
        if case.met_threshold is False and case.outcome is not None:
            self._wrong("outcome", case.outcome.value, "is given, but the threshold was not met.")
        if case.outcome is not None and case.outcome_on is None:
            self._wrong("outcome on", "", "is empty, and so is 'closed on': say when the outcome was found.")
        if case.suspended_until is not None and case.suspended_on is None:
            self._wrong("suspended on", "", "is empty, but the suspension has a last day.")
        if case.referred_on < FIRST_DAY:
            self._wrong(
                "referred on", "", f"{day_in_words(case.referred_on)} is before the first rules, of 2006."
            )
        texts = [("name", case.name), ("source", case.source)]
        texts += [("referred on to", body) for body in case.referred_on_to]
        for name, text in texts:
            if len(text) > _LONGEST[name]:
                self._wrong(name, text, f"is longer than {_LONGEST[name]} characters.")


def _parts(text: str) -> list[str]:
    return [part for part in (one.strip() for one in text.split(";")) if part]
