from __future__ import annotations

from django.urls import path

from redway.web.api import views

app_name = "api"
urlpatterns = [
    path("", views.index, name="index"),
    path("openapi.json", views.openapi, name="openapi"),
]
