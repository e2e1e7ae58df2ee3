"""What the rules ask of a case: clocks, strands, who is told, onward referrals, closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from redway.allegations.clocks import Clock, State, day_of
from redway.allegations.editions import edition_in_words
from redway.allegations.strands import State as StrandState
from redway.allegations.told import Answer, Telling
from redway.web.allegations.case_deed import slug_of
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_forms_of_record import EVENT_WORDS
from redway.web.allegations.case_shown import Links, Rows, Shown, on
from redway.web.allegations.facts import BODIES
from redway.web.allegations.models import (
    CaseState,
)

NO_LIMIT = "no limit set"
"""How a clock says that its edition gives no number."""
_CLOCK_COLOURS = {
    State.RUNNING: "blue",
    State.MET: "green",
    State.MISSED: "red",
    State.STOPPED: "grey",
    State.WAITING: "grey",
}
_STRAND_COLOURS = {
    StrandState.UNDECIDED: "yellow",
    StrandState.NOT_NEEDED: "grey",
    StrandState.OPEN: "blue",
    StrandState.CONCLUDED: "green",
}


@dataclass(frozen=True)
class ByTheRules(Shown):
    """Clocks, strands, the grid of who was told, onward referrals, and closing."""

    @property
    def edition_words(self) -> str:
        return edition_in_words(self.case.edition)

    @cached_property
    def _clocks(self) -> list[dict[str, Any]]:
        return [_clock(one) for one in sorted(self.view.clocks, key=_urgency)]

    @property
    def clocks(self) -> list[dict[str, Any]]:
        return [one for one in self._clocks if not one["waits"]]

    @property
    def waiting_clocks(self) -> list[dict[str, Any]]:
        return [one for one in self._clocks if one["waits"]]

    @property
    def clock_problem(self) -> str:
        return self.view.clocks_problem

    @property
    def strands(self) -> list[dict[str, Any]]:
        found = []
        for strand, record in self.view.facts.strand_records.items():
            rows = [
                ("Responsible", record.owner),
                ("Opened", on(record.opened_on)),
                ("Concluded", on(record.concluded_on)),
                ("How it ended", capital(record.outcome)),
                ("Reason", record.reason),
            ]
            found.append(
                {
                    "name": capital(strand.value),
                    "state": capital(record.state.value),
                    "colour": _STRAND_COLOURS[record.state],
                    "rows": [row for row in rows if row[1]],
                    "links": self.links(("strand", "Change", slug_of(strand), f"the {strand.value}")),
                }
            )
        return found

    @property
    def told(self) -> Rows:
        grid = self.view.facts.grid
        return [
            self.row(capital(party.value), _told(telling), "told", slug_of(party))
            for party, telling in grid.items()
        ]

    @property
    def late_telling(self) -> str:
        return self.view.told_late

    @property
    def onward(self) -> list[dict[str, Any]]:
        found = []
        for body, advice, decided in ((one.body, one.advice, one.decided) for one in self.view.onward):
            rows: Rows = []
            if advice:
                rows.append(("What the law asks", advice.sentence))
            if decided is None:
                rows.append(("Decided", "Nothing yet"))
            else:
                sent = f" on {on(decided.sent_on)}" if decided.sent_on else ""
                rows += [
                    ("Decided", f"{capital(decided.decision)}{sent}, by {decided.decided_by}"),
                    ("Why", decided.reason),
                    *([("Their reference", decided.receipt)] if decided.receipt else []),
                ]
            label = "Decide" if decided is None else "Change"
            found.append(
                {"title": body, "rows": rows, "links": self.links(("onward", label, slug_of(body), body))}
            )
        return found

    @property
    def other_bodies(self) -> Links:
        """Bodies that no rule asks about in this case, for whoever wants to tell them."""
        shown = {one.body for one in self.view.onward}
        return self.links(
            *(("onward", capital(body), slug_of(body), "") for body in BODIES if body not in shown)
        )

    @property
    def obstacles(self) -> Sequence[str]:
        if self.case.state in (CaseState.OPEN, CaseState.ARRIVED):
            return self.view.obstacles
        return ()

    @property
    def closes(self) -> bool:
        """Whether closing is a question at all."""
        return self.case.state in (CaseState.OPEN, CaseState.ARRIVED)

    @property
    def closed(self) -> Rows:
        if self.case.state != CaseState.CLOSED:
            return []
        rows: Rows = [("Closed on", on(self.case.closed_on))]
        over = self.case.account.get("closed_over")
        if over:
            rows += [
                ("Outstanding when it was closed", "\n".join(self.case.closed_over)),
                ("Closed all the same because", over["reason"]),
                ("Decided by", over["by"]),
            ]
        return rows

    @property
    def closing_links(self) -> Links:
        if self.case.state != CaseState.OPEN:
            return []
        close = [("close", "Close the case", "", "")] if not self.view.obstacles else []
        over = [("close-over", "Close it over what is outstanding", "", "")] if self.view.obstacles else []
        return self.links(("letter", "The outcome letter was sent", "", ""), *close, *over)


def _urgency(one: Clock) -> tuple[bool, bool, str]:
    """What is to be done first comes first: the first due, then what has no day, then what is done."""
    return one.ended is not None, one.due is None, day_of(one.due).isoformat() if one.due else one.rule.code


def _clock(one: Clock) -> dict[str, Any]:
    waits, no_limit = one.state is State.WAITING, one.rule.limit is not None and one.counted == NO_LIMIT
    state = "Due soon" if one.warning else capital(one.state.value)
    reason = one.reason
    if waits:
        reason = f"Waits for: {EVENT_WORDS[one.rule.starts].lower()}."
    elif no_limit:
        done = f"Done on {on(one.ended)}. " if one.ended else ""
        reason = f"{done}The rules of this case set no limit; a local profile may."
        state = "Done" if one.ended else "No limit"
    return {
        "code": one.rule.code,
        "title": one.rule.title,
        "waits": waits,
        "state": state,
        "colour": "orange" if one.warning else "grey" if no_limit else _CLOCK_COLOURS[one.state],
        "due": on(one.due),
        "reason": reason,
        "counted": one.counted,
        "source": one.source,
        "unconfirmed": one.unconfirmed,
    }


def _told(telling: Telling) -> str:
    match telling.answer:
        case Answer.YES:
            by = f", by {telling.by}" if telling.by else ""
            return f"Told on {on(telling.on)}{by}"
        case Answer.NOT_YET:
            return f"Not yet: {telling.because}"
        case Answer.NOT_APPLICABLE:
            return f"Does not apply: {telling.because}"
    return "Not answered"
