"""A form drawn by the renderer has the design system's markup, and an error leads to its control."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.template import Context, Template

from redway.web.design.forms import DateBoxesField, DayOfYearField
from redway.web.design.renderer import GovukRenderer


class VisitForm(forms.Form):
    default_renderer = GovukRenderer

    title = forms.CharField(help_text="As it should appear in the record")
    kind = forms.ChoiceField(choices=[("visit", "Visit"), ("call", "Call")], widget=forms.RadioSelect)
    subjects = forms.MultipleChoiceField(
        choices=[("maths", "Maths"), ("english", "English")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    on = DateBoxesField(label="Date of the visit")
    agreed = forms.BooleanField(label="Agreed with the headteacher", required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)


def rendered(form: forms.Form) -> str:
    return Template("{% load design %}{% error_summary %}{{ form }}").render(Context({"form": form}))


def test_every_kind_of_control_has_its_class_and_label() -> None:
    page = rendered(VisitForm())
    for name in ("govuk-input", "govuk-radios__input", "govuk-checkboxes__input", "govuk-textarea"):
        assert name in page
    assert '<input type="checkbox" name="subjects" value="maths" class="govuk-checkboxes__input"' in page
    assert '<input type="radio" name="kind" value="visit" class="govuk-radios__input"' in page
    assert '<label class="govuk-label" for="id_title">Title</label>' in page
    assert "Note (optional)" in page
    assert 'id="id_title_helptext"' in page
    assert 'aria-describedby="id_title_helptext"' in page
    assert "required" not in page, "the browser's own messages would hide the error summary"


def test_the_error_summary_links_to_the_first_control_of_a_group() -> None:
    page = rendered(VisitForm({"title": "", "on_day": "", "on_month": "", "on_year": ""}))
    for target in ("id_title", "id_kind_0", "id_on_0"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page


def test_a_form_that_was_not_sent_shows_no_problem() -> None:
    assert "There is a problem" not in rendered(VisitForm())


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("31", "2", "2026", "Date of the visit must be a real date, such as 27 3 2026"),
        ("31", "", "2026", "Date of the visit must include a month"),
        ("", "", "2026", "Date of the visit must include a day and a month"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(day: str, month: str, year: str, message: str) -> None:
    form = VisitForm({"title": "x", "kind": "visit", "on_day": day, "on_month": month, "on_year": year})
    assert form.errors["on"] == [message]


def test_a_date_is_a_date() -> None:
    form = VisitForm({"title": "x", "kind": "visit", "on_day": "2", "on_month": "4", "on_year": "2026"})
    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2026, 4, 2)


class YearlyForm(forms.Form):
    default_renderer = GovukRenderer

    due = DayOfYearField(label="Due every year on")


def test_a_day_of_the_year_is_typed_as_day_and_month() -> None:
    form = YearlyForm({"due_day": "9", "due_month": "10"}, initial={"due": (9, 8)})
    assert form.is_valid()
    assert form.cleaned_data["due"] == (10, 9)
    page = rendered(YearlyForm(initial={"due": (10, 9)}))
    assert 'name="due_day" value="9"' in page
    assert 'name="due_month" value="10"' in page
    assert "due_year" not in page


@pytest.mark.parametrize(
    ("day", "month", "message"),
    [
        ("31", "2", "Due every year on must be a real day, such as 9 9 for 9 September"),
        ("29", "02", "Due every year on must be a day of every year: choose 28 February or 1 March"),
        ("nine", "9", "Due every year on must be a real day, such as 9 9 for 9 September"),
        ("", "9", "Due every year on must include a day"),
        ("", "", "This field is required."),
    ],
)
def test_a_day_that_no_year_or_not_every_year_has_is_refused(day: str, month: str, message: str) -> None:
    form = YearlyForm({"due_day": day, "due_month": month})
    assert form.errors["due"] == [message]
