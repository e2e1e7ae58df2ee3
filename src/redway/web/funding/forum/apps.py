"""The room of the Schools Forum as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "redway.web.funding.forum"
    label = "funding_forum"
    verbose_name = "Schools Forum"
