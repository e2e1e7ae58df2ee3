"""Which schools are shown to somebody who puts schools in a locality."""

from __future__ import annotations

from django.db.models import Q

from redway.web.register.models import Locality, Rank, School
from redway.web.register.queries import schools
from redway.web.register.search import Filters, search

HERE, NOWHERE = "here", "nowhere"
"""What ``which`` may say: only schools in this locality, or only those in none. Anything else shows all."""


def schools_to_place(locality: Locality) -> list[School]:
    """Schools of its authority that are open or to open, and those in it already, by name."""
    here = Q(authority=locality.authority) & ~Q(rank=Rank.CLOSED) | Q(locality=locality)
    return list(schools().filter(here).select_related("locality").order_by("sort_name", "key"))


def narrowed(offered: list[School], locality: Locality, words: str, which: str) -> list[School]:
    """Those of them that the words find, and that are where ``which`` says."""
    if words:
        found = {school.key for school in search(words, Filters(authority=locality.authority))}
        offered = [school for school in offered if school.key in found]
    if which == HERE:
        return [school for school in offered if school.locality == locality]
    return [school for school in offered if school.locality is None] if which == NOWHERE else offered
