from __future__ import annotations

from django.urls import path

from redway.web.measures import views

app_name = "measures"
urlpatterns = [
    path("", views.index, name="index"),
    path("list.<str:extension>", views.index_table, name="index_table"),
    path("<slug:code>/", views.measure, name="measure"),
    path("<slug:code>/everyone.<str:extension>", views.everyone_table, name="everyone_table"),
    path("<slug:code>/chart.<str:extension>", views.chart, name="chart"),
    path("<slug:code>/<slug:level>/<str:entity>/<str:period>/", views.lineage, name="lineage"),
]
