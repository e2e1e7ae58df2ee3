"""Pages about made-up concerns say so: the demo makes things up about real schools, named by the register."""

from __future__ import annotations

from redway.web.improvement.models import Concern, Intelligence

NOTICE = (
    "Made up for the demo: the schools are those of the register, but all that is known, proposed, decided "
    "and answered here is invented. It says nothing about a real school."
)


def made_up_in(authority: str) -> bool:
    """Is anything made up about schools of an authority? One record is enough for the whole page."""
    return any(
        kind._default_manager.filter(authority=authority, made_up=True).exists()
        for kind in (Concern, Intelligence)
    )
