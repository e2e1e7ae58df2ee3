"""Applications for licensed deficits: written, sent, decided, and followed by monthly returns until clear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.dated_values import Status
from redway.core.errors import RedwayError
from redway.core.money import Money
from redway.core.words import day_in_words
from redway.figures.letters import write_letter
from redway.funding.deficits import Check, level_for, month_in_words
from redway.funding.local_values import InForce
from redway.funding.recovery import RecoveryPlan, may_be_granted, plan_checks, year_after
from redway.web.audit import services as audit
from redway.web.design.exports import export
from redway.web.design.form_page import form_page, problems_of, seen
from redway.web.funding.deficits.access import access_licence, may
from redway.web.funding.deficits.forms import ApplicationForm, ClearForm, DecisionForm, ReasonForm, ReturnForm
from redway.web.funding.deficits.letters import decision_letter, has_letter
from redway.web.funding.deficits.models import OPEN_STAGES, Licence, LicenceEntry, MonthlyReturn, Stage
from redway.web.funding.deficits.pages import trail
from redway.web.funding.deficits.queries import newest_balance
from redway.web.funding.deficits.records import ReturnLine, checks_of, plan_of, return_lines, written_plan
from redway.web.funding.deficits.services.changing import ChangedMeanwhile
from redway.web.funding.deficits.services.licences import (
    Application,
    decide,
    levels_of,
    record_clear,
    save_application,
    send_return,
    withdraw,
)
from redway.web.funding.deficits.tables import plan_view, returns_view
from redway.web.funding.deficits.values_of import rules_for
from redway.web.funding.money_fields import year_of
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School
from redway.web.schools.access import access_school


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.apply", of="school")
def apply(request: HttpRequest, urn: str) -> HttpResponse:
    """Write an application, keep it for later, check it, send it."""
    school = access_school(request, urn, "deficit.apply")
    licence = Licence.objects.filter(school=school.key, stage__in=OPEN_STAGES).first()
    if licence is not None and licence.stage not in (Stage.DRAFT, Stage.RETURNED):
        messages.info(request, "The school has an application or a licence already.")
        return redirect("deficits:licence", licence.pk)
    rules = rules_for(school.authority, permission.today())
    first = _first_year(request, licence)
    initial = _initial(school, licence)
    posted = request.method == "POST"
    keeping = request.POST.get("go") == "keep"
    form = ApplicationForm(first, rules, request.POST if posted else None, initial, keeping=keeping)
    now = licence.revision if licence else 0
    revision, changed = seen(request) if posted else now, False
    if posted and form.is_valid() and request.POST.get("go") != "change":
        written, go = form.application(), request.POST.get("go", "")
        if go == "check":
            return _check_page(request, school, form, written, first, revision)
        try:
            made = save_application(
                actor=person_of(request),
                school=school,
                licence=licence,
                revision=revision,
                written=written,
                send=go == "send",
            )
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
            if isinstance(error, ChangedMeanwhile):
                changed = True
                revision = Licence.objects.get(school=school.key, stage__in=OPEN_STAGES).revision
        else:
            words = "The application is sent." if go == "send" else "The application is kept for later."
            messages.success(request, words)
            return redirect("deficits:licence", made.pk)
    context = {
        "school": school,
        "form": form,
        "first": first,
        "other_first": _other_first(first),
        "licence": licence,
        "changed": changed,
        "revision": revision,
        "sent_back": licence.entries.last() if licence and licence.stage == Stage.RETURNED else None,
        "usual": rules.entry("recovery-years").value,
        "most": rules.entry("recovery-years-exceptional").value,
        "breadcrumbs": trail(request, school),
    }
    return render(request, "deficits/apply.html", context)


def _first_year(request: HttpRequest, licence: Licence | None) -> str:
    """First year of the plan: this financial year, or the next when that is chosen."""
    this = year_of(permission.today())
    asked = request.POST.get("first") or request.GET.get("first", "")
    if asked in (this, year_after(this)):
        return asked
    plan = written_plan(licence) if licence else None
    return plan.years[0].year if plan else this


def _other_first(first: str) -> str:
    this = year_of(permission.today())
    return year_after(this) if first == this else this


def _initial(school: School, licence: Licence | None) -> dict[str, object]:
    if licence is not None:
        return ApplicationForm.initial_of(licence, written_plan(licence))
    held = newest_balance(school)
    return {"brought_forward": Money(held.closing_pence)} if held else {}


def _check_page(
    request: HttpRequest,
    school: School,
    form: ApplicationForm,
    written: Application,
    first: str,
    revision: int,
) -> HttpResponse:
    plan = RecoveryPlan(written.brought_forward, written.years, written.exceptional_because)
    rules = rules_for(school.authority, permission.today())
    checks = plan_checks(plan, rules)
    context = {
        "school": school,
        "blocked": not may_be_granted(checks),
        "written": written,
        "plan": plan_view(plan),
        "checks": _check_rows(checks),
        "first": first,
        "revision": revision,
        "sent_again": [
            (name, request.POST.get(name, "")) for name in form.fields if request.POST.get(name, "") != ""
        ],
        "breadcrumbs": trail(request, school),
    }
    return render(request, "deficits/apply_check.html", context)


@require_safe
@needs("deficit.view", of="school")
def licence(request: HttpRequest, key: UUID) -> HttpResponse:
    """One application or licence: plan, checks, decision, returns, history."""
    found, school = access_licence(request, key, "deficit.view")
    own = may(request, "deficit.apply", school)
    plan = written_plan(found) if found.stage == Stage.DRAFT else plan_of(found)
    rules = rules_for(found.authority, permission.today())
    lines = return_lines(found, permission.today())
    deciding = found.stage == Stage.APPLIED and may(request, "deficit.decide", school)
    level = level_for(plan.deepest, rules) if plan else None
    context = {
        "licence": found,
        "school": school,
        "stage": Stage(found.stage).label,
        "colour": _COLOURS[Stage(found.stage)],
        "plan": plan_view(plan) if plan else None,
        "checks": _check_rows(checks_of(found, plan, rules)),
        "conditions": [line for line in found.conditions.splitlines() if line.strip()],
        "level": level,
        "may_decide": deciding and level in levels_of(person_of(request), school.key),
        "waits_for_director": deciding and level not in levels_of(person_of(request), school.key),
        "may_write": own and found.stage in (Stage.DRAFT, Stage.RETURNED),
        "may_withdraw": own and found.stage in (Stage.DRAFT, Stage.APPLIED, Stage.RETURNED),
        "may_clear": found.stage == Stage.GRANTED and may(request, "deficit.keep", school),
        "returns": returns_view(found, lines, request.GET, send=own and found.stage == Stage.GRANTED)
        if found.first_month
        else None,
        "next": _next_return(found, own, lines),
        "history": _history(found),
        "has_letter": has_letter(found),
        "breadcrumbs": trail(request, school),
    }
    return render(request, "deficits/licence.html", context)


_COLOURS = {
    Stage.DRAFT: "grey",
    Stage.APPLIED: "blue",
    Stage.RETURNED: "yellow",
    Stage.GRANTED: "green",
    Stage.REFUSED: "red",
    Stage.WITHDRAWN: "grey",
    Stage.CLEARED: "green",
}


def _check_rows(checks: Sequence[Check]) -> list[tuple[str, str, str, str]]:
    colours = {"Passed": "green", "Look at this": "yellow", "Blocked": "red"}
    return [(one.name, one.answer.value, colours[one.answer.value], one.words) for one in checks]


def _next_return(found: Licence, own: bool, lines: Sequence[ReturnLine]) -> tuple[str, str] | None:
    """(address, label) of the earliest return that is waited for, for the school."""
    if not own or found.stage != Stage.GRANTED:
        return None
    for one in lines:
        if one.sent is None:
            address = reverse("deficits:return", args=[found.pk, f"{one.due.month:%Y-%m}"])
            return address, one.due.label
    return None


def _history(found: Licence) -> list[dict[str, object]]:
    entries = [
        {"at": one.at, "by": one.by.full_name, "what": LicenceEntry.Kind(one.kind).label, "words": one.words}
        for one in found.entries.select_related("by")
    ]
    returns = [
        {
            "at": one.at,
            "by": one.by.full_name,
            "what": f"Return for {month_in_words(one.month)} sent",
            "words": one.words,
        }
        for one in found.returns.select_related("by")
    ]
    return sorted([*entries, *returns], key=lambda one: str(one["at"]), reverse=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.decide", of="school")
def decide_on(request: HttpRequest, key: UUID) -> HttpResponse:
    """License, refuse or send back."""
    found, school = access_licence(request, key, "deficit.decide")
    plan, rules = plan_of(found), rules_for(found.authority, permission.today())
    if found.stage != Stage.APPLIED or plan is None:
        messages.info(request, "Nothing waits for a decision here.")
        return redirect("deficits:licence", found.pk)
    level = level_for(plan.deepest, rules)
    if level not in levels_of(person_of(request), school.key):
        messages.info(request, f"The deepest deficit is {-plan.deepest}: the {level.value} decides.")
        return redirect("deficits:licence", found.pk)
    form = DecisionForm(permission.today(), request.POST if request.method == "POST" else None)

    def save(_: object, revision: int) -> None:
        decide(
            actor=person_of(request),
            licence=found,
            revision=revision,
            decision=form.decision(),
        )

    checks = checks_of(found, plan, rules)
    return form_page(
        request,
        form,
        save,
        title="Decide on the application",
        caption=school.shown_name,
        button="Decide",
        back=_address(found),
        done="The decision is recorded.",
        breadcrumbs=_trail(request, school, found),
        revision=found.revision,
        template="deficits/decide.html",
        checks=_check_rows(checks),
        blocked=not may_be_granted(checks),
        unconfirmed=_unconfirmed(rules),
    )


def _unconfirmed(rules: InForce) -> str:
    entry = rules.entry("officer-approves-up-to")
    if entry.status is not Status.UNCONFIRMED:
        return ""
    return (
        f"Who decides follows from a level that is not confirmed ({entry.value:,} {entry.unit}). {entry.note}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.apply", of="school")
def withdraw_it(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an application back, with a reason."""
    found, school = access_licence(request, key, "deficit.apply")
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def save(_: object, revision: int) -> None:
        withdraw(
            actor=person_of(request),
            licence=found,
            revision=revision,
            reason=form.cleaned_data["reason"],
        )

    return form_page(
        request,
        form,
        save,
        title="Withdraw the application",
        caption=school.shown_name,
        button="Withdraw it",
        back=_address(found),
        done="The application is withdrawn.",
        breadcrumbs=_trail(request, school, found),
        revision=found.revision,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.keep", of="school")
def clear(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down that the deficit is clear."""
    found, school = access_licence(request, key, "deficit.keep")
    form = ClearForm(request.POST if request.method == "POST" else None)

    def save(_: object, revision: int) -> None:
        given = form.cleaned_data
        record_clear(
            actor=person_of(request),
            licence=found,
            revision=revision,
            on=given["on"],
            words=given["words"],
        )

    return form_page(
        request,
        form,
        save,
        title="The deficit is clear",
        caption=school.shown_name,
        button="Record it",
        back=_address(found),
        done="It is recorded. No more returns are asked for.",
        breadcrumbs=_trail(request, school, found),
        revision=found.revision,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("deficit.apply", of="school")
def monthly_return(request: HttpRequest, key: UUID, month: str) -> HttpResponse:
    """Send the return of one month, or correct it."""
    found, school = access_licence(request, key, "deficit.apply")
    first = _month(month)
    line = next((one for one in return_lines(found, permission.today()) if one.due.month == first), None)
    if line is None:
        raise Http404("No return is asked for that month.")
    initial = _initial_return(line.sent)
    form = ReturnForm(request.POST if request.method == "POST" else None, initial=initial)

    def save(_: object, revision: int) -> None:
        send_return(
            actor=person_of(request),
            licence=found,
            revision=revision,
            returned=form.returned(first),
        )

    planned = [
        ("Planned income to date", line.planned_income),
        ("Planned spending to date", line.planned_spending),
        ("Planned balance at the end of the year", line.planned_balance),
        ("Due by", day_in_words(line.due.due)),
    ]
    return form_page(
        request,
        form,
        save,
        title=f"Return for {line.due.label}",
        caption=school.shown_name,
        button="Send it",
        back=_address(found),
        done=f"The return for {line.due.label} is sent.",
        breadcrumbs=_trail(request, school, found),
        revision=found.revision,
        rows=[(label, value if value is not None else "Not in the plan") for label, value in planned],
    )


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404("There is no such month.") from None


def _initial_return(sent: MonthlyReturn | None) -> dict[str, object]:
    if sent is None:
        return {}
    return {
        "income": Money(sent.income_pence),
        "spending": Money(sent.spending_pence),
        "forecast": Money(sent.forecast_pence),
        "words": sent.words,
    }


@require_safe
@needs("deficit.view", of="school")
def returns_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """The monthly returns as a file."""
    found, _ = access_licence(request, key, "deficit.view")
    lines = return_lines(found, permission.today())
    return export(returns_view(found, lines, request.GET, send=False), extension)


@require_safe
@needs("deficit.view", of="school")
def letter(request: HttpRequest, key: UUID) -> HttpResponse:
    """The letter that tells the school what was decided, as PDF."""
    found, school = access_licence(request, key, "deficit.view")
    if not has_letter(found):
        raise Http404("Nothing has been decided yet.")
    made = decision_letter(found, school, timezone.localdate())
    with transaction.atomic():
        audit.record(person_of(request), "deficit.make_letter", "licence", found.pk, {"stage": found.stage})
    response = HttpResponse(write_letter(made), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="deficit-decision.pdf"'
    return response


def _address(found: Licence) -> str:
    return reverse("deficits:licence", args=[found.pk])


def _trail(request: HttpRequest, school: School, found: Licence) -> list[tuple[str, str]]:
    return [*trail(request, school), ("Licensed deficit", _address(found))]
