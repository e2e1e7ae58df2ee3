"""A small plan and its board to test with: one objective, a measure, an action, a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from redway.improvement.action_plan import Confidence, EvidenceKind, Polarity, SuccessMeasure
from redway.improvement.rating import Colour, Proposed
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.action_services import Doing, Shows
from redway.web.improvement.board.models import Action, Evidence, Measure, Meeting, Objective, Reopening
from redway.web.improvement.board.objective_services import Aim
from redway.web.improvement.board.plan_read import ActionRead, ObjectiveRead, PlanRead
from redway.web.people.models import Person
from redway.web.register.models import Authority

AUTHORITY, NEIGHBOUR = "826", "822"
TODAY = date(2026, 11, 24)
AIM = Aim("Better early warning", "No school declines unseen.")
MEASURE = SuccessMeasure(
    "Schools that fell unseen",
    "schools",
    Polarity.LOWER,
    Decimal(4),
    date(2025, 8, 31),
    Decimal(0),
    date(2027, 8, 31),
    "Record of triage",
)
SHOWS = Shows(EvidenceKind.OUTPUT, "Minutes of triage", "Shared drive, triage", date(2026, 11, 2))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


NOW = noon(TODAY)


def authority() -> None:
    """The authority whose plan it is."""
    for number, name in ((AUTHORITY, "Milton Keynes"), (NEIGHBOUR, "Bedford")):
        Authority.objects.get_or_create(number=number, defaults={"name": name})


def objective(editor: Person, aim: Aim = AIM, number: str = AUTHORITY) -> Objective:
    return objectives.begin_objective(actor=editor, authority=number, aim=aim, now=NOW)


def fresh(action: Action) -> Action:
    """The action as it is kept now."""
    return Action.objects.select_related("objective", "owner", "sponsor").get(pk=action.pk)


def measured(editor: Person, held: Objective, measure: SuccessMeasure = MEASURE) -> Measure:
    held.refresh_from_db()
    return objectives.add_measure(actor=editor, objective=held, revision=held.revision, measure=measure)


def drafted(editor: Person, owner: Person | None, sponsor: Person | None, due: int = 60) -> Action:
    """A draft under an objective of its own that has a measure."""
    held = objective(editor, replace(AIM, title=f"Objective {Objective.objects.count() + 1}"))
    measure = measured(editor, held)
    held.refresh_from_db()
    doing = Doing("Hold triage", owner, sponsor, measure, TODAY + timedelta(days=due))
    return fresh(actions.draft_action(actor=editor, objective=held, revision=held.revision, doing=doing))


def approved(editor: Person, owner: Person, sponsor: Person, due: int = 60) -> Action:
    """An approved action."""
    held = drafted(editor, owner, sponsor, due)
    actions.approve_action(actor=editor, action=held, revision=held.revision)
    return fresh(held)


def read(action: Action, day: date = TODAY) -> ActionRead:
    return PlanRead(action.objective.authority, day).action(action.pk)


def read_objective(held: Objective, day: date = TODAY) -> ObjectiveRead:
    return PlanRead(held.authority, day).objective(held.pk)


def rated(
    owner: Person, action: Action, colour: Colour, day: date = TODAY, rationale: str = "", reason: str = "So."
) -> Action:
    """The owner's view of a day."""
    held = fresh(action)
    actions.rate(
        actor=owner,
        action=held,
        revision=held.revision,
        given=Proposed(colour, reason, rationale),
        confidence=Confidence.MEDIUM,
        prior=read(held, day).prior,
        now=noon(day),
    )
    return fresh(action)


def evidence(actor: Person, action: Action) -> Evidence:
    held = fresh(action)
    return actions.add_evidence(
        actor=actor, action=held, revision=held.revision, shows=SHOWS, today=TODAY, now=NOW
    )


def judged(actor: Person, one: Evidence, *, accepted: bool = True) -> Evidence:
    one = Evidence.objects.select_related("action__objective").get(pk=one.pk)
    return actions.judge_evidence(
        actor=actor,
        evidence=one,
        revision=one.action.revision,
        accepted=accepted,
        judgement="I read them.",
        now=NOW,
    )


def frozen(director: Person, held_on: date, today: date | None = None) -> Meeting:
    """A meeting whose pack is frozen on the day itself unless another is given."""
    made = meetings.plan_meeting(actor=director, authority=AUTHORITY, held_on=held_on, place="Room 2")
    day = today or held_on
    return meetings.freeze_pack(
        actor=director, meeting=made, revision=made.revision, today=day, now=noon(day)
    )


def three_boards(director: Person, owner: Person, action: Action, *colours: Colour) -> list[Meeting]:
    """A board a month up to 10 November, each with the owner's view before it."""
    held = []
    for at, colour in enumerate(colours):
        day = date(2026, 11 - len(colours) + at + 1, 10)
        rated(owner, action, colour, day, rationale="It changed.")
        held.append(frozen(director, day))
    return held


def board_of_everything(
    adviser: Person, member: Person, director: Person, elsewhere: Person
) -> dict[str, str]:
    """Keys for the permission matrix: one of everything here, and a plan of a neighbour."""
    action = approved(adviser, adviser, director)
    draft = drafted(adviser, member, director)
    step = actions.add_milestone(
        actor=adviser, action=action, revision=action.revision, title="Step", due_on=TODAY
    )
    shown = evidence(adviser, action)
    risk = objectives.add_risk(
        actor=adviser,
        objective=Objective.objects.get(pk=action.objective_id),
        revision=Objective.objects.get(pk=action.objective_id).revision,
        danger=objectives.Danger("Risk", 1, 1, "Nothing"),
    )
    meeting = frozen(director, TODAY)
    task = meetings.agree_task(
        actor=director,
        meeting=meeting,
        revision=meeting.revision,
        text="Write",
        owner=director,
        due_on=TODAY,
        restricted=False,
        today=TODAY,
    )
    planned = meetings.plan_meeting(
        actor=director, authority=AUTHORITY, held_on=TODAY + timedelta(days=7), place=""
    )
    reopening = Reopening.objects.create(
        action=action, completed_on=TODAY, reason="By mistake", asked_at=NOW, asked_by=adviser
    )
    other = objective(elsewhere, number=NEIGHBOUR)
    other_action = actions.draft_action(
        actor=elsewhere, objective=other, revision=other.revision, doing=Doing("Elsewhere")
    )
    other_meeting = Meeting.objects.create(authority=NEIGHBOUR, held_on=TODAY)
    return {
        "objective": str(action.objective_id),
        "objective_elsewhere": str(other.pk),
        "measure": str(action.measure_id),
        "risk": str(risk.pk),
        "action": str(action.pk),
        "action_draft": str(draft.pk),
        "action_elsewhere": str(other_action.pk),
        "milestone": str(step.pk),
        "evidence": str(shown.pk),
        "reopening": str(reopening.pk),
        "board_meeting": str(meeting.pk),
        "board_planned": str(planned.pk),
        "board_elsewhere": str(other_meeting.pk),
        "board_task": str(task.pk),
    }
