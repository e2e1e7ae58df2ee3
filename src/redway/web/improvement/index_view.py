"""Where school improvement begins: what is open to whom, each with one sentence."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.core.words import counted
from redway.web.attainment.targets.told import waiting_for_adviser
from redway.web.design.navigation import address_or_nothing
from redway.web.improvement.pages import AUTHORITY_PAGES, school_pages
from redway.web.people import permission
from redway.web.people.declarations import needs, signed_in
from redway.web.register.models import School
from redway.web.register.queries import authority_names

ROOMS = (
    ("Support and visits", "support:index", "Programmes, visits, days used, and what came of each alert."),
    ("Action plan and board", "board:index", "Objectives, measures, ratings, meetings and their packs."),
    ("Reviews and strategy", "reviews:index", "Findings and recommendations, and inspection-readiness."),
)
ROOMS_BESIDE_A_SCHOOL = (
    (
        "Reviews and strategy",
        "reviews:index",
        "The authority’s strategy, and reviews of the school.",
    ),
)
ABOUT_OWN = {
    "Category and decisions": "Which category the authority has put the school in, why, and your answer.",
    "Targets": "What the school means its pupils to reach, what the adviser says, and what is due.",
    "Support and visits": "Programmes, visits and their notes, what was agreed, and days left.",
    "Ready for inspection": "How the school judges itself, with the evidence kept for it.",
    "The school’s profile": "Its published figures.",
}
ABOUT = {
    "improvement:early_warning": "Schools by the chance that one like this falls, and what makes it up.",
    "improvement:concerns": "Categories, what is known, decisions with reasons and day of review.",
    "improvement:triage": "The officers’ own list first, then the system’s beside it.",
    "improvement:triggers": "Which schools meet an official rule, or meet it as far as is known.",
    "improvement:categories": "The authority’s own categories, what suggests each, and their sources.",
}


@require_safe
@signed_in("It leads on to the rooms of improvement, each person to those that are open to them.")
def index(request: HttpRequest) -> HttpResponse:
    """The rooms of improvement."""
    seen = {action: permission.visible(request, action) for _, _, action in AUTHORITY_PAGES}
    numbers = sorted({number for one in seen.values() for number in one.authorities})
    names = authority_names(numbers)
    authorities = [
        (
            names.get(number, number),
            [
                *(
                    (label, reverse(name, args=[number]), ABOUT[name])
                    for label, name, action in AUTHORITY_PAGES
                    if number in seen[action].authorities
                ),
                *_targets(request, number),
            ],
        )
        for number in numbers
    ]
    own = School.objects.filter(key__in=permission.visible(request, "improvement.own_school").schools)
    schools = [
        (
            school.shown_name,
            [
                (label, address, ABOUT_OWN[label])
                for label, address in school_pages(request, school)
                if label in ABOUT_OWN
            ],
        )
        for school in own.order_by("sort_name")
    ]
    rooms = [
        (label, address_or_nothing(name), about)
        for label, name, about in (ROOMS if numbers or not schools else ROOMS_BESIDE_A_SCHOOL)
        if permission.may_open(request, name)
    ]
    if not (authorities or schools or rooms):
        raise Http404("Nothing of improvement is open to you.")
    context = {"authorities": authorities, "schools": schools, "rooms": rooms}
    return render(request, "improvement/index.html", context)


def _targets(request: HttpRequest, number: str) -> list[tuple[str, str, str]]:
    """The targets of all schools of an authority, with how many wait for the person."""
    if number not in permission.visible(request, "target.view").authorities:
        return []
    waiting = waiting_for_adviser(request, number)
    about = "What schools mean to reach, the adviser’s challenge, and whether reservations were right."
    if waiting:
        about = f"{counted(waiting, 'target waits', 'targets wait')} for the adviser. {about}"
    return [("Targets", reverse("attainment:authority_targets", args=[number]), about)]


@require_safe
@needs("early_warning.view")
def first(request: HttpRequest) -> HttpResponse:
    """Straight on to where to look first in one's authority; to the index where there are several."""
    numbers = permission.visible(request, "early_warning.view").authorities
    if len(numbers) == 1:
        return redirect("improvement:early_warning", next(iter(numbers)))
    return redirect("improvement:index")


@require_safe
@needs("improvement.own_school")
def own(request: HttpRequest) -> HttpResponse:
    """Straight on to one's own school; to the index where there are several."""
    keys = permission.visible(request, "improvement.own_school").schools
    found = list(School.objects.filter(key__in=keys))
    if len(found) == 1:
        return redirect("improvement:own_school", found[0].current_urn)
    return redirect("improvement:index")
