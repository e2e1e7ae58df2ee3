"""The workbench as it is shown: the boxes, and beside them the effect of what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from redway.figures.chart import Chart
from redway.figures.gains import GAINING, LOSING, UNCHANGED
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.web.design.charts import ChartView
from redway.web.design.tables import TableView
from redway.web.funding.asked import Asked, changes_in_words, read_asked
from redway.web.funding.effect import Effect, effect_chart, effect_map, effect_view
from redway.web.funding.ground import Ground, ground_under
from redway.web.funding.models import Scenario
from redway.web.funding.rate_fields import RateField, pounds
from redway.web.funding.scenarios import content_of, current_formula
from redway.web.register.models import Authority

BUILD = "funding"
AGAINST = {"current": "Formula in force", "saved": "As saved"}
"""What a scenario can be compared with, and what it is called in tables."""


MAP_SIGNS = "Triangle up: gains. Triangle down: loses. Dot: unchanged."


@dataclass(frozen=True)
class Box:
    """One rate with the box it is typed into."""

    field: RateField
    bound: BoundField

    @property
    def saved(self) -> str:
        """What stood in it when the scenario was saved."""
        return str(self.bound.initial)

    @property
    def national(self) -> str:
        return "" if self.field.national is None else self.field.show(self.field.national)

    @property
    def local(self) -> str:
        return self.field.show(self.field.in_force) if self.field.is_local else ""


@dataclass(frozen=True)
class BoxGroup:
    """Rates that belong together, folded away until they are wanted, or wrong, or changed."""

    label: str
    boxes: list[Box]
    is_open: bool


@dataclass(frozen=True)
class Workbench:
    """One scenario with what is typed over it, and the effect of that."""

    authority: Authority
    scenario: Scenario
    ground: Ground
    asked: Asked
    against: str
    effect: Effect

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parameters that lead here: what is typed, and what it is compared with."""
        pairs = list(self.asked.form.query().items()) if self.asked.is_changed else []
        return [*pairs, *([("against", self.against)] if self.against != self.usual_against else [])]

    @property
    def usual_against(self) -> str:
        return usual_against(self.scenario)

    @property
    def address(self) -> str:
        return reverse("funding:workbench", args=[self.scenario.pk])

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """(what, as saved, as typed) of everything that is not saved yet."""
        fields = self.asked.form.rate_fields
        return changes_in_words(content_of(self.scenario), self.asked.content, fields)

    @property
    def boxes(self) -> list[BoxGroup]:
        form = self.asked.form
        touched = {*form.errors, *(form.query() if self.asked.is_changed else {})}
        return [
            BoxGroup(
                group.label,
                [Box(field, form[field.name]) for field in group.fields],
                group.open_first or any(field.name in touched for field in group.fields),
            )
            for group in self.asked.groups
        ]

    @property
    def headroom_words(self) -> str:
        """What is left of the money, or lacking."""
        left = self.effect.headroom
        return "" if left is None else str(abs(left))

    @property
    def change_words(self) -> str:
        """How much more or less than what it is compared with."""
        change = self.effect.change
        if not change.pence:
            return "no change"
        return f"{abs(change)} {'more' if change.pence > 0 else 'less'}"

    @property
    def said(self) -> str:
        """The effect in one line, for those who hear it and for a narrow screen."""
        effect = self.effect
        left = effect.headroom
        money = (
            ""
            if left is None
            else f", {'headroom' if left.pence >= 0 else 'lacking'} {pounds(abs(left).pence)}"
        )
        return (
            f"All schools {pounds(effect.total.pence)}{money}. "
            f"{effect.count(GAINING)} gain, {effect.count(LOSING)} lose, {effect.count(UNCHANGED)} unchanged."
        )

    def table(self, query: QueryDict) -> TableView:
        address = reverse("funding:effect_table", args=[self.scenario.pk, "x"]).removesuffix(".x")
        return effect_view(self.effect, query, address, self.kept, self.scenario.year, str(self.scenario.pk))

    def chart(self) -> ChartView:
        return self._drawn("gains", effect_chart(self.effect))

    def map(self) -> ChartView | None:
        drawn = effect_map(self.effect, self.authority)
        return None if drawn is None else self._drawn("map", drawn, MAP_SIGNS)

    def _drawn(self, name: str, chart: Chart, source: str = "") -> ChartView:
        address = reverse("funding:effect_chart", args=[self.scenario.pk, name, "x"]).removesuffix(".x")
        return ChartView(name, chart, address, chart.key[:12], source, self.query)


class NoGround(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """There are no schools to work anything out for."""


def workbench_of(request: HttpRequest, authority: Authority, scenario: Scenario) -> Workbench:
    """The workbench at an address. Raises NoGround, YearWithoutValues and RatesRefused."""
    ground = ground_under(scenario)
    if ground is None:
        raise NoGround(
            f"There is no table of schools for {scenario.year}.", "Take in the file of schools first."
        )
    asked = read_asked(ground, content_of(scenario), request.GET)
    against = request.GET.get("against", "")
    if against not in AGAINST:
        against = usual_against(scenario)
    after = ground.budgets(asked.content.changes, asked.content.rules)
    before = _compared(scenario, ground, against)
    effect = Effect(before, after, AGAINST[against], ground.for_schools)
    return Workbench(authority, scenario, ground, asked, against, effect)


def usual_against(scenario: Scenario) -> str:
    """The formula in force is set beside itself as saved, everything else beside the formula in force."""
    return "saved" if scenario.is_current else "current"


def _compared(scenario: Scenario, ground: Ground, against: str) -> Budgets:
    """The other result, on the same schools and rates."""
    current = scenario if against == "saved" else current_formula(scenario.authority, scenario.year)
    return ground.of(current or scenario)
