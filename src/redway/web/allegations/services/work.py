"""Where a person works with children: put right, and other work of theirs written down beside it.

One person may have several employers, an agency, volunteer roles. The case is counted under the sector of the
work it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from redway.allegations.editions import edition_named
from redway.allegations.outcomes import Outcome, Sector, outcomes_for
from redway.core.words import listed
from redway.web.allegations.answers import BASES
from redway.web.allegations.models import Case, CaseState, Engagement, Happening
from redway.web.allegations.services.changing import RUNNING, Step, change, missing, one_of, refuse
from redway.web.people.models import Person

STATES = (*RUNNING, CaseState.ADVICE, CaseState.CLOSED)
"""A closed case is still put right: it is counted under its sector."""
CORRECTED = "work-corrected"
_SAID = {"employer": "Employer", "role": "Role", "agency": "Agency"}


def work_of(case: Case) -> QuerySet[Engagement]:
    """The work a case is about first, then what else is written down of the person and is no other case's."""
    of_others = Case.objects.exclude(pk=case.pk).filter(engagement__isnull=False).values("engagement")
    found = Engagement.objects.filter(
        Q(pk=case.engagement_id) | Q(subject=case.subject_id) & ~Q(pk__in=of_others)
    )
    return found.order_by("pk")


def save_work(
    *,
    actor: Person,
    case: Case,
    revision: int,
    work: Engagement | None,
    sector: Sector,
    basis: str,
    details: Mapping[str, Any],
    authority: str = "",
    school: str = "",
    because: str = "",
) -> Case:
    """Correct work that is written down, with the reason, or write down other work (``work`` None).

    ``details`` are what is said of it: employer, role, agency, teacher, regulated_activity. What was written
    before stays in the timeline.
    """
    with change(actor, case, revision, "save_work", states=STATES) as step:
        found = _found(step.case, work)
        is_its_own = (found is None and step.case.engagement_id is None) or (
            found is not None and found.pk == step.case.engagement_id
        )
        refuse(
            [
                missing(str(details.get("employer", "")), "Say who employs or engages them."),
                "" if basis in BASES else f"Choose on what basis they work: {listed(BASES, 'or')}.",
                missing(because, "Say why it is corrected.") if found is not None else "",
                _findings_forbid(step.case, sector) if is_its_own else "",
            ]
        )
        if found is None:
            found = Engagement(subject_id=step.case.subject_id, details={})
        else:
            _remember(step, found, actor, because)
        found.sector, found.basis, found.authority, found.school = sector.value, basis, authority, school
        found.details = found.details | dict(details)
        found.save()
        if is_its_own:
            step.case.engagement, step.case.sector = found, sector.value
        step.details |= {"work": found.pk, "sector": sector.value}
    return step.case


def _found(case: Case, work: Engagement | None) -> Engagement | None:
    if work is None:
        return None
    found = work_of(case).filter(pk=work.pk).first()
    if found is None:
        one_of(None, case, "work")
    return found


def _findings_forbid(case: Case, sector: Sector) -> str:
    """The problem when a finding of the case is none that its rules know in the sector; else nothing."""
    allowed = outcomes_for(edition_named(case.edition), sector)
    held = {
        Outcome(one.outcome) for one in case.allegations.all() if one.outcome and not one.withdrawn_because
    }
    strange = [outcome.value for outcome in held if outcome not in allowed]
    if not strange:
        return ""
    return f"'{listed(strange)}' is no finding for {sector}: correct the finding first."


def _remember(step: Step, work: Engagement, actor: Person, because: str) -> None:
    said = [f"{label}: {work.details[name]}." for name, label in _SAID.items() if work.details.get(name)]
    before = " ".join([f"Sector: {work.sector}.", f"Basis: {work.basis}." if work.basis else "", *said])
    Happening.objects.create(
        case=step.case,
        event=CORRECTED,
        at=step.now,
        entered_by=actor,
        words=f"Before: {' '.join(before.split())} Why: {because.strip()}",
    )
