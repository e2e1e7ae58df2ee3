"""Pages of reviews: the list, one review from its key foci to its recommendations, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.improvement import reviews as rules
from redway.web.audit import services as audit
from redway.web.design.exports import export
from redway.web.design.form_page import FORM, Trail, deed
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.pages import trail as improvement_trail
from redway.web.improvement.reviews import review_changes as services
from redway.web.improvement.reviews.access import access_place, access_review, may, place_record, record_of
from redway.web.improvement.reviews.forms import (
    BeginForm,
    EvidenceForm,
    FindingForm,
    FocusForm,
    RatingForm,
    ReasonForm,
    RecommendationForm,
)
from redway.web.improvement.reviews.models import MADE_UP, Review
from redway.web.improvement.support.pages import form_page
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.register.queries import authority_names
from redway.web.schools.access import access_school


def trail(*more: tuple[str, str]) -> Trail:
    """The way back: improvement, the first page of reviews, and on."""
    return [*improvement_trail(), ("Reviews and strategy", reverse("reviews:index")), *more]


@require_safe
@needs("review.view")
def index(request: HttpRequest) -> HttpResponse:
    """Reviews, strategy and readiness open to this person; who has one authority alone is led there."""
    seen = permission.visible(request, "review.view")
    schools = list(School.objects.filter(key__in=seen.schools, gone_to="").order_by("sort_name"))
    if len(seen.authorities) == 1 and not schools:
        return redirect("reviews:authority", next(iter(seen.authorities)))
    names = authority_names(set(seen.authorities) | {one.authority for one in schools})
    published = Review.objects.filter(school__in=seen.schools, state=Review.State.PUBLISHED)
    context = {
        "authorities": sorted(((number, names[number]) for number in seen.authorities), key=lambda a: a[1]),
        "schools": schools,
        "strategies": sorted({(one.authority, names[one.authority]) for one in schools}),
        "reviews": list(published),
        "breadcrumbs": improvement_trail(),
    }
    return render(request, "reviews/index.html", context)


@require_safe
@needs("review.view", of="review")
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """The reviews of an authority."""
    found = access_place(request, number, "review.view")
    if urn := request.GET.get("school"):
        return redirect("reviews:readiness", access_school(request, urn, "review.view").current_urn)
    view = _reviews_view(found, _visible(request, number), request.GET)
    context = {
        "authority": found,
        "view": view,
        "made_up": MADE_UP if view.table.notes else "",
        "manages": may(request, "review.manage", place_record(number)),
        "offered": schools_listed(number),
        "breadcrumbs": improvement_trail(),
    }
    return render(request, "reviews/authority.html", context)


def _visible(request: HttpRequest, number: str) -> list[Review]:
    held = Review.objects.filter(authority=number)
    if not may(request, "review.manage", place_record(number)):
        held = held.filter(state=Review.State.PUBLISHED)
    return list(held.prefetch_related("foci", "recommendations"))


@require_safe
@needs("review.view", of="review")
def reviews_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The reviews as a file."""
    found = access_place(request, number, "review.view")
    return export(_reviews_view(found, _visible(request, number), request.GET), extension)


def _reviews_view(found: Authority, held: list[Review], query: QueryDict) -> TableView:
    schools = School.objects.in_bulk({one.school for one in held if one.school})
    rows: list[Row] = [
        {
            "key": str(one.pk),
            "title": one.title,
            "about": schools[one.school].shown_name if one.school else f"{found.name}: the authority's work",
            "starts": one.starts_on,
            "state": one.get_state_display(),
            "recorded": rules.recording(
                [rules.Focus(f.number, f.title, f.rating, f.reason) for f in one.foci.all()]
            ).value,
            "recommendations": len(one.recommendations.all()),
            "handed": sum(r.handed_at is not None for r in one.recommendations.all()),
        }
        for one in held
    ]
    columns = (
        Column("title", "Review"),
        Column("about", "About"),
        Column("starts", "From", Kind.DATE),
        Column("state", "State"),
        Column("recorded", "Ratings"),
        Column("recommendations", "Recommendations", Kind.NUMBER),
        Column("handed", "In the plan", Kind.NUMBER),
        Column("key", "Key"),
    )
    notes = (MADE_UP,) if any(one.made_up for one in held) else ()
    return TableView(
        Table(f"Reviews in {found.name}", columns, rows, notes),
        TableState.read(query),
        reverse("reviews:reviews_table", args=[found.number, "csv"]).removesuffix(".csv"),
        links={"title": lambda row: reverse("reviews:review", args=[row["key"]])},
        first_shown=("title", "about", "starts", "state", "recorded", "recommendations", "handed"),
    )


@require_http_methods(FORM)
@needs("review.manage", of="review")
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a review."""
    found = access_place(request, number, "review.manage")

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.begin(
            actor=person_of(request),
            authority=found,
            school=School.objects.get(key=given["school"]) if given["school"] else None,
            title=given["title"],
            why=given["why"],
            starts_on=given["starts_on"],
        )

    return form_page(
        request,
        BeginForm(schools_listed(number), request.POST or None),
        save,
        title="Begin a review",
        button="Begin it",
        done="The review is begun. Add its key foci.",
        back=reverse("reviews:authority", args=[number]),
        caption=found.name,
        breadcrumbs=trail(),
    )


@require_safe
@needs("review.view", of="review")
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """A review from its key foci to its recommendations."""
    found = access_review(request, key, "review.view")
    with transaction.atomic():
        audit.record(person_of(request), "review.read", "review", found.pk, sensitive_read=True)
    content = services.content_of(found)
    manages = may(request, "review.manage", record_of(found))
    is_open = found.state == Review.State.OPEN
    foci = [
        (
            focus,
            list(focus.findings.prefetch_related("evidence")),
        )
        for focus in found.foci.all()
    ]
    context = {
        "review": found,
        "school": School.objects.filter(key=found.school).first() if found.school else None,
        "made_up": MADE_UP if found.made_up else "",
        "about": [(label, value) for label, value in _about(found) if value],
        "recorded": rules.recording_words(content.foci),
        "missing": rules.problems(content) if manages and is_open else (),
        "foci": foci,
        "evidence": list(found.evidence.all()),
        "recommendations": list(
            found.recommendations.prefetch_related("findings").select_related("handed_by")
        ),
        "edits": manages and is_open,
        "hands_over": manages
        and found.state == Review.State.PUBLISHED
        and may(request, "plan.edit", place_record(found.authority)),
        "breadcrumbs": trail(),
    }
    return render(request, "reviews/review.html", context)


def _about(found: Review) -> list[tuple[str, str]]:
    return [
        ("Why", found.why),
        ("From", day_in_words(found.starts_on)),
        ("State", str(found.get_state_display())),
        ("Published", day_in_words(found.published_at.date()) if found.published_at else ""),
        ("Withdrawn because", found.withdrawn_reason),
    ]


def _part(
    request: HttpRequest,
    key: UUID,
    make: Callable[[Review], forms.Form],
    save: Callable[[Review, Any, int], object],
    *,
    title: str,
    button: str = "Add it",
    done: str,
    warning: bool = False,
) -> HttpResponse:
    """A form page about one part of a review."""
    found = access_review(request, key, "review.manage")
    back = reverse("reviews:review", args=[found.pk])

    def stands() -> list[tuple[str, str]]:
        now = services.content_of(Review.objects.get(pk=found.pk))
        return [
            ("Ratings", rules.recording_words(now.foci)),
            ("Evidence", str(len(now.evidence))),
            ("Findings", str(len(now.findings))),
            ("Recommendations", str(len(now.recommendations))),
        ]

    return form_page(
        request,
        make(found),
        lambda form, revision: save(found, form, revision),
        title=title,
        button=button,
        done=done,
        back=back,
        caption=found.title,
        breadcrumbs=trail((found.title, back)),
        revision=found.revision,
        stands=stands,
        warning=warning,
    )


@require_http_methods(FORM)
@needs("review.manage", of="review")
def focus_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add a key focus."""

    def save(found: Review, form: Any, revision: int) -> None:
        services.add_focus(actor=person_of(request), review=found, revision=revision, **form.cleaned_data)

    return _part(
        request,
        key,
        lambda found: FocusForm(request.POST or None),
        save,
        title="Add a key focus",
        done="The key focus is added.",
    )


@require_http_methods(FORM)
@needs("review.manage", of="review")
def focus_rate(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Rate a key focus."""

    def make(found: Review) -> forms.Form:
        focus = found.foci.filter(number=number).first()
        if focus is None:
            raise Http404("There is no such focus.")
        return RatingForm(request.POST or None, initial={"rating": focus.rating, "reason": focus.reason})

    def save(found: Review, form: Any, revision: int) -> None:
        services.rate_focus(
            actor=person_of(request), review=found, revision=revision, number=number, **form.cleaned_data
        )

    return _part(
        request, key, make, save, title=f"Rate key focus {number}", button="Save", done="The rating is kept."
    )


@require_http_methods(FORM)
@needs("review.manage", of="review")
def evidence_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add evidence."""

    def save(found: Review, form: Any, revision: int) -> None:
        services.add_evidence(actor=person_of(request), review=found, revision=revision, seen=form.seen())

    return _part(
        request,
        key,
        lambda found: EvidenceForm(request.POST or None),
        save,
        title="Add evidence",
        done="The evidence is added.",
    )


@require_http_methods(FORM)
@needs("review.manage", of="review")
def finding_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add a finding."""

    def make(found: Review) -> forms.Form:
        foci = [(str(one.number), f"{one.number}. {one.title}") for one in found.foci.all()]
        evidence = [(str(one.number), f"{one.number}. {one.title}") for one in found.evidence.all()]
        return FindingForm(foci, evidence, request.POST or None)

    def save(found: Review, form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.add_finding(
            actor=person_of(request),
            review=found,
            revision=revision,
            focus=int(given["focus"]),
            says=given["says"],
            evidence=[int(one) for one in given["evidence"]],
        )

    return _part(request, key, make, save, title="Add a finding", done="The finding is added.")


@require_http_methods(FORM)
@needs("review.manage", of="review")
def recommendation_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add a recommendation."""

    def make(found: Review) -> forms.Form:
        findings = [(str(one.number), f"{one.number}. {one.says}") for one in found.findings.all()]
        return RecommendationForm(findings, request.POST or None)

    def save(found: Review, form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.add_recommendation(
            actor=person_of(request),
            review=found,
            revision=revision,
            title=given["title"],
            says=given["says"],
            findings=[int(one) for one in given["findings"]],
        )

    return _part(request, key, make, save, title="Add a recommendation", done="The recommendation is added.")


@require_POST
@needs("review.manage", of="review")
def hand_over(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Hand a recommendation over to the plan."""
    found = access_review(request, key, "review.manage")
    if not found.recommendations.filter(number=number).exists():
        raise Http404("There is no such recommendation.")

    def do(revision: int) -> None:
        services.hand_over(actor=person_of(request), review=found, number=number)

    back = reverse("reviews:review", args=[found.pk])
    return deed(request, do, done="It is handed over: the plan has it as a proposed objective.", back=back)


@require_POST
@needs("review.manage", of="review")
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish a review to those it is about."""
    found = access_review(request, key, "review.manage")

    def do(revision: int) -> None:
        services.publish(actor=person_of(request), review=found, revision=revision)

    back = reverse("reviews:review", args=[found.pk])
    return deed(request, do, done="The review is published to those it is about.", back=back)


@require_http_methods(FORM)
@needs("review.manage", of="review")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw a review."""

    def save(found: Review, form: Any, revision: int) -> None:
        services.withdraw(
            actor=person_of(request), review=found, revision=revision, reason=form.cleaned_data["reason"]
        )

    return _part(
        request,
        key,
        lambda found: ReasonForm(request.POST or None),
        save,
        title="Withdraw the review",
        button="Withdraw it",
        done="The review is withdrawn.",
        warning=True,
    )
