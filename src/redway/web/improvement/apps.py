"""The room of improvement as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "redway.web.improvement"
    label = "improvement"
    verbose_name = "Improvement"
