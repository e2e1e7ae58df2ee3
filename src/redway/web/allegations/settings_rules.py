"""The rules that a case opened on a day would keep, in words: value, who set it, source, status."""

from __future__ import annotations

from datetime import date

from redway.allegations.editions import NATIONAL, edition_on, place_in_words, values_of
from redway.core.dated_values import DatedValue, Status
from redway.core.words import counted, listed
from redway.figures.table import Column, Row, Table

_COLUMNS = (
    Column("rule", "Rule"),
    Column("value", "Value"),
    Column("set_by", "Set by"),
    Column("status", "Status"),
    Column("source", "Source"),
)
LABELS = {
    "limbs": "Limbs of the threshold",
    "outcomes-education": "Outcomes in education",
    "outcomes-other": "Outcomes in other sectors",
    "report-within": "The employer tells the designated officer within",
    "respond-within": "The designated officer answers within",
    "strategy-meeting-within": "Initial strategy meeting within",
    "review-meeting-within": "Review meeting within",
    "review-within": "First review by the designated officer within",
    "police-review-within": "The police review progress within",
    "resolve-at-once-within": "What is plainly unfounded or malicious is resolved within",
    "employer-acts-within": "The employer acts, where no formal discipline is needed, within",
    "hearing-within": "Disciplinary hearing within",
    "investigation-within": "The investigator reports within",
    "decide-on-hearing-within": "Decision on a hearing within",
    "inspectorate-told-within": "An early-years provider tells Ofsted within",
    "resolved-in-one-month": "Resolved in one month",
    "resolved-in-three-months": "Resolved in three months",
    "low-level-pattern": "Low-level concerns that make a pattern",
}
"""Name of a rule -> its words; how long records are kept is put into words by its name."""
_BASES = {
    "at-once": "At once",
    "closed": "{years} after the case was closed",
    "birth": "{years} after the person was born",
    "pension-or-allegation": "At pension age, or {years} after the allegation if that is later",
}
_ENDS = {"review": "reviewed", "dispose": "disposed of", "remove": "removed from the file"}


def title_of(profile: str) -> str:
    """A profile as people call it.

    >>> title_of("city-of-london")
    'City of London'
    """
    if profile == NATIONAL:
        return "National rules alone"
    return place_in_words(profile)


def rules_table(profile: str, on: date) -> Table:
    """Every rule that a case opened on a day would keep."""
    edition = edition_on(on, profile)
    own = [entry for held, entry in values_of() if held == profile]
    rows: list[Row] = []
    for name in dict.fromkeys(entry.name for _, entry in values_of()):
        found = edition.find(name)
        if found is not None:
            rows.append(
                {
                    "rule": label_of(name),
                    "value": value_of(found),
                    "set_by": title_of(profile) if found in own else "National rules",
                    "status": "Not confirmed" if found.status is Status.UNCONFIRMED else "Published",
                    "source": found.source,
                }
            )
    notes = ["What is not confirmed has not been read in its source: check it before you rely on it."]
    return Table("Rules of a case opened today", _COLUMNS, rows, notes)


def label_of(name: str) -> str:
    """A rule in words.

    >>> label_of("keep-officer-unfounded")
    'Record of the designated officer, outcome unfounded'
    """
    if not name.startswith("keep-"):
        return LABELS[name]
    _, holder, outcome = name.split("-")
    whose = "the designated officer" if holder == "officer" else "the employer"
    return f"Record of {whose}, {outcome if outcome == 'advice' else f'outcome {outcome}'}"


def value_of(found: DatedValue) -> str:
    """A value in words, such as '1 working day' or '10 years after the case was closed: reviewed'."""
    value = found.value
    if found.name == "low-level-pattern" and isinstance(value, tuple):
        return f"{value[0]} in {value[1]} months"
    if found.name.startswith("keep-") and isinstance(value, tuple):
        basis, years, end = value
        when = _BASES[str(basis)].format(years=counted(int(str(years)), "year"))
        return f"{when}: {_ENDS[str(end)]}"
    if isinstance(value, tuple):
        return listed([str(word).replace("-", " ") for word in value])
    what, comma, more = found.unit.partition(",")
    return f"{value} {what.removesuffix('s') if value == 1 else what}{comma}{more}"
