"""Every change to members, meetings, votes and decisions, in one transaction with its audit row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from redway.core.money import Money
from redway.core.words import day_in_words
from redway.funding.forum_powers import Body, Category, Matter, Power, power, proceedings
from redway.funding.forum_votes import Choice, Tally, tallies
from redway.funding.transfers import route_of
from redway.web.audit import services as audit
from redway.web.funding.forum.access import forum_record
from redway.web.funding.forum.changing import ForumRefused, locked, next_number, require_manager, words
from redway.web.funding.forum.models import (
    Action,
    Attendance,
    Consultation,
    Decision,
    Item,
    Meeting,
    Member,
    Vote,
)
from redway.web.people import permission
from redway.web.people.models import Person

_KIND = "forum meeting"
State = Meeting.State


# --- members ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """A member's office."""

    name: str
    category: Category
    represents: str
    first_day: date
    last_day: date
    is_chair: bool = False
    person: Person | None = None


def add_member(*, actor: Person, authority: str, seat: Seat) -> Member:
    """Enter a member with their term. Raises ForumRefused for a second chair or seat."""
    require_manager(actor, authority)
    name = words(seat.name, "The member has no name.", "Enter the name as minutes give it.")
    if seat.last_day < seat.first_day:
        raise ForumRefused("The term ends before it begins.", "Check both days.")
    with transaction.atomic():
        in_term = Member.objects.select_for_update().filter(
            authority=authority, first_day__lte=seat.last_day, last_day__gte=seat.first_day
        )
        if seat.is_chair and in_term.filter(is_chair=True).exists():
            raise ForumRefused("The forum has a chair in that term.", "End the other chair's office first.")
        if seat.person is not None and in_term.filter(person=seat.person).exists():
            raise ForumRefused(
                "This account is a member's in that term already.", "A member has one seat and one vote."
            )
        made = Member.objects.create(
            authority=authority,
            name=name,
            category=seat.category.value,
            represents=seat.represents.strip(),
            person=seat.person,
            is_chair=seat.is_chair,
            first_day=seat.first_day,
            last_day=seat.last_day,
        )
        details = {"authority": authority, "category": made.category, "until": seat.last_day.isoformat()}
        audit.record(actor, "forum.add_member", "forum member", made.pk, details)
    return made


def end_membership(*, actor: Person, member: Member, last_day: date, reason: str) -> Member:
    """End a term early, with a reason. Votes cast until then stand."""
    require_manager(actor, member.authority)
    reason = words(reason, "It is not said why the term ends.", "Say why.")
    with transaction.atomic():
        found = Member.objects.select_for_update().get(pk=member.pk)
        if not found.first_day <= last_day < found.last_day:
            raise ForumRefused(
                f"The term runs from {day_in_words(found.first_day)} to {day_in_words(found.last_day)}.",
                "Choose a day inside it, before its last.",
            )
        found.last_day, found.end_reason = last_day, reason
        found.save(update_fields=["last_day", "end_reason"])
        details = {"authority": found.authority, "until": last_day.isoformat()}
        audit.record(actor, "forum.end_membership", "forum member", found.pk, details)
    return found


def members_on(authority: str, day: date) -> list[Member]:
    """The members in office on a day."""
    return list(Member.objects.filter(authority=authority, first_day__lte=day, last_day__gte=day))


# --- meetings -----------------------------------------------------------------------------------------------


def plan_meeting(*, actor: Person, authority: str, held_on: date, place: str) -> Meeting:
    """Plan a meeting."""
    require_manager(actor, authority)
    with transaction.atomic():
        made = Meeting.objects.create(authority=authority, held_on=held_on, place=place.strip())
        audit.record(actor, "forum.plan_meeting", _KIND, made.pk, _of(made))
    return made


def move_meeting(*, actor: Person, meeting: Meeting, revision: int, held_on: date, place: str) -> Meeting:
    """Another day or place."""
    require_manager(actor, meeting.authority)
    with transaction.atomic():
        found = _unminuted(meeting, revision)
        if Vote.objects.filter(item__meeting=found).exists() and held_on != found.held_on:
            raise ForumRefused("Votes have been recorded at it.", "Keep its day, and plan another meeting.")
        found.held_on, found.place = held_on, place.strip()
        found.save(update_fields=["held_on", "place", "revision"])
        audit.record(actor, "forum.move_meeting", _KIND, found.pk, _of(found))
    return found


@dataclass(frozen=True)
class Point:
    """One point of the agenda as it is written."""

    title: str
    matter: Matter | None = None
    consultation: Consultation | None = None
    proposal: str = ""
    amount: Money | None = None
    block: Money | None = None


def add_item(*, actor: Person, meeting: Meeting, revision: int, point: Point) -> Item:
    """Put something on the agenda. A transfer is put under the matter that its amount makes it."""
    require_manager(actor, meeting.authority)
    title = words(point.title, "The item has no title.", "Say what it is about.")
    matter = _matter_of(point, meeting.held_on)
    with transaction.atomic():
        found = _unminuted(meeting, revision)
        if matter is not None:
            words(point.proposal, "It is not said what is proposed.", "Write what the members vote on.")
            power(matter, found.held_on)
        if point.consultation is not None and point.consultation.authority != found.authority:
            raise ForumRefused("The consultation is of another authority.", "Choose one of this authority.")
        made = Item.objects.create(
            meeting=found,
            number=next_number(found.items.all()),
            title=title,
            matter=matter.value if matter else "",
            consultation=point.consultation,
            proposal=point.proposal.strip(),
            amount_pence=point.amount.pence if point.amount else None,
            block_pence=point.block.pence if point.block else None,
        )
        found.save(update_fields=["revision"])
        details = _of(found) | {"number": made.number, "matter": made.matter}
        audit.record(actor, "forum.add_item", _KIND, found.pk, details)
    return made


def _matter_of(point: Point, day: date) -> Matter | None:
    transfers = (Matter.BLOCK_TRANSFER, Matter.BLOCK_TRANSFER_ABOVE)
    if point.matter not in transfers:
        return point.matter
    if point.amount is None or point.block is None:
        raise ForumRefused(
            "A transfer needs its amount and the schools block it comes from.",
            "Enter both: the amount says who decides.",
        )
    return route_of(point.block, point.amount, day).matter


def take_item_off(*, actor: Person, item: Item, revision: int) -> None:
    """Take something off the agenda while nobody has voted and nothing is decided on it."""
    require_manager(actor, item.meeting.authority)
    with transaction.atomic():
        found = _unminuted(item.meeting, revision)
        if item.votes.exists() or Decision.objects.filter(item=item).exists():
            raise ForumRefused("There are votes or a decision on it.", "It stays in the record.")
        number = item.number
        item.delete()
        found.save(update_fields=["revision"])
        audit.record(actor, "forum.take_item_off", _KIND, found.pk, _of(found) | {"number": number})


def record_attendance(
    *, actor: Person, meeting: Meeting, revision: int, present: Mapping[int, bool], today: date
) -> Meeting:
    """Who came, and who sent apologies: number of the member -> whether they came."""
    require_manager(actor, meeting.authority)
    with transaction.atomic():
        found = _unminuted(meeting, revision)
        if found.held_on > today:
            raise ForumRefused(
                f"The meeting is on {day_in_words(found.held_on)}.", "Record attendance on the day."
            )
        in_office = {one.pk for one in members_on(found.authority, found.held_on)}
        if set(present) - in_office:
            raise ForumRefused("Somebody is not in office on that day.", "Look at the members' terms.")
        voted = set(Vote.objects.filter(item__meeting=found).values_list("member_id", flat=True))
        if voted - {number for number, came in present.items() if came}:
            raise ForumRefused("A member who voted is entered as not present.", "Mark them present.")
        found.attendance.all().delete()
        Attendance.objects.bulk_create(
            Attendance(meeting=found, member_id=number, present=came) for number, came in present.items()
        )
        found.state = State.HELD
        found.save(update_fields=["state", "revision"])
        details = _of(found) | {"present": sum(present.values()), "members": len(in_office)}
        audit.record(actor, "forum.record_attendance", _KIND, found.pk, details)
    return found


# --- votes and decisions ------------------------------------------------------------------------------------


def power_of(item: Item) -> Power | None:
    """Who decides on an item on the day of its meeting; None where nothing is decided."""
    return power(Matter(item.matter), item.meeting.held_on) if item.matter else None


def seat_of(asker: permission.Asker, meeting: Meeting) -> Member | None:
    """The seat of the person who asks, if they are in office on the day of the meeting."""
    person = permission.holder_of(asker).number
    if person is None:
        return None
    return next(
        (one for one in members_on(meeting.authority, meeting.held_on) if one.person_id == person), None
    )


def cast_vote(*, actor: Person, item: Item, member: Member, choice: Choice, now: datetime) -> Vote:
    """A member's own vote, or one that the clerk records. The later one counts until the decision.

    Raises ForumRefused with the reason when the member has no vote on the matter, was not present, or when
    the decision has been recorded.
    """
    meeting = item.meeting
    if member.person_id == actor.pk:
        permission.require(actor, "forum.vote", forum_record(actor, meeting.authority, "forum.vote"))
    else:
        require_manager(actor, meeting.authority)
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        held = power_of(item)
        if held is None:
            raise ForumRefused("Nothing is voted on here.", "It is for information or discussion.")
        if Decision.objects.filter(item=item).exists():
            raise ForumRefused("The decision has been recorded.", "Votes can no longer be changed.")
        if why := held.refusal(Category(member.category)):
            raise ForumRefused("This member has no vote on this.", why)
        if not Attendance.objects.filter(meeting=meeting, member=member, present=True).exists():
            raise ForumRefused(
                "This member is not recorded as present.", "Votes are cast at the meeting: record attendance."
            )
        vote, _ = Vote.objects.update_or_create(
            item=item, member=member, defaults={"choice": choice.value, "at": now, "by": actor}
        )
        details = {
            "meeting": str(meeting.pk),
            "number": item.number,
            "member": member.pk,
            "choice": choice.value,
        }
        audit.record(actor, "forum.vote", "forum item", item.pk, details)
    return vote


def tallies_of(item: Item) -> tuple[Tally, ...]:
    """The votes on an item counted, one count for each group that decides apart."""
    held = power_of(item)
    if held is None:
        return ()
    meeting = item.meeting
    members = [Category(one.category) for one in members_on(meeting.authority, meeting.held_on)]
    votes = [
        (Category(category), Choice(choice))
        for category, choice in item.votes.values_list("member__category", "choice")
    ]
    present = meeting.attendance.filter(present=True).count()
    return tallies(held, members, present, votes, proceedings(meeting.held_on))


@dataclass(frozen=True)
class Ruling:
    """What is recorded as the decision."""

    decided_by: Body
    agreed: bool | None
    """None where the Department is asked: its answer decides."""
    words: str
    because: str = ""
    """Why the authority decides against the view of the forum."""
    asked_department_on: date | None = None
    answer_due_on: date | None = None


def record_decision(*, actor: Person, item: Item, revision: int, ruling: Ruling, now: datetime) -> Decision:
    """Record what was decided, by who may decide it.

    Raises ForumRefused when somebody else has the last word, when a forum's decision is not what its members
    voted, when the authority goes against the forum without saying why, or when the Department is to decide
    and was not asked.
    """
    require_manager(actor, item.meeting.authority)
    said = words(ruling.words, "It is not said what was decided.", "Write the decision in words.")
    with transaction.atomic():
        found = _unminuted(item.meeting, revision)
        if Decision.objects.filter(item=item).exists():
            raise ForumRefused(
                "A decision has been recorded.", "It stands; put the matter on another agenda."
            )
        held = power_of(item)
        if held is None:
            raise ForumRefused("Nothing is decided here.", "Give the item a matter first.")
        counted = tallies_of(item)
        against = _require_ruling(held, counted, ruling)
        made = Decision.objects.create(
            item=item,
            decided_by=ruling.decided_by.value,
            agreed=ruling.agreed,
            words=said,
            against_view=against,
            because=ruling.because.strip() if against else "",
            asked_department_on=ruling.asked_department_on,
            answer_due_on=ruling.answer_due_on,
            tallies=[_kept(one) for one in counted],
            at=now,
            by=actor,
        )
        found.save(update_fields=["revision"])
        details = _of(found) | {
            "number": item.number,
            "matter": item.matter,
            "decided_by": made.decided_by,
            "agreed": made.agreed,
            "against_view": against,
        }
        audit.record(actor, "forum.decide", _KIND, found.pk, details)
    return made


def _require_ruling(held: Power, counted: Sequence[Tally], ruling: Ruling) -> bool:
    """Whether the ruling goes against the view of the forum. Raises ForumRefused when it cannot be made."""
    voted = [one for one in counted if one.in_favour or one.against]
    view = all(one.carried for one in voted) if voted else None
    if ruling.decided_by is Body.DEPARTMENT:
        if not held.may_go_to_department:
            raise ForumRefused(
                f"The Department {held.department} on this, and does not decide it.",
                f"{held.decider.label} decides.",
            )
        if ruling.asked_department_on is None:
            raise ForumRefused("It is not said when the Department was asked.", "Enter the day.")
        if ruling.agreed is not None:
            raise ForumRefused("The Department has not answered.", "Record its answer when it comes.")
        return view is False and _has_reason(ruling)
    if ruling.decided_by is not held.decider:
        raise ForumRefused(
            f"{ruling.decided_by.label} does not decide on this: {held.title.lower()}.",
            f"{held.decider.label} decides; the authority {held.authority}, the forum {held.forum}.",
        )
    if ruling.agreed is None:
        raise ForumRefused("It is not said whether it was agreed.", "Choose one.")
    if ruling.decided_by is Body.FORUM:
        _require_as_voted(counted, ruling)
        return False
    return view is not None and view != ruling.agreed and _has_reason(ruling)


def _has_reason(ruling: Ruling) -> bool:
    if not ruling.because.strip():
        raise ForumRefused(
            "The forum's view was the other way, and it is not said why the authority goes against it.",
            "Write why: the reason is published with the decision.",
        )
    return True


def _require_as_voted(counted: Sequence[Tally], ruling: Ruling) -> None:
    """A forum decides by its vote and in no other way. Where phases decide apart, one may agree alone."""
    if not any(one.in_favour or one.against for one in counted):
        raise ForumRefused("Nobody has voted.", "Record the votes; the forum decides by them.")
    if any(one.outcome.value == "not quorate" for one in counted):
        raise ForumRefused("The meeting was not quorate.", "The forum can decide at another meeting.")
    carried = any(one.carried for one in counted)
    if carried != ruling.agreed:
        told = "; ".join(f"{one.ballot.title}: {one.words}" for one in counted)
        raise ForumRefused("The decision is not what the members voted.", f"{told}.")


def record_answer(
    *, actor: Person, decision: Decision, revision: int, agreed: bool, answered_on: date, text: str
) -> Decision:
    """What the Department answered."""
    require_manager(actor, decision.item.meeting.authority)
    with transaction.atomic():
        meeting = locked(Meeting, decision.item.meeting_id, revision, "meeting")
        found = Decision.objects.select_for_update().get(pk=decision.pk)
        if found.asked_department_on is None or found.department_answered_on is not None:
            raise ForumRefused("No answer of the Department is waited for.", "Nothing has to be recorded.")
        if answered_on < found.asked_department_on:
            raise ForumRefused("It answered before it was asked.", "Check the day.")
        found.department_answered_on, found.agreed = answered_on, agreed
        found.department_words = text.strip()
        found.save(update_fields=["department_answered_on", "agreed", "department_words"])
        meeting.save(update_fields=["revision"])
        details = _of(meeting) | {"number": found.item.number, "agreed": agreed}
        audit.record(actor, "forum.department_answered", _KIND, meeting.pk, details)
    return found


# --- actions and minutes ------------------------------------------------------------------------------------


def add_action(
    *, actor: Person, meeting: Meeting, revision: int, text: str, owner: str, due_on: date
) -> Action:
    """Note what somebody is to do."""
    require_manager(actor, meeting.authority)
    text = words(text, "It is not said what is to be done.", "Write the action.")
    owner = words(owner, "Nobody is to do it.", "Name the office that does it.")
    with transaction.atomic():
        found = locked(Meeting, meeting.pk, revision, "meeting")
        made = Action.objects.create(meeting=found, text=text, owner=owner, due_on=due_on)
        found.save(update_fields=["revision"])
        details = _of(found) | {"action": made.pk, "due_on": due_on.isoformat()}
        audit.record(actor, "forum.add_action", _KIND, found.pk, details)
    return made


def finish_action(*, actor: Person, action: Action, done_on: date, outcome: str) -> Action:
    """Say that an action is done, and what came of it."""
    require_manager(actor, action.meeting.authority)
    outcome = words(outcome, "It is not said what came of it.", "Write what was done.")
    with transaction.atomic():
        found = Action.objects.select_for_update().get(pk=action.pk)
        if found.done_on is not None:
            raise ForumRefused("It has been done already.", "Nothing has to be recorded.")
        found.done_on, found.outcome = done_on, outcome
        found.save(update_fields=["done_on", "outcome"])
        audit.record(actor, "forum.finish_action", "forum action", found.pk, {"on": done_on.isoformat()})
    return found


def publish_minutes(
    *, actor: Person, meeting: Meeting, revision: int, minutes: str, frozen: Mapping[str, Any], now: datetime
) -> Meeting:
    """Publish the minutes with agenda, attendance, votes and decisions as they are now; they never change."""
    require_manager(actor, meeting.authority)
    minutes = words(minutes, "The minutes say nothing.", "Write what was said.")
    with transaction.atomic():
        found = _unminuted(meeting, revision)
        if found.state != State.HELD:
            raise ForumRefused("Attendance has not been recorded.", "Record who came first.")
        open_items = [one for one in found.items.exclude(matter="") if not hasattr(one, "decision")]
        if open_items:
            numbers = ", ".join(str(one.number) for one in open_items)
            raise ForumRefused(
                f"No decision is recorded on item {numbers}.", "Record it, or take the item off the agenda."
            )
        found.minutes, found.minuted_at, found.state = minutes, now, State.MINUTED
        found.frozen_minutes = dict(frozen)
        found.save(update_fields=["minutes", "minuted_at", "state", "frozen_minutes", "revision"])
        audit.record(actor, "forum.publish_minutes", _KIND, found.pk, _of(found))
    return found


def _unminuted(meeting: Meeting, revision: int) -> Meeting:
    found = locked(Meeting, meeting.pk, revision, "meeting")
    if found.state == State.MINUTED:
        raise ForumRefused(
            "Its minutes have been published, and published minutes never change.",
            "Put the matter on the agenda of another meeting.",
        )
    return found


def _kept(one: Tally) -> dict[str, Any]:
    return {"ballot": one.ballot.title, "code": one.ballot.code, "words": one.words, "carried": one.carried}


def _of(one: Meeting) -> dict[str, Any]:
    """What the audit trail says of a meeting: codes and dates, no names."""
    return {
        "authority": one.authority,
        "held_on": one.held_on.isoformat(),
        "state": str(one.state),
        "revision": one.revision,
    }
