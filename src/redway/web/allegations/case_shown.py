"""A case for one reader: what every part of its page is made with. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.allegations.case_deeds import BY_SLUG
from redway.web.allegations.models import (
    Case,
)
from redway.web.allegations.queries import CaseView
from redway.web.design.templatetags.design import day_and_time

Rows = list[Any]
"""Rows of a summary list: pairs, or mappings with an action."""
Links = list[tuple[str, str, str]]
"""(label, address, what it is about, for those who cannot see)"""
LATEST = 20
"""So many entries of the timeline are open on the page; the earlier ones are folded away, not left out."""


def on(when: date | datetime | None) -> str:
    """A day or a moment as it is written."""
    if when is None:
        return ""
    return day_and_time(when) if isinstance(when, datetime) else day_in_words(when)


def local_day(moment: datetime) -> str:
    """The day in England of a moment, as it is written."""
    return day_in_words(timezone.localdate(moment))


@dataclass(frozen=True)
class Shown:
    """One case, for one reader. ``may`` says which actions they may take on it."""

    view: CaseView
    may: Callable[[str], bool]
    reader: int
    authority_names: Callable[[str], str]

    @property
    def case(self) -> Case:
        return self.view.case

    def links(self, *wanted: tuple[str, str, object, str]) -> Links:
        """Links to pages that can be used now, of (deed, label, thing, what it is about)."""
        found = []
        for slug, label, item, about in wanted:
            deed = BY_SLUG[slug]
            if self.case.state in deed.states and self.may(deed.action):
                found.append((label, deed.address(self.case, item), about))
        return found

    def row(self, key: str, value: str, slug: str, item: object, label: str = "Change") -> dict[str, Any]:
        """A row with a link to the page that changes it, where that can be used."""
        found = self.links((slug, label, item, ""))
        if not found:
            return {"key": key, "value": value}
        return {"key": key, "value": value, "action": found[0][1], "action_label": label}
