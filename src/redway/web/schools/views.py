"""Pages about schools: find one, look at one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from redway.web.attainment.pages import school_pages
from redway.web.datasets.standing import marks, stamps_for
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.kept import kept_parts
from redway.web.design.papers import pdf_response
from redway.web.improvement.pages import school_pages as improvement_pages
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.rules import Record
from redway.web.register.models import School
from redway.web.register.queries import build_number, events_of
from redway.web.schools import charts, tables
from redway.web.schools.about import about_school
from redway.web.schools.access import Line, access_line, access_school, line_of, record_of
from redway.web.schools.finding import SchoolSearch, localities_to_choose
from redway.web.schools.history import history_of
from redway.web.schools.likeness import likeness_of
from redway.web.schools.list_table import list_view
from redway.web.schools.map import map_of
from redway.web.schools.paper import school_paper
from redway.web.schools.profile import profile_of
from redway.web.schools.seen import Seen
from redway.web.schools.similar_table import similar_view


@require_safe
@needs("school.find")
def find(request: HttpRequest) -> HttpResponse:
    """Find a school. With ``part=results`` the results alone, for search as you type."""
    search = SchoolSearch.read(request)
    if request.GET.get("part") == "results":
        return render(request, "schools/results.html", {"search": search})
    drawn = map_of(search)
    context = {
        "search": search,
        "localities": localities_to_choose(request),
        "map": ChartView(
            "map",
            drawn,
            reverse("schools:map", args=["svg"]).removesuffix(".svg"),
            f"register-{build_number()}",
            query=search.query(),
        )
        if drawn
        else None,
    }
    return render(request, "schools/find.html", context)


@require_safe
@needs("school.find")
def map_chart(request: HttpRequest, extension: str) -> HttpResponse:
    """The map of the schools found, as a picture or as a description."""
    drawn = map_of(SchoolSearch.read(request), design_charts.width_wanted(request))
    if drawn is None:
        raise Http404("There is nothing to draw on a map.")
    return design_charts.answer(request, drawn, extension, f"register-{build_number()}")


@require_safe
@needs("school.find")
def list_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """All schools found as a file."""
    return export(list_view(SchoolSearch.read(request), request.GET, permission.today()), extension)


@require_safe
@needs("school.view", of="school")
def profile(request: HttpRequest, urn: str) -> HttpResponse:
    """The profile of one school."""
    school = access_school(request, urn, "school.view")
    if urn != school.current_urn:
        return redirect("schools:profile", school.current_urn)
    seen = _seen(request, school)
    register, agreement = marks()
    made_from = (store().build, register, agreement, *_set_here(school))
    key = ("school", *made_from, seen, request.GET.urlencode())
    context = {
        "school": school,
        "content": kept_parts.get(key, lambda: _content(request, line_of(school), seen, agreement)),
        "breadcrumbs": [("Schools", reverse("schools:find"))],
    }
    return render(request, "schools/profile.html", context)


def _set_here(school: School) -> tuple[object, ...]:
    """The school with what the authority set itself and may change at any time: the page shows it."""
    locality = school.locality.name if school.locality else ""
    return school.key, school.shown_name, locality


def _content(request: HttpRequest, line: Line, seen: Seen, agreement: int) -> SafeString:
    """The page below its frame."""
    read = profile_of(line, store(), seen.topics)
    context = {
        "school": line.school,
        "line": line,
        "profile": read,
        "trends": charts.trend_views(read),
        "tables": {
            name.replace("-", "_"): tables.table_view(read, name, request.GET, seen)
            for name in ("benchmarks", "inspections", "gaps")
        },
        "about": about_school(read),
        "history": history_of(line, events_of(line.school.key)),
        "may_authority": seen.authority,
        "progress": seen.progress + seen.improvement,
        "stamps": stamps_for(read.formats(), read.build, seen.on, agreement),
    }
    return render_to_string("schools/profile_content.html", context)


@require_safe
@needs("school.view", of="school")
def paper(request: HttpRequest, urn: str) -> HttpResponse:
    """The profile as a PDF."""
    line = access_line(request, urn, "school.view")
    seen = _seen(request, line.school)
    read = profile_of(line, store(), seen.topics)
    history = history_of(line, events_of(line.school.key))
    return pdf_response(school_paper(read, seen, history, permission.today()), read.build)


@require_safe
@needs("school.figures", of="school")
def similar(request: HttpRequest, urn: str) -> HttpResponse:
    """The schools this one is compared with, how far each is from it, and what the distance rests on."""
    line = access_line(request, urn, "school.figures")
    likeness = likeness_of(line, store())
    school = line.school
    context = {
        "school": school,
        "likeness": likeness,
        "view": similar_view(line, likeness, request.GET, permission.today()) if likeness else None,
        "breadcrumbs": [
            ("Schools", reverse("schools:find")),
            (school.shown_name, reverse("schools:profile", args=[school.current_urn])),
        ],
    }
    return render(request, "schools/similar.html", context)


@require_safe
@needs("school.figures", of="school")
def similar_table(request: HttpRequest, urn: str, extension: str) -> HttpResponseBase:
    """The similar schools as a file."""
    line = access_line(request, urn, "school.figures")
    likeness = likeness_of(line, store())
    if likeness is None:
        raise Http404("Too little is known of the school's intake.")
    return export(similar_view(line, likeness, request.GET, permission.today()), extension)


@require_safe
@needs("school.view", of="school")
def table(request: HttpRequest, urn: str, name: str, extension: str) -> HttpResponseBase:
    """One table of the profile as a file, in the order and columns of the address."""
    line = access_line(request, urn, "school.view")
    seen = _seen(request, line.school)
    view = tables.table_view(profile_of(line, store(), seen.topics), name, request.GET, seen)
    if view is None:
        raise Http404(f"The profile has no table called {name}.")
    return export(view, extension)


@require_safe
@needs("school.view", of="school")
def chart(request: HttpRequest, urn: str, code: str, extension: str) -> HttpResponse:
    """One chart of the profile, as a picture or as a description."""
    line = access_line(request, urn, "school.view")
    read = profile_of(line, store(), _seen(request, line.school).topics)
    indicator = next((one for one in read.indicators if one.code == code), None)
    if indicator is None or not charts.has_trend(read, indicator):
        raise Http404(f"The profile has no chart of {code}.")
    drawn = charts.trend_of(read, indicator, design_charts.width_wanted(request))
    return design_charts.answer(request, drawn, extension, read.build)


def _seen(request: HttpRequest, school: School) -> Seen:
    """What this person may see of the school and open from its page."""
    topics: frozenset[str] | None = frozenset()
    if permission.decide(request, "school.figures"):
        topics = permission.topics(request, "school.figures", record_of(school))
    authority = Record("authority", school.authority, authority=school.authority)
    progress = tuple(school_pages(request, school))
    held = {address for _, address in progress}
    beside = improvement_pages(request, school, but="schools:profile")
    return Seen(
        topics=topics,
        authority=bool(permission.decide(request, "authority.view", authority)),
        measures=bool(permission.decide(request, "measure.view")),
        on=permission.today(),
        progress=progress,
        improvement=tuple(one for one in beside if one[1] not in held),
    )
