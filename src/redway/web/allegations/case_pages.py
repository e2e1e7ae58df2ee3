"""Addresses and titles of case pages. They say nothing about anybody: a case is called by its reference."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.web.allegations.models import Case


def title_of(case: Case) -> str:
    """What a case is called wherever others may read it too."""
    return f"Case {case.key}"


def address(case: Case, section: str = "", page: str = "case", *parts: object) -> str:
    """Address of a page of a case, or of a section of its first page."""
    found = reverse(f"allegations:{page}", args=[case.key, *parts])
    return f"{found}#{section}" if section else found


def trail_of(request: HttpRequest, case: Case, action: str) -> list[tuple[str, str]]:
    """The way back from a page of a case, by pages that whoever may take the action can open."""
    trail = [("Allegations", reverse("allegations:index"))]
    if action in ("allegation.shared", "allegation.break_glass"):
        return trail
    return [*trail, (title_of(case), address(case))]
