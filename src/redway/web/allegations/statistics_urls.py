"""Addresses of the statistics and of the report."""

from __future__ import annotations

from django.urls import path

from redway.web.allegations import report_views
from redway.web.allegations import statistics_views as views

_OF = "statistics/<str:number>"

urlpatterns = [
    path("report/", report_views.report, name="report"),
    path("statistics/", views.statistics, name="statistics"),
    path(f"{_OF}/report.<str:extension>", views.report, name="statistics_report"),
    path(f"{_OF}/keep/", views.keep, name="statistics_keep"),
    path(f"{_OF}/tables/<slug:name>.<str:extension>", views.table, name="statistics_table"),
    path(f"{_OF}/charts/<slug:name>.<str:extension>", views.chart, name="statistics_chart"),
]
