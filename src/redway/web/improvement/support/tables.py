"""The tables of support: each is shown on a page and can be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table
from redway.improvement.days import Account, days_of, shown
from redway.improvement.ledger import Entry, Precision, Teaching
from redway.improvement.programmes import moved_words, overdue_words, standing
from redway.improvement.target_ledger import TargetTeaching, Why
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.improvement.support.brokering import days_left
from redway.web.improvement.support.models import (
    MADE_UP,
    Alert,
    Allotment,
    Brokered,
    FollowUp,
    Kept,
    Offer,
    Programme,
    Visit,
)
from redway.web.improvement.support.target_lines import TargetLine
from redway.web.people import permission
from redway.web.register.models import Authority, School


def _notes(held: Iterable[Kept]) -> tuple[str, ...]:
    """Every table with something made up says so, wherever it goes."""
    return (MADE_UP,) if any(one.made_up for one in held) else ()


def schools_named(keys: Iterable[str]) -> dict[str, School]:
    """The schools of some records, by key."""
    return School.objects.in_bulk(set(keys))


def _base(name: str, authority: Authority) -> str:
    return reverse(f"support:{name}", args=[authority.number, "csv"]).removesuffix(".csv")


def programmes_view(authority: Authority, today: date, query: QueryDict) -> TableView:
    """Every programme of the authority with how its steps stand."""
    held = Programme.objects.filter(authority=authority.number).prefetch_related("steps")
    found = list(held.select_related("lead"))
    schools = schools_named(one.school for one in found)
    rows: list[Row] = []
    for one in found:
        steps = list(one.steps.all())
        late = sum(standing(step.due_on, step.done_on, today).value == "Red" for step in steps)
        running = one.state == Programme.State.RUNNING
        rows.append(
            {
                "key": str(one.pk),
                "school": schools[one.school].shown_name,
                "programme": one.title,
                "state": one.get_state_display(),
                "rating": ("Red" if late else "Green") if running else "",
                "done": f"{sum(step.done_on is not None for step in steps)} of {len(steps)}",
                "late": late if running else 0,
                "starts": one.starts_on,
                "ends": one.ends_on,
                "lead": one.lead.full_name if one.lead else "",
            }
        )
    columns = (
        Column("school", "School"),
        Column("programme", "Programme"),
        Column("state", "State"),
        Column("rating", "Rating"),
        Column("done", "Steps done"),
        Column("late", "Steps overdue", Kind.NUMBER),
        Column("starts", "From", Kind.DATE),
        Column("ends", "To", Kind.DATE),
        Column("lead", "Led by"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Programmes of support in {authority.name}", columns, rows, _notes(found)),
        TableState.read(query, "programmes"),
        _base("programmes_table", authority),
        links={"school": lambda row: reverse("support:programme", args=[row["key"]])},
        first_shown=("school", "programme", "state", "rating", "done", "late", "ends", "lead"),
        ratings=("rating",),
    )


def visits_view(authority: Authority, query: QueryDict) -> TableView:
    """Every visit, the latest first, with how far its note has come."""
    today = permission.today()
    held = list(Visit.objects.filter(authority=authority.number).select_related("visitor"))
    schools = schools_named(one.school for one in held)
    rows: list[Row] = [
        {
            "key": str(one.pk),
            "school": schools[one.school].shown_name,
            "day": one.visit_on,
            "focus": one.focus,
            "visitor": one.visitor.full_name if one.visitor else "",
            "stage": one.note.words_on(today),
            "days": one.days,
            "moved": moved_words([date.fromisoformat(text) for text in one.visit_days]),
        }
        for one in held
    ]
    columns = (
        Column("school", "School"),
        Column("day", "Day", Kind.DATE),
        Column("focus", "Focus"),
        Column("visitor", "Visitor"),
        Column("stage", "Note"),
        Column("days", "Days", Kind.NUMBER, 1),
        Column("moved", "Moved"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Visits in {authority.name}", columns, rows, _notes(held)),
        TableState.read(query, "visits"),
        _base("visits_table", authority),
        links={"school": lambda row: reverse("support:visit", args=[row["key"]])},
        first_shown=("school", "day", "focus", "visitor", "stage", "days"),
    )


def follow_ups_view(authority: Authority, today: date, query: QueryDict) -> TableView:
    """Every follow-up action that is open, the longest overdue first; then those done."""
    held = FollowUp.objects.filter(visit__authority=authority.number, visit__withdrawn_at=None)
    found = sorted(held.select_related("visit"), key=lambda one: (one.done_on is not None, one.due_on))
    schools = schools_named(one.visit.school for one in found)
    rows: list[Row] = [
        {**follow_up_row(one, today), "school": schools[one.visit.school].shown_name} for one in found
    ]
    columns = (
        Column("school", "School"),
        Column("what", "Action"),
        Column("rating", "Rating"),
        Column("when", "When"),
        Column("owner", "Who"),
        Column("due", "Due", Kind.DATE),
        Column("moved", "Moved"),
        Column("came", "What came of it"),
        Column("visit", "Visit"),
        Column("number", "Number", Kind.NUMBER),
    )
    return TableView(
        Table(
            f"Follow-up of visits in {authority.name}", columns, rows, _notes([one.visit for one in found])
        ),
        TableState.read(query, "actions"),
        _base("follow_ups_table", authority),
        links={"what": lambda row: reverse("support:follow_up", args=[row["visit"], row["number"]])},
        first_shown=("school", "what", "rating", "when", "owner", "moved"),
        ratings=("rating",),
    )


def follow_up_row(one: FollowUp, today: date) -> dict[str, Cell]:
    """One action as it stands."""
    rating = standing(one.due_on, one.done_on, today).value
    return {
        "what": one.what,
        "rating": rating,
        "when": overdue_words(one.due_on, one.done_on, today),
        "owner": one.get_owner_display(),
        "due": one.due_on,
        "moved": moved_words([date.fromisoformat(text) for text in one.due_days]),
        "came": one.came_of,
        "visit": str(one.visit_id),
        "number": one.number,
    }


def _spent(authority: str, year: str) -> QuerySet[Visit]:
    first, last = days_of(year)
    return Visit.objects.filter(
        authority=authority, visit_on__gte=first, visit_on__lte=last, withdrawn_at=None
    )


def _accounts(
    allotments: Sequence[tuple[object, Decimal]], visits: Sequence[tuple[object, Decimal, bool]]
) -> dict[object, Account]:
    """One account a key: allotted, used (visits held), planned."""
    allotted: dict[object, Decimal] = {}
    for key, days in allotments:
        allotted[key] = allotted.get(key, Decimal(0)) + days
    used: dict[object, Decimal] = {}
    planned: dict[object, Decimal] = {}
    for key, days, is_held in visits:
        spent = used if is_held else planned
        spent[key] = spent.get(key, Decimal(0)) + days
    return {
        key: Account(allotted.get(key), used.get(key, Decimal(0)), planned.get(key, Decimal(0)))
        for key in {*allotted, *used, *planned}
    }


def _held(visit: Visit, today: date) -> bool:
    """A visit whose note is written, or whose day has passed, has used its days."""
    return visit.visitor_sent_at is not None or visit.visit_on < today


def school_account(school: School, year: str, today: date) -> Account:
    """Days of one school in a school year."""
    allotted = [
        ("", Decimal(one.days_hundredths) / 100)
        for one in Allotment.objects.filter(school=school.key, year=year)
    ]
    visits = [
        ("", one.days, _held(one, today)) for one in _spent(school.authority, year).filter(school=school.key)
    ]
    return _accounts(allotted, visits).get("", Account(None))


def days_view(
    authority: Authority, year: str, today: date, query: QueryDict, *, by_adviser: bool = False
) -> TableView:
    """Days allotted and used in a school year, by school or by adviser; over-use told."""
    allotments = list(
        Allotment.objects.filter(authority=authority.number, year=year).select_related("adviser")
    )
    visits = list(_spent(authority.number, year).select_related("visitor"))
    names: Mapping[object, str]
    if by_adviser:
        names = {one.adviser_id: one.adviser.full_name for one in allotments} | {
            one.visitor_id: one.visitor.full_name for one in visits if one.visitor
        }
        key = "adviser_id"
    else:
        schools = schools_named([one.school for one in [*allotments, *visits]])
        names = {one.key: one.shown_name for one in schools.values()}
        key = "school"
    found = _accounts(
        [(getattr(one, key), Decimal(one.days_hundredths) / 100) for one in allotments],
        [(one.visitor_id if by_adviser else one.school, one.days, _held(one, today)) for one in visits],
    )
    rows: list[Row] = [
        {
            "who": names[who],
            "allotted": None if one.allotted is None else float(one.allotted),
            "used": float(one.used),
            "planned": float(one.planned),
            "rating": one.rating,
            "words": one.words,
            "key": str(who),
        }
        for who, one in sorted(found.items(), key=lambda pair: names[pair[0]].casefold())
    ]
    columns = (
        Column("who", "Adviser" if by_adviser else "School"),
        Column("allotted", "Allotted", Kind.NUMBER, 1),
        Column("used", "Used", Kind.NUMBER, 1),
        Column("planned", "Planned", Kind.NUMBER, 1),
        Column("rating", "Rating"),
        Column("words", "In words"),
        Column("key", "Key"),
    )
    whose = "advisers" if by_adviser else "schools"
    made_up = _notes([*allotments, *visits])
    return TableView(
        Table(f"Days of {whose} in {authority.name}, {year}", columns, rows, made_up),
        TableState.read(query, whose),
        _base("advisers_table" if by_adviser else "days_table", authority),
        kept=(("year", year),),
        first_shown=("who", "allotted", "used", "planned", "rating", "words"),
        ratings=("rating",),
        totals=("used", "planned"),
        nothing="Not allotted",
    )


def offers_view(authority: Authority, today: date, query: QueryDict) -> TableView:
    """What schools offer, with the capacity that is left."""
    held = Offer.objects.filter(authority=authority.number).prefetch_related("brokered")
    found = list(held)
    schools = schools_named(one.school for one in found)
    rows: list[Row] = [
        {
            "key": str(one.pk),
            "school": schools[one.school].shown_name,
            "subject": one.subject,
            "kind": one.get_kind_display(),
            "days": float(one.days),
            "left": float(days_left(one)),
            "until": one.last_day,
            "state": _offer_state(one, today),
            "evidence": one.evidence,
        }
        for one in found
    ]
    columns = (
        Column("school", "School that helps"),
        Column("subject", "Subject"),
        Column("kind", "Kind"),
        Column("days", "Days offered", Kind.NUMBER, 1),
        Column("left", "Days left", Kind.NUMBER, 1),
        Column("until", "Until", Kind.DATE),
        Column("state", "State"),
        Column("evidence", "What shows it"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Offers of support by schools in {authority.name}", columns, rows, _notes(found)),
        TableState.read(query, "offers"),
        _base("offers_table", authority),
        links={"school": lambda row: reverse("support:offer_withdraw", args=[row["key"]])},
        first_shown=("school", "subject", "kind", "days", "left", "until", "state"),
    )


def _offer_state(one: Offer, today: date) -> str:
    if one.withdrawn_at:
        return "Withdrawn"
    if one.last_day < today:
        return "Past"
    return "Open" if days_left(one) > 0 else "Full"


def brokered_view(authority: Authority, today: date, query: QueryDict) -> TableView:
    """What has been brokered, and what came of it."""
    found = list(Brokered.objects.filter(authority=authority.number).select_related("offer"))
    schools = schools_named([one.school for one in found] + [one.offer.school for one in found])
    rows: list[Row] = [
        {
            "key": str(one.pk),
            "school": schools[one.school].shown_name,
            "from": schools[one.offer.school].shown_name,
            "subject": one.offer.subject,
            "days": float(one.taken),
            "until": one.last_day,
            "rating": brokered_rating(one, today),
            "aim": one.aim,
            "outcome": one.outcome,
        }
        for one in found
    ]
    columns = (
        Column("school", "School helped"),
        Column("from", "By"),
        Column("subject", "Subject"),
        Column("days", "Days", Kind.NUMBER, 1),
        Column("until", "Until", Kind.DATE),
        Column("rating", "Rating"),
        Column("aim", "Aim"),
        Column("outcome", "Outcome"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Support brokered between schools in {authority.name}", columns, rows, _notes(found)),
        TableState.read(query, "brokered"),
        _base("brokered_table", authority),
        links={"school": lambda row: reverse("support:brokered_end", args=[row["key"]])},
        first_shown=("school", "from", "subject", "days", "until", "rating", "outcome"),
        ratings=("rating",),
    )


def brokered_rating(one: Brokered, today: date) -> str:
    """Blue with its outcome, Red past its last day without one, else Green."""
    if one.ended_on:
        return "Blue"
    return "Red" if one.last_day < today else "Green"


def ledger_view(
    authority: Authority, held: Sequence[tuple[Alert, Entry]], query: QueryDict, *, opens: bool = False
) -> TableView:
    """Each alert with what it led to and what became of the school: the newest list first, flagged schools
    before their look-alikes. Lines lead on for those who may open them."""
    schools = schools_named(alert.school for alert, _ in held)
    rows: list[Row] = [
        {
            "key": str(alert.pk),
            "school": schools[alert.school].shown_name,
            "list": alert.get_source_display(),
            "decision": alert.decision,
            "flagged": "Flagged" if alert.flagged else "Look-alike",
            "visits": entry.visits,
            "actions": entry.actions,
            "programmes": entry.programmes,
            "outcome": alert.outcome,
            "verdict": entry.verdict.value,
            "source": alert.outcome_source,
        }
        for alert, entry in held
    ]
    rows.sort(key=lambda row: (row["flagged"] != "Flagged", str(row["school"])))
    rows.sort(key=lambda row: str(row["decision"]), reverse=True)
    columns = (
        Column("school", "School"),
        Column("list", "List"),
        Column("decision", "Decision date", Kind.DATE),
        Column("flagged", "Flagged or look-alike"),
        Column("visits", "Visits", Kind.NUMBER),
        Column("actions", "Actions", Kind.NUMBER),
        Column("programmes", "Programmes", Kind.NUMBER),
        Column("outcome", "What became of it"),
        Column("verdict", "What the alert was"),
        Column("source", "Where it is stated"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Ledger of alerts in {authority.name}", columns, rows, _notes([alert for alert, _ in held])),
        TableState.read(query, "ledger"),
        _base("ledger_table", authority),
        links={"school": lambda row: reverse("support:alert", args=[row["key"]])} if opens else {},
        first_shown=(
            "school",
            "list",
            "decision",
            "flagged",
            "visits",
            "actions",
            "programmes",
            "outcome",
            "verdict",
        ),
    )


def targets_view(
    authority: Authority, lines: Sequence[TargetLine], query: QueryDict, *, made_up: bool, opens: bool = False
) -> TableView:
    """Each target that was doubted or not met, with what followed and what was reached after.

    What cohorts of ten pupils or fewer reached is held and not listed.
    """
    schools = schools_named(line.origin.target.school for line in lines)
    hidden = Hidden("Held, not listed")
    rows: list[Row] = [
        {
            "key": str(line.kept.pk) if line.kept else "",
            "address": line.origin.target.address,
            "school": schools[line.origin.target.school].shown_name,
            "target": line.origin.target.title,
            "why": line.origin.why.value,
            "since": line.origin.since,
            "visits": line.entry.visits,
            "actions": line.entry.actions,
            "programmes": line.entry.programmes,
            "reached": hidden if line.origin.target.is_small else line.entry.reached.value,
            "which": line.origin.why.followed_to.capitalize(),
        }
        for line in lines
        if not (line.origin.target.is_small and line.origin.why is Why.NOT_MET)
    ]
    columns = (
        Column("school", "School"),
        Column("target", "Target"),
        Column("why", "Why it is followed"),
        Column("since", "Since", Kind.DATE),
        Column("visits", "Visits", Kind.NUMBER),
        Column("actions", "Actions", Kind.NUMBER),
        Column("programmes", "Programmes", Kind.NUMBER),
        Column("reached", "What was reached after"),
        Column("which", "By"),
        Column("key", "Key"),
    )
    return TableView(
        Table(f"Ledger of targets in {authority.name}", columns, rows, (MADE_UP,) if made_up else ()),
        TableState.read(query, "targets"),
        _base("target_ledger_table", authority),
        links={
            "school": lambda row: reverse("support:alert", args=[row["key"]]) if opens and row["key"] else "",
            "target": lambda row: str(row["address"]),
        },
        first_shown=("school", "target", "why", "since", "visits", "actions", "programmes", "reached"),
    )


def target_precision_table(taught: TargetTeaching) -> TableView:
    """Targets met after help and without any."""
    rows: list[Row] = [{"what": one.what, "words": one.words} for one in taught.shares]
    columns = (Column("what", "Counted"), Column("words", "Share, with its 95% range"))
    return TableView(
        Table("What the ledger of targets teaches", columns, rows), TableState("target-precision")
    )


def precision_table(taught: Teaching) -> TableView:
    """Precision three ways, and the comparison with look-alikes."""
    parts: tuple[Precision, ...] = (
        taught.without_supported,
        taught.supported_right,
        taught.supported_false,
        taught.flagged_improved,
        taught.alike_improved,
    )
    rows: list[Row] = [{"what": one.what, "words": one.words} for one in parts]
    columns = (Column("what", "Counted"), Column("words", "Share, with its 95% range"))
    return TableView(Table("What the ledger teaches", columns, rows))


def days_words(account: Account) -> str:
    """An account of days as a sentence, with what is planned."""
    planned = f" {shown(account.planned)} more planned." if account.planned else ""
    return f"{account.words}.{planned}"
