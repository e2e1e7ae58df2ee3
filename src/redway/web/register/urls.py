from __future__ import annotations

from django.urls import path

from redway.web.register import views

app_name = "register"
urlpatterns = [
    path("localities/<str:authority>/", views.localities, name="localities"),
    path("localities/<str:authority>/<int:number>/schools/", views.schools, name="schools"),
    path("localities/<str:authority>/<int:number>/name/", views.rename, name="rename"),
    path("localities/<str:authority>/<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
