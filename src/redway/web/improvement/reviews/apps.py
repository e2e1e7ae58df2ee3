"""The room of reviews and strategy as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "redway.web.improvement.reviews"
    label = "improvement_reviews"
    verbose_name = "Reviews and strategy"
