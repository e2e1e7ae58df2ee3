"""Pages about people: who has an account, which roles they hold, and one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.errors import RedwayError
from redway.web.audit import services as audit
from redway.web.audit.queries import history_of
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import agreements, forms, permission, services, throttle
from redway.web.people.agreements import SecondNeededError
from redway.web.people.confirming import confirmed
from redway.web.people.declarations import needs, public, signed_in
from redway.web.people.errors import PeopleError
from redway.web.people.looking_after import may_manage_account, record_of_grant
from redway.web.people.models import Grant, Person, Step
from redway.web.people.queries import access_account, access_person, people_table, people_visible, role_lines
from redway.web.people.roles import Role
from redway.web.people.rules import ACTIONS, TABLE
from redway.web.people.signed_in import person_of

own_account = signed_in("Everybody looks after their own account", without_role=False)
PEOPLE = ("People", "/people/")


@require_safe
@needs("people.view")
def index(request: HttpRequest) -> HttpResponse:
    """Everyone with an account."""
    context = {"view": _people_view(request), "may_invite": permission.may_open(request, "people:invite")}
    return render(request, "people/index.html", context)


@require_safe
@needs("people.view")
def index_export(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The list of people as a file: names and addresses leave the service, so it is written down."""
    view = _people_view(request)
    with transaction.atomic():
        details = {"people": len(view.found), "as": extension}
        audit.record(person_of(request), "people.export", "people", "list", details, sensitive_read=True)
    return export(view, extension)


def _people_view(request: HttpRequest) -> TableView:
    return TableView(
        table=people_table(people_visible(request), permission.today()),
        state=TableState.read(request.GET),
        address=reverse("people:index").rstrip("/"),
        links={"name": lambda row: reverse("people:person", args=[row["number"]])},
    )


@require_safe
@needs("people.view", of="person")
def person(request: HttpRequest, number: int) -> HttpResponse:
    """One person: roles, and what was done to and by their account."""
    found = access_person(request, number, "people.view")
    context = {
        "person": found,
        "roles": role_lines(found, permission.today()),
        "may_manage": bool(permission.decide(request, "people.manage")),
        "may_manage_account": may_manage_account(request, found),
        "asked": agreements.about(found),
        "reader": request.user,
        "history": history_of("person", str(found.pk))[:50],
        "breadcrumbs": [PEOPLE],
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage")
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """A new person with a first role; their one-time link is shown once."""
    form = forms.InviteForm(request.POST or None, initial={"authority": _own_authority(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, token = services.invite_person(
                actor=person_of(request),
                email=given["email"],
                full_name=given["full_name"],
                role=given["role"],
                place=given["place"],
                first_day=given["first_day"],
            )
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _show_link(request, made, token)
    context = {"form": form, "title": "Invite a person", "button": "Invite", "breadcrumbs": [PEOPLE]}
    return render(request, "people/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Correct a name or an e-mail address."""
    found = access_account(request, number)
    form = forms.DetailsForm(
        request.POST or None, initial={"full_name": found.full_name, "email": found.email}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_person(actor=person_of(request), person=found, **form.cleaned_data)
        except SecondNeededError:
            address = form.cleaned_data["email"].strip().lower()
            return _ask_another(request, found, form, "Correct details", Step.ADDRESS, address)
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _back_to(request, found, "The details were corrected.")
    return _person_form(request, found, form, "Correct details", "Save")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def give_role(request: HttpRequest, number: int) -> HttpResponse:
    """Give a person a role."""
    found = access_person(request, number, "people.manage")
    form = forms.GiveRoleForm(request.POST or None, initial={"authority": _own_authority(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.give_role(
                actor=person_of(request),
                person=found,
                role=given["role"],
                place=given["place"],
                first_day=given["first_day"],
                last_day=given["last_day"],
            )
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _back_to(request, found, "The role was given.")
    return _person_form(request, found, form, "Give a role", "Give this role")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def end_role(request: HttpRequest, number: int, grant: int) -> HttpResponse:
    """End a role now, or say when it ends."""
    found = access_person(request, number, "people.manage")
    held = get_object_or_404(Grant, pk=grant, person=found, ended_at__isnull=True)
    permission.require(request, "people.manage", record_of_grant(held))
    form = forms.LastDayForm(request.POST or None, initial={"last_day": held.last_day})
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["when"] == "now":
                services.end_role(actor=person_of(request), grant=held, now=timezone.now())
            else:
                chosen = form.cleaned_data["last_day"] if form.cleaned_data["when"] == "later" else None
                services.plan_end_of_role(actor=person_of(request), grant=held, last_day=chosen)
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _back_to(request, found, "The end of the role was noted.")
    return _person_form(request, found, form, f"End the role {Role(held.role).label}", "Save")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def end(request: HttpRequest, number: int) -> HttpResponse:
    """A person leaves."""
    found = access_account(request, number)
    form = forms.NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_person(actor=person_of(request), person=found, now=timezone.now())
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _back_to(request, found, "The account was ended.")
    return _person_form(
        request,
        found,
        form,
        "End this account",
        "End the account",
        "Their roles, sessions and tokens end at once. What they did stays in the records.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def bring_back(request: HttpRequest, number: int) -> HttpResponse:
    """A person comes back."""
    found = access_account(request, number)
    form = forms.NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.return_person(actor=person_of(request), person=found)
        return _back_to(request, found, "The account can be used again. Give it a role and a one-time link.")
    return _person_form(
        request,
        found,
        form,
        "Bring this account back",
        "Bring the account back",
        "Their former roles stay ended. They need a new role and a one-time link.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def link(request: HttpRequest, number: int) -> HttpResponse:
    """A new one-time link, for a person who has lost their password or their first link."""
    found = access_account(request, number)
    form = forms.NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _show_link(request, found, services.make_link(actor=person_of(request), person=found))
        except SecondNeededError:
            return _ask_another(request, found, form, "Make a one-time link", Step.LINK)
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
    return _person_form(
        request,
        found,
        form,
        "Make a one-time link",
        "Make the link",
        "With it they set a new password. Links made earlier stop working.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def remove_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Remove the second factor of somebody who has lost their phone and their recovery codes."""
    found = access_account(request, number)
    form = forms.NothingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_second_factor(actor=person_of(request), person=found)
        except SecondNeededError:
            return _ask_another(request, found, form, "Remove a lost second factor", Step.FACTOR)
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            return _back_to(request, found, "The second factor was removed.")
    return _person_form(
        request,
        found,
        form,
        "Remove a lost second factor",
        "Remove it",
        "Make sure that it is really they who ask. Until they set up another, their password alone lets in.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("people.manage", of="person")
@confirmed
def second(request: HttpRequest, number: int, agreement: int) -> HttpResponse:
    """Agree to what another administrator asks, or turn it down."""
    found = access_account(request, number)
    asked = agreements.access_agreement(found, agreement)
    form = forms.AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agrees = form.cleaned_data["agrees"] == "yes"
        try:
            (agreements.agree if agrees else agreements.turn_down)(actor=person_of(request), agreement=asked)
        except RedwayError as error:
            form.add_error(None, forms.problem_of(error))
        else:
            said = "You agreed. Whoever asked can do it now." if agrees else "It was turned down."
            return _back_to(request, found, said)
    to = f" to {asked.address}" if asked.address else ""
    return _person_form(
        request,
        found,
        form,
        f"Agree to {asked.get_step_display()}",
        "Save",
        f"{asked.asked_by.full_name} asks to {asked.get_step_display()}{to}. Cases of allegations are "
        "reached through this account: speak to its owner yourself before you agree.",
    )


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@public("People who have no password yet come in here; the link is the key")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password with a one-time link."""
    found = services.person_of_link(token, timezone.now())
    if found is None:
        return render(request, "people/link_used.html", status=404)
    form = forms.WelcomeForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.use_link(token=token, password=form.cleaned_data["password"], now=timezone.now())
        except PeopleError:
            # Used in another window since the check above.
            return render(request, "people/link_used.html", status=404)
        messages.success(request, "Your password is set. Sign in with it.")
        # The wait after wrong passwords is over for whoever holds the link: this browser is known now.
        return throttle.know_browser(redirect("account_login"), found.email)
    return render(request, "people/welcome.html", {"form": form})


@require_safe
@public("Says why somebody could not come in; shows nothing else")
def no_role(request: HttpRequest) -> HttpResponse:
    """There is no account in use for this person, or no role today."""
    return render(request, "people/no_role.html")


@require_safe
@signed_in("What roles may do is no secret")
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, from the permission table itself."""
    lines = [
        (role, [(ACTIONS[action], rule.sentence) for action, rule in TABLE[role].items()]) for role in Role
    ]
    return render(request, "people/roles.html", {"roles": lines})


@require_safe
@signed_in("Everybody sees their own account", before_second_factor=True)
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    own = person_of(request)
    context = {
        "person": own,
        "roles": role_lines(own, permission.today()),
        "tokens": own.api_tokens.filter(ended_at__isnull=True, expires_at__gt=timezone.now()),
        "asked": agreements.about(own),
        "history": history_of("person", str(own.pk))[:20],
    }
    return render(request, "people/account.html", context)


@require_POST
@own_account
def turn_down(request: HttpRequest, agreement: int) -> HttpResponse:
    """Say that what administrators ask about one's own account is not to be done."""
    own = person_of(request)
    agreements.turn_down(actor=own, agreement=agreements.access_agreement(own, agreement))
    messages.success(request, "It was turned down. Tell somebody you trust if you did not expect it.")
    return redirect("people:account")


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
@confirmed
def make_token(request: HttpRequest) -> HttpResponse:
    """A new personal token, shown once."""
    form = forms.TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made, text = services.make_token(
            person=person_of(request),
            label=given["label"],
            reach=given["reach"],
            days=given["days"],
            now=timezone.now(),
        )
        return render(request, "people/token_made.html", {"token": made, "text": text})
    context = {
        "form": form,
        "title": "Make a token",
        "button": "Make the token",
        "breadcrumbs": [("Your account", reverse("people:account"))],
    }
    return render(request, "people/form.html", context)


@require_POST
@own_account
def end_token(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw one of one's own tokens."""
    own = person_of(request)
    services.end_token(person=own, token=get_object_or_404(own.api_tokens, pk=number), now=timezone.now())
    messages.success(request, "The token was ended.")
    return redirect("people:account")


def _own_authority(request: HttpRequest) -> str:
    """The authority an administrator most likely means: their own, when they have one only."""
    places = permission.visible(request, "people.manage").authorities
    return next(iter(places)) if len(places) == 1 else ""


def _back_to(request: HttpRequest, found: Person, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("people:person", found.pk)


def _show_link(request: HttpRequest, found: Person, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("people:welcome", args=[token]))
    context = {"person": found, "address": address, "breadcrumbs": [PEOPLE]}
    return render(request, "people/link_made.html", context)


def _ask_another(
    request: HttpRequest, found: Person, form: Form, title: str, step: Step, address: str = ""
) -> HttpResponse:
    """Ask the other administrators to agree first; say what to do where there is none."""
    try:
        agreements.ask(actor=person_of(request), person=found, step=step, address=address)
    except RedwayError as error:
        form.add_error(None, forms.problem_of(error))
        return _person_form(request, found, form, title, "Try again")
    return _back_to(
        request,
        found,
        "Nothing was changed yet: cases are reached through this account, so another administrator has to "
        "agree. They are asked on their first page. Once they have agreed, do this again.",
    )


def _person_form(
    request: HttpRequest, found: Person, form: Form, title: str, button: str, warning: str = ""
) -> HttpResponse:
    context = {
        "person": found,
        "form": form,
        "title": title,
        "button": button,
        "warning": warning,
        "breadcrumbs": [PEOPLE, (found.full_name, reverse("people:person", args=[found.pk]))],
    }
    return render(request, "people/form.html", context)
