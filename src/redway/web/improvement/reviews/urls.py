"""Addresses of reviews and strategy: reviews, the strategy, and how ready schools are for inspection."""

from __future__ import annotations

from django.urls import path

from redway.web.improvement.reviews import readiness_views, review_views, strategy_views

app_name = "reviews"
_PLACE, _REVIEW = "authorities/<str:number>", "<uuid:key>"
_OWN = "schools/<str:urn>/<str:framework>/<str:area>"

urlpatterns = [
    path("", review_views.index, name="index"),
    path(f"{_PLACE}/", review_views.authority, name="authority"),
    path(f"{_PLACE}/reviews.<str:extension>", review_views.reviews_table, name="reviews_table"),
    path(f"{_PLACE}/new/", review_views.begin, name="begin"),
    path(f"{_PLACE}/strategy/", strategy_views.strategy, name="strategy"),
    path(f"{_PLACE}/strategy/write/", strategy_views.write, name="strategy_write"),
    path(f"{_PLACE}/strategy/publish/", strategy_views.publish, name="strategy_publish"),
    path(f"{_REVIEW}/", review_views.review, name="review"),
    path(f"{_REVIEW}/foci/new/", review_views.focus_new, name="focus_new"),
    path(f"{_REVIEW}/foci/<int:number>/rate/", review_views.focus_rate, name="focus_rate"),
    path(f"{_REVIEW}/evidence/new/", review_views.evidence_new, name="evidence_new"),
    path(f"{_REVIEW}/findings/new/", review_views.finding_new, name="finding_new"),
    path(f"{_REVIEW}/recommendations/new/", review_views.recommendation_new, name="recommendation_new"),
    path(f"{_REVIEW}/recommendations/<int:number>/hand-over/", review_views.hand_over, name="hand_over"),
    path(f"{_REVIEW}/publish/", review_views.publish, name="publish"),
    path(f"{_REVIEW}/withdraw/", review_views.withdraw, name="withdraw"),
    path("schools/<str:urn>/", readiness_views.readiness, name="readiness"),
    path(f"{_OWN}/judge/", readiness_views.judge, name="judge"),
    path(f"{_OWN}/evidence/", readiness_views.keep_evidence, name="keep_evidence"),
    path(
        "schools/<str:urn>/evidence/<uuid:key>/withdraw/",
        readiness_views.withdraw_evidence,
        name="withdraw_evidence",
    ),
]
