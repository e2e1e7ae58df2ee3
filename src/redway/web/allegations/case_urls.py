"""Addresses of a case and of everything done on it. They hold its reference, which says nothing."""

from __future__ import annotations

from django.urls import path

from redway.web.allegations import case_deed_views, case_views, document_views, letter_views
from redway.web.allegations.case_deeds import DEEDS

_CASE = "cases/<slug:key>"

urlpatterns = [
    path(f"{_CASE}/", case_views.case, name="case"),
    path(f"{_CASE}/history/", case_views.history, name="case_history"),
    path(f"{_CASE}/chronology/", case_views.chronology, name="case_chronology"),
    path(f"{_CASE}/chronology.pdf", letter_views.chronology_pdf, name="case_chronology_pdf"),
    path(f"{_CASE}/outcome-letter/", letter_views.letter, name="case_outcome_letter"),
    path(f"{_CASE}/record-for-the-person/", letter_views.access_pack, name="case_access_pack"),
    path(f"{_CASE}/break-glass/", case_views.break_glass, name="case_break_glass"),
    path(f"{_CASE}/shared/", case_views.shared, name="case_shared"),
    path(f"{_CASE}/documents/add/", document_views.add, name="case_add_document"),
    path(f"{_CASE}/documents/<slug:item>/", document_views.document, name="case_document"),
    path(f"{_CASE}/shared/<slug:item>/", document_views.shared_document, name="case_shared_document"),
    *(
        path(
            f"{_CASE}/{deed.slug}/<slug:item>/" if deed.item else f"{_CASE}/{deed.slug}/",
            case_deed_views.PAGES[deed.slug],
            name=deed.page,
        )
        for deed in DEEDS
    ),
]
