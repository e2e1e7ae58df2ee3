"""Addresses of improvement board: the action plan, its ratings and the board."""

from __future__ import annotations

from django.urls import path

from redway.web.improvement.board import action_views, measure_views, meeting_views, pack_views, plan_views

app_name = "board"
_PLAN, _OBJECTIVE, _ACTION, _MEETING = (
    "<str:number>",
    "objectives/<uuid:key>",
    "actions/<uuid:key>",
    "meetings/<uuid:key>",
)
_MEASURE = f"{_OBJECTIVE}/measures/<int:number>"
_STEP, _EVIDENCE = f"{_ACTION}/milestones/<int:number>", f"{_ACTION}/evidence/<int:number>"

urlpatterns = [
    path("", plan_views.index, name="index"),
    path("ten-minutes/", plan_views.ten_minutes, name="ten_minutes"),
    path("director/", plan_views.director, name="director"),
    path("meetings/", meeting_views.meetings, name="meetings"),
    path(f"{_OBJECTIVE}/", plan_views.objective, name="objective"),
    path(f"{_OBJECTIVE}/edit/", plan_views.objective_edit, name="objective_edit"),
    path(f"{_OBJECTIVE}/withdraw/", plan_views.objective_withdraw, name="objective_withdraw"),
    path(f"{_OBJECTIVE}/delete/", plan_views.objective_delete, name="objective_delete"),
    path(f"{_OBJECTIVE}/measures/indicator/", measure_views.indicator_choose, name="indicator_choose"),
    path(f"{_OBJECTIVE}/measures/new/", measure_views.measure_new, name="measure_new"),
    path(f"{_MEASURE}/", measure_views.measure, name="measure"),
    path(f"{_MEASURE}/edit/", measure_views.measure_edit, name="measure_edit"),
    path(f"{_MEASURE}/re-baseline/", measure_views.measure_rebaseline, name="measure_rebaseline"),
    path(f"{_MEASURE}/reading/", measure_views.reading_new, name="reading_new"),
    path(f"{_OBJECTIVE}/measure-<int:number>.<str:extension>", measure_views.chart, name="chart"),
    path(f"{_OBJECTIVE}/risks/new/", plan_views.risk_new, name="risk_new"),
    path(f"{_OBJECTIVE}/risks/<int:number>/close/", plan_views.risk_close, name="risk_close"),
    path(f"{_OBJECTIVE}/actions/new/", action_views.action_new, name="action_new"),
    path(f"{_ACTION}/", action_views.action, name="action"),
    path(f"{_ACTION}/edit/", action_views.action_edit, name="action_edit"),
    path(f"{_ACTION}/approve/", action_views.approve, name="approve"),
    path(f"{_ACTION}/rate/", action_views.rate, name="rate"),
    path(f"{_ACTION}/move/", action_views.move, name="move"),
    path(f"{_ACTION}/complete/", action_views.complete, name="complete"),
    path(f"{_ACTION}/reopen/", action_views.reopen, name="reopen"),
    path(f"{_ACTION}/reopenings/<int:number>/", action_views.reopening_answer, name="reopening_answer"),
    path(f"{_ACTION}/withdraw/", action_views.withdraw, name="withdraw"),
    path(f"{_ACTION}/depend/", action_views.depend, name="depend"),
    path(f"{_ACTION}/milestones/new/", action_views.milestone_new, name="milestone_new"),
    path(f"{_STEP}/done/", action_views.milestone_done, name="milestone_done"),
    path(f"{_STEP}/move/", action_views.milestone_move, name="milestone_move"),
    path(f"{_ACTION}/evidence/new/", action_views.evidence_new, name="evidence_new"),
    path(f"{_EVIDENCE}/judge/", action_views.evidence_judge, name="evidence_judge"),
    path(f"{_MEETING}/", meeting_views.meeting, name="meeting"),
    path(f"{_MEETING}/items/new/", meeting_views.item_new, name="item_new"),
    path(f"{_MEETING}/items/<int:number>/off/", meeting_views.item_off, name="item_off"),
    path(f"{_MEETING}/freeze/", meeting_views.freeze, name="freeze"),
    path(f"{_MEETING}/decide/", meeting_views.decide, name="decide"),
    path(f"{_MEETING}/actions/new/", meeting_views.task_new, name="task_new"),
    path(f"{_MEETING}/actions/<int:number>/done/", meeting_views.task_done, name="task_done"),
    path(f"{_MEETING}/minutes/", meeting_views.minutes, name="minutes"),
    path(f"{_MEETING}/pack/<str:version>/", pack_views.pack, name="pack"),
    path(
        f"{_MEETING}/pack/<str:version>/<int:objective>-<int:place>.<str:extension>",
        pack_views.pack_chart,
        name="pack_chart",
    ),
    path(f"{_MEETING}/pack/<str:version>/<str:extension>/", pack_views.pack_file, name="pack_file"),
    path(f"{_PLAN}/actions.<str:extension>", plan_views.actions_file, name="actions_table"),
    path(f"{_PLAN}/colours.<str:extension>", plan_views.history_file, name="history_table"),
    path(f"{_PLAN}/objectives/new/", plan_views.objective_new, name="objective_new"),
    path(f"{_PLAN}/import/", plan_views.import_table, name="import"),
    path(f"{_PLAN}/import/empty.csv", plan_views.import_template, name="import_template"),
    path(f"{_PLAN}/meetings/new/", meeting_views.meeting_new, name="meeting_new"),
]
