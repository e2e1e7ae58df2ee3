"""Addresses of Schools Forum: consultations, responses, decisions and packs."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "forum"
urlpatterns: list[URLPattern] = []
