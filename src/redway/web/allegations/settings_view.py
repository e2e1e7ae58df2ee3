"""The page on which an authority settles its local profile, with every rule that follows from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.allegations.editions import NATIONAL, profiles
from redway.core.errors import RedwayError
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.models import LocalProfile
from redway.web.allegations.services.changing import ChangedMeanwhileError
from redway.web.allegations.services.referrals import officers_of, profile_of
from redway.web.allegations.settings_profile import MOST_DAYS, MOST_YEARS, save_profile
from redway.web.allegations.settings_rules import rules_table, title_of
from redway.web.authorities.access import access_authority
from redway.web.design.form_page import NOTHING_SEEN, seen
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority


@require_safe
@needs("allegation.settings")
def settings(request: HttpRequest) -> HttpResponse:
    """To the settings of one's authority; a choice where there are more."""
    seen = permission.visible(request, "allegation.settings")
    found = list(Authority.objects.filter(number__in=seen.authorities).order_by("name"))
    if not found:
        raise Http404("No authority of yours is in the register.")
    if len(found) == 1:
        return redirect("allegations:profile", found[0].number)
    context = {"authorities": found, "related": related_pages(request, but="allegations:settings")}
    return render(request, "allegations/settings/choose.html", context)


class ProfileForm(forms.Form):
    """What an authority settles."""

    profile = forms.ChoiceField(
        label="Local rules",
        help_text="They stand on top of the national ones. Cases that were opened keep the rules they have.",
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the local rules"},
    )
    receiving = forms.MultipleChoiceField(
        label="Who receives new referrals",
        help_text="A new referral is open to these officers alone. Tick nobody to give it to all of them.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told_within_days = forms.IntegerField(
        label="Days after the evaluation on which to remind that the person has not been told",
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "required": "Enter a number of days",
            "invalid": "Days must be a whole number",
            "min_value": f"Days must be 1 to {MOST_DAYS}",
            "max_value": f"Days must be 1 to {MOST_DAYS}",
        },
    )
    recent_within_years = forms.IntegerField(
        label="Years within which an incident counts as recent",
        help_text="For statistics. No national definition is agreed.",
        min_value=1,
        max_value=MOST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "required": "Enter a number of years",
            "invalid": "Years must be a whole number",
            "min_value": f"Years must be 1 to {MOST_YEARS}",
            "max_value": f"Years must be 1 to {MOST_YEARS}",
        },
    )

    def __init__(self, officers: list[Person], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.officers = {str(one.pk): one for one in officers}
        choices = self.fields["profile"], self.fields["receiving"]
        for field, offered in zip(
            choices,
            (
                [(name, title_of(name)) for name in sorted(profiles(), key=lambda one: one != NATIONAL)],
                [(number, one.full_name) for number, one in self.officers.items()],
            ),
            strict=True,
        ):
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def chosen(self) -> list[Person]:
        """The officers ticked."""
        return [self.officers[number] for number in self.cleaned_data["receiving"]]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.settings", of="authority")
def profile(request: HttpRequest, number: str) -> HttpResponse:
    """The local profile of one authority."""
    authority = access_authority(request, number, "allegation.settings")
    kept = profile_of(number)
    form = ProfileForm(officers_of(number), request.POST or None, initial=_initial(kept))
    if request.method != "POST":
        return _page(request, authority, kept, form, kept.revision)
    if not form.is_valid():
        return _page(request, authority, kept, form, seen(request, NOTHING_SEEN))
    try:
        save_profile(
            actor=person_of(request),
            authority=number,
            revision=seen(request, NOTHING_SEEN),
            profile=form.cleaned_data["profile"],
            receiving=form.chosen(),
            told_within_days=form.cleaned_data["told_within_days"],
            recent_within_years=form.cleaned_data["recent_within_years"],
        )
    except ChangedMeanwhileError:
        kept = profile_of(number)
        return _page(request, authority, kept, form, kept.revision, changed=True)
    except RedwayError as error:
        form.add_error(None, error.message)
        return _page(request, authority, kept, form, seen(request, NOTHING_SEEN))
    messages.success(request, "The settings are saved. Cases opened from now on follow these rules.")
    return redirect("allegations:profile", number)


def _page(
    request: HttpRequest,
    authority: Authority,
    kept: LocalProfile,
    form: ProfileForm,
    revision: int,
    *,
    changed: bool = False,
) -> HttpResponse:
    context = {
        "authority": authority,
        "form": form,
        "revision": revision,
        "changed": changed,
        "kept": _in_words(kept) if changed else [],
        "view": TableView(rules_table(kept.profile, permission.today()), TableState("rules"), per_page=200),
        "related": related_pages(request, but="allegations:settings"),
        "breadcrumbs": [("Allegations", reverse("allegations:index"))],
    }
    return render(request, "allegations/settings/profile.html", context)


def _initial(kept: LocalProfile) -> dict[str, Any]:
    stored = not kept._state.adding
    return {
        "profile": kept.profile,
        "receiving": [str(one.pk) for one in kept.receiving.all()] if stored else [],
        "told_within_days": kept.told_within_days,
        "recent_within_years": kept.recent_within_years,
    }


def _in_words(kept: LocalProfile) -> list[tuple[str, str]]:
    names = ", ".join(one.full_name for one in kept.receiving.all())
    return [
        ("Local rules", title_of(kept.profile)),
        ("Who receives new referrals", names or "All designated officers"),
        ("Days until the reminder", str(kept.told_within_days)),
        ("Years that count as recent", str(kept.recent_within_years)),
    ]
