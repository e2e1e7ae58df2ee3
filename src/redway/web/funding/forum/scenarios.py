"""Scenarios of the workbench as options: which there are, and a copy of one as it is worked out today."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from redway.web.funding.forum.changing import ForumRefused
from redway.web.funding.forum.frozen import Frozen, freeze
from redway.web.funding.ground import ground_under
from redway.web.funding.models import Scenario
from redway.web.funding.scenarios import current_formula


def scenarios_of(authority: str) -> list[tuple[str, str]]:
    """(key, name and year) of every scenario that can be attached, newest year first."""
    found = Scenario.objects.filter(authority=authority, withdrawn_at__isnull=True)
    return [
        (str(one.pk), f"{one.name} ({one.year}{', in force' if one.is_current else ''})")
        for one in found.order_by("-year", "-is_current", "made_at")
    ]


def frozen_now(authority: str, key: str, on: date) -> Frozen:
    """A scenario as it is worked out today, beside what the formula in force gives. Raises ForumRefused."""
    try:
        found = Scenario.objects.get(pk=UUID(key), authority=authority, withdrawn_at__isnull=True)
    except (Scenario.DoesNotExist, ValueError):
        raise ForumRefused("There is no such scenario.", "Choose one of the list.") from None
    ground = ground_under(found)
    if ground is None:
        raise ForumRefused("There is no table of schools for its year.", "Take in the file of schools first.")
    return freeze(ground.of(found), _in_force(authority, found.year), on, made_up=ground.table.made_up)


def _in_force(authority: str, year: str) -> dict[str, int]:
    """URN -> what a school gets under the formula in force, whole pence; empty where none is in force."""
    current = current_formula(authority, year)
    ground = ground_under(current) if current is not None else None
    if current is None or ground is None:
        return {}
    budgets = ground.of(current)
    return dict(zip(budgets.schools.urn, budgets.total.tolist(), strict=True))
