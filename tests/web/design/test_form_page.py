"""A form is shown, taken with the revision the person saw, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from redway.core.errors import ChangedSinceOpened, NotFound, RedwayError
from redway.web.design import form_page as shared
from redway.web.design.form_page import form_page

NOW = 7
"""Revision of the record that the page is about."""


class NoteForm(forms.Form):
    note = forms.CharField()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was said to the person after a change."""
    said: list[str] = []
    monkeypatch.setattr(shared.messages, "success", lambda _request, words: said.append(words))
    return said


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page was drawn from."""
    context: dict[str, Any] = {}

    def render(_request: HttpRequest, _template: str, given: dict[str, Any]) -> HttpResponse:
        context.update(given)
        return HttpResponse("page")

    monkeypatch.setattr(shared, "render", render)
    return context


def answer(request: HttpRequest, save: Any, **more: Any) -> HttpResponse:
    return form_page(
        request,
        NoteForm(request.POST if request.method == "POST" else None),
        save,
        title="Change the note",
        caption="Elm Primary",
        button="Keep",
        done=more.pop("done", "It is kept."),
        back="/back/",
        breadcrumbs=[],
        revision=NOW,
        stands=lambda: [("Note", "what somebody else wrote")],
        **more,
    )


def sent(revision: int = NOW, note: str = "mine") -> HttpRequest:
    return RequestFactory().post("/", {"note": note, "revision": str(revision)})


def refuse(error: RedwayError) -> Any:
    def save(_form: object, _revision: int) -> None:
        raise error

    return save


def test_a_page_that_is_opened_carries_the_revision_of_now(shown: dict[str, Any]) -> None:
    answer(RequestFactory().get("/"), refuse(NotFound("never asked")))
    assert (shown["revision"], shown["stands"]) == (NOW, ())


def test_what_was_sent_is_saved_with_the_revision_seen_and_one_goes_back(told: list[str]) -> None:
    taken: list[tuple[str, int]] = []
    response = answer(sent(3), lambda form, seen: taken.append((form.cleaned_data["note"], seen)))
    assert taken == [("mine", 3)]
    assert (response["Location"], told) == ("/back/", ["It is kept."])


def test_what_is_said_and_where_one_goes_may_follow_from_what_was_saved(told: list[str]) -> None:
    response = answer(
        sent(), lambda _form, _seen: 12, done=lambda count: f"{count} rows.", onward=lambda key: f"/{key}/"
    )
    assert (response["Location"], told) == ("/12/", ["12 rows."])


def test_whoever_sends_no_revision_has_seen_nothing_that_is_kept(told: list[str]) -> None:
    taken: list[int] = []
    answer(RequestFactory().post("/", {"note": "mine"}), lambda _form, seen: taken.append(seen))
    assert taken == [0]


def test_a_refusal_keeps_what_was_typed_and_the_revision_seen(shown: dict[str, Any]) -> None:
    """The next attempt must still find out that somebody else saved in between."""
    answer(sent(3), refuse(NotFound("There is no such school.", "Choose another.")))
    assert shown["form"].non_field_errors() == ["There is no such school. Choose another."]
    assert shown["form"]["note"].value() == "mine"
    assert (shown["revision"], shown["stands"]) == (3, ())


def test_a_form_that_is_not_sound_carries_the_revision_seen_too(shown: dict[str, Any]) -> None:
    """Or whoever mends the field would save over what somebody else wrote in between, unsaid."""
    answer(sent(3, note=""), refuse(NotFound("never asked")))
    assert shown["form"].errors
    assert (shown["revision"], shown["stands"]) == (3, ())


def test_after_somebody_elses_change_it_stands_beside_and_one_may_send_again(shown: dict[str, Any]) -> None:
    answer(sent(3), refuse(ChangedSinceOpened("Somebody has changed this.")))
    assert shown["stands"] == [("Note", "what somebody else wrote")]
    assert shown["revision"] == NOW
