"""A field left empty, too long or not a number says so in words that name it."""

from __future__ import annotations

import pytest
from django import forms

from redway.web.design.form_fields import day, from_list, line, lines, number, one_of, some_of, whole


class VisitForm(forms.Form):
    title = line("Title", most=5)
    focus = lines("Focus", missing="Say what the visit is about")
    on = day("Day of the visit")
    kind = one_of("Kind of visit", [("support", "Support"), ("review", "Review")])
    school = from_list("School", [("110532", "Elm Primary")], missing="Choose whom you visit")
    subjects = some_of("Subjects", [("maths", "Maths")], required=False)
    pupils = whole("Pupils seen", most=30, such_as="12")
    hours = number("Hours", least=0, most=8, places=1, such_as="1.5")
    note = lines("Note", required=False)


SOUND = {
    "title": "Maths",
    "focus": "Fractions",
    "on_day": "27",
    "on_month": "3",
    "on_year": "2026",
    "kind": "support",
    "school": "110532",
    "pupils": "12",
    "hours": "1.5",
}


def test_what_may_be_left_empty_is_not_asked_for() -> None:
    form = VisitForm(SOUND)
    assert form.is_valid()
    assert (form.cleaned_data["note"], form.cleaned_data["subjects"]) == ("", [])


def test_a_field_left_empty_asks_for_its_label_or_in_its_own_words() -> None:
    said = VisitForm({}).errors
    assert said["title"] == ["Enter the title"]
    assert said["focus"] == ["Say what the visit is about"]
    assert said["on"] == ["Enter the day of the visit"]
    assert said["kind"] == ["Choose the kind of visit"]
    assert said["school"] == ["Choose whom you visit"]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "Mathematics", "Title must be 5 characters or fewer"),
        ("pupils", "a few", "Pupils seen must be a whole number, such as 12"),
        ("pupils", "31", "Pupils seen must be 30 or fewer"),
        ("pupils", "-1", "Pupils seen must be 0 or more"),
        ("hours", "long", "Hours must be a number, such as 1.5"),
        ("hours", "9", "Hours must be 8 or less"),
    ],
)
def test_what_cannot_be_taken_says_why(name: str, typed: str, said: str) -> None:
    assert VisitForm(SOUND | {name: typed}).errors[name] == [said]


def test_a_list_opens_on_a_line_that_chooses_nobody() -> None:
    assert '<option value="" selected>Choose one</option>' in str(VisitForm()["school"])
