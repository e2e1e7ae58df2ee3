"""The allegations room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AllegationsConfig(AppConfig):
    name = "redway.web.allegations"
    label = "allegations"
    verbose_name = "Allegations"
