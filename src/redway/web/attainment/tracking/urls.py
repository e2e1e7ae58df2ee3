"""Addresses of the tracking pages."""

from __future__ import annotations

from django.urls import path

from redway.web.attainment.tracking import pupil_views, views

_SCHOOL = "schools/<str:urn>"

urlpatterns = [
    path(f"{_SCHOOL}/tracking/", views.school, name="school_tracking"),
    path(f"{_SCHOOL}/tracking.pdf", views.paper, name="school_tracking_paper"),
    path(
        f"{_SCHOOL}/tracking/tables/<slug:name>.<str:extension>",
        views.counts_table,
        name="school_tracking_table",
    ),
    path(f"{_SCHOOL}/tracking/pupils.<str:extension>", views.pupils, name="school_tracking_pupils"),
    path(f"{_SCHOOL}/target-groups/", views.target_groups, name="school_target_groups"),
    path(
        f"{_SCHOOL}/target-groups/pupils.<str:extension>",
        views.target_groups_pupils,
        name="school_target_groups_pupils",
    ),
    path(f"{_SCHOOL}/gaps/", views.gaps, name="school_gaps"),
    path(f"{_SCHOOL}/gaps/chart.<str:extension>", views.gaps_chart, name="school_gaps_chart"),
    path(f"{_SCHOOL}/gaps/table.<str:extension>", views.gaps_table, name="school_gaps_table"),
    path("pupils/<str:key>/", pupil_views.pupil, name="pupil"),
]
