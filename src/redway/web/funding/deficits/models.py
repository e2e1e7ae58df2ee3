"""What is stored of schools in deficit. The rules are in ``redway.funding.deficits`` and ``recovery``.

Money is whole pence. What was applied for, planned, returned and agreed is added and never changed, but for a
draft while it is written; the row of a licence says how it stands now and counts its changes in ``revision``.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from redway.web import common_columns


class SchoolBalance(models.Model):
    """How one school closed one financial year, as last entered."""

    authority = common_columns.authority()
    school = common_columns.school()
    year = common_columns.year()
    income_pence = common_columns.pence("All income of the year")
    spending_pence = common_columns.pence("All spending of the year")
    closing_pence = common_columns.pence("Balance at the end of the year, below zero for a deficit")
    pupils = models.PositiveIntegerField(db_comment="Pupils on roll in the October of the year")
    source = models.CharField(max_length=120, db_comment="Typed by hand, or the name of the file")
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it", null=True)

    class Meta:
        ordering = ["school", "year"]
        db_table_comment = "Balances of schools at the end of each financial year"
        constraints = [models.UniqueConstraint(fields=["school", "year"], name="balance_once")]

    def __str__(self) -> str:
        return f"balance of {self.school} in {self.year}"


class PupilForecast(models.Model):
    """Pupils expected at one school for one financial year."""

    authority = common_columns.authority()
    school = common_columns.school()
    year = common_columns.year("Financial year that is forecast")
    pupils = models.PositiveIntegerField(db_comment="Pupils expected in the October before the year")
    source = models.CharField(max_length=120, db_comment="Name of the file")
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it", null=True)

    class Meta:
        ordering = ["school", "year"]
        db_table_comment = "Pupil numbers expected at each school"
        constraints = [models.UniqueConstraint(fields=["school", "year"], name="forecast_once")]

    def __str__(self) -> str:
        return f"forecast for {self.school} in {self.year}"


class OwnValue(models.Model):
    """A number that an authority settled in place of a national one. The newest of a name holds."""

    authority = common_columns.authority()
    subject = models.CharField(max_length=20, db_comment="Folder of values: deficits or projection")
    name = models.CharField(max_length=60, db_comment="Name of the value")
    value = models.DecimalField(
        max_digits=14, decimal_places=3, null=True, db_comment="The number; empty: the national one again"
    )
    first_day = models.DateField(db_comment="First day on which it holds")
    reason = models.CharField(max_length=300, db_comment="Who settled it, and why")
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it")

    class Meta:
        ordering = ["first_day", "pk"]
        db_table_comment = "Numbers that authorities settled in place of national ones"

    def __str__(self) -> str:
        return f"{self.name} of {self.authority}"


class Stage(models.TextChoices):
    """How an application stands."""

    DRAFT = "draft", "Draft"
    APPLIED = "applied", "Waits for a decision"
    RETURNED = "returned", "Sent back to the school"
    GRANTED = "granted", "Licensed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    CLEARED = "cleared", "Clear"


OPEN_STAGES = (Stage.DRAFT, Stage.APPLIED, Stage.RETURNED, Stage.GRANTED)
"""A school has one application or licence of these at most."""


class Licence(models.Model):
    """One application for a licensed deficit, and the licence it may become."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    stage = models.CharField(max_length=9, choices=Stage.choices, db_comment="How it stands")
    revision = common_columns.revision()
    brought_forward_pence = common_columns.pence("Balance brought into the first year of the plan")
    causes = models.TextField(blank=True, db_comment="How the deficit arose, in the school's words")
    exceptional_because = models.TextField(
        blank=True, db_comment="Why the case is exceptional; empty otherwise"
    )
    plan_number = models.PositiveIntegerField(default=0, db_comment="Number of the plan that holds")
    first_month = models.DateField(null=True, blank=True, db_comment="First month of which a return is asked")
    conditions = models.TextField(blank=True, db_comment="Conditions of the licence")
    cleared_on = models.DateField(null=True, blank=True, db_comment="Day on which the deficit was clear")
    begun_at = models.DateTimeField(db_comment="When it was begun")
    begun_by = common_columns.person("Who began it")

    class Meta:
        ordering = ["-begun_at"]
        db_table_comment = "Applications for licensed deficits and what became of them"
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=models.Q(stage__in=[stage.value for stage in OPEN_STAGES]),
                name="licence_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=[stage.value for stage in Stage]), name="licence_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"licence {self.pk}"


class PlanYear(models.Model):
    """One year of one version of a recovery plan."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="plan_years")
    number = models.PositiveIntegerField(db_comment="Version of the plan")
    year = common_columns.year("Financial year, such as 2026-27")
    income_pence = common_columns.pence("Planned income")
    spending_pence = common_columns.pence("Planned spending")
    savings = models.TextField(blank=True, db_comment="What is done in the year to get back to balance")

    class Meta:
        ordering = ["number", "year"]
        db_table_comment = "Years of recovery plans, every version"
        constraints = [models.UniqueConstraint(fields=["licence", "number", "year"], name="plan_year_once")]

    def __str__(self) -> str:
        return f"{self.year} of plan {self.number}"


class LicenceEntry(models.Model):
    """Something that happened to an application or a licence, in order."""

    class Kind(models.TextChoices):
        APPLIED = "applied", "Applied"
        RETURNED = "returned", "Sent back to the school"
        GRANTED = "granted", "Licensed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        CLEARED = "cleared", "Deficit clear"

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=9, choices=Kind.choices, db_comment="What happened")
    level = models.CharField(max_length=40, blank=True, db_comment="Who decides by the rules of the day")
    words = models.TextField(blank=True, db_comment="Reasons or conditions as they were written")
    checks: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="The checks as they stood: name, answer, words"
    )
    at = models.DateTimeField(db_comment="When")
    by = common_columns.person("Who")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "What happened to applications and licences"

    def __str__(self) -> str:
        return f"{self.kind} of licence {self.licence_id}"


class MonthlyReturn(models.Model):
    """What a school reported for one month. A later one for the same month corrects the earlier."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="returns")
    month = models.DateField(db_comment="First day of the month")
    income_pence = common_columns.pence("Income of the financial year up to the end of the month")
    spending_pence = common_columns.pence("Spending of the financial year up to the end of the month")
    forecast_pence = common_columns.pence("Balance that is forecast for the end of the financial year")
    words = models.TextField(blank=True, db_comment="What has changed against the plan, and what is done")
    at = models.DateTimeField(db_comment="When it was sent")
    by = common_columns.person("Who sent it")

    class Meta:
        ordering = ["month", "at", "pk"]
        db_table_comment = "Monthly returns of schools with a licensed deficit"

    def __str__(self) -> str:
        return f"return for {self.month:%Y-%m}"


class Meeting(models.Model):
    """A meeting with a school in difficulty. Its number in addresses tells nothing."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    on = models.DateField(db_comment="Day of the meeting")
    present = models.TextField(db_comment="Who was there, by role")
    about = models.TextField(db_comment="What it was about")
    agreed = models.TextField(db_comment="What was agreed")
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was written down")
    by = common_columns.person("Who wrote it down")

    class Meta:
        ordering = ["-on", "-at"]
        db_table_comment = "Meetings with schools in difficulty"

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class MeetingAction(models.Model):
    """Something that somebody is to do by a day."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300, db_comment="What is to be done")
    owner = models.CharField(max_length=120, db_comment="Who does it, by role")
    due_on = models.DateField(db_comment="By when")
    done_on = models.DateField(null=True, blank=True, db_comment="When it was done; empty while it is not")
    outcome = models.CharField(max_length=300, blank=True, db_comment="What came of it")

    class Meta:
        ordering = ["due_on", "pk"]
        db_table_comment = "What was agreed to be done at meetings with schools in difficulty"

    def __str__(self) -> str:
        return f"action {self.pk}"
