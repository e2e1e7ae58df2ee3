"""Addresses of support and visits: programmes of support, visits and what came of them."""

from __future__ import annotations

from django.urls import path

from redway.web.improvement.support import (
    alert_views,
    brokering_views,
    note_views,
    overview_views,
    programme_views,
    visit_views,
)

app_name = "support"
_PLACE, _SCHOOL = "authorities/<str:number>", "schools/<str:urn>"
_PROGRAMME, _VISIT = "programmes/<uuid:key>", "visits/<uuid:key>"

urlpatterns = [
    path("", overview_views.index, name="index"),
    path(f"{_PLACE}/", overview_views.authority, name="authority"),
    path(f"{_PLACE}/programmes.<str:extension>", overview_views.programmes_table, name="programmes_table"),
    path(f"{_PLACE}/follow-up/", overview_views.follow_ups, name="follow_ups"),
    path(f"{_PLACE}/follow-up.<str:extension>", overview_views.follow_ups_table, name="follow_ups_table"),
    path(f"{_PLACE}/visits/", visit_views.calendar, name="visits"),
    path(f"{_PLACE}/visits.<str:extension>", visit_views.visits_table, name="visits_table"),
    path(f"{_PLACE}/days/", overview_views.days, name="days"),
    path(f"{_PLACE}/days.<str:extension>", overview_views.days_table, name="days_table"),
    path(f"{_PLACE}/days-of-advisers.<str:extension>", overview_views.advisers_table, name="advisers_table"),
    path(f"{_PLACE}/brokering/", brokering_views.brokering, name="brokering"),
    path(f"{_PLACE}/offers.<str:extension>", brokering_views.offers_table, name="offers_table"),
    path(f"{_PLACE}/brokered.<str:extension>", brokering_views.brokered_table, name="brokered_table"),
    path(f"{_PLACE}/ledger/", alert_views.ledger, name="ledger"),
    path(f"{_PLACE}/ledger.<str:extension>", alert_views.ledger_table, name="ledger_table"),
    path(
        f"{_PLACE}/ledger-of-targets.<str:extension>",
        alert_views.target_ledger_table,
        name="target_ledger_table",
    ),
    path(f"{_PLACE}/ledger/new/", alert_views.new, name="alert_new"),
    path(f"{_PLACE}/ledger/latest/", alert_views.latest_list, name="latest_list"),
    path(f"{_SCHOOL}/", overview_views.school, name="school"),
    path(f"{_SCHOOL}/programmes/new/", programme_views.start, name="programme_start"),
    path(f"{_SCHOOL}/visits/new/", visit_views.plan, name="visit_plan"),
    path(f"{_SCHOOL}/offers/new/", brokering_views.offer, name="offer"),
    path(f"{_SCHOOL}/brokering/new/", brokering_views.broker, name="broker"),
    path(f"{_SCHOOL}/days/<str:year>/", brokering_views.allot, name="allot"),
    path(f"{_PROGRAMME}/", programme_views.programme, name="programme"),
    path(f"{_PROGRAMME}/steps/<int:number>/", programme_views.step, name="step"),
    path(f"{_PROGRAMME}/end/", programme_views.end, name="programme_end"),
    path("offers/<uuid:key>/withdraw/", brokering_views.offer_withdraw, name="offer_withdraw"),
    path("brokered/<uuid:key>/end/", brokering_views.brokered_end, name="brokered_end"),
    path(f"{_VISIT}/", note_views.visit, name="visit"),
    path(f"{_VISIT}/move/", visit_views.move, name="visit_move"),
    path(f"{_VISIT}/withdraw/", visit_views.withdraw, name="visit_withdraw"),
    path(f"{_VISIT}/school-part/", note_views.school_part, name="school_part"),
    path(f"{_VISIT}/visitor-part/", note_views.visitor_part, name="visitor_part"),
    path(f"{_VISIT}/moderate/", note_views.moderate, name="moderate"),
    path(f"{_VISIT}/publish/", note_views.publish, name="publish"),
    path(f"{_VISIT}/actions/new/", note_views.follow_up_new, name="follow_up_new"),
    path(f"{_VISIT}/actions/<int:number>/", note_views.follow_up, name="follow_up"),
    path("alerts/<uuid:key>/", alert_views.alert, name="alert"),
    path("alerts/<uuid:key>/outcome/", alert_views.outcome, name="alert_outcome"),
]
