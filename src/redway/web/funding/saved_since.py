"""What somebody else saved while a person had a scenario open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from redway.funding.rounding import Rounding
from redway.funding.rules import Rules
from redway.web.funding.asked import changes_in_words
from redway.web.funding.models import Scenario, ScenarioVersion
from redway.web.funding.rate_fields import RateField
from redway.web.funding.scenarios import Content, content_of


@dataclass(frozen=True)
class SavedSince:
    """Who saved what since a revision."""

    now: Scenario
    rows: list[tuple[str, str, str]]

    @property
    def who(self) -> str:
        return self.now.changed_by.full_name if self.now.changed_by else "Somebody"


def saved_since(scenario: Scenario, revision: str, fields: dict[str, RateField]) -> SavedSince | None:
    """What differs between a revision somebody had open and what is saved now; None for nothing."""
    if not (revision.isascii() and revision.isdigit()) or int(revision) >= scenario.revision:
        return None
    before = scenario.versions.filter(revision=int(revision)).first()
    if before is None:
        return None
    return SavedSince(scenario, changes_in_words(content_of_version(before), content_of(scenario), fields))


def content_of_version(version: ScenarioVersion) -> Content:
    """What a scenario said in one of its states."""
    kept: dict[str, Any] = version.rules

    def percent(name: str) -> Decimal | None:
        return None if kept[name] is None else Decimal(kept[name])

    return Content(
        {name: Decimal(value) for name, value in version.changes.items()},
        Rules(percent("guarantee"), percent("cap"), Decimal(kept["scale"]), Rounding(kept["rounding"])),
    )
