"""Help pages. Everybody who signs in may read them: they hold no figures."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from redway.core.missing import Missing
from redway.indicators.catalogue import load_catalogue
from redway.web.help.pages import PAGES, WORK, find_page, find_work
from redway.web.people import permission
from redway.web.people.declarations import signed_in

open_to_all = signed_in("Help holds no figures")


@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    """What help there is."""
    return render(request, "help/index.html", {"pages": PAGES, "work": WORK})


@open_to_all
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """One explanation of how to read something."""
    page = find_page(slug)
    if page is None:
        raise Http404
    context = {"page": page, "reasons": list(Missing), "breadcrumbs": [("Help", reverse("help:index"))]}
    return render(request, f"help/reading/{page.slug}.html", context)


@open_to_all
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody does when, and what others can see of it."""
    page = find_work(slug)
    if page is None:
        raise Http404
    context = {"page": page, "breadcrumbs": [("Help", reverse("help:index"))]}
    return render(request, f"help/work/{page.slug}.html", context)


@open_to_all
def measures(request: HttpRequest) -> HttpResponse:
    """The subjects under which measures are explained."""
    catalogue = load_catalogue()
    counts = Counter(measure.topic for measure in catalogue)
    subjects = [(topic, slugify(topic), counts[topic]) for topic in catalogue.topics]
    context = {"subjects": subjects, "breadcrumbs": [("Help", reverse("help:index"))]}
    return render(request, "help/measures.html", context)


@open_to_all
def subject(request: HttpRequest, slug: str) -> HttpResponse:
    """The measures of one subject in plain English."""
    found = [measure for measure in load_catalogue() if slugify(measure.topic) == slug]
    if not found:
        raise Http404("There is no such subject.")
    context = {
        "subject": found[0].topic,
        "measures": found,
        "may_open": permission.may_open(request, "measures:index"),
        "breadcrumbs": [
            ("Help", reverse("help:index")),
            ("What each measure means", reverse("help:measures")),
        ],
    }
    return render(request, "help/subject.html", context)
