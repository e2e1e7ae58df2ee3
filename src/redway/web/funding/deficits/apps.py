"""The room of schools in deficit as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DeficitsConfig(AppConfig):
    name = "redway.web.funding.deficits"
    label = "funding_deficits"
    verbose_name = "Schools in deficit"
