"""Pages about made-up pupils say so: the demonstration puts made-up children into real schools.

A view puts ``"made_up": made_up_in(versions)`` into its context and its page includes
``attainment/made_up.html`` below the heading; papers and exports print ``NOTICE``.
"""

from __future__ import annotations

from collections.abc import Iterable

from redway.datasets.confidential import is_made_up
from redway.datasets.ledger import Version

NOTICE = (
    "The pupils and results on this page are made up for demonstration; "
    "they say nothing about the real school."
)


def made_up_in(versions: Iterable[Version]) -> bool:
    """Are there made-up pupils among these versions? One file of them is enough for the whole page."""
    return any(is_made_up(version) for version in versions)
