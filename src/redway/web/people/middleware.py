"""Doors: what happens between the address and the view."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from redway.web.people import permission
from redway.web.people.declarations import Declaration, Door, declaration_of

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


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
        if declared.door is Door.NEEDS and not permission.decide(request, declared.action):
            raise Http404("No role held lets this person open this page.")
        return None


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
