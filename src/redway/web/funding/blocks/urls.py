"""Addresses of money beside the formula: blocks, growth, de-delegation, notional SEN, the years ahead."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "blocks"
urlpatterns: list[URLPattern] = []
