"""The table of addresses: each room brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from redway.web.rooms import rooms_with_addresses

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module)) for prefix, module in rooms_with_addresses()
]
