"""Addresses of the attainment room: value added, tracking and targets."""

from __future__ import annotations

from django.urls import include, path

app_name = "attainment"
urlpatterns = [
    path("", include("redway.web.attainment.value_added.urls")),
    path("", include("redway.web.attainment.tracking.urls")),
    path("", include("redway.web.attainment.targets.urls")),
]
