"""Meetings, actions and suspension of a case, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from redway.web.allegations.case_form import capital
from redway.web.allegations.case_shown import Links, Rows, Shown, on
from redway.web.allegations.models import (
    ActionOfCase,
    Meeting,
    Suspension,
)


@dataclass(frozen=True)
class Meetings(Shown):
    """Meetings with their minutes, actions, and suspension."""

    @property
    def meetings(self) -> list[dict[str, Any]]:
        return [self._meeting(one) for one in reversed(self.view.facts.meetings)]

    def _meeting(self, one: Meeting) -> dict[str, Any]:
        kind = "Review meeting" if one.review else "Initial strategy meeting"
        title = f"{kind}, {on(one.at)}"
        # Sorted here: asking the database for an order would be a query for each meeting.
        versions = sorted(one.minutes.all(), key=lambda version: -version.version)
        if not one.held:
            links = self.links(("hold-meeting", "Write down what came of it", one.pk, title))
        else:
            links = self.links(
                ("hold-meeting", "Correct", one.pk, title),
                ("minutes", "Write the minutes" if not versions else "Write another version", one.pk, title),
                *(
                    ("send-minutes", f"Version {version.version} was sent", version.pk, title)
                    for version in versions[:1]
                    if version.sent_on is None
                ),
            )
        return {
            "title": title,
            "rows": _meeting_rows(one),
            "minutes": [
                {
                    "number": version.version,
                    "text": version.text,
                    "about": f"Written by {version.written_by.full_name}, {on(version.written_at)}. "
                    + (f"Sent on {on(version.sent_on)}." if version.sent_on else "Not sent."),
                }
                for version in versions
            ],
            "links": links,
        }

    @property
    def meeting_links(self) -> Links:
        return self.links(("plan-meeting", "Plan a meeting", "", ""))

    @property
    def tasks(self) -> list[dict[str, Any]]:
        open_ones = self.view.facts.open_actions
        over = [one for one in self.view.facts.actions if one not in set(open_ones)]
        return [self._task(one) for one in (*open_ones, *over)]

    def _task(self, one: ActionOfCase) -> dict[str, Any]:
        today = timezone.localdate(self.view.now)
        about = f"action due {on(one.due_on)}"
        links: Links = []
        if one.done_on:
            state, colour, when = "Done", "green", f"On {on(one.done_on)}"
        elif one.dropped_because:
            state, colour, when = "Dropped", "grey", f"It was due {on(one.due_on)}"
        else:
            late = one.due_on < today
            state, colour = ("Overdue", "red") if late else ("To do", "blue")
            when = f"Due {on(one.due_on)}"
            links = self.links(
                ("finish-action", "It is done", one.pk, about),
                ("drop-action", "It is not needed", one.pk, about),
            )
        return {
            "what": one.what,
            "owner": one.owner,
            "state": state,
            "colour": colour,
            "when": when,
            "because": one.dropped_because,
            "links": links,
        }

    @property
    def task_links(self) -> Links:
        return self.links(("add-action", "Add an action", "", ""))

    @property
    def suspensions(self) -> list[dict[str, Any]]:
        return [self._suspension(one) for one in reversed(self.view.facts.suspensions)]

    def _suspension(self, one: Suspension) -> dict[str, Any]:
        about, views = one.about, one.about.get("views", {})
        rows: Rows = [
            ("Decided by", about.get("decided_by", "")),
            ("Why", about.get("reasons", "")),
            ("Alternatives considered", about.get("alternatives", "")),
            ("Named contact", about.get("contact", "")),
            ("View of the designated officer", capital(views.get("officer", ""))),
            ("View of the police", capital(views.get("police", ""))),
            *(
                (f"Reviewed on {on(date.fromisoformat(review['on']))}", review["words"])
                for review in about.get("reviews", [])
            ),
        ]
        if one.last_day is None:
            rows.append(("Next review", on(one.review_on)))
        elif about.get("ended"):
            rows.append(("What followed", about["ended"]))
        until = f"to {on(one.last_day)}" if one.last_day else "and still"
        return {
            "title": f"Suspended from {on(one.first_day)} {until}",
            "rows": [row for row in rows if row[1]],
            "links": self.links(
                ("review-suspension", "Review it", one.pk, ""), ("end-suspension", "It has ended", one.pk, "")
            )
            if one.last_day is None
            else [],
        }

    @property
    def suspension_links(self) -> Links:
        if self.view.facts.suspension is not None:
            return []
        return self.links(("suspend", "The person was suspended", "", ""))


def _meeting_rows(one: Meeting) -> Rows:
    about = one.about
    if not one.held:
        rows: Rows = [("Where", about.get("place", "")), ("Invited", "\n".join(about.get("invited", [])))]
        return [("Stands", "Planned"), *(row for row in rows if row[1])]
    rows = [
        ("Where", about.get("place", "")),
        ("There", "\n".join(about.get("attendees", []))),
        ("Apologies", "\n".join(about.get("apologies", []))),
        ("Information shared", about.get("shared", "")),
        ("Decided", about.get("decisions", "")),
        ("Next review by", on(one.next_review_on)),
    ]
    return [row for row in rows if row[1]]
