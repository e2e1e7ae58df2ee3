"""Keys that let somebody in (tokens, codes of the app, one-time links): what each is worth, and how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from redway.web.people import services
from redway.web.people.keys import TokenReach
from redway.web.people.models import Person, SharedCacheEntry

pytestmark = pytest.mark.django_db
PASSWORD = "canal turnip lantern"
NEW = {"password": "lantern turnip canal", "again": "lantern turnip canal"}


@pytest.fixture
def alice(make_person: Callable[..., Person]) -> Person:
    return make_person("data_officer", full_name="Alice Archer", email="alice@example.org", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD) -> None:
    client.post("/account/sign-in/", {"login": "alice@example.org", "password": password})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def token_of(person: Person, reach: TokenReach = TokenReach.FIGURES) -> str:
    return services.make_token(person=person, label="Report", reach=reach, days=30, now=timezone.now())[1]


@pytest.mark.parametrize(
    "address", ["/account/", "/account/sessions/", "/account/recovery-codes/", "/account/second-factor/"]
)
def test_a_token_for_figures_does_not_open_its_owners_account(alice: Person, address: str) -> None:
    program = Client(headers={"Authorization": f"Bearer {token_of(alice)}"})
    answer = program.get(address)
    assert answer.status_code == 404
    assert "Alice" not in answer.content.decode()
    assert program.get("/schools/list.json").status_code == 200


@pytest.mark.parametrize("reach", list(TokenReach))
def test_no_token_is_handed_the_names_of_pupils_or_a_case(reach: TokenReach) -> None:
    assert "pupil.view" not in reach.actions
    assert not any(action.startswith("allegation.") for action in reach.actions)
    assert not any(action.partition(".")[2] in ("edit", "upload", "manage") for action in reach.actions)


def test_a_token_for_progress_opens_what_one_for_figures_does_not(alice: Person) -> None:
    for reach, status in ((TokenReach.FIGURES, 404), (TokenReach.FIGURES_AND_PROGRESS, 200)):
        program = Client(headers={"Authorization": f"Bearer {token_of(alice, reach)}"})
        assert program.get("/attainment/schools.json").status_code == status


def test_a_token_leaves_the_session_it_is_sent_with_alone(
    alice: Person, make_person: Callable[..., Person]
) -> None:
    """A browser of Dana's with a program's token in it: neither gains anything from the other."""
    make_person("director", full_name="Dana Drew", email="dana@example.org", password=PASSWORD)
    client = Client()
    client.post("/account/sign-in/", {"login": "dana@example.org", "password": PASSWORD})
    before = dict(client.session)
    answer = client.get("/schools/list.json", headers={"Authorization": f"Bearer {token_of(alice)}"})
    assert answer.status_code == 200
    assert dict(client.session) == before
    assert "Dana Drew" in client.get("/account/").content.decode()


def test_a_code_of_the_app_is_used_up_for_as_long_as_it_would_be_good(alice: Person) -> None:
    """Clocks may differ by half a minute, so a code is good for a minute and a half: once in all of it."""
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    client = Client()
    sign_in(client)
    client.post(
        "/account/sign-in/code/", {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}
    )
    assert is_in(client)
    used = SharedCacheEntry.objects.filter(cache_key__contains="code")
    longest = max(entry.expires for entry in used) - timezone.now()
    assert longest > timedelta(seconds=88)


def test_a_flood_of_other_short_lived_values_does_not_push_out_a_used_code() -> None:
    cache.set("a-code-used", "y", 300)
    for number in range(600):
        cache.set(f"a-guess-{number}", 1, 300)
    assert cache.get("a-code-used") == "y"


def test_a_one_time_link_ends_the_wait_in_the_browser_it_is_opened_in(alice: Person, adam: Person) -> None:
    """The sign-in page says: wait, or ask for a one-time link. So the link must help."""
    for number in range(60):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(
            "/account/sign-in/", {"login": "alice@example.org", "password": "a guess at it"}
        )
    client = Client()
    for _ in range(5):
        sign_in(client, "forgotten")
    sign_in(client)
    assert not is_in(client)
    client.post(f"/welcome/{services.make_link(actor=adam, person=alice)}/", NEW)
    sign_in(client, NEW["password"])
    assert is_in(client)


def test_a_link_used_twice_at_once_sets_one_password_and_shows_no_fault(
    alice: Person, adam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = services.make_link(actor=adam, person=alice)
    found = services.person_of_link(token, timezone.now())
    services.use_link(token=token, password=NEW["password"], now=timezone.now())
    monkeypatch.setattr(services, "person_of_link", lambda *_: found)
    assert Client().post(f"/welcome/{token}/", NEW).status_code == 404


def test_an_administrator_does_not_take_over_an_account_that_is_good_elsewhere(
    adam: Person, make_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    """Olive once advised in Adam's authority and is director of another: her account would open that."""
    olive = make_person("director", full_name="Olive Oak", email="olive@example.org", authority="821")
    former = make_person("adviser").grants.get()
    former.person, former.ended_at = olive, timezone.now() - timedelta(days=400)
    former.save()
    office = signed_in(adam)
    assert office.get(f"/people/{olive.pk}/").status_code == 200
    for step in ("link", "correct", "second-factor", "end"):
        assert office.get(f"/people/{olive.pk}/{step}/").status_code == 404, step
    grant = olive.grants.get(authority="821")
    assert office.get(f"/people/{olive.pk}/roles/{grant.pk}/end/").status_code == 404


def test_an_administrator_ends_the_role_of_their_own_place_whatever_else_a_person_holds(
    adam: Person, make_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    olive = make_person("director", full_name="Olive Oak", email="olive@example.org", authority="821")
    here = make_person("adviser").grants.get()
    here.person = olive
    here.save()
    answer = signed_in(adam).post(f"/people/{olive.pk}/roles/{here.pk}/end/", {"when": "now"})
    assert answer.status_code == 302
    here.refresh_from_db()
    assert here.ended_at is not None
