"""Addresses of accounts: Redway's own pages, and the few of allauth's that Redway uses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("redway.web.people.own_urls")),
    path("account/", include("redway.web.people.account_urls")),
]
