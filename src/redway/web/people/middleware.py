"""Doors: what happens between the address and the view."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from redway.web.people import permission, tokens
from redway.web.people.declarations import Declaration, Door, declaration_of

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TokenMiddleware:
    """Programs come with ``Authorization: Bearer ...``: their token stands for its owner, for reading only.

    A wrong, old or withdrawn token is answered with 401 and never falls back to a session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.get_response(request)
        person = tokens.person_of_token(text.strip(), timezone.now())
        if person is None or request.method not in {"GET", "HEAD", "OPTIONS"}:
            return JsonResponse(
                {
                    "error": "This token is not good for this request.",
                    "next_step": "Make a new one in Your account.",
                },
                status=401,
                headers={"WWW-Authenticate": 'Bearer realm="Redway"'},
            )
        request.user = person
        # A browser's cookie that comes along is somebody else's business: nothing of it is read or written.
        of_the_browser, request.session = request.session, SessionStore()
        try:
            return self.get_response(request)
        finally:
            request.session = of_the_browser


class PermissionMiddleware:
    """Opens no view that declares no permission, and lets no answer out that was not decided.

    Runs after LoginRequiredMiddleware, which has sent strangers to the sign-in page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        declared: Declaration | None = getattr(request, "_redway_declaration", None)
        if declared is not None and declared.of and response.status_code == 200:
            _refuse_undecided(request, declared)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        declared = declaration_of(view)
        if declared is None:
            raise ImproperlyConfigured(
                f"The view of {request.path} declares no permission: use public, signed_in or needs."
            )
        request._redway_declaration = declared  # type: ignore[attr-defined]
        if declared.door is Door.PUBLIC:
            return None
        if not permission.roles_today(request) and not declared.without_role:
            return _turn_away(request)
        if declared.door is Door.SIGNED_IN and permission.holder_of(request).limited_to is not None:
            raise Http404("A token is good for the actions it names, not for its owner's account.")
        if declared.door is Door.NEEDS and not permission.decide(request, declared.action):
            permission.turn_away(request, declared.of, kwargs)
            raise Http404("No role held lets this person open this page.")
        return None


class SecondFactorMiddleware:
    """Those whose role needs a second factor set one up before they go anywhere else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        needing = frozenset(settings.REDWAY_SECOND_FACTOR_ROLES)
        declared = declaration_of(view)
        if not needing or declared is None or declared.before_second_factor or declared.door is Door.PUBLIC:
            return None
        if not needing & permission.roles_today(request) or _has_second_factor(request):
            return None
        return redirect("mfa_activate_totp")


def _has_second_factor(request: HttpRequest) -> bool:
    """Once seen it is remembered in the session, so that pages do not ask the database each time."""
    if isinstance(getattr(request.user, "limited_to", None), frozenset):
        return True
    if not request.session.get("second_factor"):
        found = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
        if not found:
            return False
        request.session["second_factor"] = True
    return True


def _refuse_undecided(request: HttpRequest, declared: Declaration) -> None:
    if not permission.was_decided(request, declared.action, declared.of):
        raise ImproperlyConfigured(
            f"The view of {request.resolver_match and request.resolver_match.view_name} answered without "
            f"asking whether the person may take {declared.action} on this {declared.of}."
        )


def _turn_away(request: HttpRequest) -> HttpResponse:
    """The last role has ended: the session ends with it."""
    log.info("person %s holds no role today; session ended", request.user.pk)
    logout(request)
    return redirect("people:no_role")
