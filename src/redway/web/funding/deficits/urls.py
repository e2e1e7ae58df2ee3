"""Addresses of schools in deficit: licensed deficits, recovery plans and returns."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "deficits"
urlpatterns: list[URLPattern] = []
