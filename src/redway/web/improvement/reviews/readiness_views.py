"""Pages of inspection-readiness: one school by framework, its own judgements, the evidence kept with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.dated_values import Status
from redway.core.errors import NotFound
from redway.core.words import day_in_words
from redway.improvement.readiness import (
    InspectionFramework,
    framework_on,
    frameworks,
    readiness_words,
)
from redway.improvement.readiness import framework as framework_of
from redway.web.design.form_page import FORM, Trail
from redway.web.improvement.pages import school_pages
from redway.web.improvement.reviews import own_judgements as services
from redway.web.improvement.reviews.access import access_own_school, may, school_record
from redway.web.improvement.reviews.forms import JudgementForm, OwnEvidenceForm, ReasonForm
from redway.web.improvement.reviews.models import MADE_UP, Judgement, Kind, OwnEvidence
from redway.web.improvement.reviews.readiness_of import Figure, areas_of, figures_of_school
from redway.web.improvement.reviews.review_changes import Seen
from redway.web.improvement.reviews.review_views import trail
from redway.web.improvement.support.pages import form_page
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School


@require_safe
@needs("review.view", of="school")
def readiness(request: HttpRequest, urn: str) -> HttpResponse:
    """A school by the areas of a framework: what it judges, its evidence, its real figures beside."""
    school = access_own_school(request, urn, "review.view")
    today = permission.today()
    asked = request.GET.get("framework")
    chosen = _framework(asked) if asked else framework_on(today)
    areas = areas_of(school, chosen, _topics(request, school))
    judged = [one.judgement for one in areas if one.judgement]
    context = {
        "school": school,
        "framework": chosen,
        "frameworks": frameworks(),
        "in_force": chosen.holds_on(today),
        "unconfirmed": chosen.status is not Status.PUBLISHED,
        "areas": areas,
        "words": readiness_words([one.prepared for one in areas]),
        "made_up": MADE_UP if any(one.made_up for one in judged) else "",
        "evaluates": may(request, "review.evaluate", school_record(school)),
        "pages": school_pages(request, school, but="reviews:readiness"),
        "breadcrumbs": trail(),
    }
    return render(request, "reviews/readiness.html", context)


def _framework(code: str) -> InspectionFramework:
    try:
        return framework_of(code)
    except NotFound as error:
        raise Http404(error.message) from None


def _topics(request: HttpRequest, school: School) -> frozenset[str] | None:
    record = school_record(school)
    if not permission.decide(request, "school.figures", record):
        return frozenset()
    return permission.topics(request, "school.figures", record)


def _back(school: School, framework: InspectionFramework) -> str:
    address = reverse("reviews:readiness", args=[school.current_urn])
    return f"{address}?framework={framework.code}"


def _way(school: School, framework: InspectionFramework) -> Trail:
    return trail((school.shown_name, _back(school, framework)))


def _area(framework: InspectionFramework, code: str) -> str:
    try:
        return framework.area(code).name
    except NotFound as error:
        raise Http404(error.message) from None


def _held(school: School, framework: InspectionFramework, area: str) -> Judgement | None:
    return Judgement.objects.filter(school=school.key, framework=framework.code, area=area).first()


@require_http_methods(FORM)
@needs("review.evaluate", of="school")
def judge(request: HttpRequest, urn: str, framework: str, area: str) -> HttpResponse:
    """The headteacher writes the school's own judgement."""
    school = access_own_school(request, urn, "review.evaluate")
    chosen = _framework(framework)
    name = _area(chosen, area)
    held = _held(school, chosen, area)

    def save(form: Any, revision: int) -> None:
        services.judge(
            actor=person_of(request),
            school=school,
            framework=chosen,
            area=area,
            revision=revision,
            **form.cleaned_data,
        )

    def stands() -> list[tuple[str, str]]:
        now = _held(school, chosen, area)
        return [("Grade", now.grade), ("Finding", now.says)] if now else []

    return form_page(
        request,
        JudgementForm(
            chosen, request.POST or None, initial={"grade": held.grade, "says": held.says} if held else None
        ),
        save,
        title=name,
        button="Save",
        done="Your judgement is kept. Keep the evidence with it.",
        back=_back(school, chosen),
        caption=f"{school.shown_name}, {chosen.title}",
        breadcrumbs=_way(school, chosen),
        revision=held.revision if held else 0,
        rows=[("Usual evidence", "; ".join(chosen.area(area).evidence))],
        stands=stands,
    )


@require_http_methods(FORM)
@needs("review.evaluate", of="school")
def keep_evidence(request: HttpRequest, urn: str, framework: str, area: str) -> HttpResponse:
    """Keep evidence with the judgement it supports."""
    school = access_own_school(request, urn, "review.evaluate")
    chosen = _framework(framework)
    name = _area(chosen, area)
    held = _held(school, chosen, area)
    if held is None:
        raise Http404("There is no judgement yet to keep evidence with.")
    figures = {one.code: one for one in figures_of_school(school, chosen, _topics(request, school))[area]}
    form = OwnEvidenceForm([(code, one.title) for code, one in figures.items()], request.POST or None)

    def save(form: Any, revision: int) -> None:
        code = form.cleaned_data.get("figure")
        seen = _as_evidence(figures[code]) if code else form.seen()
        services.keep_evidence(actor=person_of(request), school=school, judgement=held, seen=seen)

    return form_page(
        request,
        form,
        save,
        title=f"Keep evidence: {name}",
        button="Keep it",
        done="The evidence is kept with the judgement.",
        back=_back(school, chosen),
        caption=f"{school.shown_name}, {chosen.title}",
        breadcrumbs=_way(school, chosen),
        rows=[("Grade", held.grade), ("Finding", held.says)],
    )


def _as_evidence(figure: Figure) -> Seen:
    """A figure as it stands now, with where it comes from."""
    today = permission.today()
    source = f"Redway on {day_in_words(today)}, {figure.address}"
    return Seen(Kind.FIGURE.value, figure.title, today, source, figure.sentence)


@require_http_methods(FORM)
@needs("review.evaluate", of="school")
def withdraw_evidence(request: HttpRequest, urn: str, key: UUID) -> HttpResponse:
    """Withdraw a piece of evidence, with a reason."""
    school = access_own_school(request, urn, "review.evaluate")
    held = (
        OwnEvidence.objects.filter(pk=key, judgement__school=school.key).select_related("judgement").first()
    )
    if held is None:
        raise Http404("There is no such evidence.")
    chosen = _framework(held.judgement.framework)

    def save(form: Any, revision: int) -> None:
        services.withdraw_evidence(
            actor=person_of(request),
            school=school,
            evidence=held,
            revision=revision,
            reason=form.cleaned_data["reason"],
        )

    return form_page(
        request,
        ReasonForm(request.POST or None),
        save,
        title="Withdraw evidence",
        button="Withdraw it",
        done="The evidence is withdrawn.",
        back=_back(school, chosen),
        caption=school.shown_name,
        breadcrumbs=_way(school, chosen),
        revision=held.revision,
        rows=[("What it is", held.title), ("Source", held.source)],
        warning=True,
    )
