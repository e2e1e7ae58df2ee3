"""The forms of the conversation: written, checked, sent. What is written is kept until it is sent.

Every step has two pages. The first holds the form, which can be kept part-way; the second shows the answers
back before they are sent. If somebody has gone on with the target in between, both say what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.attainment.target_record import Decision, Stage, TargetRecord
from redway.core.errors import RedwayError
from redway.web.attainment.models import TargetDraft
from redway.web.attainment.targets import services
from redway.web.attainment.targets.access import Place, access_place
from redway.web.attainment.targets.drafts import draft_of, keep_draft
from redway.web.attainment.targets.forms import StepForm
from redway.web.attainment.targets.records import record_of
from redway.web.attainment.targets.showing import Shown, shown_of
from redway.web.attainment.targets.steps import (
    DECIDE,
    OUTTURN,
    STEPS,
    Sending,
    Step,
    computed_outturn,
    heading_of,
)
from redway.web.attainment.targets.timeline import Happening, news
from redway.web.design import form_page
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of

View = Callable[..., HttpResponse]
_NOT_ANSWERS = ("csrfmiddlewaretoken", "revision", "go")


def pages_of(step: Step) -> tuple[View, View]:
    """The two views of a step: to write it, and to check and send it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @needs(step.action, of="school")
    def write(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
        place = _place(request, step, urn, measure, year)
        if (closed := _closed(request, step, place)) is not None:
            return closed
        draft = draft_of(person_of(request), step.subject(place))
        make = step.form(place)
        if request.method != "POST":
            form = make(place.measure, initial=_initial(make(place.measure), draft) if draft else None)
            return _write(request, step, place, form, draft.revision if draft else _revision(place))
        seen, written = _seen(request, place), _written(request)
        form = make(place.measure, written)
        if request.POST.get("go") == "save":
            _keep(request, step, place, seen, written)
            messages.success(request, "What you wrote is kept for you. Nothing has been sent.")
            return redirect(place.address())
        if not form.is_valid():
            return _write(request, step, place, form, seen)
        _keep(request, step, place, seen, written)
        return redirect(place.address(f"{step.page}_check"))

    @require_http_methods(["GET", "HEAD", "POST"])
    @needs(step.action, of="school")
    def check(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
        place = _place(request, step, urn, measure, year)
        draft = draft_of(person_of(request), step.subject(place))
        if draft is None:
            return redirect(place.address(step.page))
        form = step.form(place)(place.measure, draft.data)
        if not form.is_valid():
            return redirect(place.address(step.page))
        if request.method != "POST":
            return _check(request, step, place, form, draft)
        sent = Sending(person_of(request), place, _seen(request, place), form, timezone.now())
        try:
            step.send(sent)
        except RedwayError as error:
            place = _place(request, step, urn, measure, year)
            return _check(request, step, place, form, draft, refusal=f"{error.message} {error.next_step}")
        messages.success(request, step.done)
        return redirect(place.address())

    return write, check


PAGES: dict[str, tuple[View, View]] = {step.slug: pages_of(step) for step in STEPS}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("target.verify", of="school")
def verify(request: HttpRequest, urn: str, measure: str, year: str) -> HttpResponse:
    """Put one's name to the agreed target."""
    place = access_place(request, urn, measure, year, "target.verify")
    if place.target is None:
        raise Http404("Nothing has been proposed yet.")
    record = record_of(place.target)
    part = next(
        (one for one in services.parts_of(request, place.school) if one in record.names_missing), None
    )
    if part is None or record.stage is not Stage.DECIDED:
        messages.info(request, "Your name is not waited for here.")
        return redirect(place.address())
    refusal = ""
    if request.method == "POST":
        try:
            services.verify_target(
                actor=person_of(request),
                target=place.target,
                revision=_seen(request, place),
                now=timezone.now(),
            )
        except RedwayError as error:
            refusal = f"{error.message} {error.next_step}"
            place = access_place(request, urn, measure, year, "target.verify")
        else:
            messages.success(request, f"Your name stands under the target as {part.label}.")
            return redirect(place.address())
    shown = shown_of(place, permission.today())
    context = _frame(place, shown, "Verify the target") | {
        "part": part.label,
        "refusal": refusal,
        "revision": _revision(place),
        "rows": _to_verify(shown),
    }
    return render(request, "attainment/targets/verify.html", context)


def _to_verify(shown: Shown) -> list[tuple[str, str]]:
    record = shown.record
    assert record is not None
    assert record.decided is not None
    measure, average = shown.place.measure, shown.frozen.average
    rows = [("Target", measure.show(record.current.value))]
    if average is not None:
        rows.append(("Estimate for average progress", measure.show(average.value)))
    rows.append(("How it stands", Decision(record.decided.decision).label))
    if record.decided.text:
        rows.append(("In the adviser's words", record.decided.text))
    names = [part.label for part in record.verified_by]
    rows.append(("Verified by", ", ".join(names).capitalize() if names else "Nobody yet"))
    return rows


# --- the two pages ------------------------------------------------------------------------------------------


def _write(request: HttpRequest, step: Step, place: Place, form: StepForm, revision: int) -> HttpResponse:
    shown = shown_of(place, permission.today())
    context = _frame(place, shown, heading_of(step, place)) | {
        "form": form,
        "revision": revision,
        "news": _news(place, revision),
        "computed": _computed(step, place),
        "must_talk": step is DECIDE and shown.record is not None and _must_talk(shown.record),
    }
    return render(request, "attainment/targets/write.html", context)


def _check(
    request: HttpRequest,
    step: Step,
    place: Place,
    form: StepForm,
    draft: TargetDraft,
    refusal: str = "",
) -> HttpResponse:
    shown = shown_of(place, permission.today())
    context = _frame(place, shown, "Check your answers before sending") | {
        "rows": [*_computed(step, place), *form.answers()],
        "change": place.address(step.page),
        "button": step.button,
        "warning": step.warning,
        "refusal": refusal,
        "revision": _revision(place),
        "news": _news(place, draft.revision),
    }
    return render(request, "attainment/targets/check.html", context)


def _must_talk(record: TargetRecord) -> bool:
    """Whether nothing can be agreed before a challenge and an answer."""
    return record.needs_conversation and not record.has_conversation


def _frame(place: Place, shown: Shown, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "place": place,
        "shown": shown,
        "levels": TableView(shown.levels, TableState("levels")) if shown.frozen.levels else None,
        "back_address": place.address(),
        "breadcrumbs": [*trail_of(place), (place.title, place.address())],
    }


def trail_of(place: Place) -> list[tuple[str, str]]:
    """The way back from a target."""
    urn = place.school.current_urn
    return [
        (place.school.shown_name, reverse("schools:profile", args=[urn])),
        ("Targets", reverse("attainment:school_targets", args=[urn])),
    ]


def _computed(step: Step, place: Place) -> list[tuple[str, str]]:
    """The outturn that the results in force give, as rows to read."""
    held = computed_outturn(place) if step is OUTTURN else None
    if held is None:
        return []
    return [
        ("Outturn", place.measure.show(held.value)),
        ("Pupils it is of", str(held.pupils)),
        ("Where it comes from", held.source),
    ]


def _place(request: HttpRequest, step: Step, urn: str, measure: str, year: str) -> Place:
    place = access_place(request, urn, measure, year, step.action)
    if place.target is None and not step.new:
        raise Http404("Nothing has been proposed yet.")
    return place


def _closed(request: HttpRequest, step: Step, place: Place) -> HttpResponse | None:
    refusal = step.refusal(record_of(place.target) if place.target else None)
    if not refusal:
        return None
    messages.info(request, refusal)
    return redirect(place.address())


def _revision(place: Place) -> int:
    return place.target.revision if place.target else 0


def _seen(request: HttpRequest, place: Place) -> int:
    """The revision that the person had before their eyes, as the form carries it."""
    return form_page.seen(request, _revision(place))


def _news(place: Place, since: int) -> list[Happening]:
    return news(place.target, place.measure, since) if place.target else []


def _written(request: HttpRequest) -> dict[str, Any]:
    """What was written, by field; a list where several boxes were ticked."""
    sent = {str(name): values for name, values in request.POST.lists() if name not in _NOT_ANSWERS}
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def _keep(request: HttpRequest, step: Step, place: Place, revision: int, written: dict[str, Any]) -> None:
    keep_draft(
        person=person_of(request),
        subject=step.subject(place),
        revision=revision,
        data=written,
        now=timezone.now(),
    )


def _initial(form: StepForm, draft: TargetDraft) -> dict[str, Any]:
    """What was kept, as the fields show it again."""
    return {
        name: field.widget.value_from_datadict(draft.data, {}, name) for name, field in form.fields.items()
    }
