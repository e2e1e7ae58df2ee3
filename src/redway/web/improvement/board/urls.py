"""Addresses of improvement board: the action plan, its ratings and the board."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "board"
urlpatterns: list[URLPattern] = []
