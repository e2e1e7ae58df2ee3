"""The table of schools: taken in whole or refused with every fault, taken away in the same shape."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from redway.web.funding.models import LocalRates, SchoolsTable
from redway.web.people.models import Person
from redway.web.register.models import Establishment
from web.funding.formula.a_formula import (
    AUTHORITY,
    CANAL,
    NAMES,
    OTHER_SCHOOL,
    SCHOOL,
    YEAR,
    formula,
    register,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
HEAD = "urn,name,phase,status,locality,pupils_primary,pupils_ks3,pupils_ks4,fsm_secondary"
GOOD = {
    SCHOOL: f"{SCHOOL},Grand Union School,secondary,maintained,North,0,540,360,100",
    OTHER_SCHOOL: f"{OTHER_SCHOOL},Ouse Valley School,secondary,academy,South,0,300,200,50",
    CANAL: f"{CANAL},Canal School,primary,maintained,North,210,0,0,0",
}


@pytest.fixture
def client(fiona: Person, signed_in: SignIn, home: Any) -> Client:
    return signed_in(fiona)


def send(client: Client, *lines: str, name: str = "schools.csv", page: str = "take_in_schools") -> str:
    file = SimpleUploadedFile(name, "\n".join(lines).encode())
    answered = client.post(reverse(f"funding:{page}", args=[AUTHORITY, YEAR]), {"file": file}, follow=True)
    return answered.content.decode()


def test_a_sound_file_becomes_the_next_version(client: Client) -> None:
    register()
    told = send(client, HEAD, *GOOD.values())
    assert "3 schools are taken in, as version 1" in told
    assert "holds exactly what version 1 holds" in send(client, HEAD, *GOOD.values())
    assert SchoolsTable.objects.count() == 1


def test_every_fault_is_named_and_nothing_is_taken_in(client: Client) -> None:
    register()
    told = send(
        client,
        HEAD,
        f"{SCHOOL},Grand Union School,secondary,maintained,North,0,-540,360,c",
        f"{OTHER_SCHOOL},Ouse Valley School,sixth form,academy,South,0,300,200,50",
        f"{OTHER_SCHOOL},Ouse Valley School,secondary,academy,South,0,300.5,200,",
    )
    for sentence in (
        "Row 2, pupils_ks3",
        "Row 2, fsm_secondary",
        "Row 3, phase",
        "Row 4, pupils_ks3",
        "Row 4, fsm_secondary",
        "stands in row 3 already",
    ):
        assert sentence in told
    assert not SchoolsTable.objects.exists()


def test_a_school_the_register_does_not_have_here_is_refused(client: Client) -> None:
    register()
    told = send(client, HEAD, "199999,Nowhere School,primary,maintained,North,210,0,0,0")
    assert "is in no edition of the register" in told
    assert not SchoolsTable.objects.exists()


def test_a_school_that_closed_before_the_year_is_named_with_its_successor(client: Client) -> None:
    register()
    Establishment.objects.filter(urn=SCHOOL).update(closed=date(2024, 8, 31), next_urn="145000")
    Establishment.objects.filter(urn=CANAL).update(closed=date(2025, 3, 31))
    Establishment.objects.filter(urn=OTHER_SCHOOL).update(closed=date(2025, 8, 31))
    told = send(client, HEAD, *GOOD.values())
    assert f"urn: &#x27;{SCHOOL}&#x27; closed on 31 August 2024" in told
    assert "It goes on as 145000: write that number." in told
    assert (
        f"urn: &#x27;{CANAL}&#x27; closed on 31 March 2025, before the year begins. Take the row out." in told
    )
    assert "2 things are wrong" in told
    assert not SchoolsTable.objects.exists()


def test_one_fault_is_one_thing(client: Client) -> None:
    register()
    told = send(client, HEAD, GOOD[SCHOOL].replace("100", "c"))
    assert "1 thing is wrong in schools.csv" in told


def test_a_wrong_file_of_many_rows_does_not_fill_the_page(client: Client) -> None:
    register()
    rows = [f"{200_000 + n},Nowhere School,primary,maintained,North,210,0,0,0" for n in range(300)]
    told = send(client, HEAD, *rows)
    assert "300 things are wrong" in told
    assert "200 more, not named here: mend these first." in told
    assert told.count("is in no edition of the register") == 100


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_is_taken_away_can_be_taken_in_again(client: Client, extension: str) -> None:
    formula()
    taken = client.get(reverse("funding:schools_table", args=[AUTHORITY, YEAR, extension]))
    content = b"".join(taken.streaming_content) if taken.streaming else taken.content  # type: ignore[attr-defined]
    file = io.BytesIO(content)
    file.name = f"back.{extension}"
    answered = client.post(
        reverse("funding:take_in_schools", args=[AUTHORITY, YEAR]), {"file": file}, follow=True
    )
    assert "holds exactly what version 1 holds" in answered.content.decode()
    assert set(NAMES) == {row[0] for row in SchoolsTable.objects.get(year=YEAR).rows}


RATE = """title = "Local rates"
from = 2025-04-01
to = 2026-03-31
source = "Cabinet, 5 February 2025"
status = "published"

[[value]]
name = "{name}"
value = {value}
unit = "pounds a pupil"
"""


class TestLocalRates:
    def test_they_lie_over_the_national_ones(self, client: Client) -> None:
        _, draft = formula()
        text = RATE.format(name="basic_entitlement_ks3", value=5400)
        told = send(client, text, name="rates.toml", page="take_in_rates")
        assert "The rates are loaded, as version 1" in told
        page = client.get(reverse("funding:workbench", args=[draft.pk])).content.decode()
        assert "National £5,422.00, local £5,400.00" in page

    def test_a_name_no_factor_uses_is_refused(self, client: Client) -> None:
        formula()
        text = RATE.format(name="basic_entitlment_ks3", value=5400)
        assert "basic_entitlment_ks3, which no factor uses" in send(
            client, text, name="rates.toml", page="take_in_rates"
        )
        assert not LocalRates.objects.exists()

    def test_a_file_that_is_no_text_is_refused(self, client: Client) -> None:
        formula()
        file = SimpleUploadedFile("rates.toml", b"\xff\xfe\x00")
        told = client.post(reverse("funding:take_in_rates", args=[AUTHORITY, YEAR]), {"file": file})
        assert "is not text in UTF-8" in told.content.decode()


class TestMoney:
    def test_what_is_set_aside_leaves_the_rest_for_schools(self, client: Client) -> None:
        formula()
        address = reverse("funding:money", args=[AUTHORITY, YEAR])
        told = client.post(
            address,
            {"block_in": "12,500,000", "growth": "200000", "transfer": "100,000", "revision": 1},
            follow=True,
        ).content.decode()
        assert "£12,200,000.00 of £12,500,000.00" in told
        late = client.post(address, {"block_in": "1", "revision": 1}).content.decode()
        assert "Somebody has set down this money since you opened it" in late

    def test_no_more_is_set_aside_than_comes_in(self, client: Client) -> None:
        formula()
        address = reverse("funding:money", args=[AUTHORITY, YEAR])
        told = client.post(address, {"block_in": "1000", "growth": "2000", "revision": 1}).content.decode()
        assert "More is set aside" in told
