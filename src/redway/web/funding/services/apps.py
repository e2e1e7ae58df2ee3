"""The room of services to schools as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "redway.web.funding.services"
    label = "funding_services"
    verbose_name = "Services to schools"
