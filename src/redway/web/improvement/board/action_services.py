"""Changes of actions: approval, dates, milestones, evidence, colours. One transaction each, audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from redway.core.words import day_in_words
from redway.improvement.action_plan import Confidence, Drafted, EvidenceKind, require_ready
from redway.improvement.rating import Colour, Proposed, Standing, require_allowed
from redway.improvement.reopening import Acceptance
from redway.web.audit import services as audit
from redway.web.improvement.board.access import people_of
from redway.web.improvement.board.changing import BoardRefused, locked, next_number, require, words
from redway.web.improvement.board.models import (
    Action,
    DateMove,
    Evidence,
    Measure,
    Milestone,
    Objective,
    Rating,
    Reopening,
)
from redway.web.people.models import Person

_KIND = "improvement action"
State = Action.State


@dataclass(frozen=True)
class Doing:
    """An action as it is written. What is empty keeps it from being approved, not from being kept."""

    title: str
    owner: Person | None = None
    sponsor: Person | None = None
    measure: Measure | None = None
    due_on: date | None = None


def draft_action(*, actor: Person, objective: Objective, revision: int, doing: Doing) -> Action:
    """Put an action under an objective, as a draft."""
    require(actor, "plan.edit", objective.authority)
    title = words(doing.title, "The action has no title.", "Say what is to be done.")
    _require_of(objective, doing)
    with transaction.atomic():
        found = locked(Objective, objective.pk, revision)
        if found.state == Objective.State.WITHDRAWN:
            raise BoardRefused("The objective was withdrawn.", "Put the action under another one.")
        made = Action.objects.create(
            objective=found,
            number=next_number(found.actions.all()),
            title=title,
            owner=doing.owner,
            sponsor=doing.sponsor,
            measure=doing.measure,
            due_on=doing.due_on,
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.draft_action", _KIND, made.pk, _of(made))
    return made


def edit_action(*, actor: Person, action: Action, revision: int, doing: Doing) -> Action:
    """Change it. Once it is approved its due date is moved, with a reason, and never edited."""
    require(actor, "plan.edit", action.objective.authority)
    title = words(doing.title, "The action has no title.", "Say what is to be done.")
    _require_of(action.objective, doing)
    with transaction.atomic():
        found = _at_work(action, revision, drafts=True)
        if found.state == State.APPROVED:
            if doing.due_on != found.due_on:
                raise BoardRefused(
                    "The due date of an approved action is not edited.",
                    "Move it with a reason: the first date stays visible.",
                )
            require_ready(drafted(found.title, doing))
        found.title, found.owner, found.sponsor = title, doing.owner, doing.sponsor
        found.measure, found.due_on = doing.measure, doing.due_on
        found.save(update_fields=["title", "owner", "sponsor", "measure", "due_on", "revision"])
        audit.record(actor, "board.edit_action", _KIND, found.pk, _of(found))
    return found


def approve_action(*, actor: Person, action: Action, revision: int) -> Action:
    """Approve a draft: from then on its first due date is kept. Raises NotReady naming what is lacking."""
    require(actor, "plan.edit", action.objective.authority)
    with transaction.atomic():
        found = locked(Action, action.pk, revision)
        if found.state != State.DRAFT:
            raise BoardRefused("It is no draft.", "Nothing is left to approve.")
        held = Doing(found.title, found.owner, found.sponsor, found.measure, found.due_on)
        require_ready(drafted(found.title, held))
        found.state, found.first_due_on = State.APPROVED, found.due_on
        found.save(update_fields=["state", "first_due_on", "revision"])
        audit.record(actor, "board.approve_action", _KIND, found.pk, _of(found))
    return found


def move_date(
    *, actor: Person, action: Action, revision: int, due_on: date, reason: str, now: datetime
) -> DateMove:
    """Move the due date of an approved action. The first date and every step stay on record."""
    require(actor, "plan.edit", action.objective.authority)
    reason = words(reason, "It is not said why the date moves.", "Say why.")
    with transaction.atomic():
        found = _at_work(action, revision)
        assert found.due_on is not None
        if due_on == found.due_on:
            raise BoardRefused(f"It is due on {day_in_words(due_on)} already.", "Enter another day.")
        made = DateMove.objects.create(
            action=found, before=found.due_on, after=due_on, reason=reason, at=now, by=actor
        )
        found.due_on = due_on
        found.save(update_fields=["due_on", "revision"])
        details = _of(found) | {"before": made.before.isoformat(), "after": due_on.isoformat()}
        audit.record(actor, "board.move_date", _KIND, found.pk, details)
    return made


def complete_action(*, actor: Person, action: Action, revision: int, on: date, today: date) -> Action:
    """Its owner or an editor says that everything is done."""
    _require_worker(actor, action)
    with transaction.atomic():
        found = _at_work(action, revision)
        if found.completed_on is not None:
            raise BoardRefused("It is complete already.", "Nothing is left to say.")
        if on > today:
            raise BoardRefused(f"{day_in_words(on)} is still to come.", "Enter the day it was complete.")
        found.completed_on = on
        found.save(update_fields=["completed_on", "revision"])
        audit.record(actor, "board.complete_action", _KIND, found.pk, _of(found))
    return found


def reopen_action(*, actor: Person, action: Action, revision: int, reason: str, now: datetime) -> Reopening:
    """Open an action again that was called complete by mistake: its owner, or whoever keeps the plan.

    Where somebody has accepted its evidence, they have to agree first: the answer is kept waiting, and the
    action stays complete until it comes. Raises BoardRefused without a reason.
    """
    if actor.pk in accepters_of(action):
        require(actor, "plan.accept_evidence", action.objective.authority)
    else:
        _require_worker(actor, action)
    reason = words(reason, "It is not said why it is not complete.", "Say what is still to be done.")
    with transaction.atomic():
        found = _at_work(action, revision)
        if found.completed_on is None:
            raise BoardRefused("It is not complete.", "Nothing is to be opened again.")
        if found.reopenings.filter(agreed=None).exists():
            raise BoardRefused("Somebody has asked already to open it again.", "Wait for the answer.")
        made = Reopening(
            action=found, completed_on=found.completed_on, reason=reason, asked_at=now, asked_by=actor
        )
        details = _of(found) | {"completed_on": found.completed_on.isoformat()}
        if _acceptance(found).needs_agreement(actor.pk):
            verb = "board.ask_to_reopen"
        else:
            verb = "board.reopen_action"
            made.agreed, made.answered_at, made.answered_by = True, now, actor
            found.completed_on = None
        made.save()
        found.save(update_fields=["completed_on", "revision"])
        audit.record(actor, verb, _KIND, found.pk, details)
    return made


def answer_reopening(
    *, actor: Person, reopening: Reopening, revision: int, agreed: bool, answer: str, now: datetime
) -> Reopening:
    """Whoever accepted its evidence agrees that it is open again, or does not, and says why."""
    action = reopening.action
    require(actor, "plan.accept_evidence", action.objective.authority)
    answer = words(answer, "It is not said why.", "Say why it is open again, or why it is complete.")
    with transaction.atomic():
        found = _at_work(action, revision)
        held = found.reopenings.select_for_update().get(pk=reopening.pk)
        if held.agreed is not None:
            raise BoardRefused("It was answered already.", "The answer is on record.")
        if actor.pk not in _acceptance(found).may_agree(held.asked_by_id):
            raise BoardRefused(
                "Somebody else accepted its evidence.", "They answer whether it is opened again."
            )
        held.agreed, held.answer, held.answered_at, held.answered_by = agreed, answer, now, actor
        held.save(update_fields=["agreed", "answer", "answered_at", "answered_by"])
        if agreed:
            found.completed_on = None
        found.save(update_fields=["completed_on", "revision"])
        verb = "board.reopen_action" if agreed else "board.keep_complete"
        details = _of(found) | {"completed_on": held.completed_on.isoformat()}
        audit.record(actor, verb, _KIND, found.pk, details)
    return held


def who_agrees(action: Action, asked_by: Person) -> list[str]:
    """Names of those of whom one has to agree that it is opened again; empty when nobody has to."""
    if action.completed_on is None:
        return []
    acceptance = _acceptance(action)
    if not acceptance.needs_agreement(asked_by.pk):
        return []
    agree = acceptance.may_agree(asked_by.pk)
    able = people_of(action.objective.authority, "plan.accept_evidence")
    return [one.full_name for one in able if one.pk in agree] or ["somebody who may accept evidence"]


def may_answer(person: Person, reopening: Reopening) -> bool:
    """Whether this person is one of those who agree to it, or do not."""
    return person.pk in _acceptance(reopening.action).may_agree(reopening.asked_by_id)


def _acceptance(action: Action) -> Acceptance:
    assert action.owner_id is not None
    able = frozenset(one.pk for one in people_of(action.objective.authority, "plan.accept_evidence"))
    return Acceptance(action.owner_id, accepters_of(action), able)


def accepters_of(action: Action) -> frozenset[int]:
    """Numbers of those who accepted evidence that counts: entered since the action was last opened again."""
    opened = [one.answered_at for one in action.reopenings.all() if one.agreed and one.answered_at]
    last = max(opened, default=None)
    return frozenset(
        one.judged_by_id
        for one in action.evidence.all()
        if one.accepted and one.judged_by_id and one.judged_at and (last is None or one.judged_at > last)
    )


def withdraw_action(*, actor: Person, action: Action, revision: int, reason: str) -> Action:
    """Stop pursuing it; it stays in the record, with the reason."""
    require(actor, "plan.edit", action.objective.authority)
    reason = words(reason, "A withdrawal needs a reason.", "Say why it is no longer pursued.")
    with transaction.atomic():
        found = _at_work(action, revision, drafts=True)
        found.state, found.withdrawn_reason = State.WITHDRAWN, reason
        found.save(update_fields=["state", "withdrawn_reason", "revision"])
        audit.record(actor, "board.withdraw_action", _KIND, found.pk, _of(found))
    return found


def depend_on(*, actor: Person, action: Action, revision: int, other: Action) -> Action:
    """Say that it needs another action first. A circle is refused: nothing in it could ever begin."""
    require(actor, "plan.edit", action.objective.authority)
    with transaction.atomic():
        found = _at_work(action, revision, drafts=True)
        if other.objective.authority != found.objective.authority:
            raise BoardRefused("That action is of another authority.", "Choose one of this plan.")
        if found.pk in _all_needed(other):
            raise BoardRefused(
                "That action needs this one already, so neither could begin.", "Choose another action."
            )
        found.needs.add(other)
        found.save(update_fields=["revision"])
        audit.record(actor, "board.depend_on", _KIND, found.pk, _of(found) | {"needs": str(other.pk)})
    return found


def _all_needed(action: Action) -> set[Any]:
    """Keys of an action and of everything it needs, however far."""
    seen: set[Any] = set()
    waiting = [action.pk]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += Action.needs.through.objects.filter(from_action_id=key).values_list(
                "to_action_id", flat=True
            )
    return seen


# --- milestones ---------------------------------------------------------------------------------------------


def add_milestone(*, actor: Person, action: Action, revision: int, title: str, due_on: date) -> Milestone:
    """Add a step."""
    _require_worker(actor, action)
    title = words(title, "The milestone has no title.", "Say what is reached.")
    with transaction.atomic():
        found = _at_work(action, revision, drafts=True)
        made = Milestone.objects.create(action=found, title=title, due_on=due_on, first_due_on=due_on)
        found.save(update_fields=["revision"])
        audit.record(actor, "board.add_milestone", _KIND, found.pk, _of(found) | {"milestone": made.pk})
    return made


def reach_milestone(
    *, actor: Person, milestone: Milestone, revision: int, on: date, today: date
) -> Milestone:
    """Say that a step is reached."""
    _require_worker(actor, milestone.action)
    if on > today:
        raise BoardRefused(f"{day_in_words(on)} is still to come.", "Enter the day it was reached.")
    with transaction.atomic():
        found = _at_work(milestone.action, revision)
        milestone.done_on = on
        milestone.save(update_fields=["done_on"])
        found.save(update_fields=["revision"])
        details = _of(found) | {"milestone": milestone.pk}
        audit.record(actor, "board.reach_milestone", _KIND, found.pk, details)
    return milestone


def move_milestone(
    *, actor: Person, milestone: Milestone, revision: int, due_on: date, reason: str, now: datetime
) -> DateMove:
    """Move the day of a step; the first day stays on record."""
    require(actor, "plan.edit", milestone.action.objective.authority)
    reason = words(reason, "It is not said why the date moves.", "Say why.")
    with transaction.atomic():
        found = _at_work(milestone.action, revision, drafts=True)
        if milestone.done_on is not None or due_on == milestone.due_on:
            raise BoardRefused(
                "There is no date to move.", "Choose a milestone not reached, and another day."
            )
        made = DateMove.objects.create(
            action=found,
            milestone=milestone,
            before=milestone.due_on,
            after=due_on,
            reason=reason,
            at=now,
            by=actor,
        )
        milestone.due_on = due_on
        milestone.save(update_fields=["due_on"])
        found.save(update_fields=["revision"])
        details = _of(found) | {"milestone": milestone.pk, "after": due_on.isoformat()}
        audit.record(actor, "board.move_date", _KIND, found.pk, details)
    return made


# --- evidence and colours -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shows:
    """A piece of evidence as it is entered."""

    kind: EvidenceKind
    title: str
    where: str
    dated: date
    restricted: bool = False


def add_evidence(
    *, actor: Person, action: Action, revision: int, shows: Shows, today: date, now: datetime
) -> Evidence:
    """Enter evidence. It counts when somebody other than the owner has accepted it."""
    _require_worker(actor, action)
    title = words(shows.title, "The evidence has no title.", "Say what it is.")
    where = words(shows.where, "It is not said where it is kept.", "Say where it can be looked at.")
    if shows.dated > today:
        raise BoardRefused(f"{day_in_words(shows.dated)} is still to come.", "Enter the day it is of.")
    with transaction.atomic():
        found = _at_work(action, revision)
        made = Evidence.objects.create(
            action=found,
            kind=shows.kind.value,
            title=title,
            where=where,
            dated=shows.dated,
            restricted=shows.restricted,
            at=now,
            by=actor,
        )
        found.save(update_fields=["revision"])
        details = _of(found) | {"evidence": made.pk, "kind": made.kind}
        audit.record(actor, "board.add_evidence", _KIND, found.pk, details)
    return made


def judge_evidence(
    *, actor: Person, evidence: Evidence, revision: int, accepted: bool, judgement: str, now: datetime
) -> Evidence:
    """Accept evidence or turn it down. Refused to the owner of the action and to whoever entered it."""
    action = evidence.action
    require(actor, "plan.accept_evidence", action.objective.authority)
    judgement = words(judgement, "It is not said why.", "Say what you looked at, or what is lacking.")
    with transaction.atomic():
        found = _at_work(action, revision)
        if actor.pk == found.owner_id:
            raise BoardRefused(
                "You own this action, so you cannot accept its evidence.", "Ask somebody else to look at it."
            )
        if actor.pk == evidence.by_id:
            raise BoardRefused("You entered this evidence.", "Ask somebody else to look at it.")
        if evidence.accepted is not None:
            raise BoardRefused("It was judged already.", "Enter new evidence if something changed.")
        evidence.accepted, evidence.judgement = accepted, judgement
        evidence.judged_at, evidence.judged_by = now, actor
        evidence.save(update_fields=["accepted", "judgement", "judged_at", "judged_by"])
        found.save(update_fields=["revision"])
        details = _of(found) | {"evidence": evidence.pk, "accepted": accepted}
        audit.record(actor, "board.judge_evidence", _KIND, found.pk, details)
    return evidence


def rate(
    *,
    actor: Person,
    action: Action,
    revision: int,
    given: Proposed,
    confidence: Confidence,
    prior: Sequence[tuple[date, Colour]],
    now: datetime,
) -> Rating:
    """The owner's view of their action. Raises RatingRefused for what the written rules do not allow.

    ``prior`` are the colours shown in the frozen packs, oldest first.
    """
    require(actor, "plan.rate", action.objective.authority)
    with transaction.atomic():
        found = _at_work(action, revision)
        if actor.pk != found.owner_id:
            raise BoardRefused("Only its owner rates an action.", "Ask the owner to say how it stands.")
        require_allowed(given, standing_of(found), prior)
        made = Rating.objects.create(
            action=found,
            colour=given.colour.value,
            confidence=confidence.value,
            reason=given.reason.strip(),
            rationale=given.rationale.strip(),
            at=now,
            by=actor,
        )
        found.save(update_fields=["revision"])
        details = _of(found) | {"colour": made.colour, "confidence": made.confidence}
        audit.record(actor, "board.rate", _KIND, found.pk, details)
    return made


def standing_of(action: Action, today: date | None = None) -> Standing:
    """What is known of an approved action without asking anybody, on a day."""
    assert action.owner_id is not None
    assert action.due_on is not None
    late = [
        (one.title, one.due_on)
        for one in action.milestones.all()
        if today is not None and one.done_on is None and one.due_on < today
    ]
    return Standing(action.owner_id, action.due_on, action.completed_on, late, accepters_of(action))


def drafted(title: str, doing: Doing) -> Drafted:
    """An action as the rule of approval sees it."""
    owner, sponsor = doing.owner, doing.sponsor
    return Drafted(
        title,
        owner.pk if owner else None,
        sponsor.pk if sponsor else None,
        doing.measure is not None,
        doing.due_on,
    )


def _require_of(objective: Objective, doing: Doing) -> None:
    if doing.measure is not None and doing.measure.objective_id != objective.pk:
        raise BoardRefused("The measure is of another objective.", "Choose one of this objective.")
    if doing.owner is not None and doing.owner == doing.sponsor:
        raise BoardRefused(
            "The owner cannot be the sponsor as well.", "Choose somebody who hears when it is late."
        )


def _require_worker(actor: Person, action: Action) -> None:
    """Its owner, or somebody who edits the plan."""
    is_owner = actor.pk == action.owner_id
    require(actor, "plan.rate" if is_owner else "plan.edit", action.objective.authority)


def _at_work(action: Action, revision: int, *, drafts: bool = False) -> Action:
    found = locked(Action, action.pk, revision)
    if found.objective.state == Objective.State.WITHDRAWN or found.state == State.WITHDRAWN:
        raise BoardRefused("It was withdrawn.", "It stays as it is in the record.")
    if found.state == State.DRAFT and not drafts:
        raise BoardRefused("It is not approved yet.", "Approve it first.")
    return found


def _of(one: Action) -> dict[str, Any]:
    """What the audit trail says of an action: codes, numbers and days, no words."""
    return {
        "authority": one.objective.authority,
        "objective": str(one.objective_id),
        "number": one.number,
        "state": str(one.state),
        "due_on": one.due_on.isoformat() if one.due_on else "",
        "revision": one.revision,
    }
