"""What of targets needs a person's attention: lines for the first page, each leading to one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from redway.attainment.target_record import Part, Stage
from redway.attainment.target_timetable import Step
from redway.core.periods import academic_year
from redway.core.words import counted, day_in_words, listed, plural
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.models import Target
from redway.web.attainment.targets.cycles import Cycle, agreed_cycles
from redway.web.attainment.targets.estimating import cohort_of, sources_of
from redway.web.attainment.targets.measures import Measure, last_day, measure_of, summer_of
from redway.web.attainment.targets.records import record_of, targets
from redway.web.attainment.targets.services import parts_of
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.people import permission
from redway.web.register.models import Authority, School

SOON = timedelta(days=14)
"""So long before its day a target that is not proposed is amber."""


def target_lines(request: HttpRequest) -> Iterable[Line]:
    """Targets that wait for this person, are to be looked at again, or are still to be proposed."""
    return [
        *_waiting(
            request,
            "target.challenge",
            (Stage.PROPOSED, Stage.ANSWERED),
            "for your challenge or your word on what is agreed",
        ),
        *_waiting(
            request,
            "target.propose",
            (Stage.CHALLENGED, Stage.NOT_AGREED),
            "for the school's answer or another value",
        ),
        *_to_verify(request),
        *_to_follow_up(request),
        *_to_close(request),
        *_to_propose(request),
    ]


def _waiting(request: HttpRequest, action: str, stages: Sequence[Stage], what: str) -> list[Line]:
    """Targets in a stage that those who may take the action have to move on."""
    found = list(_own(request, action).filter(stage__in=stages, outturns__isnull=True))
    return _lines(request, found, f"It waits {what}.", f"They wait {what}.")


def _to_verify(request: HttpRequest) -> list[Line]:
    """Agreed targets under which this person's name is missing."""
    found = list(_own(request, "target.verify").filter(stage=Stage.DECIDED))
    schools = School.objects.in_bulk({one.school for one in found})
    parts = {key: set(parts_of(request, school)) for key, school in schools.items()}
    mine = [one for one in found if parts.get(one.school, set()) & set(record_of(one).names_missing)]
    return _lines(
        request,
        mine,
        f"It is agreed and waits for your name as {_as_parts(parts.values())}.",
        "They are agreed and wait for your name.",
    )


def _as_parts(parts: Iterable[set[Part]]) -> str:
    held = {part for one in parts for part in one}
    return listed((part.label for part in Part if part in held), "or")


def _to_follow_up(request: HttpRequest) -> list[Line]:
    """Targets that the adviser meant to look at again by now, and whose outturn is not known."""
    today = permission.today()
    due = _own(request, "target.challenge").filter(follow_up_on__lte=today, outturns__isnull=True)
    found = list(due.exclude(stage=Stage.WITHDRAWN))
    return _lines(
        request, found, "You meant to look at it again by now.", "You meant to look at them again by now."
    )


def _to_close(request: HttpRequest) -> list[Line]:
    """Targets of years that are over whose outturn nobody has put beside them."""
    decided = (Stage.DECIDED, Stage.CONFIRMED, Stage.NOT_AGREED)
    held = _own(request, "target.challenge").filter(
        year__lt=_this_year(), outturns__isnull=True, stage__in=decided
    )
    what = "The year is over: record the outturn"
    return _lines(request, list(held), f"{what}.", f"{what} of each.")


def _this_year() -> str:
    """The school year of today."""
    on = permission.today()
    return academic_year(on.year if on.month >= 9 else on.year - 1).label


def _to_propose(request: HttpRequest) -> list[Line]:
    """Targets that an authority asked a school for and the school has not proposed."""
    seen = permission.visible(request, "target.propose")
    schools = list(School.objects.filter(key__in=seen.schools))
    lines = []
    for school in schools:
        authority = Authority(number=school.authority, name=school.authority_name)
        for cycle in agreed_cycles(authority):
            missing = _missing(school, cycle)
            if missing and last_day(cycle.year) >= permission.today():
                lines.append(_propose_line(school, cycle, missing))
    return lines


def _missing(school: School, cycle: Cycle) -> list[Measure]:
    there = set(
        Target.objects.filter(school=school.key, year=cycle.year, withdrawn_at=None).values_list(
            "measure", flat=True
        )
    )
    found = []
    for stage in KEY_STAGES:
        missing = [measure for measure in cycle.asked(stage) if measure.code not in there]
        if (
            missing
            and cohort_of(sources_of(school.authority, stage), school.key, stage, cycle.year) is not None
        ):
            found += missing
    return found


def _propose_line(school: School, cycle: Cycle, missing: Sequence[Measure]) -> Line:
    due, today = cycle.timetable.day_of(Step.PROPOSED), permission.today()
    why = f"{school.authority_name} asks for {plural(len(missing), 'it', 'them')}"
    why += f" by {day_in_words(due)}." if due else "."
    rating = "" if due is None else "Red" if today > due else "Amber" if today + SOON >= due else ""
    title = (
        f"{counted(len(missing), 'target')} for {summer_of(cycle.year)} "
        f"{plural(len(missing), 'is', 'are')} to be proposed"
    )
    return Line(title, why, reverse("attainment:school_targets", args=[school.current_urn]), rating)


def _own(request: HttpRequest, action: str) -> QuerySet[Target]:
    """The targets on which this person may take the action, wherever their schools are today."""
    seen = permission.visible(request, action)
    if seen.nothing:
        return Target.objects.none()
    held = targets().filter(withdrawn_at=None)
    if seen.everywhere:
        return held
    places = Q(key__in=seen.schools) | Q(authority__in=seen.authorities)
    return held.filter(school__in=School.objects.filter(places).values("key"))


def _lines(request: HttpRequest, found: Sequence[Target], why: str, why_many: str) -> list[Line]:
    """One line a target; one for all of them when they are many."""
    schools = School.objects.in_bulk({one.school for one in found})
    found = [one for one in found if one.school in schools]
    authorities = {schools[one.school].authority for one in found}
    if len(found) > MOST_OF_A_KIND and len(authorities) == 1:
        address = reverse("attainment:authority_targets", args=[authorities.pop()])
        if permission.visible(request, "target.view").authorities:
            return [Line(f"{len(found)} targets wait for you", why_many, address)]
    return [_line(one, schools[one.school], why) for one in found]


def _line(target: Target, school: School, why: str) -> Line:
    measure = measure_of(target.measure)
    address = reverse("attainment:target", args=[school.current_urn, measure.code, target.year])
    title = f"{school.shown_name}: target for {summer_of(target.year)}, {measure.short}"
    return Line(title, why, address)
