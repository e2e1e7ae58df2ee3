import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                (
                    "number",
                    models.CharField(
                        db_comment="Three digits, such as 826",
                        max_length=3,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "ons_code",
                    models.CharField(blank=True, db_comment="ONS area code", db_index=True, max_length=9),
                ),
                ("name", models.CharField(db_comment="Name, such as Milton Keynes", max_length=100)),
                ("region", models.CharField(blank=True, db_comment="Region of England", max_length=60)),
                ("kind", models.CharField(blank=True, db_comment="Kind of council", max_length=60)),
                (
                    "ended",
                    models.DateField(db_comment="First day of the authorities that took over", null=True),
                ),
                (
                    "replaced_by",
                    models.CharField(
                        blank=True, db_comment="Numbers that took over, comma between", max_length=60
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "authorities",
                "db_table_comment": "Authorities, present and former",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RegisterBuild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, db_comment="When it was rebuilt (UTC)")),
                (
                    "versions",
                    models.JSONField(
                        db_comment="Ids of the dataset versions it was built from", default=list
                    ),
                ),
                ("schools", models.PositiveIntegerField(db_comment="Schools in it")),
                ("establishments", models.PositiveIntegerField(db_comment="Establishments in it")),
            ],
            options={
                "db_table_comment": "Rebuilds of the register and the versions they were built from",
                "ordering": ["-id"],
                "get_latest_by": "id",
            },
        ),
        migrations.CreateModel(
            name="Trust",
            fields=[
                (
                    "uid",
                    models.CharField(
                        db_comment="Group UID (GIAS)", max_length=10, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(db_comment="Name of the group", max_length=200)),
                ("kind", models.CharField(db_comment="Kind of group (GIAS)", max_length=60)),
                ("status", models.CharField(blank=True, db_comment="Open or Closed", max_length=40)),
                ("opened", models.DateField(db_comment="Day it opened", null=True)),
                ("closed", models.DateField(db_comment="Day it closed", null=True)),
                (
                    "companies_house",
                    models.CharField(blank=True, db_comment="Companies House number", max_length=12),
                ),
            ],
            options={
                "db_table_comment": "Groups of schools",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Locality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "authority",
                    models.CharField(db_comment="Number of the authority it belongs to", max_length=3),
                ),
                ("name", models.CharField(db_comment="Name, unique within the authority", max_length=100)),
            ],
            options={
                "verbose_name_plural": "localities",
                "db_table_comment": "Areas an authority defines for its own work",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("authority", "name"), name="register_locality_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                (
                    "key",
                    models.CharField(
                        db_comment="URN of the first establishment of the line",
                        max_length=6,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "current_urn",
                    models.CharField(
                        db_comment="URN of the establishment it has come to", db_index=True, max_length=6
                    ),
                ),
                ("name", models.CharField(db_comment="Name of the current establishment", max_length=200)),
                (
                    "sort_name",
                    models.CharField(db_comment="Name in lower case without punctuation", max_length=200),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True, db_comment="Type of establishment (GIAS)", db_index=True, max_length=80
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True, db_comment="Phase of education (GIAS)", db_index=True, max_length=40
                    ),
                ),
                ("status", models.CharField(blank=True, db_comment="Status (GIAS)", max_length=40)),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Open"), (1, "Proposed to open"), (2, "Closed")],
                        db_comment="0 open, 1 proposed, 2 closed: order of lists",
                        default=2,
                    ),
                ),
                (
                    "authority",
                    models.CharField(blank=True, db_comment="Number of its authority", max_length=3),
                ),
                (
                    "authority_name",
                    models.CharField(blank=True, db_comment="Name of its authority", max_length=100),
                ),
                (
                    "laestab",
                    models.CharField(
                        blank=True, db_comment="Current LAESTAB, seven digits", db_index=True, max_length=7
                    ),
                ),
                (
                    "trust_uid",
                    models.CharField(
                        blank=True, db_comment="UID of its academy trust", db_index=True, max_length=10
                    ),
                ),
                (
                    "trust_name",
                    models.CharField(blank=True, db_comment="Name of its academy trust", max_length=200),
                ),
                ("gender", models.CharField(blank=True, db_comment="Gender of entry", max_length=20)),
                (
                    "religious_character",
                    models.CharField(blank=True, db_comment="Religious character", max_length=80),
                ),
                (
                    "admissions_policy",
                    models.CharField(blank=True, db_comment="Admissions policy", max_length=40),
                ),
                ("low_age", models.PositiveSmallIntegerField(db_comment="Statutory lowest age", null=True)),
                ("high_age", models.PositiveSmallIntegerField(db_comment="Statutory highest age", null=True)),
                (
                    "pupils",
                    models.PositiveIntegerField(db_comment="Pupils on roll as the register says", null=True),
                ),
                (
                    "capacity",
                    models.PositiveIntegerField(db_comment="Places as the register says", null=True),
                ),
                (
                    "line_opened",
                    models.DateField(db_comment="Day the first establishment opened, where known", null=True),
                ),
                ("closed", models.DateField(db_comment="Day it closed or is to close", null=True)),
                ("street", models.CharField(blank=True, db_comment="Street", max_length=120)),
                (
                    "locality_name",
                    models.CharField(blank=True, db_comment="Locality of the address", max_length=120),
                ),
                ("town", models.CharField(blank=True, db_comment="Town", max_length=80)),
                (
                    "postcode",
                    models.CharField(blank=True, db_comment="Postcode with its space", max_length=8),
                ),
                (
                    "website",
                    models.CharField(blank=True, db_comment="Address of its website", max_length=300),
                ),
                ("easting", models.IntegerField(db_comment="National Grid easting, metres", null=True)),
                ("northing", models.IntegerField(db_comment="National Grid northing, metres", null=True)),
                (
                    "lsoa11",
                    models.CharField(blank=True, db_comment="Small area of 2011 it lies in", max_length=9),
                ),
                ("ward", models.CharField(blank=True, db_comment="Ward it lies in", max_length=80)),
                (
                    "urban_rural",
                    models.CharField(blank=True, db_comment="Urban or rural classification", max_length=80),
                ),
                (
                    "gone_to",
                    models.CharField(
                        blank=True,
                        db_comment="Key of the line that took this one over when links were corrected; empty otherwise",
                        db_default="",
                        default="",
                        max_length=6,
                    ),
                ),
                (
                    "local_name",
                    models.CharField(
                        blank=True,
                        db_comment="Name the authority knows it by; never overwritten",
                        db_default="",
                        default="",
                        max_length=200,
                    ),
                ),
                (
                    "locality",
                    models.ForeignKey(
                        blank=True,
                        db_comment="Locality the authority put it in; never overwritten",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="schools",
                        to="register.locality",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Schools through time",
                "ordering": ["rank", "sort_name", "key"],
            },
        ),
        migrations.CreateModel(
            name="RegisterEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("urn", models.CharField(db_comment="The establishment it happened to", max_length=6)),
                (
                    "kind",
                    models.CharField(
                        db_comment="opened, closed, converted, succeeded, merged, split, renamed, changed phase or type",
                        max_length=20,
                    ),
                ),
                (
                    "on",
                    models.DateField(db_comment="Day it happened, or by which it had happened", null=True),
                ),
                (
                    "not_before",
                    models.DateField(
                        db_comment="It happened after this day; empty when 'on' is exact", null=True
                    ),
                ),
                ("before", models.CharField(blank=True, db_comment="What was before", max_length=200)),
                ("after", models.CharField(blank=True, db_comment="What came after", max_length=200)),
                (
                    "other_urn",
                    models.CharField(blank=True, db_comment="The other establishment, if any", max_length=6),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_comment="The line it happened to",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="register.school",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Dated events of establishments: opened, closed, converted, merged, renamed ...",
                "ordering": ["on", "urn", "kind"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("urn", models.CharField(db_comment="The establishment that joined", max_length=6)),
                ("trust_uid", models.CharField(db_comment="UID of the group", db_index=True, max_length=10)),
                ("kind", models.CharField(db_comment="Kind of group (GIAS)", max_length=60)),
                ("joined", models.DateField(db_comment="Day it joined", null=True)),
                (
                    "school",
                    models.ForeignKey(
                        db_comment="The line of the establishment",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="register.school",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Which establishment joined which group on which day",
                "ordering": ["urn", "joined"],
            },
        ),
        migrations.CreateModel(
            name="Establishment",
            fields=[
                (
                    "urn",
                    models.CharField(
                        db_comment="Unique reference number", max_length=6, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, db_comment="Name", max_length=200)),
                (
                    "authority",
                    models.CharField(
                        blank=True, db_comment="Number of its authority, as registered", max_length=3
                    ),
                ),
                (
                    "laestab",
                    models.CharField(
                        blank=True, db_comment="LAESTAB, as registered", db_index=True, max_length=7
                    ),
                ),
                (
                    "kind",
                    models.CharField(blank=True, db_comment="Type of establishment (GIAS)", max_length=80),
                ),
                (
                    "phase",
                    models.CharField(blank=True, db_comment="Phase of education (GIAS)", max_length=40),
                ),
                ("status", models.CharField(blank=True, db_comment="Status (GIAS)", max_length=40)),
                ("opened", models.DateField(db_comment="Day it opened, where known", null=True)),
                (
                    "opened_from",
                    models.CharField(
                        blank=True,
                        db_comment="Whether the register or a link gave the opening day",
                        max_length=10,
                    ),
                ),
                ("closed", models.DateField(db_comment="Day it closed or is to close", null=True)),
                (
                    "next_urn",
                    models.CharField(
                        blank=True,
                        db_comment="URN it went on in; empty for the last of the line",
                        max_length=6,
                    ),
                ),
                (
                    "on_stem",
                    models.BooleanField(
                        db_comment="True when its figures are the line's; false for a school merged into it",
                        default=True,
                    ),
                ),
                (
                    "postcode",
                    models.CharField(blank=True, db_comment="Postcode with its space", max_length=8),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_comment="The line it belongs to",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="establishments",
                        to="register.school",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Legal establishments, each part of a school's line",
                "ordering": ["urn"],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(db_comment="Lower-case letters and digits only", max_length=40)),
                (
                    "school",
                    models.ForeignKey(
                        db_comment="The school it finds",
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="register.school",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Words under which schools are found; rebuilt with the register",
            },
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["rank", "sort_name", "key"], name="register_by_name"),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(
                fields=["authority", "rank", "sort_name", "key"], name="register_by_authority"
            ),
        ),
        migrations.AddIndex(
            model_name="registerevent",
            index=models.Index(fields=["school", "on"], name="register_event_school"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["school", "joined"], name="register_membership_school"),
        ),
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(fields=["authority"], name="register_est_authority"),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(fields=["school", "word"], name="register_school_word"),
        ),
        migrations.AddConstraint(
            model_name="searchword",
            constraint=models.UniqueConstraint(fields=("word", "school"), name="register_word"),
        ),
    ]
