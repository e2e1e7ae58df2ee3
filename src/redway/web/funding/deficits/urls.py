"""Addresses of schools in deficit: licensed deficits, recovery plans and returns."""

from __future__ import annotations

from django.urls import path

from redway.web.funding.deficits import authority_views, licence_views, meeting_views, school_views

app_name = "deficits"
_OWN, _LICENCE, _MEETING = "authorities/<str:number>", "licences/<uuid:key>", "meetings/<uuid:key>"
urlpatterns = [
    path("", authority_views.index, name="index"),
    path(f"{_OWN}/", authority_views.authority, name="authority"),
    path(f"{_OWN}/balances.<str:extension>", authority_views.authority_table, name="authority_table"),
    path(f"{_OWN}/at-risk/", authority_views.at_risk, name="at_risk"),
    path(f"{_OWN}/at-risk.<str:extension>", authority_views.at_risk_table, name="at_risk_table"),
    path(f"{_OWN}/rules/", authority_views.rules, name="rules"),
    path(f"{_OWN}/rules/<slug:subject>/", authority_views.settle, name="settle"),
    path(f"{_OWN}/upload/", authority_views.upload, name="upload"),
    path(f"{_OWN}/meetings/", meeting_views.meetings, name="meetings"),
    path(f"{_OWN}/meetings.<str:extension>", meeting_views.meetings_table, name="meetings_table"),
    path("schools/<str:urn>/", school_views.school, name="school"),
    path("schools/<str:urn>/balances.<str:extension>", school_views.school_table, name="school_table"),
    path("schools/<str:urn>/balances/<str:year>/", school_views.balance, name="balance"),
    path("schools/<str:urn>/apply/", licence_views.apply, name="apply"),
    path("schools/<str:urn>/meetings/new/", meeting_views.new_meeting, name="new_meeting"),
    path(f"{_LICENCE}/", licence_views.licence, name="licence"),
    path(f"{_LICENCE}/decide/", licence_views.decide_on, name="decide"),
    path(f"{_LICENCE}/withdraw/", licence_views.withdraw_it, name="withdraw"),
    path(f"{_LICENCE}/clear/", licence_views.clear, name="clear"),
    path(f"{_LICENCE}/letter.pdf", licence_views.letter, name="letter"),
    path(f"{_LICENCE}/returns.<str:extension>", licence_views.returns_table, name="returns_table"),
    path(f"{_LICENCE}/returns/<str:month>/", licence_views.monthly_return, name="return"),
    path(f"{_MEETING}/", meeting_views.meeting, name="meeting"),
    path(f"{_MEETING}/actions/<int:action>/", meeting_views.action_done, name="action_done"),
]
