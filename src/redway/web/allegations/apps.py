"""The allegations room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AllegationsConfig(AppConfig):
    name = "redway.web.allegations"
    label = "allegations"
    verbose_name = "Allegations"

    def ready(self) -> None:
        from redway.web.allegations import access, concerns
        from redway.web.audit.queries import HIDINGS
        from redway.web.people.permission import TURNED_AWAY

        HIDINGS.append(access.hidden_in_the_trail)
        TURNED_AWAY.extend((access.turned_away_at_the_door, concerns.turned_away_at_the_door))
