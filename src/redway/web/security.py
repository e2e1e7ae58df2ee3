"""What every answer carries and no request may exceed: headers, content-security policy, sizes, logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., Any])

SMALL_BODY = 5 * 1024 * 1024
"""Largest body of a request to a page that takes no files."""

_PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)


def content_security_policy() -> str:
    """Everything is refused but what this server sends itself; nothing inline, nothing from elsewhere.

    A form may lead to the council's own sign-in service, as browsers apply form-action to redirects.
    """
    form_action = "'self'"
    for provider in settings.SOCIALACCOUNT_PROVIDERS.values():
        for app in provider.get("APPS", []):
            address = urlsplit(app["settings"]["server_url"])
            form_action += f" {address.scheme}://{address.netloc}"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action {form_action}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


class HeadersMiddleware:
    """Puts the security headers on every answer, and keeps pages about people out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(),
            "Permissions-Policy": _PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        # A static file may be kept by anybody; a page that says there is no such file is a page like others.
        if not (request.path.startswith(settings.STATIC_URL) and response.status_code in (200, 304)):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def takes_files(view: View) -> View:
    """Mark a view that takes files: its requests may be as large as REDWAY_LARGEST_UPLOAD."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_files_in_memory(largest: int) -> Callable[[View], View]:
    """Mark a view that takes files up to so many bytes, and never lets them touch the disk unencrypted."""

    def mark(view: View) -> View:
        view.takes_files_in_memory = largest  # type: ignore[attr-defined]
        return view

    return mark


class _InMemory(MemoryFileUploadHandler):
    """Keeps whatever comes in memory: its size was checked before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


class BodySizeMiddleware:
    """Refuses a body that is too large before it is read. Runs after the doors and before CSRF reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        largest = settings.REDWAY_LARGEST_UPLOAD if getattr(view, "takes_files", False) else SMALL_BODY
        if in_memory := getattr(view, "takes_files_in_memory", 0):
            largest = in_memory
            request.upload_handlers = [_InMemory(request)]
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > largest:
            raise RequestDataTooBig("The body of the request is larger than this page takes.")


class NamelessFormatter(logging.Formatter):
    """Log lines without e-mail addresses and without keys of one-time links, wherever they come from.

    A database error quotes values; a refused request is logged with its path, and the path of a one-time link
    is the link.
    """

    _ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
    _KEY = re.compile(r"\bredway_[\w-]{20,}")

    def format(self, record: logging.LogRecord) -> str:
        return self._KEY.sub("[key]", self._ADDRESS.sub("[address]", super().format(record)))
