"""Soft intelligence: a kind, a day, a source and how sure it is, and no room for anything else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.soft_intelligence import (
    NOT_COUNTED,
    Certainty,
    IntelligenceRefused,
    Kind,
    SoftIntelligence,
    Source,
    counted_in_words,
    counting,
    from_fields,
)

TODAY = date(2026, 11, 24)


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "acting_head",
        "on": date(2026, 9, 1),
        "source": "governors",
        "certainty": "confirmed",
    } | changed


def known(kind: Kind, on: date = date(2026, 9, 1), certainty: Certainty = Certainty.CONFIRMED) -> Any:
    return SoftIntelligence(kind, on, Source.VISIT, certainty)


def test_a_record_reads_as_a_sentence() -> None:
    assert from_fields(fields(), TODAY).sentence == (
        "Acting headteacher, 1 September 2026 (The governing body; confirmed)"
    )
    complaints = from_fields(fields(kind="complaints", source="complaints", number=1), TODAY)
    assert complaints.sentence == "1 complaint received, 1 September 2026 (Register of complaints; confirmed)"


@pytest.mark.parametrize("extra", ["note", "health", "complaint_text", "name_of_head"])
def test_case_39_a_named_heads_illness_or_a_parents_complaint_cannot_be_kept(extra: str) -> None:
    with pytest.raises(IntelligenceRefused, match=f"no place for {extra}") as refused:
        from_fields(fields(**{extra: "The head has been ill since March."}), TODAY)
    assert "designated officer" in refused.value.next_step


def test_complaints_are_a_number_and_nothing_else_has_one() -> None:
    with pytest.raises(IntelligenceRefused, match="kept as a number"):
        from_fields(fields(kind="complaints"), TODAY)
    with pytest.raises(IntelligenceRefused, match="has no number"):
        from_fields(fields(number=3), TODAY)


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2014, 1, 1)])
def test_the_day_has_come_and_is_not_long_past(day: date) -> None:
    with pytest.raises(IntelligenceRefused):
        from_fields(fields(on=day), TODAY)


def test_what_is_on_no_list_is_refused() -> None:
    with pytest.raises(IntelligenceRefused, match="not on the list"):
        from_fields(fields(kind="rumour"), TODAY)


def test_a_kind_counts_once_for_a_year_and_not_while_it_is_unconfirmed() -> None:
    held = [
        known(Kind.FINANCE, date(2026, 1, 10)),
        known(Kind.FINANCE, date(2026, 5, 10)),
        known(Kind.NEW_HEAD, date(2025, 11, 24)),
        known(Kind.MEDIA, certainty=Certainty.UNCONFIRMED),
        known(Kind.SAFEGUARDING_PASSED_ON),
    ]
    found = counting(held, TODAY, 12)
    assert [one.on for one in found] == [date(2026, 5, 10)]
    assert counted_in_words(found) == "1 concern: financial concern"
    assert len(counting(held, date(2026, 11, 23), 12)) == 2


@given(
    st.lists(
        st.builds(
            SoftIntelligence,
            st.sampled_from(Kind),
            st.dates(date(2024, 1, 1), date(2027, 1, 1)),
            st.sampled_from(Source),
            st.sampled_from(Certainty),
        )
    )
)
def test_never_more_concerns_than_kinds_and_none_from_days_to_come(held: list[SoftIntelligence]) -> None:
    found = counting(held, TODAY, 12)
    assert len({one.kind for one in found}) == len(found)
    assert all(one.on <= TODAY and one.kind not in NOT_COUNTED for one in found)
