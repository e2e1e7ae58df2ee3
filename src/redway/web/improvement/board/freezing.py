"""The pack of a meeting from the plan as it stands: made once, then kept as bytes."""

from __future__ import annotations

from datetime import date, datetime

from redway.core.words import day_in_words
from redway.improvement.action_plan import Polarity
from redway.improvement.board_pack import (
    Pack,
    PackAction,
    PackDecision,
    PackEvidence,
    PackItem,
    PackMeasure,
    PackMilestone,
    PackObjective,
    PackReading,
    PackRebaselined,
    PackReopened,
    PackRisk,
    PackTask,
    PackWithdrawn,
)
from redway.improvement.rating import Colour, prior_words
from redway.improvement.target_chart import READINGS_DRAWN
from redway.web.improvement.board.measured import Measured
from redway.web.improvement.board.models import Decision, Meeting, Task
from redway.web.improvement.board.plan_read import ActionRead, ObjectiveRead, PlanRead
from redway.web.register.queries import authority_names

PLAN = "Improvement plan"


def pack_of(plan: PlanRead, meeting: Meeting, frozen_on: date) -> Pack:
    """Everything the meeting has before it, as it stands on the day of ``plan``."""
    earlier = Meeting.objects.filter(authority=meeting.authority, held_on__lt=meeting.held_on)
    last = earlier.order_by("-held_on").first()
    decisions = Decision.objects.filter(meeting=last).order_by("pk") if last else Decision.objects.none()
    tasks = Task.objects.filter(meeting__in=earlier).select_related("owner").order_by("due_on", "pk")
    since = last.held_on if last else None
    before = plan.meetings[-1].frozen_at if plan.meetings else None
    return Pack(
        authority=meeting.authority,
        organisation=authority_names([meeting.authority]).get(meeting.authority, meeting.authority),
        plan=PLAN,
        held_on=meeting.held_on,
        place=meeting.place,
        frozen_on=frozen_on,
        recorded=plan.recorded,
        objectives=tuple(_objective(one.at_meeting(meeting.held_on), before) for one in plan.objectives),
        agenda=tuple(PackItem(one.number, one.title, one.restricted) for one in meeting.items.all()),
        decisions=tuple(
            PackDecision(one.meeting.held_on, one.words, _is_restricted(one))
            for one in decisions.select_related("meeting", "objective")
        ),
        tasks=tuple(
            PackTask(one.words, one.owner.full_name, one.due_on, one.done_on, one.restricted)
            for one in tasks
            if one.done_on is None or (since is not None and one.done_on >= since)
        ),
        withdrawn=tuple(
            PackWithdrawn(one.title, one.withdrawn_reason, one.withdrawn_on, one.restricted)
            for one in plan.withdrawn
            if one.withdrawn_on is not None
        ),
        made_up=any(one.made_up for one in plan.all_objectives),
        notes=(
            *(f"{colour}: {plan.rules.meanings[colour]}." for colour in Colour),
            "A colour that is computed overrules the owner's: what is overdue is never Green.",
            "The direction compares this pack with the pack of the meeting before.",
            "Whether a measure is on track is read off a straight line from baseline to target.",
        ),
    )


def _is_restricted(one: Decision) -> bool:
    """A decision about a restricted objective says what that is about."""
    return one.restricted or (one.objective is not None and one.objective.restricted)


def _objective(one: ObjectiveRead, since: datetime | None) -> PackObjective:
    return PackObjective(
        key=str(one.objective.pk),
        number=one.objective.number,
        title=one.objective.title,
        outcome=one.objective.outcome,
        colour=one.colour.value if one.colour else "",
        travel=one.travel.value,
        watermelon=one.watermelon,
        measures=tuple(_measure(each, since) for each in one.measures),
        actions=tuple(_action(each) for each in one.pursued),
        risks=tuple(
            PackRisk(each.title, each.likelihood, each.impact, each.mitigation, each.restricted)
            for each in one.risks
            if each.closed_on is None
        ),
        restricted=one.objective.restricted,
    )


def _measure(one: Measured, since: datetime | None) -> PackMeasure:
    """``since`` is when the pack before this one was frozen."""
    measure = one.measure
    changes = [each for each in one.stored.changes.all() if each.rebaselined]
    return PackMeasure(
        name=measure.name,
        baseline=f"{measure.show(measure.baseline)} on {day_in_words(measure.baseline_on)}",
        target=measure.show(measure.target),
        target_on=measure.target_on,
        polarity=Polarity(measure.polarity).label,
        source=measure.source,
        stands_on=one.stands_on,
        nearness=one.nearness,
        way_done=one.way_done,
        off_track_run=one.run,
        better=measure.polarity.value,
        unit=measure.unit,
        decimals=measure.decimals,
        baseline_value=measure.baseline,
        baseline_on=measure.baseline_on,
        target_value=measure.target,
        readings=tuple(
            PackReading(each.period, each.on, each.value, measure.show(each.value), each.lower, each.upper)
            for each in one.readings[-READINGS_DRAWN:]
        ),
        breaks=tuple((each.period, each.reason) for each in one.breaks),
        rebaselined=tuple(
            PackRebaselined(
                on=step.on,
                said=step.sentence,
                off_track=step.off_track_before(one.readings),
                reason=step.reason,
                is_new=since is None or stored.at > since,
                baseline=step.was.baseline,
                baseline_on=step.was.baseline_on,
                target=step.was.target,
                target_on=step.was.target_on,
            )
            for step, stored in zip(one.rebaselined, changes, strict=True)
        ),
    )


def _action(one: ActionRead) -> PackAction:
    action, up, rating = one.action, one.escalation, one.rating
    assert action.owner is not None
    assert action.sponsor is not None
    assert one.due is not None
    return PackAction(
        key=str(action.pk),
        number=one.number,
        title=action.title,
        owner=action.owner.full_name,
        sponsor=action.sponsor.full_name,
        due=one.due.sentence,
        colour=one.colour.value if one.colour else "",
        owners_view=rating.colour if rating else "",
        why=one.shown.why if one.colour else "",
        reason=rating.reason if rating else "",
        rationale=rating.rationale if rating else "",
        prior=prior_words([(day, colour) for day, colour in one.history[:-1] if colour]),
        confidence=rating.confidence if rating else "",
        travel=one.travel.value,
        escalation=up.words if up else "",
        history=tuple((day, colour.value if colour else "") for day, colour in one.history[:-1]),
        milestones=tuple(
            PackMilestone(each.title, one.milestone_due(each).sentence, each.done_on)
            for each in action.milestones.all()
        ),
        evidence=tuple(
            PackEvidence(
                each.kind,
                each.title,
                each.dated,
                each.judged_at.date() if each.accepted and each.judged_at else None,
                each.restricted,
            )
            for each in action.evidence.all()
            if each.accepted is not False
        ),
        needs=tuple(f"{each.objective.number}.{each.number} {each.title}" for each in one.waits_for),
        reopened=tuple(
            PackReopened(each.answered_at.date(), each.completed_on, each.reason)
            for each in action.reopenings.all()
            if each.agreed and each.answered_at
        ),
    )
