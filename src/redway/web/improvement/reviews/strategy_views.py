"""Pages of the strategy: what holds, earlier versions, the draft of the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.web.design.form_page import FORM, deed
from redway.web.improvement.reviews import strategy_changes as services
from redway.web.improvement.reviews.access import access_place, access_strategy, may, place_record
from redway.web.improvement.reviews.forms import BETWEEN, StrategyForm
from redway.web.improvement.reviews.models import MADE_UP, Strategy
from redway.web.improvement.reviews.review_views import trail
from redway.web.improvement.support.pages import form_page
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


@require_safe
@needs("review.view", of="review")
def strategy(request: HttpRequest, number: str) -> HttpResponse:
    """The version that holds, or another that is asked for; the draft for who writes it."""
    found = access_strategy(request, number)
    manages = may(request, "review.manage", place_record(number))
    versions = list(Strategy.objects.filter(authority=number).select_related("by"))
    published = [one for one in versions if one.published_at]
    draft = next((one for one in versions if not one.published_at), None)
    shown = services.strategy_on(number, permission.today())
    if wanted := request.GET.get("version"):
        open_to = versions if manages else published
        shown = next((one for one in open_to if str(one.number) == wanted), None)
        if shown is None:
            raise Http404("There is no such version.")
    context = {
        "authority": found,
        "shown": shown,
        "made_up": MADE_UP if shown and shown.made_up else "",
        "versions": published,
        "draft": draft if manages else None,
        "is_draft": shown is not None and shown.published_at is None,
        "manages": manages,
        "breadcrumbs": trail(),
    }
    return render(request, "reviews/strategy.html", context)


@require_http_methods(FORM)
@needs("review.manage", of="review")
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Write the next version."""
    found = access_place(request, number, "review.manage")
    draft = Strategy.objects.filter(authority=number, published_at=None).first()
    model = draft or services.strategy_on(number, permission.today())
    form = StrategyForm(request.POST or None, initial=_initial(model, draft))

    def save(form: Any, revision: int) -> None:
        services.write(actor=person_of(request), authority=found, revision=revision, written=form.written())

    def stands() -> list[tuple[str, str]]:
        now = Strategy.objects.filter(authority=number, published_at=None).first()
        return [("Aim", now.aim), ("Priorities", "; ".join(now.priorities))] if now else []

    back = reverse("reviews:strategy", args=[number])
    return form_page(
        request,
        form,
        save,
        title="Write the next version",
        button="Keep the draft",
        done="The draft is kept. Schools do not see it until it is published.",
        back=back,
        caption=found.name,
        breadcrumbs=trail(("Strategy", back)),
        revision=draft.revision if draft else 0,
        stands=stands,
    )


def _initial(model: Strategy | None, draft: Strategy | None) -> dict[str, Any]:
    if model is None:
        return {}
    return {
        "starts_on": draft.starts_on if draft else None,
        "aim": model.aim,
        "priorities": "\n".join(model.priorities),
        "gets": "\n".join(f"{category}{BETWEEN} {what}" for category, what in model.gets),
    }


@require_POST
@needs("review.manage", of="review")
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Publish the draft."""
    found = access_place(request, number, "review.manage")

    def do(revision: int) -> None:
        services.publish(actor=person_of(request), authority=found, revision=revision)

    back = reverse("reviews:strategy", args=[number])
    return deed(request, do, done="The strategy is published to the authority's schools.", back=back)
