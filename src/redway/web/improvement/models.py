"""What is stored of early warning and of schools causing concern. The rules are in ``redway.improvement``.

Sets of scores lie in files of the data folder; a row here makes one true. What people said of a school is
added and never changed: a row of a concern or a meeting says how it stands now and counts its changes in
``revision``.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from redway.improvement.soft_intelligence import Certainty, Kind, Source
from redway.improvement.triage import Outcome
from redway.web import common_columns


def _one_of(name: str, values: Any) -> models.CheckConstraint:
    field = name.split("_", 1)[1]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [one.value for one in values]}), name=name
    )


class ScoreSet(models.Model):
    """Scores of an authority's schools for a decision date by one model. Its file is never changed."""

    id = common_columns.key()
    authority = common_columns.authority()
    decision = models.DateField(db_comment="Nothing that became public later was used")
    model = models.CharField(max_length=40, db_comment="Question and day the model was learned for")
    number = models.PositiveIntegerField(
        db_comment="Counts sets of one day and model, made from other data or with another evaluation"
    )
    sha256 = models.CharField(max_length=64, db_comment="SHA-256 of the file, which is also its name")
    scored = models.PositiveIntegerField(db_comment="Schools with a score")
    note = models.CharField(max_length=200, blank=True, db_comment="Where it comes from, shown with it")
    at = models.DateTimeField(db_comment="When it was kept")
    by = common_columns.person("Who kept it; empty for the command line", null=True)

    class Meta:
        ordering = ["-decision", "-at"]
        db_table_comment = "Sets of early-warning scores that were kept"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "decision", "model", "number"], name="score_set_once"
            ),
        ]

    def __str__(self) -> str:
        return f"scores of {self.authority} as at {self.decision}"


class SignOff(models.Model):
    """A person's word that a set may be shown though a limit of fairness is passed. It is never changed."""

    scores = models.OneToOneField(
        ScoreSet, on_delete=models.PROTECT, related_name="sign_off", db_comment="The set that is shown"
    )
    limits = models.JSONField(db_comment="The limits that were passed, as they were read")
    reasons = models.TextField(db_comment="Why the scores may be shown all the same")
    at = models.DateTimeField(db_comment="When it was signed off")
    by = common_columns.person("Who signed it off")

    class Meta:
        db_table_comment = "Sets of scores that a person signed off"

    def __str__(self) -> str:
        return f"sign-off of {self.scores_id}"


class Intelligence(models.Model):
    """Something known of a school beside its figures. It has no field for words."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    kind = models.CharField(max_length=24, db_comment="What happened, from a closed list")
    on = models.DateField(db_comment="Day on which it happened")
    source = models.CharField(max_length=20, db_comment="Which part of the system said so")
    certainty = models.CharField(max_length=12, db_comment="How sure it is")
    number = models.PositiveIntegerField(null=True, blank=True, db_comment="Number of complaints, no words")
    at = models.DateTimeField(db_comment="When it was written down")
    by = common_columns.person("Who wrote it down")
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    withdrawn_by = common_columns.person("Who withdrew it", null=True)
    withdrawn_because = models.CharField(max_length=12, blank=True, db_comment="Why, from a closed list")
    made_up = models.BooleanField(default=False, db_comment="Whether it is made up for the demo")

    class Meta:
        ordering = ["-on", "-at"]
        db_table_comment = "Structured soft intelligence about schools: kind, day, source, certainty"
        constraints = [
            _one_of("intelligence_kind", Kind),
            _one_of("intelligence_source", Source),
            _one_of("intelligence_certainty", Certainty),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(kind=Kind.COMPLAINTS.value),
                name="intelligence_number_of_complaints",
            ),
        ]

    def __str__(self) -> str:
        return f"intelligence {self.pk}"


class Withdrawn(models.TextChoices):
    """Why something known of a school no longer stands."""

    ERROR = "error", "Entered in error"
    SCHOOL = "school", "It is about another school"
    UNTRUE = "untrue", "It turned out not to be so"


class OwnCategories(models.Model):
    """The list of categories as an authority settled it from a day. The newest that has begun holds."""

    authority = common_columns.authority()
    first_day = models.DateField(db_comment="First day on which it holds")
    counts_for = models.PositiveIntegerField(db_comment="Months for which a concern counts")
    categories: models.JSONField[Any, Any] = models.JSONField(db_comment="The categories, lightest first")
    reason = models.CharField(max_length=300, db_comment="Who settled it, and why")
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it")

    class Meta:
        ordering = ["first_day", "pk"]
        db_table_comment = "Categories of schools as authorities settled them"

    def __str__(self) -> str:
        return f"categories of {self.authority} from {self.first_day}"


class Concern(models.Model):
    """A school that is, or may be, in one of the authority's categories. Its number tells nothing."""

    id = common_columns.key()
    authority = common_columns.authority()
    school = common_columns.school()
    category = models.CharField(max_length=40, blank=True, db_comment="Category decided; empty before")
    label = models.CharField(max_length=60, blank=True, db_comment="Its name as it was when decided")
    review_on = models.DateField(null=True, blank=True, db_comment="Day by which it is looked at again")
    proposed = models.CharField(max_length=40, blank=True, db_comment="Category proposed; empty for none")
    proposed_label = models.CharField(max_length=60, blank=True, db_comment="Its name when proposed")
    closed_at = models.DateTimeField(null=True, blank=True, db_comment="When it was closed; empty while open")
    revision = common_columns.revision()
    begun_at = models.DateTimeField(db_comment="When it was begun")
    begun_by = common_columns.person("Who began it")
    made_up = models.BooleanField(default=False, db_comment="Whether it is made up for the demo")

    class Meta:
        ordering = ["-begun_at"]
        db_table_comment = "Schools in, or proposed for, a category of the authority"
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=models.Q(closed_at__isnull=True), name="concern_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"concern {self.pk}"


class EntryKind(models.TextChoices):
    """What may happen to a concern."""

    PROPOSED = "proposed", "Category proposed"
    DECIDED = "decided", "Category decided"
    NOT_AGREED = "not_agreed", "Proposal not agreed"
    ANSWERED = "answered", "The school answered"
    CLOSED = "closed", "Closed"


class ConcernEntry(models.Model):
    """Something that was said or decided about a concern, in order."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices, db_comment="What happened")
    category = models.CharField(max_length=40, blank=True, db_comment="Category it is about")
    label = models.CharField(max_length=60, blank=True, db_comment="Its name at the time")
    words = models.TextField(db_comment="Reasons, or the school's answer, as written")
    review_on = models.DateField(null=True, blank=True, db_comment="Day by which it is looked at again")
    stands_on: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="What was known then: alert, concerns, triggers and what the rule suggested"
    )
    at = models.DateTimeField(db_comment="When")
    by = common_columns.person("Who")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "What was said and decided about schools causing concern"
        constraints = [_one_of("entry_kind", EntryKind)]

    def __str__(self) -> str:
        return f"{self.kind} of concern {self.concern_id}"


class TriageMeeting(models.Model):
    """A meeting at which officers look at all schools: own list first, then the system's beside it."""

    id = common_columns.key()
    authority = common_columns.authority()
    on = models.DateField(db_comment="Day of the meeting")
    scores = models.ForeignKey(
        ScoreSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_comment="Set of scores laid beside the own list; empty where none may be shown",
    )
    sealed_at = models.DateTimeField(null=True, blank=True, db_comment="When the own list was sealed")
    sealed_hash = models.CharField(max_length=64, blank=True, db_comment="SHA-256 of the own list")
    systems: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="The system's list as it was shown: first schools, insufficient data, size"
    )
    closed_at = models.DateTimeField(null=True, blank=True, db_comment="When the meeting was closed")
    closed_hash = models.CharField(max_length=64, blank=True, db_comment="SHA-256 of everything, at closing")
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was begun")
    by = common_columns.person("Who began it")
    made_up = models.BooleanField(default=False, db_comment="Whether it is made up for the demo")

    class Meta:
        ordering = ["-on", "-at"]
        db_table_comment = "Triage meetings"

    def __str__(self) -> str:
        return f"triage meeting {self.pk}"


class TriageName(models.Model):
    """One school of the officers' own list."""

    meeting = models.ForeignKey(TriageMeeting, on_delete=models.PROTECT, related_name="names")
    school = common_columns.school()
    why = models.CharField(max_length=24, db_comment="Why, from a closed list")
    at = models.DateTimeField(db_comment="When it was named")
    by = common_columns.person("Who named it")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "Schools on officers' own lists"
        constraints = [models.UniqueConstraint(fields=["meeting", "school"], name="triage_name_once")]

    def __str__(self) -> str:
        return f"name of {self.meeting_id}"


class TriageDecision(models.Model):
    """What a meeting decided about a school. A later one of the same meeting corrects the earlier."""

    meeting = models.ForeignKey(TriageMeeting, on_delete=models.PROTECT, related_name="decisions")
    school = common_columns.school()
    outcome = models.CharField(max_length=10, db_comment="What is to be done, from a closed list")
    reasons = models.TextField(db_comment="Why, as written")
    by_day = models.DateField(null=True, blank=True, db_comment="By when")
    at = models.DateTimeField(db_comment="When")
    by = common_columns.person("Who wrote it down")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "Decisions of triage meetings"
        constraints = [_one_of("decision_outcome", Outcome)]

    def __str__(self) -> str:
        return f"decision of {self.meeting_id}"
