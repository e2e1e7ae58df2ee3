"""Forms of to whom a case is open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from redway.allegations.cross_border import TransferState
from redway.web.allegations.case_form import Answers, CaseForm
from redway.web.allegations.models import Capacity
from redway.web.allegations.services.referrals import officers_of
from redway.web.design.form_fields import day, from_list, lines, one_of
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.register.models import Authority


class AccountField(forms.EmailField):
    """Somebody's account by its email address. ``clean`` gives the person, or None when left empty."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        if not email:
            return None
        found = Person.objects.filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise forms.ValidationError("No account has this email address")
        return found


def account(label: str, missing: str = "", *, hint: str = "") -> AccountField:
    """Asks for somebody by the email address of their account."""
    return AccountField(
        label=label,
        help_text=hint,
        required=bool(missing),
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": missing,
            "invalid": "Enter an email address in the form name@example.org",
        },
    )


class NameForm(CaseForm):
    """Somebody to whom the case is opened."""

    person = from_list("Who", [], missing="Choose who the case is opened to")
    leads = forms.BooleanField(
        label="They lead the case", help_text="Whoever led before stays named.", required=False
    )

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        officers = [(f"officer-{one.pk}", one.full_name) for one in officers_of(self.case.authority)]
        managers = [
            (f"manager-{one.pk}", f"{one.full_name}, manager: reads, and may close over what is outstanding")
            for one in managers_of(self.case.authority)
        ]
        field.choices = [("", "Choose one"), *officers, *managers]

    def chosen(self) -> tuple[Person, Capacity]:
        """Who, and as what."""
        kind, _, number = self.cleaned_data["person"].partition("-")
        return Person.objects.get(pk=number), Capacity(kind)


def managers_of(authority: str) -> list[Person]:
    """Directors of an authority today, who may be named as managers."""
    today = timezone.localdate()
    grants = Grant.objects.filter(role=Role.DIRECTOR, authority=authority, ended_at__isnull=True)
    return sorted(
        {
            one.person
            for one in grants.select_related("person")
            if one.person.is_active
            and one.first_day <= today
            and (one.last_day is None or today <= one.last_day)
        },
        key=lambda person: person.pk,
    )


def officers_elsewhere(authority: str) -> list[tuple[Person, str]]:
    """Designated officers of other authorities, each with the number of theirs."""
    today = timezone.localdate()
    grants = Grant.objects.filter(role__in=(Role.LADO, Role.DEPUTY_LADO), ended_at__isnull=True)
    found = [
        (one.person, one.authority)
        for one in grants.exclude(authority=authority).select_related("person")
        if one.person.is_active and one.first_day <= today and (one.last_day is None or today <= one.last_day)
    ]
    return sorted(found, key=lambda one: (one[1], one[0].pk))


class BarForm(CaseForm):
    """Somebody with a conflict of interest."""

    person = account(
        "Email address of their account",
        "Enter the email address of their account",
        hint="It can be your own, once another officer is named.",
    )
    reason = lines("What the conflict of interest is", missing="Say what the conflict of interest is", rows=3)

    def answers(self) -> Answers:
        return [("Who", self.cleaned_data["person"].full_name), ("Conflict", self.cleaned_data["reason"])]


class LinkForm(CaseForm):
    """The account of whom the case is about."""

    person = account(
        "Email address of their account", hint="Leave it empty if they have no account in Redway."
    )

    def answers(self) -> Answers:
        person = self.cleaned_data["person"]
        return [("Their account", person.full_name if person else "They have none")]


class ShareForm(CaseForm):
    """An officer of another authority, who sees what is shared until a day."""

    person = from_list("Which officer", [], missing="Choose an officer")
    until = day("Until the end of", missing="Enter the last day on which they may see it")
    reason = lines("Why it is shared", missing="Say why it is shared", rows=3)

    def prepare(self) -> None:
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        found = [
            (str(person.pk), f"{person.full_name}, {name_of(number)}")
            for person, number in officers_elsewhere(self.case.authority)
        ]
        field.choices = [("", "Choose one"), *found]


class OfferForm(CaseForm):
    """Another authority that is to lead."""

    to_authority = from_list("Which authority is to lead", [], missing="Choose the authority")
    reason = lines("Why they are to lead", missing="Say why they are to lead", rows=4)

    def prepare(self) -> None:
        field = self.fields["to_authority"]
        assert isinstance(field, forms.ChoiceField)
        numbers = dict.fromkeys(number for _, number in officers_elsewhere(self.case.authority))
        field.choices = [("", "Choose one"), *((number, name_of(number)) for number in numbers)]


class AnswerOfferForm(CaseForm):
    """Whether a case that is offered is taken on."""

    state = one_of(
        "Do you take this case on?",
        [
            (TransferState.ACCEPTED.value, "Yes: we lead from now on"),
            (TransferState.DECLINED.value, "No"),
        ],
        missing="Say whether you take it on",
    )
    reason = lines("If not: why", rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("state") == TransferState.DECLINED.value and not given.get("reason", "").strip():
            self.add_error("reason", "Say why you do not take it on")
        return given


def name_of(number: str) -> str:
    """An authority by name; by number where the register does not hold it."""
    found = Authority.objects.filter(number=number).values_list("name", flat=True).first()
    return found or f"authority {number}"


class BreakGlassForm(forms.Form):
    """Why somebody must open a case they are not named on."""

    reason = lines(
        "Why you must open this case now",
        "Its officers are told that you opened it and why, and look at it afterwards.",
        missing="Say why you must open it",
        rows=4,
    )
