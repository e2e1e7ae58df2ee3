"""The room of funding as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "redway.web.funding"
    label = "funding"
    verbose_name = "Funding"
