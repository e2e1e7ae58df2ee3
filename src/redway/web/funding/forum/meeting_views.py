"""Pages of a meeting: agenda, attendance, votes, decisions, actions and minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words
from redway.figures.table import Column, Row, Table
from redway.funding.forum_powers import Category, powers_on, proceedings
from redway.funding.forum_votes import Choice
from redway.web.design.form_page import Trail, deed, form_page
from redway.web.design.papers import pdf_response
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.forum import meeting_services as services
from redway.web.funding.forum.access import access_forum, access_meeting
from redway.web.funding.forum.consultation_views import FORM, organisation_of
from redway.web.funding.forum.forms import (
    ActionForm,
    AnswerForm,
    AttendanceForm,
    DecisionForm,
    DoneForm,
    MeetingForm,
    MinutesForm,
    PointForm,
    VoteForm,
)
from redway.web.funding.forum.models import Action, Consultation, Item, Meeting, Member
from redway.web.funding.forum.pages import may, trail
from redway.web.funding.forum.papers import minutes_document
from redway.web.funding.forum.showing import decision_of, decision_rows, transfer_words, who_decides
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


def _address(meeting: Meeting, page: str = "meeting", *more: object) -> str:
    return reverse(f"forum:{page}", args=[meeting.pk, *more])


def _trail(meeting: Meeting) -> Trail:
    return trail((f"Meeting of {day_in_words(meeting.held_on)}", _address(meeting)))


def _item(meeting: Meeting, number: int) -> Item:
    return get_object_or_404(Item.objects.select_related("meeting"), meeting=meeting, number=number)


@require_safe
@needs("forum.view", of="forum")
def meeting(request: HttpRequest, key: UUID) -> HttpResponse:
    """Agenda, who comes, what is decided and by whom."""
    found = access_meeting(request, key, "forum.view")
    today = permission.today()
    seat = services.seat_of(request, found)
    items = found.items.select_related("consultation", "meeting").all()
    context = {
        "meeting": found,
        "manages": may(request, "forum.manage", found.authority),
        "seat": seat,
        "items": [_shown(one, seat, today) for one in items],
        "members": TableView(_members_table(found), TableState.read(request.GET, "members"), per_page=60),
        "quorum": quorum_words(found),
        "actions": [(one, one.done_on is None and one.due_on < today) for one in found.actions.all()],
        "is_minuted": found.state == Meeting.State.MINUTED,
        "minutes": [part for part in found.minutes.split("\n\n") if part.strip()],
        "breadcrumbs": trail(),
    }
    return render(request, "forum/meeting.html", context)


VOTES_LATER = "Votes are cast at the meeting, once you are recorded as present."


def _shown(item: Item, seat: Member | None, today: Any) -> dict[str, Any]:
    """One item with who decides, the votes so far, the decision, and whether this person may vote on it."""
    held = services.power_of(item)
    decision = decision_of(item)
    tallies = services.tallies_of(item) if item.votes.exists() and decision is None else ()
    refusal = held.refusal(Category(seat.category)) if held and seat else ""
    has_vote = bool(held and seat and not refusal and decision is None)
    is_present = has_vote and item.meeting.attendance.filter(member=seat, present=True).exists()
    return {
        "item": item,
        "power": held,
        "who_decides": who_decides(held) if held else "",
        "voters": "; ".join(ballot.title for ballot in held.ballots) if held else "",
        "transfer": transfer_words(item),
        "tallies": [(one.ballot.title, one.words) for one in tallies],
        "decision": decision_rows(decision, today) if decision else [],
        "waits": decision is not None and decision.agreed is None,
        "may_vote": is_present,
        "votes_later": has_vote and not is_present,
        "no_vote": refusal if decision is None else "",
        "vote": item.votes.filter(member=seat).first() if seat else None,
        "is_decided": decision is not None,
    }


def quorum_words(found: Meeting) -> str:
    """Whether enough members came; before the meeting, how many are needed."""
    count = len(services.members_on(found.authority, found.held_on))
    rules = proceedings(found.held_on)
    present = found.attendance.filter(present=True).count()
    needed = f"{rules.needed(count)} of {count} members must be present for a decision ({rules.quorum}%)."
    if found.state == Meeting.State.PLANNED:
        return needed
    quorate = "The meeting was quorate" if rules.is_quorate(present, count) else "The meeting was not quorate"
    return f"{quorate}: {present} of {count} members were present. {needed}"


def _members_table(found: Meeting) -> Table:
    came = dict(found.attendance.values_list("member_id", "present"))
    columns = [
        Column("name", "Member"),
        Column("category", "Category"),
        Column("represents", "School or body"),
        Column(
            "until",
            "Term ends",
        ),
        Column("came", "Attendance"),
    ]
    said = {True: "Present", False: "Apologies", None: "Not recorded"}
    rows: list[Row] = [
        {
            "name": f"{one.name} (chair)" if one.is_chair else one.name,
            "category": Category(one.category).label,
            "represents": one.represents,
            "until": day_in_words(one.last_day),
            "came": said[came.get(one.pk)],
        }
        for one in services.members_on(found.authority, found.held_on)
    ]
    return Table("Members in office on the day", columns, rows)


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Plan a meeting."""
    authority = access_forum(request, number, "forum.manage")
    return form_page(
        request,
        MeetingForm(request.POST if request.method == "POST" else None),
        lambda form, _: services.plan_meeting(
            actor=person_of(request), authority=number, **form.cleaned_data
        ),
        title="Plan a meeting",
        button="Plan the meeting",
        done="The meeting is planned.",
        back=reverse("forum:index"),
        caption=authority.name,
        breadcrumbs=trail(),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another day or place."""
    found = access_meeting(request, key, "forum.manage")
    return form_page(
        request,
        MeetingForm(
            request.POST if request.method == "POST" else None,
            initial={"held_on": found.held_on, "place": found.place},
        ),
        lambda form, revision: services.move_meeting(
            actor=person_of(request), meeting=found, revision=revision, **form.cleaned_data
        ),
        title="Change day or place",
        button="Keep",
        done="Day and place are kept.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        stands=lambda: [("Day", day_in_words(found.held_on)), ("Place", found.place)],
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def item_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put something on the agenda."""
    found = access_meeting(request, key, "forum.manage")
    papers = Consultation.objects.filter(authority=found.authority, published_at__isnull=False)
    return form_page(
        request,
        PointForm(
            powers_on(found.held_on),
            list(papers.exclude(state=Consultation.State.WITHDRAWN)),
            request.POST if request.method == "POST" else None,
        ),
        lambda form, revision: services.add_item(
            actor=person_of(request), meeting=found, revision=revision, point=form.point
        ),
        title="Put an item on the agenda",
        button="Put it on the agenda",
        done="The item is on the agenda.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        breadcrumbs=_trail(found),
    )


@require_POST
@needs("forum.manage", of="forum")
def item_off(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Take something off the agenda."""
    found = access_meeting(request, key, "forum.manage")
    item = _item(found, number)
    return deed(
        request,
        lambda revision: services.take_item_off(actor=person_of(request), item=item, revision=revision),
        done="The item is off the agenda.",
        back=_address(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def attendance(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who came."""
    found = access_meeting(request, key, "forum.manage")
    members = services.members_on(found.authority, found.held_on)
    came = found.attendance.filter(present=True).values_list("member_id", flat=True)
    return form_page(
        request,
        AttendanceForm(
            members,
            request.POST if request.method == "POST" else None,
            initial={"present": [str(one) for one in came]},
        ),
        lambda form, revision: services.record_attendance(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            present=form.present,
            today=permission.today(),
        ),
        title="Record attendance",
        button="Record attendance",
        done="Attendance is recorded.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        sentences=[quorum_words(found)],
        breadcrumbs=_trail(found),
    )


# --- votes and decisions ------------------------------------------------------------------------------------


def _item_rows(item: Item, *, with_votes: bool = True) -> list[tuple[str, str]]:
    held = services.power_of(item)
    if held is None:
        raise Http404("Nothing is decided on this item.")
    rows = [
        ("Proposal", item.proposal),
        ("Who decides", who_decides(held)),
        ("Who votes", "\n".join(ballot.title for ballot in held.ballots) or "Nobody"),
    ]
    if why := transfer_words(item):
        rows.append(("Limit", why))
    if with_votes:
        rows += [(one.ballot.title, one.words) for one in services.tallies_of(item)]
    return rows


@require_http_methods(FORM)
@needs("forum.vote", of="forum")
def vote(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """A member's own vote."""
    found = access_meeting(request, key, "forum.vote")
    item = _item(found, number)
    seat = services.seat_of(request, found)
    if seat is None:
        raise Http404("You have no seat on the forum on the day of this meeting.")
    held = item.votes.filter(member=seat).first()
    data = {**request.POST.dict(), "member": str(seat.pk)} if request.method == "POST" else None
    form = VoteForm([seat], data, initial={"choice": held.choice if held else None, "member": str(seat.pk)})
    power = services.power_of(item)
    refusal = power.refusal(Category(seat.category)) if power else ""
    if not refusal and not found.attendance.filter(member=seat, present=True).exists():
        refusal = VOTES_LATER
    return form_page(
        request,
        form,
        lambda form, _: services.cast_vote(
            actor=person_of(request),
            item=item,
            member=seat,
            choice=Choice(form.cleaned_data["choice"]),
            now=timezone.now(),
        ),
        title="Vote",
        button="Vote",
        done="Your vote is recorded. You can change it until the decision is recorded.",
        back=_address(found),
        caption=item.title,
        rows=_item_rows(item, with_votes=False),
        sentences=[refusal] if refusal else [],
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def vote_for(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The clerk records a member's vote; a member without one is refused with the reason."""
    found = access_meeting(request, key, "forum.manage")
    item = _item(found, number)
    members = [
        one.member
        for one in found.attendance.filter(present=True).select_related("member").order_by("member__name")
    ]
    return form_page(
        request,
        VoteForm(members, request.POST if request.method == "POST" else None),
        lambda form, _: services.cast_vote(
            actor=person_of(request),
            item=item,
            member=form.member,
            choice=Choice(form.cleaned_data["choice"]),
            now=timezone.now(),
        ),
        title="Record a vote",
        button="Record the vote",
        done="The vote is recorded.",
        back=_address(found, "vote_for", number),
        caption=item.title,
        rows=_item_rows(item),
        sentences=[] if members else ["Nobody is recorded as present. Record attendance first."],
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def decide(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Record the decision."""
    found = access_meeting(request, key, "forum.manage")
    item = _item(found, number)
    held = services.power_of(item)
    return form_page(
        request,
        DecisionForm(
            request.POST if request.method == "POST" else None,
            initial={"decided_by": held.decider.value if held else None},
        ),
        lambda form, revision: services.record_decision(
            actor=person_of(request), item=item, revision=revision, ruling=form.ruling, now=timezone.now()
        ),
        title="Record the decision",
        button="Record the decision",
        done="The decision is recorded.",
        back=_address(found),
        caption=item.title,
        revision=found.revision,
        rows=_item_rows(item),
        sentences=list(proceedings(found.held_on).unconfirmed[:2]),
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def answer(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Record what the Department answered."""
    found = access_meeting(request, key, "forum.manage")
    decision = decision_of(_item(found, number))
    if decision is None or decision.asked_department_on is None:
        raise Http404("The Department was not asked.")
    return form_page(
        request,
        AnswerForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.record_answer(
            actor=person_of(request),
            decision=decision,
            revision=revision,
            agreed=form.cleaned_data["agreed"] == "yes",
            answered_on=form.cleaned_data["answered_on"],
            text=form.cleaned_data["text"],
        ),
        title="Record the Department's answer",
        button="Record the answer",
        done="The answer is recorded.",
        back=_address(found),
        caption=decision.item.title,
        revision=found.revision,
        rows=decision_rows(decision, permission.today()),
        breadcrumbs=_trail(found),
    )


# --- actions and minutes ------------------------------------------------------------------------------------


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def action_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Note an action."""
    found = access_meeting(request, key, "forum.manage")
    return form_page(
        request,
        ActionForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.add_action(
            actor=person_of(request), meeting=found, revision=revision, **form.cleaned_data
        ),
        title="Note an action",
        button="Note the action",
        done="The action is noted.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def action_done(request: HttpRequest, key: UUID, action: int) -> HttpResponse:
    """Say that an action is done."""
    found = access_meeting(request, key, "forum.manage")
    held = get_object_or_404(Action, meeting=found, pk=action)
    return form_page(
        request,
        DoneForm(request.POST if request.method == "POST" else None),
        lambda form, _: services.finish_action(actor=person_of(request), action=held, **form.cleaned_data),
        title="Say what came of an action",
        button="It is done",
        done="The action is done.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        rows=[("Action", held.text), ("Who", held.owner), ("By", day_in_words(held.due_on))],
        breadcrumbs=_trail(found),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def minutes(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write and publish the minutes."""
    found = access_meeting(request, key, "forum.manage")
    return form_page(
        request,
        MinutesForm(request.POST if request.method == "POST" else None, initial={"minutes": found.minutes}),
        lambda form, revision: services.publish_minutes(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            minutes=form.cleaned_data["minutes"],
            frozen=frozen_minutes(found, form.cleaned_data["minutes"]),
            now=timezone.now(),
        ),
        title="Publish the minutes",
        button="Publish the minutes",
        done="The minutes are published.",
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        sentences=["Published minutes never change."],
        breadcrumbs=_trail(found),
    )


def frozen_minutes(found: Meeting, text: str) -> dict[str, Any]:
    """Agenda, attendance, votes and decisions as they are now, to be published and kept."""
    today = permission.today()
    items = []
    for item in found.items.select_related("meeting").all():
        decision = decision_of(item)
        rows = [("Proposal", item.proposal)] if item.proposal else []
        rows += decision_rows(decision, today) if decision else []
        items.append({"number": item.number, "title": item.title, "rows": [list(row) for row in rows]})
    return {
        "held_on": day_in_words(found.held_on),
        "published_on": today.isoformat(),
        "place": found.place,
        "quorum": quorum_words(found),
        "members": [
            {"name": row["name"], "category": row["category"], "came": row["came"]}
            for row in _members_table(found).rows
        ],
        "minutes": text,
        "items": items,
        "actions": [
            {"text": one.text, "owner": one.owner, "due": day_in_words(one.due_on)}
            for one in found.actions.all()
        ],
    }


@require_safe
@needs("forum.view", of="forum")
def minutes_paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """Published minutes as a PDF."""
    found = access_meeting(request, key, "forum.view")
    if found.state != Meeting.State.MINUTED:
        raise Http404("The minutes have not been published.")
    return pdf_response(minutes_document(found.frozen_minutes, organisation_of(found.authority)), "forum")
