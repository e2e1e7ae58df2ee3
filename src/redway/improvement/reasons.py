"""Reasons a person writes about a school: a short text, without what must not stand in it.

What a program can tell it refuses: a unique pupil number, an address or number of a person, a title with a
name, words about somebody's health, and the wording of a complaint. A bare name it cannot tell; beside the
field stands what must not be written.
"""

from __future__ import annotations

import re

from redway.core.errors import RedwayError

LONGEST = 1_500
"""Characters: reasons are read by a headteacher and a chair, and are no file."""

_REFUSED = (
    (re.compile(r"\b[A-Z][0-9]{11}[0-9A-Z]\b", re.IGNORECASE), "a unique pupil number"),
    (re.compile(r"[\w.+-]+@[\w-]+\.\w+"), "an email address"),
    (re.compile(r"(?:\+44|\b0)[\d ]{9,12}\d\b"), "a telephone number"),
    (re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame)\.?\s+[A-Z][a-z]"), "the name of a person"),
    (
        re.compile(
            r"\b(?:sick(?:ness)?(?:\s+leave)?|illness|(?:is|was|been)\s+ill|cancer|depression|anxiety"
            r"|pregnan\w*|diagnosed|diagnosis|in\s+hospital|stress[- ]related|nervous\s+breakdown"
            r"|suicid\w+|self[- ]harm\w*)\b",
            re.IGNORECASE,
        ),
        "something about somebody's health",
    ),
    (
        re.compile(
            r"\b(?:complain(?:s|ed|ing)\s+(?:that|about)|complaint\s+(?:says|said|that|reads)"
            r"|alleg(?:es|ed)\s+that|(?:a|the|one)\s+(?:parent|mother|father|carer)\s+"
            r"(?:says|said|claims|claimed|told|writes|wrote))\b",
            re.IGNORECASE,
        ),
        "what a complaint says",
    ),
)


class ReasonsRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """Reasons that may not be kept as they are written."""


def reasons_of(text: str) -> str:
    """The reasons as they are kept, trimmed.

    Raises ReasonsRefused for a text that is too long, and for one that seems to hold what must not stand in
    it; the message says what kind of thing it is and never repeats it.
    """
    said = text.strip()
    if len(said) > LONGEST:
        raise ReasonsRefused(
            f"The text has {len(said):,} characters.", f"Say it in {LONGEST:,}: it is read by busy people."
        )
    for pattern, what in _REFUSED:
        if pattern.search(said):
            raise ReasonsRefused(
                f"The text seems to hold {what}, which must not stand here.",
                "Say what it means for the school ('leadership is interim', 'four complaints this term'). "
                "Names, health and complaints belong to personnel, the complaints procedure or the designated"
                " officer.",
            )
    return said
