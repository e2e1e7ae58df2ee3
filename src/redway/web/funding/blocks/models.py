"""What is stored of the money beside the formula. The rules are in ``redway.funding``; nothing is worked out.

The schools block, and what is set aside from it, is ``BlockOfYear`` of the formula. Money is whole pence.
What an authority sets down for a year is one row that counts its changes in ``revision``; a table of claims
is kept whole and never changed: a newer one stands beside it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from redway.web import common_columns

MOST_OF_A_SOURCE = 200


class Fund(models.TextChoices):
    """What is held back from the schools block to be given to some schools."""

    GROWTH = "growth", "Growth fund"
    FALLING_ROLLS = "falling-rolls", "Falling-rolls fund"


class ServiceKind(models.TextChoices):
    """What maintained schools give money back for."""

    DE_DELEGATION = "de-delegation", "De-delegation"
    EDUCATION_FUNCTIONS = "education-functions", "Education functions"


def _count(about: str) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(default=0, db_comment=about)


class OfYear(models.Model):
    """What an authority sets down for a financial year, where it says it comes from, and who did."""

    authority = common_columns.authority()
    year = common_columns.year()
    source = models.CharField(max_length=MOST_OF_A_SOURCE, db_comment="Where the figures come from, in words")
    is_confirmed = models.BooleanField(
        default=False, db_comment="Whether they were read in what is named as their source"
    )
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last set down")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Who set it down; empty for the demo",
    )

    class Meta:
        abstract = True


class VotedOn(models.Model):
    """What the forum decides: a decision recorded here, or one of a meeting that is not, in words."""

    item = models.ForeignKey(
        "funding_forum.Item",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Item of the forum's agenda on which it was decided",
    )
    decided_in = models.CharField(
        max_length=MOST_OF_A_SOURCE,
        blank=True,
        db_comment="Meeting and minute of a decision that is not recorded here",
    )
    is_agreed = models.BooleanField(
        null=True, blank=True, db_comment="What that decision was; for de-delegation, of primary members"
    )

    class Meta:
        abstract = True


class Income(OfYear):
    """What the schools block of a year is made of."""

    primary_unit_pence = common_columns.pence("Primary unit of funding")
    secondary_unit_pence = common_columns.pence("Secondary unit of funding")
    premises_pence = common_columns.pence("Money for premises")
    extra_primary = _count("Primary pupils more than a year ago in areas that grew")
    extra_secondary = _count("Secondary pupils more than a year ago in areas that grew")
    new_schools = _count("New schools")

    class Meta:
        verbose_name = "what comes in"
        db_table_comment = "What the schools block of each authority and year is made of"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year"], name="blocks_income_once"),
            models.CheckConstraint(
                condition=models.Q(
                    primary_unit_pence__gte=0, secondary_unit_pence__gte=0, premises_pence__gte=0
                ),
                name="blocks_income_not_below_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"income of {self.authority} in {self.year}"


class SharedService(OfYear, VotedOn):
    """A service that maintained schools give back money for. Education functions have one amount and vote."""

    kind = models.CharField(max_length=19, choices=ServiceKind.choices, db_comment="What it is given for")
    title = models.CharField(max_length=120, db_comment="What the service is called")
    primary_pence = common_columns.pence(
        "Amount a pupil, primary; empty where that phase is not asked", null=True
    )
    secondary_pence = common_columns.pence(
        "Amount a pupil, secondary; empty where that phase is not asked", null=True
    )
    is_agreed_by_secondary = models.BooleanField(
        null=True, blank=True, db_comment="What secondary members decided, where it is not recorded here"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was taken out")
    withdrawn_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was taken out")

    class Meta:
        ordering = ["kind", "title"]
        db_table_comment = "Services that maintained schools give money back for, by financial year"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year", "kind", "title"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="blocks_service_named_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | ~models.Q(withdrawn_reason=""),
                name="blocks_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="education-functions")
                | models.Q(primary_pence=models.F("secondary_pence")),
                name="blocks_functions_have_one_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"shared service {self.pk}"


class Criteria(OfYear, VotedOn):
    """When a school is paid from a fund, and how much for a pupil."""

    fund = models.CharField(max_length=13, choices=Fund.choices, db_comment="Which fund")
    least = models.PositiveIntegerField(
        db_comment="Fewest extra pupils paid for; for falling rolls the least fall, in percent"
    )
    primary_pence = common_columns.pence("Amount a primary pupil")
    secondary_pence = common_columns.pence("Amount a secondary pupil")
    months = models.PositiveSmallIntegerField(
        default=7, db_comment="Months of the year for which growth is paid"
    )
    at_request = models.BooleanField(
        default=True, db_comment="Whether only growth is paid for that the authority asked for"
    )

    class Meta:
        verbose_name = "criteria of a fund"
        db_table_comment = "Criteria of growth and falling-rolls funds, by financial year"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year", "fund"], name="blocks_criteria_once"),
            models.CheckConstraint(
                condition=models.Q(
                    months__gte=1, months__lte=12, primary_pence__gte=0, secondary_pence__gte=0
                ),
                name="blocks_criteria_can_be",
            ),
        ]

    def __str__(self) -> str:
        return f"criteria of {self.fund} of {self.authority} in {self.year}"


class ClaimTable(models.Model):
    """One version of the schools judged for a fund: checked, kept whole, never changed."""

    authority = common_columns.authority()
    year = common_columns.year()
    fund = models.CharField(max_length=13, choices=Fund.choices, db_comment="Which fund")
    number = models.PositiveIntegerField(db_comment="Version, from 1 on")
    file = models.CharField(max_length=200, db_comment="Name of the file as it was received")
    rows: models.JSONField[Any, Any] = models.JSONField(
        db_comment="For each school: URN, pupils before, pupils after, whether its condition is met"
    )
    at = models.DateTimeField(db_comment="When it was taken in")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Who took it in; empty for the demo",
    )

    class Meta:
        ordering = ["-number"]
        db_table_comment = "Versions of the table of schools judged for a fund"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year", "fund", "number"], name="blocks_claims_once"
            ),
        ]

    def __str__(self) -> str:
        return f"claims on {self.fund} of {self.authority} in {self.year}, version {self.number}"


class EarlyYearsPlan(OfYear):
    """The early-years block of a year as the authority plans it: hours, rates an hour, supplements."""

    hours_under_two = _count("Funded hours of children under two")
    hours_two = _count("Funded hours of two-year-olds")
    hours_three_and_four = _count("Funded hours of three- and four-year-olds")
    rate_under_two_pence = common_columns.pence("What comes in for an hour under two")
    rate_two_pence = common_columns.pence("What comes in for an hour of a two-year-old")
    rate_three_and_four_pence = common_columns.pence("What comes in for an hour of a three- or four-year-old")
    base_under_two_pence = common_columns.pence("Base rate to providers for an hour under two")
    base_two_pence = common_columns.pence("Base rate to providers for an hour of a two-year-old")
    base_three_and_four_pence = common_columns.pence(
        "Base rate to providers for an hour of a three- or four-year-old"
    )
    deprivation_pence = common_columns.pence("Supplements for deprivation")
    other_supplements_pence = common_columns.pence("All other supplements")

    class Meta:
        verbose_name = "early-years block"
        db_table_comment = "The early-years block of each authority and year, as planned"
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="blocks_early_years_once")]

    def __str__(self) -> str:
        return f"early-years block of {self.authority} in {self.year}"


class HighNeedsPlan(OfYear):
    """The high-needs block of a year as the authority plans it: places, top-ups and what else is paid."""

    income_pence = common_columns.pence("High-needs block")
    special_places = _count("Places in special schools and alternative provision")
    unit_places_occupied = _count("Places in units of mainstream schools, filled by a pupil on roll")
    unit_places_unoccupied = _count("Places in units of mainstream schools that are not filled so")
    top_ups_pence = common_columns.pence("Top-ups")
    other_pence = common_columns.pence("Independent schools, support services and all else")

    class Meta:
        verbose_name = "high-needs block"
        db_table_comment = "The high-needs block of each authority and year, as planned"
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="blocks_high_needs_once")]

    def __str__(self) -> str:
        return f"high-needs block of {self.authority} in {self.year}"
