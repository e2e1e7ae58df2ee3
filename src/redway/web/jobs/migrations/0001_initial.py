import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        db_comment="Registered name of the work, such as dataset.import", max_length=60
                    ),
                ),
                ("title", models.CharField(db_comment="What it is, for people; no names", max_length=200)),
                ("arguments", models.JSONField(db_comment="What it was given", default=dict)),
                (
                    "subject_kind",
                    models.CharField(blank=True, db_comment="Kind of record it is about", max_length=40),
                ),
                ("subject_id", models.CharField(blank=True, db_comment="Key of that record", max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_comment="Where it is",
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("done_steps", models.BigIntegerField(db_comment="Steps done", default=0)),
                ("all_steps", models.BigIntegerField(db_comment="Steps in all; 0 while unknown", default=0)),
                (
                    "message",
                    models.CharField(
                        blank=True, db_comment="What it is doing, or what it did", max_length=300
                    ),
                ),
                ("result", models.JSONField(db_comment="What it did, for programs", default=dict)),
                (
                    "next_step",
                    models.CharField(blank=True, db_comment="What to do after a failure", max_length=300),
                ),
                (
                    "cancel_asked",
                    models.BooleanField(db_comment="True when somebody asked to stop it", default=False),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(db_comment="Times a worker took it up", default=0),
                ),
                ("worker", models.CharField(blank=True, db_comment="Worker that holds it", max_length=80)),
                (
                    "lease_until",
                    models.DateTimeField(
                        blank=True, db_comment="Worker is taken for dead after this", null=True
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_comment="When it was asked for", default=django.utils.timezone.now
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(blank=True, db_comment="When a worker first took it up", null=True),
                ),
                ("ended_at", models.DateTimeField(blank=True, db_comment="When it ended", null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_comment="Who asked",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "Long work, with progress and lease",
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(fields=["state", "asked_at"], name="job_state"),
                    models.Index(fields=["subject_kind", "subject_id"], name="job_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="job_running_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["done", "failed", "cancelled"])
                            ),
                            _connector="OR",
                        ),
                        name="job_end",
                    ),
                ],
            },
        ),
    ]
