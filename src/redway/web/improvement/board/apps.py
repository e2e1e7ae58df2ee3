"""The room of improvement board as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "redway.web.improvement.board"
    label = "improvement_board"
    verbose_name = "Improvement board"
