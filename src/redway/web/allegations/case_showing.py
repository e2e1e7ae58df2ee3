"""A case as its page shows it: rows of words, tags and links, made from what is recorded and the rules."""

from __future__ import annotations

from dataclasses import dataclass

from redway.web.allegations.case_shown_documents import Documents
from redway.web.allegations.case_shown_head import Head
from redway.web.allegations.case_shown_meetings import Meetings
from redway.web.allegations.case_shown_people import OpenTo
from redway.web.allegations.case_shown_register import Register
from redway.web.allegations.case_shown_rules import ByTheRules


@dataclass(frozen=True)
class ShownCase(Head, ByTheRules, Register, Meetings, Documents, OpenTo):
    """The whole page of one case, for one reader."""
