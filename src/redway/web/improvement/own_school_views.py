"""What the headteacher and the chair see: the category of the own school, the decision, its reasons."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.web.audit import services as audit
from redway.web.design.form_page import form_page
from redway.web.improvement.categories import categories_of
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.concerns import answer, open_concern
from redway.web.improvement.forms import AnswerForm
from redway.web.improvement.made_up import NOTICE, made_up_in
from redway.web.improvement.models import Concern, ConcernEntry, EntryKind
from redway.web.improvement.pages import school_pages, trail
from redway.web.improvement.targets_shown import targets_shown
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.schools.access import access_school

SHOWN_TO_SCHOOL = (EntryKind.DECIDED, EntryKind.ANSWERED, EntryKind.CLOSED)
"""Proposals, what is known and early warning are the authority's own work and not shown."""


@require_safe
@needs("improvement.own_school", of="school")
def own_school(request: HttpRequest, urn: str) -> HttpResponse:
    """The own school's category with its reasons, and what was answered."""
    school = access_school(request, urn, "improvement.own_school")
    with transaction.atomic():
        audit.record(person_of(request), "concern.read", "school", school.key, sensitive_read=True)
    found = open_concern(school)
    entries = ConcernEntry.objects.filter(concern__school=school.key, kind__in=SHOWN_TO_SCHOOL)
    decided = entries.filter(concern__in=Concern.objects.exclude(category=""))
    context = {
        "school": school,
        "concern": found if found and found.category else None,
        "category": _meaning(found),
        "made_up": NOTICE if made_up_in(school.authority) else "",
        "entries": [(one, EntryKind(one.kind).label) for one in decided.select_related("by")],
        "targets": targets_shown(request, school),
        "pages": school_pages(request, school, but="improvement:own_school"),
        "breadcrumbs": trail(),
    }
    return render(request, "improvement/own_school.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("improvement.own_school", of="school")
def own_answer(request: HttpRequest, urn: str) -> HttpResponse:
    """Answer the decision."""
    school = access_school(request, urn, "improvement.own_school")
    form = AnswerForm(request.POST if request.method == "POST" else None)
    held = open_concern(school)
    address = reverse("improvement:own_school", args=[school.current_urn])

    def save(_: object, revision: int) -> None:
        found = open_concern(school)
        if found is None:
            raise ConcernRefused("There is no decision to answer.", "Open your school's page again.")
        answer(
            actor=person_of(request),
            concern=found,
            school=school,
            revision=revision,
            words=form.cleaned_data["words"],
        )

    return form_page(
        request,
        form,
        save,
        title="Answer the decision",
        caption=school.shown_name,
        button="Send your answer",
        back=address,
        done="Your answer stands beside the decision.",
        breadcrumbs=[*trail(), (school.shown_name, address)],
        revision=held.revision if held else 0,
    )


def _meaning(found: Concern | None) -> str:
    """What the category means, where the list in force still has it."""
    if found is None:
        return ""
    held = categories_of(found.authority, permission.today()).categories
    return next((one.about for one in held if one.key == found.category), "")
