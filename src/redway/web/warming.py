"""What a server does before its first visitor: read once what every page would otherwise wait for."""

from __future__ import annotations

import logging
from threading import Thread

log = logging.getLogger(__name__)


def warm_up_in_background() -> Thread:
    """Start reading; pages asked for meanwhile are answered, only slower. The thread ends by itself."""
    thread = Thread(target=warm_up, name="redway-warming", daemon=True)
    thread.start()
    return thread


def warm_up() -> None:
    """Read the index of schools and the figures' build, and wake the drawing engine."""
    from django.db import connection

    from redway.core.identifiers import ENGLAND
    from redway.figures.render import warm_up as wake_drawing
    from redway.web.measures.showing import store
    from redway.web.register.search import search

    try:
        search("a")
        store().figures("england", [ENGLAND])
        wake_drawing()
    except Exception as error:
        # A page that needs what could not be read says so itself, to whoever asked for it.
        log.warning("warming up stopped: %s", type(error).__name__)
    finally:
        connection.close()
