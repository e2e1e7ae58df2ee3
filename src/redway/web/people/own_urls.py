"""Addresses of Redway's own pages about people."""

from __future__ import annotations

from django.urls import path

from redway.web.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.index, name="index"),
    path("people.<str:extension>", views.index_export, name="index_export"),
    path("people/invite/", views.invite, name="invite"),
    path("people/roles/", views.roles, name="roles"),
    path("people/<int:number>/", views.person, name="person"),
    path("people/<int:number>/correct/", views.correct, name="correct"),
    path("people/<int:number>/give-role/", views.give_role, name="give_role"),
    path("people/<int:number>/roles/<int:grant>/end/", views.end_role, name="end_role"),
    path("people/<int:number>/end/", views.end, name="end"),
    path("people/<int:number>/bring-back/", views.bring_back, name="bring_back"),
    path("people/<int:number>/link/", views.link, name="link"),
    path("people/<int:number>/second-factor/", views.remove_factor, name="remove_factor"),
    path("people/<int:number>/agree/<int:agreement>/", views.second, name="second"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("account/", views.account, name="account"),
    path("account/no-role/", views.no_role, name="no_role"),
    path("account/asked/<int:agreement>/turn-down/", views.turn_down, name="turn_down"),
    path("account/tokens/make/", views.make_token, name="make_token"),
    path("account/tokens/<int:number>/end/", views.end_token, name="end_token"),
]
