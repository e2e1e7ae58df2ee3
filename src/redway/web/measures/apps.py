"""The measures application: templates, queries and views; no models."""

from __future__ import annotations

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "redway.web.measures"
    label = "measures"
    verbose_name = "Measures"
