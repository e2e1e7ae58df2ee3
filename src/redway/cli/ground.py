"""The data folder made ready for a command: Django started, the database at the shape this version needs."""

from __future__ import annotations

from redway.core.home import Home


def open_store() -> Home:
    """Start Django on the chosen data folder and bring its database up to date; return the folder."""
    from redway.web import start

    home = start()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return home
