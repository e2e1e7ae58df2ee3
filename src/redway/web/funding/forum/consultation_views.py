"""Pages of a consultation: the paper, its options and questions, publication, the responses and the pack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import counted, day_in_words
from redway.figures.table import Column, Row, Table
from redway.funding.consultation import QuestionKind
from redway.funding.consultation_responses import Analysis, QuestionAnswered
from redway.funding.forum_powers import powers_on
from redway.funding.timetable import year_prepared
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.form_page import Trail, deed, form_page
from redway.web.design.papers import pdf_response
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.access import funding_record
from redway.web.funding.forum import consultation_services as services
from redway.web.funding.forum import tables
from redway.web.funding.forum.access import access_consultation, access_forum, own_schools
from redway.web.funding.forum.forms import (
    AnalysisForm,
    OptionForm,
    PaperForm,
    ProlongForm,
    QuestionForm,
    ReasonForm,
)
from redway.web.funding.forum.models import Consultation, Option, Question
from redway.web.funding.forum.pages import may, trail
from redway.web.funding.forum.papers import MEDIA, consultation_paper, pack
from redway.web.funding.forum.scenarios import frozen_now, scenarios_of
from redway.web.funding.forum.showing import (
    Read,
    decision_of,
    decision_rows,
    urns_of,
    who_decides,
)
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School
from redway.web.register.queries import authority_names

State = Consultation.State
FORM = ["GET", "HEAD", "POST"]


def _read(request: HttpRequest, key: UUID, action: str) -> Read:
    return Read(access_consultation(request, key, action), permission.today())


def address(read: Read, page: str = "consultation", *more: object) -> str:
    """Address of one of its pages."""
    return reverse(f"forum:{page}", args=[read.consultation.pk, *more])


def trail_of(read: Read) -> Trail:
    """The way back from a page about it."""
    return trail((read.consultation.title, address(read)))


def organisation_of(number: str) -> str:
    """Whose paper it is."""
    return authority_names([number]).get(number, number)


@require_safe
@needs("forum.view", of="forum")
def consultation(request: HttpRequest, key: UUID) -> HttpResponse:
    """The paper, what each option does, and what this person may do."""
    read = _read(request, key, "forum.view")
    one = read.consultation
    manages = may(request, "forum.manage", one.authority)
    schools = own_schools(request, "forum.respond", one.authority)
    analysis = read.analysis(to_publish=True) if one.state == State.ANALYSED else None
    decisions = [
        (item, decision_rows(decision, read.today))
        for item in read.items
        if (decision := decision_of(item)) is not None
    ]
    context = {
        "read": read,
        "one": one,
        "standing": read.standing,
        "manages": manages,
        "beside": reverse("blocks:block", args=[one.authority, one.year])
        if permission.decide(request, "funding.view", funding_record(one.authority))
        else "",
        "who_decides": who_decides(read.power),
        "voters": "; ".join(ballot.title for ballot in read.power.ballots),
        "own": [_own(request, read, school) for school in schools],
        "effect": TableView(tables.effect_by_phase(read.options), TableState.read(request.GET, "effect"))
        if read.options
        else None,
        "rates": TableView(tables.rates_table(read.options), TableState.read(request.GET, "rates"))
        if read.options
        else None,
        "charts": [
            ChartView(
                f"option-{at}", drawn, address(read, "chart", at, "svg").removesuffix(".svg"), drawn.key
            )
            for at, drawn in enumerate(read.charts(), 1)
        ],
        "schools": _schools_view(request, read) if read.options else None,
        "questions": [(each, QuestionKind(each.kind).label) for each in one.questions.all()],
        "analysis": analysis,
        "shown": _analysis_views(request, analysis) if analysis else None,
        "decisions": decisions,
        "to_decide": [item for item in read.items if decision_of(item) is None],
        "breadcrumbs": trail(),
    }
    return render(request, "forum/consultation.html", context)


def _own(request: HttpRequest, read: Read, school: School) -> dict[str, Any]:
    """What the options do to one school, and how its answer stands."""
    urns = urns_of(school)
    held = tables.own_school_table(read.options, urns)
    lines = tables.own_lines_table(read.options, urns)
    response = read.consultation.responses.filter(school=school.key).first()
    return {
        "school": school,
        "is_asked": school.key in {one["school"] for one in read.consultation.asked},
        "view": TableView(held, TableState(f"own-{school.key}")) if held else None,
        "lines": TableView(lines, TableState(f"lines-{school.key}"), per_page=60) if lines else None,
        "response": response,
        "address": reverse("forum:respond", args=[read.consultation.pk, school.current_urn]),
    }


def _schools_view(request: HttpRequest, read: Read) -> TableView:
    table = tables.schools_table(read.options)
    totals = [column.key for column in table.columns if column.key.startswith(("total_", "change_"))]
    return TableView(
        table,
        TableState.read(request.GET, "schools"),
        address=address(read, "schools_table", "csv").removesuffix(".csv"),
        first_shown=[
            column.key
            for column in table.columns
            if column.key in ("school", "phase", "before") or column.key.startswith("change_")
        ],
        totals=totals,
        per_page=25,
        wide=True,
    )


def _analysis_views(request: HttpRequest, analysis: Analysis) -> dict[str, Any]:
    groups = [
        TableView(table, TableState.read(request.GET, f"group{at}"))
        for at, table in enumerate(tables.response_tables(analysis))
        if list(table.rows)
    ]
    questions = [
        {
            "question": one,
            "view": TableView(_answers(one), TableState.read(request.GET, f"question{at}"))
            if one.comments or one.counts
            else None,
        }
        for at, one in enumerate(analysis.questions)
    ]
    return {"groups": groups, "questions": questions}


def _answers(one: QuestionAnswered) -> Table:
    """The answers under their question, which is the heading already."""
    if one.comments:
        return replace(tables.comments_table(one), title="In their words")
    return replace(tables.question_table(one), title="Answers")


@require_safe
@needs("forum.view", of="forum")
def schools_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """The table of every school under each option, as a file."""
    read = _read(request, key, "forum.view")
    if not read.options:
        raise Http404("No option is attached.")
    return export(_schools_view(request, read), extension)


@require_safe
@needs("forum.view", of="forum")
def chart(request: HttpRequest, key: UUID, number: int, extension: str) -> HttpResponse:
    """The effect of one option by phase, as a picture or a description."""
    read = _read(request, key, "forum.view")
    drawn = read.charts(design_charts.width_wanted(request))
    if not 1 <= number <= len(drawn):
        raise Http404("There is no such option.")
    return design_charts.answer(request, drawn[number - 1], extension, drawn[number - 1].key)


@require_safe
@needs("forum.view", of="forum")
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """The paper as a PDF."""
    read = _read(request, key, "forum.view")
    return pdf_response(consultation_paper(read, organisation_of(read.consultation.authority)), "forum")


@require_safe
@needs("forum.view", of="forum")
def pack_file(request: HttpRequest, key: UUID, extension: str) -> HttpResponse:
    """The pack for the forum: paper, workbook or slides."""
    read = _read(request, key, "forum.view")
    if extension not in MEDIA:
        raise Http404("There is no such file.")
    one = read.consultation
    made = pack(
        read, organisation_of(one.authority), extension, settings.REDWAY_HOME.root / "charts" / "forum"
    )
    response = HttpResponse(made, content_type=MEDIA[extension])
    name = f"schools-forum-{slugify(one.title)}-{read.today.isoformat()}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- a draft ------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a consultation."""
    authority = access_forum(request, number, "forum.manage")
    today = permission.today()
    return form_page(
        request,
        PaperForm(
            powers_on(today),
            request.POST if request.method == "POST" else None,
            initial={"year": year_prepared(today)},
        ),
        lambda form, _: services.begin_consultation(
            actor=person_of(request), authority=number, paper=form.paper_written, now=timezone.now()
        ),
        title="Begin a consultation",
        button="Keep as a draft",
        done="The draft is kept. Schools do not see it until you publish it.",
        back=reverse("forum:index"),
        caption=authority.name,
        breadcrumbs=trail(),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change the paper of a draft."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    held = {name: getattr(one, name) for name in ("title", "year", "matter", "paper", "closes_on")}
    return form_page(
        request,
        PaperForm(powers_on(read.today), request.POST if request.method == "POST" else None, initial=held),
        lambda form, revision: services.edit_paper(
            actor=person_of(request), consultation=one, revision=revision, paper=form.paper_written
        ),
        title="Change the paper",
        button="Keep",
        done="The draft is kept.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        stands=lambda: [
            ("Title", one.title),
            ("Paper", one.paper),
            ("Closing day", day_in_words(one.closes_on)),
        ],
        breadcrumbs=trail_of(read),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def option_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Attach a scenario."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    scenarios = scenarios_of(one.authority)
    form = OptionForm(scenarios, request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form,
        lambda form, revision: services.attach_option(
            actor=person_of(request),
            consultation=one,
            revision=revision,
            title=form.cleaned_data["title"],
            about=form.cleaned_data["about"],
            scenario=form.cleaned_data["scenario"],
            frozen=frozen_now(one.authority, form.cleaned_data["scenario"], read.today),
        ),
        title="Attach a scenario as an option",
        button="Attach it",
        done="The option is attached, as it is worked out today.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        sentences=[] if scenarios else ["There is no scenario yet. Make one first."],
        breadcrumbs=trail_of(read),
    )


@require_POST
@needs("forum.manage", of="forum")
def option_off(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Take an option off a draft."""
    read = _read(request, key, "forum.manage")
    found = get_object_or_404(Option, consultation=read.consultation, number=number)
    return deed(
        request,
        lambda revision: services.take_option_off(actor=person_of(request), option=found, revision=revision),
        done="The option is taken off.",
        back=address(read),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def question_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask one more question."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    return form_page(
        request,
        QuestionForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.add_question(
            actor=person_of(request), consultation=one, revision=revision, asked=form.asking
        ),
        title="Add a question",
        button="Add the question",
        done="The question is added.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        breadcrumbs=trail_of(read),
    )


@require_POST
@needs("forum.manage", of="forum")
def question_off(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Take a question off a draft."""
    read = _read(request, key, "forum.manage")
    found = get_object_or_404(Question, consultation=read.consultation, number=number)
    return deed(
        request,
        lambda revision: services.take_question_off(actor=person_of(request), asked=found, revision=revision),
        done="The question is taken off.",
        back=address(read),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Check, and open it to schools."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    return form_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda form, revision: services.publish(
            actor=person_of(request),
            consultation=one,
            revision=revision,
            today=read.today,
            now=timezone.now(),
        ),
        title="Check before publishing",
        button="Publish",
        done="The consultation is open. Headteachers and chairs of governors see it on their first page.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        rows=[
            ("Funding year", one.year),
            ("Who decides", who_decides(read.power)),
            ("Options", "\n".join(option.title for option in read.options) or "None"),
            ("Questions", "\n".join(each.words for each in one.questions.all()) or "None yet"),
            ("Closes on", day_in_words(one.closes_on)),
        ],
        sentences=["Once published, paper, options and questions never change."],
        breadcrumbs=trail_of(read),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take it back."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    return form_page(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.withdraw(
            actor=person_of(request), consultation=one, revision=revision, reason=form.cleaned_data["reason"]
        ),
        title="Withdraw the consultation",
        button="Withdraw",
        done="The consultation is withdrawn. Paper and responses are kept.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        warning=True,
        breadcrumbs=trail_of(read),
    )


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def prolong(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give schools more time."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    return form_page(
        request,
        ProlongForm(request.POST if request.method == "POST" else None),
        lambda form, revision: services.prolong(
            actor=person_of(request),
            consultation=one,
            revision=revision,
            closes_on=form.cleaned_data["closes_on"],
        ),
        title="Put off the closing day",
        button="Put it off",
        done="Schools have more time.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        rows=[("Closes on", day_in_words(one.closes_on))],
        breadcrumbs=trail_of(read),
    )


# --- responses ----------------------------------------------------------------------------------------------


@require_safe
@needs("forum.manage", of="forum")
def responses(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who answered what and who has not answered, for those who run the consultation."""
    read = _read(request, key, "forum.manage")
    if not read.consultation.published_at:
        raise Http404("It has not been published.")
    analysis = read.analysis(to_publish=False)
    context = {
        "read": read,
        "one": read.consultation,
        "standing": read.standing,
        "analysis": analysis,
        "shown": _analysis_views(request, analysis),
        "missing": TableView(
            _not_answered(read, analysis),
            TableState.read(request.GET, "missing"),
            address=address(read, "not_answered", "csv").removesuffix(".csv"),
            per_page=25,
        ),
        "breadcrumbs": trail_of(read),
    }
    return render(request, "forum/responses.html", context)


@require_safe
@needs("forum.manage", of="forum")
def not_answered(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """The schools that have not answered, as a file."""
    read = _read(request, key, "forum.manage")
    table = _not_answered(read, read.analysis(to_publish=False))
    return export(TableView(table, TableState.read(request.GET, "missing")), extension)


def _not_answered(read: Read, analysis: Analysis) -> Table:
    begun = dict(read.consultation.responses.filter(sent_at__isnull=True).values_list("school", "saved_at"))
    columns = [
        Column("school", "School"),
        Column("phase", "Phase"),
        Column("status", "Status"),
        Column("locality", "Locality"),
        Column("begun", "Begun"),
    ]
    rows: list[Row] = [
        {
            "school": one.name,
            "phase": one.phase,
            "status": one.status,
            "locality": one.locality,
            "begun": f"On {day_in_words(timezone.localdate(begun[one.school]))}"
            if one.school in begun
            else "Not begun",
        }
        for one in analysis.not_answered
    ]
    return Table("Schools that have not answered", columns, rows)


@require_http_methods(FORM)
@needs("forum.manage", of="forum")
def analysis(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish what schools answered, with what the authority makes of it."""
    read = _read(request, key, "forum.manage")
    one = read.consultation
    if not one.published_at:
        raise Http404("It has not been published.")
    held = read.analysis(to_publish=False)
    comments = [
        (f"{comment.school}:{answered.question.code}", comment.text)
        for answered in held.questions
        for comment in answered.comments
    ]
    initial = {
        "findings": one.findings,
        "held_back": [f"{school}:{code}" for school, code in one.held_back],
    }
    return form_page(
        request,
        AnalysisForm(comments, request.POST if request.method == "POST" else None, initial=initial),
        lambda form, revision: services.publish_analysis(
            actor=person_of(request),
            consultation=one,
            revision=revision,
            findings=form.cleaned_data["findings"],
            held_back=form.held_back,
            today=read.today,
            now=timezone.now(),
        ),
        title="Publish the responses",
        button="Publish the responses",
        done="The responses are published, without what would tell a school apart.",
        back=address(read),
        caption=one.title,
        revision=one.revision,
        rows=[
            ("Answered", f"{held.overall.answered} of {counted(held.overall.asked, 'school')}"),
            ("Closes on", day_in_words(one.closes_on)),
        ],
        stands=lambda: [("What the authority makes of it", one.findings)],
        breadcrumbs=trail_of(read),
    )
