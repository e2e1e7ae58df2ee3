from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "redway.web.people"
    label = "people"

    def ready(self) -> None:
        """Connect the recorder of sign-ins and the check that every address declares a permission."""
        from redway.web.people import checks, signals  # noqa: F401
