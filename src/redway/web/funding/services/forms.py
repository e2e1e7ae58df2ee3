"""The forms of services to schools."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from redway.core.money import NOTHING, Money
from redway.funding.local_values import InForce
from redway.funding.services import Basis, Phase, Service
from redway.web.design.form_fields import line, number, one_of, some_of, whole
from redway.web.design.uploaded_table import TableField
from redway.web.funding.money_fields import money
from redway.web.funding.services.changes import Wanted


class PriceListForm(forms.Form):
    """A price list."""

    file = TableField()


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = line("Reason", missing="Give the reason", most=300)


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
    name = line("Name of the service", most=120)
    basis = one_of(
        "Priced by",
        [(one.value, one.label.capitalize()) for one in Basis],
        missing="Say what a price is for one of",
    )
    standard = forms.BooleanField(label="It belongs to the whole standard package", required=False)
    catering = forms.BooleanField(label="It is catering, whose terms may be longer", required=False)
    nursery = money("Price for nursery schools", "Empty where it is not offered", required=False)
    primary = money("Price for primary schools", "Empty where it is not offered", required=False)
    secondary = money("Price for secondary schools", "Empty where it is not offered", required=False)
    special = money("Price for special schools", "Empty where it is not offered", required=False)
    cost = money("What it costs the authority in the year", "Empty while it is not known", required=False)
    delegated_per_school = money("Delegated for it a school", "Empty where nothing is", required=False)
    delegated_per_pupil = money("Delegated for it a pupil", "Empty where nothing is", required=False)

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


def _amount(label: str, hint: str, *, required: bool = True) -> forms.DecimalField:
    return number(label, hint, required=required, least=0, digits=7, places=2, such_as="2.5", width=5)


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
        self.fields["pupils"] = whole("Pupils on roll", most=9_999)
        self.fields["equivalent"] = _amount(
            "Full-time-equivalent pupils", "A child who comes half-time counts as 0.5"
        )
        for service in self.offered:
            price = service.prices[phase]
            package = ", in the whole package" if service.standard else ""
            label = f"{service.name}: {price} {service.basis.label}{package}"
            if service.basis is Basis.DAY:
                self.fields[f"days_{service.code}"] = _amount(
                    label, "How many days? Empty for none", required=False
                )
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

    service = some_of("Which services", [], missing="Choose at least one service")
    percent = number(
        "By how many percent",
        "Below zero for a lower price, such as -2.5",
        missing="Enter by how many percent",
        least=-100,
        most=1000,
        digits=7,
        places=3,
        such_as="3 or -2.5",
        width=5,
        name="The percentage",
    )

    def __init__(self, offered: Sequence[Service], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["service"].choices = [(one.code, one.name) for one in offered]  # type: ignore[attr-defined]
