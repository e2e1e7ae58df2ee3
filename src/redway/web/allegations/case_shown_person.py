"""The person of a case as its page shows them: who else they might be, and their other cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from redway.allegations.outcomes import Outcome
from redway.allegations.references import what_may_be_said
from redway.allegations.retention import Action, Retention
from redway.web.allegations.case_deeds_of_one_person import who
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_pages import address, title_of
from redway.web.allegations.case_showing import ShownCase
from redway.web.allegations.case_shown import Links, Rows, on
from redway.web.allegations.disposal_list import employers_file, hold_on, retention_of_case
from redway.web.allegations.models import Allegation, Case, CaseState, Engagement
from redway.web.allegations.people import MergeShown, merges_of, other_cases, possible_matches
from redway.web.allegations.services.keeping import KEPT
from redway.web.allegations.services.work import work_of
from redway.web.people.models import Person

_ACTIONS = {
    Action.KEEP: "Keep it",
    Action.REVIEW: "Review it: nothing is disposed of by itself",
    Action.DISPOSE: "Dispose of it from that day",
    Action.REMOVE: "Take it out of the personnel file",
}


@dataclass(frozen=True)
class PersonShown:
    """What is known of one person beyond this case, of what is open to the reader."""

    matches: list[dict[str, Any]]
    merges: list[dict[str, Any]]
    others: Links
    work: list[dict[str, Any]]
    """Where they work, the work this case is about first."""
    work_links: Links
    reference: str
    """What an employer's reference may say of what the reader sees."""
    keeping: Rows
    unconfirmed: bool
    """Whether the rule of how long it is kept was not confirmed at its source."""
    hold: str
    keeping_links: Links


def person_shown(shown: ShownCase, reader: Person) -> PersonShown:
    """The person of a case for one reader."""
    case, now = shown.case, shown.view.now
    merges, others = merges_of(case, reader, now), other_cases(case, reader, now)
    retention, hold = retention_of_case(case), hold_on(case.subject)
    waiting = {
        one.other.subject_id for one in merges if one.merge.agreed_at is None and one.merge.undone_at is None
    }
    return PersonShown(
        matches=[
            {
                "title": title_of(one.case),
                "address": address(one.case),
                "who": who(one.case.subject),
                "work": _work(one.case.engagement),
                "reasons": one.reasons,
                "links": shown.links(("merge", "They are one person", one.case.key, title_of(one.case))),
            }
            for one in possible_matches(case, reader, now)
            if one.case.subject_id not in waiting
        ],
        merges=[_merge(shown, one, reader) for one in merges],
        others=[(title_of(one), address(one), on(one.referred_at)) for one in others],
        work=[_work_shown(shown, one) for one in work_of(case)],
        work_links=shown.links(("other-work", "Add other work of theirs", "", "")),
        reference=what_may_be_said(_outcomes([case, *others])).sentence,
        keeping=[*_keeping(retention), *_employers(employers_file(case))],
        unconfirmed=retention.unconfirmed,
        hold=hold,
        keeping_links=_keeping_links(shown, retention, bool(hold), reader),
    )


def _outcomes(cases: Sequence[Case]) -> list[Outcome | None]:
    """The finding of each allegation; advice never was one."""
    counted = [one.pk for one in cases if one.state != CaseState.ADVICE]
    held = Allegation.objects.filter(case__in=counted).order_by("case", "number")
    return [Outcome(one.outcome) if one.outcome else None for one in held if not one.withdrawn_because]


def _keeping(retention: Retention) -> Rows:
    rows: Rows = [("Asked by the rule", _ACTIONS[retention.action]), ("Why", retention.reason)]
    if retention.due:
        rows.insert(1, ("Due", on(retention.due)))
    return [*rows, ("Rule", retention.source)] if retention.source else rows


def _employers(asked: Retention | None) -> Rows:
    if asked is None:
        return []
    due = f" ({on(asked.due)})" if asked.due else ""
    unconfirmed = " (not confirmed)" if asked.unconfirmed else ""
    source = f" Rule: {asked.source}{unconfirmed}." if asked.source else ""
    return [("The employer’s own file", f"{asked.reason}{due}{source}")]


def _keeping_links(shown: ShownCase, retention: Retention, held: bool, reader: Person) -> Links:
    hold = ("lift-hold", "Lift the legal hold", "", "") if held else ("hold", "Set a legal hold", "", "")
    wanted: list[tuple[str, str, object, str]] = [hold]
    waiting = shown.case.disposals.filter(ended_at__isnull=True).first()
    if waiting is not None:
        if waiting.proposed_by_id != reader.pk:
            wanted.append(("agree-disposal", "Agree to dispose of it", waiting.pk, ""))
        wanted.append(("turn-down-disposal", "Do not dispose of it", waiting.pk, ""))
    elif retention.is_due(timezone.localdate(shown.view.now)):
        wanted += [
            ("review-keeping", "Keep it longer", "", ""),
            ("dispose", "Dispose of it", "", ""),
        ]
    elif retention.due is None and shown.case.state in KEPT and not held:
        # No rule names a day: somebody must, or it is kept for ever without being looked at.
        wanted.append(("review-keeping", "Set a day to look at it again", "", ""))
    return shown.links(*wanted)


def _work_shown(shown: ShownCase, one: Engagement) -> dict[str, Any]:
    words = _work(one) or "Not known"
    ended = f", left on {on(one.ended_on)}" if one.ended_on else ""
    own = ". This case is about it" if one.pk == shown.case.engagement_id else ""
    return {
        "what": words,
        "about": f"{capital(one.sector)}{f', {one.basis}' if one.basis else ''}{ended}{own}.",
        "links": shown.links(("work", "Correct", one.pk, words)),
    }


def _work(engagement: Any) -> str:
    about = engagement.details if engagement else {}
    return ", ".join(str(about[name]) for name in ("role", "employer") if about.get(name))


def _merge(shown: ShownCase, one: MergeShown, reader: Person) -> dict[str, Any]:
    merge, links = one.merge, []
    said = f"proposed by {merge.proposed_by.full_name}"
    if merge.agreed_by is not None:
        said += f", agreed by {merge.agreed_by.full_name} on {on(merge.agreed_at)}"
    if merge.undone_at is not None:
        how = "Undone" if merge.agreed_at else "Turned down"
        title = f"{how} on {on(merge.undone_at)}"
    elif merge.agreed_at is not None:
        title = "One person"
        links = [("undo-merge", "They are two people after all")]
    else:
        title = "Waits for a second person"
        links = [("turn-down-merge", "Turn it down")]
        if merge.proposed_by_id != reader.pk:
            links.insert(0, ("agree-merge", "Agree that they are one person"))
    return {
        "title": title,
        "who": f"{who(one.other.subject)} ({title_of(one.other)})",
        "address": address(one.other),
        "said": said,
        "reason": merge.reason,
        "links": shown.links(
            *((slug, label, merge.pk, f"with {title_of(one.other)}") for slug, label in links)
        ),
    }
