"""A case as its page shows it: rows of words, tags and links, made from what is recorded and the rules.

Nothing here asks the database: everything comes from ``queries.case_view``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from redway.allegations.clocks import Clock, State, day_of
from redway.allegations.strands import State as StrandState
from redway.allegations.threshold import Limb
from redway.allegations.told import Answer, Telling
from redway.core.words import day_in_words
from redway.web.allegations.case_deed import slug_of
from redway.web.allegations.case_deeds import BY_SLUG
from redway.web.allegations.case_forms import EVENT_WORDS, capital
from redway.web.allegations.facts import BODIES, OUTCOME_LETTER
from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Capacity,
    Case,
    CaseState,
    Happening,
    Meeting,
    Named,
    Suspension,
)
from redway.web.allegations.queries import CaseView
from redway.web.allegations.referral_questions import SECTIONS
from redway.web.design.templatetags.design import day_and_time

Rows = list[Any]
"""Rows of a summary list: pairs, or mappings with an action."""
Links = list[tuple[str, str, str]]
"""(label, address, what it is about, for those who cannot see)"""

LATEST = 20
"""So many entries of the timeline are open on the page; the earlier ones are folded away, not left out."""
_STANDING = {
    CaseState.ARRIVED: ("New", "blue", "It has arrived and has not been evaluated yet."),
    CaseState.ADVICE: ("Advice", "grey", "It did not meet the threshold and is kept as advice."),
    CaseState.OPEN: ("Open", "green", "It met the threshold and is followed to its outcome."),
    CaseState.CLOSED: ("Closed", "grey", "It is closed, and to be read only."),
    CaseState.TRANSFERRED: ("Handed over", "grey", "Another authority leads. It is to be read only."),
}
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
_CAPACITIES = {
    Capacity.OFFICER: "Officer",
    Capacity.MANAGER: "Manager",
    Capacity.REFERRER: "Referrer: sees how it stands",
    Capacity.EXTERNAL: "Officer of another authority",
    Capacity.BREAK_GLASS: "Broke the glass",
}
SECTIONS_OF_PAGE = (
    ("clocks", "Clocks"),
    ("strands", "Strands"),
    ("told", "Who has been told"),
    ("allegations", "Allegations"),
    ("meetings", "Meetings and actions"),
    ("suspension", "Suspension"),
    ("onward", "Onward referrals"),
    ("closing", "Closing"),
    ("timeline", "Timeline"),
    ("open-to", "Who it is open to"),
    ("history", "History"),
)


def on(when: date | datetime | None) -> str:
    """A day or a moment as it is written."""
    if when is None:
        return ""
    return day_and_time(when) if isinstance(when, datetime) else day_in_words(when)


def local_day(moment: datetime) -> str:
    """The day in England of a moment, as it is written."""
    return day_in_words(timezone.localdate(moment))


@dataclass(frozen=True)
class ShownCase:
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

    # --- the head of the page -------------------------------------------------------------------------------

    @property
    def standing(self) -> str:
        return _STANDING[CaseState(self.case.state)][0]

    @property
    def colour(self) -> str:
        return _STANDING[CaseState(self.case.state)][1]

    @property
    def standing_words(self) -> str:
        return _STANDING[CaseState(self.case.state)][2]

    @property
    def sections(self) -> Sequence[tuple[str, str]]:
        return SECTIONS_OF_PAGE

    @property
    def banners(self) -> list[str]:
        """What must be known before anything else is read."""
        restriction = self.view.facts.restriction
        return [restriction.sentence] if restriction.holds else []

    @property
    def broken_until(self) -> str:
        """The sentence for whoever is here by breaking the glass."""
        mine = [one for one in self.view.named_now if one.person_id == self.reader]
        glass = [one for one in mine if one.capacity == Capacity.BREAK_GLASS and one.until]
        if not glass or len(glass) < len(mine):
            return ""
        until = timezone.localtime(max(one.until for one in glass if one.until))
        return f"You are here by breaking the glass, until {until:%H:%M}. Its officers see that you are."

    @property
    def actions(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is what comes next)"""
        state = self.case.state
        wanted: list[tuple[str, str]] = []
        if state == CaseState.ARRIVED:
            wanted = [("evaluate", "Evaluate it"), ("answer", "Answer the referral")]
        elif state == CaseState.ADVICE:
            wanted = [("reopen", "Make it a referral")]
        elif state == CaseState.OPEN:
            wanted = [("close", "Close the case")] if not self.view.obstacles else []
            if "answered" not in self.view.facts.events:
                wanted.append(("answer", "Answer the referral"))
            wanted += [("happened", "Add to the timeline"), ("plan-meeting", "Plan a meeting")]
        found = self.links(*((slug, label, "", "") for slug, label in wanted))
        return [(label, where, at == 0) for at, (label, where, _) in enumerate(found)]

    @property
    def summary(self) -> Rows:
        """Who, where, what, since when."""
        case, identity = self.case, self.case.subject.identity
        names = identity.get("names") or ["Name not known"]
        rows: Rows = [("Person", ", also known as ".join(names[:1] + names[1:2]))]
        if len(names) > 2:
            rows.append(("Other names", ", ".join(names[2:])))
        born = identity.get("born")
        rows.append(
            (
                "Born",
                day_in_words(date.fromisoformat(born)) if born else identity.get("born_told", "Not known"),
            )
        )
        rows += self._work()
        rows += [
            ("Kind of harm", capital(case.category) if case.category else "Not recorded"),
            (
                "Known to the employer",
                on(case.known_at) if case.known_time_given else local_day(case.known_at),
            ),
            ("Reached the designated officer", on(case.referred_at)),
            ("Came from", capital(case.source) if case.source else "Not known"),
            ("Leads", self._lead()),
        ]
        if case.mandatory_report:
            rows.append(("Made under the duty to report", "Yes"))
        return rows

    def _work(self) -> Rows:
        engagement = self.case.engagement
        rows: Rows = [("Sector", capital(self.case.sector))]
        if engagement is None:
            return [*rows, ("Work", "Not known")]
        about = engagement.details
        words = [str(about[name]) for name in ("role", "employer") if about.get(name)]
        rows.append(("Work", ", ".join(words) or "Not known"))
        if engagement.basis:
            rows.append(("Employed as", capital(engagement.basis)))
        if about.get("agency"):
            rows.append(("Agency", about["agency"]))
        if engagement.ended_on:
            rows.append(("Left", day_in_words(engagement.ended_on)))
        return rows

    def _lead(self) -> str:
        leads = [one.person.full_name for one in self.view.named_now if one.leads]
        return ", ".join(leads) or "Nobody"

    # --- evaluation and referral ----------------------------------------------------------------------------

    @property
    def evaluation(self) -> Rows:
        held = self.case.account.get("evaluations", [])
        if not held:
            return []
        rows: Rows = []
        for at, one in enumerate(reversed(held)):
            when = f"{day_in_words(date.fromisoformat(one['on']))}, by {one['by']}"
            rows.append(("Evaluated" if at == 0 else "Evaluated before", when))
            rows += [(f"Met: {Limb(limb).sentence}", why) for limb, why in one["met"].items()]
            if one["reason"]:
                rows.append(("Threshold not met", one["reason"]))
        if self.case.transferable_risk:
            rows.append(("Transferable risk", "Only conduct away from work brought it into scope."))
        if self.case.state == CaseState.OPEN:
            rows[0] = self.row(rows[0][0], rows[0][1], "evaluate", "", "Correct")
        return rows

    @property
    def referral(self) -> Rows:
        """Every answer of the referral; what nobody knew is said to be missing."""
        written = self.case.account.get("referral", {})
        if not written:
            return []
        missing = set(self.view.missing_answers)
        return [
            (one.label, "Not known" if one.name in missing else one.shown(str(written[one.name])))
            for section in SECTIONS
            for one in section.questions
        ]

    # --- clocks ---------------------------------------------------------------------------------------------

    @property
    def edition_words(self) -> str:
        profile, _, year = self.case.edition.rpartition("-")
        local = (
            "" if profile == "national" else f" with the local rules of {capital(profile.replace('-', ' '))}"
        )
        return f"the national rules of {year}{local}"

    @cached_property
    def _clocks(self) -> list[dict[str, Any]]:
        order = {State.MISSED: 0, State.RUNNING: 1, State.MET: 2, State.STOPPED: 3, State.WAITING: 4}
        # What was missed and is still to be done comes before what was done late.
        ordered = sorted(self.view.clocks, key=lambda one: (one.ended is not None, order[one.state]))
        return [_clock(one) for one in ordered]

    @property
    def clocks(self) -> list[dict[str, Any]]:
        return [one for one in self._clocks if one["state"] != "Waiting"]

    @property
    def waiting_clocks(self) -> list[dict[str, Any]]:
        return [one for one in self._clocks if one["state"] == "Waiting"]

    @property
    def clock_problem(self) -> str:
        return self.view.clocks_problem

    # --- strands and the grid -------------------------------------------------------------------------------

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

    # --- allegations ----------------------------------------------------------------------------------------

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

    # --- meetings and actions -------------------------------------------------------------------------------

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

    # --- suspension, onward referrals -----------------------------------------------------------------------

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

    @property
    def onward(self) -> list[dict[str, Any]]:
        found = []
        for body, advice, decided in ((one.body, one.advice, one.decided) for one in self.view.onward):
            rows: Rows = []
            if advice:
                rows.append(("What the law asks", f"{capital(advice.standing.value)}. {advice.reason}"))
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

    # --- closing --------------------------------------------------------------------------------------------

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

    # --- timeline -------------------------------------------------------------------------------------------

    @property
    def timeline(self) -> dict[str, Any]:
        entries = [self._happening(one) for one in reversed(self.view.facts.happenings)]
        return {"latest": entries[:LATEST], "earlier": entries[LATEST:]}

    def _happening(self, one: Happening) -> dict[str, Any]:
        when = on(one.at) if one.time_given else local_day(one.at)
        fixed = one.withdrawn_because or one.event in (
            "known",
            "referred",
            "answered",
            OUTCOME_LETTER,
            "left",
        )
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
            ("happened", "Add to the timeline", "", ""), ("left", "The person has left", "", "")
        )

    # --- who it is open to ----------------------------------------------------------------------------------

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


def _clock(one: Clock) -> dict[str, Any]:
    return {
        "code": one.rule.code,
        "title": one.rule.title,
        "state": "Due soon" if one.warning else capital(one.state.value),
        "colour": "orange" if one.warning else _CLOCK_COLOURS[one.state],
        "due": on(one.due),
        "reason": f"Waits for: {EVENT_WORDS[one.rule.starts].lower()}."
        if one.state is State.WAITING
        else one.reason,
        "counted": one.counted,
        "source": one.source,
        "unconfirmed": one.unconfirmed,
        "started": on(day_of(one.started)) if one.started else "",
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
