"""The pages of the room: their order, the way back, and how one is made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from redway.web.funding.access import access_year, may_edit
from redway.web.funding.blocks.ahead_shown import ahead_shown
from redway.web.funding.blocks.block_shown import block_shown
from redway.web.funding.blocks.fund_shown import fund_shown
from redway.web.funding.blocks.given_shown import given_shown
from redway.web.funding.blocks.models import Fund
from redway.web.funding.blocks.notional_shown import notional_shown
from redway.web.funding.blocks.other_shown import other_shown
from redway.web.funding.blocks.records import formula_of
from redway.web.funding.blocks.shown import Asked, Section, Shown
from redway.web.funding.trails import Trail, year_trail

PAGES: dict[str, tuple[str, str, Callable[[Asked], Shown]]] = {
    "block": ("Schools block", "block", block_shown),
    "services": ("De-delegation and education functions", "services", given_shown),
    Fund.GROWTH.value: ("Growth fund", "fund", partial(fund_shown, fund=Fund.GROWTH)),
    Fund.FALLING_ROLLS.value: ("Falling-rolls fund", "fund", partial(fund_shown, fund=Fund.FALLING_ROLLS)),
    "notional-sen": ("Notional SEN", "notional_sen", notional_shown),
    "other-blocks": ("Early-years and high-needs blocks", "other_blocks", other_shown),
    "ahead": ("The years ahead", "ahead", ahead_shown),
}
"""Name of a page -> (what it is called, name of its address, what makes it)."""


def asked_of(request: HttpRequest, number: str, year: str, action: str = "funding.view") -> Asked:
    """What a page is asked for, for those who may take the action on the formula of the authority."""
    authority = access_year(request, number, year, action)
    return Asked(authority, year, request.GET, may_edit(request, number), formula_of(number, year))


def page_of(asked: Asked, page: str) -> Shown:
    """The page of a name. Raises Http404 when there is none."""
    if page not in PAGES:
        raise Http404("There is no such page.")
    return PAGES[page][2](asked)


def show(request: HttpRequest, number: str, year: str, page: str) -> HttpResponse:
    """One page of a year's money beside the formula."""
    asked = asked_of(request, number, year)
    shown = page_of(asked, page)
    context = {
        "authority": asked.authority,
        "year": year,
        "shown": shown,
        "table": asked.formula.ground.table if asked.formula else None,
        "sections": [(section, section.view(asked, page)) for section in shown.sections],
        "related": related(asked, page),
        "form": shown.form,
        "breadcrumbs": year_trail(asked.authority, year),
    }
    return render(request, "blocks/page.html", context)


def section_of(asked: Asked, page: str, name: str) -> Section:
    """One table of a page. Raises Http404 when there is none."""
    found = next((one for one in page_of(asked, page).sections if one.name == name), None)
    if found is None:
        raise Http404("There is no such table.")
    return found


def related(asked: Asked, but: str = "") -> list[tuple[str, str]]:
    """The other pages of the year."""
    return [(label, page_address(asked, page)) for page, (label, _, _) in PAGES.items() if page != but]


def page_address(asked: Asked, page: str) -> str:
    """The address of a page of the year."""
    name = PAGES[page][1]
    return asked.address(name, *([page] if name == "fund" else []))


def page_trail(asked: Asked, page: str) -> Trail:
    """The way back from what is set down for a page."""
    return [*year_trail(asked.authority, asked.year), (PAGES[page][0], page_address(asked, page))]
