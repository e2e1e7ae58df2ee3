"""The targets of a school as pages about its improvement show them, and what may follow from each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from redway.web.attainment.targets.told import TargetTold, targets_told
from redway.web.improvement.access import may
from redway.web.improvement.support.target_lines import origin_now
from redway.web.people import permission
from redway.web.register.models import School

MOST = 8
"""So many are shown; the others are a click away."""


@dataclass(frozen=True)
class TargetShown:
    """One target, and the address at which a visit about it is planned, if one may follow from it."""

    told: TargetTold
    plan: str


@dataclass(frozen=True)
class TargetsShown:
    """What a page shows of a school's targets."""

    lines: tuple[TargetShown, ...]
    every: str
    """Address of all of them."""
    more: int
    """How many are not shown."""


def targets_shown(request: HttpRequest, school: School) -> TargetsShown | None:
    """The latest targets of a school for those who may see them; None for others."""
    if not may(request, "target.view", school):
        return None
    plans = may(request, "visit.write", school) and may(request, "support.manage", school)
    told = targets_told(school, permission.today())
    address = reverse("support:visit_plan", args=[school.current_urn])
    lines = []
    for one in told[:MOST]:
        origin = origin_now(one) if plans else None
        lines.append(TargetShown(one, f"{address}?alert={origin.code}" if origin else ""))
    every = reverse("attainment:school_targets", args=[school.current_urn])
    return TargetsShown(tuple(lines), every, len(told) - len(lines))
