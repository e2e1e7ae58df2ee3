"""Addresses of money beside the formula: blocks, growth, de-delegation, notional SEN, the years ahead."""

from __future__ import annotations

from django.urls import path

from redway.web.funding.blocks import change_views, views

_YEAR = "<str:number>/<str:year>"

app_name = "blocks"
urlpatterns = [
    path("", views.index, name="index"),
    path(f"{_YEAR}/", views.block, name="block"),
    path(f"{_YEAR}/services/", views.services, name="services"),
    path(f"{_YEAR}/services/new/", change_views.new_service, name="service_new"),
    path(f"{_YEAR}/services/<int:key>/", change_views.service, name="service"),
    path(f"{_YEAR}/services/<int:key>/take-out/", change_views.withdraw, name="withdraw"),
    path(f"{_YEAR}/funds/<slug:fund>/", views.fund, name="fund"),
    path(f"{_YEAR}/funds/<slug:fund>/schools/", change_views.claims, name="take_in_claims"),
    path(f"{_YEAR}/notional-sen/", views.notional_sen, name="notional_sen"),
    path(f"{_YEAR}/notional-sen/settle/", change_views.settle, name="settle"),
    path(f"{_YEAR}/other-blocks/", views.other_blocks, name="other_blocks"),
    path(f"{_YEAR}/ahead/", views.ahead, name="ahead"),
    path(f"{_YEAR}/ahead/balances.<str:extension>", views.chart, name="chart"),
    path(f"{_YEAR}/tables/<slug:page>/<slug:name>.<str:extension>", views.table, name="table"),
    path(f"{_YEAR}/set-down/<slug:what>/", change_views.set_down_what, name="set_down"),
]
