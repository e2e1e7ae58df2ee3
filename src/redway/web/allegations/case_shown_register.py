"""The register of allegations and the timeline of a case, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from redway.web.allegations.case_form import capital
from redway.web.allegations.case_forms_of_record import EVENT_WORDS
from redway.web.allegations.case_shown import LATEST, Links, Rows, Shown, local_day, on
from redway.web.allegations.facts import OUTCOME_LETTER
from redway.web.allegations.models import (
    Allegation,
    Happening,
)
from redway.web.allegations.services.keeping import HOLD_LIFTED, HOLD_SET, REVIEWED

_FIXED = ("known", "referred", "answered", OUTCOME_LETTER, "left", HOLD_SET, HOLD_LIFTED, REVIEWED)
"""Entries that are put right elsewhere, or not at all."""


@dataclass(frozen=True)
class Register(Shown):
    """Allegations and the timeline."""

    @property
    def allegations(self) -> list[dict[str, Any]]:
        return [self._allegation(one) for one in self.view.facts.register]

    def _allegation(self, one: Allegation) -> dict[str, Any]:
        about = f"allegation {one.number}"
        rows: Rows = [
            ("Kind of harm", capital(one.category) if one.category else "Not known"),
            ("When it happened", one.told_when or "Not known"),
            ("Put to the person", _put(one)),
        ]
        if one.put_on:
            rows.append(("What they said", one.reply or "Nothing is recorded"))
        rows += _finding(one)
        waits = bool(one.finding.get("awaits"))
        confirm = [("confirm-finding", "Confirm the finding", one.pk, about)] if waits else []
        finding = "Correct the finding" if one.outcome else "Record a finding"
        return {
            "number": one.number,
            "words": one.words,
            "rows": rows,
            "links": self.links(
                *(confirm if one.decided_by_id != self.reader else []),
                ("put", "Put to the person", one.pk, about),
                ("finding", finding, one.pk, about),
                ("correct-allegation", "Correct", one.pk, about),
                ("withdraw-allegation", "Take back", one.pk, about),
            ),
        }

    @property
    def withdrawn_allegations(self) -> list[Allegation]:
        return [one for one in self.view.facts.allegations if one.withdrawn_because]

    @property
    def allegation_links(self) -> Links:
        return self.links(("add-allegation", "Add an allegation", "", ""))

    @property
    def timeline(self) -> dict[str, Any]:
        entries = [self._happening(one) for one in reversed(self.view.facts.happenings)]
        return {"latest": entries[:LATEST], "earlier": entries[LATEST:]}

    def _happening(self, one: Happening) -> dict[str, Any]:
        when = on(one.at) if one.time_given else local_day(one.at)
        fixed = one.withdrawn_because or one.event in _FIXED
        links = [] if fixed else self.links(("take-back", "Take back", one.pk, f"the entry of {when}"))
        by = one.entered_by.full_name if one.entered_by else ""
        return {
            "when": when,
            "what": EVENT_WORDS.get(one.event, capital(one.event)),
            "words": one.words,
            "withdrawn": one.withdrawn_because,
            "entered": f"Entered by {by}, {on(one.entered_at)}" if by else "",
            "links": links,
        }

    @property
    def timeline_links(self) -> Links:
        return self.links(
            ("happened", "Add to the timeline", "", ""),
            ("correct-known", "Correct when it became known", "", ""),
            ("left", "The person has left", "", ""),
        )


def _put(one: Allegation) -> str:
    if one.put_on:
        return on(one.put_on)
    return f"Not put: {one.not_put_because}" if one.not_put_because else "Not yet"


def _finding(one: Allegation) -> Rows:
    found = one.finding
    by = one.decided_by.full_name if one.decided_by else ""
    if waits := found.get("awaits"):
        proposed = f"{capital(waits['outcome'])}, proposed by {by} on {on(date.fromisoformat(waits['on']))}."
        rows: Rows = [("Finding", f"{proposed} It waits for a second person to agree.")]
    elif one.outcome:
        second = f", confirmed by {one.second_person.full_name}" if one.second_person else ""
        rows = [("Finding", f"{capital(one.outcome)}, {on(one.decided_on)}, by {by}{second}")]
    else:
        return [("Finding", "None yet")]
    rows.append(("What it rests on", found.get("reasons", "")))
    if found.get("evidence_of_intent"):
        rows.append(("What shows that it was meant to deceive", found["evidence_of_intent"]))
    for former in found.get("former", []):
        outcome = capital(former["outcome"]) if former["outcome"] else "No finding"
        rows.append(
            ("Before it was corrected", f"{outcome}. Corrected because: {former['corrected_because']}")
        )
    return rows
