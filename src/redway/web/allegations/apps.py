"""The allegations room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AllegationsConfig(AppConfig):
    name = "redway.web.allegations"
    label = "allegations"
    verbose_name = "Allegations"

    def ready(self) -> None:
        from redway.web.allegations.access import hidden_in_the_trail
        from redway.web.audit.queries import HIDINGS

        HIDINGS.append(hidden_in_the_trail)
