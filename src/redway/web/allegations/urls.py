"""Addresses of the allegations room."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "allegations"
urlpatterns: list[URLPattern] = []
