"""What is stored of services to schools: the catalogue of each year, and what schools order from it.

Money is whole pence, days and full-time-equivalent pupils are whole hundredths. An order keeps the prices of
the day it was placed; each change of it is a new version, and the lines of earlier versions stay.
"""

from __future__ import annotations

from django.db import models

from redway.funding.services import Basis
from redway.web import common_columns


class ServiceOfYear(models.Model):
    """One service in the catalogue of one financial year."""

    authority = models.CharField(max_length=3, db_comment="Number of the authority that sells it")
    year = models.CharField(max_length=7, db_comment="Financial year, such as 2026-27")
    code = models.CharField(max_length=12, db_comment="Short code that stays the same from year to year")
    name = models.CharField(max_length=120, db_comment="Name of the service")
    basis = models.CharField(
        max_length=6,
        choices=[(one.value, one.label) for one in Basis],
        db_comment="What a price is for one of",
    )
    standard = models.BooleanField(db_comment="Whether it belongs to the whole standard package")
    catering = models.BooleanField(default=False, db_comment="Whether the longer terms of catering hold")
    nursery_pence = common_columns.pence(
        "Price for nursery schools; empty where it is not offered", null=True
    )
    primary_pence = common_columns.pence(
        "Price for primary schools; empty where it is not offered", null=True
    )
    secondary_pence = common_columns.pence(
        "Price for secondary schools; empty where it is not offered", null=True
    )
    special_pence = common_columns.pence(
        "Price for special schools; empty where it is not offered", null=True
    )
    cost_pence = common_columns.pence(
        "What it costs the authority in the year; empty while not known", null=True
    )
    delegated_per_school_pence = common_columns.pence("What the formula gives a school for it")
    delegated_per_pupil_pence = common_columns.pence("What the formula gives a pupil for it")
    revision = common_columns.revision()
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, db_comment="When it was taken out of the catalogue"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was taken out")
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)

    class Meta:
        ordering = ["name", "code"]
        db_table_comment = "Services to schools with their prices, by financial year"
        constraints = [
            models.UniqueConstraint(fields=["authority", "year", "code"], name="service_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.year}"


class Order(models.Model):
    """What one school takes in one financial year."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    year = models.CharField(max_length=7, db_comment="Financial year, such as 2026-27")
    phase = models.CharField(max_length=9, db_comment="Phase whose prices hold for the school")
    pupils = models.PositiveIntegerField(db_comment="Pupils on roll for which is charged")
    equivalent_hundredths = models.PositiveIntegerField(db_comment="Full-time-equivalent pupils, hundredths")
    whole_package = models.BooleanField(default=False, db_comment="Whether it takes the whole package")
    total_pence = common_columns.pence("What the school pays in all")
    number = models.PositiveIntegerField(default=1, db_comment="Version of the order that holds")
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)

    class Meta:
        ordering = ["school", "year"]
        db_table_comment = "Orders of services by schools"
        constraints = [models.UniqueConstraint(fields=["school", "year"], name="order_once_a_year")]

    def __str__(self) -> str:
        return f"order {self.pk}"


class OrderLine(models.Model):
    """One service in one version of an order, with its price as it was."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(db_comment="Version of the order")
    service = models.ForeignKey(ServiceOfYear, on_delete=models.PROTECT, related_name="lines")
    days_hundredths = models.PositiveIntegerField(default=0, db_comment="Days, in hundredths")
    listed_pence = common_columns.pence("Price by the list")
    discount_pence = common_columns.pence("Discount of the whole package")
    amount_pence = common_columns.pence("What is paid")
    years = models.PositiveSmallIntegerField(db_comment="Years for which the school is bound")
    first_term = models.BooleanField(db_comment="Whether it is the school's first term of the service")
    ends_on = models.DateField(db_comment="Last day of the term")

    class Meta:
        ordering = ["service__name"]
        db_table_comment = "Services ordered, every version of every order"
        constraints = [models.UniqueConstraint(fields=["order", "number", "service"], name="order_line_once")]

    def __str__(self) -> str:
        return f"line {self.pk}"
