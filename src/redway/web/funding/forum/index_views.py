"""The first page of the forum, the powers table and the members."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import ValuesError
from redway.core.words import day_in_words
from redway.figures.table import Column, Row, Table
from redway.funding.forum_powers import Category, powers_on, proceedings
from redway.funding.timetable import timetable, year_prepared
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.forum import meeting_services as services
from redway.web.funding.forum.access import access_forum, forums_of, own_schools
from redway.web.funding.forum.forms import EndForm, MemberForm, days_of_term
from redway.web.funding.forum.models import Action, Consultation, Meeting, Member
from redway.web.funding.forum.pages import may, trail
from redway.web.funding.forum.showing import Read
from redway.web.funding.forum.tables import powers_table, timetable_table
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of

_HIDDEN = (Consultation.State.DRAFT, Consultation.State.WITHDRAWN)


@require_safe
@needs("forum.view")
def index(request: HttpRequest) -> HttpResponse:
    """Consultations, meetings and the funding year of one authority."""
    forums = forums_of(request)
    chosen = request.GET.get("authority", "")
    number = chosen if chosen in forums else next(iter(forums), "")
    if not number:
        raise Http404("There is no forum that is open to you.")
    today = permission.today()
    manages = may(request, "forum.manage", number)
    found = Consultation.objects.filter(authority=number).prefetch_related("options", "questions")
    if not manages:
        found = found.exclude(state__in=_HIDDEN)
    year = year_prepared(today)
    context = {
        "number": number,
        "name": forums[number],
        "others": [(key, name) for key, name in forums.items() if key != number],
        "consultations": [Read(one, today) for one in found],
        "meetings": list(Meeting.objects.filter(authority=number)[:10]),
        "actions": list(Action.objects.filter(meeting__authority=number, done_on=None)) if manages else [],
        "schools": own_schools(request, "forum.respond", number),
        "manages": manages,
        "timetable": TableView(
            timetable_table(year, timetable(year), today),
            TableState.read(request.GET, "timetable"),
            per_page=20,
        ),
        "today": today,
        "breadcrumbs": [("Funding", reverse("funding:index"))],
    }
    return render(request, "forum/index.html", context)


@require_safe
@needs("forum.view")
def powers(request: HttpRequest) -> HttpResponse:
    """Who decides what, and who votes, today."""
    context = {
        "view": _powers_view(request),
        "rules": proceedings(permission.today()),
        "breadcrumbs": trail(),
    }
    return render(request, "forum/powers.html", context)


@require_safe
@needs("forum.view")
def powers_file(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The powers table as a file."""
    return export(_powers_view(request), extension)


def _powers_view(request: HttpRequest) -> TableView:
    held = powers_table(powers_on(permission.today()))
    return TableView(
        held, TableState.read(request.GET, "powers"), address=reverse("forum:powers").rstrip("/")
    )


@require_safe
@needs("forum.view", of="forum")
def members(request: HttpRequest, number: str) -> HttpResponse:
    """Who sits on the forum, for whom and until when."""
    authority = access_forum(request, number, "forum.view")
    today = permission.today()
    held = list(Member.objects.filter(authority=number).order_by("category", "name"))
    manages = may(request, "forum.manage", number)
    serving = [one for one in held if one.first_day <= today <= one.last_day]
    context = {
        "authority": authority,
        "view": TableView(
            _members_table("Members in office", serving),
            TableState.read(request.GET, "members"),
            per_page=60,
            links={"name": lambda row: reverse("forum:member_end", args=[number, row["number"]])}
            if manages
            else {},
        ),
        "others": TableView(
            _members_table("Terms that have ended or not begun", [one for one in held if one not in serving]),
            TableState.read(request.GET, "others"),
        ),
        "quorum": _quorum_words(len(serving)),
        "manages": manages,
        "breadcrumbs": trail(),
    }
    return render(request, "forum/members.html", context)


def _quorum_words(count: int) -> str:
    try:
        rules = proceedings(permission.today())
    except ValuesError as error:
        return error.message
    return f"{rules.needed(count)} of {count} members must be present for a decision ({rules.quorum}%)."


def _members_table(title: str, held: list[Member]) -> Table:
    columns = [
        Column("name", "Member"),
        Column("category", "Category"),
        Column("represents", "School or body"),
        Column("term", "Term of office"),
        Column("votes", "Votes themselves"),
    ]
    rows: list[Row] = [
        {
            "number": one.pk,
            "name": f"{one.name} (chair)" if one.is_chair else one.name,
            "category": Category(one.category).label,
            "represents": one.represents,
            "term": days_of_term(one.first_day, one.last_day),
            "votes": "With their account" if one.person_id else "Recorded by the clerk",
        }
        for one in held
    ]
    return Table(title, columns, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("forum.manage", of="forum")
def member_new(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a member."""
    authority = access_forum(request, number, "forum.manage")
    return form_page(
        request,
        MemberForm(request.POST if request.method == "POST" else None),
        lambda form, _: services.add_member(actor=person_of(request), authority=number, seat=form.seat),
        title="Enter a member of the forum",
        button="Enter the member",
        done="The member is entered.",
        back=reverse("forum:members", args=[number]),
        caption=authority.name,
        breadcrumbs=trail(("Members", reverse("forum:members", args=[number]))),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("forum.manage", of="forum")
def member_end(request: HttpRequest, number: str, member: int) -> HttpResponse:
    """End a term early."""
    authority = access_forum(request, number, "forum.manage")
    found = get_object_or_404(Member, pk=member, authority=number)
    return form_page(
        request,
        EndForm(request.POST if request.method == "POST" else None),
        lambda form, _: services.end_membership(
            actor=person_of(request),
            member=found,
            last_day=form.cleaned_data["last_day"],
            reason=form.cleaned_data["reason"],
        ),
        title="End a term of office",
        button="End the term",
        done="The term is ended.",
        back=reverse("forum:members", args=[number]),
        caption=authority.name,
        rows=[
            ("Member", found.name),
            ("Category", Category(found.category).label),
            ("Term", f"Until {day_in_words(found.last_day)}"),
        ],
        breadcrumbs=trail(("Members", reverse("forum:members", args=[number]))),
    )
