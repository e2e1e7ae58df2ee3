"""What an officer has before them today, as lines: each says why it is there and leads to one place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from redway.allegations.clocks import When, day_of
from redway.core.words import counted, day_in_words
from redway.web.allegations.case_pages import address
from redway.web.allegations.concerns import KIND
from redway.web.allegations.lists import who
from redway.web.allegations.models import Case, HandOver, Named
from redway.web.allegations.queries import DaysWork, Due
from redway.web.audit.models import AuditEntry

ON_A_PAGE = 25
"""Lines of one kind on a page; the rest are on the next."""


@dataclass(frozen=True)
class DayLine:
    """One line: what is to be done, about whom, why, and where."""

    title: str
    about: str
    why: str
    address: str
    rating: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one kind. ``key`` is its place on the page and in the address."""

    key: str
    title: str
    lines: Sequence[DayLine]
    count: int
    page: int = 1

    @property
    def previous(self) -> str:
        """Where the lines before are; empty on the first page."""
        return f"?{self.key}={self.page - 1}#{self.key}" if self.page > 1 else ""

    @property
    def following(self) -> str:
        """Where the lines after are; empty on the last page."""
        return f"?{self.key}={self.page + 1}#{self.key}" if self.page * ON_A_PAGE < self.count else ""


def groups_of(work: DaysWork, now: datetime, pages: Callable[[str], int]) -> list[Group]:
    """The day in groups, the most pressing first; a group without lines is left out.

    ``pages`` gives the page of a group that is wanted.
    """
    today = timezone.localdate(now)
    held: list[tuple[str, str, Sequence[object], Callable[..., DayLine]]] = [
        ("overdue", "Overdue", work.overdue, lambda one: _due(one, "Red")),
        ("told", "People who have not been told", work.told_late, _told),
        ("arrived", "Newly arrived", work.arrived, lambda case: _arrived(case, today)),
        ("confirm", "Findings that wait for you", work.to_confirm, _confirm),
        ("due", "Due within a week", work.due, lambda one: _due(one, _rating(one, today))),
        ("offered", "Cases that other authorities offer", work.offered, _offered),
        ("glass", "Opened by somebody not named", work.broken_glass, _glass),
        ("attempts", "Attempts by somebody it is closed to", work.attempts, _attempt),
        ("without", "Cases whose times cannot be worked out", work.without_clocks, _without),
    ]
    return [_group(key, title, things, line, pages(key)) for key, title, things, line in held if things]


def _group(key: str, title: str, things: Sequence[object], line: Callable[..., DayLine], page: int) -> Group:
    last = -(-len(things) // ON_A_PAGE)
    page = min(max(page, 1), last)
    shown = things[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return Group(key, title, [line(one) for one in shown], len(things), page)


def _about(case: Case) -> str:
    return f"{who(case)}, case {case.key}"


def _rating(due: Due, today: date) -> str:
    return "Amber" if due.by is None or day_of(due.by) <= today else ""


_SECTION_OF_CLOCK = {
    "T2": "timeline",
    "T3": "meetings",
    "T4": "meetings",
    "T5": "timeline",
    "T6": "closing",
    "T13": "told",
    "T14": "onward",
}
"""Where what a clock waits for is recorded; the timeline for what only happens."""
_KINDS = {"action": "Action. ", "meeting": "Meeting. "}
_SECTION_OF_KIND = {
    "action": "actions",
    "suspension": "suspension",
    "meeting": "meetings",
    "review": "meetings",
}


def _due(due: Due, rating: str) -> DayLine:
    if due.clock is None:
        section = _SECTION_OF_KIND.get(due.kind, "")
        when = f"{_KINDS.get(due.kind, '')}{_by(due.by)}"
        return DayLine(due.what, _about(due.case), when, address(due.case, section), rating)
    clock = due.clock
    section = _SECTION_OF_CLOCK.get(clock.rule.code, "timeline")
    source = f" Rule: {clock.counted}" + (f", {clock.source}" if clock.source else "")
    unconfirmed = " (not confirmed)" if clock.unconfirmed else ""
    why = f"{clock.reason}{source}{unconfirmed}."
    return DayLine(due.what, _about(due.case), why, address(due.case, section), rating)


def _by(by: When | None) -> str:
    if by is None:
        return "As soon as possible."
    if isinstance(by, datetime):
        local = timezone.localtime(by)
        return f"Set for {local:%H:%M} on {day_in_words(local)}."
    return f"Set for {day_in_words(by)}."


def _told(due: Due) -> DayLine:
    return DayLine(
        "Tell the person, or say why not yet", _about(due.case), due.what, address(due.case, "told"), "Red"
    )


def _arrived(case: Case, today: date) -> DayLine:
    came = timezone.localdate(case.referred_at)
    waited = (today - came).days
    since = "today" if not waited else f"{counted(waited, 'day')} ago"
    why = f"Referred on {day_in_words(came)}, {since}, and not evaluated yet."
    return DayLine("Evaluate a new referral", _about(case), why, address(case, "evaluation"), "Amber")


def _confirm(due: Due) -> DayLine:
    why = f"{due.what} It counts only when you confirm it in your own name."
    return DayLine(
        "Confirm a finding or turn it down", _about(due.case), why, address(due.case, "allegations"), "Amber"
    )


def _offered(offer: HandOver) -> DayLine:
    day = day_in_words(timezone.localdate(offer.offered_at))
    why = f"Offered on {day}. It stays with them until you accept it."
    # Nothing of the case is named here: it is not this authority's yet.
    return DayLine(
        "Accept a case or decline it",
        f"Case {offer.case_id}",
        why,
        reverse("allegations:case_shared", args=[offer.case_id]),
        "Amber",
    )


def _glass(named: Named) -> DayLine:
    at = timezone.localtime(named.from_at)
    opened = f"{named.person.full_name} opened it at {at:%H:%M} on {day_in_words(at)}."
    why = f"{opened} Read the reason and say that you have."
    return DayLine(
        "Look at why a case was opened", f"Case {named.case_id}", why, address(named.case, "open-to"), "Amber"
    )


def _attempt(entry: AuditEntry) -> DayLine:
    at = timezone.localtime(entry.at)
    name = entry.actor.full_name if entry.actor else "Redway"
    why = f"{name} tried at {at:%H:%M} on {day_in_words(at)}, and was shown nothing."
    if entry.subject_kind == KIND:
        key = json.loads(entry.details)["concern"]
        return DayLine(
            "Look at who tried to open a concern",
            f"Concern {key}",
            why,
            reverse("allegations:concern", args=[key]),
            "Amber",
        )
    return DayLine(
        "Look at who tried to open a case",
        f"Case {entry.subject_id}",
        why,
        reverse("allegations:case_history", args=[entry.subject_id]),
        "Amber",
    )


def _without(case: Case) -> DayLine:
    why = "Nothing is known to be due on it, which does not mean that nothing is."
    return DayLine("Look at the times of a case", _about(case), why, address(case, "clocks"))


def titles(groups: Iterable[Group]) -> list[tuple[str, str]]:
    """(what and how many, place on the page) of each group."""
    return [(f"{group.title}: {group.count}", f"#{group.key}") for group in groups]
