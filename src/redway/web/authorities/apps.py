"""The authorities application: templates, queries and views; no models."""

from __future__ import annotations

from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "redway.web.authorities"
    label = "authorities"
    verbose_name = "Authorities"
