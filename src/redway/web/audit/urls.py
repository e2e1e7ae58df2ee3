from __future__ import annotations

from django.urls import path

from redway.web.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.index, name="index"),
    path("audit.<str:extension>", views.index_export, name="index_export"),
    path("audit/check/", views.check, name="check"),
]
