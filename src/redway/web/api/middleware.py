"""Programs are answered in their own language: problems as JSON, strangers with 401, never a web page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import resolve_url

_ENDINGS = (".json", ".csv", ".xlsx")
_PROBLEMS = {
    400: ("The request cannot be read.", "Compare it with the description at /api/openapi.json."),
    403: ("This is not allowed.", "Ask an administrator for the role it needs."),
    404: ("There is no such table, or you may not see it.", "Compare it with /api/openapi.json."),
    405: ("Tables are only read.", "Use GET."),
    413: ("The request is too large.", "Send a smaller one."),
    429: ("Too many requests.", "Wait a minute and try again."),
    500: ("Something went wrong on our side.", "Try again; if it stays, tell your administrator."),
}


class ProblemsForPrograms:
    """Stands before the pages. A program is a request with a token, or for a table without wanting HTML."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_program(request):
            return response
        if _sends_to_sign_in(response):
            return JsonResponse(
                {
                    "error": "A personal token is needed.",
                    "next_step": "Make one in Your account and send it as 'Authorization: Bearer ...'.",
                },
                status=401,
                headers={"WWW-Authenticate": 'Bearer realm="Redway"'},
            )
        if response.status_code in _PROBLEMS and "json" not in response.get("Content-Type", ""):
            error, next_step = _PROBLEMS[response.status_code]
            answer = JsonResponse({"error": error, "next_step": next_step}, status=response.status_code)
            if "Allow" in response:
                answer["Allow"] = response["Allow"]
            return answer
        return response


def is_program(request: HttpRequest) -> bool:
    """Does this request come from a program and not from somebody's browser?"""
    if request.headers.get("Authorization", "").lower().startswith("bearer"):
        return True
    return request.path.endswith(_ENDINGS) and "text/html" not in request.headers.get("Accept", "")


def _sends_to_sign_in(response: HttpResponseBase) -> bool:
    sign_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and str(response.get("Location", "")).startswith(sign_in)
