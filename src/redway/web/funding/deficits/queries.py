"""What the pages about deficits show: schools with their balances, licences and returns, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from redway.core.money import NOTHING, Money, total
from redway.core.words import counted, percent
from redway.funding.deficits import ReturnState, returns_in_words, share_of_income
from redway.web.funding.deficits.models import OPEN_STAGES, Licence, MeetingAction, SchoolBalance, Stage
from redway.web.funding.deficits.records import return_lines
from redway.web.funding.deficits.values_of import rules_for
from redway.web.register.models import Authority, School


@dataclass(frozen=True)
class Standing:
    """How one school stands now."""

    school: School
    balance: SchoolBalance | None
    licence: Licence | None
    """The newest application or licence; None where there never was one."""
    returns: str
    late: int

    @property
    def closing(self) -> Money | None:
        return Money(self.balance.closing_pence) if self.balance else None

    @property
    def share(self) -> Decimal | None:
        """The balance as a percentage of income."""
        if self.balance is None or self.balance.income_pence <= 0:
            return None
        return share_of_income(Money(self.balance.closing_pence), Money(self.balance.income_pence))

    @property
    def in_deficit(self) -> bool:
        return self.closing is not None and self.closing < NOTHING

    @property
    def unlicensed(self) -> bool:
        """In deficit without a licence or an application."""
        return self.in_deficit and (self.licence is None or self.licence.stage not in OPEN_STAGES)

    @property
    def words(self) -> str:
        """How its deficit stands."""
        if self.licence is not None and self.licence.stage in OPEN_STAGES:
            return str(Stage(self.licence.stage).label)
        if self.in_deficit:
            return "Not licensed"
        return "Clear" if self.licence is not None and self.licence.stage == Stage.CLEARED else ""


@dataclass(frozen=True)
class Overview:
    """All schools of an authority, and the sums over them."""

    year: str
    standings: tuple[Standing, ...]
    findings: tuple[str, ...]


def overview(authority: Authority, on: date) -> Overview:
    """Every school of which a balance of the newest year, or a licence, is held."""
    newest = (
        SchoolBalance.objects.filter(authority=authority.number)
        .order_by("-year")
        .values_list("year", flat=True)
        .first()
        or ""
    )
    balances = {
        one.school: one for one in SchoolBalance.objects.filter(authority=authority.number, year=newest)
    }
    licences = licences_of(authority.number)
    schools = School.objects.filter(authority=authority.number).in_bulk([*balances, *licences])
    found = [
        standing_of(school, balances.get(key), licences.get(key), on)
        for key, school in sorted(schools.items(), key=lambda pair: (pair[1].sort_name, pair[0]))
    ]
    # Those in deficit stand first, the deepest before the others.
    found.sort(key=lambda one: min(one.closing or NOTHING, NOTHING))
    return Overview(newest, tuple(found), _findings(found, newest, authority, on))


def standing_of(school: School, balance: SchoolBalance | None, licence: Licence | None, on: date) -> Standing:
    """How one school stands on a day."""
    lines = return_lines(licence, on) if licence else []
    late = sum(one.due.state is ReturnState.LATE for one in lines)
    words = returns_in_words([one.due for one in lines]) if licence and licence.stage == Stage.GRANTED else ""
    return Standing(school, balance, licence, words, late)


def licences_of(authority: str = "", school: str = "") -> dict[str, Licence]:
    """Key of a school -> its newest application or licence, drafts aside where an authority is asked for."""
    held = Licence.objects.prefetch_related("plan_years", "returns").order_by("begun_at")
    if school:
        held = held.filter(school=school)
    else:
        held = held.filter(authority=authority).exclude(stage=Stage.DRAFT)
    return {one.school: one for one in held}


def newest_balance(school: School) -> SchoolBalance | None:
    """The newest year held of a school."""
    return SchoolBalance.objects.filter(school=school.key).order_by("-year").first()


def _findings(found: list[Standing], year: str, authority: Authority, on: date) -> tuple[str, ...]:
    held = [one for one in found if one.balance is not None]
    if not held:
        return ()
    deficits = [one for one in held if one.in_deficit]
    gross = -total(one.closing for one in deficits if one.closing is not None)
    income = total(Money(one.balance.income_pence) for one in held if one.balance is not None)
    said = [f"{counted(len(deficits), 'school')} of {len(held)} ended {year} in deficit, {gross} together."]
    if income > NOTHING:
        share = share_of_income(gross, income)
        limit = rules_for(authority.number, on).entry("national-help-above")
        assert isinstance(limit.value, int | Decimal)
        side = "above" if share > limit.value else "not above"
        said.append(
            f"That is {percent(share, 2)} of all schools' income, {side} the {percent(limit.value)} from "
            "which the national help of 2023-24 was given."
        )
    without = sum(one.unlicensed for one in held)
    if without:
        said.append(f"{counted(without, 'deficit is', 'deficits are')} not licensed and not applied for.")
    late = sum(one.late for one in found)
    if late:
        said.append(f"{counted(late, 'monthly return is', 'monthly returns are')} late.")
    return tuple(said)


def actions_open(authority: str) -> list[MeetingAction]:
    """What was agreed at meetings and is not done, the earliest first."""
    held = MeetingAction.objects.filter(meeting__authority=authority, done_on__isnull=True)
    return list(held.select_related("meeting").order_by("due_on", "pk"))
