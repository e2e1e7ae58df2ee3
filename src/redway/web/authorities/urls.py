from __future__ import annotations

from django.urls import path

from redway.web.authorities import views

app_name = "authorities"
urlpatterns = [
    path("", views.index, name="index"),
    path("list.<str:extension>", views.index_table, name="index_table"),
    path("<str:number>/", views.profile, name="profile"),
    path("<str:number>/profile.pdf", views.paper, name="paper"),
    path("<str:number>/charts/<slug:code>.<str:extension>", views.chart, name="chart"),
    path("<str:number>/tables/<slug:name>.<str:extension>", views.table, name="table"),
]
