"""What is looked at once a quarter: cases in which nothing happens, and every time the glass was broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.core.words import counted, day_in_words
from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.access import cases_open_to, not_barred
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists import WithoutSeeking, who
from redway.web.allegations.lists_views import read_names
from redway.web.allegations.models import Capacity, Case, CaseState, Named
from redway.web.allegations.movement import Still, still_cases
from redway.web.design.table_state import TableState
from redway.web.design.templatetags.design import day_and_time
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person

STILL_FOR = (14, 28, 56, 91)
"""Days without movement to choose from. Guidance reviews a case every two weeks, at the latest every four."""
_STILL_COLUMNS = (
    Column("case", "Case"),
    Column("person", "Person it is about"),
    Column("state", "How it stands"),
    Column("since", "Last thing that happened", Kind.DATE),
    Column("days", "Days since", Kind.NUMBER),
)
_GLASS_COLUMNS = (
    Column("when", "Opened"),
    Column("by", "By"),
    Column("case", "Case"),
    Column("reason", "Why"),
    Column("looked", "Looked at"),
)


class ReviewForm(forms.Form):
    """For how long nothing has happened, and of which quarter the glass is looked at."""

    days = forms.TypedChoiceField(
        label="Nothing has happened for",
        choices=[(days, f"{days} days") for days in STILL_FOR],
        coerce=int,
    )
    quarter = forms.ChoiceField(label="Opened without being named in", choices=[])

    def __init__(self, given: Mapping[str, str], today: date) -> None:
        self.quarters = _quarters(today)
        asked = {"days": given.get("days", "28"), "quarter": given.get("quarter", "")}
        if asked["quarter"] not in self.quarters:
            asked["quarter"] = next(iter(self.quarters))
        if asked["days"] not in map(str, STILL_FOR):
            asked["days"] = "28"
        super().__init__(asked)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, _in_words(*days)) for key, days in self.quarters.items()]
        self.is_valid()

    @property
    def chosen(self) -> tuple[date, date]:
        """First and last day of the quarter."""
        return self.quarters[self.cleaned_data["quarter"]]


@require_safe
@needs("allegation.list")
def reviews(request: HttpRequest) -> HttpResponse:
    """Both lists, of the cases one is named on; of others only how many."""
    assert isinstance(request.user, Person)
    person, now = request.user, timezone.now()
    form = ReviewForm(request.GET.dict(), permission.today())
    mine = cases_open_to(person, now)
    others = not_barred(
        Case.objects.filter(authority__in=permission.visible(request, "allegation.statistics").authorities),
        person,
    ).exclude(pk__in=mine.values("pk"))
    days: int = form.cleaned_data["days"]
    still = still_cases(mine, now, days)
    glass = list(_glass(mine, form.chosen).select_related("person"))
    read_names(person, "allegation.read_review", len(still))
    still_of_others, glass_of_others = (
        len(still_cases(others, now, days)),
        _glass(others, form.chosen).count(),
    )
    context = {
        "form": form,
        "still": _view(request, "", _still_table(still)),
        "still_of_others": counted(still_of_others, "case") if still_of_others else "",
        "glass": _view(request, "glass", _glass_table(glass)),
        "glass_of_others": counted(glass_of_others, "time") if glass_of_others else "",
        "quarter": _in_words(*form.chosen),
        "days": days,
        "related": related_pages(request, but="allegations:reviews"),
    }
    return render(request, "allegations/lists/reviews.html", context)


def _glass(cases: QuerySet[Case], quarter: tuple[date, date]) -> QuerySet[Named]:
    first, last = quarter
    return Named.objects.filter(
        case__in=cases.values("pk"),
        capacity=Capacity.BREAK_GLASS,
        from_at__date__gte=first,
        from_at__date__lte=last,
    ).order_by("-from_at")


def _still_table(still: Sequence[Still]) -> Table:
    cases = Case.objects.select_related("subject").in_bulk([one.case for one in still])
    rows: list[Row] = [
        {
            "case": one.case,
            "person": who(cases[one.case]),
            "state": CaseState(cases[one.case].state).label,
            "since": one.since,
            "days": one.days,
        }
        for one in still
    ]
    return Table("Cases without movement, the longest still first", _STILL_COLUMNS, rows)


def _glass_table(glass: Sequence[Named]) -> Table:
    rows: list[Row] = [
        {
            "when": day_and_time(one.from_at),
            "by": one.person.full_name,
            "case": one.case_id,
            "reason": one.reason,
            "looked": day_in_words(timezone.localdate(one.reviewed_at)) if one.reviewed_at else "Not yet",
        }
        for one in glass
    ]
    return Table("Opened by somebody not named, the latest first", _GLASS_COLUMNS, rows)


def _view(request: HttpRequest, prefix: str, table: Table) -> WithoutSeeking:
    sections = {"glass": "#open-to"}
    return WithoutSeeking(
        table,
        TableState.read(request.GET, prefix),
        links={
            "case": lambda row: reverse("allegations:case", args=[row["case"]]) + sections.get(prefix, "")
        },
    )


def _quarters(today: date) -> dict[str, tuple[date, date]]:
    """The quarter now running and the four before it, by their first day; the latest first."""
    found = {}
    start = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for _ in range(5):
        after = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
        found[start.isoformat()] = (start, after - timedelta(days=1))
        before = start - timedelta(days=1)
        start = date(before.year, before.month - 2, 1)
    return found


def _in_words(first: date, last: date) -> str:
    return f"{first:%B} to {last:%B %Y}"
