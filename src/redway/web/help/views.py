"""Help pages. Everybody who signs in may read them: they hold no figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from redway.core.missing import Missing
from redway.indicators.catalogue import load_catalogue
from redway.web.help.pages import PAGES, find_page
from redway.web.people.declarations import signed_in

open_to_all = signed_in("Help holds no figures")


@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    """What help there is."""
    return render(request, "help/index.html", {"pages": PAGES})


@open_to_all
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """One explanation of how to read something."""
    page = find_page(slug)
    if page is None:
        raise Http404
    context = {"page": page, "reasons": list(Missing), "breadcrumbs": [("Help", reverse("help:index"))]}
    return render(request, f"help/reading/{page.slug}.html", context)


@open_to_all
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure in plain English, from the catalogue, under its subject."""
    catalogue = load_catalogue()
    subjects = [
        (topic, [measure for measure in catalogue if measure.topic == topic]) for topic in catalogue.topics
    ]
    context = {"subjects": subjects, "breadcrumbs": [("Help", reverse("help:index"))]}
    return render(request, "help/measures.html", context)
