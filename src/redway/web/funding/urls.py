"""Addresses of funding: formulas, scenarios and what each school gets."""

from __future__ import annotations

from django.urls import path

from redway.web.funding import (
    compare_views,
    rates_views,
    scenario_views,
    schools_views,
    statement_views,
    workbench_views,
    year_views,
)

_YEAR = "<str:number>/<str:year>"
_SCENARIO = "scenarios/<uuid:key>"
_SCHOOL = "schools/<str:urn>"

app_name = "funding"
urlpatterns = [
    path("", year_views.index, name="index"),
    path(f"{_SCENARIO}/", workbench_views.workbench, name="workbench"),
    path(f"{_SCENARIO}/save/", scenario_views.save, name="save"),
    path(f"{_SCENARIO}/copy/", scenario_views.copy, name="copy"),
    path(f"{_SCENARIO}/name/", scenario_views.name, name="name"),
    path(f"{_SCENARIO}/standing/", scenario_views.standing, name="standing"),
    path(f"{_SCENARIO}/checks/", workbench_views.checks, name="checks"),
    path(f"{_SCENARIO}/solve/", scenario_views.solve, name="solve"),
    path(f"{_SCENARIO}/proforma.xlsx", schools_views.workbook, name="proforma"),
    path(f"{_SCENARIO}/schools.<str:extension>", workbench_views.effect_table, name="effect_table"),
    path(f"{_SCENARIO}/<slug:name>.<str:extension>", workbench_views.effect_picture, name="effect_chart"),
    path(f"{_SCHOOL}/", statement_views.latest, name="latest_statement"),
    path(f"{_SCHOOL}/<str:year>/", statement_views.statement, name="statement"),
    path(f"{_SCHOOL}/<str:year>/statement.pdf", statement_views.paper, name="statement_paper"),
    path(
        f"{_SCHOOL}/<str:year>/lines.<str:extension>", statement_views.statement_table, name="statement_table"
    ),
    path(f"{_SCHOOL}/<str:year>/why/<slug:line>/", statement_views.why, name="why"),
    path(f"{_YEAR}/", year_views.year, name="year"),
    path(f"{_YEAR}/scenarios.<str:extension>", year_views.year_table, name="year_table"),
    path(f"{_YEAR}/money/", year_views.money, name="money"),
    path(f"{_YEAR}/new/", scenario_views.new, name="new"),
    path(f"{_YEAR}/rates/", rates_views.rates, name="rates"),
    path(f"{_YEAR}/rates.<str:extension>", rates_views.rates_table, name="rates_table"),
    path(f"{_YEAR}/rates/pattern/", rates_views.rates_pattern, name="rates_pattern"),
    path(f"{_YEAR}/rates/load/", rates_views.take_in, name="take_in_rates"),
    path(f"{_YEAR}/schools/", schools_views.schools, name="schools"),
    path(f"{_YEAR}/schools.<str:extension>", schools_views.schools_table, name="schools_table"),
    path(f"{_YEAR}/schools/take-in/", schools_views.take_in, name="take_in_schools"),
    path(f"{_YEAR}/compare/", compare_views.compare, name="compare"),
    path(f"{_YEAR}/compare.xlsx", compare_views.compare_workbook, name="compare_workbook"),
    path(f"{_YEAR}/compare/schools.<str:extension>", compare_views.compare_table, name="compare_table"),
]
