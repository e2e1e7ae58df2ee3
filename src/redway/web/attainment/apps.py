"""The attainment room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AttainmentConfig(AppConfig):
    name = "redway.web.attainment"
    label = "attainment"
    verbose_name = "Attainment"
