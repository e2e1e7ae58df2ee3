"""Addresses of the targets pages."""

from __future__ import annotations

from django.urls import path

from redway.web.attainment.targets import authority_views, step_views, views
from redway.web.attainment.targets.steps import STEPS

_SCHOOL = "schools/<str:urn>/targets"
_TARGET = f"{_SCHOOL}/<slug:measure>/<str:year>"
_AUTHORITY = "authorities/<str:number>/targets"

urlpatterns = [
    path(f"{_SCHOOL}/", views.school, name="school_targets"),
    path(f"{_TARGET}/", views.target, name="target"),
    path(f"{_TARGET}/paper.pdf", views.paper, name="target_paper"),
    path(f"{_TARGET}/estimates.<str:extension>", views.chart, name="target_chart"),
    path(f"{_TARGET}/pupils/", views.pupils, name="target_pupils"),
    path(f"{_TARGET}/verify/", step_views.verify, name="target_verify"),
    *(
        one
        for step in STEPS
        for one in (
            path(f"{_TARGET}/{step.slug}/", step_views.PAGES[step.slug][0], name=step.page),
            path(f"{_TARGET}/{step.slug}/check/", step_views.PAGES[step.slug][1], name=f"{step.page}_check"),
        )
    ),
    path(f"{_AUTHORITY}/", authority_views.authority, name="authority_targets"),
    path(f"{_AUTHORITY}.<str:extension>", authority_views.authority_table, name="authority_targets_table"),
    path(f"{_AUTHORITY}/reservations/", authority_views.reservations, name="authority_reservations"),
    path(
        f"{_AUTHORITY}/reservations.<str:extension>",
        authority_views.reservations_table,
        name="authority_reservations_table",
    ),
    path(f"{_AUTHORITY}/<str:year>/", authority_views.cycle, name="target_cycle"),
]
