"""The head of a case page: how it stands, who and where, the evaluation, the referral as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from redway.allegations.settlement import settlement_warning
from redway.allegations.strands import Strand
from redway.allegations.threshold import Limb
from redway.core.words import day_in_words
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_shown import Rows, Shown, local_day, on
from redway.web.allegations.models import (
    Capacity,
    CaseState,
)
from redway.web.allegations.referral_questions import SECTIONS

_STANDING = {
    CaseState.ARRIVED: ("New", "blue", "It has arrived and has not been evaluated yet."),
    CaseState.ADVICE: ("Advice", "grey", "It did not meet the threshold and is kept as advice."),
    CaseState.OPEN: ("Open", "green", "It met the threshold and is followed to its outcome."),
    CaseState.CLOSED: ("Closed", "grey", "It is closed, and to be read only."),
    CaseState.TRANSFERRED: ("Handed over", "grey", "Another authority leads. It is to be read only."),
}
SECTIONS_OF_PAGE = (
    ("clocks", "Clocks"),
    ("strands", "Strands"),
    ("told", "Who has been told"),
    ("allegations", "Allegations"),
    ("meetings", "Meetings and actions"),
    ("suspension", "Suspension"),
    ("onward", "Onward referrals"),
    ("documents", "Documents"),
    ("closing", "Closing"),
    ("timeline", "Timeline"),
    ("person", "The person"),
    ("keeping", "Keeping the record"),
    ("open-to", "Who it is open to"),
    ("history", "History"),
)


@dataclass(frozen=True)
class Head(Shown):
    """How the case stands, what comes next, and who it is about."""

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
        facts = self.view.facts
        restriction = [facts.restriction.sentence] if facts.restriction.holds else []
        left = [one.words for one in facts.happened if one.event == "left"]
        said = map(settlement_warning, (*left, facts.strand_records[Strand.EMPLOYER].reason))
        return [*restriction, *dict.fromkeys(filter(None, said))]

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
            if one.name in missing or one.name in written
        ]
