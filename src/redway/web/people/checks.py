"""Checks that run with ``manage.py check``: every address must lead to a view that declares a permission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from redway.web.people.declarations import declaration_of


def every_pattern(
    resolver: URLResolver | None = None, prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    """(address pattern, full URL name, pattern) of every address the site answers."""
    here = resolver or get_resolver()
    for entry in here.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from every_pattern(entry, address, inner)
        else:
            yield address, ":".join([*namespaces, entry.name or address]), entry


@register("security")
def check_declarations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No address without a declared permission, and no address without a name."""
    found: list[CheckMessage] = []
    for address, name, pattern in every_pattern():
        if declaration_of(pattern.callback) is None:
            found.append(
                Error(
                    f"The address '{address}' ({name}) declares no permission.",
                    hint="Decorate its view with public, signed_in or needs from people.declarations.",
                    id="redway.E001",
                )
            )
        if not pattern.name:
            found.append(Error(f"The address '{address}' has no name.", id="redway.E002"))
    return found
