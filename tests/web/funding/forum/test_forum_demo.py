"""The demo's forum, with options of this test instead of the workbench's scenarios."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from redway.funding.forum_powers import Body
from redway.web.funding.forum import demo
from redway.web.funding.forum.models import Consultation, Decision, Meeting
from redway.web.funding.forum.showing import Read
from web.funding.forum.a_forum import TODAY, option, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(make_person: Any) -> None:
    register()
    make_person("finance_officer", email="finance.officer@demo.example")
    make_person("forum_member", email="forum.member@demo.example", full_name="Femi Ford")


@pytest.mark.parametrize("count", [0, 3])
def test_a_decided_and_an_open_consultation(cast: None, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held = [demo.Attached(f"Option {at}", "In words", "", option(at * 100)) for at in range(count)]
    monkeypatch.setattr(demo, "demo_options", lambda today: held)
    answered = demo.create_demo_forum(TODAY)
    assert 0 < answered < 16
    decided = Consultation.objects.get(title="Local funding formula")
    opened = Consultation.objects.get(title="De-delegation and the growth fund")
    assert Read(decided, TODAY).standing[0] == "Decided"
    assert Read(opened, TODAY).is_open
    assert decided.options.count() == count
    formula, transfer = Decision.objects.order_by("item__number")
    assert (formula.decided_by, formula.agreed, formula.against_view) == (Body.AUTHORITY, True, False)
    assert (transfer.decided_by, transfer.agreed, transfer.against_view) == (Body.DEPARTMENT, None, True)
    assert set(Meeting.objects.values_list("state", flat=True)) == {"minuted", "planned"}
    assert not opened.responses.filter(school="110532").exists()
    assert demo.create_demo_forum(TODAY + timedelta(days=1)) == 0
