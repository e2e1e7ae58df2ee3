from __future__ import annotations

from django.urls import path

from redway.web.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:slug>/", views.subject, name="subject"),
    path("work/<slug:slug>/", views.work, name="work"),
    path("reading/<slug:slug>/", views.reading, name="reading"),
]
