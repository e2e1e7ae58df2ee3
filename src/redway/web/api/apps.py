"""The application that describes the tables for programs; no models."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "redway.web.api"
    label = "api"
    verbose_name = "For programs"
