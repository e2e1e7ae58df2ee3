"""The history of a case from the audit trail: who did what, who read it, when. Never what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator

from redway.figures.table import Column, Row, Table
from redway.web.allegations.models import Case
from redway.web.audit.models import AuditEntry
from redway.web.audit.words import in_words
from redway.web.design.templatetags.design import day_and_time

_READ = {
    "allegation.view": "Read the case",
    "allegation.work": "Opened a page to work on the case",
    "allegation.shared": "Read what is shared of the case",
    "allegation.follow": "Looked how the referral stands",
    "allegation.close_over": "Opened the page to close over what is outstanding",
    "allegation.break_glass": "Opened the page to break the glass",
}


def history_table(case: Case) -> Table:
    """Every entry of the trail about a case, newest first. One query."""
    columns = [
        Column("at", "When"),
        Column("what", "What"),
        Column("who", "Who"),
    ]
    return Table("History", columns, list(_rows(case)))


def _rows(case: Case) -> Iterator[Row]:
    entries = AuditEntry.objects.filter(subject_kind="allegation", subject_id=case.key)
    for one in entries.select_related("actor").order_by("-sequence"):
        action = json.loads(one.details).get("action", "")
        yield {
            "at": day_and_time(one.at),
            "what": _READ.get(action, "Read the case")
            if one.verb == "allegation.read"
            else in_words(one.verb),
            "who": one.actor.full_name if one.actor else "Redway",
        }
