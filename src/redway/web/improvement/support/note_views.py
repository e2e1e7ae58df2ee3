"""A visit's note: the page, its two parts, moderation, publication, and what follows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words, listed
from redway.improvement import visits as rules
from redway.improvement.programmes import moved_words
from redway.improvement.visits import Part, Reader, may_read, school_part_due, school_silent_words
from redway.web.audit import services as audit
from redway.web.design.form_page import FORM, deed
from redway.web.improvement.support import visits as services
from redway.web.improvement.support.access import access_kept, follows_from, may, reader_of
from redway.web.improvement.support.forms import (
    FollowUpAnswerForm,
    FollowUpForm,
    ModerationForm,
    NoteForm,
    VisitorNoteForm,
)
from redway.web.improvement.support.models import FollowUp, Visit
from redway.web.improvement.support.pages import form_page, kept, notice
from redway.web.improvement.support.programme_views import school_trail
from redway.web.improvement.support.tables import follow_up_row
from redway.web.improvement.support.visit_views import visit_trail
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School

Pairs = list[tuple[str, str]]


def _address(found: Visit) -> str:
    return reverse("support:visit", args=[found.pk])


def _answers(questions: tuple[tuple[str, str], ...], stored: dict[str, str]) -> Pairs:
    return [(question, stored[key]) for key, question in questions if stored.get(key)]


@require_safe
@needs("support.view", of="support")
def visit(request: HttpRequest, key: UUID) -> HttpResponse:
    """The note as this person may read it. That it was read is in the audit trail."""
    found, school = access_kept(request, Visit, key, "support.view")
    note, today = found.note, permission.today()
    reader = reader_of(request, school)
    writes, answers = may(request, "visit.write", school), may(request, "visit.answer", school)
    own_draft = reader is not Reader.HEADTEACHER and not note.school_sent_on
    reads = {part: may_read(part, reader, note) for part in Part}
    mine = found.visitor_id == person_of(request).pk
    if reads[Part.VISITOR] or reads[Part.SCHOOL]:
        audit_reading(request, found)
    context = {
        "visit": found,
        "made_up": notice(found),
        "school": school,
        "about": _about(
            found, note, officer=reader is Reader.OFFICER, keeps_ledger=may(request, "support.manage", school)
        ),
        "school_part": [] if own_draft else _answers(services.SCHOOL_QUESTIONS, found.school_part),
        "school_is_draft": not note.school_sent_on,
        "visitor_part": _answers(services.VISITOR_QUESTIONS, found.visitor_part)
        if reads[Part.VISITOR] or mine
        else [],
        "reads_visitor": reads[Part.VISITOR] or mine,
        "visitor_is_draft": not note.visitor_sent_on,
        "reads_summary": reads[Part.SUMMARY] or mine,
        "silent": school_silent_words(note),
        "audiences": [(part.value.capitalize(), _who(readers)) for part, readers in rules.audiences(note)],
        "actions": [follow_up_row(one, today) for one in found.follow_ups.all()],
        "may_answer": answers and not (note.visitor_sent_on or note.returned_on or note.withdrawn_on),
        "may_write": writes
        and mine
        and note.visit_on <= today
        and not note.moderated_on
        and not note.withdrawn_on,
        "may_moderate": writes
        and not mine
        and reader is Reader.OFFICER
        and note.stage is rules.Stage.VISITOR_WROTE,
        "may_change": writes and not (note.visitor_sent_on or note.returned_on or note.withdrawn_on),
        "may_add": writes and not note.withdrawn_on,
        "may_answer_actions": answers,
        "may_publish": answers
        and note.stage is rules.Stage.MODERATED
        and bool(found.summary)
        and not found.publish_agreed_at,
        "breadcrumbs": school_trail(school),
    }
    return render(request, "support/visit.html", context)


def audit_reading(request: HttpRequest, found: Visit) -> None:
    """Write into the trail that a note was read."""
    with transaction.atomic():
        audit.record(person_of(request), "support.read_note", "visit", found.pk, sensitive_read=True)


def _who(readers: tuple[Reader, ...]) -> str:
    return listed(one.value for one in readers).capitalize() if readers else "Nobody else yet"


def _about(found: Visit, note: rules.Note, *, officer: bool, keeps_ledger: bool) -> list[tuple[str, ...]]:
    """What the visit is. Which list a school was flagged on is for officers; its line for its keepers."""
    line = [reverse("support:alert", args=[found.alert_id])] if found.alert_id and keeps_ledger else []
    rows: list[tuple[str, ...]] = [
        ("Focus", found.focus),
        ("Day", day_in_words(found.visit_on)),
        ("Moved", moved_words([date.fromisoformat(one) for one in found.visit_days])),
        ("Visitor", found.visitor.full_name if found.visitor else ""),
        ("Days", f"{found.days.normalize():f}"),
        ("Programme", found.programme.title if found.programme else ""),
        ("Follows from", follows_from(found.alert, officer=officer), *line),
        ("Note", note.words_on(permission.today())),
        ("School's part asked for by", _asked_by(note)),
        ("Withdrawn because", found.withdrawn_reason),
    ]
    return [row for row in rows if row[1]]


def _asked_by(note: rules.Note) -> str:
    """Until when the school may take; a visit that was planned at short notice leaves no day for it."""
    if note.school_sent_on or note.visitor_sent_on or note.returned_on or note.withdrawn_on:
        return ""
    due, today = school_part_due(note.visit_on), permission.today()
    if due >= today:
        return day_in_words(due)
    return f"{day_in_words(due)}, which has passed: any day before the visitor writes will do"


def _stands(questions: tuple[tuple[str, str], ...], found: Visit, part: str) -> Pairs:
    return _answers(questions, getattr(Visit.objects.get(pk=found.pk), part))


@require_http_methods(FORM)
@needs("visit.answer", of="support")
def school_part(request: HttpRequest, key: UUID) -> HttpResponse:
    """The headteacher writes the school's part, first."""
    found, school = access_kept(request, Visit, key, "visit.answer")
    questions = services.SCHOOL_QUESTIONS

    def save(form: Any, revision: int) -> None:
        services.write_school_part(
            actor=person_of(request),
            visit=found,
            revision=revision,
            answers=form.answers(questions),
            send=not kept(request),
        )

    return form_page(
        request,
        NoteForm(questions, request.POST or None, keeps=kept(request), initial=found.school_part),
        save,
        title="The school's part",
        button="Send it",
        keep="Keep it for later",
        done="The school's part is sent to the adviser.",
        back=_address(found),
        caption=f"{school.shown_name}, visit of {day_in_words(found.visit_on)}",
        breadcrumbs=visit_trail(found, school),
        revision=found.revision,
        made_up=found.made_up,
        sentences=["The school writes first, so that what the visitor saw does not colour it."],
        stands=lambda: _stands(questions, found, "school_part"),
    )


@require_http_methods(FORM)
@needs("visit.write", of="support")
def visitor_part(request: HttpRequest, key: UUID) -> HttpResponse:
    """The visitor writes second, with the school's part beside."""
    found, school = access_kept(request, Visit, key, "visit.write")
    if found.visitor_id != person_of(request).pk:
        raise Http404("Only the adviser who visited writes this part, and reads its draft.")
    questions = services.VISITOR_QUESTIONS
    sent = found.note.school_sent_on

    def save(form: Any, revision: int) -> None:
        services.write_visitor_part(
            actor=person_of(request),
            visit=found,
            revision=revision,
            answers=form.answers(questions),
            summary=form.cleaned_data["summary"],
            send=not kept(request),
        )

    if sent:
        audit_reading(request, found)
    said = ["The school has not sent its part yet."] if not sent else []
    if found.returned_at and found.moderation:
        said.append(f"Sent back by the moderator: {found.moderation}")
    return form_page(
        request,
        VisitorNoteForm(
            questions,
            request.POST or None,
            keeps=kept(request),
            initial={**found.visitor_part, "summary": found.summary},
        ),
        save,
        title="The visitor's part",
        button="Send it to moderation",
        keep="Keep it for later",
        done="The note is sent to another adviser to moderate. Add below what was agreed.",
        back=_address(found),
        caption=f"{school.shown_name}, visit of {day_in_words(found.visit_on)}",
        breadcrumbs=visit_trail(found, school),
        revision=found.revision,
        made_up=found.made_up,
        sentences=said,
        rows=_answers(services.SCHOOL_QUESTIONS, found.school_part) if sent else (),
        stands=lambda: _stands(questions, found, "visitor_part"),
    )


@require_http_methods(FORM)
@needs("visit.write", of="support")
def moderate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another adviser reads the note and agrees, or sends it back."""
    found, school = access_kept(request, Visit, key, "visit.write")
    if reader_of(request, school) is not Reader.OFFICER:
        raise Http404("A note of one's own school is moderated by somebody else.")
    sent = found.note.visitor_sent_on is not None

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.moderate(
            actor=person_of(request),
            visit=found,
            revision=revision,
            agrees=given["agrees"] == "yes",
            said=given["said"],
        )

    rows = [
        *(_answers(services.SCHOOL_QUESTIONS, found.school_part) if found.school_sent_at else []),
        *(_answers(services.VISITOR_QUESTIONS, found.visitor_part) if sent else []),
        *([("Summary that may be published", found.summary)] if sent and found.summary else []),
    ]
    if rows:
        audit_reading(request, found)
    return form_page(
        request,
        ModerationForm(request.POST or None),
        save,
        title="Moderate the note",
        button="Send",
        done="Your decision is sent to the visitor.",
        back=_address(found),
        caption=f"{school.shown_name}, visit of {day_in_words(found.visit_on)}",
        breadcrumbs=visit_trail(found, school),
        revision=found.revision,
        made_up=found.made_up,
        rows=rows,
        stands=lambda: [("Note", Visit.objects.get(pk=found.pk).note.stage.value)],
    )


@require_POST
@needs("visit.answer", of="support")
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """The headteacher agrees that the summary be published."""
    found, _ = access_kept(request, Visit, key, "visit.answer")

    def do(revision: int) -> None:
        services.agree_to_publish(actor=person_of(request), visit=found, revision=revision)

    return deed(request, do, done="You have agreed that the summary may be published.", back=_address(found))


@require_http_methods(FORM)
@needs("visit.write", of="support")
def follow_up_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add an action that the visit led to."""
    found, school = access_kept(request, Visit, key, "visit.write")

    def save(form: Any, revision: int) -> None:
        services.add_follow_up(
            actor=person_of(request), visit=found, action=services.ToFollow(**form.cleaned_data)
        )

    return form_page(
        request,
        FollowUpForm(request.POST or None),
        save,
        title="Add an action",
        button="Add it",
        done="The action is added.",
        back=_address(found),
        caption=f"{school.shown_name}, visit of {day_in_words(found.visit_on)}",
        breadcrumbs=visit_trail(found, school),
    )


@require_http_methods(FORM)
@needs("support.view", of="support")
def follow_up(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Move an action or say what came of it: an adviser any, the headteacher the school's own."""
    found, school = access_kept(request, Visit, key, "support.view")
    held = FollowUp.objects.filter(visit=found, number=number).first()
    if held is None:
        raise Http404("There is no such action.")
    if not _answers_for(request, school, held):
        raise Http404("This action is answered by somebody else.")
    form = FollowUpAnswerForm(
        request.POST or None,
        initial={"due_on": held.due_on, "done_on": held.done_on, "came_of": held.came_of},
    )

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.answer_follow_up(
            actor=person_of(request),
            visit=found,
            number=number,
            revision=revision,
            due_on=given["due_on"],
            done_on=given["done_on"],
            came=given["came_of"],
        )

    def stands() -> Pairs:
        row = follow_up_row(FollowUp.objects.get(pk=held.pk), timezone.localdate())
        return [("When", str(row["when"])), ("What came of it", str(row["came"]))]

    return form_page(
        request,
        form,
        save,
        title="What came of an action",
        button="Save",
        done="The action is saved.",
        back=_address(found),
        caption=f"{school.shown_name}, visit of {day_in_words(found.visit_on)}",
        breadcrumbs=visit_trail(found, school),
        revision=held.revision,
        made_up=found.made_up,
        rows=[("Action", held.what), ("Who is to do it", str(held.get_owner_display()))],
        stands=stands,
    )


def _answers_for(request: HttpRequest, school: School, held: FollowUp) -> bool:
    if may(request, "visit.write", school):
        return True
    return held.owner == FollowUp.Owner.SCHOOL and may(request, "visit.answer", school)
