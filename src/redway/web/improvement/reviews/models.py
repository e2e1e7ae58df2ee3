"""What is stored of reviews, of the strategy, and of schools' own judgements with their evidence."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from redway.web import common_columns

LONG, SHORT = 4000, 300
MADE_UP = (
    "Made up: the schools are those of the register, but what is said here of reviews, the strategy and "
    "schools' own judgements is invented for the demo. Figures of measures are real."
)


def _text(about: str, length: int = LONG) -> models.CharField[Any, Any]:
    return models.CharField(max_length=length, blank=True, default="", db_comment=about)


class Stamped(models.Model):
    """What every record has: its authority, and who changed it last."""

    authority = common_columns.authority()
    revision = common_columns.revision()
    at = models.DateTimeField(db_comment="When it was last changed")
    by = common_columns.person("Who changed it last", null=True)
    made_up = models.BooleanField(default=False, db_comment="Whether it is made up for the demo")

    class Meta:
        abstract = True


class Kind(models.TextChoices):
    """Where evidence comes from."""

    VISIT = "visit", "A visit"
    FIGURE = "figure", "A figure"
    DOCUMENT = "document", "A document"
    WORK = "work", "Pupils' work or lessons seen"
    VIEWS = "views", "Views of pupils, parents or staff"
    MEETING = "meeting", "A meeting"


class Review(Stamped):
    """A review of a school, or of the authority's work where no school is named."""

    class State(models.TextChoices):
        OPEN = "open", "Being carried out"
        PUBLISHED = "published", "Published to those it is about"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = common_columns.key()
    school = models.CharField(
        max_length=6,
        blank=True,
        default="",
        db_index=True,
        db_comment="Continuing key of the school, if of one",
    )
    title = models.CharField(max_length=160, db_comment="Title")
    why = _text("Why it is carried out", 1000)
    starts_on = models.DateField(db_comment="First day")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, db_comment="How it stands")
    published_at = models.DateTimeField(null=True, blank=True, db_comment="When it was published")
    withdrawn_reason = _text("Why it was withdrawn", SHORT)

    class Meta:
        ordering = ["-starts_on"]
        db_table_comment = "Reviews, from their key foci to their recommendations"

    def __str__(self) -> str:
        return f"review {self.pk}"


class Part(models.Model):
    """A numbered part of a review."""

    number = models.PositiveSmallIntegerField(db_comment="Number within the review")

    class Meta:
        abstract = True


class Focus(Part):
    """A key focus, and how it was rated."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="foci")
    title = models.CharField(max_length=160, db_comment="Title")
    question = _text("What is asked", SHORT)
    rating = _text("Red, Amber or Green; empty while it is not rated", 5)
    reason = _text("Why it is rated so", 1000)

    class Meta:
        ordering = ["number"]
        db_table_comment = "Key foci of reviews with their ratings"
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="focus_once")]

    def __str__(self) -> str:
        return f"focus {self.number}"


class Evidence(Part):
    """What was looked at."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=8, choices=Kind, db_comment="Where it comes from")
    title = models.CharField(max_length=SHORT, db_comment="What it is")
    seen_on = models.DateField(db_comment="Day on which it was seen, or to which it refers")
    source = models.CharField(max_length=SHORT, db_comment="Where it can be found again")
    says = _text("What it shows")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Evidence of reviews"
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="evidence_once")]

    def __str__(self) -> str:
        return f"evidence {self.number}"


class Finding(Part):
    """An answer to a focus, with the evidence it stands on."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, related_name="findings")
    says = models.CharField(max_length=1000, db_comment="What was found")
    evidence = models.ManyToManyField(Evidence, related_name="findings")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Findings of reviews"
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="finding_once")]

    def __str__(self) -> str:
        return f"finding {self.number}"


class Recommendation(Part):
    """What should be done; handed over to the plan it becomes an objective there."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="recommendations")
    key = models.UUIDField(default=uuid.uuid4, unique=True, db_comment="Key by which the plan names it")
    title = models.CharField(max_length=160, db_comment="Title")
    says = _text("What should be done", 1000)
    findings = models.ManyToManyField(Finding, related_name="recommendations")
    handed_at = models.DateTimeField(null=True, blank=True, db_comment="When it was handed to the plan")
    handed_by = common_columns.person("Who handed it over", null=True)

    class Meta:
        ordering = ["number"]
        db_table_comment = "Recommendations of reviews"
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="recommendation_once")]

    def __str__(self) -> str:
        return f"recommendation {self.number}"


class Strategy(Stamped):
    """One version of an authority's strategy for school improvement."""

    id = common_columns.key()
    number = models.PositiveSmallIntegerField(db_comment="Version, from 1")
    starts_on = models.DateField(db_comment="First day on which it holds")
    aim = _text("What it is for", 1000)
    priorities = models.JSONField(default=list, db_comment="Priorities, in order")
    gets = models.JSONField(default=list, db_comment="Pairs: a category of schools, and what they get")
    published_at = models.DateTimeField(null=True, blank=True, db_comment="When it was published")

    class Meta:
        ordering = ["-number"]
        db_table_comment = "Versions of the strategy for school improvement"
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="strategy_version_once")]

    def __str__(self) -> str:
        return f"strategy {self.number}"


class Judgement(Stamped):
    """A school's own judgement in one area of one inspection framework: its finding about itself."""

    id = common_columns.key()
    school = common_columns.school()
    framework = models.CharField(max_length=40, db_comment="Code of the inspection framework")
    area = models.CharField(max_length=60, db_comment="Code of the area")
    grade = models.CharField(max_length=40, db_comment="Grade of that framework that the school gives itself")
    says = models.CharField(max_length=LONG, db_comment="What the school finds, and what it will do")
    earlier = models.JSONField(default=list, db_comment="Earlier judgements: day, grade and words of each")

    class Meta:
        ordering = ["framework", "area"]
        db_table_comment = "Schools' own judgements, by area of an inspection framework"
        constraints = [
            models.UniqueConstraint(fields=["school", "framework", "area"], name="judgement_once_an_area")
        ]

    def __str__(self) -> str:
        return f"judgement {self.pk}"


class OwnEvidence(Stamped):
    """Evidence kept with the judgement it supports."""

    id = common_columns.key()
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=8, choices=Kind, db_comment="Where it comes from")
    title = models.CharField(max_length=SHORT, db_comment="What it is")
    seen_on = models.DateField(db_comment="Day on which it was seen, or to which it refers")
    source = models.CharField(max_length=SHORT, db_comment="Where it can be found again")
    says = _text("What it shows; for a figure, the figure as it was")
    withdrawn_reason = _text("Why it was withdrawn", SHORT)

    class Meta:
        ordering = ["-seen_on"]
        db_table_comment = "Evidence of schools' own judgements"

    def __str__(self) -> str:
        return f"own evidence {self.pk}"
