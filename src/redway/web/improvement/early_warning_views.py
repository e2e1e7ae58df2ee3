"""Where to look first: the list of an authority, one school, and how far the score can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.core.words import percent
from redway.improvement.kept_scores import KeptSchool, KeptScores
from redway.indicators.chance import successive_moves
from redway.web.audit import services as audit
from redway.web.authorities.access import access_authority
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.tables import TableView
from redway.web.improvement.access import access_set, may
from redway.web.improvement.forms import SignOffForm
from redway.web.improvement.held_back import scores_to_show
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.models import ScoreSet, SignOff
from redway.web.improvement.pages import authority_links, school_pages, trail
from redway.web.improvement.rescoring_views import newer
from redway.web.improvement.score_sets import latest_set, scores_of
from redway.web.improvement.sign_off import sign_off_scores
from redway.web.improvement.tables import (
    baselines_view,
    fairness_view,
    list_view,
    made_of_views,
    unranked_view,
)
from redway.web.improvement.watching import charts_of, charts_view
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.schools import charts
from redway.web.schools import tables as school_tables
from redway.web.schools.access import access_school, line_of, record_of
from redway.web.schools.profile import profile_of
from redway.web.schools.seen import Seen


@require_safe
@needs("early_warning.view", of="authority")
def early_warning(request: HttpRequest, number: str) -> HttpResponse:
    """The latest set of scores of an authority."""
    authority = access_authority(request, number, "early_warning.view")
    return _list(request, authority, latest_set(number))


@require_safe
@needs("early_warning.view", of="authority")
def score_set(request: HttpRequest, key: UUID) -> HttpResponse:
    """An earlier set as it was."""
    held, authority = access_set(request, key)
    return _list(request, authority, held)


@require_safe
@needs("early_warning.view", of="authority")
def list_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """A set as a file."""
    held, authority = access_set(request, key)
    scores = _scores_or_404(held, scores_to_show)
    _note_reading(request, "authority", authority.number)
    return export(_view(held, scores, authority, request), extension)


@require_safe
@needs("early_warning.view", of="authority")
def evidence(request: HttpRequest, key: UUID) -> HttpResponse:
    """How well such scores did beside simpler ways, and whom false alarms fall on."""
    held, authority = access_set(request, key)
    scores = _scores_or_404(held)
    context = {
        "authority": authority,
        "held": held,
        "scores": scores,
        "earlier": [
            {
                "decision": one.decision,
                "schools": one.schools,
                "events": one.events,
                "words": one.against_intake,
                "beats": one.beats_intake,
                "slope": one.slope,
            }
            for one in scores.evaluations
        ],
        "signed": SignOff.objects.filter(scores=held).select_related("by").first(),
        "may_sign_off": bool(
            scores.awaits_sign_off
            and permission.decide(request, "early_warning.sign_off", authority_record(authority))
        ),
        "breadcrumbs": trail(authority),
    }
    if scores.evaluation is not None:
        context["ways"] = baselines_view(scores.evaluation, held, request.GET)
        context["fairness"] = fairness_view(scores.evaluation)
    return render(request, "improvement/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("early_warning.sign_off", of="authority")
def sign_off(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sign off that scores may be shown though a limit of fairness is passed."""
    held, authority = access_set(request, key, "early_warning.sign_off")
    limits = _scores_or_404(held).awaits_sign_off
    form = SignOffForm(request.POST if request.method == "POST" else None)
    evidence = reverse("improvement:evidence", args=[held.pk])
    return form_page(
        request,
        form,
        lambda _form, _revision: sign_off_scores(actor=person_of(request), held=held, **form.cleaned_data),
        title="Sign off that the scores may be shown",
        caption=authority.name,
        button="Sign it off",
        back=evidence,
        done="It is signed off under your name. The scores are shown.",
        breadcrumbs=trail(authority, ("How well the score did", evidence)),
        rows=[("Limit passed", one) for one in limits]
        or [("Limits passed", "None that waits for a sign-off")],
    )


@require_safe
@needs("early_warning.view", of="authority")
def evidence_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """The table of the ways of scoring as a file."""
    held, _ = access_set(request, key)
    scores = _scores_or_404(held)
    if scores.evaluation is None:
        raise Http404("No evaluation is on record.")
    return export(baselines_view(scores.evaluation, held, request.GET), extension)


@require_safe
@needs("early_warning.view", of="school")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """One school: what its score is made of, its indicators with charts, its grades."""
    found = access_school(request, urn, "early_warning.view")
    _note_reading(request, "school", found.key)
    held = latest_set(found.authority)
    scores, problem = _scores(held)
    authority = Authority(number=found.authority, name=found.authority_name)
    scored = scores.of_school(found.key) if scores else None
    hidden = bool(scores and scores.evaluation and scores.evaluation.probabilities_hidden)
    context = {
        "school": found,
        "authority": authority,
        "held": held,
        "scores": scores,
        "problem": problem,
        "killed": scores.killed_because if scores else "",
        "found": scored,
        **(_made_of(request, scores, scored, hidden=hidden) if scores and scored else {}),
        "without": scores.without_score(found.key) if scores else None,
        "hidden": hidden,
        "is_over": bool(scores and scores.window_end < permission.today()),
        "two_falls": successive_moves(2).words,
        "pages": school_pages(request, found, but="improvement:school"),
        "may_visit": may(request, "visit.write", found),
        "breadcrumbs": trail(authority),
        **_figures(request, found),
    }
    return render(request, "improvement/school.html", context)


def _made_of(request: HttpRequest, scores: KeptScores, scored: KeptSchool, *, hidden: bool) -> dict[str, Any]:
    """What makes up the score, and the chance as it is written."""
    made_of, rest = made_of_views(scores, scored, request.GET, hidden=hidden)
    return {
        "made_of": made_of,
        "rest": rest,
        "chance": percent(100 * scored.chance, 0),
        "lower": percent(100 * scored.lower, 0),
        "upper": percent(100 * scored.upper, 0),
    }


def _figures(request: HttpRequest, found: School) -> dict[str, Any]:
    """The charts and grades of the school's profile, for those who may see its figures."""
    topics = permission.topics(request, "school.figures", record_of(found))
    line = line_of(found)
    profile = profile_of(line, store(), topics)
    seen = Seen(topics=topics, authority=False, measures=False, on=permission.today())
    trends = charts.trend_views(profile)
    return {
        "trends": trends,
        "funnels": [
            (
                chart.chart.title.partition(":")[0],
                f"{reverse('measures:measure', args=[chart.name])}?{_funnel_of(found)}",
            )
            for chart, _ in trends
            if permission.may_open(request, "measures:measure", chart.name)
        ],
        "watch": charts_view(found, {one.code: one.title for one in profile.indicators}),
        "inspections": school_tables.table_view(profile, "inspections", request.GET, seen),
    }


def _funnel_of(found: School) -> str:
    """The schools of its phase in the authority, this one highlighted."""
    group = {"level": "school", "authority": found.authority, "phase": found.phase}
    return urlencode(group | {"highlight": found.current_urn})


def _list(request: HttpRequest, authority: Authority, held: ScoreSet | None) -> HttpResponse:
    _note_reading(request, "authority", authority.number)
    scores, problem = _scores(held)
    schools = len(scores.schools) if scores else len(schools_listed(authority.number).schools)
    context: dict[str, Any] = {
        "authority": authority,
        "held": held,
        "scores": scores,
        "problem": problem,
        "killed": scores.killed_because if scores else "",
        "hidden": bool(scores and scores.evaluation and scores.evaluation.probabilities_hidden),
        "is_over": bool(scores and scores.window_end < permission.today()),
        "others": [
            one for one in ScoreSet.objects.filter(authority=authority.number) if held and one.pk != held.pk
        ],
        "two_falls_words": successive_moves(2).words,
        "expected_falls": round(schools / 6),
        "watched": charts_of(authority.number).sentence,
        "related": authority_links(request, authority, but="improvement:early_warning"),
        "may_score": permission.decide(request, "early_warning.score", authority_record(authority)),
        "newer": newer(held),
        "breadcrumbs": trail(),
    }
    if scores is not None and held is not None:
        context["view"] = _view(held, scores, authority, request)
    return render(request, "improvement/early_warning.html", context)


def _view(held: ScoreSet, scores: KeptScores, authority: Authority, request: HttpRequest) -> TableView:
    make = unranked_view if scores.killed_because else list_view
    return make(held, scores, authority, request.GET)


def _note_reading(request: HttpRequest, kind: str, key: str) -> None:
    """Where officers would look first is not public: every look at it is written down."""
    with transaction.atomic():
        audit.record(person_of(request), "early_warning.read", kind, key, sensitive_read=True)


Reader = Callable[[ScoreSet], KeptScores]


def _scores(
    held: ScoreSet | None, read: Reader = scores_to_show
) -> tuple[KeptScores | None, RedwayError | None]:
    if held is None:
        return None, None
    try:
        return read(held), None
    except RedwayError as error:
        return None, error


def _scores_or_404(held: ScoreSet, read: Reader = scores_of) -> KeptScores:
    """How well scores did may be read at any time; the list itself is read with ``scores_to_show``."""
    scores, problem = _scores(held, read)
    if scores is None:
        raise Http404(problem.message if problem else "No scores are kept.")
    return scores
