"""Addresses of Schools Forum: consultations, responses, decisions and packs."""

from __future__ import annotations

from django.urls import path

from redway.web.funding.forum import consultation_views, index_views, meeting_views, response_views

app_name = "forum"
_PAPER = "consultations/<uuid:key>"
_MEETING = "meetings/<uuid:key>"
_ITEM = f"{_MEETING}/items/<int:number>"

urlpatterns = [
    path("", index_views.index, name="index"),
    path("powers/", index_views.powers, name="powers"),
    path("powers.<str:extension>", index_views.powers_file, name="powers_table"),
    path(f"{_PAPER}/", consultation_views.consultation, name="consultation"),
    path(f"{_PAPER}/paper.pdf", consultation_views.paper, name="paper"),
    path(f"{_PAPER}/pack/<str:extension>/", consultation_views.pack_file, name="pack"),
    path(f"{_PAPER}/schools.<str:extension>", consultation_views.schools_table, name="schools_table"),
    path(f"{_PAPER}/effect-<int:number>.<str:extension>", consultation_views.chart, name="chart"),
    path(f"{_PAPER}/edit/", consultation_views.edit, name="consultation_edit"),
    path(f"{_PAPER}/options/new/", consultation_views.option_new, name="option_new"),
    path(f"{_PAPER}/options/<int:number>/off/", consultation_views.option_off, name="option_off"),
    path(f"{_PAPER}/questions/new/", consultation_views.question_new, name="question_new"),
    path(f"{_PAPER}/questions/<int:number>/off/", consultation_views.question_off, name="question_off"),
    path(f"{_PAPER}/publish/", consultation_views.publish, name="publish"),
    path(f"{_PAPER}/withdraw/", consultation_views.withdraw, name="withdraw"),
    path(f"{_PAPER}/prolong/", consultation_views.prolong, name="prolong"),
    path(f"{_PAPER}/responses/", consultation_views.responses, name="responses"),
    path(f"{_PAPER}/not-answered.<str:extension>", consultation_views.not_answered, name="not_answered"),
    path(f"{_PAPER}/analysis/", consultation_views.analysis, name="analysis"),
    path(f"{_PAPER}/respond/<str:urn>/", response_views.respond, name="respond"),
    path(f"{_PAPER}/respond/<str:urn>/check/", response_views.respond_check, name="respond_check"),
    path(f"{_MEETING}/", meeting_views.meeting, name="meeting"),
    path(f"{_MEETING}/move/", meeting_views.move, name="meeting_move"),
    path(f"{_MEETING}/attendance/", meeting_views.attendance, name="attendance"),
    path(f"{_MEETING}/items/new/", meeting_views.item_new, name="item_new"),
    path(f"{_ITEM}/off/", meeting_views.item_off, name="item_off"),
    path(f"{_ITEM}/vote/", meeting_views.vote, name="vote"),
    path(f"{_ITEM}/record-vote/", meeting_views.vote_for, name="vote_for"),
    path(f"{_ITEM}/decide/", meeting_views.decide, name="decide"),
    path(f"{_ITEM}/answer/", meeting_views.answer, name="answer"),
    path(f"{_MEETING}/actions/new/", meeting_views.action_new, name="action_new"),
    path(f"{_MEETING}/actions/<int:action>/done/", meeting_views.action_done, name="action_done"),
    path(f"{_MEETING}/minutes/", meeting_views.minutes, name="minutes"),
    path(f"{_MEETING}/minutes.pdf", meeting_views.minutes_paper, name="minutes_paper"),
    path("<str:number>/members/", index_views.members, name="members"),
    path("<str:number>/members/new/", index_views.member_new, name="member_new"),
    path("<str:number>/members/<int:member>/end/", index_views.member_end, name="member_end"),
    path("<str:number>/consultations/new/", consultation_views.new, name="consultation_new"),
    path("<str:number>/meetings/new/", meeting_views.new, name="meeting_new"),
]
