"""The description holds every table, and nothing that is not there."""

from __future__ import annotations

from redway.web.api.addresses import (
    ADDRESSES,
    AUTHORITY_TABLES,
    AUTHORITY_VALUE_ADDED_TABLES,
    SCHOOL_TABLES,
    TRACKING_TABLES,
    VALUE_ADDED_TABLES,
)
from redway.web.api.document import document, example_of, table_routes
from redway.web.attainment.tracking.tables import COUNT_TABLES
from redway.web.attainment.value_added.authority_tables import TABLES as AUTHORITY_VALUE_ADDED
from redway.web.attainment.value_added.tables import TABLES as VALUE_ADDED
from redway.web.authorities.tables import OUTCOMES
from redway.web.schools.tables import TABLES

DRAWINGS = {
    "schools:chart",
    "schools:map",
    "authorities:chart",
    "measures:chart",
    "attainment:school_value_added_chart",
    "attainment:authority_value_added_chart",
    "attainment:target_chart",
    "attainment:school_gaps_chart",
    "allegations:statistics_chart",
    "forum:chart",
    "funding:effect_chart",
    "blocks:chart",
    "board:chart",
    "board:pack_chart",
}
NOT_FOR_TOKENS = {
    "people:index_export",
    "audit:index_export",
    "attainment:school_tracking_pupils",
    "attainment:school_target_groups_pupils",
    "allegations:statistics_report",
    *(f"deficits:{name}_table" for name in ("authority", "at_risk", "meetings", "school", "returns")),
    *(f"services:{name}_table" for name in ("catalogue", "orders", "income", "change", "terms", "school")),
    "blocks:table",
    *(
        f"support:{name}_table"
        for name in (
            "programmes",
            "follow_ups",
            "visits",
            "days",
            "advisers",
            "offers",
            "brokered",
            "ledger",
            "target_ledger",
        )
    ),
    "reviews:reviews_table",
    *(f"board:{name}_table" for name in ("actions", "history")),
    "board:pack_file",
    *(f"improvement:{name}_table" for name in ("list", "evidence", "concerns", "triggers", "triage")),
    "forum:powers_table",
    "forum:schools_table",
    "forum:not_answered",
    *(f"funding:{name}_table" for name in ("effect", "year", "rates", "schools", "compare", "statement")),
}
"""No token reaches accounts, the trail, pupils by name, a whole report, papers of the forum, a formula."""


def test_every_table_of_the_pages_is_described() -> None:
    described = {address.url_name for address in ADDRESSES}
    assert described == set(table_routes()) - DRAWINGS - NOT_FOR_TOKENS


def test_the_tables_named_are_those_the_pages_have() -> None:
    assert set(SCHOOL_TABLES) == set(TABLES)
    assert set(TRACKING_TABLES) == set(COUNT_TABLES)
    assert set(VALUE_ADDED_TABLES) == set(VALUE_ADDED)
    assert set(AUTHORITY_VALUE_ADDED_TABLES) == set(AUTHORITY_VALUE_ADDED)
    assert set(AUTHORITY_TABLES) == {*OUTCOMES, "every-measure", "neighbours", "gaps"}


def test_parts_of_an_address_are_described_once_each() -> None:
    for path, operations in document()["paths"].items():
        names = [part["name"] for part in operations["get"]["parameters"]]
        assert len(names) == len(set(names)), path
        assert all(
            f"{{{part['name']}}}" in path for part in operations["get"]["parameters"] if part["required"]
        )


def test_every_example_is_an_address_that_exists() -> None:
    from django.urls import resolve

    for address in ADDRESSES:
        assert resolve(example_of(address)).view_name == address.url_name
