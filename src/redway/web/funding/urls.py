"""Addresses of funding: formulas, scenarios and what each school gets."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "funding"
urlpatterns: list[URLPattern] = []
