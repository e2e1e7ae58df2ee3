"""Addresses of the way in: refer, follow, the day, lists and settings."""

from __future__ import annotations

from django.urls import path

from redway.web.allegations import (
    concerns_views,
    day_view,
    index_view,
    lists_views,
    referral_status,
    referral_views,
    retention_views,
    review_views,
    search_views,
    settings_view,
)

urlpatterns = [
    path("", index_view.index, name="index"),
    path("refer/", referral_views.refer_start, name="refer"),
    path("refer/<slug:key>/", referral_views.referral, name="referral"),
    path("refer/<slug:key>/drop/", referral_views.referral_drop, name="referral_drop"),
    path("refer/<slug:key>/<slug:slug>/", referral_views.referral_section, name="referral_section"),
    path("referrals/", referral_status.my_referrals, name="my_referrals"),
    path("referrals/<slug:key>/sent/", referral_views.referral_sent, name="referral_sent"),
    path("day/", day_view.day, name="day"),
    path("cases/", lists_views.cases, name="cases"),
    path("search/", search_views.search, name="search"),
    path("concerns/", concerns_views.concerns, name="concerns"),
    path("concerns/new/", concerns_views.enter, name="concern_new"),
    path("concerns/<slug:key>/", concerns_views.concern, name="concern"),
    path("concerns/<slug:key>/refer/", concerns_views.refer_concern, name="concern_refer"),
    path("advice/", lists_views.advice, name="advice"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("retention/", retention_views.retention, name="retention"),
    path("settings/", settings_view.settings, name="settings"),
    path("settings/<str:number>/", settings_view.profile, name="profile"),
]
