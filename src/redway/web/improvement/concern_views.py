"""Schools causing concern: the authority's list, one school, what is known, proposals and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.improvement.concern_categories import default_sources
from redway.improvement.schools import MAINTAINED, asked_by_rules
from redway.improvement.soft_intelligence import SoftIntelligence, counted_in_words
from redway.improvement.statutory_triggers import SchoolFacts, authority_deficits, meets, not_in_force
from redway.web.audit import services as audit
from redway.web.authorities.access import access_authority
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.exports import export
from redway.web.design.form_page import form_page
from redway.web.design.tables import TableView
from redway.web.improvement import categories as kept_categories
from redway.web.improvement.access import access_concern, access_intelligence, may
from redway.web.improvement.concerns import close, decide, ground_of, open_concern, propose
from redway.web.improvement.facts import facts_of
from redway.web.improvement.forms import (
    CategoriesForm,
    CloseForm,
    DecideForm,
    IntelligenceForm,
    ProposeForm,
    WithdrawForm,
)
from redway.web.improvement.held_back import scores_to_show
from redway.web.improvement.intelligence import (
    as_known,
    concerns_now,
    known_of,
    record_intelligence,
    withdraw_intelligence,
)
from redway.web.improvement.listed import by_type
from redway.web.improvement.made_up import NOTICE, made_up_in
from redway.web.improvement.models import Concern, EntryKind
from redway.web.improvement.pages import authority_links, school_pages, school_trail, trail
from redway.web.improvement.score_sets import latest_set
from redway.web.improvement.tables import concerns_view, triggers_view
from redway.web.improvement.targets_shown import targets_shown
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School
from redway.web.register.queries import schools_of_authority
from redway.web.schools.access import access_school


@require_safe
@needs("concern.view", of="authority")
def concerns(request: HttpRequest, number: str) -> HttpResponse:
    """Every school in a category, proposed for one, or of which something is known."""
    authority = access_authority(request, number, "concern.view")
    _read(request, "authority", number)
    context = {
        "authority": authority,
        "view": _concerns(request, authority),
        "made_up": _notice(number),
        "categories": kept_categories.categories_of(number, permission.today()),
        "related": authority_links(request, authority, but="improvement:concerns"),
        "breadcrumbs": trail(),
    }
    return render(request, "improvement/concerns.html", context)


@require_safe
@needs("concern.view", of="authority")
def concerns_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    authority = access_authority(request, number, "concern.view")
    _read(request, "authority", number)
    return export(_concerns(request, authority), extension)


def _concerns(request: HttpRequest, authority: Authority) -> TableView:
    on = permission.today()
    open_ones = {
        one.school: one for one in Concern.objects.filter(authority=authority.number, closed_at=None)
    }
    return concerns_view(
        authority,
        list(schools_of_authority(authority.number)),
        open_ones,
        _concerns_now(authority, on),
        kept_categories.categories_of(authority.number, on),
        _places(authority),
        on,
        request.GET,
        _notice(authority.number),
    )


def _concerns_now(authority: Authority, on: date) -> Mapping[str, list[SoftIntelligence]]:
    return {school: found for school, found in concerns_now(authority.number, on).items() if found}


def _places(authority: Authority) -> dict[str, int]:
    """School key -> place on the list of early warning, where scores may be shown."""
    held = latest_set(authority.number)
    try:
        scores = scores_to_show(held) if held else None
    except RedwayError:
        return {}
    if scores is None or scores.killed_because:
        return {}
    return {one.school: one.place for one in scores.schools}


@require_safe
@needs("concern.view", of="school")
def concern(request: HttpRequest, urn: str) -> HttpResponse:
    """One school: how it stands, what is known, official triggers, what was said and decided."""
    school = access_school(request, urn, "concern.view")
    _read(request, "school", school.key)
    on = permission.today()
    found = open_concern(school)
    ground = ground_of(school, on)
    every = Concern.objects.filter(school=school.key).prefetch_related("entries__by")
    context = {
        "school": school,
        "concern": found,
        "overdue": bool(found and found.review_on and found.review_on < on),
        "ground": ground,
        "made_up": _notice(school.authority),
        "concerns_words": counted_in_words(ground.concerns),
        "known": [(one, as_known(one).sentence) for one in known_of(school)],
        "not_in_force": not_in_force(on),
        "entries": [(one, EntryKind(one.kind).label) for each in every for one in each.entries.all()],
        "may_record": may(request, "concern.record", school),
        "may_decide": may(request, "concern.decide", school),
        "may_visit": may(request, "visit.write", school),
        "targets": targets_shown(request, school),
        "pages": school_pages(request, school, but="improvement:concern"),
        "breadcrumbs": school_trail(request, school)[:-1],
    }
    return render(request, "improvement/concern.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.record", of="school")
def record(request: HttpRequest, urn: str) -> HttpResponse:
    """Write down something known of a school."""
    school = access_school(request, urn, "concern.record")
    form = IntelligenceForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form,
        lambda _form, _revision: record_intelligence(
            actor=person_of(request), school=school, given=form.cleaned_data
        ),
        title="Write down what is known",
        caption=school.shown_name,
        button="Keep it",
        back=reverse("improvement:concern", args=[school.current_urn]),
        done="It is kept.",
        breadcrumbs=school_trail(request, school),
        template="improvement/write_down.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.record", of="school")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw something known."""
    held, school = access_intelligence(request, key, "concern.record")
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def save(_: object, __: int) -> None:
        because = form.cleaned_data["because"]
        withdraw_intelligence(actor=person_of(request), held=held, school=school, because=because)

    return form_page(
        request,
        form,
        save,
        title="Withdraw what was written down",
        caption=school.shown_name,
        button="Withdraw it",
        back=reverse("improvement:concern", args=[school.current_urn]),
        done="It is withdrawn.",
        breadcrumbs=school_trail(request, school),
        rows=[("What is withdrawn", as_known(held).sentence)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.record", of="school")
def propose_category(request: HttpRequest, urn: str) -> HttpResponse:
    """Propose a category."""
    school = access_school(request, urn, "concern.record")
    found = open_concern(school)
    revision = found.revision if found else 0
    ground = ground_of(school, permission.today())
    posted = request.POST if request.method == "POST" else None
    form = ProposeForm(ground.categories, posted, initial={"category": ground.suggested.key})

    def save(_: object, revision: int) -> None:
        propose(actor=person_of(request), school=school, revision=revision, **form.cleaned_data)

    return form_page(
        request,
        form,
        save,
        title="Propose a category",
        caption=school.shown_name,
        button="Propose it",
        back=reverse("improvement:concern", args=[school.current_urn]),
        done="The category is proposed. Somebody decides on it.",
        breadcrumbs=school_trail(request, school),
        revision=revision,
        rows=_rows(ground, found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="school")
def decide_category(request: HttpRequest, key: UUID) -> HttpResponse:
    """Decide on a category."""
    found, school = access_concern(request, key, "concern.decide")
    ground = ground_of(school, permission.today())
    posted = request.POST if request.method == "POST" else None
    chosen = found.proposed or found.category
    form = DecideForm(ground.categories, found.proposed, posted, initial={"category": chosen})

    def save(_: object, revision: int) -> None:
        given = dict(form.cleaned_data)
        decide(
            actor=person_of(request),
            concern=found,
            school=school,
            revision=revision,
            agreed=given.pop("agreed", "yes") == "yes",
            **given,
        )

    return form_page(
        request,
        form,
        save,
        title="Decide on the category",
        caption=school.shown_name,
        button="Decide",
        back=reverse("improvement:concern", args=[school.current_urn]),
        done="The decision is kept. The headteacher and the chair can read it and may answer.",
        breadcrumbs=school_trail(request, school),
        revision=found.revision,
        rows=_rows(ground, found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="school")
def close_concern(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close a concern."""
    found, school = access_concern(request, key, "concern.decide")
    form = CloseForm(request.POST if request.method == "POST" else None)

    def save(_: object, revision: int) -> None:
        close(
            actor=person_of(request),
            concern=found,
            school=school,
            revision=revision,
            reasons=form.cleaned_data["reasons"],
        )

    return form_page(
        request,
        form,
        save,
        title="Close the concern",
        caption=school.shown_name,
        button="Close it",
        back=reverse("improvement:concern", args=[school.current_urn]),
        done="The concern is closed.",
        breadcrumbs=school_trail(request, school),
        revision=found.revision,
    )


def _rows(ground: Any, found: Concern | None) -> list[tuple[str, str]]:
    """What a decision can stand on, in front of whoever makes it."""
    frozen = ground.frozen
    return [
        ("Category now", found.label if found and found.category else "None"),
        ("Proposed", _proposed(found) if found and found.proposed else "Nothing"),
        ("Early warning", frozen["early_warning"]),
        ("What counts now", frozen["concerns"]),
        ("Official triggers", "; ".join(frozen["triggers"]) or "None is met as far as is known"),
        ("The list suggests", f"{frozen['suggested']} (a suggestion; a person decides)"),
    ]


def _proposed(found: Concern) -> str:
    """What is proposed, and by whom: somebody else decides."""
    proposal = found.entries.filter(kind=EntryKind.PROPOSED).select_related("by").last()
    return f"{found.proposed_label}, by {proposal.by.full_name}" if proposal else found.proposed_label


@require_safe
@needs("concern.view", of="authority")
def triggers(request: HttpRequest, number: str) -> HttpResponse:
    """Official rules, and which schools meet them on a day."""
    authority = access_authority(request, number, "concern.view")
    _read(request, "authority", number)
    on = _as_at(request)
    every = list(schools_of_authority(number))
    schools, left_out = _asked(every)
    facts = facts_of(every, on)
    verdicts = {one.key: meets(facts[one.key], on) for one in schools}
    held = latest_set(number)
    context = {
        "authority": authority,
        "on": on,
        "view": triggers_view(authority, schools, verdicts, on, request.GET),
        "left_out": left_out,
        "deficits": authority_deficits(_balances(every, facts), on),
        "rules": _rules(verdicts),
        "not_in_force": not_in_force(on),
        "days": [
            ("today", permission.today()),
            *([("the day of the scores", held.decision)] if held else []),
        ],
        "related": authority_links(request, authority, but="improvement:triggers"),
        "breadcrumbs": trail(),
    }
    return render(request, "improvement/triggers.html", context)


@require_safe
@needs("concern.view", of="authority")
def triggers_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The same as a file."""
    authority = access_authority(request, number, "concern.view")
    _read(request, "authority", number)
    on = _as_at(request)
    schools, _ = _asked(list(schools_of_authority(number)))
    verdicts = {key: meets(one, on) for key, one in facts_of(schools, on).items()}
    return export(triggers_view(authority, schools, verdicts, on, request.GET), extension)


def _asked(every: Sequence[School]) -> tuple[list[School], str]:
    """The schools that official rules are asked of, and in words which are left out, counted."""
    left = [one for one in every if not asked_by_rules(one.kind)]
    return [one for one in every if asked_by_rules(one.kind)], by_type(left)


def _balances(every: Sequence[School], facts: Mapping[str, SchoolFacts]) -> list[Sequence[float | None]]:
    """Of every maintained school its balances; one without any is unknown, and counted.

    Of a school whose type is not held only a balance tells that it is the authority's.
    """
    return [
        facts[one.key].deficit_shares
        for one in every
        if one.kind in MAINTAINED or (not one.kind and facts[one.key].deficit_shares)
    ]


def _rules(verdicts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each rule in force with its days, its sources, and how many schools stand how."""
    found: dict[str, dict[str, Any]] = {}
    for every in verdicts.values():
        for one in every:
            row = found.setdefault(
                one.rule,
                {
                    "title": one.title,
                    "start": one.start,
                    "end": one.end,
                    "sources": one.sources,
                    "confirmed": one.confirmed,
                    "counts": {},
                },
            )
            row["counts"][one.standing.value] = row["counts"].get(one.standing.value, 0) + 1
    for row in found.values():
        row["words"] = "; ".join(f"{name.lower()} {count}" for name, count in sorted(row["counts"].items()))
    return list(found.values())


def _as_at(request: HttpRequest) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("as_at", ""))
    except ValueError:
        return permission.today()
    return min(asked, permission.today())


@require_safe
@needs("concern.view", of="authority")
def categories(request: HttpRequest, number: str) -> HttpResponse:
    """The categories in force, what suggests each, and their sources."""
    authority = access_authority(request, number, "concern.view")
    on = permission.today()
    held = kept_categories.categories_of(number, on)
    context = {
        "authority": authority,
        "list": held,
        "sources": [] if held.confirmed else default_sources(on),
        "settled": kept_categories.settled(number),
        "may_decide": permission.decide(request, "concern.decide", authority_record(authority)),
        "related": authority_links(request, authority, but="improvement:categories"),
        "breadcrumbs": trail(),
    }
    return render(request, "improvement/categories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("concern.decide", of="authority")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Settle the authority's own list."""
    authority = access_authority(request, number, "concern.decide")
    on = permission.today()
    held = kept_categories.categories_of(number, on)
    revision = kept_categories.settlings(number)
    posted = request.POST if request.method == "POST" else None
    form = CategoriesForm(held, posted, initial=CategoriesForm.initial_of(held, on))

    def save(_: object, revision: int) -> None:
        given = form.cleaned_data
        kept_categories.settle_categories(
            actor=person_of(request),
            authority=authority,
            revision=revision,
            first_day=given["first_day"],
            counts_for=given["counts_for"],
            categories=form.categories(),
            reason=given["reason"],
        )

    address = reverse("improvement:categories", args=[number])
    return form_page(
        request,
        form,
        save,
        title="Settle the list of categories",
        caption=authority.name,
        button="Settle it",
        back=address,
        done="The list is settled.",
        breadcrumbs=[*trail(), (f"Categories of {authority.name}", address)],
        revision=revision,
    )


def _notice(authority: str) -> str:
    return NOTICE if made_up_in(authority) else ""


def _read(request: HttpRequest, kind: str, key: str) -> None:
    """What is known of schools is not public: every look at it is written down."""
    with transaction.atomic():
        audit.record(person_of(request), "concern.read", kind, key, sensitive_read=True)
