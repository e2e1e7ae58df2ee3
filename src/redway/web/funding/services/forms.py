"""The forms of services to schools."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from redway.core.money import NOTHING, Money
from redway.funding.local_values import InForce
from redway.funding.services import Basis, Phase, Service
from redway.web.design.uploaded_table import TableField
from redway.web.funding.money_fields import MoneyField
from redway.web.funding.services.changes import Wanted


class PriceListForm(forms.Form):
    """A price list."""

    file = TableField()


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Give the reason"},
    )


def _money(label: str, *, hint: str = "") -> MoneyField:
    return MoneyField(label=label, help_text=hint, required=False)


class ServiceForm(forms.Form):
    """One service of a year's catalogue."""

    code = forms.RegexField(
        regex=r"^[A-Za-z0-9-]{1,12}$",
        label="Code",
        help_text="Up to 12 letters and digits; it stays the same from year to year",
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={
            "required": "Enter a code",
            "invalid": "The code must be up to 12 letters, digits or dashes",
        },
    )
    name = forms.CharField(
        label="Name of the service",
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Enter the name of the service"},
    )
    basis = forms.ChoiceField(
        label="Priced by",
        choices=[(one.value, one.label.capitalize()) for one in Basis],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what a price is for one of"},
    )
    standard = forms.BooleanField(label="It belongs to the whole standard package", required=False)
    catering = forms.BooleanField(label="It is catering, whose terms may be longer", required=False)
    nursery = _money("Price for nursery schools", hint="Empty where it is not offered")
    primary = _money("Price for primary schools", hint="Empty where it is not offered")
    secondary = _money("Price for secondary schools", hint="Empty where it is not offered")
    special = _money("Price for special schools", hint="Empty where it is not offered")
    cost = _money("What it costs the authority in the year", hint="Empty while it is not known")
    delegated_per_school = _money("Delegated for it a school", hint="Empty where nothing is")
    delegated_per_pupil = _money("Delegated for it a pupil", hint="Empty where nothing is")

    def __init__(self, data: Any = None, initial: Any = None, *, new: bool) -> None:
        super().__init__(data, initial=initial)
        if not new:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, value in given.items():
            if isinstance(value, Money) and value < NOTHING:
                self.add_error(name, f"{self.fields[name].label} must not be below nothing")
        if not any(given.get(phase.value) for phase in Phase) and not self.errors:
            self.add_error(
                "primary", "Enter a price for one phase at least: every service can be bought alone"
            )
        return given

    def service(self, code: str) -> Service:
        """What was typed."""
        given = self.cleaned_data
        return Service(
            code=code.upper(),
            name=given["name"],
            basis=Basis(given["basis"]),
            prices={phase: given[phase.value] for phase in Phase if given[phase.value] is not None},
            standard=given["standard"],
            catering=given["catering"],
            cost=given["cost"],
            delegated_per_school=given["delegated_per_school"] or NOTHING,
            delegated_per_pupil=given["delegated_per_pupil"] or NOTHING,
        )

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        """What is held already."""
        return {
            "name": service.name,
            "basis": service.basis.value,
            "standard": service.standard,
            "catering": service.catering,
            **{phase.value: service.prices.get(phase) for phase in Phase},
            "cost": service.cost,
            "delegated_per_school": service.delegated_per_school,
            "delegated_per_pupil": service.delegated_per_pupil,
        }


def _number(label: str, missing: str, *, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        min_value=Decimal(0),
        max_digits=7,
        decimal_places=2,
        required=bool(missing),
        widget=forms.TextInput(
            {"inputmode": "decimal", "class": "govuk-input--width-5", "autocomplete": "off"}
        ),
        error_messages={"required": missing, "invalid": f"{label} must be a number, such as 2.5"},
    )


def _longest_terms(rules: InForce) -> str:
    first, later, catering, catering_later = (
        rules.whole(name)
        for name in (
            "first-term-years",
            "later-term-years",
            "first-term-years-catering",
            "later-term-years-catering",
        )
    )
    return (
        f"A service may bind a school for {first} years at first and {later} after; "
        f"catering for {catering} and {catering_later}"
    )


class OrderForm(forms.Form):
    """A school's order: a box for each service that is offered to its phase."""

    def __init__(
        self, phase: Phase, offered: Sequence[Service], rules: InForce, data: Any = None, initial: Any = None
    ):
        super().__init__(data, initial=initial)
        self.offered = [service for service in offered if phase in service.prices]
        self.fields["pupils"] = forms.IntegerField(
            label="Pupils on roll",
            min_value=0,
            max_value=9_999,
            widget=forms.TextInput(
                {"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"}
            ),
            error_messages={
                "required": "Enter the pupils on roll",
                "invalid": "Pupils on roll must be a whole number",
            },
        )
        self.fields["equivalent"] = _number(
            "Full-time-equivalent pupils",
            "Enter the full-time-equivalent pupils",
            hint="A child who comes half-time counts as 0.5",
        )
        for service in self.offered:
            price = service.prices[phase]
            package = ", in the whole package" if service.standard else ""
            label = f"{service.name}: {price} {service.basis.label}{package}"
            if service.basis is Basis.DAY:
                self.fields[f"days_{service.code}"] = _number(label, "", hint="How many days? Empty for none")
            else:
                self.fields[f"take_{service.code}"] = forms.BooleanField(label=label, required=False)
        self.fields["years"] = forms.TypedChoiceField(
            label="For how many years",
            help_text=_longest_terms(rules),
            choices=[(str(one), str(one)) for one in range(1, rules.whole("later-term-years-catering") + 1)],
            coerce=int,
            initial="1",
        )

    def wanted(self) -> Wanted:
        """What was ordered."""
        given = self.cleaned_data
        chosen: dict[str, Decimal] = {}
        for service in self.offered:
            if given.get(f"take_{service.code}"):
                chosen[service.code] = Decimal(1)
            elif days := given.get(f"days_{service.code}"):
                chosen[service.code] = days
        return Wanted(given["pupils"], given["equivalent"], chosen, given["years"])


class ChangeForm(forms.Form):
    """A change of prices to look at."""

    service = forms.MultipleChoiceField(
        label="Which services",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service"},
    )
    percent = forms.DecimalField(
        label="By how many percent",
        help_text="Below zero for a lower price, such as -2.5",
        min_value=Decimal(-100),
        max_value=Decimal(1000),
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(
            {"inputmode": "decimal", "class": "govuk-input--width-5", "autocomplete": "off"}
        ),
        error_messages={
            "required": "Enter by how many percent",
            "invalid": "The percentage must be a number, such as 3 or -2.5",
        },
    )

    def __init__(self, offered: Sequence[Service], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["service"].choices = [(one.code, one.name) for one in offered]  # type: ignore[attr-defined]
