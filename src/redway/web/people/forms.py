"""Forms about people, their roles and their keys."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError

from redway.core.errors import RedwayError
from redway.web.design.forms import DateBoxesField
from redway.web.people import keys
from redway.web.people.models import Person
from redway.web.people.passwords import LONGEST
from redway.web.people.permission import today
from redway.web.people.places import place_of_authority, place_of_school
from redway.web.people.roles import Role, ScopeKind, scopes_of

_NEW_PASSWORD = "Use 12 characters or more. Three or four words that do not belong together work well."  # noqa: S105


def _say(form: forms.Form, name: str, label: str, help_text: str = "") -> None:
    """Label a library's field in the design system's way: a label above, no placeholder inside."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", "Email address")
        _say(self, "password", "Password")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].max_length = LONGEST


class ConfirmPasswordForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password again, before a sensitive step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", "Password")


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The password used now, and a new one typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", "Password you use now")
        _say(self, "password1", "New password", _NEW_PASSWORD)
        _say(self, "password2", "New password again")


class _CodeUsedOnce:
    """A code of the app works once in all the time in which it is good.

    The library remembers a used code for one period; with clocks that may differ by MFA_TOTP_TOLERANCE
    periods, a code seen over a shoulder would be good again after it (RFC 6238, section 5.2).
    """

    user: Person

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        periods = 2 * mfa_settings.TOTP_TOLERANCE + 1
        used = f"redway.people.code-used.{self.user.pk}.{normalize_user_code(code)}"
        if not cache.add(used, "y", timeout=periods * mfa_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(_CodeUsedOnce, second_factor_forms.AuthenticateForm):  # type: ignore[misc]
    """A code from the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", "Code", "Six digits from your authenticator app, or one of your recovery codes")


class ConfirmSecondFactorForm(_CodeUsedOnce, second_factor_forms.ReauthenticateForm):  # type: ignore[misc]
    """The same, before a sensitive step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", "Code", "Six digits from your authenticator app, or one of your recovery codes")


class ActivateSecondFactorForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", "Code", "The six digits your authenticator app shows now")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class WelcomeForm(forms.Form):
    """The first password, or a new one, by a one-time link."""

    password = forms.CharField(
        label="Password",
        help_text=_NEW_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "The two passwords are not the same")
        return cleaned


class DetailsForm(forms.Form):
    """Name and e-mail address of a person."""

    full_name = forms.CharField(
        label="Full name", max_length=200, widget=forms.TextInput({"class": "govuk-!-width-two-thirds"})
    )
    email = forms.EmailField(
        label="Email address",
        help_text="They sign in with it",
        widget=forms.EmailInput({"autocomplete": "off", "class": "govuk-!-width-two-thirds"}),
    )


class RoleForm(forms.Form):
    """A role, where it is held, and from when."""

    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *Role.choices()])
    authority = forms.CharField(
        label="Authority number",
        max_length=3,
        required=False,
        help_text="Three digits, such as 826 for Milton Keynes",
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )
    school = forms.CharField(
        label="School",
        max_length=10,
        required=False,
        help_text="The school's URN, for headteachers, chairs of governors and advisers of single schools",
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )
    first_day = DateBoxesField(label="First day", initial=today)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = cleaned.get("role")
        if role is not None:
            cleaned["place"] = self._place(role, cleaned)
        return cleaned

    def _place(self, role: Role, cleaned: dict[str, Any]) -> Any:
        school, authority = cleaned.get("school", ""), cleaned.get("authority", "")
        held_for_school = bool(school) or scopes_of(role) == {ScopeKind.SCHOOL}
        name = "school" if held_for_school else "authority"
        if held_for_school and ScopeKind.SCHOOL not in scopes_of(role):
            self.add_error("school", f"{role.label} is held for an authority: leave the school empty")
            return None
        try:
            return place_of_school(school) if held_for_school else place_of_authority(authority)
        except RedwayError as error:
            self.add_error(name, f"{error.message} {error.next_step}".strip())
            return None


class GiveRoleForm(RoleForm):
    """A further role of a person, perhaps until a day that is known."""

    last_day = DateBoxesField(label="Last day", required=False, help_text="Leave empty if it is not known")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day must not be before the first")
        return cleaned


class InviteForm(DetailsForm, RoleForm):
    """A new person with their first role."""

    field_order = ["full_name", "email", "role", "authority", "school", "first_day"]


class LastDayForm(forms.Form):
    """When a role ends: at once, or after a day to come."""

    when = forms.ChoiceField(
        label="When does it end?",
        choices=[("now", "Now"), ("later", "After a day I choose"), ("open", "It is not known when")],
        widget=forms.RadioSelect,
        initial="now",
    )
    last_day = DateBoxesField(label="Last day", required=False, help_text="If you chose a day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "later" and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Enter the last day")
        return cleaned


class NothingForm(forms.Form):
    """A step that only needs to be confirmed."""


class AgreeForm(forms.Form):
    """Whether a second administrator agrees."""

    agrees = forms.ChoiceField(
        label="Do you agree?",
        choices=[("yes", "Yes: I have spoken to the owner of the account"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you agree"},
    )


class TokenForm(forms.Form):
    """A new personal token."""

    label = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="For example, attendance report in Power BI",
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
    )
    reach = forms.TypedChoiceField(
        label="What may it do?",
        coerce=keys.TokenReach,
        choices=keys.TokenReach.choices(),
        widget=forms.RadioSelect,
        initial=keys.TokenReach.FIGURES.value,
    )
    days = forms.TypedChoiceField(
        label="How long should it work?",
        choices=[(30, "30 days"), (90, "90 days"), (365, "A year")],
        coerce=int,
        initial=90,
        widget=forms.RadioSelect,
    )


def problem_of(error: RedwayError) -> ValidationError:
    """A refusal of a service as an error of the whole form."""
    return ValidationError(f"{error.message} {error.next_step}".strip())
