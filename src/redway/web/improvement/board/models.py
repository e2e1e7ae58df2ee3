"""What is stored of the action plan and the board.

An objective lies in an authority and holds its measures, actions and risks. An action has one owner and one
sponsor, milestones, dated evidence and a history of colours. A meeting keeps its pack as the bytes that were
frozen. Nothing on which progress is recorded is deleted: it is withdrawn, with a reason.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from redway.improvement.action_plan import Confidence, EvidenceKind, Polarity
from redway.improvement.rating import Colour
from redway.web import common_columns

_POLARITIES = [(one.value, one.label) for one in Polarity]
_KINDS = [(one.value, one.label) for one in EvidenceKind]
_COLOURS = [(one.value, one.value) for one in Colour]
_CONFIDENCE = [(one.value, one.value.capitalize()) for one in Confidence]


def _restricted() -> models.BooleanField[Any, Any]:
    return models.BooleanField(default=False, db_comment="Left out of the public version of a pack")


class Objective(models.Model):
    """One objective of an authority's plan: an outcome, and everything by which it is to be reached."""

    class State(models.TextChoices):
        OPEN = "open", "Pursued"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = common_columns.key()
    authority = common_columns.authority()
    number = models.PositiveSmallIntegerField(db_comment="Place in the plan, from 1")
    title = models.CharField(max_length=200, db_comment="What is to be achieved, in a few words")
    outcome = models.TextField(db_comment="What will be different for children")
    came_from = models.CharField(max_length=300, blank=True, db_comment="What it follows from, in words")
    came_from_key = models.CharField(
        max_length=80, blank=True, db_comment="Kind and key of what it follows from"
    )
    restricted = _restricted()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN, db_comment="State")
    withdrawn_reason = models.TextField(blank=True, db_comment="Why it was withdrawn")
    withdrawn_on = models.DateField(null=True, blank=True, db_comment="Day it was withdrawn")
    made_up = models.BooleanField(default=False, db_comment="Of the demo: every page and pack says so")
    revision = common_columns.revision()
    made_at = models.DateTimeField(db_comment="When it was begun")
    made_by = common_columns.person("Who began it")

    class Meta:
        ordering = ["number"]
        db_table_comment = "Objectives of improvement plans"
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="board_objective_number"),
            models.UniqueConstraint(
                fields=["authority", "came_from_key"],
                condition=~models.Q(came_from_key=""),
                name="board_one_objective_of_each",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | (~models.Q(withdrawn_reason="") & models.Q(withdrawn_on__isnull=False)),
                name="board_withdrawn_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"objective {self.pk}"


class Measure(models.Model):
    """How it will be known that an objective is reached."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="measures")
    name = models.CharField(max_length=200, db_comment="What is counted")
    unit = models.CharField(max_length=40, blank=True, db_comment="percent, or words after the number")
    polarity = models.CharField(max_length=6, choices=_POLARITIES, db_comment="Which way is better")
    baseline = models.DecimalField(max_digits=14, decimal_places=4, db_comment="Value at the start")
    baseline_on = models.DateField(db_comment="Day the baseline is of")
    target = models.DecimalField(max_digits=14, decimal_places=4, db_comment="Value to be reached")
    target_on = models.DateField(db_comment="Day by which it is to be reached")
    source = models.CharField(max_length=200, db_comment="Where it comes from")
    indicator = models.CharField(
        max_length=80, blank=True, db_comment="Indicator that feeds it; empty where readings are entered"
    )

    class Meta:
        ordering = ["pk"]
        db_table_comment = "Success measures of objectives"

    def __str__(self) -> str:
        return f"measure {self.pk}"


class MeasureChange(models.Model):
    """What a measure was before it was re-baselined or given other words: nothing of it is overwritten."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="changes")
    rebaselined = models.BooleanField(db_comment="Whether baseline, target or their days changed")
    name = models.CharField(max_length=200, db_comment="What was counted, until then")
    source = models.CharField(max_length=200, db_comment="Where it came from, until then")
    baseline = models.DecimalField(max_digits=14, decimal_places=4, db_comment="Baseline until then")
    baseline_on = models.DateField(db_comment="Day of that baseline")
    target = models.DecimalField(max_digits=14, decimal_places=4, db_comment="Target until then")
    target_on = models.DateField(db_comment="Day of that target")
    reason = models.TextField(blank=True, db_comment="Why it was re-baselined")
    at = models.DateTimeField(db_comment="When it was changed")
    by = common_columns.person("Who changed it")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "Success measures as they were before a change"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rebaselined=False) | ~models.Q(reason=""),
                name="board_rebaselined_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"measure change {self.pk}"


class Reading(models.Model):
    """One value of a measure that is not fed from an indicator."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    period = models.CharField(max_length=40, db_comment="Period it is about, in words")
    on = models.DateField(db_comment="Last day of the period")
    value = models.DecimalField(max_digits=14, decimal_places=4, db_comment="The value")
    source = models.CharField(max_length=200, db_comment="Where it comes from")
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it")

    class Meta:
        ordering = ["on", "pk"]
        db_table_comment = "Readings of success measures, entered by hand; the last of a day counts"

    def __str__(self) -> str:
        return f"reading {self.pk}"


class Action(models.Model):
    """Something to be done towards an objective."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = common_columns.key()
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField(db_comment="Place under the objective, from 1")
    title = models.CharField(max_length=300, db_comment="What is to be done")
    owner = common_columns.person("Who does it", null=True)
    sponsor = common_columns.person("Who answers for it and hears when it is late", null=True)
    measure = models.ForeignKey(
        Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    due_on = models.DateField(null=True, blank=True, db_comment="Day by which it is to be done")
    first_due_on = models.DateField(null=True, blank=True, db_comment="The same as it was when approved")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, db_comment="State")
    completed_on = models.DateField(null=True, blank=True, db_comment="Day it was complete")
    withdrawn_reason = models.TextField(blank=True, db_comment="Why it was withdrawn")
    needs: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "self", symmetrical=False, related_name="needed_by", blank=True
    )
    revision = common_columns.revision()

    class Meta:
        ordering = ["objective__number", "number"]
        db_table_comment = "Actions of improvement plans"
        constraints = [
            models.UniqueConstraint(fields=["objective", "number"], name="board_action_number"),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(
                    owner__isnull=False,
                    sponsor__isnull=False,
                    due_on__isnull=False,
                    first_due_on__isnull=False,
                ),
                name="board_approved_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(owner__isnull=True)
                | models.Q(sponsor__isnull=True)
                | ~models.Q(owner=models.F("sponsor")),
                name="board_owner_is_not_sponsor",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_reason=""),
                name="board_withdrawn_action_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"


class Milestone(models.Model):
    """One step of an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200, db_comment="What is reached")
    due_on = models.DateField(db_comment="Day by which it is to be reached")
    first_due_on = models.DateField(db_comment="The same as it was at first")
    done_on = models.DateField(null=True, blank=True, db_comment="Day it was reached")

    class Meta:
        ordering = ["due_on", "pk"]
        db_table_comment = "Milestones of actions"

    def __str__(self) -> str:
        return f"milestone {self.pk}"


class DateMove(models.Model):
    """A due date that moved: nothing of it is ever overwritten."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="moves")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, null=True, blank=True, related_name="moves"
    )
    before = models.DateField(db_comment="Due day before")
    after = models.DateField(db_comment="Due day from then on")
    reason = models.TextField(db_comment="Why it moved")
    at = models.DateTimeField(db_comment="When it was moved")
    by = common_columns.person("Who moved it")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "Due days that moved, of actions and of their milestones"

    def __str__(self) -> str:
        return f"date move {self.pk}"


class Evidence(models.Model):
    """Something that shows what an action did. It counts when somebody other than the owner accepted it."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=_KINDS, db_comment="What it shows")
    title = models.CharField(max_length=200, db_comment="What it is")
    where = models.CharField(max_length=300, db_comment="Where it is kept")
    dated = models.DateField(db_comment="Day it is of")
    restricted = _restricted()
    at = models.DateTimeField(db_comment="When it was entered")
    by = common_columns.person("Who entered it")
    judged_at = models.DateTimeField(null=True, blank=True, db_comment="When it was accepted or turned down")
    judged_by = common_columns.person("Who accepted it or turned it down", null=True)
    accepted = models.BooleanField(null=True, db_comment="Whether it was accepted; empty while nobody judged")
    judgement = models.TextField(blank=True, db_comment="Why it was turned down, or what was looked at")

    class Meta:
        ordering = ["dated", "pk"]
        db_table_comment = "Evidence of what actions did"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted__isnull=True, judged_by__isnull=True)
                | models.Q(accepted__isnull=False, judged_by__isnull=False),
                name="board_evidence_judged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Rating(models.Model):
    """An owner's view of an action, as it was given. What is shown is worked out with the floor."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="ratings")
    colour = models.CharField(max_length=5, choices=_COLOURS, db_comment="The owner's view")
    confidence = models.CharField(max_length=6, choices=_CONFIDENCE, db_comment="How sure delivery is")
    reason = models.TextField(db_comment="Why it is that colour")
    rationale = models.TextField(blank=True, db_comment="What changed since Red")
    at = models.DateTimeField(db_comment="When it was given")
    by = common_columns.person("Who gave it")

    class Meta:
        ordering = ["at", "pk"]
        db_table_comment = "Ratings of actions by their owners, none ever changed"

    def __str__(self) -> str:
        return f"rating {self.pk}"


class Reopening(models.Model):
    """An action that was called complete by mistake: who asked to open it again, and what was answered.

    Where nobody had to agree, whoever asked has answered as well.
    """

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="reopenings")
    completed_on = models.DateField(db_comment="Day it was said to be complete")
    reason = models.TextField(db_comment="Why it is not complete")
    asked_at = models.DateTimeField(db_comment="When it was asked")
    asked_by = common_columns.person("Who asked")
    agreed = models.BooleanField(null=True, db_comment="Whether it was opened again; empty while it waits")
    answer = models.TextField(blank=True, db_comment="What was answered")
    answered_at = models.DateTimeField(null=True, blank=True, db_comment="When it was answered")
    answered_by = common_columns.person("Who answered", null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        db_table_comment = "Complete actions that were opened again, or that somebody asked to open"
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=models.Q(agreed__isnull=True),
                name="board_one_reopening_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | models.Q(agreed__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="board_reopening_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="board_reopening_has_reason"),
        ]

    def __str__(self) -> str:
        return f"reopening {self.pk}"


class Risk(models.Model):
    """What may keep an objective from being reached."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="risks")
    title = models.CharField(max_length=200, db_comment="What may happen")
    likelihood = models.PositiveSmallIntegerField(db_comment="1 (hardly) to 5 (almost surely)")
    impact = models.PositiveSmallIntegerField(db_comment="1 (hardly felt) to 5 (the objective fails)")
    mitigation = models.TextField(db_comment="What is done about it")
    restricted = _restricted()
    closed_on = models.DateField(null=True, blank=True, db_comment="Day it was closed")
    closed_reason = models.TextField(blank=True, db_comment="Why it was closed")

    class Meta:
        ordering = ["closed_on", "pk"]
        db_table_comment = "Risks to objectives"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="board_risk_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"risk {self.pk}"


class Meeting(models.Model):
    """One meeting of the improvement board."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        FROZEN = "frozen", "Pack frozen"
        MINUTED = "minuted", "Minuted"

    id = common_columns.key()
    authority = common_columns.authority()
    held_on = models.DateField(db_comment="Day of the meeting")
    place = models.CharField(max_length=200, blank=True, db_comment="Where it is held")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED, db_comment="State")
    minutes = models.TextField(blank=True, db_comment="What was said")
    minuted_at = models.DateTimeField(null=True, blank=True, db_comment="When the minutes were finished")
    frozen_at = models.DateTimeField(null=True, blank=True, db_comment="When the pack was frozen")
    frozen_by = common_columns.person("Who froze it", null=True)
    pack = models.BinaryField(default=b"", db_comment="The restricted pack: canonical JSON as frozen")
    pack_hash = models.CharField(max_length=64, blank=True, db_comment="SHA-256 of it")
    public_pack = models.BinaryField(default=b"", db_comment="The public version as frozen")
    public_hash = models.CharField(max_length=64, blank=True, db_comment="SHA-256 of it")
    revision = common_columns.revision()

    class Meta:
        ordering = ["-held_on"]
        db_table_comment = "Meetings of improvement boards with their frozen packs"
        constraints = [
            models.UniqueConstraint(fields=["authority", "held_on"], name="board_one_meeting_a_day"),
            models.CheckConstraint(
                condition=models.Q(state="planned", frozen_at__isnull=True)
                | (models.Q(frozen_at__isnull=False) & ~models.Q(pack_hash="") & ~models.Q(public_hash="")),
                name="board_frozen_has_pack",
            ),
        ]

    def __str__(self) -> str:
        return f"board meeting {self.pk}"


class AgendaItem(models.Model):
    """One point of an agenda."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(db_comment="Place on the agenda, from 1")
    title = models.CharField(max_length=200, db_comment="What it is about")
    restricted = _restricted()

    class Meta:
        ordering = ["number"]
        db_table_comment = "Agendas of improvement boards"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="board_item_number"),
        ]

    def __str__(self) -> str:
        return f"agenda item {self.pk}"


class Decision(models.Model):
    """Something the board decided."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    objective = models.ForeignKey(
        Objective, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    words = models.TextField(db_comment="The decision in words")
    restricted = _restricted()
    at = models.DateTimeField(db_comment="When it was recorded")
    by = common_columns.person("Who recorded it")

    class Meta:
        ordering = ["meeting__held_on", "pk"]
        db_table_comment = "Decisions of improvement boards"

    def __str__(self) -> str:
        return f"board decision {self.pk}"


class Task(models.Model):
    """Something a meeting asked somebody to do."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="tasks")
    words = models.TextField(db_comment="What is to be done")
    owner = common_columns.person("Who does it")
    due_on = models.DateField(db_comment="By when")
    restricted = _restricted()
    done_on = models.DateField(null=True, blank=True, db_comment="When it was done")
    outcome = models.TextField(blank=True, db_comment="What came of it")

    class Meta:
        ordering = ["due_on", "pk"]
        db_table_comment = "Actions agreed at meetings of improvement boards"

    def __str__(self) -> str:
        return f"board task {self.pk}"
