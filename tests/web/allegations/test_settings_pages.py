"""What an authority settles: who may, what is refused, who saves second, what it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from redway.allegations.editions import edition_on, values_of
from redway.web.allegations.models import Case, LocalProfile, Named
from redway.web.allegations.settings_rules import label_of, rules_table
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.allegations.a_case import referred

MakePerson = Callable[..., Person]
SignedIn = Callable[[Person], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ADDRESS = "/allegations/settings/826/"
SETTLED = {"profile": "sefton", "told_within_days": "3", "recent_within_years": "5", "revision": "0"}


@pytest.fixture(autouse=True)
def milton_keynes(db: None) -> Authority:
    Authority.objects.create(number="822", name="Bedford")
    return Authority.objects.create(number="826", name="Milton Keynes")


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_an_officer_settles_the_rules_of_their_authority(leah: Person, signed_in: SignedIn) -> None:
    browser = signed_in(leah)
    assert browser.get(reverse("allegations:settings")).url == ADDRESS
    assert browser.post(ADDRESS, SETTLED).url == ADDRESS
    kept = LocalProfile.objects.get()
    assert (kept.profile, kept.told_within_days, kept.recent_within_years) == ("sefton", 3, 5)
    entry = AuditEntry.objects.get(verb="allegation.settle_profile")
    assert (entry.actor, entry.subject_id) == (leah, "826")
    assert '"profile":"sefton"' in entry.details.replace(" ", "")


def test_cases_opened_afterwards_keep_the_new_rules_and_earlier_ones_theirs(
    leah: Person, harriet: Person, signed_in: SignedIn
) -> None:
    before = referred(harriet)
    signed_in(leah).post(ADDRESS, SETTLED)
    after = referred(harriet)
    assert Case.objects.get(pk=before.pk).edition == "national-2020"
    assert after.edition == "sefton-2020"


def test_only_officers_chosen_receive_referrals(
    leah: Person, harriet: Person, make_person: MakePerson, signed_in: SignedIn
) -> None:
    deputy = make_person("deputy_lado", full_name="Del Deputy", email="del@example.org")
    signed_in(leah).post(ADDRESS, SETTLED | {"receiving": [str(deputy.pk)]})
    case = referred(harriet)
    assert [one.person for one in Named.objects.filter(case=case, capacity="officer")] == [deputy]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"told_within_days": "0"}, "Days must be 1 to 28"),
        ({"told_within_days": "five"}, "Days must be a whole number"),
        ({"recent_within_years": "99"}, "Years must be 1 to 50"),
        ({"profile": "atlantis"}, "Select a valid choice"),
        ({"profile": ""}, "Choose the local rules"),
    ],
)
def test_what_cannot_be_is_refused(
    wrong: dict[str, str], complaint: str, leah: Person, signed_in: SignedIn
) -> None:
    refused = text_of(signed_in(leah).post(ADDRESS, SETTLED | wrong))
    assert complaint in refused
    assert not LocalProfile.objects.exists()


def test_somebody_who_is_no_officer_here_cannot_be_chosen(
    leah: Person, harriet: Person, signed_in: SignedIn
) -> None:
    refused = text_of(signed_in(leah).post(ADDRESS, SETTLED | {"receiving": [str(harriet.pk)]}))
    assert "Select a valid choice" in refused


def test_who_saves_second_sees_what_is_in_force_and_loses_nothing(leah: Person, signed_in: SignedIn) -> None:
    browser = signed_in(leah)
    browser.post(ADDRESS, SETTLED)
    second = text_of(browser.post(ADDRESS, SETTLED | {"told_within_days": "7"}))
    assert "Somebody has changed the settings since you opened them" in second
    assert 'name="revision" value="1"' in second
    assert 'value="7"' in second
    assert LocalProfile.objects.get().told_within_days == 3


@pytest.mark.parametrize("role", ["headteacher", "director", "administrator", "named_senior_officer"])
def test_nobody_else_settles_anything(role: str, make_person: MakePerson, signed_in: SignedIn) -> None:
    person = make_person(role, school="110532" if role == "headteacher" else "")
    assert signed_in(person).get(ADDRESS).status_code == 404
    assert signed_in(person).post(ADDRESS, SETTLED).status_code == 404
    assert not LocalProfile.objects.exists()


def test_an_officer_does_not_settle_another_authority(leah: Person, signed_in: SignedIn) -> None:
    assert signed_in(leah).get("/allegations/settings/822/").status_code == 404
    assert signed_in(leah).post("/allegations/settings/822/", SETTLED).status_code == 404


def test_every_rule_is_shown_with_its_source_and_whether_it_is_confirmed() -> None:
    today = date(2026, 11, 24)
    rows = {row["rule"]: row for row in rules_table("sefton", today).rows}
    meeting = rows["Initial strategy meeting within"]
    assert (meeting["value"], meeting["set_by"]) == ("5 working days", "Sefton")
    review = rows["First review by the designated officer within"]
    assert (review["status"], review["set_by"]) == ("Not confirmed", "National rules")
    reported = rows["The employer tells the designated officer within"]
    assert reported["source"] == edition_on(today, "sefton").value("report-within").source
    kept = rows["Record of the designated officer, outcome substantiated"]
    assert kept["value"] == "100 years after the person was born: disposed of"
    national = {row["rule"]: row["value"] for row in rules_table("national", today).rows}
    assert national["The employer tells the designated officer within"] == "1 working day"


def test_every_rule_that_any_profile_holds_has_words() -> None:
    assert all(label_of(entry.name) for _, entry in values_of())
