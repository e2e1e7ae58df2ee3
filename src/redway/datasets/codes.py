"""Words and marks that publishers put where a number is missing, and the reason each stands for.

``SUPP``, ``NE``, ``NA``, ``NP``, ``LOWCOV`` and ``NEW`` are defined in the metadata of the Department for
Education's performance tables; ``c x z u k`` in its guidance on explore education statistics. ``LT11``,
``LT50PC``, ``ABSLOW``, ``NOTREQ``, ``UNAVAIL``, ``!``, ``DNS`` and ``SN`` are read from context. A format may
say otherwise: its own codes come first.
"""

from __future__ import annotations

from collections.abc import Mapping

from redway.core.missing import Missing

COMMON: Mapping[str, Missing] = {
    "SUPP": Missing.SUPPRESSED,
    "LT11": Missing.SUPPRESSED,
    "SN": Missing.SUPPRESSED,
    "C": Missing.SUPPRESSED,
    "*": Missing.SUPPRESSED,
    "NE": Missing.NO_ENTRIES,
    "NA": Missing.NOT_APPLICABLE,
    "N/A": Missing.NOT_APPLICABLE,
    "Z": Missing.NOT_APPLICABLE,
    ".": Missing.NOT_APPLICABLE,
    "NP": Missing.NOT_PUBLISHED,
    "LOWCOV": Missing.LOW_COVERAGE,
    "LT50PC": Missing.LOW_COVERAGE,
    "ABSLOW": Missing.LOW_COVERAGE,
    "NOTREQ": Missing.NOT_REQUIRED,
    "DNS": Missing.NOT_SUPPLIED,
    "NEW": Missing.TOO_NEW,
    "UNAVAIL": Missing.NOT_AVAILABLE,
    "!": Missing.NOT_AVAILABLE,
    "X": Missing.NOT_AVAILABLE,
    ":": Missing.NOT_AVAILABLE,
    "..": Missing.NOT_AVAILABLE,
    "-": Missing.NOT_AVAILABLE,
    "U": Missing.LOW_RELIABILITY,
    "SP": Missing.SMALL_VALUE,
    "K": Missing.SMALL_VALUE,
    "": Missing.BLANK,
    "NAN": Missing.BLANK,
    "NULL": Missing.BLANK,
    "NONE": Missing.BLANK,
}


def codes_for(own: Mapping[str, Missing]) -> dict[str, Missing]:
    """The codes of a format: its own before the common ones. Keys are upper case, without spaces around."""
    return {**COMMON, **{code.strip().upper(): reason for code, reason in own.items()}}
