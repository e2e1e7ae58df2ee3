"""The help application: templates and views; no models."""

from __future__ import annotations

from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "redway.web.help"
    label = "help"
    verbose_name = "Help"
