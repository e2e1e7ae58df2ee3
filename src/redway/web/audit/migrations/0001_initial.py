import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "only",
                    models.PositiveSmallIntegerField(
                        db_comment="Always 1", default=1, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sequence",
                    models.BigIntegerField(
                        db_comment="Sequence of the last entry; 0 when there is none", default=0
                    ),
                ),
                (
                    "hash",
                    models.CharField(
                        db_comment="Hash of the last entry",
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "db_table_comment": "Head of the audit chain; locked by whoever adds to it",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", 1)), name="audit_one_head")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "sequence",
                    models.BigIntegerField(
                        db_comment="1, 2, 3 ... without gaps", primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(db_comment="When it was done (UTC)", db_index=True)),
                (
                    "verb",
                    models.CharField(
                        db_comment="What was done, such as dataset.commit", db_index=True, max_length=60
                    ),
                ),
                ("subject_kind", models.CharField(db_comment="Kind of record it was done to", max_length=40)),
                ("subject_id", models.CharField(db_comment="Key of that record", max_length=120)),
                (
                    "details",
                    models.TextField(db_comment="Canonical JSON: codes, keys and counts; never names"),
                ),
                (
                    "sensitive_read",
                    models.BooleanField(db_comment="True when a sensitive record was read", default=False),
                ),
                ("previous_hash", models.CharField(db_comment="Hash of the entry before", max_length=64)),
                (
                    "hash",
                    models.CharField(
                        db_comment="SHA-256 of this entry and the hash before it", max_length=64
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_comment="Who did it; empty when the system did",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "db_table_comment": "Append-only, hash-chained audit trail",
                "ordering": ["-sequence"],
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
                    models.Index(fields=["actor", "-sequence"], name="audit_actor"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sequence__gte", 1)), name="audit_sequence")
                ],
            },
        ),
    ]
