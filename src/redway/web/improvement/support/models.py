"""What is stored of support: programmes and their steps, brokered support, visits, days, and the ledger.

Due dates that move keep every day they were set to. Days of support are whole hundredths. Texts are of the
work, never of a named pupil or of anybody's health.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from redway.improvement import ledger, target_ledger, visits
from redway.web import common_columns

LONG, SHORT = 4000, 300
MADE_UP = (
    "Made up: the schools are those of the register, but what is said here of their support, visits and "
    "alerts is invented for the demo. Nothing here says anything about a real school."
)


def _text(about: str, length: int = LONG) -> models.CharField[Any, Any]:
    return models.CharField(max_length=length, blank=True, default="", db_comment=about)


class Kept(models.Model):
    """What every record of this room has: its place, and who changed it last."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)
    made_up = models.BooleanField(default=False, db_comment="Whether it is made up for the demo")

    class Meta:
        abstract = True


class Alert(Kept):
    """One line of the ledger: a school flagged at a decision date, an unflagged look-alike, or a target that
    was doubted or not met and that a visit or a programme followed from."""

    class Source(models.TextChoices):
        EARLY_WARNING = "early_warning", "Early warning"
        CONCERN = "concern", "Triage of schools causing concern"
        OFFICERS = "officers", "The officers' own list"
        TARGET = "target", "Target"

    source = models.CharField(
        max_length=13, choices=Source, db_comment="Which list the school was flagged on"
    )
    decision = models.DateField(db_comment="Decision date of the list")
    model_version = _text("Version of the model or of the list", 60)
    concern = _text("Opaque key of the concern, if it was one", 60)
    target = _text("Opaque key of the target, if it was one; what became of it is read there", 36)
    why = models.CharField(
        max_length=8,
        choices=[(one.name.lower(), one.value) for one in target_ledger.Why],
        blank=True,
        db_comment="Why the target is followed",
    )
    flagged = models.BooleanField(db_comment="Whether it was flagged; if not, it is a look-alike")
    like = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="look_alikes",
        db_comment="The flagged entry that an unflagged one was chosen as a look-alike of",
    )
    shown = models.JSONField(
        default=list, db_comment="Frozen copy of what was shown: pairs of label and words"
    )
    outcome = models.CharField(
        max_length=30,
        choices=[(one.value, one.value) for one in ledger.Outcome],
        default=ledger.Outcome.NOT_KNOWN.value,
        db_comment="What became of the school",
    )
    outcome_on = models.DateField(null=True, blank=True, db_comment="Day on which the outcome was known")
    outcome_source = _text("Where the outcome is stated", SHORT)

    class Meta:
        ordering = ["-decision", "-flagged", "school"]
        db_table_comment = "Flagged schools and their look-alikes, with what became of them"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "decision", "source", "model_version"], name="alert_once_a_list"
            ),
            models.UniqueConstraint(
                fields=["target", "why"], condition=~models.Q(target=""), name="alert_once_a_target"
            ),
            models.CheckConstraint(
                condition=models.Q(source="target", flagged=True, like=None)
                & ~models.Q(target="")
                & ~models.Q(why="")
                | ~models.Q(source="target") & models.Q(target="", why=""),
                name="alert_target_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Programme(Kept):
    """A programme of support at one school, started from a template that it keeps a copy of."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        ENDED = "ended", "Ended"
        WITHDRAWN = "withdrawn", "Withdrawn"

    template = models.CharField(max_length=40, db_comment="Code of the template")
    title = models.CharField(max_length=120, db_comment="Title of the template as it was")
    purpose = _text("Purpose of the template as it was", SHORT)
    provenance = _text("Source and status of the template as they were", 500)
    why = _text("Why the school is on it", 1000)
    starts_on = models.DateField(db_comment="First day")
    ends_on = models.DateField(db_comment="Last day of the last half-term")
    lead = common_columns.person("Adviser who leads it", null=True)
    alert = models.ForeignKey(
        Alert,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        db_comment="The alert it followed from",
    )
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING, db_comment="How it stands")
    ended_on = models.DateField(null=True, blank=True, db_comment="Day on which it ended or was withdrawn")
    outcome = _text("What came of it, or why it was withdrawn", LONG)

    class Meta:
        ordering = ["-starts_on"]
        db_table_comment = "Programmes of support"

    def __str__(self) -> str:
        return f"programme {self.pk}"


class Step(models.Model):
    """One stage of one half-term of a programme."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(db_comment="Place in the programme, from 1")
    half_term = models.PositiveSmallIntegerField(db_comment="Half-term of the programme, from 1")
    when = models.CharField(max_length=60, db_comment="The half-term in words")
    stage = models.CharField(max_length=12, db_comment="Stage of the half-term")
    name = models.CharField(max_length=60, db_comment="What the template calls the stage")
    asks = models.JSONField(default=list, db_comment="What the template asks for in the stage")
    due_days = models.JSONField(
        default=list, db_comment="Every day it was due, as ISO days, the first one first"
    )
    due_on = models.DateField(db_comment="Day by which it is due now")
    what = _text("What is agreed for this school")
    done_on = models.DateField(null=True, blank=True, db_comment="Day on which it was done")
    found = _text("What was found or came of it")
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)

    class Meta:
        ordering = ["number"]
        db_table_comment = "Steps of programmes: three stages in each half-term"
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="step_once")]

    def __str__(self) -> str:
        return f"step {self.pk}"


class Offer(Kept):
    """What a school can give others: days of a kind of help. No person is named."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School-to-school support"
        LEAD_TEACHER = "lead_teacher", "Lead teacher"
        COLLABORATION = "collaboration", "Place in a collaboration"

    kind = models.CharField(max_length=13, choices=Kind, db_comment="Kind of help")
    subject = models.CharField(max_length=120, db_comment="Subject or theme in which it helps")
    days_hundredths = models.PositiveIntegerField(db_comment="Capacity, in hundredths of a day")
    first_day = models.DateField(db_comment="First day on which it can be had")
    last_day = models.DateField(db_comment="Last day on which it can be had")
    evidence = _text("What shows that the school is good at it", 1000)
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_reason = _text("Why it was withdrawn", SHORT)

    class Meta:
        ordering = ["subject", "school"]
        db_table_comment = "Offers of support by schools, with their capacity"

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def days(self) -> Decimal:
        return Decimal(self.days_hundredths) / 100


class Brokered(Kept):
    """Support that the authority has brokered: days of an offer for a school that needs them."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="brokered")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="brokered"
    )
    days_hundredths = models.PositiveIntegerField(db_comment="Days agreed, in hundredths")
    first_day = models.DateField(db_comment="First day")
    last_day = models.DateField(db_comment="Last day")
    aim = _text("What is to be different at the end", 1000)
    ended_on = models.DateField(null=True, blank=True, db_comment="Day on which it ended")
    outcome = _text("What came of it")
    used_hundredths = models.PositiveIntegerField(
        null=True, blank=True, db_comment="Days used in the end, in hundredths"
    )

    class Meta:
        ordering = ["-first_day"]
        db_table_comment = "Support between schools that was brokered, with its outcome"

    def __str__(self) -> str:
        return f"brokered {self.pk}"

    @property
    def days(self) -> Decimal:
        return Decimal(self.days_hundredths) / 100

    @property
    def taken(self) -> Decimal:
        """Days of the capacity that it takes: those used once it has ended."""
        used = self.used_hundredths
        return self.days if used is None else Decimal(used) / 100


class Visit(Kept):
    """A visit and its note in two parts."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="visits"
    )
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    visit_on = models.DateField(db_comment="Day of the visit")
    visit_days = models.JSONField(default=list, db_comment="Every day it was planned for, as ISO days")
    visitor = common_columns.person("Adviser who visits", null=True)
    focus = models.CharField(max_length=SHORT, db_comment="What the visit is about")
    days_hundredths = models.PositiveIntegerField(db_comment="Days it takes, in hundredths")
    school_part = models.JSONField(default=dict, db_comment="The school's part: question -> answer")
    school_sent_at = models.DateTimeField(null=True, blank=True, db_comment="When the school sent its part")
    school_by = common_columns.person("Who sent the school's part", null=True)
    visitor_part = models.JSONField(default=dict, db_comment="The visitor's part: question -> answer")
    visitor_sent_at = models.DateTimeField(null=True, blank=True, db_comment="When the visitor sent theirs")
    summary = _text("What may be published once moderated and agreed by the school", 1000)
    returned_at = models.DateTimeField(null=True, blank=True, db_comment="When the moderator sent it back")
    moderated_at = models.DateTimeField(null=True, blank=True, db_comment="When it was moderated")
    moderator = common_columns.person("Adviser who moderated", null=True)
    moderation = _text("What the moderator said", 1000)
    publish_agreed_at = models.DateTimeField(
        null=True, blank=True, db_comment="When the school agreed that the summary be published"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_reason = _text("Why it was withdrawn", SHORT)

    class Meta:
        ordering = ["-visit_on"]
        db_table_comment = "Visits to schools with their notes in two parts"

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @property
    def days(self) -> Decimal:
        return Decimal(self.days_hundredths) / 100

    @property
    def note(self) -> visits.Note:
        """The visit as the rules see it."""

        def day(value: Any) -> Any:
            return timezone.localdate(value) if value else None

        return visits.Note(
            self.visit_on,
            self.visitor_id or 0,
            day(self.school_sent_at),
            day(self.visitor_sent_at),
            day(self.returned_at),
            day(self.moderated_at),
            day(self.withdrawn_at),
            self.publish_agreed_at is not None,
        )


class NoteVersion(models.Model):
    """A part of a note as it was sent, each time it was sent."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(db_comment="Counts what was sent on the visit")
    part = models.CharField(max_length=20, db_comment="Which part was sent")
    content = models.JSONField(db_comment="Question -> answer, as it was sent")
    at = models.DateTimeField(db_comment="When it was sent")
    by = common_columns.person("Who sent it", null=True)

    class Meta:
        ordering = ["number"]
        db_table_comment = "What was sent of notes of visits, every time"
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="note_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class FollowUp(models.Model):
    """An action that a visit led to."""

    class Owner(models.TextChoices):
        SCHOOL = "school", "The school"
        AUTHORITY = "authority", "The authority"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="follow_ups")
    number = models.PositiveIntegerField(db_comment="Counts the actions of the visit")
    what = models.CharField(max_length=SHORT, db_comment="What is to be done")
    owner = models.CharField(max_length=9, choices=Owner, db_comment="Who is to do it")
    due_on = models.DateField(db_comment="Day by which it is due now")
    due_days = models.JSONField(default=list, db_comment="Every day it was due, the first one first")
    done_on = models.DateField(null=True, blank=True, db_comment="Day on which it was done")
    came_of = _text("What came of it", 1000)
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)

    class Meta:
        ordering = ["due_on", "number"]
        db_table_comment = "Follow-up actions of visits"
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="follow_up_once")]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class Allotment(Kept):
    """Days allotted to a school in a school year, and by whom they are to be spent."""

    year = models.CharField(max_length=7, db_comment="School year, such as 2026-27")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_comment="Adviser"
    )
    days_hundredths = models.PositiveIntegerField(db_comment="Days allotted, in hundredths")
    why = _text("Why so many", SHORT)

    class Meta:
        ordering = ["-year", "school"]
        db_table_comment = "Days of support allotted, by school, adviser and school year"
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "adviser"], name="allotment_once_a_year")
        ]

    def __str__(self) -> str:
        return f"allotment {self.pk}"
