"""What the pages of the forum share: what the person may do, and the way back."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.web.design.form_page import Trail
from redway.web.funding.forum.access import forum_record
from redway.web.people import permission


def may(request: HttpRequest, action: str, number: str) -> bool:
    """May they take the action at the forum of this authority?"""
    return bool(permission.decide(request, action, forum_record(request, number, action)))


def trail(*more: tuple[str, str]) -> Trail:
    """The way back to the forum's first page and on."""
    return [("Funding", reverse("funding:index")), ("Schools Forum", reverse("forum:index")), *more]
