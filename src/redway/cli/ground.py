"""The data folder made ready for a command: Django started, the database at the shape this version needs."""

from __future__ import annotations

from redway.core.errors import RedwayError
from redway.core.home import Home


class StoreError(RedwayError):
    """The database cannot be opened, or not be written."""


def open_store() -> Home:
    """Start Django on the chosen data folder and bring its database up to date; return the folder.

    Raises StoreError when the database cannot be used.
    """
    from redway.web import start

    home = start()
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise _cannot_use(home, str(error).splitlines()[0]) from error
    return home


def _cannot_use(home: Home, why: str) -> StoreError:
    from django.db import connection

    if connection.vendor == "postgresql":
        return StoreError(
            f"The PostgreSQL database cannot be used: {why.rstrip('.')}.",
            "Check DATABASE_URL, and that the server runs and lets this machine in.",
        )
    return StoreError(
        f"The database {home.database} cannot be used: {why.rstrip('.')}.",
        f"Check that you may write in {home.root} and that its disk is not full. If the file is damaged, "
        "bring it back with 'redway restore'.",
    )
