"""Pages about authorities: the list, and one authority beside England and its neighbours."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from redway.web.authorities import charts, tables
from redway.web.authorities.access import access_authority, record_of
from redway.web.authorities.listing import authorities_view
from redway.web.authorities.paper import authority_paper
from redway.web.authorities.profile import AuthorityProfile, authority_profile
from redway.web.datasets.standing import marks, stamps_for
from redway.web.design import charts as design_charts
from redway.web.design.exports import export
from redway.web.design.kept import kept_parts
from redway.web.design.papers import pdf_response
from redway.web.design.tables import TableView
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority
from redway.web.register.queries import successors_of


@require_safe
@needs("authority.view")
def index(request: HttpRequest) -> HttpResponse:
    """Authorities to choose from."""
    return render(request, "authorities/index.html", {"view": authorities_view(request)})


@require_safe
@needs("authority.view")
def index_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The list of authorities as a file."""
    return export(authorities_view(request), extension)


@require_safe
@needs("authority.view", of="authority")
def profile(request: HttpRequest, number: str) -> HttpResponse:
    """One authority beside England and its statistical neighbours under a named model."""
    authority = access_authority(request, number, "authority.view")
    topics = permission.topics(request, "authority.view", record_of(authority))
    may_find = bool(permission.decide(request, "school.find"))
    may_measure = bool(permission.decide(request, "measure.view"))
    may_place = bool(permission.decide(request, "locality.edit", record_of(authority)))
    register, agreement = marks()
    key = (
        "authority",
        store().build,
        register,
        agreement,
        authority.number,
        topics,
        may_find,
        may_measure,
        may_place,
        request.GET.urlencode(),
        permission.today(),
    )
    made = kept_parts.get(
        key, lambda: _content(request, authority, may_find, may_measure, may_place, agreement)
    )
    context = {
        "authority": authority,
        "content": made,
        "breadcrumbs": [("Authorities", reverse("authorities:index"))],
    }
    return render(request, "authorities/profile.html", context)


def _content(
    request: HttpRequest,
    authority: Authority,
    may_find: bool,
    may_measure: bool,
    may_place: bool,
    agreement: int,
) -> SafeString:
    """The page below its frame."""
    read = _profile(request, authority)
    every = request.GET.get("every") == "1"
    on = permission.today()
    outcomes = [tables.table_view(read, name, request.GET, on) for name in tables.OUTCOMES]
    context = {
        "authority": authority,
        "profile": read,
        "headlines": charts.views_of(read),
        "outcomes": [
            view if may_measure else without_measure_links(view) for view in outcomes if view is not None
        ],
        "neighbours": tables.table_view(read, "neighbours", request.GET, on),
        "gaps": tables.table_view(read, "gaps", request.GET, on),
        "every": every,
        "measures": len(read.compared),
        "successors": successors_of(authority),
        "may_find": may_find,
        "may_measure": may_measure,
        "may_place": may_place,
        "stamps": stamps_for(read.formats(), read.build, on, agreement),
    }
    return render_to_string("authorities/profile_content.html", context)


def without_measure_links(view: TableView) -> TableView:
    """The table for somebody who may not open the pages of measures."""
    return replace(view, links={key: link for key, link in view.links.items() if key != "measure"})


@require_safe
@needs("authority.view", of="authority")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The page as a PDF."""
    read = _profile(request, access_authority(request, number, "authority.view"))
    return pdf_response(authority_paper(read, permission.today()), read.build)


@require_safe
@needs("authority.view", of="authority")
def table(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponseBase:
    """One table of the page as a file."""
    read = _profile(request, access_authority(request, number, "authority.view"))
    view = tables.table_view(read, name, request.GET, permission.today())
    if view is None:
        raise Http404(f"The page has no table called {name}.")
    return export(view, extension)


@require_safe
@needs("authority.view", of="authority")
def chart(request: HttpRequest, number: str, code: str, extension: str) -> HttpResponse:
    """One chart of the page, as a picture or as a description."""
    read = _profile(request, access_authority(request, number, "authority.view"))
    drawn = charts.chart_of(read, code, design_charts.width_wanted(request))
    if drawn is None:
        raise Http404(f"The page has no chart called {code}.")
    return design_charts.answer(request, drawn, extension, read.build)


def _profile(request: HttpRequest, authority: Authority) -> AuthorityProfile:
    topics = permission.topics(request, "authority.view", record_of(authority))
    return authority_profile(authority, store(), request.GET.get("model", ""), topics)
