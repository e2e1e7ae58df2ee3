"""Addresses of services to schools: the catalogue, orders, income and price changes."""

from __future__ import annotations

from django.urls import path

from redway.web.funding.services import catalogue_views, money_views, order_views

app_name = "services"
_YEAR, _ORDER = "authorities/<str:number>/<str:year>", "schools/<str:urn>/<str:year>"
urlpatterns = [
    path("", catalogue_views.index, name="index"),
    path("authorities/<str:number>/terms/", money_views.terms, name="terms"),
    path("authorities/<str:number>/terms.<str:extension>", money_views.terms_table, name="terms_table"),
    path(f"{_YEAR}/", catalogue_views.catalogue, name="catalogue"),
    path(f"{_YEAR}/catalogue.<str:extension>", catalogue_views.catalogue_table, name="catalogue_table"),
    path(f"{_YEAR}/new/", catalogue_views.new_service, name="new_service"),
    path(f"{_YEAR}/services/<str:code>/", catalogue_views.service, name="service"),
    path(f"{_YEAR}/services/<str:code>/withdraw/", catalogue_views.withdraw, name="withdraw"),
    path(f"{_YEAR}/price-list/", catalogue_views.price_list, name="price_list"),
    path(f"{_YEAR}/orders/", money_views.orders, name="orders"),
    path(f"{_YEAR}/orders.<str:extension>", money_views.orders_table, name="orders_table"),
    path(f"{_YEAR}/income/", money_views.income, name="income"),
    path(f"{_YEAR}/income.<str:extension>", money_views.income_table, name="income_table"),
    path(f"{_YEAR}/price-change/", money_views.change, name="change"),
    path(f"{_YEAR}/price-change.<str:extension>", money_views.change_table, name="change_table"),
    path(f"{_ORDER}/", order_views.school, name="school"),
    path(f"{_ORDER}/services.<str:extension>", order_views.school_table, name="school_table"),
    path(f"{_ORDER}/order/", order_views.order, name="order"),
]
