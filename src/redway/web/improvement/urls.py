"""Addresses of improvement: early warning and schools causing concern."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "improvement"
urlpatterns: list[URLPattern] = []
