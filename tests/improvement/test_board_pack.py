"""The frozen pack: the same bytes again, nothing restricted in public. Case 49 of the research."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from redway.improvement.board_pack import (
    Pack,
    PackAction,
    PackDamaged,
    PackDecision,
    PackEvidence,
    PackItem,
    PackMeasure,
    PackObjective,
    PackReading,
    PackRisk,
    PackTask,
    PackWithdrawn,
    canonical_bytes,
    digest,
    public_version,
    read_pack,
)

ACTION = PackAction(
    key="a",
    number="1.1",
    title="Hold termly triage",
    owner="Bob Baker",
    sponsor="Dana Drew",
    due="31 March 2026",
    colour="Amber",
    owners_view="Green",
    why="milestone late",
    reason="Oak Hill School is slow to answer.",
    rationale="Secret thought",
    prior="",
    confidence="low",
    travel="No change",
    escalation="",
    evidence=(
        PackEvidence("activity", "Minutes of triage", date(2026, 2, 1), None),
        PackEvidence("impact", "Letter of a parent", date(2026, 2, 1), None, restricted=True),
    ),
)
MEASURE = PackMeasure(
    "Absence",
    "9.0%",
    "8.0%",
    date(2027, 7, 31),
    "Lower is better",
    "School census",
    "Pupil absence, version 1",
    "",
    40,
    0,
    "lower",
    "percent",
    1,
    Decimal(9),
    date(2024, 7, 31),
    Decimal(8),
    (PackReading("2024-25", date(2025, 7, 31), Decimal("8.590"), "8.6%", Decimal("8.4"), Decimal("8.8")),),
)
PACK = Pack(
    authority="826",
    organisation="Milton Keynes",
    plan="Improvement plan",
    held_on=date(2026, 3, 10),
    place="Café room",
    frozen_on=date(2026, 3, 6),
    recorded="Recorded",
    objectives=(
        PackObjective(
            "k",
            1,
            "Early warning",
            "No school declines unseen",
            "Amber",
            "No change",
            "",
            (MEASURE,),
            (ACTION,),
            (PackRisk("Post unfilled", 3, 4, "Agency"), PackRisk("Named school", 5, 5, "", restricted=True)),
        ),
        PackObjective("s", 2, "A school in trouble", "", "Red", "", "", restricted=True),
    ),
    agenda=(PackItem(1, "Progress"), PackItem(2, "A school in trouble", restricted=True)),
    decisions=(PackDecision(date(2026, 2, 10), "Go on"), PackDecision(date(2026, 2, 10), "Warn", True)),
    tasks=(PackTask("Write to heads", "Bob Baker", date(2026, 3, 1), None),),
    withdrawn=(PackWithdrawn("Old aim", "Done elsewhere", date(2026, 1, 5)),),
)


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert canonical_bytes(PACK) == canonical_bytes(replace(PACK))
    # Keys in order, no room for taste, letters as they are.
    text = canonical_bytes(PACK).decode()
    assert text.startswith('{"agenda":[{"number":1,"restricted":false,"title":"Progress"}')
    assert "Café room" in text
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text


def test_a_value_is_the_decimal_it_was() -> None:
    held = canonical_bytes(PACK)
    found = read_pack(held, digest(held))
    assert found["objectives"][0]["measures"][0]["readings"] == [
        {
            "period": "2024-25",
            "on": "2025-07-31",
            "value": "8.59",
            "shown": "8.6%",
            "lower": "8.4",
            "upper": "8.8",
        }
    ]


def test_a_changed_byte_is_noticed() -> None:
    held = canonical_bytes(PACK)
    with pytest.raises(PackDamaged, match="not what was frozen"):
        read_pack(held.replace(b"8.59", b"8.49"), digest(held))


def test_the_public_version_holds_nothing_restricted_and_names_nobody() -> None:
    public = public_version(PACK)
    text = canonical_bytes(public).decode()
    for secret in (
        "Bob Baker",
        "Dana Drew",
        "A school in trouble",
        "Named school",
        "Warn",
        "Letter of a parent",
        "Oak Hill",
        "Secret thought",
    ):
        assert secret not in text
    # An objective, an item, a decision, a risk and a piece of evidence.
    assert public.left_out == 5


def test_the_public_version_is_no_rosier() -> None:
    one = public_version(PACK).objectives[0]
    assert (one.colour, one.actions[0].colour, one.measures) == ("Amber", "Amber", (MEASURE,))
