"""Pages of the plan: overview, ten minutes, the director's page, an objective and everything under it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.figures.sheets import csv_lines
from redway.improvement.plan_rows import ALSO, PLAN_COLUMNS, read_plan
from redway.web.design.exports import export
from redway.web.design.form_page import FORM, form_page
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.design.uploaded_table import rows_of_upload
from redway.web.improvement.board import objective_services as services
from redway.web.improvement.board import tables
from redway.web.improvement.board.access import access_objective, access_plan, plans_of
from redway.web.improvement.board.forms import (
    AimForm,
    ImportForm,
    ReasonForm,
    RiskForm,
)
from redway.web.improvement.board.import_services import import_plan
from redway.web.improvement.board.measure_views import chart_view
from redway.web.improvement.board.meeting_services import note_plan_read
from redway.web.improvement.board.models import Decision, Objective
from redway.web.improvement.board.overview import ForBoard, ForDirector
from redway.web.improvement.board.pages import (
    may,
    objective_address,
    objective_caption,
    objective_crumb,
    objective_stands,
    read_objective,
    trail,
)
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


def chosen(request: HttpRequest, action: str = "plan.view") -> tuple[str, dict[str, str]]:
    """Number of the authority whose plan is shown, and every one that is open. Raises Http404."""
    plans = plans_of(request, action)
    wanted = request.GET.get("authority", "")
    number = wanted if wanted in plans else next(iter(plans), "")
    if not number:
        raise Http404("There is no improvement plan that is open to you.")
    return number, plans


def _common(request: HttpRequest, number: str, plans: dict[str, str]) -> dict[str, Any]:
    return {
        "number": number,
        "name": plans[number],
        "others": [(key, name) for key, name in plans.items() if key != number],
        "edits": may(request, "plan.edit", number),
        "manages": may(request, "board.manage", number),
        "today": permission.today(),
    }


@require_safe
@needs("plan.view")
def index(request: HttpRequest) -> HttpResponse:
    """The plan of one authority: every objective, how near its targets, and what is off track."""
    number, plans = chosen(request)
    plan = PlanRead(number, permission.today())
    context = _common(request, number, plans) | {
        "plan": plan,
        "actions": _actions_view(request, plan),
        "history": _history_view(request, plan) if plan.meetings else None,
        "next": ForBoard(plan).next_meeting,
        "made_up": any(one.made_up for one in plan.all_objectives),
        "breadcrumbs": trail(request)[:-1],
    }
    return render(request, "board/index.html", context)


@require_safe
@needs("board.view")
def ten_minutes(request: HttpRequest) -> HttpResponse:
    """What a member of the board with ten minutes should read and ask."""
    number, plans = chosen(request, "board.view")
    plan = PlanRead(number, permission.today())
    context = _common(request, number, plans) | {
        "plan": plan,
        "board": ForBoard(plan, person_of(request)),
        "made_up": any(one.made_up for one in plan.all_objectives),
        "breadcrumbs": trail(request),
    }
    return render(request, "board/ten_minutes.html", context)


@require_safe
@needs("board.manage")
def director(request: HttpRequest) -> HttpResponse:
    """What whoever chairs the board has to see to before the next meeting."""
    number, plans = chosen(request, "board.manage")
    plan = PlanRead(number, permission.today())
    context = _common(request, number, plans) | {
        "plan": plan,
        "board": ForDirector(plan, person_of(request)),
        "made_up": any(one.made_up for one in plan.all_objectives),
        "breadcrumbs": trail(request),
    }
    return render(request, "board/director.html", context)


@require_safe
@needs("plan.view", of="improvement plan")
def actions_file(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The table of actions as a file."""
    access_plan(request, number, "plan.view")
    note_plan_read(actor=person_of(request), authority=number)
    return export(_actions_view(request, PlanRead(number, permission.today())), extension)


@require_safe
@needs("plan.view", of="improvement plan")
def history_file(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The colours at each meeting as a file."""
    access_plan(request, number, "plan.view")
    note_plan_read(actor=person_of(request), authority=number)
    return export(_history_view(request, PlanRead(number, permission.today())), extension)


def _actions_view(request: HttpRequest, plan: PlanRead) -> TableView:
    return TableView(
        tables.actions_table(plan.actions),
        TableState.read(request.GET, "actions"),
        address=reverse("board:actions_table", args=[plan.number, "csv"]).removesuffix(".csv"),
        links={"title": lambda row: reverse("board:action", args=[row["key"]])},
        heading="title",
        first_shown=["number", "title", "colour", "why", "travel", "owner", "due", "moved"],
        ratings=["colour"],
    )


def _history_view(request: HttpRequest, plan: PlanRead) -> TableView:
    table = tables.history_table(plan)
    return TableView(
        table,
        TableState.read(request.GET, "history"),
        address=reverse("board:history_table", args=[plan.number, "csv"]).removesuffix(".csv"),
        links={"action": lambda row: reverse("board:action", args=[row["key"]])},
        ratings=[column.key for column in table.columns[1:]],
        wide=True,
    )


# --- an objective -------------------------------------------------------------------------------------------


@require_safe
@needs("plan.view", of="improvement plan")
def objective(request: HttpRequest, key: UUID) -> HttpResponse:
    """One objective: how near the targets, actions, risks, decisions and what it waits for."""
    found = access_objective(request, key, "plan.view")
    note_plan_read(actor=person_of(request), authority=found.authority, objective=found)
    read = read_objective(found)
    decisions = Decision.objects.filter(objective=found).select_related("meeting", "objective")
    context = {
        "read": read,
        "objective": found,
        "measures": [(one, chart_view(found, one)) for one in read.measures],
        "open_risks": [one for one in read.risks if one.closed_on is None],
        "closed_risks": [one for one in read.risks if one.closed_on is not None],
        "decisions": list(decisions),
        "sees_board": may(request, "board.view", found.authority),
        "edits": may(request, "plan.edit", found.authority) and found.state == Objective.State.OPEN,
        "deletes": services.may_be_deleted(found),
        "today": permission.today(),
        "breadcrumbs": trail(request),
    }
    return render(request, "board/objective.html", context)


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def objective_new(request: HttpRequest, number: str) -> HttpResponse:
    """Begin an objective."""
    authority = access_plan(request, number, "plan.edit")
    return form_page(
        request,
        AimForm(request.POST if request.method == "POST" else None),
        lambda form, _: services.begin_objective(
            actor=person_of(request), authority=number, aim=form.aim, now=timezone.now()
        ),
        title="Begin an objective",
        button="Begin the objective",
        done="The objective is in the plan.",
        back=_index_of(number),
        caption=authority.name,
        breadcrumbs=trail(request),
    )


def _index_of(number: str) -> str:
    return f"{reverse('board:index')}?authority={number}"


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def objective_edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change the words of an objective."""
    found = access_objective(request, key, "plan.edit")
    names = ("title", "outcome", "came_from", "restricted")
    return form_page(
        request,
        AimForm(
            request.POST if request.method == "POST" else None,
            initial={name: getattr(found, name) for name in names},
        ),
        lambda form, revision: services.edit_objective(
            actor=person_of(request), objective=found, revision=revision, aim=form.aim
        ),
        title="Change the objective",
        button="Keep",
        done="The objective is changed.",
        back=objective_address(found),
        caption=objective_caption(found),
        revision=found.revision,
        stands=lambda: objective_stands(found),
        breadcrumbs=trail(request, objective_crumb(found)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def objective_withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop pursuing an objective, with a reason."""
    found = access_objective(request, key, "plan.edit")
    return form_page(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.withdraw_objective(
            actor=person_of(request),
            objective=found,
            revision=revision,
            today=permission.today(),
            **form.cleaned_data,
        ),
        title="Withdraw the objective",
        button="Withdraw it",
        done="The objective is withdrawn. It stays in the record.",
        back=objective_address(found),
        caption=objective_caption(found),
        revision=found.revision,
        stands=lambda: objective_stands(found),
        sentences=["It stays in the record with its history, and the next pack says why it was withdrawn."],
        breadcrumbs=trail(request, objective_crumb(found)),
        warning=True,
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def objective_delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take away an objective that was begun by mistake."""
    found = access_objective(request, key, "plan.edit")
    number = found.authority
    return form_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda _, revision: services.delete_objective(
            actor=person_of(request), objective=found, revision=revision
        ),
        title="Delete the objective",
        button="Delete it",
        done="The objective is deleted.",
        back=_index_of(number),
        caption=objective_caption(found),
        revision=found.revision,
        stands=lambda: objective_stands(found),
        sentences=[
            "Only an objective on which no progress is recorded can be deleted; any other is withdrawn."
        ],
        breadcrumbs=trail(request, objective_crumb(found)),
        warning=True,
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def risk_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a risk on record."""
    found = access_objective(request, key, "plan.edit")
    return form_page(
        request,
        RiskForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.add_risk(
            actor=person_of(request), objective=found, revision=revision, danger=form.danger
        ),
        title="Add a risk",
        button="Add the risk",
        done="The risk is on record.",
        back=objective_address(found),
        caption=objective_caption(found),
        revision=found.revision,
        stands=lambda: objective_stands(found),
        breadcrumbs=trail(request, objective_crumb(found)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def risk_close(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Say that a risk is over."""
    found = access_objective(request, key, "plan.edit")
    risk = get_object_or_404(found.risks.select_related("objective"), pk=number)
    return form_page(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.close_risk(
            actor=person_of(request),
            risk=risk,
            revision=revision,
            today=permission.today(),
            **form.cleaned_data,
        ),
        title="Close the risk",
        button="Close it",
        done="The risk is closed.",
        back=objective_address(found),
        caption=risk.title,
        revision=found.revision,
        stands=lambda: objective_stands(found),
        breadcrumbs=trail(request, objective_crumb(found)),
    )


# --- a plan as a table --------------------------------------------------------------------------------------


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def import_table(request: HttpRequest, number: str) -> HttpResponse:
    """Take in a plan from a table: whole, or not at all with every missing line named."""
    authority = access_plan(request, number, "plan.edit")

    def take_in(form: ImportForm, _: int) -> object:
        planned = read_plan(*rows_of_upload(form.cleaned_data["table"], "objective"))
        return import_plan(actor=person_of(request), authority=number, planned=planned, now=timezone.now())

    post = request.method == "POST"
    return form_page(
        request,
        ImportForm(request.POST if post else None, request.FILES if post else None),
        take_in,
        title="Import a plan",
        button="Import the plan",
        done="The plan is imported. Its actions are drafts: approve each one.",
        back=_index_of(number),
        caption=authority.name,
        sentences=[
            "A row for each action.",
            "A plan in which anything is missing is not taken in, and every missing line is named.",
        ],
        rows=[
            *PLAN_COLUMNS.items(),
            *((name, f"{about} (may be left out)") for name, about in ALSO.items()),
        ],
        breadcrumbs=trail(request),
    )


@require_safe
@needs("plan.edit", of="improvement plan")
def import_template(request: HttpRequest, number: str) -> HttpResponse:
    """An empty table with the headings a plan needs."""
    access_plan(request, number, "plan.edit")
    response = HttpResponse(
        "".join(csv_lines(tables.plan_template())), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="improvement-plan.csv"'
    return response
