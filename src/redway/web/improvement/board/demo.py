"""The demo's plan and board: the 2008 review's recommendations as objectives, and three frozen meetings.

Everything but the published figures is made up and marked so. Every step is taken by the services people use,
in the order of time, dated back from today. The board has something to talk about: a watermelon, an action
gone up to the board, a date that moved three times, an owner who says Green of something overdue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.improvement.action_plan import Confidence, EvidenceKind, Polarity, SuccessMeasure
from redway.improvement.rating import Colour, Proposed
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.action_services import Doing, Shows
from redway.web.improvement.board.models import Action, Evidence, Measure, Meeting, Objective
from redway.web.improvement.board.objective_services import Aim, Course, Danger, Value
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.improvement.reviews import review_changes
from redway.web.improvement.reviews.models import Review
from redway.web.people.demo import AUTHORITY
from redway.web.people.models import Person

BOARDS = (77, 49, 21)
"""So many days ago the three meetings were."""
_FREEZE_BEFORE = timedelta(days=4)
G, A, R, B = Colour.GREEN, Colour.AMBER, Colour.RED, Colour.BLUE


@dataclass(frozen=True)
class _Planned:
    """One action of the demo: under which objective, how many days from today it is due, its colours."""

    objective: int
    title: str
    due: int
    colours: Sequence[tuple[Colour, str]]
    confidence: Confidence = Confidence.MEDIUM
    owner: str = "adviser"
    milestones: Sequence[tuple[str, int, int | None]] = ()
    """(title, days from today it is due, days from today it was reached)."""


_ACTIONS = (
    _Planned(
        1,
        "Hold triage of schools every term, with the officers' own list written first",
        90,
        (
            (G, "The first triage is in the diary."),
            (G, "Held; both lists are on record."),
            (G, "Decisions were followed up."),
        ),
        Confidence.HIGH,
        milestones=(("First triage held", -60, -62), ("Second triage held", 30, None)),
    ),
    _Planned(
        1,
        "Give every adviser the indicators of their schools each half-term",
        -10,
        (
            (G, "The list of indicators is agreed."),
            (G, "Sent to half of the advisers."),
            (G, "Only two areas are left."),
        ),
        Confidence.LOW,
    ),
    _Planned(
        2,
        "Set every target beside three named benchmarks",
        120,
        (
            (G, "All secondary schools have them."),
            (G, "Primary schools have them too."),
            (G, "Every target was challenged."),
        ),
        Confidence.HIGH,
    ),
    _Planned(
        2,
        "Follow up every reservation about a target within a term",
        150,
        (
            (G, "Reservations are on record."),
            (G, "Visits are planned."),
            (G, "Visits have begun."),
        ),
    ),
    _Planned(
        3,
        "Publish one paper that says what each school gets, by category",
        -25,
        (
            (A, "Headteachers asked for more time."),
            (G, "The paper is out for comment."),
            (G, "Published; evidence waits to be looked at."),
        ),
        Confidence.HIGH,
        milestones=(("Comments of headteachers answered", -40, -41),),
    ),
    _Planned(
        4,
        "Review every school of the intensifying programme each half-term",
        60,
        (
            (A, "Two reviews came late."),
            (A, "One adviser is away; reviews are shared out."),
            (A, "Still one review behind."),
        ),
        milestones=(("Every school reviewed once", -5, None),),
    ),
    _Planned(
        4,
        "Appoint two lead teachers of mathematics",
        -40,
        (
            (R, "No applicant was fit to be appointed."),
            (R, "Advertised again without success."),
            (R, "The posts are still empty."),
        ),
        Confidence.LOW,
    ),
    _Planned(
        4,
        "Train governors of the weakest schools in reading figures",
        75,
        (
            (G, "A trainer is found."),
            (A, "The first evening was cancelled."),
            (R, "The trainer has left."),
        ),
        owner="board",
    ),
    _Planned(
        5,
        "Broker help from five successful schools",
        45,
        (
            (A, "Two schools have offered."),
            (A, "Four schools have offered."),
            (G, "Six offers; four are matched."),
        ),
    ),
)


@transaction.atomic
def create_demo_board(today: date) -> None:
    """The plan, its ratings and its meetings, once. Needs the demo's people and its review of 2008."""
    if Objective.objects.filter(authority=AUTHORITY).exists():
        return
    cast = {
        "adviser": Person.objects.get(email="adviser@demo.example"),
        "director": Person.objects.get(email="director@demo.example"),
        "board": Person.objects.get(email="board.member@demo.example"),
    }
    begun = today - timedelta(days=150)
    _objectives(cast, begun, today)
    measures = _measures(cast["adviser"], today)
    made = _actions(cast, measures, today)
    held = [
        _meeting(cast, made, board, today - timedelta(days=days), today) for board, days in enumerate(BOARDS)
    ]
    _meanwhile(cast, made, today)
    for board, meeting in enumerate(held):
        _follow_up(cast, meeting, board, today)
    _next(cast["director"], today)


def _at(day: date) -> datetime:
    """Noon of a day, here."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _objectives(cast: Mapping[str, Person], begun: date, today: date) -> None:
    bob = cast["adviser"]
    # Handed over as people hand them over, so that no recommendation becomes a second objective later.
    review = Review.objects.get(authority=AUTHORITY, school="", made_up=True)
    for one in review.recommendations.filter(handed_at=None).order_by("number"):
        review_changes.hand_over(actor=bob, review=review, number=one.number)
    given_up = objectives.begin_objective(
        actor=bob,
        authority=AUTHORITY,
        aim=Aim("A strategy for each phase", "Each phase has its own paper."),
        now=_at(begun),
    )
    Objective.objects.filter(authority=AUTHORITY).update(made_up=True)
    objectives.withdraw_objective(
        actor=bob,
        objective=given_up,
        revision=given_up.revision,
        reason="One paper for all phases is clearer; see objective 3.",
        today=today - timedelta(days=60),
    )


def _objective(number: int) -> Objective:
    return Objective.objects.get(authority=AUTHORITY, number=number)


def _measures(bob: Person, today: date) -> dict[int, Measure]:
    """One for each objective: two update themselves, three are entered by hand."""
    start, end = today - timedelta(days=420), today + timedelta(days=400)
    higher, lower = Polarity.HIGHER, Polarity.LOWER
    results = "Department for Education, key stage results"
    summer, later = date(2023, 8, 31), max(date(2028, 8, 31), end)
    given = {
        1: SuccessMeasure(
            "Schools that fell without having been on the list",
            "schools",
            lower,
            Decimal(4),
            start,
            Decimal(0),
            end,
            "Inspection outcomes and the record of triage",
        ),
        2: SuccessMeasure(
            "Attainment 8",
            "",
            higher,
            Decimal("44.5"),
            summer,
            Decimal(48),
            later,
            results,
            "ks4-attainment8",
        ),
        3: SuccessMeasure(
            "Headteachers who say they know what to expect",
            "percent",
            higher,
            Decimal(48),
            start,
            Decimal(90),
            end,
            "The autumn questionnaire to schools",
        ),
        4: SuccessMeasure(
            "Expected standard in reading, writing and maths at 11",
            "percent",
            higher,
            Decimal(59),
            summer,
            Decimal(70),
            later,
            results,
            "ks2-reading-writing-maths",
        ),
        5: SuccessMeasure(
            "Days of help given by successful schools in a term",
            "days",
            higher,
            Decimal(12),
            start,
            Decimal(60),
            end,
            "The register of brokered support",
        ),
    }
    readings = {
        1: (("last year", 200, 3), ("this autumn", 30, 1)),
        3: (("autumn last year", 380, 52), ("this autumn", 95, 72)),
        5: (("spring", 220, 26), ("summer", 130, 33), ("autumn so far", 15, 38)),
    }
    made = {}
    for number, measure in given.items():
        one = _objective(number)
        made[number] = objectives.add_measure(
            actor=bob, objective=one, revision=one.revision, measure=measure
        )
        for period, days, value in readings.get(number, ()):
            day = today - timedelta(days=days)
            objectives.add_reading(
                actor=bob,
                measure=made[number],
                revision=_objective(number).revision,
                given=Value(period, day, Decimal(value), measure.source),
                today=today,
                now=_at(day),
            )
    for number, danger in (
        (4, Danger("Lead teachers cannot be found", 4, 4, "Ask two successful schools to lend one")),
        (4, Danger("A school of the programme loses its headteacher", 2, 4, "Plan cover now", True)),
        (5, Danger("Successful schools are asked too often", 3, 3, "Count days lent, and pay for them")),
    ):
        one = _objective(number)
        objectives.add_risk(actor=bob, objective=one, revision=one.revision, danger=danger)
    return made


def _now(action: Action) -> Action:
    return Action.objects.select_related("objective").get(pk=action.pk)


def _actions(cast: Mapping[str, Person], measures: Mapping[int, Measure], today: date) -> list[Action]:
    bob, made = cast["adviser"], []
    for planned in _ACTIONS:
        one = _objective(planned.objective)
        doing = Doing(
            planned.title,
            cast[planned.owner],
            cast["director"],
            measures[planned.objective],
            today + timedelta(days=planned.due),
        )
        drafted = actions.draft_action(actor=bob, objective=one, revision=one.revision, doing=doing)
        actions.approve_action(actor=bob, action=drafted, revision=drafted.revision)
        for title, due, _ in planned.milestones:
            found = _now(drafted)
            actions.add_milestone(
                actor=bob,
                action=found,
                revision=found.revision,
                title=title,
                due_on=today + timedelta(days=due),
            )
        made.append(drafted)
    one = _objective(3)
    actions.draft_action(
        actor=bob,
        objective=one,
        revision=one.revision,
        doing=Doing("Explain the strategy to every governing body", owner=cast["board"]),
    )
    first, last = _now(made[8]), made[5]
    actions.depend_on(actor=bob, action=first, revision=first.revision, other=last)
    _moved(bob, made[5], today)
    return made


def _moved(bob: Person, action: Action, today: date) -> None:
    """A date that moved three times, 94 days in all."""
    due = today + timedelta(days=60)
    Action.objects.filter(pk=action.pk).update(
        due_on=due - timedelta(days=94), first_due_on=due - timedelta(days=94)
    )
    for days, reason, ago in (
        (64, "The programme began late.", 120),
        (33, "An adviser was away for a month.", 90),
        (0, "Two schools asked for another half-term.", 60),
    ):
        found = _now(action)
        actions.move_date(
            actor=bob,
            action=found,
            revision=found.revision,
            due_on=due - timedelta(days=days),
            reason=reason,
            now=_at(today - timedelta(days=ago)),
        )


def _meeting(
    cast: Mapping[str, Person], made: Sequence[Action], board: int, held_on: date, today: date
) -> Meeting:
    """Owners rate, the pack is frozen, the meeting is held."""
    frozen_on = held_on - _FREEZE_BEFORE
    for action, planned in zip(made, _ACTIONS, strict=True):
        _reach(cast["adviser"], action, planned, frozen_on, today)
        colour, reason = planned.colours[board]
        _rate(cast[planned.owner], action, Proposed(colour, reason), planned.confidence, frozen_on)
    dana = cast["director"]
    meeting = meetings.plan_meeting(
        actor=dana, authority=AUTHORITY, held_on=held_on, place="Council offices, room 2"
    )
    return meetings.freeze_pack(
        actor=dana, meeting=meeting, revision=meeting.revision, today=frozen_on, now=_at(frozen_on)
    )


def _reach(bob: Person, action: Action, planned: _Planned, by: date, today: date) -> None:
    """The milestones reached by a day, each on its own day."""
    for milestone, (_, _, ago) in zip(action.milestones.all(), planned.milestones, strict=True):
        on = None if ago is None else today + timedelta(days=ago)
        if on is not None and on <= by and milestone.done_on is None:
            found = _now(action)
            actions.reach_milestone(
                actor=bob, milestone=milestone, revision=found.revision, on=on, today=today
            )


def _rate(owner: Person, action: Action, given: Proposed, confidence: Confidence, day: date) -> None:
    found = _now(action)
    actions.rate(
        actor=owner,
        action=found,
        revision=found.revision,
        given=given,
        confidence=confidence,
        prior=PlanRead(AUTHORITY, day, only=found.objective_id).action(found.pk).prior,
        now=_at(day),
    )


def _meanwhile(cast: Mapping[str, Person], made: Sequence[Action], today: date) -> None:
    """Since the last meeting: evidence, something complete, and Red to Green with a rationale."""
    bob, ines = cast["adviser"], cast["board"]
    published, trained, brokered = made[4], made[7], made[8]
    shown = _evidence(
        bob,
        published,
        Shows(
            EvidenceKind.OUTPUT, "The paper as published", "Schools' pages, strategy", today - timedelta(26)
        ),
        today,
    )
    found = _now(published)
    actions.complete_action(
        actor=bob, action=found, revision=found.revision, on=today - timedelta(days=26), today=today
    )
    actions.judge_evidence(
        actor=ines,
        evidence=shown,
        revision=_now(published).revision,
        accepted=True,
        judgement="I read it and asked two headteachers, who had too.",
        now=_at(today - timedelta(days=12)),
    )
    done = Proposed(B, "Published, and headteachers have read it.")
    _rate(bob, published, done, Confidence.HIGH, today - timedelta(days=10))
    _evidence(
        bob,
        brokered,
        Shows(
            EvidenceKind.ACTIVITY, "Register of offers and matches", "Support register", today - timedelta(8)
        ),
        today,
    )
    _rebaselined(bob, today)
    back = Proposed(
        G,
        "Two evenings are booked.",
        "A new trainer was found and has held the first evening; 14 governors came.",
    )
    _rate(ines, trained, back, Confidence.MEDIUM, today - timedelta(days=3))


def _rebaselined(bob: Person, today: date) -> None:
    """A target that turned out too high: the next pack says first what it was."""
    objective = _objective(5)
    measure = objective.measures.get()
    objectives.rebaseline_measure(
        actor=bob,
        measure=measure,
        revision=objective.revision,
        course=Course(measure.baseline, measure.baseline_on, Decimal(48), measure.target_on),
        reason="Six schools lend help, not eight: two of those that were asked have new headteachers.",
        today=today,
        now=_at(today - timedelta(days=9)),
    )


def _evidence(actor: Person, action: Action, shows: Shows, today: date) -> Evidence:
    found = _now(action)
    return actions.add_evidence(
        actor=actor,
        action=found,
        revision=found.revision,
        shows=shows,
        today=today,
        now=_at(today - timedelta(days=14)),
    )


_DECIDED: Sequence[tuple[int | None, str, bool]] = (
    (1, "Triage is held every term, and the officers' own list is written first.", False),
    (4, "The director asks two successful schools to lend a teacher of mathematics.", False),
    (4, "The board hears of one school of the programme by name at its next meeting.", True),
)
_ASKED = (
    ("adviser", "Bring the list of indicators to the next meeting", "Brought and agreed."),
    ("director", "Write to the two schools about lending a teacher", "Both were written to; one has agreed."),
    ("board", "Visit a governing body and say how figures are read there", ""),
)
_SAID = (
    "The board met on this plan for the first time. Members asked how near each target is.",
    "Members asked why two posts have been empty for a term. The director answers at the next meeting.",
    "Attainment 8 has fallen while both actions under it are Green. Members asked if they are right.",
)


def _follow_up(cast: Mapping[str, Person], meeting: Meeting, board: int, today: date) -> None:
    """Decision, action and minutes of one meeting."""
    dana = cast["director"]
    number, words, restricted = _DECIDED[board]
    owner, task, outcome = _ASKED[board]
    after = meeting.held_on + timedelta(days=1)
    meetings.record_decision(
        actor=dana,
        meeting=meeting,
        revision=meeting.revision,
        text=words,
        objective=_objective(number) if number else None,
        restricted=restricted,
        today=today,
        now=_at(after),
    )
    asked = meetings.agree_task(
        actor=dana,
        meeting=meeting,
        revision=meeting.revision + 1,
        text=task,
        owner=cast[owner],
        due_on=meeting.held_on + timedelta(days=20 if outcome else 16),
        restricted=False,
        today=today,
    )
    if outcome:
        meetings.finish_task(
            actor=cast[owner],
            task=asked,
            done_on=meeting.held_on + timedelta(days=18),
            outcome=outcome,
            today=today,
        )
    meetings.finish_minutes(
        actor=dana,
        meeting=meeting,
        revision=meeting.revision + 2,
        minutes=_SAID[board],
        today=today,
        now=_at(after),
    )


def _next(dana: Person, today: date) -> None:
    """The meeting to come, with a restricted item on its agenda."""
    meeting = meetings.plan_meeting(
        actor=dana,
        authority=AUTHORITY,
        held_on=today + timedelta(days=7),
        place="Council offices, room 2",
    )
    meetings.add_item(
        actor=dana,
        meeting=meeting,
        revision=meeting.revision,
        title="One school of the programme",
        restricted=True,
    )
