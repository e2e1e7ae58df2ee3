"""Lists of cases: those one is named on, and the advice among them. Filters hold no names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.allegations.outcomes import Category, Sector
from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.case_pages import address
from redway.web.allegations.models import Case, CaseState
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

STATES: Mapping[str, tuple[CaseState, ...]] = {
    "running": (CaseState.ARRIVED, CaseState.OPEN),
    "arrived": (CaseState.ARRIVED,),
    "open": (CaseState.OPEN,),
    "advice": (CaseState.ADVICE,),
    "closed": (CaseState.CLOSED,),
    "transferred": (CaseState.TRANSFERRED,),
    "all": tuple(CaseState),
}
_STATE_WORDS = {
    "running": "Arrived or open",
    "arrived": "Arrived, not evaluated yet",
    "open": "Open",
    "advice": "Advice",
    "closed": "Closed",
    "transferred": "With another authority",
    "all": "All",
}


class CaseFilter(forms.Form):
    """Which cases are listed. What cannot be understood filters nothing."""

    state = forms.ChoiceField(label="How it stands", choices=list(_STATE_WORDS.items()), required=False)
    sector = forms.ChoiceField(
        label="Sector",
        choices=[("", "Every sector"), *((one.value, one.value.capitalize()) for one in Sector)],
        required=False,
    )
    category = forms.ChoiceField(
        label="Category",
        choices=[("", "Every category"), *((one.value, one.value.capitalize()) for one in Category)],
        required=False,
    )
    year = forms.IntegerField(
        label="Year it was referred in",
        min_value=1990,
        max_value=2100,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )

    def narrowed(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """The cases that were asked for; those that run unless something else was."""
        self.is_valid()
        wanted = self.cleaned_data
        cases = cases.filter(state__in=STATES[wanted.get("state") or "running"])
        asked = Q()
        if wanted.get("sector"):
            asked &= Q(sector=wanted["sector"])
        if wanted.get("category"):
            asked &= Q(category=wanted["category"])
        if wanted.get("year"):
            asked &= Q(referred_at__year=wanted["year"])
        return cases.filter(asked)


class WithoutSeeking(TableView):
    """A table of people: ordered and paged, never searched, for words sought stand in the address."""

    @property
    def has_tools(self) -> bool:
        return False


_COLUMNS = (
    Column("case", "Case"),
    Column("person", "Person it is about"),
    Column("state", "How it stands"),
    Column("sector", "Sector"),
    Column("category", "Category"),
    Column("referred", "Referred", Kind.DATE),
    Column("evaluated", "Evaluated", Kind.DATE),
)
_ADVICE_COLUMNS = (
    Column("case", "Record"),
    Column("person", "Person it is about"),
    Column("sector", "Sector"),
    Column("source", "Asked by"),
    Column("referred", "Asked on", Kind.DATE),
    Column("reason", "Why it is advice"),
    Column("next", "What may be done"),
)


def who(case: Case) -> str:
    """The name of the person a case is about, as somebody named on it reads it."""
    names = case.subject.identity.get("names") or ["Name not known"]
    return str(names[0])


def case_view(cases: QuerySet[Case], state: TableState) -> TableView:
    """Cases as a table, the latest first. One query."""
    read = cases.select_related("subject").defer("account", "closed_over").order_by("-referred_at")
    rows: list[Row] = [
        {
            "case": case.key,
            "person": who(case),
            "state": _STATE_WORDS[case.state],
            "sector": case.sector.capitalize(),
            "category": case.category.capitalize() or "Not recorded",
            "referred": timezone.localdate(case.referred_at),
            "evaluated": case.evaluated_on or "Not yet",
        }
        for case in read
    ]
    return _view(Table("Cases, the latest first", _COLUMNS, rows), state, read)


def advice_view(cases: QuerySet[Case], state: TableState, *, may_work: bool) -> TableView:
    """The advice log as a table, the latest first; who may work on cases is led on. One query."""
    read = cases.filter(state=CaseState.ADVICE).select_related("subject").order_by("-referred_at")
    rows: list[Row] = [
        {
            "case": case.key,
            "person": who(case),
            "sector": case.sector.capitalize(),
            "source": case.source.capitalize() or "Not recorded",
            "referred": timezone.localdate(case.referred_at),
            "reason": why_advice(case),
            "next": "Make it a referral",
        }
        for case in read
    ]
    columns = _ADVICE_COLUMNS if may_work else _ADVICE_COLUMNS[:-1]
    return _view(Table("Advice given", columns, rows), state, read)


def why_advice(case: Case) -> str:
    """The reason of the latest evaluation: why no limb of the threshold is met."""
    evaluations: list[dict[str, Any]] = case.account.get("evaluations") or [{}]
    return str(evaluations[-1].get("reason") or "Not recorded")


def _view(table: Table, state: TableState, cases: Iterable[Case]) -> TableView:
    by_key = {case.key: case for case in cases}
    links: Mapping[str, Callable[[Row], str]] = {
        "case": lambda row: address(by_key[str(row["case"])]),
        "next": lambda row: address(by_key[str(row["case"])], "", "case_reopen"),
    }
    return WithoutSeeking(table, state, links=links)
