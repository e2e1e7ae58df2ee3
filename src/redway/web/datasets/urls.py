from __future__ import annotations

from django.urls import path

from redway.web.datasets import timetable_views, views

app_name = "datasets"
urlpatterns = [
    path("", views.index, name="index"),
    path("timetable.<str:extension>", views.timetable_table, name="timetable_table"),
    path("timetable/<slug:entry>/", timetable_views.agree, name="agree"),
    path("timetable/<slug:entry>/proposal/", timetable_views.proposal, name="proposal"),
    path("held.<str:extension>", views.held_table, name="held_table"),
    path("upload/", views.upload, name="upload"),
    path("uploads/<uuid:job_id>/", views.uploaded, name="uploaded"),
    path("decisions/<uuid:job_id>/", views.decided, name="decided"),
    path("imports/<uuid:run>/", views.report, name="report"),
    path("imports/<uuid:run>/errors/<int:outcome>.csv", views.errors, name="errors"),
    path("versions/<int:number>/", views.version, name="version"),
    path("versions/<int:number>/accept/", views.accept, name="accept"),
    path("versions/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("versions/<int:number>/file/", views.received_file, name="received_file"),
    path("<slug:dataset>/", views.dataset, name="dataset"),
    path("<slug:dataset>/versions.<str:extension>", views.versions_table, name="versions_table"),
]
