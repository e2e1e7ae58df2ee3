"""What is stored of targets: every value, what was said about it, who put their name to it, what came of it.

The rules are in ``redway.attainment.target_record``; nothing here decides. Rows are added and never changed,
except the row of the target itself, which says how it stands now and counts its changes in ``revision``.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from redway.attainment.target_record import Concern, Decision, Part, Stage


def _choices(kinds: type[Any]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


def _person(about: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_comment=about
    )


def _revision() -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(db_comment="Revision of the target that this made")


class Target(models.Model):
    """One target: one school, one measure, one cohort. Its number in addresses tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.CharField(max_length=3, db_comment="Number of the authority when it was proposed")
    school = models.CharField(max_length=6, db_index=True, db_comment="Continuing key of the school")
    measure = models.CharField(max_length=60, db_comment="Code of the measure")
    year = models.CharField(max_length=7, db_comment="School year of the results, such as 2026-27")
    cohort = models.PositiveIntegerField(db_comment="Pupils in the cohort when its value was last set")
    stage = models.CharField(max_length=12, choices=_choices(Stage), db_comment="Where the conversation is")
    revision = models.PositiveIntegerField(default=1, db_comment="Counts every change, to find two at once")
    follow_up_on = models.DateField(null=True, blank=True, db_comment="Day it is to be looked at again")
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Who withdrew it",
    )
    withdrawn_reason = models.TextField(blank=True, db_comment="Why it was withdrawn")

    class Meta:
        ordering = ["year", "measure", "pk"]
        db_table_comment = "Targets of schools, one for each measure and cohort"
        indexes = [models.Index(fields=["authority", "year", "measure"], name="target_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "measure", "year"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="target_once",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=[stage.value for stage in Stage]), name="target_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    stage=Stage.WITHDRAWN.value, withdrawn_at__isnull=False, withdrawn_by__isnull=False
                )
                & ~models.Q(withdrawn_reason="")
                | ~models.Q(stage=Stage.WITHDRAWN.value)
                & models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason=""),
                name="target_withdrawn_has_reason",
            ),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="target_revision"),
        ]

    def __str__(self) -> str:
        return f"target {self.pk}"


class TargetVersion(models.Model):
    """One value of a target, with the estimates it was set against, frozen as they were shown."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(db_comment="Counts within the target, from 1")
    value = models.DecimalField(max_digits=6, decimal_places=2, db_comment="In the unit of the measure")
    below_average = models.BooleanField(
        null=True, db_comment="Under the estimate for average progress; empty where none is held"
    )
    reason = models.TextField(blank=True, db_comment="Why it was set so; needed from the second on")
    frozen: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Estimates, ranges, outturns and version numbers as shown when it was set"
    )
    revision = _revision()
    at = models.DateTimeField(db_comment="When it was set")
    by = _person("Who set it")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Every value of every target; none is overwritten"
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="target_version_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1) & (models.Q(number=1) | ~models.Q(reason="")),
                name="target_version_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of target {self.target_id}"


class TargetEntry(models.Model):
    """Something said about a version: a challenge, an answer, or the adviser's decision."""

    class Kind(models.TextChoices):
        CHALLENGE = "challenge", "Challenge"
        ANSWER = "answer", "Answer"
        DECISION = "decision", "Decision"

    version = models.ForeignKey(TargetVersion, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices, db_comment="What was said")
    text = models.TextField(blank=True, db_comment="In words; may be empty for an agreement only")
    decision = models.CharField(
        max_length=20, blank=True, choices=_choices(Decision), db_comment="What was decided, if anything"
    )
    concern = models.CharField(
        max_length=10, blank=True, choices=_choices(Concern), db_comment="Which way a reservation points"
    )
    benchmarks = models.JSONField(
        default=list, db_comment="Codes of what a challenge holds the target against; others have none"
    )
    revision = _revision()
    at = models.DateTimeField(db_comment="When it was said")
    by = _person("Who said it")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "target entries"
        db_table_comment = "Challenges, answers and decisions about targets"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["challenge", "answer"], decision="", concern="")
                & ~models.Q(text="")
                | models.Q(kind="decision", decision=Decision.AGREED.value, concern="")
                | models.Q(
                    kind="decision",
                    decision__in=[Decision.WITH_RESERVATION.value, Decision.NOT_AGREED.value],
                    concern__in=[concern.value for concern in Concern],
                )
                & ~models.Q(text=""),
                name="target_entry_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TargetVerification(models.Model):
    """A name under one value of a target."""

    version = models.ForeignKey(TargetVersion, on_delete=models.PROTECT, related_name="verifications")
    part = models.CharField(max_length=20, choices=_choices(Part), db_comment="In which role")
    revision = _revision()
    at = models.DateTimeField(db_comment="When")
    by = _person("Whose name")

    class Meta:
        ordering = ["pk"]
        db_table_comment = "The three names under an agreed target"
        constraints = [
            models.UniqueConstraint(fields=["version", "part"], name="target_verified_once_a_role"),
            models.UniqueConstraint(fields=["version", "by"], name="target_verified_once_a_person"),
            models.CheckConstraint(
                condition=models.Q(part__in=[part.value for part in Part]), name="target_verifier"
            ),
        ]

    def __str__(self) -> str:
        return f"verification {self.pk} ({self.part})"


class TargetOutturn(models.Model):
    """What the cohort reached. The latest holds; earlier ones were corrected and are kept."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="outturns")
    value = models.DecimalField(max_digits=6, decimal_places=2, db_comment="In the unit of the measure")
    pupils = models.PositiveIntegerField(db_comment="Pupils it is of")
    computed = models.BooleanField(db_comment="True when computed from results in force; false when typed")
    source = models.CharField(max_length=500, db_comment="Where it comes from, in words")
    versions: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Numbers of the dataset versions it was computed from"
    )
    note = models.TextField(blank=True, db_comment="What the adviser makes of it")
    revision = _revision()
    at = models.DateTimeField(db_comment="When it was recorded")
    by = _person("Who recorded it")

    class Meta:
        ordering = ["pk"]
        db_table_comment = "What became of targets"
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=""), name="target_outturn_has_source"),
            models.CheckConstraint(
                condition=models.Q(computed=False) | ~models.Q(versions=[]),
                name="target_outturn_computed_from",
            ),
        ]

    def __str__(self) -> str:
        return f"outturn {self.pk}"


class TargetDraft(models.Model):
    """What one person has written part-way and not sent. Nobody else sees it."""

    person = _person("Whose draft")
    subject = models.CharField(max_length=80, db_comment="The form and what it is about")
    revision = models.PositiveIntegerField(
        default=0, db_comment="Revision of the target when it was begun; 0 for a new one"
    )
    data: models.JSONField[Any, Any] = models.JSONField(default=dict, db_comment="What was typed")
    saved_at = models.DateTimeField(db_comment="When it was last saved")

    class Meta:
        db_table_comment = "Forms about targets that are not sent yet"
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="target_draft_once")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class TargetCycle(models.Model):
    """What an authority agreed about setting targets for one year. Never changed: the next replaces it."""

    authority = models.CharField(max_length=3, db_comment="Number of the authority")
    year = models.CharField(max_length=7, db_comment="School year of the results, such as 2026-27")
    proposed_by = models.DateField(null=True, blank=True, db_comment="Day by which schools propose")
    verified_by = models.DateField(null=True, blank=True, db_comment="Day by which all three have verified")
    levels: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Codes of the levels of challenge looked at"
    )
    measures: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Codes of the measures asked for"
    )
    reason = models.CharField(max_length=300, db_comment="Why, or where it was agreed")
    at = models.DateTimeField(db_comment="When it was set down")
    by = _person("Who set it down")

    class Meta:
        ordering = ["-at", "-pk"]
        db_table_comment = "Days, levels and measures agreed for setting targets, with history"
        indexes = [models.Index(fields=["authority", "year"], name="target_cycle")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True)
                | models.Q(verified_by__isnull=True)
                | models.Q(verified_by__gte=models.F("proposed_by")),
                name="target_cycle_days",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="target_cycle_has_reason"),
        ]

    def __str__(self) -> str:
        return f"targets of {self.authority} for {self.year}"
