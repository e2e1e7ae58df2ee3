"""To whom a case is open, and its history, as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redway.allegations.cross_border import suggest_lead
from redway.core.words import listed
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_shown import LATEST, Links, Shown, local_day, on
from redway.web.allegations.models import (
    Capacity,
    Named,
)

_CAPACITIES = {
    Capacity.OFFICER: "Officer",
    Capacity.MANAGER: "Manager",
    Capacity.REFERRER: "Referrer: sees how it stands",
    Capacity.EXTERNAL: "Officer of another authority",
    Capacity.BREAK_GLASS: "Broke the glass",
}


@dataclass(frozen=True)
class OpenTo(Shown):
    """Who is named, who is kept out, hand-overs, and what was done."""

    @property
    def named(self) -> list[dict[str, Any]]:
        now = set(self.view.named_now)
        ordered = sorted(self.view.named, key=lambda one: one not in now)
        return [self._named(one, one in now) for one in ordered]

    def _named(self, one: Named, still: bool) -> dict[str, Any]:
        capacity = "Officer who leads" if one.leads and still else _CAPACITIES[Capacity(one.capacity)]
        about = f"From {on(one.from_at)}"
        if one.until:
            last = one.until - timedelta(seconds=1)
            about += (
                f" until {on(one.until)}" if one.capacity != Capacity.EXTERNAL else f" to {local_day(last)}"
            )
        glass = one.capacity == Capacity.BREAK_GLASS
        if glass:
            about += f". Looked at on {on(one.reviewed_at)}" if one.reviewed_at else ". Not looked at yet"
        links: Links = []
        if still and self.case.subject.account_id != one.person_id:
            links = self.links(("end-naming", "End access", one.pk, f"of {one.person.full_name}"))
        if glass and one.reviewed_at is None and one.person_id != self.reader:
            links = [*self.links(("review-glass", "Look at it", one.pk, "")), *links]
        return {
            "capacity": capacity if still else f"{capacity}, no longer",
            "name": one.person.full_name,
            "about": about,
            "reason": one.reason,
            "links": links,
        }

    @property
    def who_should_lead(self) -> str:
        """Whose designated officer should lead, and whom else to tell; empty where it is all one."""
        engagement = self.case.engagement
        areas = {
            "works_in": engagement.authority if engagement else "",
            "agency_in": engagement.details.get("agency_authority", "") if engagement else "",
            "lives_in": self.case.subject.identity.get("home_authority", ""),
        }
        if not any(area not in ("", self.case.authority) for area in areas.values()):
            return ""
        suggested = suggest_lead(**areas)
        tell = listed([self.authority_names(area) for area in suggested.informed])
        told = f" Tell the designated officer of {tell}." if tell else ""
        return f"{self.authority_names(suggested.lead)} should lead. {suggested.reason}{told}"

    @property
    def barred(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.person.full_name,
                "about": f"Since {on(one.barred_at)}"
                + (f", lifted {on(one.lifted_at)}" if one.lifted_at else ""),
                "reason": one.reason,
                "links": []
                if one.lifted_at
                else self.links(("lift-bar", "Lift", one.pk, f"for {one.person.full_name}")),
            }
            for one in self.view.barred
        ]

    @property
    def hand_overs(self) -> list[dict[str, Any]]:
        return [
            {
                "when": on(one.answered_at or one.offered_at),
                "what": f"{capital(one.state)}: from {self.authority_names(one.from_authority)} to "
                f"{self.authority_names(one.to_authority)}",
                "reason": one.reason,
                "links": self.links(("withdraw-offer", "Take back the offer", one.pk, ""))
                if one.state == "offered"
                else [],
            }
            for one in self.view.hand_overs
        ]

    @property
    def open_to_links(self) -> Links:
        offer = [("offer", "Hand over to another authority", "", "")] if self.view.offer is None else []
        return self.links(
            ("name", "Open it to somebody", "", ""),
            ("bar", "Record a conflict of interest", "", ""),
            ("link-account", "The person’s own account", "", ""),
            ("share", "Share with another authority", "", ""),
            *offer,
        )

    @property
    def changes(self) -> Iterable[Any]:
        return list(reversed(self.view.history))[:LATEST]
