"""What is stored of the Schools Forum: consultations, responses, members, meetings, votes and decisions.

Who may decide what is in ``redway.funding.forum_powers``, how answers and votes are counted in
``redway.funding.consultation_responses`` and ``forum_votes``; nothing here decides. What was published is
kept as it was.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from redway.funding.consultation import QuestionKind
from redway.funding.forum_powers import Body, Category, Matter
from redway.funding.forum_votes import Choice
from redway.web import common_columns


def _choices(kinds: type[Any]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Consultation(models.Model):
    """One paper on which schools are asked."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ANALYSED = "analysed", "Analysed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = common_columns.key()
    authority = common_columns.authority()
    year = models.CharField(max_length=7, db_comment="Funding year it is about, such as 2027-28")
    title = models.CharField(max_length=200, db_comment="What the paper is called")
    paper = models.TextField(db_comment="The paper in words; paragraphs are parted by an empty line")
    matter = models.CharField(max_length=30, choices=_choices(Matter), db_comment="Matter it is about")
    closes_on = models.DateField(db_comment="Last day on which schools may answer")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, db_comment="State")
    revision = common_columns.revision()
    made_at = models.DateTimeField(db_comment="When it was begun")
    made_by = common_columns.person("Who began it")
    published_at = models.DateTimeField(null=True, blank=True, db_comment="When it was published")
    published_by = common_columns.person("Who published it", null=True)
    asked: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Schools asked, as they were when it was published"
    )
    findings = models.TextField(blank=True, db_comment="What the authority makes of the responses")
    held_back: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="Comments left out of what is published: [school, question]"
    )
    analysed_at = models.DateTimeField(null=True, blank=True, db_comment="When the analysis was published")
    withdrawn_reason = models.TextField(blank=True, db_comment="Why it was withdrawn")

    class Meta:
        ordering = ["-closes_on", "title"]
        db_table_comment = "Consultations with schools on their funding"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at__isnull=True)
                | models.Q(state="withdrawn")
                | models.Q(state__in=["published", "analysed"], published_at__isnull=False),
                name="forum_consultation_published",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_reason=""),
                name="forum_withdrawn_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"consultation {self.pk}"


class Option(models.Model):
    """One option of a consultation: a scenario, with a frozen copy of its rates and results."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField(db_comment="Place in the paper, from 1")
    title = models.CharField(max_length=120, db_comment="What schools are told it is called")
    about = models.TextField(blank=True, db_comment="What it does, in words")
    scenario = models.CharField(max_length=60, blank=True, db_comment="Key of the scenario it is a copy of")
    frozen: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Rates and results of every school as they were when it was attached"
    )

    class Meta:
        ordering = ["number"]
        db_table_comment = "Options of consultations, frozen"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="forum_option_number"),
        ]

    def __str__(self) -> str:
        return f"option {self.number} of consultation {self.consultation_id}"


class Question(models.Model):
    """One question of a consultation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(db_comment="Place in the paper, from 1")
    words = models.TextField(db_comment="What is asked")
    kind = models.CharField(max_length=12, choices=_choices(QuestionKind), db_comment="How it is answered")
    choices: models.JSONField[Any, Any] = models.JSONField(default=list, db_comment="Its own choices")
    must = models.BooleanField(default=False, db_comment="Whether it must be answered")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Questions of consultations"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="forum_question_number"),
        ]

    def __str__(self) -> str:
        return f"question {self.number} of consultation {self.consultation_id}"


class Response(models.Model):
    """The answer of one school: one for headteacher and chair together."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="responses")
    school = models.CharField(max_length=6, db_comment="Continuing key of the school")
    written: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="What is written so far: code of the question to its answer"
    )
    sent: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="What was sent last and counts; empty until it was sent"
    )
    revision = common_columns.revision()
    saved_at = models.DateTimeField(db_comment="When it was last written on")
    saved_by = common_columns.person("Who last wrote on it")
    sent_at = models.DateTimeField(null=True, blank=True, db_comment="When it was last sent")
    sent_by = common_columns.person("Who last sent it", null=True)

    class Meta:
        ordering = ["school"]
        db_table_comment = "Responses of schools to consultations"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "school"], name="forum_one_response_a_school"),
        ]

    def __str__(self) -> str:
        return f"response to consultation {self.consultation_id}"


class Member(models.Model):
    """Somebody who sits on the forum: a public office, with its term."""

    authority = common_columns.authority()
    name = models.CharField(max_length=120, db_comment="Name of the member, as minutes give it")
    category = models.CharField(max_length=30, choices=_choices(Category), db_comment="Whom they represent")
    represents = models.CharField(max_length=200, blank=True, db_comment="Their school or body")
    person = common_columns.person("Their account, if they have one: with it they vote themselves", null=True)
    is_chair = models.BooleanField(default=False, db_comment="Whether they chair the forum")
    first_day = models.DateField(db_comment="First day of their term")
    last_day = models.DateField(db_comment="Last day of their term")
    end_reason = models.CharField(max_length=200, blank=True, db_comment="Why the term ended early")

    class Meta:
        ordering = ["category", "name"]
        db_table_comment = "Members of Schools Forums with their terms of office"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="forum_member_term"
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this text reaches logs.
        return f"forum member {self.pk}"


class Meeting(models.Model):
    """One meeting of the forum. Decisions are made at it, and its minutes are published."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        MINUTED = "minuted", "Minutes published"

    id = common_columns.key()
    authority = common_columns.authority()
    held_on = models.DateField(db_comment="Day of the meeting")
    place = models.CharField(max_length=200, blank=True, db_comment="Where it is held")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED, db_comment="State")
    minutes = models.TextField(blank=True, db_comment="What was said, beside agenda, votes and decisions")
    minuted_at = models.DateTimeField(null=True, blank=True, db_comment="When the minutes were published")
    frozen_minutes: models.JSONField[Any, Any] = models.JSONField(
        default=dict, db_comment="Agenda, attendance, votes and decisions as published"
    )
    revision = common_columns.revision()

    class Meta:
        ordering = ["-held_on"]
        db_table_comment = "Meetings of Schools Forums"

    def __str__(self) -> str:
        return f"forum meeting {self.pk}"


class Attendance(models.Model):
    """Whether a member came to a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField(db_comment="False: apologies were given")

    class Meta:
        db_table_comment = "Attendance at meetings of Schools Forums"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="forum_attendance_once"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class Item(models.Model):
    """One point of an agenda; with a matter, something is decided or a view is given on it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(db_comment="Place on the agenda, from 1")
    title = models.CharField(max_length=200, db_comment="What it is about")
    matter = models.CharField(
        max_length=30, blank=True, choices=_choices(Matter), db_comment="Matter, if any"
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )
    proposal = models.TextField(blank=True, db_comment="What the members vote on, in words")
    amount_pence = models.BigIntegerField(null=True, blank=True, db_comment="Amount proposed, whole pence")
    block_pence = models.BigIntegerField(null=True, blank=True, db_comment="Schools block, whole pence")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Agendas of meetings of Schools Forums"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="forum_item_number"),
        ]

    def __str__(self) -> str:
        return f"item {self.number} of forum meeting {self.meeting_id}"


class Vote(models.Model):
    """One member's vote on one item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=_choices(Choice), db_comment="What they voted")
    at = models.DateTimeField(db_comment="When it was recorded")
    by = common_columns.person("Who recorded it: the member, or the clerk")

    class Meta:
        db_table_comment = "Votes of members of Schools Forums"
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="forum_vote_once")]

    def __str__(self) -> str:
        return f"vote {self.pk}"


class Decision(models.Model):
    """What was decided on an item, by whom, and what the Department was asked."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="decision")
    decided_by = models.CharField(max_length=12, choices=_choices(Body), db_comment="Who decided")
    agreed = models.BooleanField(
        null=True, db_comment="Whether it was agreed; empty while the Department has not answered"
    )
    words = models.TextField(db_comment="The decision in words")
    against_view = models.BooleanField(
        default=False, db_comment="The authority decided against the view of the forum"
    )
    because = models.TextField(blank=True, db_comment="Why it decided against the view of the forum")
    asked_department_on = models.DateField(
        null=True, blank=True, db_comment="Day the Department was asked to decide or disapply"
    )
    answer_due_on = models.DateField(null=True, blank=True, db_comment="Day its answer is needed")
    department_answered_on = models.DateField(null=True, blank=True, db_comment="Day it answered")
    department_words = models.TextField(blank=True, db_comment="Its answer in words")
    tallies: models.JSONField[Any, Any] = models.JSONField(
        default=list, db_comment="The votes as they were counted when the decision was recorded"
    )
    at = models.DateTimeField(db_comment="When it was recorded")
    by = common_columns.person("Who recorded it")

    class Meta:
        db_table_comment = "Decisions on matters of school funding"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(against_view=False) | ~models.Q(because=""),
                name="forum_against_view_because",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed__isnull=False) | models.Q(asked_department_on__isnull=False),
                name="forum_decision_or_question",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Action(models.Model):
    """Something somebody is to do after a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    text = models.TextField(db_comment="What is to be done")
    owner = models.CharField(max_length=120, db_comment="Who is to do it: an office rather than a name")
    due_on = models.DateField(db_comment="By when")
    done_on = models.DateField(null=True, blank=True, db_comment="When it was done")
    outcome = models.TextField(blank=True, db_comment="What came of it")

    class Meta:
        ordering = ["due_on", "pk"]
        db_table_comment = "Actions agreed at meetings of Schools Forums"

    def __str__(self) -> str:
        return f"forum action {self.pk}"
