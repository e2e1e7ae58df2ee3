"""What is stored of a formula: the schools it is paid to, an authority's own rates, the money, the scenarios.

The calculation is in ``redway.funding``; nothing here works anything out. A table of schools and a file of
rates are kept whole and never changed: a newer one stands beside it. A scenario is a row that says how it
stands now; every state it was ever saved in is kept in ``ScenarioVersion``.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from redway.core.money import Money
from redway.funding.rounding import Rounding
from redway.funding.schools_block import SchoolsBlock
from redway.web import common_columns

MOST_OF_A_NAME = 80


def _percent(about: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        max_digits=7, decimal_places=3, null=True, blank=True, db_comment=f"{about}, in percent"
    )


class SchoolsTable(models.Model):
    """One version of the schools of a year: checked, kept whole, never changed."""

    authority = common_columns.authority()
    year = common_columns.year()
    number = models.PositiveIntegerField(db_comment="Version, from 1 on")
    file = models.CharField(max_length=200, db_comment="Name of the file as it was received")
    columns: models.JSONField[Any, Any] = models.JSONField(db_comment="Names of the columns, in order")
    rows: models.JSONField[Any, Any] = models.JSONField(db_comment="A list of cells for each school")
    sha256 = models.CharField(
        max_length=64, db_comment="Sum of columns and rows, to tell the same from another"
    )
    schools = models.PositiveIntegerField(db_comment="How many schools it has")
    pupils = models.PositiveIntegerField(db_comment="How many pupils it has")
    made_up = models.BooleanField(default=False, db_comment="Whether its rolls and budgets are made up")
    at = models.DateTimeField(db_comment="When it was taken in")
    by = common_columns.person("Who took it in; empty for the demo", null=True)

    class Meta:
        ordering = ["-number"]
        db_table_comment = "Versions of the table of schools of each authority and year"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year", "number"], name="funding_table_once"),
        ]

    def __str__(self) -> str:
        return f"schools of {self.authority} in {self.year}, version {self.number}"


class LocalRates(models.Model):
    """One version of an authority's own rates of a year, as the file states them."""

    authority = common_columns.authority()
    year = common_columns.year()
    number = models.PositiveIntegerField(db_comment="Version, from 1 on")
    file = models.CharField(max_length=200, db_comment="Name of the file as it was received")
    text = models.TextField(db_comment="The file, in TOML")
    sha256 = models.CharField(max_length=64, db_comment="Sum of the text")
    at = models.DateTimeField(db_comment="When it was taken in")
    by = common_columns.person("Who took it in; empty for the demo", null=True)

    class Meta:
        ordering = ["-number"]
        db_table_comment = "Versions of the local rates of each authority and year"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year", "number"], name="funding_rates_once"),
        ]

    def __str__(self) -> str:
        return f"rates of {self.authority} in {self.year}, version {self.number}"


class BlockOfYear(models.Model):
    """The money of a year: what comes in, and what is set aside before schools are paid by the formula."""

    authority = common_columns.authority()
    year = common_columns.year()
    block_pence = models.BigIntegerField(db_comment="Schools block, in whole pence")
    growth_pence = models.BigIntegerField(default=0, db_comment="Growth fund, in whole pence")
    falling_rolls_pence = models.BigIntegerField(default=0, db_comment="Falling rolls fund, in whole pence")
    transfer_pence = models.BigIntegerField(
        default=0, db_comment="Moved to other blocks, in whole pence; below zero when moved in"
    )
    forum_agreed = models.BooleanField(
        null=True, blank=True, db_comment="What the forum decided on the move; empty before it did"
    )
    schools_consulted = models.BooleanField(
        default=False, db_comment="Whether all schools were consulted on the move"
    )
    disapplied: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, db_comment="Decisions of the Secretary of State: code of the check -> words"
    )
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last set down")
    by = common_columns.person("Who set it down; empty for the demo", null=True)

    class Meta:
        db_table_comment = "The schools block of each authority and year, and what is set aside from it"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year"], name="funding_block_once"),
            models.CheckConstraint(
                condition=models.Q(block_pence__gte=0, growth_pence__gte=0, falling_rolls_pence__gte=0),
                name="funding_block_not_below_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"schools block of {self.authority} in {self.year}"

    @property
    def as_block(self) -> SchoolsBlock:
        """As the rules see it."""
        return SchoolsBlock(
            Money(self.block_pence),
            Money(self.growth_pence),
            Money(self.falling_rolls_pence),
            Money(self.transfer_pence),
        )


class Scenario(models.Model):
    """A named set of changes to the rates of a year, with rules. Its number in addresses tells nothing."""

    id = common_columns.key()
    authority = common_columns.authority()
    year = common_columns.year()
    name = models.CharField(max_length=MOST_OF_A_NAME, db_comment="What it is called")
    notes = models.TextField(blank=True, db_comment="What it is for, in words")
    changes: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Rates typed over: name -> value as a decimal string"
    )
    guarantee = _percent("Minimum funding guarantee; empty when not used")
    cap = _percent("Cap on gains; empty when not used")
    scale = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        default=100,
        db_comment="Share of a gain above the cap taken, in percent",
    )
    rounding = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in Rounding],
        default=Rounding.DFE_LINES.value,
        db_comment="Where amounts are rounded",
    )
    is_current = models.BooleanField(
        default=False, db_comment="Whether it is the formula in force for the year"
    )
    revision = common_columns.revision()
    made_at = models.DateTimeField(db_comment="When it was made")
    changed_at = models.DateTimeField(db_comment="When it was last changed")
    changed_by = common_columns.person("Who changed it last; empty for the demo", null=True)
    frozen_at = models.DateTimeField(
        null=True, blank=True, db_comment="When it was published, never to change"
    )
    frozen_table = models.ForeignKey(
        SchoolsTable,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Schools it was published with",
    )
    frozen_rates = models.ForeignKey(
        LocalRates,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Local rates it was published with, if there were any",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was withdrawn")

    class Meta:
        ordering = ["-is_current", "made_at"]
        db_table_comment = "Scenarios of a formula; one of each year is the formula in force"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year"],
                condition=models.Q(is_current=True),
                name="funding_one_formula_in_force",
            ),
            models.UniqueConstraint(
                fields=["authority", "year", "name"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="funding_scenario_named_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | ~models.Q(withdrawn_reason=""),
                name="funding_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(frozen_at__isnull=True) | models.Q(frozen_table__isnull=False),
                name="funding_frozen_has_schools",
            ),
            models.CheckConstraint(
                condition=models.Q(is_current=False) | models.Q(withdrawn_at__isnull=True),
                name="funding_in_force_not_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"scenario {self.pk}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def may_change(self) -> bool:
        return self.frozen_at is None and self.withdrawn_at is None


class ScenarioVersion(models.Model):
    """One state in which a scenario was saved. Never changed."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField(db_comment="Revision of the scenario that this made")
    what = models.CharField(
        max_length=20, db_comment="What was done: made, saved, named, put in force, published"
    )
    name = models.CharField(max_length=MOST_OF_A_NAME, db_comment="What it was called")
    changes: models.JSONField[Any, Any] = models.JSONField(default=dict, db_comment="Rates typed over")
    rules: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Guarantee, cap, scale, rounding"
    )
    at = models.DateTimeField(db_comment="When it was saved")
    by = common_columns.person("Who saved it; empty for the demo", null=True)

    class Meta:
        ordering = ["-revision"]
        db_table_comment = "Every state in which a scenario was saved"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "revision"], name="funding_version_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision} of scenario {self.scenario_id}"
