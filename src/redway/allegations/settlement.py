"""When somebody leaves during a case: the case goes on, and no agreement may buy silence."""

from __future__ import annotations

import re

_SIGNS = re.compile(
    r"\bsettlement\b|\bcompromise\b|\bagreed reference|\b(non-disclosure|confidentiality) agreement",
    re.IGNORECASE,
)


def settlement_warning(text: str) -> str:
    """The sentence to show beside words that speak of a settlement with somebody who leaves; else empty.

    Source: Tower Hamlets, frequently asked questions on allegations; Ward Hadaway, HR Protect.
    """
    if not _SIGNS.search(text):
        return ""
    return (
        "A settlement must not stop this case, nor keep anybody from reporting it or from giving a true "
        "reference. Resigning does not end the duty to refer to the Disclosure and Barring Service."
    )
