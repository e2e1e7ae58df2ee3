import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import redway.web.people.roles


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SharedCacheEntry",
            fields=[
                (
                    "cache_key",
                    models.CharField(db_comment="Key", max_length=255, primary_key=True, serialize=False),
                ),
                ("value", models.TextField(db_comment="Pickled value")),
                ("expires", models.DateTimeField(db_comment="When it may be dropped", db_index=True)),
            ],
            options={
                "db_table": "redway_cache",
                "db_table_comment": "Short-lived values shared by server processes",
            },
        ),
        migrations.CreateModel(
            name="SignInFailures",
            fields=[
                (
                    "key_hash",
                    models.CharField(
                        db_comment="SHA-256 of what is counted",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(db_comment="Failures since counting began", default=0),
                ),
                ("counting_since", models.DateTimeField(db_comment="When counting began")),
                (
                    "waits_until",
                    models.DateTimeField(blank=True, db_comment="No attempt is taken before this", null=True),
                ),
            ],
            options={
                "db_table_comment": "Failed sign-ins, counted to slow guessing down",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "email",
                    models.EmailField(
                        db_comment="What the person signs in with; lower case",
                        max_length=254,
                        unique=True,
                        verbose_name="email address",
                    ),
                ),
                ("full_name", models.CharField(db_comment="As the person writes it", max_length=200)),
                ("is_active", models.BooleanField(db_comment="False once the person has left", default=True)),
                (
                    "session_epoch",
                    models.PositiveIntegerField(
                        db_comment="Raised to end every session of this person at once", default=1
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(
                        db_comment="When the account was made", default=django.utils.timezone.now
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(
                        blank=True, db_comment="When the person left, if they have", null=True
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "db_table_comment": "People who may sign in",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="person_email_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_active", True), ("left_at__isnull", True)),
                            models.Q(("is_active", False), ("left_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_left_or_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(db_comment="What its owner calls it", max_length=80)),
                (
                    "token_hash",
                    models.CharField(db_comment="SHA-256 of the token", max_length=64, unique=True),
                ),
                (
                    "reach",
                    models.CharField(
                        db_comment="Code of the group of actions the token is good for", max_length=20
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_comment="When it was made", default=django.utils.timezone.now),
                ),
                ("expires_at", models.DateTimeField(db_comment="Not usable from this moment on")),
                ("ended_at", models.DateTimeField(blank=True, db_comment="When it was withdrawn", null=True)),
                (
                    "last_used_on",
                    models.DateField(blank=True, db_comment="Last day on which it was used", null=True),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "Personal keys for the programming interface",
            },
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(
                        db_comment="SHA-256 of the token in the link", max_length=64, unique=True
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_comment="When it was made", default=django.utils.timezone.now),
                ),
                ("expires_at", models.DateTimeField(db_comment="Not usable from this moment on")),
                (
                    "used_at",
                    models.DateTimeField(blank=True, db_comment="When it was used or withdrawn", null=True),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="one_time_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "One-time links for setting a password",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("director", "Director of children's services"),
                            ("data_officer", "Data officer"),
                            ("adviser", "School improvement adviser"),
                            ("finance_officer", "Finance officer"),
                            ("forum_member", "Schools Forum member"),
                            ("lado", "Local authority designated officer (LADO)"),
                            ("deputy_lado", "Deputy LADO"),
                            ("named_senior_manager", "Named senior manager (agency)"),
                            ("named_senior_officer", "Named senior officer"),
                            ("headteacher", "Headteacher"),
                            ("chair_of_governors", "Chair of governors"),
                            ("social_care_manager", "Social-care manager"),
                            ("early_help_worker", "Early-help worker"),
                            ("board_member", "Improvement-board member"),
                            ("administrator", "Administrator"),
                        ],
                        db_comment="Role code",
                        max_length=40,
                    ),
                ),
                (
                    "scope_kind",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("authority", "Authority"),
                            ("school", "School"),
                            ("record", "Record"),
                        ],
                        db_comment="What the scope is",
                        max_length=20,
                    ),
                ),
                (
                    "scope_key",
                    models.CharField(
                        blank=True,
                        db_comment="Authority number, continuing school key, or 'kind:key' of a record; empty when national",
                        max_length=80,
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        blank=True,
                        db_comment="Authority in which the scope lies; empty when national",
                        max_length=3,
                    ),
                ),
                ("first_day", models.DateField(db_comment="First day of the grant")),
                (
                    "last_day",
                    models.DateField(
                        blank=True, db_comment="Last day of the grant; empty while open", null=True
                    ),
                ),
                (
                    "granted_at",
                    models.DateTimeField(db_comment="When it was entered", default=django.utils.timezone.now),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True,
                        db_comment="When it was ended at once; holds no longer whatever its days",
                        null=True,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table_comment": "Roles people hold, with their scope and dates",
                "indexes": [models.Index(fields=["person", "first_day"], name="grant_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "director",
                                    "data_officer",
                                    "adviser",
                                    "finance_officer",
                                    "forum_member",
                                    "lado",
                                    "deputy_lado",
                                    "named_senior_manager",
                                    "named_senior_officer",
                                    "headteacher",
                                    "chair_of_governors",
                                    "social_care_manager",
                                    "early_help_worker",
                                    "board_member",
                                    "administrator",
                                ],
                            )
                        ),
                        name="grant_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scope_key", ""),
                                ("scope_kind", redway.web.people.roles.ScopeKind["NATIONAL"]),
                            ),
                            models.Q(
                                (
                                    "scope_kind__in",
                                    [
                                        redway.web.people.roles.ScopeKind["AUTHORITY"],
                                        redway.web.people.roles.ScopeKind["SCHOOL"],
                                        redway.web.people.roles.ScopeKind["RECORD"],
                                    ],
                                ),
                                models.Q(("scope_key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grant_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__isnull", True),
                            ("last_day__gte", models.F("first_day")),
                            _connector="OR",
                        ),
                        name="grant_days",
                    ),
                ],
            },
        ),
    ]
