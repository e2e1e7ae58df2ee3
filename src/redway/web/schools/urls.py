from __future__ import annotations

from django.urls import path

from redway.web.schools import views

app_name = "schools"
urlpatterns = [
    path("", views.find, name="find"),
    path("list.<str:extension>", views.list_table, name="list_table"),
    path("map.<str:extension>", views.map_chart, name="map"),
    path("<str:urn>/", views.profile, name="profile"),
    path("<str:urn>/profile.pdf", views.paper, name="paper"),
    path("<str:urn>/similar/", views.similar, name="similar"),
    path("<str:urn>/similar.<str:extension>", views.similar_table, name="similar_table"),
    path("<str:urn>/charts/<slug:code>.<str:extension>", views.chart, name="chart"),
    path("<str:urn>/tables/<slug:name>.<str:extension>", views.table, name="table"),
]
