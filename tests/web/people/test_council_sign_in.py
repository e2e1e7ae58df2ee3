"""Signing in by the council's own service (OpenID Connect), played by a service that is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import include, path

from redway.core.errors import RedwayError
from redway.web import environment
from redway.web.people.account_urls import council_patterns
from redway.web.people.adapter import CouncilSignInAdapter
from redway.web.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
ISSUER = "https://login.example.gov.uk/tenant"

urlpatterns = [path("", include("redway.web.urls")), path("account/", include(council_patterns()))]


class Answer:
    """An answer of the service."""

    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def json(self) -> dict[str, Any]:
        return self.content

    def raise_for_status(self) -> None:
        """All is well."""


class Service:
    """The council's service: it says who is signed in there."""

    def __init__(self, email: str) -> None:
        self.email = email

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *args: object) -> None:
        """Nothing to close."""

    def get(self, address: str, **kwargs: Any) -> Answer:
        if address.endswith("openid-configuration"):
            return Answer(
                {
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "userinfo_endpoint": f"{ISSUER}/userinfo",
                    "jwks_uri": f"{ISSUER}/keys",
                }
            )
        return Answer({"sub": "subject-1", "email": self.email, "name": "Somebody"})

    def request(self, method: str, address: str, **kwargs: Any) -> Answer:
        return Answer({"access_token": "made up", "token_type": "Bearer"})


@pytest.fixture
def council(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[str], Client]:
    """``council(email)``: a browser in which the council's service has signed that address in."""
    monkeypatch.setenv("REDWAY_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("REDWAY_OIDC_CLIENT_ID", "redway")
    monkeypatch.setenv("REDWAY_OIDC_CLIENT_SECRET", "made up")
    monkeypatch.setenv("REDWAY_OIDC_NAME", "your Example Council account")
    settings.SOCIALACCOUNT_PROVIDERS = environment.openid_connect()

    def come_in(email: str) -> Client:
        monkeypatch.setattr(CouncilSignInAdapter, "get_requests_session", lambda self: Service(email))
        client = Client()
        sent = client.post("/account/council/council/")
        query = parse_qs(urlsplit(sent["Location"]).query)
        assert sent["Location"].startswith(f"{ISSUER}/authorize?")
        assert query["code_challenge_method"] == ["S256"]
        client.get("/account/council/council/callback/", {"code": "made up", "state": query["state"][0]})
        return client

    return come_in


def test_the_sign_in_page_offers_the_council_service_by_its_name(council: Any, client: Client) -> None:
    assert "Sign in with your Example Council account" in client.get("/account/sign-in/").content.decode()


def test_an_invited_person_comes_in_by_the_council_service(council: Any, alice: Person) -> None:
    assert "Alice Archer" in council("Alice@example.org").get("/account/").content.decode()


def test_somebody_who_was_not_invited_does_not_and_no_account_is_made(council: Any) -> None:
    client = council("stranger@example.org")
    assert client.get("/account/").status_code == 302
    assert not Person.objects.exists()


def test_a_person_who_has_left_does_not(council: Any, alice: Person, adam: Person) -> None:
    from django.utils import timezone

    from redway.web.people import services

    services.end_person(actor=adam, person=alice, now=timezone.now())
    assert council("alice@example.org").get("/account/").status_code == 302


def test_half_set_settings_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDWAY_OIDC_ISSUER", "http://login.example.gov.uk")
    with pytest.raises(RedwayError, match="only half set"):
        environment.openid_connect()
