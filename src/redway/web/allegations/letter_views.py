"""Papers of a case: the outcome letter, the chronology, and the record for the person who asks for it."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.figures.letters import Letter, write_letter
from redway.web.allegations.access import access_case
from redway.web.allegations.case_deed_views import problems_of
from redway.web.allegations.case_forms_of_people import name_of
from redway.web.allegations.case_pages import address, title_of, trail_of
from redway.web.allegations.document_views import kept_private
from redway.web.allegations.letters import (
    Redaction,
    chronology_letter,
    chronology_lines,
    first_wording,
    letter_problems,
    outcome_letter,
    record_for_the_person,
)
from redway.web.allegations.models import Case
from redway.web.allegations.others_named import names_of_others
from redway.web.allegations.queries import CaseView, case_view
from redway.web.audit import services as audit
from redway.web.design.form_fields import lines
from redway.web.people.declarations import needs
from redway.web.people.models import Person


class WordingForm(forms.Form):
    """What is alleged, as the letter says it: one box for each allegation."""

    def __init__(self, view: CaseView, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for number, words in first_wording(view).items():
            name = f"allegation_{number}"
            label = f"Allegation {number}, as the letter says it"
            self.fields[name] = lines(label, missing=f"Say what allegation {number} is", rows=3)
            self.fields[name].initial = words

    def wording(self) -> dict[int, str]:
        """Number of an allegation -> its words."""
        return {int(name.removeprefix("allegation_")): words for name, words in self.cleaned_data.items()}


class RedactionForm(forms.Form):
    """Whose names are taken out, and which entries."""

    names = forms.MultipleChoiceField(
        label="Names that are taken out", required=False, widget=forms.CheckboxSelectMultiple
    )
    also = lines("Other names or words that are taken out", "One on each line", rows=3, required=False)
    left_out = forms.MultipleChoiceField(
        label="Entries that are left out",
        help_text="Only what is about others and cannot be told without them",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, view: CaseView, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        others = names_of_others(view)
        self.fields["names"].choices = [(one, one) for one in others]  # type: ignore[attr-defined]
        self.fields["names"].initial = others
        self.fields["left_out"].choices = [  # type: ignore[attr-defined]
            (one.key, f"{one.when}: {one.what}") for one in chronology_lines(view, ())
        ]

    def redaction(self) -> Redaction:
        """What was chosen."""
        given = self.cleaned_data
        also = [one.strip() for one in given["also"].splitlines() if one.strip()]
        return Redaction([*given["names"], *also], given["left_out"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.work", of="allegation")
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Write the outcome letter: its words are read and corrected first, and it comes as PDF."""
    case = access_case(request, key, "allegation.work")
    view = case_view(case)
    form = WordingForm(view, request.POST if request.method == "POST" else None)
    problems = letter_problems(view)
    if request.method == "POST" and form.is_valid() and not problems:
        try:
            made = outcome_letter(view, name_of(case.authority), timezone.localdate(), form.wording())
        except RedwayError as error:
            for problem in (*problems_of(error), *filter(None, [error.next_step])):
                form.add_error(None, problem)
        else:
            return _paper(request, case, made, "make_letter", "outcome-letter")
    context = _context(request, case, "allegation.work") | {"form": form, "problems": problems}
    return render(request, "allegations/case/letter.html", context)


@require_safe
@needs("allegation.view", of="allegation")
def chronology_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The chronology as PDF, without the names of others."""
    case = access_case(request, key, "allegation.view")
    made = chronology_letter(case_view(case), name_of(case.authority), timezone.localdate())
    return _paper(request, case, made, "make_chronology", "chronology")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.work", of="allegation")
def access_pack(request: HttpRequest, key: str) -> HttpResponse:
    """What the person may see of what is held: choose what is taken out, read it, take it as PDF."""
    case = access_case(request, key, "allegation.work")
    view = case_view(case)
    form = RedactionForm(view, request.POST if request.method == "POST" else None)
    go = request.POST.get("go", "")
    checking = request.method == "POST" and form.is_valid() and go != "change"
    context = _context(request, case, "allegation.work") | {"form": form, "checking": checking}
    if checking:
        redaction = form.redaction()
        made = record_for_the_person(view, name_of(case.authority), timezone.localdate(), redaction)
        if go == "make":
            return _paper(request, case, made, "make_access_pack", "record", len(redaction.left_out))
        context |= {"made": made, "sent_again": _sent_again(request)}
    return render(request, "allegations/case/access_pack.html", context)


def _paper(
    request: HttpRequest, case: Case, made: Letter, verb: str, name: str, left_out: int = 0
) -> HttpResponse:
    """The paper as a file; that it was made is recorded."""
    body = write_letter(made)
    with transaction.atomic():
        audit.record(
            request.user if isinstance(request.user, Person) else None,
            f"allegation.{verb}",
            "allegation",
            case.key,
            {"entries_left_out": left_out} if left_out else {},
            sensitive_read=True,
        )
    return kept_private(body, "application/pdf", f"case-{case.key}-{name}.pdf")


def _context(request: HttpRequest, case: Case, action: str) -> dict[str, object]:
    return {
        "title": title_of(case),
        "back_address": address(case, "closing"),
        "breadcrumbs": trail_of(request, case, action),
    }


def _sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The choices as they were sent, for the page that shows what is left."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name in ("names", "also", "left_out")
    ]
