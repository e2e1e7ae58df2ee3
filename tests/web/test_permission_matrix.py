"""Every address with every role, and with nobody signed in: as the matrix says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators import made_up
from redway.core.home import Home
from redway.web.allegations.models import Draft
from redway.web.attainment.tracking.pupil_keys import pupil_key
from redway.web.datasets.models import DatasetVersion, ImportRun
from redway.web.datasets.services import import_files
from redway.web.jobs.models import Job
from redway.web.people import services
from redway.web.people.checks import every_pattern
from redway.web.people.declarations import declaration_of
from redway.web.people.keys import TokenReach
from redway.web.people.models import Agreement, Person
from redway.web.people.rules import ACTIONS, TABLE
from redway.web.register.models import Authority, Establishment, Locality, Rank, School
from web.allegations.case_of_everything import a_case, a_concern, case_of_everything
from web.attainment.on_roll import FAR_BELOW, ON_PATH, Child, on_roll, several
from web.attainment.pupils import Cohort, results_ks4
from web.attainment.stored_targets import stored_target
from web.funding.blocks.some_blocks import blocks_of_everything
from web.funding.deficits.a_deficit import deficits_and_services
from web.funding.formula.a_formula import formula_of_everything
from web.funding.forum.a_forum import forum_of_everything
from web.improvement.an_early_warning import improvement_of_everything
from web.improvement.board.a_board import board_of_everything
from web.improvement.reviews.some_reviews import reviews_of_everything
from web.improvement.support.some_support import support_of_everything
from web.permission_matrix import (
    ALL,
    AUTHORITY,
    EVERYBODY,
    MATRIX,
    NEIGHBOUR,
    OTHER_SCHOOL,
    ROOMS,
    SCHOOL,
    Page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(make_person: Callable[..., Person], home: Home, tmp_path: Path, everyone: Any) -> dict[str, str]:
    """What the addresses lead to: people, schools and authorities here and elsewhere, and a few figures."""
    for number, name in [(AUTHORITY, "Milton Keynes"), (NEIGHBOUR, "Bedford")]:
        Authority.objects.create(number=number, name=name)
    for key, name in [(SCHOOL, "Grand Union School"), (OTHER_SCHOOL, "Ouse Valley School")]:
        school = School.objects.create(
            key=key,
            current_urn=key,
            name=name,
            sort_name=name.lower(),
            authority=AUTHORITY,
            phase="Secondary",
            rank=Rank.OPEN,
            easting=485000,
            northing=237000,
        )
        Establishment.objects.create(urn=key, school=school, name=name, authority=AUTHORITY)
    run = _bring_in_figures(tmp_path)
    here = make_person("adviser", email="here@example.org")
    elsewhere = make_person("adviser", email="elsewhere@example.org", authority=NEIGHBOUR)
    token, _ = services.make_token(
        person=here, label="Report", reach=TokenReach.FIGURES, days=30, now=timezone.now()
    )
    for key in (SCHOOL, OTHER_SCHOOL):
        stored_target(here, key)
    outcome = run.files.get(path__endswith="abs_2018.csv")
    return {
        "person": str(here.pk),
        "grant": str(here.grants.get().pk),
        "person_elsewhere": str(elsewhere.pk),
        "grant_elsewhere": str(elsewhere.grants.get().pk),
        "link": services.make_link(actor=None, person=elsewhere),
        "token": str(token.pk),
        "agreement": str(Agreement.objects.create(person=here, step="link", asked_by=elsewhere).pk),
        "agreement_elsewhere": str(Agreement.objects.create(person=elsewhere, step="link", asked_by=here).pk),
        "draft": Draft.objects.create(person=here).key,
        "case": a_case(AUTHORITY).key,
        "case_elsewhere": a_case(NEIGHBOUR).key,
        **case_of_everything(everyone.by_role["lado"], everyone.by_role["director"], here),
        **forum_of_everything(
            everyone.by_role["finance_officer"],
            everyone.by_role["forum_member"],
            make_person("finance_officer", email="finance@example.org", authority=NEIGHBOUR),
        ),
        **deficits_and_services(everyone, make_person),
        **formula_of_everything(),
        **support_of_everything(everyone.by_role["adviser"]),
        **reviews_of_everything(everyone.by_role["adviser"], everyone.by_role["headteacher"]),
        **blocks_of_everything(),
        **board_of_everything(
            everyone.by_role["adviser"],
            everyone.by_role["board_member"],
            everyone.by_role["director"],
            elsewhere,
        ),
        **improvement_of_everything(
            everyone.by_role["adviser"],
            everyone.by_role["director"],
            elsewhere,
        ),
        "concern": str(a_concern(here, AUTHORITY).pk),
        "concern_elsewhere": str(a_concern(elsewhere, NEIGHBOUR).pk),
        "job": str(Job.objects.create(kind="matrix.work", title="Work", owner=here).pk),
        "run": str(run.pk),
        "outcome": str(outcome.pk),
        "version": str(outcome.version_id),
        "locality": str(Locality.objects.create(authority=AUTHORITY, name="North").pk),
        "locality_elsewhere": str(Locality.objects.create(authority=NEIGHBOUR, name="South").pk),
        "held": str(DatasetVersion.objects.get(state="held").pk),
        "pupil": pupil_key(AUTHORITY, f"P{SCHOOL}-000"),
        "pupil_of_another_school": pupil_key(AUTHORITY, f"P{OTHER_SCHOOL}-000"),
        "pupil_elsewhere": pupil_key(NEIGHBOUR, "P822-000"),
    }


_ELSEWHERE = [(str(number), f"{number % 7 + 5}.1") for number in range(301, 321)]
"""Enough authorities for a distribution to be drawn."""


def _bring_in_figures(folder: Path) -> ImportRun:
    made_up.absence(folder, 2017, {SCHOOL: "8.1", OTHER_SCHOOL: "9.2"})
    # One cell cannot be read, so there is a list of errors.
    made_up.absence(folder, 2018, {SCHOOL: "8.1", OTHER_SCHOOL: "9.2", "100003": "lots"})
    made_up.lait(
        folder,
        [
            ("SecTotAbs", year, area, value)
            for year in ("2018", "2019")
            for area, value in [(AUTHORITY, "8.0"), (NEIGHBOUR, "8.5"), ("970", "8.4"), *_ELSEWHERE]
        ],
    )
    results_ks4(folder, "2017-18", {SCHOOL: Cohort(20), OTHER_SCHOOL: Cohort(20)}, authority=AUTHORITY)
    on_roll(folder, [*_year_11(SCHOOL), *_year_11(OTHER_SCHOOL)], "2018-19", AUTHORITY)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    on_roll(elsewhere, [Child("P822-000", "999999")], "2018-19", NEIGHBOUR)
    import_files([folder], actor=None, who="test", accept=True)
    run = ImportRun.objects.get()
    # A correction with far fewer schools is held until somebody accepts it.
    corrected = folder / "corrected"
    corrected.mkdir()
    import_files([made_up.absence(corrected, 2018, {SCHOOL: "8.2"})], actor=None, who="test")
    return run


def _year_11(urn: str) -> list[Child]:
    """A cohort on roll whose groups are large enough to be shown."""
    on_meals = {"free_school_meals": "yes"}
    return [
        *several(10, urn),
        *several(10, urn, 10, distances=(ON_PATH, FAR_BELOW)),
        *several(10, urn, 20, others=on_meals),
        *several(10, urn, 30, distances=(ON_PATH, FAR_BELOW), others=on_meals),
    ]


@pytest.fixture
def browsers(everyone: Any, signed_in: Callable[[Person], Client]) -> dict[str, Client]:
    """A browser for each role, and one in which nobody is signed in."""
    found = {"anonymous": Client()}
    for role, person in everyone.by_role.items():
        person.set_password("canal turnip lantern")
        person.save()
        found[role] = signed_in(person)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_pages_open_for_those_in_the_matrix_and_for_nobody_else(
    room: str, world: dict[str, str], browsers: dict[str, Client]
) -> None:
    wrong = []
    for page in ROOMS[room]:
        address = _address(page, world)
        for who, browser in browsers.items():
            # As a browser asks: a program that is not signed in gets 401 instead of the sign-in page.
            asked = getattr(browser, page.method)(address, headers={"Accept": "text/html"})
            if asked.status_code not in _expected(page, who):
                wrong.append(f"{who} got {asked.status_code} from {page.name} at {address}")
    assert not wrong, "\n".join(wrong)


FORMS: tuple[dict[str, str], ...] = ({"go": "send", "confirm": "yes"}, {})


# What signs in and out is left out: sent, it would change who is asking.
@pytest.mark.parametrize("room", [room for room in ROOMS if room != "sign-in"])
def test_what_is_sent_is_taken_from_those_in_the_matrix_and_from_nobody_else(
    room: str, world: dict[str, str], browsers: dict[str, Client]
) -> None:
    """Every page is sent a form that says yes to whatever it asks, and by those who get in an empty one too;
    nothing of it stays.
    """
    wrong = []
    for page in ROOMS[room]:
        address = _address(page, world)
        for who, browser in browsers.items():
            for form in FORMS if who in page.allowed else FORMS[:1]:
                with transaction.atomic():
                    sent = browser.post(address, form, headers={"Accept": "text/html"}).status_code
                    transaction.set_rollback(True)
                if sent not in _taken(page, who):
                    wrong.append(f"{who} got {sent} for what was sent to {page.name} at {address}")
    assert not wrong, "\n".join(wrong)


def _address(page: Page, world: dict[str, str]) -> str:
    return reverse(page.name, args=[part.format(**world) for part in page.args]) + page.query


def _taken(page: Page, who: str) -> tuple[int, ...]:
    """Answers to what is sent: 405 where a page takes nothing, whoever asks."""
    if who in page.allowed:
        return (200, 302, 405)
    return (302,) if who == "anonymous" else (404, 405)


def _expected(page: Page, who: str) -> tuple[int, ...]:
    if who in page.allowed:
        return page.ok
    return (302,) if who == "anonymous" else (404,)


def test_strangers_are_sent_to_the_sign_in_page_and_back_to_where_they_wanted_to_go(client: Client) -> None:
    assert client.get("/people/?sort=name").url == "/account/sign-in/?next=/people/%3Fsort%3Dname"


def test_every_address_stands_in_the_matrix_and_the_matrix_holds_no_address_that_is_gone() -> None:
    served = {name for _, name, _ in every_pattern()}
    listed = {page.name for page in MATRIX}
    assert served - listed == set(), "add these to tests/web/permission_matrix.py"
    assert listed - served == set(), "these addresses are gone"


def test_the_matrix_agrees_with_what_the_views_declare() -> None:
    """Whoever the matrix lets in holds the action the view declares; public pages are public in both."""
    views = {name: declaration_of(pattern.callback) for _, name, pattern in every_pattern()}
    wrong = []
    for page in MATRIX:
        declared = views[page.name]
        assert declared is not None
        if declared.action:
            may = {role.value for role, rules in TABLE.items() if declared.action in rules}
        else:
            may = set(EVERYBODY if declared.door == "public" else ALL)
        if not page.allowed <= may:
            wrong.append(f"{page.title}: {sorted(page.allowed - may)}")
    assert not wrong, "\n".join(wrong)


def test_every_action_opens_some_page() -> None:
    declared = [declaration_of(pattern.callback) for _, _, pattern in every_pattern()]
    assert {found.action for found in declared if found} - {""} == set(ACTIONS)


def test_a_role_that_has_ended_or_not_begun_opens_nothing(
    make_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    ended = make_person("administrator", last_day=yesterday)
    coming = make_person("administrator", first_day=tomorrow)
    for person in (ended, coming):
        assert signed_in(person).get("/people/").url == "/account/no-role/"
