"""What is typed into the workbench, read from the address: rates and rules that differ from what was saved.

Everything typed stands in the address, so a link leads a colleague to the very same figures, and nothing is
lost on the way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django import forms

from redway.funding.errors import FundingError
from redway.funding.rounding import Rounding
from redway.funding.rules import Rules, in_range
from redway.web.funding.ground import Ground
from redway.web.funding.rate_fields import RateField, RateGroup, fields_of, groups_of, label_of, plain
from redway.web.funding.scenarios import Content

ROUNDING_LABELS = {
    Rounding.DFE_LINES: "Every line to the penny, as the department pays",
    Rounding.WORKBOOK: "Only rates and results, as a spreadsheet adds up",
    Rounding.WHOLE_POUNDS: "Every line to the pound",
}
_LONGEST = 20
RULES = ("guarantee", "cap", "scale")
_LABELS = {
    "guarantee": "Minimum funding guarantee",
    "cap": "Cap on gains",
    "scale": "Share of a gain above the cap that is taken",
}


class WorkbenchForm(forms.Form):
    """A box for every rate that moves something, and the rules. An error stands beside its box."""

    def __init__(
        self, groups: tuple[RateGroup, ...], saved: Content, ground: Ground, data: Any = None
    ) -> None:
        super().__init__(data, auto_id="%s")
        self.ground, self.saved, self.rate_fields = ground, saved, fields_of(groups)
        self.initial = typed_of(saved, self.rate_fields)
        for name, field in self.rate_fields.items():
            self.fields[name] = _box(field.label)
        for name in RULES:
            self.fields[name] = _box(_LABELS[name])
        self.fields["rounding"] = forms.ChoiceField(
            label="Rounding",
            choices=[(one.value, label) for one, label in ROUNDING_LABELS.items()],
            required=False,
        )
        if self.is_bound:
            # What the address does not name is as it was saved.
            self.data = {**self.initial, **{name: data[name] for name in self.fields if name in data}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._rates(cleaned)
        self._rules(cleaned)
        return cleaned

    def _rates(self, cleaned: dict[str, Any]) -> None:
        rates = self.ground.rates
        self.changes: dict[str, Decimal] = {
            name: value for name, value in self.saved.changes.items() if name not in self.rate_fields
        }
        for name, field in self.rate_fields.items():
            text = str(cleaned.get(name) or "")
            if not text:
                in_force = field.show(field.in_force)
                self.add_error(name, f"{field.label}: enter a value; the one in force is {in_force}")
                continue
            try:
                value = _number(text)
                rates.over({name: value})
            except FundingError as error:
                self.add_error(name, f"{field.label}: {_sentence(error, name, field)}")
                continue
            if field.typed(value) != field.typed(field.in_force):
                self.changes[name] = value

    def _rules(self, cleaned: dict[str, Any]) -> None:
        given: dict[str, Decimal] = {}
        for name in RULES:
            text = str(cleaned.get(name) or "").removesuffix("%")
            if not text:
                continue
            try:
                value = _number(text)
                _alone(name, value)
                given[name] = value
            except FundingError as error:
                self.add_error(name, _said(error))
        rounding = Rounding(cleaned.get("rounding") or Rounding.DFE_LINES)
        self.rules = Rules(rounding=rounding)
        try:
            rules = Rules(
                guarantee=given.get("guarantee"),
                cap=given.get("cap"),
                scale=given.get("scale", Decimal(100)),
                rounding=rounding,
            )
        except FundingError as error:
            self.add_error("cap", _said(error))
            return
        try:
            in_range(rules, self.ground.rates)
        except FundingError as error:
            self.add_error("guarantee", _said(error))
            return
        self.rules = rules

    @property
    def content(self) -> Content:
        """What is typed, once the form is sound."""
        return Content(self.changes, self.rules)

    def query(self) -> dict[str, str]:
        """The parameters that lead here: what differs from what was saved, and nothing else."""
        now = typed_of(self.content, self.rate_fields)
        return {name: value for name, value in now.items() if value != self.initial[name]}


@dataclass(frozen=True)
class Asked:
    """A workbench as it is asked for: its boxes, and what is to be shown beside them."""

    groups: tuple[RateGroup, ...]
    form: WorkbenchForm
    content: Content
    """What the effect is shown of: what is typed if it is sound, else what was saved."""
    is_changed: bool

    @property
    def query(self) -> str:
        """The parameters that lead here, encoded."""
        return urlencode(self.form.query()) if self.is_changed else ""


def read_asked(ground: Ground, saved: Content, data: Mapping[str, str]) -> Asked:
    """What is typed, from the parameters of an address or of a form."""
    groups = groups_of(ground.rates, ground.calculation.schools, ground.ranges)
    form = WorkbenchForm(groups, saved, ground, data)
    sound = form.is_valid()
    content = form.content if sound else saved
    return Asked(groups, form, content, sound and bool(form.query()))


def typed_of(content: Content, fields: Mapping[str, RateField]) -> dict[str, str]:
    """What stands in each box for some content."""
    rules = content.rules
    return {
        **{name: field.typed(content.changes.get(name, field.in_force)) for name, field in fields.items()},
        "guarantee": "" if rules.guarantee is None else plain(rules.guarantee),
        "cap": "" if rules.cap is None else plain(rules.cap),
        "scale": plain(rules.scale),
        "rounding": rules.rounding.value,
    }


def changes_in_words(
    before: Content, after: Content, fields: Mapping[str, RateField]
) -> list[tuple[str, str, str]]:
    """(what, before, after) of everything that differs."""
    was, now = typed_of(before, fields), typed_of(after, fields)
    return [
        (
            what_is_typed(name, fields),
            shown_value(name, was[name], fields),
            shown_value(name, now[name], fields),
        )
        for name in now
        if was[name] != now[name]
    ]


def what_is_typed(name: str, fields: Mapping[str, RateField]) -> str:
    """What a box is called: a rate, or one of the rules."""
    return label_of(name) if name in fields else _LABELS.get(name, "Rounding")


def shown_value(name: str, text: str, fields: Mapping[str, RateField]) -> str:
    """What stands in a box, as it is read."""
    if name in fields:
        return fields[name].show(Decimal(text))
    if name == "rounding":
        return ROUNDING_LABELS[Rounding(text)]
    return f"{text}%" if text else "not used"


def _alone(name: str, percent: Decimal) -> Rules:
    """One rule by itself, so that an error is told beside its own box. Raises RulesRefused."""
    if name == "guarantee":
        return Rules(guarantee=percent)
    return Rules(cap=percent) if name == "cap" else Rules(scale=percent)


def _box(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False)


def _number(text: str) -> Decimal:
    """A number as people type it: £3,847.00, 3 847, -0.5, −0.5. Raises FundingError."""
    if len(text) > _LONGEST:
        raise FundingError(f"A value has {_LONGEST} characters at most.", "Write a number such as 3847.00.")
    bare = "".join(text.split()).replace("£", "").replace(",", "").replace("\N{MINUS SIGN}", "-")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise FundingError(f"'{text}' is not a number.", "Write a number such as 3847.00.")
    return value


def _sentence(error: FundingError, name: str, field: RateField) -> str:
    """The error in the words of the page, where the kernel names the rate by its name in files."""
    return _said(error).replace(f"{name} cannot be", "it cannot be").replace(f"for {name}", "for it")


def _said(error: FundingError) -> str:
    return f"{error.message} {error.next_step}".strip()
