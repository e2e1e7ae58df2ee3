"""The design application: templates, static files and tags; no models."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "redway.web.design"
    label = "design"
    verbose_name = "Design"
