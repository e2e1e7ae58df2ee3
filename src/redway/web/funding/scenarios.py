"""Every change to a scenario: permitted, checked, stored with the state it made, audited, in one transaction.

``revision`` is the state the person had before their eyes. Somebody else's change in the meantime raises
ChangedMeanwhile, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from redway.funding.errors import FundingError
from redway.funding.rules import Rules, in_range
from redway.web.audit import services as audit
from redway.web.funding.access import funding_record
from redway.web.funding.ground import Ground, changes_of, ground_of, rules_of
from redway.web.funding.models import MOST_OF_A_NAME, Scenario, ScenarioVersion
from redway.web.people import permission
from redway.web.people.models import Person


class ScenarioRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change to a scenario that cannot be made."""


class ChangedMeanwhile(ScenarioRefused):
    """Somebody saved the scenario after the person opened it."""

    def __init__(self, now: Scenario) -> None:
        self.now = now
        super().__init__(
            "Somebody has saved this scenario since you opened it, so yours was not saved.",
            "Read what is different. What you typed is kept: save it again, or as another scenario.",
        )


@dataclass(frozen=True)
class Content:
    """What a scenario says: the rates typed over, and the rules."""

    changes: Mapping[str, Decimal]
    rules: Rules

    def rules_kept(self) -> dict[str, str | None]:
        """The rules as they are kept."""
        rules = self.rules
        return {
            "guarantee": None if rules.guarantee is None else str(rules.guarantee),
            "cap": None if rules.cap is None else str(rules.cap),
            "scale": str(rules.scale),
            "rounding": rules.rounding.value,
        }


def scenarios_of(authority: str, year: str) -> QuerySet[Scenario]:
    """The scenarios of a year that are not withdrawn, the formula in force first."""
    found = Scenario.objects.filter(authority=authority, year=year, withdrawn_at__isnull=True)
    return found.select_related("frozen_table", "frozen_rates", "changed_by").defer("frozen_table__rows")


def current_formula(authority: str, year: str) -> Scenario | None:
    """The formula in force for a year, if one was put in force."""
    return scenarios_of(authority, year).filter(is_current=True).first()


def content_of(scenario: Scenario) -> Content:
    """What a scenario says as it was saved."""
    return Content(changes_of(scenario), rules_of(scenario))


def make_scenario(
    *,
    actor: Person | None,
    authority: str,
    year: str,
    name: str,
    content: Content,
    now: datetime,
    notes: str = "",
) -> Scenario:
    """A new scenario. Raises ScenarioRefused for a name empty or taken, RatesRefused, RulesRefused."""
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(authority))
    _checked(_ground(authority, year), content)
    with transaction.atomic():
        made = Scenario(
            authority=authority,
            year=year,
            name=_free_name(authority, year, name),
            notes=notes.strip(),
            made_at=now,
            changed_at=now,
            changed_by=actor,
        )
        _write(made, content)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise _taken(name) from None
        _keep_version(made, "made", actor, now)
        audit.record(actor, "funding.make_scenario", "scenario", made.pk, _details(made))
    return made


def save_scenario(
    *, actor: Person, scenario: Scenario, revision: int, content: Content, now: datetime
) -> Scenario:
    """Other rates and rules. Raises ChangedMeanwhile, ScenarioRefused, RatesRefused, RulesRefused."""
    permission.require(actor, "funding.edit", funding_record(scenario.authority))
    _checked(_ground(scenario.authority, scenario.year), content)
    with transaction.atomic():
        found = _to_change(scenario, revision)
        before = content_of(found)
        _write(found, content)
        return _saved(found, "saved", actor, now, {"rates": sorted(_differing(before, content))})


def name_scenario(
    *, actor: Person, scenario: Scenario, revision: int, name: str, notes: str, now: datetime
) -> Scenario:
    """Another name, or other notes."""
    permission.require(actor, "funding.edit", funding_record(scenario.authority))
    with transaction.atomic():
        found = _to_change(scenario, revision)
        found.name = _free_name(found.authority, found.year, name, but=found)
        found.notes = notes.strip()
        return _saved(found, "named", actor, now, {})


def put_in_force(*, actor: Person | None, scenario: Scenario, revision: int, now: datetime) -> Scenario:
    """Make it the formula in force for its year; the one before stays as a scenario."""
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(scenario.authority))
    with transaction.atomic():
        found = _locked(scenario, revision)
        if found.withdrawn_at is not None:
            raise ScenarioRefused(
                "A scenario that was withdrawn cannot be put in force.", "Make a copy of it."
            )
        before = Scenario.objects.filter(authority=found.authority, year=found.year, is_current=True)
        for one in before.exclude(pk=found.pk).select_for_update():
            one.is_current = False
            _saved(one, "out of force", actor, now, {}, verb="funding.take_out_of_force")
        found.is_current = True
        return _saved(found, "in force", actor, now, {}, verb="funding.put_in_force")


def publish_scenario(*, actor: Person | None, scenario: Scenario, revision: int, now: datetime) -> Scenario:
    """Freeze it with the schools and rates of today. From now on schools may read it; nobody changes it."""
    if actor is not None:
        permission.require(actor, "funding.edit", funding_record(scenario.authority))
    ground = _ground(scenario.authority, scenario.year)
    with transaction.atomic():
        found = _to_change(scenario, revision)
        found.frozen_at = now
        found.frozen_table = ground.table
        found.frozen_rates = ground.local
        return _saved(
            found, "published", actor, now, {"schools_version": ground.table.number}, verb="funding.publish"
        )


def withdraw_scenario(
    *, actor: Person, scenario: Scenario, revision: int, reason: str, now: datetime
) -> Scenario:
    """Take it from the list, for a reason. It is kept. The formula in force cannot be withdrawn."""
    permission.require(actor, "funding.edit", funding_record(scenario.authority))
    if not reason.strip():
        raise ScenarioRefused("A withdrawal needs a reason.", "Say why.")
    with transaction.atomic():
        found = _locked(scenario, revision)
        if found.is_current:
            raise ScenarioRefused(
                "The formula in force cannot be withdrawn.", "Put another scenario in force first."
            )
        if found.withdrawn_at is not None:
            raise ScenarioRefused("It was withdrawn already.", "Nothing needs to be done.")
        found.withdrawn_at, found.withdrawn_reason = now, reason.strip()
        return _saved(found, "withdrawn", actor, now, {}, verb="funding.withdraw_scenario")


def _ground(authority: str, year: str) -> Ground:
    ground = ground_of(authority, year)
    if ground is None:
        raise ScenarioRefused(
            f"There is no table of schools for {year}, so no scenario can be worked out.",
            "Take in the file of schools of the year first.",
        )
    return ground


def _checked(ground: Ground, content: Content) -> None:
    """Refuse what cannot be worked out: unknown rates, a guarantee outside the range of the year."""
    in_range(content.rules, ground.rates)
    ground.budgets(content.changes, content.rules)


def _locked(scenario: Scenario, revision: int) -> Scenario:
    found = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if found.revision != revision:
        raise ChangedMeanwhile(found)
    return found


def _to_change(scenario: Scenario, revision: int) -> Scenario:
    found = _locked(scenario, revision)
    if not found.may_change:
        was = "published" if found.is_frozen else "withdrawn"
        raise ScenarioRefused(
            f"This scenario was {was} and is not changed any more.", "Save it as another one."
        )
    return found


def _write(scenario: Scenario, content: Content) -> None:
    scenario.changes = {name: str(value) for name, value in sorted(content.changes.items())}
    scenario.guarantee = content.rules.guarantee
    scenario.cap = content.rules.cap
    scenario.scale = content.rules.scale
    scenario.rounding = content.rules.rounding.value


def _saved(
    scenario: Scenario,
    what: str,
    actor: Person | None,
    now: datetime,
    details: Mapping[str, Any],
    verb: str = "funding.save_scenario",
) -> Scenario:
    scenario.revision += 1
    scenario.changed_at, scenario.changed_by = now, actor
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError:
        raise _taken(scenario.name) from None
    _keep_version(scenario, what, actor, now)
    audit.record(actor, verb, "scenario", scenario.pk, {**_details(scenario), **details})
    return scenario


def _keep_version(scenario: Scenario, what: str, actor: Person | None, now: datetime) -> None:
    ScenarioVersion.objects.create(
        scenario=scenario,
        revision=scenario.revision,
        what=what,
        name=scenario.name,
        changes=scenario.changes,
        rules=content_of(scenario).rules_kept(),
        at=now,
        by=actor,
    )


def _details(scenario: Scenario) -> dict[str, Any]:
    return {
        "authority": scenario.authority,
        "year": scenario.year,
        "revision": scenario.revision,
        "rates_typed": len(scenario.changes),
    }


def _differing(before: Content, after: Content) -> list[str]:
    rates = {
        name
        for name in {*before.changes, *after.changes}
        if before.changes.get(name) != after.changes.get(name)
    }
    was, now = before.rules_kept(), after.rules_kept()
    return [*rates, *(name for name in was if was[name] != now[name])]


def _free_name(authority: str, year: str, name: str, but: Scenario | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ScenarioRefused("A scenario needs a name.", "Say in a few words what it tries.")
    if len(name) > MOST_OF_A_NAME:
        raise ScenarioRefused(f"The name has {len(name)} characters.", f"Use {MOST_OF_A_NAME} or fewer.")
    others = scenarios_of(authority, year).filter(name__iexact=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise _taken(name)
    return name


def _taken(name: str) -> ScenarioRefused:
    return ScenarioRefused(f"Another scenario of the year is called '{name}'.", "Choose another name.")
