"""Pages of low-level concerns: the log with its patterns, entering one, reading one, making it a referral."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.allegations.same_person import Identity, possible_match
from redway.core.errors import RedwayError
from redway.core.words import counted, day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.case_deed_views import problems_of
from redway.web.allegations.case_deeds_of_one_person import who
from redway.web.allegations.concerns import (
    KIND,
    PatternNote,
    access_concern,
    concerns_open_to,
    patterns_among,
    threshold_of,
)
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists import WithoutSeeking
from redway.web.allegations.lists_views import read_names
from redway.web.allegations.models import LowLevelConcern, Subject
from redway.web.allegations.people import identity_of
from redway.web.allegations.services import concerns as services
from redway.web.allegations.services.merging import head_of
from redway.web.audit import services as audit
from redway.web.design.form_fields import day, from_list, line, lines, one_of
from redway.web.design.table_state import TableState
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.signed_in import person_of
from redway.web.register.models import Authority, Rank, School

NEW = "new"
_COLUMNS = (
    Column("on", "Day", Kind.DATE),
    Column("person", "Person"),
    Column("place", "Place"),
    Column("entered", "Entered by"),
    Column("became", "Became a referral"),
    Column("read", "Concern"),
)


class ConcernForm(forms.Form):
    """A concern. Where somebody like the person is in the log already, it is asked whether it is them."""

    authority = forms.ChoiceField(label="Authority", widget=forms.HiddenInput)
    name = line("Name of the person", missing="Enter the person’s name")
    born = day("Date of birth, if you know it", required=False)
    on = day("Day of the concern", missing="Enter the day of the concern")
    school = from_list("School, if it is one of this authority", [], required=False)
    place = line("Or another place where they work", required=False)
    role = line("Their role there", required=False)
    words = lines(
        "What the concern is", "What was seen or said, and by whom", missing="Say what the concern is"
    )
    done = lines("What was done about it", rows=3, required=False)
    same_as = one_of("Is it one of these people?", [], required=False)

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        here = permission.visible(person, "allegation.settings").authorities
        authorities = Authority.objects.filter(number__in=here).values_list("number", "name")
        _choices(self, "authority", list(authorities))
        if len(authorities) == 1:
            self.fields["authority"].initial = authorities[0][0]
        else:
            self.fields["authority"].widget = forms.Select(choices=list(authorities))
        schools = School.objects.filter(authority__in=here, rank=Rank.OPEN).order_by("sort_name")
        _choices(self, "school", [("", "Choose one"), *((one.key, one.shown_name) for one in schools)])
        self._offer(person)

    def _offer(self, person: Person) -> None:
        """Ask whether it is somebody known, where there is somebody like them."""
        self.alike = _people_like(person, self) if self.is_bound else []
        if not self.alike:
            del self.fields["same_as"]
            return
        _choices(
            self,
            "same_as",
            [
                *((one.key, f"{who(one)}. {' '.join(why)}") for one, why in self.alike),
                (NEW, "Nobody of these"),
            ],
        )
        self.fields["same_as"].required = True
        self.fields["same_as"].error_messages["required"] = "Say whether it is one of these people"

    def same(self) -> Subject | None:
        """The person in the log whom it is about."""
        chosen = self.cleaned_data.get("same_as", NEW)
        return next((one for one, _ in self.alike if one.key == chosen), None)


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def _people_like(person: Person, form: forms.Form) -> list[tuple[Subject, tuple[str, ...]]]:
    """People in the log whom the name and birth that were typed might belong to, with the reasons."""
    name = str(form.data.get("name", ""))
    typed = form.fields["born"].widget.value_from_datadict(form.data, {}, "born")
    try:
        born = form.fields["born"].clean(typed)
    except forms.ValidationError:
        born = None
    authority = form.data.get("authority", "")
    found: dict[str, tuple[Subject, tuple[str, ...]]] = {}
    for one in concerns_open_to(person):
        match = possible_match(Identity((name,), born), identity_of(one.subject))
        if match is not None and one.authority == authority:
            found.setdefault(head_of(one.subject), (one.subject, match.reasons))
    return list(found.values())


@require_safe
@needs("allegation.work")
def concerns(request: HttpRequest) -> HttpResponse:
    """The log: the concerns one may read, and the patterns among them as notes."""
    person = person_of(request)
    held, today = concerns_open_to(person), permission.today()
    notes = []
    for number in sorted({one.authority for one in held}):
        threshold = threshold_of(number, today)
        if threshold is not None:
            here = [one for one in held if one.authority == number]
            notes += [
                {
                    "sentence": _sentence(note),
                    "concerns": note.concerns,
                    "rule": f"{threshold.at_least} within {threshold.months} months. {threshold.source}.",
                    "unconfirmed": threshold.unconfirmed,
                }
                for note in patterns_among(here, today, threshold)
            ]
    read_names(person, "allegation.read_concerns", len(held))
    context = {
        "view": _view(held, TableState.read(request.GET)),
        "notes": notes,
        "related": related_pages(request, but="allegations:concerns"),
    }
    return render(request, "allegations/concerns/log.html", context)


def _sentence(note: PatternNote) -> str:
    found, latest = note.pattern, note.concerns[0]
    between = f"between {day_in_words(found.first)} and {day_in_words(found.last)}"
    many = counted(found.concerns, "concern")
    if found.about == "person":
        return f"{many} about {who(latest.subject)}, {between}."
    return f"{many} about {found.people} different people at {latest.about['place']}, {between}."


def _view(held: Sequence[LowLevelConcern], state: TableState) -> WithoutSeeking:
    rows: list[Row] = [
        {
            "on": one.on,
            "person": who(one.subject),
            "place": one.about["place"] or "Not known",
            "entered": one.entered_by.full_name,
            "became": "Yes" if one.became_id else "No",
            "read": f"Read concern {one.pk}",
        }
        for one in held
    ]
    links = {"read": lambda row: reverse("allegations:concern", args=[str(row["read"]).rsplit(" ", 1)[1]])}
    return WithoutSeeking(Table("Low-level concerns, the latest first", _COLUMNS, rows), state, links=links)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.work")
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a concern."""
    person = person_of(request)
    form = ConcernForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kept = ("authority", "name", "born", "on", "school", "place", "role", "words", "done")
        try:
            made = services.enter_concern(
                actor=person, same_as=form.same(), **{name: given[name] for name in kept}
            )
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
        else:
            messages.success(request, "The concern is kept.")
            return redirect("allegations:concern", made.pk)
    context = {"form": form, "breadcrumbs": _trail()}
    return render(request, "allegations/concerns/new.html", context)


@require_safe
@needs("allegation.work", of="concern")
def concern(request: HttpRequest, key: str) -> HttpResponse:
    """One concern, and the others about the same person that one may read."""
    found, person = access_concern(request, key), person_of(request)
    with transaction.atomic():
        audit.record(
            person,
            "allegation.read_concern",
            KIND,
            found.subject_id,
            {"concern": found.pk},
            sensitive_read=True,
        )
    head = head_of(found.subject)
    about = found.about
    became = found.became
    entered = day_in_words(timezone.localdate(found.entered_at))
    context = {
        "concern": found,
        "rows": [
            ("Person", who(found.subject)),
            ("Day", day_in_words(found.on)),
            ("Place", about["place"] or "Not known"),
            ("Role", about["role"] or "Not known"),
            ("Concern", about["words"]),
            ("What was done", about["done"] or "Nothing is recorded"),
            (
                "Entered by",
                f"{found.entered_by.full_name}, {entered}",
            ),
        ],
        "others": [
            one for one in concerns_open_to(person) if head_of(one.subject) == head and one.pk != found.pk
        ],
        "became": bool(became),
        "case": became.key
        if became and cases_open_to(person, timezone.now()).filter(pk=became.pk).exists()
        else "",
        "breadcrumbs": _trail(),
    }
    return render(request, "allegations/concerns/concern.html", context)


@require_POST
@needs("allegation.work", of="concern")
def refer_concern(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a referral with what the concern says."""
    found = access_concern(request, key)
    try:
        draft = services.make_referral(actor=person_of(request), concern=found)
    except RedwayError as error:
        messages.info(request, str(error))
        return redirect("allegations:concern", key)
    messages.success(request, "A referral is begun with what the concern says. It is sent when you send it.")
    return redirect("allegations:referral", draft.key)


def _trail() -> list[tuple[str, str]]:
    return [
        ("Allegations", reverse("allegations:index")),
        ("Low-level concerns", reverse("allegations:concerns")),
    ]
