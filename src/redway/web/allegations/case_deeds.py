"""Everything that may be done to a case, each with its form, its page and what it sends."""

from __future__ import annotations

from redway.web.allegations.case_deed import Deed
from redway.web.allegations.case_deeds_of_documents import DOCUMENT_DEEDS
from redway.web.allegations.case_deeds_of_meetings import MEETING_DEEDS
from redway.web.allegations.case_deeds_of_one_person import ONE_PERSON_DEEDS
from redway.web.allegations.case_deeds_of_people import PEOPLE_DEEDS
from redway.web.allegations.case_deeds_of_record import RECORD_DEEDS
from redway.web.allegations.case_deeds_of_work import WORK_DEEDS
from redway.web.allegations.case_deeds_to_close import CLOSING_DEEDS

DEEDS: tuple[Deed, ...] = (
    *RECORD_DEEDS,
    *MEETING_DEEDS,
    *CLOSING_DEEDS,
    *PEOPLE_DEEDS,
    *DOCUMENT_DEEDS,
    *ONE_PERSON_DEEDS,
    *WORK_DEEDS,
)
BY_SLUG = {deed.slug: deed for deed in DEEDS}
