"""Addresses of improvement: early warning and schools causing concern."""

from __future__ import annotations

from django.urls import path

from redway.web.improvement import (
    concern_views,
    early_warning_views,
    index_view,
    own_school_views,
    rescoring_views,
    triage_views,
)

app_name = "improvement"
_OWN, _SET = "authorities/<str:number>", "scores/<uuid:key>"
_SCHOOL, _CONCERN, _MEETING = "schools/<str:urn>", "concerns/<uuid:key>", "triage/<uuid:key>"
urlpatterns = [
    path("", index_view.index, name="index"),
    path("early-warning/", index_view.first, name="first"),
    path("own-school/", index_view.own, name="own"),
    path(f"{_OWN}/early-warning/", early_warning_views.early_warning, name="early_warning"),
    path(f"{_OWN}/early-warning/score-again/", rescoring_views.score_again, name="score_again"),
    path(f"{_SET}/", early_warning_views.score_set, name="score_set"),
    path(f"{_SET}/list.<str:extension>", early_warning_views.list_table, name="list_table"),
    path(f"{_SET}/evidence/", early_warning_views.evidence, name="evidence"),
    path(f"{_SET}/evidence.<str:extension>", early_warning_views.evidence_table, name="evidence_table"),
    path(f"{_SET}/sign-off/", early_warning_views.sign_off, name="sign_off"),
    path(f"{_SCHOOL}/", early_warning_views.school, name="school"),
    path(f"{_OWN}/concerns/", concern_views.concerns, name="concerns"),
    path(f"{_OWN}/concerns.<str:extension>", concern_views.concerns_table, name="concerns_table"),
    path(f"{_SCHOOL}/concern/", concern_views.concern, name="concern"),
    path(f"{_SCHOOL}/known/new/", concern_views.record, name="record"),
    path("known/<uuid:key>/withdraw/", concern_views.withdraw, name="withdraw"),
    path(f"{_SCHOOL}/propose/", concern_views.propose_category, name="propose"),
    path(f"{_CONCERN}/decide/", concern_views.decide_category, name="decide"),
    path(f"{_CONCERN}/close/", concern_views.close_concern, name="close"),
    path(f"{_OWN}/triggers/", concern_views.triggers, name="triggers"),
    path(f"{_OWN}/triggers.<str:extension>", concern_views.triggers_table, name="triggers_table"),
    path(f"{_OWN}/categories/", concern_views.categories, name="categories"),
    path(f"{_OWN}/categories/settle/", concern_views.settle, name="settle"),
    path("own-school/<str:urn>/", own_school_views.own_school, name="own_school"),
    path("own-school/<str:urn>/answer/", own_school_views.own_answer, name="own_answer"),
    path(f"{_OWN}/triage/", triage_views.triage, name="triage"),
    path(f"{_OWN}/triage/new/", triage_views.new_triage, name="new_triage"),
    path(f"{_MEETING}/", triage_views.triage_meeting, name="triage_meeting"),
    path(f"{_MEETING}/lists.<str:extension>", triage_views.triage_table, name="triage_table"),
    path(f"{_MEETING}/name/", triage_views.triage_name, name="triage_name"),
    path(f"{_MEETING}/take-off/<str:school>/", triage_views.triage_take_off, name="triage_take_off"),
    path(f"{_MEETING}/seal/", triage_views.triage_seal, name="triage_seal"),
    path(f"{_MEETING}/schools/<str:school>/", triage_views.triage_decide, name="triage_decide"),
    path(f"{_MEETING}/close/", triage_views.triage_close, name="triage_close"),
]
