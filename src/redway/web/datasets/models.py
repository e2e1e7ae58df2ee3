"""The ledger of versions, and what became of every file that was brought in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from redway.datasets.ledger import State

STATES = [(state.value, state.value.capitalize()) for state in State]


class DatasetVersion(models.Model):
    """One committed or held file. Its rows are true once this record is: see ``redway.datasets.ledger``."""

    format = models.CharField(max_length=60, db_comment="Code of the format description")
    dataset = models.CharField(max_length=60, db_index=True, db_comment="Entry in the timetable")
    period = models.CharField(max_length=60, db_comment="Period label, or 'first..last' of many")
    period_start = models.DateField(db_comment="First day of the period")
    period_end = models.DateField(db_comment="Last day of the period")
    scope = models.CharField(
        max_length=100, blank=True, db_comment="Authorities covered, or the table's name; empty for England"
    )
    edition = models.CharField(max_length=20, db_comment="provisional, revised or final")
    number = models.PositiveIntegerField(db_comment="Counts within format, period and scope, from 1")
    state = models.CharField(max_length=12, choices=STATES, db_comment="What the version is now")
    file_name = models.CharField(max_length=300, db_comment="Name of the file, with its folder")
    sha256 = models.CharField(max_length=64, db_index=True, db_comment="SHA-256 of the file as received")
    recipe = models.CharField(max_length=16, db_comment="Mark of the description it was read by")
    sheet = models.CharField(max_length=100, blank=True, db_comment="Sheet of the workbook")
    header_row = models.PositiveIntegerField(default=1, db_comment="Row of the header; 1 is the first")
    headers: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Committed column -> header in the file"
    )
    periods: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Period labels met; empty where rows are dated by the day"
    )
    rows_read = models.PositiveBigIntegerField(db_comment="Rows below the header")
    rows_loaded = models.PositiveBigIntegerField(db_comment="Rows in the committed version")
    rows_rejected = models.PositiveBigIntegerField(db_comment="Rows left out because of an error")
    entities = models.PositiveBigIntegerField(db_comment="How many schools, authorities or areas it is about")
    problems = models.PositiveBigIntegerField(db_comment="How many errors were found")
    held_reason = models.TextField(blank=True, db_comment="Why it was held, one reason a line")
    received_at = models.DateTimeField(default=timezone.now, db_comment="When it was brought in")
    received_by = models.CharField(max_length=120, blank=True, db_comment="By whom or by what; no names")
    committed_at = models.DateTimeField(null=True, blank=True, db_comment="When it came into force")
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was withdrawn")
    erased_at = models.DateTimeField(
        null=True, blank=True, db_comment="When its rows and its source were deleted (files of pupils only)"
    )
    erased_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was erased")

    class Meta:
        ordering = ["id"]
        db_table_comment = "Every committed or held file; the facts themselves are in the lake"
        constraints = [
            models.UniqueConstraint(fields=["format", "period", "scope", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["format", "period", "scope"],
                condition=models.Q(state=State.CURRENT.value),
                name="version_one_current",
            ),
            models.UniqueConstraint(
                fields=["format", "period", "scope", "sha256", "recipe"],
                condition=~models.Q(state=State.WITHDRAWN.value),
                name="version_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="version_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.CURRENT.value, State.SUPERSEDED.value])
                | models.Q(committed_at__isnull=False),
                name="version_in_force_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~models.Q(state=State.WITHDRAWN.value) & models.Q(withdrawn_at__isnull=True)),
                name="version_withdrawn_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(withdrawn_at__isnull=False),
                name="version_erased_was_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.period} version {self.number}"


class ImportRun(models.Model):
    """One import: a file, a ZIP or a folder, brought in by a person or from the command line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_comment="Who asked; empty for the command line",
    )
    name = models.CharField(max_length=300, db_comment="What was brought in, as it was named")
    started_at = models.DateTimeField(default=timezone.now, db_comment="When it began")
    ended_at = models.DateTimeField(null=True, blank=True, db_comment="When it ended")

    class Meta:
        ordering = ["-started_at"]
        db_table_comment = "Imports, by whom and when"

    def __str__(self) -> str:
        return f"import {self.pk}"


class FileOutcome(models.Model):
    """What became of one file of an import: the check report that pages show."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=500, db_comment="File, or ZIP/file inside")
    outcome = models.CharField(max_length=20, db_comment="committed, unchanged, held, not recognised, ...")
    format = models.CharField(max_length=60, blank=True, db_comment="Code of the format recognised")
    title = models.CharField(max_length=200, blank=True, db_comment="Title of the format")
    period = models.CharField(max_length=60, blank=True, db_comment="Period label")
    version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, null=True, related_name="+", db_comment="Version it is"
    )
    rows_read = models.PositiveBigIntegerField(default=0, db_comment="Rows below the header")
    rows_loaded = models.PositiveBigIntegerField(default=0, db_comment="Rows loaded")
    rows_rejected = models.PositiveBigIntegerField(default=0, db_comment="Rows left out because of an error")
    rows_left_out: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Reason -> rows left out on purpose"
    )
    reasons: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Why it was held, refused or not recognised"
    )
    errors: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="The first thousand errors: row, column, value, message"
    )
    errors_total = models.PositiveBigIntegerField(default=0, db_comment="How many errors there are")

    class Meta:
        ordering = ["id"]
        db_table_comment = "What became of each file of an import"

    def __str__(self) -> str:
        return f"{self.path}: {self.outcome}"


class TimetableAgreement(models.Model):
    """What the authority agreed about one line of the timetable. Never changed: the next replaces it.

    The latest of a line is in force. One with ``proposal`` says that the bundled proposal is in force again.
    """

    entry = models.CharField(max_length=60, db_index=True, db_comment="Code of the line in the timetable")
    proposal = models.BooleanField(default=False, db_comment="True when it went back to the proposal")
    supplier = models.CharField(max_length=120, blank=True, db_comment="From whom the dataset comes")
    answers = models.CharField(max_length=120, blank=True, db_comment="Who answers for it: a role, or words")
    due_month = models.PositiveSmallIntegerField(
        null=True, db_comment="Month it is due; empty where it is always due"
    )
    due_day = models.PositiveSmallIntegerField(
        null=True, db_comment="Day of the month; empty where it is always due"
    )
    grace_days = models.PositiveSmallIntegerField(
        null=True, db_comment="Days after which amber is red; empty where it is always due"
    )
    no_older_than_days = models.PositiveSmallIntegerField(
        null=True, db_comment="Greatest age of an edition; empty where it is due once a year"
    )
    reason = models.CharField(max_length=300, db_comment="Why it was agreed")
    agreed_at = models.DateTimeField(db_comment="When it was agreed")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_comment="Who set it down"
    )

    class Meta:
        ordering = ["-agreed_at", "-id"]
        db_table_comment = "The authority's own timetable, line by line, with its history"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    proposal=True,
                    due_month__isnull=True,
                    due_day__isnull=True,
                    grace_days__isnull=True,
                    no_older_than_days__isnull=True,
                )
                | models.Q(
                    proposal=False,
                    due_month__range=(1, 12),
                    due_day__range=(1, 31),
                    grace_days__isnull=False,
                    no_older_than_days__isnull=True,
                )
                | models.Q(
                    proposal=False,
                    due_month__isnull=True,
                    due_day__isnull=True,
                    grace_days__isnull=True,
                    no_older_than_days__gte=1,
                ),
                name="timetable_terms_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} agreed {self.agreed_at:%d %B %Y}"
