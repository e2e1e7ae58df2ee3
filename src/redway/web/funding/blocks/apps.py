"""The room of money beside the formula as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BlocksConfig(AppConfig):
    name = "redway.web.funding.blocks"
    label = "funding_blocks"
    verbose_name = "Money beside the formula"
