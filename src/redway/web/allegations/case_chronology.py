"""The chronology of a case: everything recorded that has a day, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import inf

from django.utils import timezone

from redway.allegations.clocks import When, day_of
from redway.allegations.told import Answer
from redway.core.words import day_in_words
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_forms_of_record import EVENT_WORDS
from redway.web.allegations.models import Happening
from redway.web.allegations.queries import CaseView
from redway.web.design.templatetags.design import day_and_time


@dataclass(frozen=True)
class Entry:
    """One line of the chronology."""

    at: When
    what: str
    words: str = ""

    @property
    def when(self) -> str:
        """The day, and the time where it is known."""
        return day_and_time(self.at) if isinstance(self.at, datetime) else day_in_words(self.at)


def chronology_of(view: CaseView) -> list[Entry]:
    """Every entry that stands, oldest first. What was entered in error is left out."""
    return sorted(_entries(view), key=lambda one: (day_of(one.at), _time(one)))


def _time(one: Entry) -> float:
    # What has no time comes last on its day, but for how it all began.
    if isinstance(one.at, datetime):
        return one.at.timestamp()
    return 0 if one.what == EVENT_WORDS["known"] else inf


def _entries(view: CaseView) -> Iterator[Entry]:
    facts, case = view.facts, view.case
    for one in facts.happened:
        yield Entry(_when(one), EVENT_WORDS.get(one.event, capital(one.event)), one.words)
    for held in case.account.get("evaluations", []):
        result = "it meets the threshold" if held["met"] else "it does not meet the threshold"
        reasons = "\n".join(held["met"].values()) or held["reason"]
        yield Entry(date.fromisoformat(held["on"]), f"Initial evaluation: {result}", reasons)
    for strand, record in facts.strand_records.items():
        if record.opened_on:
            yield Entry(record.opened_on, f"{capital(strand.value)} opened", record.owner)
        if record.concluded_on:
            how = f"{capital(strand.value)} concluded: {record.outcome}"
            yield Entry(record.concluded_on, how, record.reason)
    for party, telling in facts.grid.items():
        if telling.answer is Answer.YES and telling.on:
            yield Entry(telling.on, f"{capital(party.value)}: told", f"By {telling.by}" if telling.by else "")
    yield from _register(view)
    yield from _meetings(view)
    for suspension in facts.suspensions:
        yield Entry(suspension.first_day, "Suspended", suspension.about.get("reasons", ""))
        for review in suspension.about.get("reviews", []):
            yield Entry(date.fromisoformat(review["on"]), "Suspension reviewed", review["words"])
        if suspension.last_day:
            yield Entry(suspension.last_day, "Last day of the suspension", suspension.about.get("ended", ""))
    for sent in facts.onward:
        if sent.sent_on:
            yield Entry(sent.sent_on, f"Referred: {sent.body}", sent.reason)
    if case.closed_on and case.state == "closed":
        yield Entry(case.closed_on, "Case closed", "\n".join(case.closed_over))


def _register(view: CaseView) -> Iterator[Entry]:
    for one in view.facts.register:
        name = f"Allegation {one.number}"
        if one.put_on:
            yield Entry(one.put_on, f"{name} put to the person", one.reply)
        if one.decided_on:
            yield Entry(one.decided_on, f"{name}: {one.outcome}", one.finding.get("reasons", ""))


def _meetings(view: CaseView) -> Iterator[Entry]:
    for one in view.facts.meetings:
        if one.held:
            kind = "Review meeting" if one.review else "Initial strategy meeting"
            yield Entry(one.at, kind, one.about.get("decisions", ""))
    for action in view.facts.actions:
        if action.done_on:
            yield Entry(action.done_on, "Action done", f"{action.what} ({action.owner})")


def _when(one: Happening) -> When:
    return one.at if one.time_given else timezone.localdate(one.at)
