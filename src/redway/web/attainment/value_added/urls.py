"""Addresses of the value-added pages."""

from __future__ import annotations

from django.urls import path

from redway.web.attainment.value_added import authority_views, index_view, views

_SCHOOL = "schools/<str:urn>/value-added"
_AUTHORITY = "authorities/<str:number>/value-added"

urlpatterns = [
    path("", index_view.index, name="index"),
    path("schools.<str:extension>", index_view.schools_table, name="schools_table"),
    path(f"{_SCHOOL}/", views.school, name="school_value_added"),
    path(f"{_SCHOOL}.pdf", views.paper, name="school_value_added_paper"),
    path(f"{_SCHOOL}/charts/<slug:name>.<str:extension>", views.chart, name="school_value_added_chart"),
    path(f"{_SCHOOL}/tables/<slug:name>.<str:extension>", views.table, name="school_value_added_table"),
    path(f"{_AUTHORITY}/", authority_views.authority, name="authority_value_added"),
    path(f"{_AUTHORITY}.pdf", authority_views.paper, name="authority_value_added_paper"),
    path(
        f"{_AUTHORITY}/charts/<slug:name>.<str:extension>",
        authority_views.chart,
        name="authority_value_added_chart",
    ),
    path(
        f"{_AUTHORITY}/tables/<slug:name>.<str:extension>",
        authority_views.table,
        name="authority_value_added_table",
    ),
]
