"""Terms of the timetable as people say them."""

from __future__ import annotations

from datetime import date

from redway.core.words import counted
from redway.datasets.timetable import Terms


def terms_in_words(terms: Terms) -> str:
    """'due on 9 September, 30 days of grace; from Department for Education; Data officer answers for it'."""
    if terms.due is not None:
        grace = counted(terms.grace_days or 0, "day")
        when = f"due on {day_of_year(*terms.due)}, {grace} of grace"
    else:
        when = f"no older than {counted(terms.no_older_than_days or 0, 'day')}"
    return f"{when}; from {terms.supplier}; {terms.answers} answers for it"


def day_of_year(month: int, day: int) -> str:
    """'9 September'."""
    return f"{day} {date(2023, month, day):%B}"
