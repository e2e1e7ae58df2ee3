"""Floor 4: what people see. Django lives here (and in ``redway.cli``) and nowhere below."""

from __future__ import annotations

import os

from redway.core.home import Home, find_home


def start(home: str | os.PathLike[str] | None = None) -> Home:
    """Make Django ready to use outside a server, for commands: folder made, settings read, rooms loaded.

    ``home`` defaults to ``REDWAY_HOME``. Call it before importing anything that holds models.
    """
    found = find_home(home)
    os.environ["REDWAY_HOME"] = str(found.root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redway.web.settings")
    found.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    import django

    django.setup()
    return found
