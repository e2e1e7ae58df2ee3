"""The person of a case as its page shows them: who else they might be, and their other cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redway.web.allegations.case_deeds_of_one_person import who
from redway.web.allegations.case_pages import address, title_of
from redway.web.allegations.case_showing import ShownCase
from redway.web.allegations.case_shown import Links, on
from redway.web.allegations.people import MergeShown, merges_of, other_cases, possible_matches
from redway.web.people.models import Person


@dataclass(frozen=True)
class PersonShown:
    """What is known of one person beyond this case, of what is open to the reader."""

    matches: list[dict[str, Any]]
    merges: list[dict[str, Any]]
    others: Links


def person_shown(shown: ShownCase, reader: Person) -> PersonShown:
    """The person of a case for one reader."""
    case, now = shown.case, shown.view.now
    merges = merges_of(case, reader, now)
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
        others=[(title_of(one), address(one), on(one.referred_at)) for one in other_cases(case, reader, now)],
    )


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
