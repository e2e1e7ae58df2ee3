"""Addresses of support and visits: programmes of support, visits and what came of them."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "support"
urlpatterns: list[URLPattern] = []
