"""Addresses of reviews and strategy: reviews, their findings and the strategy."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "reviews"
urlpatterns: list[URLPattern] = []
