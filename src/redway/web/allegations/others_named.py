"""Everybody who is named on a case other than the person it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from redway.allegations.redaction import words_of_name
from redway.web.allegations.queries import CaseView

_ASKED = ("child_name", "child_social_worker", "made_by", "case_manager")
"""Answers of the referral that hold names of others."""


def names_of_others(view: CaseView) -> list[str]:
    """Names as they were written, each once, in the order of the alphabet.

    From the referral, the strands, who told whom, meetings, actions, suspensions, onward referrals and the
    people the case is open to: not from what was written in sentences.
    """
    own = {word.casefold() for name in own_names(view) for word in words_of_name(name)}
    found = {" ".join(str(name).split()) for name in _written(view) if name}
    strangers = [name for name in found if not {word.casefold() for word in words_of_name(name)} <= own]
    return sorted(strangers, key=str.casefold)


def own_names(view: CaseView) -> list[str]:
    """The names of whom the case is about."""
    return [str(name) for name in view.case.subject.identity.get("names", [])]


def _written(view: CaseView) -> Iterator[Any]:
    facts, referral = view.facts, view.case.account.get("referral", {})
    for asked in _ASKED:
        yield from str(referral.get(asked) or "").replace(";", "\n").replace(",", "\n").split("\n")
    yield from (one.person.full_name for one in view.named)
    yield from (one.person.full_name for one in view.barred)
    yield from (held.get("by") for held in view.case.account.get("evaluations", []))
    yield from (record.owner for record in facts.strand_records.values())
    yield from (telling.by for telling in facts.grid.values())
    for meeting in facts.meetings:
        yield from meeting.about.get("attendees", [])
    yield from (action.owner for action in facts.actions)
    for suspension in facts.suspensions:
        yield from (suspension.about.get("decided_by"), suspension.about.get("contact"))
    yield from (sent.decided_by for sent in facts.onward)
    yield from (change.by for change in view.history if change.by != "Redway")
