"""The chain of the audit trail and its head."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from redway.web.audit.words import in_words


class AuditEntry(models.Model):
    """One thing that was done. Written once; the database refuses to change or remove it."""

    sequence = models.BigIntegerField(primary_key=True, db_comment="1, 2, 3 ... without gaps")
    at = models.DateTimeField(db_index=True, db_comment="When it was done (UTC)")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_comment="Who did it; empty when the system did",
    )
    verb = models.CharField(max_length=60, db_index=True, db_comment="What was done, such as dataset.commit")
    subject_kind = models.CharField(max_length=40, db_comment="Kind of record it was done to")
    subject_id = models.CharField(max_length=120, db_comment="Key of that record")
    details = models.TextField(db_comment="Canonical JSON: codes, keys and counts; never names")
    sensitive_read = models.BooleanField(default=False, db_comment="True when a sensitive record was read")
    previous_hash = models.CharField(max_length=64, db_comment="Hash of the entry before")
    hash = models.CharField(max_length=64, db_comment="SHA-256 of this entry and the hash before it")

    class Meta:
        ordering = ["-sequence"]
        verbose_name_plural = "audit entries"
        db_table_comment = "Append-only, hash-chained audit trail"
        constraints = [models.CheckConstraint(condition=models.Q(sequence__gte=1), name="audit_sequence")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
            models.Index(fields=["actor", "-sequence"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"entry {self.sequence}: {self.verb} {self.subject_kind} {self.subject_id}"

    @property
    def words(self) -> str:
        """What was done, as people read it."""
        return in_words(self.verb)


class AuditHead(models.Model):
    """The last link, in one row that writers lock so that the chain has no forks."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1, db_comment="Always 1")
    sequence = models.BigIntegerField(
        default=0, db_comment="Sequence of the last entry; 0 when there is none"
    )
    hash = models.CharField(max_length=64, default="0" * 64, db_comment="Hash of the last entry")

    class Meta:
        db_table_comment = "Head of the audit chain; locked by whoever adds to it"
        constraints = [models.CheckConstraint(condition=models.Q(only=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"head at entry {self.sequence}"
