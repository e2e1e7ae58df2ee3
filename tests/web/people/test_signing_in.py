"""Coming in, being slowed down, second factor, one-time links, going out."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from redway.web.audit.models import AuditEntry
from redway.web.people import services
from redway.web.people.models import Person

pytestmark = pytest.mark.django_db
PASSWORD = "canal turnip lantern"


@pytest.fixture
def alice(make_person):
    return make_person("data_officer", full_name="Alice Archer", email="alice@example.org", password=PASSWORD)


def sign_in(client: Client, email: str = "alice@example.org", password: str = PASSWORD, **extra):
    return client.post("/account/sign-in/", {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def code_of(secret: str, later: int = 0) -> str:
    """What the authenticator app shows now, or so many half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def test_the_right_password_lets_in_whatever_the_capitals_of_the_address(alice: Person) -> None:
    client = Client()
    assert sign_in(client, "Alice@Example.org").status_code == 302
    assert is_in(client)
    assert [entry.verb for entry in AuditEntry.objects.filter(actor=alice)] == ["people.sign_in"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(alice: Person) -> None:
    wrong = sign_in(Client(), password="not the password").content.decode()
    unknown = sign_in(Client(), email="nobody@example.org").content.decode()
    words = "The email address or the password is not right."
    assert words in wrong
    assert words in unknown


def test_after_five_wrong_passwords_even_the_right_one_waits_and_then_works(alice: Person, clock) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, password="not the password")
    answer = sign_in(client)
    assert "There were too many wrong passwords. Try again after 12:15" in answer.content.decode()
    assert not is_in(client)
    clock.move(timedelta(minutes=15))
    sign_in(client)
    assert is_in(client)


def test_the_browser_that_signed_in_before_is_not_kept_out_by_strangers(alice: Person) -> None:
    own = Client()
    sign_in(own)
    own.post("/account/sign-out/")
    for number in range(60):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="a guess at it")
    fresh = Client(REMOTE_ADDR="192.0.2.77")
    sign_in(fresh)
    assert not is_in(fresh)
    sign_in(own)
    assert is_in(own)


def test_nobody_can_sign_up(client: Client) -> None:
    for address in [
        "/account/signup/",
        "/account/sign-up/",
        "/accounts/signup/",
        "/account/email/",
        "/admin/",
    ]:
        assert client.get(address).status_code == 404


def test_a_person_whose_last_role_has_ended_does_not_come_in(make_person) -> None:
    make_person("adviser", email="old@example.org", password=PASSWORD, last_day=date(2024, 7, 31))
    client = Client()
    assert sign_in(client, "old@example.org").url == "/account/no-role/"
    assert not is_in(client)


def test_a_session_ends_with_the_last_day_of_the_last_role(make_person, clock) -> None:
    make_person("adviser", email="bob@example.org", password=PASSWORD, last_day=date(2026, 11, 24))
    clock.move(timedelta(hours=8))
    client = Client()
    sign_in(client, "bob@example.org")
    assert is_in(client)
    clock.move(timedelta(hours=3, minutes=59))
    assert is_in(client)
    clock.move(timedelta(minutes=1))
    assert client.get("/account/").url == "/account/no-role/"
    assert client.get("/account/").url.startswith("/account/sign-in/")


def test_leaving_ends_every_session_and_token_at_once(alice: Person, adam: Person, make_person) -> None:
    make_person("administrator", email="second@example.org")
    desk, phone = Client(), Client()
    sign_in(desk)
    sign_in(phone)
    _, token = services.make_token(
        person=alice, label="Report", reach=services.keys.TokenReach.FIGURES, days=30, now=timezone.now()
    )
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert is_in(desk)
    assert is_in(phone)
    assert program.get("/schools/list.json").status_code == 200
    services.end_person(actor=adam, person=alice, now=timezone.now())
    assert not is_in(desk)
    assert not is_in(phone)
    assert program.get("/schools/list.json").status_code == 401
    assert not is_in_again(desk)


def is_in_again(client: Client) -> bool:
    sign_in(client)
    return is_in(client)


def test_changing_the_password_ends_the_other_sessions_only(alice: Person) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    changed = here.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "another three words", "password2": "another three words"},
    )
    assert changed.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_weak_new_password_is_refused_with_the_reason(alice: Person) -> None:
    client = Client()
    sign_in(client)
    answer = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"},
    )
    assert "known from breaches" in answer.content.decode()


def test_a_one_time_link_sets_a_password_once(alice: Person, adam: Person) -> None:
    token = services.make_link(actor=adam, person=alice)
    client = Client()
    assert client.get(f"/welcome/{token}/").status_code == 200
    new = {"password": "lantern turnip canal", "again": "lantern turnip canal"}
    assert client.post(f"/welcome/{token}/", new).url == "/account/sign-in/"
    assert client.get(f"/welcome/{token}/").status_code == 404
    sign_in(client, password="lantern turnip canal")
    assert is_in(client)


def test_a_one_time_link_is_too_old_after_seven_days_and_ends_when_another_is_made(
    alice: Person, adam: Person, clock
) -> None:
    first = services.make_link(actor=adam, person=alice)
    second = services.make_link(actor=adam, person=alice)
    client = Client()
    assert client.get(f"/welcome/{first}/").status_code == 404
    assert client.get(f"/welcome/{second}/").status_code == 200
    clock.move(timedelta(days=7))
    assert client.get(f"/welcome/{second}/").status_code == 404


def test_only_hashes_of_links_and_tokens_are_kept(alice: Person, adam: Person) -> None:
    link = services.make_link(actor=adam, person=alice)
    _, token = services.make_token(
        person=alice, label="Report", reach=services.keys.TokenReach.FIGURES, days=30, now=timezone.now()
    )
    kept = [str(row) for row in alice.one_time_links.values()] + [
        str(row) for row in alice.api_tokens.values()
    ]
    assert not any(link in row or token in row for row in kept)


def set_up_second_factor(client: Client) -> str:
    client.get("/account/second-factor/add/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/account/second-factor/add/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return str(secret)


def test_with_a_second_factor_the_password_alone_does_not_let_in(alice: Person, signed_in) -> None:
    secret = set_up_second_factor(signed_in(alice))
    client = Client()
    assert sign_in(client).url.startswith("/account/sign-in/code/")
    assert not is_in(client)
    assert (
        "That code is not right" in client.post("/account/sign-in/code/", {"code": "000000"}).content.decode()
    )
    client.post("/account/sign-in/code/", {"code": code_of(secret, later=1)})
    assert is_in(client)


def test_a_code_of_the_app_works_once(alice: Person, signed_in) -> None:
    secret = set_up_second_factor(signed_in(alice))
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/account/sign-in/code/", {"code": code_of(secret, later=1)})
    assert is_in(first)
    assert not is_in(second)


def test_a_recovery_code_lets_in_once(alice: Person, signed_in) -> None:
    set_up_second_factor(signed_in(alice))
    codes = (
        Authenticator.objects.get(user=alice, type=Authenticator.Type.RECOVERY_CODES)
        .wrap()
        .get_unused_codes()
    )
    client = Client()
    sign_in(client)
    client.post("/account/sign-in/code/", {"code": codes[0]})
    assert is_in(client)
    again = Client()
    sign_in(again)
    again.post("/account/sign-in/code/", {"code": codes[0]})
    assert not is_in(again)


def test_the_seed_of_a_second_factor_is_kept_encrypted(alice: Person, signed_in) -> None:
    secret = set_up_second_factor(signed_in(alice))
    factor = Authenticator.objects.get(user=alice, type=Authenticator.Type.TOTP)
    assert secret not in str(factor.data)


def test_an_administrator_removes_a_lost_second_factor(alice: Person, adam: Person, signed_in) -> None:
    set_up_second_factor(signed_in(alice))
    signed_in(adam).post(f"/people/{alice.pk}/second-factor/")
    client = Client()
    sign_in(client)
    assert is_in(client)
    assert AuditEntry.objects.filter(verb="people.remove_lost_factor", actor=adam).exists()


def test_when_the_secret_key_is_lost_no_code_fits_and_no_fault_is_shown(
    alice: Person, signed_in, settings
) -> None:
    secret = set_up_second_factor(signed_in(alice))
    settings.SECRET_KEY = "another secret key, as after a restore without it"
    client = Client()
    sign_in(client)
    answer = client.post("/account/sign-in/code/", {"code": code_of(secret, later=1)})
    assert "That code is not right" in answer.content.decode()
    assert not is_in(client)


def test_roles_that_need_a_second_factor_set_it_up_before_anything_else(
    adam: Person, signed_in, settings
) -> None:
    settings.REDWAY_SECOND_FACTOR_ROLES = ["administrator"]
    client = signed_in(adam)
    assert client.get("/people/").url == "/account/second-factor/add/"
    set_up_second_factor(client)
    assert client.get("/people/").status_code == 200
    assert "Your role needs a second factor" in client.get("/account/second-factor/remove/").content.decode()


def test_a_sensitive_step_asks_for_the_password_again(alice: Person, adam: Person) -> None:
    adam.set_password(PASSWORD)
    adam.save()
    client = Client()
    client.force_login(adam)
    asked = client.get(f"/people/{alice.pk}/end/")
    assert asked.url.startswith("/account/confirm/")
    assert "That is not your password" in client.post(asked.url, {"password": "no"}).content.decode()
    assert client.post(asked.url, {"password": PASSWORD}).url == f"/people/{alice.pk}/end/"
    assert client.get(f"/people/{alice.pk}/end/").status_code == 200


def test_signing_out_ends_the_session(alice: Person) -> None:
    client = Client()
    sign_in(client)
    client.post("/account/sign-out/")
    assert not is_in(client)
    assert AuditEntry.objects.filter(verb="people.sign_out").count() == 1


def test_the_list_of_sessions_signs_out_everywhere_else(alice: Person) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    assert here.get("/account/sessions/").content.decode().count("127.0.0.1") == 2
    here.post("/account/sessions/")
    assert is_in(here)
    assert not is_in(elsewhere)
