"""Referring an allegation: the self-check, the sections, the answers read back, sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.allegations.editions import edition_on
from redway.web.allegations.access import access_case
from redway.web.allegations.answers import ReferralRefusedError, read_referral
from redway.web.allegations.models import Draft
from redway.web.allegations.referral_drafts import (
    Said,
    access_draft,
    beginning,
    drafts_of,
    kept_with,
    lists_for,
    place_answers,
    places_of,
    problem_address,
    read_back,
)
from redway.web.allegations.referral_forms import SectionForm, StartForm, ToldForm
from redway.web.allegations.referral_questions import (
    SECTIONS,
    TOLD,
    WANTS,
    Section,
    after,
    section_of,
)
from redway.web.allegations.services.changing import ChangedMeanwhileError
from redway.web.allegations.services.referrals import drop_draft, place_of, profile_of, refer, save_draft
from redway.web.design.form_page import NOTHING_SEEN, seen
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.signed_in import person_of

BEGINNING = ("Referrals", "allegations:my_referrals")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.refer")
def refer_start(request: HttpRequest) -> HttpResponse:
    """The self-check with which a referral begins, and what one has begun before."""
    person = person_of(request)
    places = places_of(person)
    wanted = request.GET.get("wants", "")
    initial = {"wants": wanted} if wanted in dict(WANTS) else None
    edition = edition_on(permission.today(), _profile(person))
    form = StartForm(edition, places, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data.get("place") or (places[0][0] if places else "")
        answers = {
            "limbs": form.cleaned_data["limbs"],
            "wants": form.cleaned_data["wants"],
            **place_answers(place),
        }
        draft = save_draft(actor=person, draft=None, answers=answers, revision=0)
        return redirect("allegations:referral_section", draft.key, SECTIONS[0].slug)
    context = {
        "form": form,
        "drafts": drafts_of(person),
        "breadcrumbs": [(BEGINNING[0], reverse(BEGINNING[1]))],
    }
    return render(request, "allegations/referral/start.html", context)


def _profile(person: Person) -> str:
    """The local rules where a person refers; the national ones where that is not one place."""
    try:
        authority, _ = place_of(person, {})
    except ReferralRefusedError:
        return "national"
    return profile_of(authority).profile


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.refer")
def referral_section(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """One section of the form: written, kept, and gone on from."""
    section, draft, person = section_of(slug), access_draft(request, key), person_of(request)
    if section is None:
        raise Http404("There is no such section.")
    form = _form(request, section, draft)
    if request.method != "POST":
        return _section(request, section, draft, form)
    going = request.POST.get("go", "")
    if going != "later" and not form.is_valid():
        return _section(request, section, draft, form, revision=seen(request, NOTHING_SEEN))
    try:
        save_draft(
            actor=person,
            draft=draft,
            answers=kept_with(draft.answers, form.written(), form.names),
            revision=seen(request, NOTHING_SEEN),
        )
    except ChangedMeanwhileError:
        return _section(request, section, access_draft(request, key), form, changed=True)
    if going == "later":
        messages.success(request, "What you wrote is kept for you alone. Nothing has been sent.")
        return redirect("allegations:my_referrals")
    following = after(section) if going == "next" else None
    if following is not None:
        return redirect("allegations:referral_section", key, following.slug)
    return redirect("allegations:referral", key)


def _form(request: HttpRequest, section: Section, draft: Draft) -> SectionForm | ToldForm:
    data = request.POST if request.method == "POST" else None
    if section is TOLD:
        return ToldForm(draft.answers, permission.today(), data)
    lists = lists_for(person_of(request), draft.answers)
    return SectionForm(section, draft.answers, lists, permission.today(), data)


def _section(
    request: HttpRequest,
    section: Section,
    draft: Draft,
    form: SectionForm | ToldForm,
    *,
    revision: int | None = None,
    changed: bool = False,
) -> HttpResponse:
    """The page of a section. ``changed`` shows, beside what was typed, what another window has kept."""
    kept: list[Said] = []
    if changed:
        part = read_back(draft, lists_for(person_of(request), draft.answers))[SECTIONS.index(section)]
        kept = [one for one in part.said if not one.missing]
    context = {
        "section": section,
        "number": SECTIONS.index(section) + 1,
        "of": len(SECTIONS),
        "last": after(section) is None,
        "form": form,
        "told": section is TOLD,
        "draft": draft,
        "revision": draft.revision if revision is None else revision,
        "changed": changed,
        "kept": [(one.label, one.answer) for one in kept],
        "breadcrumbs": _trail(draft),
    }
    return render(request, "allegations/referral/section.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.refer")
def referral(request: HttpRequest, key: str) -> HttpResponse:
    """All answers read back, before they are sent. What is at fault is named and leads to its question."""
    draft, person = access_draft(request, key), person_of(request)
    if request.method != "POST":
        return _check(request, draft, {})
    if seen(request, NOTHING_SEEN) != draft.revision:
        return _check(request, draft, {}, changed=True)
    try:
        case = refer(actor=person, draft_or_answers=draft, at=timezone.now())
    except ChangedMeanwhileError:
        return _check(request, access_draft(request, key), {}, changed=True)
    except ReferralRefusedError as error:
        return _check(request, draft, error.by_answer)
    return redirect("allegations:referral_sent", case.key)


def _check(
    request: HttpRequest, draft: Draft, problems: dict[str, str], *, changed: bool = False
) -> HttpResponse:
    parts = read_back(draft, lists_for(person_of(request), draft.answers))
    context: dict[str, Any] = {
        "draft": draft,
        "beginning": beginning(draft.answers),
        "parts": parts,
        "missing": sum(part.missing for part in parts),
        "advice": draft.answers.get("wants") == "advice",
        "outstanding": [(why, problem_address(draft, name)) for name, why in problems.items()],
        "still": [] if problems else _outstanding(draft),
        "changed": changed,
        "breadcrumbs": [(BEGINNING[0], reverse(BEGINNING[1]))],
    }
    return render(request, "allegations/referral/check.html", context)


def _outstanding(draft: Draft) -> list[tuple[str, str]]:
    """What must still be answered before it can be sent, and where."""
    try:
        read_referral(draft.answers, timezone.now())
    except ReferralRefusedError as error:
        return [(why, problem_address(draft, name)) for name, why in error.by_answer.items()]
    return []


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.refer")
def referral_drop(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away, after being asked."""
    draft = access_draft(request, key)
    if request.method == "POST":
        drop_draft(actor=person_of(request), draft=draft)
        messages.success(request, "What you had written was thrown away. Nothing was sent.")
        return redirect("allegations:my_referrals")
    context = {"draft": draft, "breadcrumbs": _trail(draft)}
    return render(request, "allegations/referral/drop.html", context)


@require_safe
@needs("allegation.follow", of="allegation")
def referral_sent(request: HttpRequest, key: str) -> HttpResponse:
    """A referral has arrived: its reference, and what happens next."""
    case = access_case(request, key, "allegation.follow")
    context = {"case": case, "breadcrumbs": [(BEGINNING[0], reverse(BEGINNING[1]))]}
    return render(request, "allegations/referral/sent.html", context)


def _trail(draft: Draft) -> list[tuple[str, str]]:
    return [
        (BEGINNING[0], reverse(BEGINNING[1])),
        ("Your answers", reverse("allegations:referral", args=[draft.key])),
    ]
