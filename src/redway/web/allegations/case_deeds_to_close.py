"""Onward referrals, the outcome letter, and closing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404

from redway.allegations.closing import obstacles
from redway.web.allegations import case_forms_to_close as forms
from redway.web.allegations.case_deed import OPEN, Deed, Sent, slug_of
from redway.web.allegations.case_form import today
from redway.web.allegations.facts import BODIES, facts_of
from redway.web.allegations.models import Case
from redway.web.allegations.queries import closing_facts
from redway.web.allegations.services import closing, running

Rows = Sequence[tuple[str, str]]


def _body(case: Case, item: str) -> str:
    found = next((body for body in BODIES if slug_of(body) == item), None)
    if found is None:
        raise Http404("There is no such body.")
    return found


def _its_advice(case: Case, item: str) -> Rows:
    advice = facts_of(case).advice.get(item)
    if advice is None:
        return [("What the law asks", "A power, not a duty: no rule held here asks for it")]
    return [("What the law asks", advice.sentence)]


def _decided_so_far(case: Case, item: str) -> dict[str, Any]:
    held = case.onward.filter(body=item).first()
    if held is None:
        return {}
    return {
        "decision": held.decision,
        "reason": held.reason,
        "decided_by": held.decided_by,
        "sent_on": held.sent_on,
        "receipt": held.receipt,
    }


def _decide(sent: Sent) -> object:
    given = sent.given
    return running.decide_onward(
        **sent.whose,
        body=sent.item,
        decision=given["decision"],
        reason=given["reason"],
        decided_by=given["decided_by"],
        sent_on=given["sent_on"],
        receipt=given["receipt"],
    )


def _obstacles(case: Case, item: Any) -> Rows:
    found = obstacles(closing_facts(case))
    if not found:
        return [("Outstanding", "Nothing")]
    return [("Outstanding", "\n".join(found))]


def _close_over(sent: Sent) -> object:
    return closing.close(**sent.whose, on=sent.given["on"], override_reason=sent.given["reason"])


CLOSING_DEEDS: tuple[Deed, ...] = (
    Deed(
        "onward",
        "Onward referral",
        "Save",
        "The decision is written down.",
        forms.OnwardForm,
        _decide,
        "onward",
        item=_body,
        heading=str,
        about=_its_advice,
        initial=_decided_so_far,
        lead="“Considered, and not needed” is an answer, with its reason.",
    ),
    Deed(
        "letter",
        "The outcome letter was sent",
        "Save",
        "It is written down that the outcome letter was sent.",
        forms.LetterForm,
        lambda sent: running.send_outcome_letter(
            **sent.whose, on=sent.given["on"], words=sent.given["words"]
        ),
        "closing",
        initial=lambda case, item: {"on": today()},
        lead="The person is told in writing what was found on each allegation that was put to them.",
        states=OPEN,
    ),
    Deed(
        "close",
        "Close the case",
        "Close the case",
        "The case is closed.",
        forms.CloseForm,
        lambda sent: closing.close(**sent.whose, on=sent.given["on"]),
        "closing",
        about=_obstacles,
        initial=lambda case, item: {"on": today()},
        check=True,
        final="A closed case is read only. Findings can still be corrected, with a reason.",
        warning=True,
        states=OPEN,
    ),
    Deed(
        "close-over",
        "Close the case over what is outstanding",
        "Close it all the same",
        "The case is closed. What was outstanding and your reason stay on it and are reported.",
        forms.CloseOverForm,
        _close_over,
        "closing",
        action="allegation.close_over",
        about=_obstacles,
        initial=lambda case, item: {"on": today()},
        check=True,
        final="Each thing that is outstanding stays undone. That it was closed so is counted in the report.",
        warning=True,
        states=OPEN,
    ),
)
