"""The ledger: alerts, what they led to, what became of the schools, and what that teaches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words
from redway.improvement.ledger import Outcome, Verdict, teaching
from redway.improvement.target_ledger import both_in_words, target_teaching
from redway.web.attainment.targets.told import targets_told_in
from redway.web.attainment.targets.whole import targets_made_up
from redway.web.audit import services as audit
from redway.web.design.exports import export
from redway.web.design.form_page import FORM, Trail, deed
from redway.web.design.tables import TableView
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.support import alerts as services
from redway.web.improvement.support.access import access_kept, access_place, may, may_here
from redway.web.improvement.support.forms import AlertForm, OutcomeForm
from redway.web.improvement.support.models import Alert
from redway.web.improvement.support.overview_views import links
from redway.web.improvement.support.pages import form_page, notice, trail
from redway.web.improvement.support.tables import (
    follow_up_row,
    ledger_view,
    precision_table,
    schools_named,
    target_precision_table,
    targets_view,
)
from redway.web.improvement.support.target_lines import TargetLine, target_lines_in
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, School

LOOK_ALIKES = (
    "Enter look-alikes too: without schools that were not flagged, nobody can tell an alert that helped from "
    "figures that got better by themselves."
)


@require_safe
@needs("support.view", of="support")
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """Which alerts were worth it."""
    found = access_place(request, number, "support.view")
    _note_reading(request, "authority", number)
    held = services.entries_of(number)
    taught = teaching(entry for _, entry in held)
    lines = target_lines_in(number)
    of_targets = target_teaching(line.entry for line in lines)
    made_up = notice(*(one for one, _ in held), *(line.kept for line in lines if line.kept))
    context = {
        "both": both_in_words(taught.walk, of_targets.walk),
        "target_sentences": of_targets.sentences,
        "target_precision": target_precision_table(of_targets),
        "targets": _targets_view(request, found, lines),
        "authority": found,
        "related": links(request, found, "support:ledger"),
        "walk": [
            ("Alerts", taught.walk.alerts),
            ("Led to a visit", taught.walk.visited),
            ("Led to help", taught.walk.acted_on),
            ("What became of the school is known", taught.walk.known),
            *(
                (verdict.value, taught.verdicts[verdict])
                for verdict in Verdict
                if verdict is not Verdict.OPEN
            ),
        ],
        "sentences": taught.sentences,
        "precision": precision_table(taught),
        "view": ledger_view(found, held, request.GET, opens=may_here(request, "support.manage", found)),
        "made_up": made_up,
        "manages": may_here(request, "support.manage", found),
        "latest_entered": services.latest_list_entered(found),
        "breadcrumbs": trail(),
    }
    return render(request, "support/ledger.html", context)


@require_safe
@needs("support.view", of="support")
def ledger_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The ledger as a file."""
    found = access_place(request, number, "support.view")
    _note_reading(request, "authority", number)
    return export(ledger_view(found, services.entries_of(number), request.GET), extension)


@require_safe
@needs("support.view", of="support")
def target_ledger_table(request: HttpRequest, number: str, extension: str) -> HttpResponseBase:
    """The ledger of targets as a file."""
    found = access_place(request, number, "support.view")
    _note_reading(request, "authority", number)
    return export(_targets_view(request, found, target_lines_in(number)), extension)


def _targets_view(request: HttpRequest, found: Authority, lines: list[TargetLine]) -> TableView:
    return targets_view(
        found,
        lines,
        request.GET,
        made_up=targets_made_up(found.number),
        opens=may_here(request, "support.manage", found),
    )


@require_http_methods(FORM)
@needs("support.manage", of="support")
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a flagged school with its look-alikes."""
    found = access_place(request, number, "support.manage")
    form = AlertForm(schools_listed(number), request.POST or None)

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        alike = [given[name] for name in ("like_1", "like_2") if given[name]]
        shown = [("What the list showed", given["shown"])]
        services.enter_alert(
            actor=person_of(request),
            school=School.objects.get(key=given["school"]),
            flag=services.Flag(given["source"], given["decision"], given["model_version"], shown),
            alike=[School.objects.get(key=key) for key in dict.fromkeys(alike)],
        )

    return form_page(
        request,
        form,
        save,
        title="Enter an alert",
        button="Enter it",
        done="The alert is in the ledger.",
        back=reverse("support:ledger", args=[number]),
        caption=found.name,
        breadcrumbs=_trail(number),
        sentences=[
            LOOK_ALIKES,
        ],
    )


@require_POST
@needs("support.manage", of="support")
def latest_list(request: HttpRequest, number: str) -> HttpResponse:
    """Enter the schools to look at first of the latest early-warning list."""
    found = access_place(request, number, "support.manage")

    def do(revision: int) -> None:
        services.enter_latest_list(actor=person_of(request), authority=found)

    back = reverse("support:ledger", args=[number])
    return deed(request, do, done="The latest list is in the ledger, with look-alikes.", back=back)


@require_safe
@needs("support.manage", of="support")
def alert(request: HttpRequest, key: UUID) -> HttpResponse:
    """One line of the ledger: what was shown, what it led to, what became of the school."""
    found, school = access_kept(request, Alert, key, "support.manage")
    _note_reading(request, "alert", found.pk)
    alike = list(found.look_alikes.all())
    named = schools_named(one.school for one in alike)
    context = {
        "alert": found,
        "made_up": notice(found),
        "school": school,
        "verdict": _verdict(found),
        "target": _target_address(found),
        "about": _about(found),
        "visits": [
            (one, [follow_up_row(action, permission.today()) for action in one.follow_ups.all()])
            for one in found.visits.filter(withdrawn_at=None).prefetch_related("follow_ups")
        ],
        "programmes": list(found.programmes.all()),
        "alike": [(one, named[one.school]) for one in alike],
        "manages": may(request, "support.manage", school),
        "may_visit": may(request, "visit.write", school),
        "breadcrumbs": trail(
            ("Ledger of alerts and targets", reverse("support:ledger", args=[found.authority]))
        ),
    }
    return render(request, "support/alert.html", context)


def _trail(number: str) -> Trail:
    """The way back to the ledger."""
    return trail(("Ledger of alerts and targets", reverse("support:ledger", args=[number])))


def _verdict(found: Alert) -> str:
    """What a line says: of its alert, or what was reached after a target."""
    if found.source == Alert.Source.TARGET:
        lines = target_lines_in(found.authority)
        held = next((line.entry for line in lines if line.kept and line.kept.pk == found.pk), None)
        return held.reached.value if held else ""
    return next(
        entry.verdict.value for one, entry in services.entries_of(found.authority) if one.pk == found.pk
    )


def _target_address(found: Alert) -> str:
    """The page of the target a line is of; empty for an alert, and where the target was withdrawn."""
    held = targets_told_in(found.authority, permission.today()) if found.target else ()
    return next((one.address for one in held if one.key == found.target), "")


def _note_reading(request: HttpRequest, kind: str, key: object) -> None:
    """Which schools were flagged is not public: every look at it is written down."""
    with transaction.atomic():
        audit.record(person_of(request), "support.read_ledger", kind, key, sensitive_read=True)


def _about(found: Alert) -> list[tuple[str, str]]:
    rows = [
        ("List", "" if found.target else str(found.get_source_display())),
        ("Why it is followed" if found.target else "", str(found.get_why_display())),
        ("Since" if found.target else "Decision date", day_in_words(found.decision)),
        ("Version", "" if found.target else found.model_version),
        ("Flagged", "" if found.target else "Yes" if found.flagged else "No: a look-alike"),
        *((label, words) for label, words in found.shown),
        ("What became of the school", "" if found.target else found.outcome),
        ("Known on", day_in_words(found.outcome_on) if found.outcome_on else ""),
        ("Stated in", found.outcome_source),
    ]
    return [(label, value) for label, value in rows if value]


@require_http_methods(FORM)
@needs("support.manage", of="support")
def outcome(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what became of a school."""
    found, school = access_kept(request, Alert, key, "support.manage")
    back = reverse("support:alert", args=[found.pk])
    form = OutcomeForm(
        request.POST or None,
        initial={
            "outcome": "" if found.outcome == Outcome.NOT_KNOWN.value else found.outcome,
            "outcome_on": found.outcome_on,
            "outcome_source": found.outcome_source,
        },
    )

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        services.record_outcome(
            actor=person_of(request),
            alert=found,
            revision=revision,
            outcome=Outcome(given["outcome"]),
            on=given["outcome_on"],
            source=given["outcome_source"],
        )

    return form_page(
        request,
        form,
        save,
        title="What became of the school",
        button="Record it",
        done="The outcome is recorded.",
        back=back,
        caption=school.shown_name,
        breadcrumbs=trail(
            ("Ledger of alerts and targets", reverse("support:ledger", args=[found.authority]))
        ),
        revision=found.revision,
        made_up=found.made_up,
        stands=lambda: _about(Alert.objects.get(pk=found.pk)),
    )
