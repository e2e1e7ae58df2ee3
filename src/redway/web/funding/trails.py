"""The way back from each page of the room."""

from __future__ import annotations

from django.urls import reverse

from redway.web.funding.models import Scenario
from redway.web.register.models import Authority

Trail = list[tuple[str, str]]


def index_trail() -> Trail:
    """From a page that stands directly under the room."""
    return [("Funding", reverse("funding:index"))]


def year_trail(authority: Authority, year: str) -> Trail:
    """From a page of one year's formula."""
    return [
        *index_trail(),
        (f"{authority.name}, {year}", reverse("funding:year", args=[authority.number, year])),
    ]


def scenario_trail(authority: Authority, scenario: Scenario) -> Trail:
    """From a page of one scenario."""
    address = reverse("funding:workbench", args=[scenario.pk])
    return [*year_trail(authority, scenario.year), (scenario.name, address)]
