"""The workbench as a finance officer finds it: typed values, their effect, saving, solving, comparing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fastexcel
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from redway.web.funding.models import Scenario
from redway.web.people.models import Person
from web.funding.formula.a_formula import AUTHORITY, YEAR, formula, published, register, scenario, table

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def client(fiona: Person, signed_in: SignIn, home: Any) -> Client:
    return signed_in(fiona)


def at(name: str, *args: object, **query: str) -> str:
    address = reverse(f"funding:{name}", args=args)
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else address


def text(client: Client, address: str) -> str:
    answered = client.get(address)
    assert answered.status_code == 200
    return answered.content.decode()


class TestTheEffect:
    def test_what_is_typed_is_shown_and_not_saved(self, client: Client) -> None:
        """Two schools are below their minimum per-pupil level, which swallows £50 a pupil more."""
        _, draft = formula()
        told = text(client, at("workbench", draft.pk, basic_entitlement_ks3="5472.00"))
        assert "£5,422.00 → <strong>£5,472.00</strong>" in told
        assert Scenario.objects.get(pk=draft.pk).changes == {"basic_entitlement_primary": "3897.00"}
        assert "2 schools are not reached" in told
        assert "Minimum per-pupil level" in told

    def test_the_part_that_changes_is_answered_alone_with_its_address(self, client: Client) -> None:
        _, draft = formula()
        answer = client.get(at("workbench", draft.pk, part="effect", lump_sum_secondary="150000")).json()
        assert answer["address"] == at("workbench", draft.pk, lump_sum_secondary="150000.00")
        assert answer["errors"] == {}
        assert "All schools £" in answer["said"]
        assert "<html" not in answer["effect"]
        # One school gets £4,900 more; the other two are held by their minimum per-pupil level.
        assert "£4,900.00 more" in answer["effect"]

    @pytest.mark.parametrize(
        ("box", "typed", "sentence"),
        [
            ("basic_entitlement_primary", "lots", "'lots' is not a number"),
            ("basic_entitlement_primary", "-5", "a rate is not below nothing"),
            ("basic_entitlement_primary", "3847.005", "a rate is in whole pence"),
            ("basic_entitlement_primary", "", "enter a value; the one in force is £3,847.00"),
            ("basic_entitlement_primary", "3" * 30, "20 characters at most"),
            ("area_cost_adjustment", "0.9", "between 1 and 2"),
            ("guarantee", "0.7", "the range is -0.5% to 0"),
            ("cap", "-1", "below the guarantee"),
            ("scale", "120", "0 to 100"),
        ],
    )
    def test_a_value_that_cannot_be_is_told_beside_its_box(
        self, client: Client, box: str, typed: str, sentence: str
    ) -> None:
        _, draft = formula()
        errors = client.get(at("workbench", draft.pk, part="effect", **{box: typed})).json()["errors"]
        assert list(errors) == [box]
        assert sentence in errors[box][0]
        page = text(client, at("workbench", draft.pk, **{box: typed}))
        assert f'id="{box}-error"' in page
        assert escape(sentence) in page

    def test_pounds_commas_and_spaces_are_understood(self, client: Client) -> None:
        _, draft = formula()
        answer = client.get(at("workbench", draft.pk, part="effect", lump_sum_primary="£150,000 ")).json()
        assert answer["errors"] == {}
        assert "£150,000.00" in answer["effect"]

    def test_the_table_keeps_what_is_typed_when_it_is_put_in_another_order(self, client: Client) -> None:
        _, draft = formula()
        told = text(
            client, at("workbench", draft.pk, lump_sum_primary="150000", **{"schools-sort": "change"})
        )
        assert "?lump_sum_primary=150000.00&amp;schools-sort=-change#table-schools" in told

    def test_every_school_can_be_taken_away(self, client: Client) -> None:
        _, draft = formula()
        sheet = client.get(at("effect_table", draft.pk, "csv", lump_sum_secondary="150000"))
        lines = b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
        assert len(lines) == 1 + 3
        assert "4900.0" in lines[2]

    def test_a_year_without_rates_says_what_to_load(self, client: Client) -> None:
        register()
        table("2026-27")
        told = text(client, at("year", AUTHORITY, "2026-27"))
        assert "No values are loaded for 2026-27" in told
        told = text(client, at("rates", AUTHORITY, "2026-27"))
        assert "What to load" in told


class TestSaving:
    def test_what_is_shown_is_saved(self, client: Client) -> None:
        _, draft = formula()
        client.post(at("save", draft.pk), {"revision": 1, "lump_sum_primary": "150000", "guarantee": "-0.5"})
        kept = Scenario.objects.get(pk=draft.pk)
        assert kept.changes == {"basic_entitlement_primary": "3897.00", "lump_sum_primary": "150000"}
        assert str(kept.guarantee) == "-0.500"

    def test_the_second_of_two_sees_what_the_first_saved_with_their_own_on_top(self, client: Client) -> None:
        _, draft = formula()
        client.post(at("save", draft.pk), {"revision": 1, "lump_sum_primary": "150000"})
        late = client.post(at("save", draft.pk), {"revision": 1, "fsm_secondary": "500"}, follow=True)
        told = late.content.decode()
        assert "saved this scenario since you opened it" in told
        assert "Lump sum, primary: £145,100.00 → £150,000.00" in told
        assert "£495.00 → <strong>£500.00</strong>" in told
        assert "fsm_secondary" not in Scenario.objects.get(pk=draft.pk).changes

    def test_a_copy_begins_with_what_is_typed(self, client: Client) -> None:
        _, draft = formula()
        published(draft)
        client.post(at("copy", draft.pk, lump_sum_primary="150000"), {"name": "Another", "notes": ""})
        made = Scenario.objects.get(name="Another")
        assert made.changes == {"basic_entitlement_primary": "3897.00", "lump_sum_primary": "150000"}

    def test_put_in_force_publish_withdraw(self, client: Client) -> None:
        current, draft = formula()
        client.post(at("standing", draft.pk), {"step": "force", "revision": 1})
        client.post(at("standing", draft.pk), {"step": "publish", "revision": 2})
        told = client.post(at("standing", current.pk), {"step": "withdraw", "revision": 1, "reason": "Old"})
        assert "opened it" in told.content.decode()
        client.post(at("standing", current.pk), {"step": "withdraw", "revision": 3, "reason": "Old"})
        assert Scenario.objects.get(pk=draft.pk).is_current
        assert Scenario.objects.get(pk=draft.pk).is_frozen
        assert Scenario.objects.get(pk=current.pk).withdrawn_reason == "Old"


class TestSolving:
    def test_the_answer_is_typed_rates_that_can_be_put_into_the_workbench(self, client: Client) -> None:
        _, draft = formula()
        told = text(client, at("solve", draft.pk, lever="basic-entitlement", money="11000000"))
        assert "Put these into the workbench" in told
        assert "Headroom" in told

    def test_a_lever_that_cannot_reach_it_says_so(self, client: Client) -> None:
        _, draft = formula()
        told = text(client, at("solve", draft.pk, lever="guarantee", money="5000000"))
        assert "This lever cannot reach it" in told

    def test_money_that_is_none_is_told_beside_its_box(self, client: Client) -> None:
        _, draft = formula()
        told = text(client, at("solve", draft.pk, lever="guarantee", money="plenty"))
        assert "must be an amount of money" in told


class TestComparing:
    def test_rates_that_differ_totals_and_groups(self, client: Client) -> None:
        formula()
        told = text(client, at("compare", AUTHORITY, YEAR))
        assert "£3,897.00" in told
        assert "Fifth with least deprivation" in told or "Not known" in told
        assert "Academies" in told

    def test_four_at_most(self, client: Client) -> None:
        _, draft = formula()
        others = [scenario(f"Try {at_}") for at_ in range(4)]
        query = "&".join(f"scenario={one.pk}" for one in (draft, *others))
        told = text(client, f"{at('compare', AUTHORITY, YEAR)}?{query}")
        assert "Try 2: change" in told
        assert "Try 3: change" not in told

    def test_the_workbook_has_a_sheet_for_each_table(self, client: Client) -> None:
        formula()
        book = fastexcel.read_excel(client.get(at("compare_workbook", AUTHORITY, YEAR)).content)
        assert [*book.sheet_names[:3], book.sheet_names[-1]] == [
            "Totals",
            "What differs",
            "By phase",
            "Every school",
        ]


def test_the_proforma_has_the_sheets_of_a_submission(client: Client) -> None:
    current, _ = formula()
    book = fastexcel.read_excel(client.get(at("proforma", current.pk)).content)
    assert book.sheet_names == [
        "Cover",
        "Schools data",
        "Local factors",
        "Adjusted factors",
        "School level",
        "Block totals",
        "Validation",
    ]


class TestAMinimumBelowTheNationalOne:
    """Case 35: without a recorded disapplication nothing is written out."""

    def test_the_proforma_is_not_written_and_the_checks_say_why(self, client: Client) -> None:
        current, _ = formula()
        low = scenario("Low minimum", {"minimum_per_pupil_primary": "4954.99"})
        answered = client.get(at("proforma", low.pk), follow=True)
        assert answered.redirect_chain == [(at("checks", low.pk), 302)]
        told = answered.content.decode()
        assert "The proforma is not written: Minimum per pupil, primary." in told
        assert "A disapplication is recorded with the money of the year." in told
        assert client.get(at("proforma", current.pk)).status_code == 200

    def test_a_decision_set_down_with_the_money_lifts_it(self, client: Client) -> None:
        formula()
        low = scenario("Low minimum", {"minimum_per_pupil_primary": "4954.99"})
        answered = client.post(
            at("money", AUTHORITY, YEAR),
            {
                "block_in": "12,000,000",
                "transfer": "50,000",
                "forum": "agreed",
                "consulted": "on",
                "minimum_level": "Letter of 3 January 2025",
                "revision": "1",
            },
        )
        assert answered.status_code == 302
        told = text(client, at("checks", low.pk))
        assert "Letter of 3 January 2025" in told
        assert "The forum has not decided on it" not in told
        assert "all schools were consulted" not in told
        assert client.get(at("proforma", low.pk)).status_code == 200
        assert "Letter of 3 January 2025" in text(client, at("money", AUTHORITY, YEAR))


def test_the_checks_call_rates_as_the_workbench_does(client: Client) -> None:
    current, _ = formula()
    told = text(client, at("checks", current.pk))
    assert "Nobody has confirmed" in told
    assert "minimum_per_pupil" not in told
    assert "Minimum per pupil (key stage 3)" in told


def test_the_checks_name_what_a_submission_would_be_rejected_for(client: Client) -> None:
    current, _ = formula()
    told = text(client, at("checks", current.pk, basic_entitlement_primary="3700.00"))
    assert "a submission would be rejected" in told
    # 2.5% below the national value of £3,847 (case 15).
    assert "£3,750.83" in told


def test_the_map_and_the_chart_are_drawn(client: Client) -> None:
    _, draft = formula()
    for name in ("gains", "map"):
        assert client.get(at("effect_chart", draft.pk, name, "svg"))["Content-Type"] == "image/svg+xml"
    assert client.get(at("effect_chart", draft.pk, "other", "svg")).status_code == 404
