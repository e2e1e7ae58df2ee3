"""What is kept of the register in the transaction store.

Everything here is rebuilt from the committed editions by ``services.rebuild``, except what an
authority adds itself: localities, the locality of a school and the name it is known by locally.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower

URN = 6
LA_CODE = 3
LAESTAB = 7
ONS_CODE = 9


class Rank(models.IntegerChoices):
    """How lists are ordered: schools that can be visited first."""

    OPEN = 0, "Open"
    PROPOSED = 1, "Proposed to open"
    CLOSED = 2, "Closed"


class Authority(models.Model):
    """A local authority, present or former, by the Department for Education's number."""

    number = models.CharField(primary_key=True, max_length=LA_CODE, db_comment="Three digits, such as 826")
    ons_code = models.CharField(max_length=ONS_CODE, blank=True, db_index=True, db_comment="ONS area code")
    name = models.CharField(max_length=100, db_comment="Name, such as Milton Keynes")
    region = models.CharField(max_length=60, blank=True, db_comment="Region of England")
    kind = models.CharField(max_length=60, blank=True, db_comment="Kind of council")
    ended = models.DateField(null=True, db_comment="First day of the authorities that took over")
    replaced_by = models.CharField(
        max_length=60, blank=True, db_comment="Numbers that took over, comma between"
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "authorities"
        db_table_comment = "Authorities, present and former"

    def __str__(self) -> str:
        return self.name


class Locality(models.Model):
    """An area an authority defines for its own work, such as a cluster of schools."""

    authority = models.CharField(max_length=LA_CODE, db_comment="Number of the authority it belongs to")
    name = models.CharField(max_length=100, db_comment="Name, unique within the authority while in use")
    withdrawn_at = models.DateTimeField(
        null=True, db_comment="When the authority stopped using it; empty while in use"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, db_comment="Why it was withdrawn")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "localities"
        db_table_comment = "Areas an authority defines for its own work"
        constraints = [
            models.UniqueConstraint(
                "authority",
                Lower("name"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="register_locality_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school through time. Its key is the URN its line began with, and never changes on conversion."""

    key = models.CharField(
        primary_key=True, max_length=URN, db_comment="URN of the first establishment of the line"
    )
    current_urn = models.CharField(
        max_length=URN, db_index=True, db_comment="URN of the establishment it has come to"
    )
    name = models.CharField(max_length=200, db_comment="Name of the current establishment")
    sort_name = models.CharField(max_length=200, db_comment="Name in lower case without punctuation")
    kind = models.CharField(
        max_length=80, blank=True, db_index=True, db_comment="Type of establishment (GIAS)"
    )
    phase = models.CharField(max_length=40, blank=True, db_index=True, db_comment="Phase of education (GIAS)")
    status = models.CharField(max_length=40, blank=True, db_comment="Status (GIAS)")
    rank = models.PositiveSmallIntegerField(
        choices=Rank.choices, default=Rank.CLOSED, db_comment="0 open, 1 proposed, 2 closed: order of lists"
    )
    authority = models.CharField(max_length=LA_CODE, blank=True, db_comment="Number of its authority")
    authority_name = models.CharField(max_length=100, blank=True, db_comment="Name of its authority")
    laestab = models.CharField(
        max_length=LAESTAB, blank=True, db_index=True, db_comment="Current LAESTAB, seven digits"
    )
    trust_uid = models.CharField(
        max_length=10, blank=True, db_index=True, db_comment="UID of its academy trust"
    )
    trust_name = models.CharField(max_length=200, blank=True, db_comment="Name of its academy trust")
    gender = models.CharField(max_length=20, blank=True, db_comment="Gender of entry")
    religious_character = models.CharField(max_length=80, blank=True, db_comment="Religious character")
    admissions_policy = models.CharField(max_length=40, blank=True, db_comment="Admissions policy")
    low_age = models.PositiveSmallIntegerField(null=True, db_comment="Statutory lowest age")
    high_age = models.PositiveSmallIntegerField(null=True, db_comment="Statutory highest age")
    pupils = models.PositiveIntegerField(null=True, db_comment="Pupils on roll as the register says")
    capacity = models.PositiveIntegerField(null=True, db_comment="Places as the register says")
    line_opened = models.DateField(null=True, db_comment="Day the first establishment opened, where known")
    closed = models.DateField(null=True, db_comment="Day it closed or is to close")
    street = models.CharField(max_length=120, blank=True, db_comment="Street")
    locality_name = models.CharField(max_length=120, blank=True, db_comment="Locality of the address")
    town = models.CharField(max_length=80, blank=True, db_comment="Town")
    postcode = models.CharField(max_length=8, blank=True, db_comment="Postcode with its space")
    website = models.CharField(max_length=300, blank=True, db_comment="Address of its website")
    easting = models.IntegerField(null=True, db_comment="National Grid easting, metres")
    northing = models.IntegerField(null=True, db_comment="National Grid northing, metres")
    lsoa11 = models.CharField(max_length=ONS_CODE, blank=True, db_comment="Small area of 2011 it lies in")
    ward = models.CharField(max_length=80, blank=True, db_comment="Ward it lies in")
    urban_rural = models.CharField(max_length=80, blank=True, db_comment="Urban or rural classification")
    gone_to = models.CharField(
        max_length=URN,
        blank=True,
        default="",
        db_default="",
        db_comment="Key of the line that took this one over when links were corrected; empty otherwise",
    )
    local_name = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        db_comment="Name the authority knows it by; never overwritten",
    )
    locality: models.ForeignKey[Any, Any] = models.ForeignKey(
        Locality,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="schools",
        db_comment="Locality the authority put it in; never overwritten",
    )

    class Meta:
        ordering = ["rank", "sort_name", "key"]
        db_table_comment = "Schools through time"
        indexes = [
            models.Index(fields=["rank", "sort_name", "key"], name="register_by_name"),
            models.Index(fields=["authority", "rank", "sort_name", "key"], name="register_by_authority"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name the authority knows it by, or the register's."""
        return self.local_name or self.name

    @property
    def is_open(self) -> bool:
        return self.rank == Rank.OPEN


class Establishment(models.Model):
    """One URN: a legal establishment, part of a school's line."""

    urn = models.CharField(primary_key=True, max_length=URN, db_comment="Unique reference number")
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        related_name="establishments",
        db_comment="The line it belongs to",
    )
    name = models.CharField(max_length=200, blank=True, db_comment="Name")
    authority = models.CharField(
        max_length=LA_CODE, blank=True, db_comment="Number of its authority, as registered"
    )
    laestab = models.CharField(
        max_length=LAESTAB, blank=True, db_index=True, db_comment="LAESTAB, as registered"
    )
    kind = models.CharField(max_length=80, blank=True, db_comment="Type of establishment (GIAS)")
    phase = models.CharField(max_length=40, blank=True, db_comment="Phase of education (GIAS)")
    status = models.CharField(max_length=40, blank=True, db_comment="Status (GIAS)")
    opened = models.DateField(null=True, db_comment="Day it opened, where known")
    opened_from = models.CharField(
        max_length=10, blank=True, db_comment="Whether the register or a link gave the opening day"
    )
    closed = models.DateField(null=True, db_comment="Day it closed or is to close")
    next_urn = models.CharField(
        max_length=URN, blank=True, db_comment="URN it went on in; empty for the last of the line"
    )
    on_stem = models.BooleanField(
        default=True, db_comment="True when its figures are the line's; false for a school merged into it"
    )
    postcode = models.CharField(max_length=8, blank=True, db_comment="Postcode with its space")

    class Meta:
        ordering = ["urn"]
        db_table_comment = "Legal establishments, each part of a school's line"
        indexes = [models.Index(fields=["authority"], name="register_est_authority")]

    def __str__(self) -> str:
        return f"{self.urn} {self.name}"


class RegisterEvent(models.Model):
    """Something that happened to an establishment, dated."""

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="events", db_comment="The line it happened to"
    )
    urn = models.CharField(max_length=URN, db_comment="The establishment it happened to")
    kind = models.CharField(
        max_length=20,
        db_comment="opened, closed, converted, succeeded, merged, split, renamed, changed phase or type",
    )
    on = models.DateField(null=True, db_comment="Day it happened, or by which it had happened")
    not_before = models.DateField(
        null=True, db_comment="It happened after this day; empty when 'on' is exact"
    )
    before = models.CharField(max_length=200, blank=True, db_comment="What was before")
    after = models.CharField(max_length=200, blank=True, db_comment="What came after")
    other_urn = models.CharField(max_length=URN, blank=True, db_comment="The other establishment, if any")

    class Meta:
        ordering = ["on", "urn", "kind"]
        db_table_comment = "Dated events of establishments: opened, closed, converted, merged, renamed ..."
        indexes = [models.Index(fields=["school", "on"], name="register_event_school")]

    def __str__(self) -> str:
        return f"{self.urn} {self.kind} {self.on or 'on an unknown day'}"


class Trust(models.Model):
    """A group of schools: academy trust, sponsor, federation."""

    uid = models.CharField(primary_key=True, max_length=10, db_comment="Group UID (GIAS)")
    name = models.CharField(max_length=200, db_comment="Name of the group")
    kind = models.CharField(max_length=60, db_comment="Kind of group (GIAS)")
    status = models.CharField(max_length=40, blank=True, db_comment="Open or Closed")
    opened = models.DateField(null=True, db_comment="Day it opened")
    closed = models.DateField(null=True, db_comment="Day it closed")
    companies_house = models.CharField(max_length=12, blank=True, db_comment="Companies House number")

    class Meta:
        ordering = ["name"]
        db_table_comment = "Groups of schools"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An establishment's membership of a group."""

    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        related_name="memberships",
        db_comment="The line of the establishment",
    )
    urn = models.CharField(max_length=URN, db_comment="The establishment that joined")
    trust_uid = models.CharField(max_length=10, db_index=True, db_comment="UID of the group")
    kind = models.CharField(max_length=60, db_comment="Kind of group (GIAS)")
    joined = models.DateField(null=True, db_comment="Day it joined")

    class Meta:
        ordering = ["urn", "joined"]
        db_table_comment = "Which establishment joined which group on which day"
        indexes = [models.Index(fields=["school", "joined"], name="register_membership_school")]

    def __str__(self) -> str:
        return f"{self.urn} in {self.trust_uid}"


class SearchWord(models.Model):
    """A word under which a school is found: of its names, numbers, postcode and town, of any time."""

    word = models.CharField(max_length=40, db_comment="Lower-case letters and digits only")
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, db_index=False, related_name="+", db_comment="The school it finds"
    )

    class Meta:
        db_table_comment = "Words under which schools are found; rebuilt with the register"
        constraints = [models.UniqueConstraint(fields=["word", "school"], name="register_word")]
        indexes = [models.Index(fields=["school", "word"], name="register_school_word")]

    def __str__(self) -> str:
        return self.word


class RegisterBuild(models.Model):
    """One rebuild of the register: when, and from which versions."""

    at = models.DateTimeField(auto_now_add=True, db_comment="When it was rebuilt (UTC)")
    versions: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Ids of the dataset versions it was built from"
    )
    schools = models.PositiveIntegerField(db_comment="Schools in it")
    establishments = models.PositiveIntegerField(db_comment="Establishments in it")

    class Meta:
        ordering = ["-id"]
        get_latest_by = "id"
        db_table_comment = "Rebuilds of the register and the versions they were built from"

    def __str__(self) -> str:
        return f"register of {self.at:%d %B %Y}"
