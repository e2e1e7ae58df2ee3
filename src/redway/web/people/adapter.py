"""What Redway wants of django-allauth: no sign-up, slow guessing, everything noted in the audit trail."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from redway.web.people import encryption, permission, throttle
from redway.web.people.models import Person

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "Enter the password you use now.",
        "too_many_login_attempts": "There were too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the attempt while its account or address has to wait."""
        wait = throttle.waits_until(self._attempt(request, credentials), timezone.now())
        if wait is not None:
            at = timezone.localtime(wait)
            raise ValidationError(
                f"There were too many wrong passwords. Try again after {at:%H:%M}, or ask an administrator "
                "for a one-time link.",
                code="too_many_login_attempts",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        person: Person | None = super().authenticate(request, **credentials)
        if person is not None:
            throttle.forget_failures(self._attempt(request, credentials))
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttle.count_failure(self._attempt(request, credentials), timezone.now())
        log.info("a sign-in failed")

    def reauthenticate(self, user: Person, password: str) -> bool:
        """The password again, for a sensitive step. By the address the person signs in with."""
        person = self.authenticate(self.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Those who have left, and those whose last role has ended, do not come in."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None and not permission.roles_today(user):
            return redirect("people:no_role")
        return response

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return throttle.know_browser(response, user.email)

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return redirect("people:no_role")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are left out: the pages say what happened."""

    def _attempt(self, request: HttpRequest, credentials: dict[str, Any]) -> throttle.Attempt:
        return throttle.Attempt(
            email=str(credentials.get("email", "")),
            address=self.get_client_ip(request),
            cookie=request.COOKIES.get(throttle.DEVICE_COOKIE, ""),
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factor: secrets are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Wait for the next one and try again.",
        "cannot_delete_authenticator": "Your role needs a second factor.",
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The seed; one that no code fits when the secret key it was encrypted with is gone.

        A data folder restored without its key must not let anybody in, nor show a fault to those who try.
        """
        try:
            return encryption.decrypt(encrypted_text)
        except InvalidToken:
            log.warning("a second factor was encrypted with another secret key: it must be set up anew")
            return str(generate_totp_secret())

    def get_totp_label(self, user: Person) -> str:
        return user.email

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Roles that need a second factor do not switch it off."""
        return not (
            permission.roles_today(authenticator.user) & frozenset(settings.REDWAY_SECOND_FACTOR_ROLES)
        )


class CouncilSignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with the council's own service: only for people who were invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody unknown is told so, instead of being led to a sign-up form."""
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(redirect("people:no_role"))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("people:account")
