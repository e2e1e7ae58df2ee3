"""The schools application: templates, queries and views; no models."""

from __future__ import annotations

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "redway.web.schools"
    label = "schools"
    verbose_name = "Schools"
