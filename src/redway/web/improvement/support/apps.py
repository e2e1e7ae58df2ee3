"""The room of support and visits as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "redway.web.improvement.support"
    label = "improvement_support"
    verbose_name = "Support and visits"
