"""Addresses of the allegations room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from redway.web.allegations import case_urls, entry_urls, statistics_urls

app_name = "allegations"
urlpatterns: list[URLPattern | URLResolver] = [
    *entry_urls.urlpatterns,
    *case_urls.urlpatterns,
    *statistics_urls.urlpatterns,
]
