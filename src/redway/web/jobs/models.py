"""A piece of long work: what was asked, how far it is, what it did."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    """Where a job is. Waiting and running are open; the others are its end."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One piece of long work. Its address can be left and found again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60, db_comment="Registered name of the work, such as dataset.import")
    title = models.CharField(max_length=200, db_comment="What it is, for people; no names")
    arguments: models.JSONField[Any, Any] = models.JSONField(default=dict, db_comment="What it was given")
    subject_kind = models.CharField(max_length=40, blank=True, db_comment="Kind of record it is about")
    subject_id = models.CharField(max_length=120, blank=True, db_comment="Key of that record")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_comment="Who asked",
    )
    state = models.CharField(
        max_length=12, choices=State.choices, default=State.WAITING, db_comment="Where it is"
    )
    done_steps = models.BigIntegerField(default=0, db_comment="Steps done")
    all_steps = models.BigIntegerField(default=0, db_comment="Steps in all; 0 while unknown")
    message = models.CharField(max_length=300, blank=True, db_comment="What it is doing, or what it did")
    result: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="What it did, for programs"
    )
    next_step = models.CharField(max_length=300, blank=True, db_comment="What to do after a failure")
    cancel_asked = models.BooleanField(default=False, db_comment="True when somebody asked to stop it")
    attempts = models.PositiveSmallIntegerField(default=0, db_comment="Times a worker took it up")
    worker = models.CharField(max_length=80, blank=True, db_comment="Worker that holds it")
    lease_until = models.DateTimeField(
        null=True, blank=True, db_comment="Worker is taken for dead after this"
    )
    asked_at = models.DateTimeField(default=timezone.now, db_comment="When it was asked for")
    started_at = models.DateTimeField(null=True, blank=True, db_comment="When a worker first took it up")
    ended_at = models.DateTimeField(null=True, blank=True, db_comment="When it ended")

    class Meta:
        ordering = ["-asked_at"]
        db_table_comment = "Long work, with progress and lease"
        indexes = [
            models.Index(fields=["state", "asked_at"], name="job_state"),
            models.Index(fields=["subject_kind", "subject_id"], name="job_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=State.RUNNING) | models.Q(lease_until__isnull=False),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[State.WAITING, State.RUNNING], ended_at__isnull=True)
                | models.Q(state__in=[State.DONE, State.FAILED, State.CANCELLED], ended_at__isnull=False),
                name="job_end",
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.pk} ({self.kind}, {self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the size of the work is unknown."""
        if self.state == State.DONE:
            return 100
        if self.all_steps <= 0:
            return None
        return min(100, int(100 * self.done_steps / self.all_steps))
