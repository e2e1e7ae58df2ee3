"""Where the person of a case works: put right, and other work written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404

from redway.allegations.outcomes import Sector
from redway.web.allegations.answers import BASES
from redway.web.allegations.case_deed import RUNNING, Deed, Sent
from redway.web.allegations.case_form import CaseForm, choices_of
from redway.web.allegations.models import Case, CaseState, Engagement
from redway.web.allegations.services.work import save_work, work_of
from redway.web.design.form_fields import from_list, line, lines, one_of
from redway.web.register.models import Authority, Rank, School

_STATES = RUNNING | {CaseState.ADVICE, CaseState.CLOSED}
_YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not known")]
_ANSWERS = {True: "yes", False: "no"}
_SAYS = {"yes": True, "no": False}


class OtherWorkForm(CaseForm):
    """Work of the person."""

    sector = from_list("Sector", choices_of(Sector), missing="Choose the sector")
    employer = line("Employer or organisation", missing="Enter the employer or organisation")
    role = line("Their role there", required=False)
    basis = from_list("On what basis", choices_of(BASES), missing="Choose on what basis they work")
    agency = line("Agency", "If they come through one", required=False)
    authority = from_list("Authority in which they work", [], required=False)
    school = from_list("School", [], "If it is a school of this authority", required=False)
    teacher = one_of("Are they employed or engaged as a teacher?", _YES_NO, required=False)
    regulated_activity = one_of("Is it regulated activity with children?", _YES_NO, required=False)

    def prepare(self) -> None:
        authorities = Authority.objects.filter(ended__isnull=True).order_by("name")
        schools = School.objects.filter(authority=self.case.authority, rank=Rank.OPEN).order_by("sort_name")
        kept = [(self.item.school, f"School {self.item.school}")] if self.item and self.item.school else []
        shown = [(one.key, one.shown_name) for one in schools]
        kept = [one for one in kept if one[0] not in dict(shown)]
        self._offer("authority", list(authorities.values_list("number", "name")))
        self._offer("school", [*shown, *kept])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Not known"), *choices]


class WorkForm(OtherWorkForm):
    """Work that is written down, put right."""

    reason = lines("Why it is corrected", missing="Say why it is corrected", rows=3)


def _work(case: Case, item: str) -> Engagement:
    found = work_of(case).filter(pk=item).first() if item.isdecimal() and len(item) < 12 else None
    if found is None:
        raise Http404("There is no such work in this case.")
    return found


def _as_written(case: Case, item: Engagement) -> dict[str, Any]:
    about = item.details
    return {
        "sector": item.sector,
        "basis": item.basis,
        "authority": item.authority,
        "school": item.school,
        **{name: about.get(name, "") for name in ("employer", "role", "agency")},
        **{name: _ANSWERS.get(about.get(name), "") for name in ("teacher", "regulated_activity")},
    }


def _save(sent: Sent) -> object:
    given = sent.given
    return save_work(
        **sent.whose,
        work=sent.item,
        sector=Sector(given["sector"]),
        basis=given["basis"],
        details={
            **{name: given[name] for name in ("employer", "role", "agency")},
            **{name: _SAYS.get(given[name]) for name in ("teacher", "regulated_activity")},
        },
        authority=given["authority"],
        school=given["school"],
        because=given.get("reason", ""),
    )


WORK_DEEDS: tuple[Deed, ...] = (
    Deed(
        "work",
        "Where the person works",
        "Save",
        "It is put right. What was written before is in the timeline.",
        WorkForm,
        _save,
        "person",
        item=_work,
        initial=_as_written,
        lead="The case is counted under the sector of the work it is about.",
        states=_STATES,
    ),
    Deed(
        "other-work",
        "Other work of the person",
        "Save",
        "It is written down.",
        OtherWorkForm,
        _save,
        "person",
        lead="Another employer, an agency, a volunteer role, foster care: wherever else children are.",
        states=_STATES,
    ),
)
