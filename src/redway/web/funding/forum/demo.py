"""The demo's Schools Forum: one consultation decided, one open, made-up members, answers and votes.

Every step is taken by the services. The answers lean to what each option does to the school, as answers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from redway.core.money import Money
from redway.funding.consultation import AGREEMENT, QuestionKind
from redway.funding.forum_powers import Body, Category, Matter
from redway.funding.forum_votes import Choice
from redway.funding.timetable import year_prepared
from redway.web.funding.forum import consultation_services as papers
from redway.web.funding.forum import meeting_services as meetings
from redway.web.funding.forum.frozen import Frozen
from redway.web.funding.forum.meeting_views import frozen_minutes
from redway.web.funding.forum.models import Consultation, Item, Meeting, Member
from redway.web.funding.forum.scenarios import frozen_now
from redway.web.funding.models import Scenario
from redway.web.people.demo import AUTHORITY, FIRST_DAY, SCHOOL
from redway.web.people.models import Person
from redway.web.people.roles import Role
from redway.web.people.services import Place, give_role
from redway.web.register.models import Establishment, School

_MOST_OPTIONS = 3
_BLOCK_WITHOUT_OPTIONS = Money.of(225_000_000)
_HEADS = ("Ada Cole", "Ben Desai", "Cora Ellis", "Dev Frost", "Esme Gill", "Finn Hart", "Grace Iqbal")
_SEATS: tuple[tuple[Category, tuple[str, ...]], ...] = (
    (
        Category.MAINTAINED_PRIMARY,
        ("Femi Ford", "Priya Quill", "Rosa Reed", "Seth Shaw", "Tara Tull", "Umar Vale"),
    ),
    (Category.MAINTAINED_SECONDARY, ("Vera Ward", "Will Yates")),
    (Category.MAINTAINED_SPECIAL, ("Xena York",)),
    (Category.MAINTAINED_NURSERY, ("Abel Zane",)),
    (Category.ACADEMY, ("Bea Ash", "Carl Birch", "Dora Cove", "Eli Dean", "Faye East", "Gus Fenn")),
    (Category.ACADEMY_SPECIAL, ("Hal Gale",)),
    (Category.PRIVATE_NURSERY, ("Iona Hay",)),
    (Category.SIXTEEN_TO_NINETEEN, ("Jude Ince",)),
    (Category.OTHER, ("Kit Jarvis",)),
)
_AWAY = ("Tara Tull", "Gus Fenn", "Jude Ince")
"""Those who sent apologies."""
_ABSTAINS = 8
"""Place of the one who abstains."""
_REASONS = (
    "Small schools cannot take another year of standing still.",
    "The guarantee should go first: it helps schools that were well funded long ago.",
    "We should keep the lump sum as it is. It is what keeps village schools open.",
    "Please say earlier in the autumn what each option means in pounds for a school.",
    "Our numbers are falling, so what matters to us is the guarantee.",
    "Deprivation has risen faster here than the formula shows.",
    "A simple formula close to the national one is easiest to explain to governors.",
    "Costs of staff have risen by more than any of the options gives.",
)


@dataclass(frozen=True)
class Attached:
    """One option of the demo: a scenario with its results of today."""

    title: str
    about: str
    scenario: str
    frozen: Frozen


@transaction.atomic
def create_demo_forum(today: date) -> int:
    """Make the demo's forum once, all or none; returns how many schools answered. Needs the demo's people."""
    officer = Person.objects.filter(email="finance.officer@demo.example").first()
    member = Person.objects.filter(email="forum.member@demo.example").first()
    if officer is None or member is None or Consultation.objects.exists():
        return 0
    seats = _seats(officer, member, today)
    decided = _decided(officer, demo_options(today), seats, today)
    opened = _open(officer, today)
    _next_meeting(officer, opened, today)
    return decided.responses.count() + opened.responses.count()


def demo_options(today: date) -> list[Attached]:
    """The scenarios of the demo's newest year that are not in force."""
    found = Scenario.objects.filter(authority=AUTHORITY, withdrawn_at__isnull=True, is_current=False)
    newest = found.aggregate(year=Max("year"))["year"]
    return [
        Attached(one.name, one.notes, str(one.pk), frozen_now(AUTHORITY, str(one.pk), today))
        for one in found.filter(year=newest).order_by("made_at", "name")[:_MOST_OPTIONS]
    ]


def _at(day: date) -> datetime:
    """Noon of a day, here."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _seats(officer: Person, member: Person, today: date) -> list[Member]:
    found = []
    for category, names in _SEATS:
        for at, name in enumerate(names):
            is_demo_member = name == member.full_name
            seat = meetings.Seat(
                name,
                category,
                "Headteacher" if at % 2 == 0 else "Governor",
                today - timedelta(days=420),
                today + timedelta(days=300 + 90 * at),
                is_chair=name == "Bea Ash",
                person=member if is_demo_member else None,
            )
            found.append(meetings.add_member(actor=officer, authority=AUTHORITY, seat=seat))
    return found


# --- the consultation that is decided -----------------------------------------------------------------------

_PAPER = """The schools block grows by less than costs next year. We ask every school which formula it
prefers.

All options stay inside the limits the Department sets. They differ in what they put first. The table says for
every school what it gets now and under each option.

We also ask whether part of the schools block may go to the high needs block, where costs have outgrown the
money for three years."""


def _decided(
    officer: Person, options: Sequence[Attached], seats: Sequence[Member], today: date
) -> Consultation:
    """Published, answered by about half of the schools, analysed, voted on, decided and minuted."""
    opened, closed = today - timedelta(days=45), today - timedelta(days=20)
    paper = papers.Paper(year_prepared(today), "Local funding formula", Matter.FORMULA_CHANGE, _PAPER, closed)
    questions = [
        papers.Asking(
            "Do you agree that 0.4% of the schools block goes to the high needs block?",
            QuestionKind.AGREEMENT,
        ),
        papers.Asking(
            "What should be protected first?",
            QuestionKind.SEVERAL,
            ("Basic entitlement", "Lump sum", "Money for additional needs", "The guarantee"),
        ),
        papers.Asking("What else should the authority know?", QuestionKind.TEXT),
    ]
    if len(options) > 1:
        which = papers.Asking("Which option do you prefer?", QuestionKind.OPTION, must=True)
        questions.insert(0, which)
    made = _published(officer, paper, options, questions, opened)
    for one in made.asked:
        if _chance(one["school"], "answers") < 0.42:
            _answer(made, one["school"], options, closed - timedelta(days=_days(one["school"])))
    made = papers.publish_analysis(
        actor=officer,
        consultation=made,
        revision=made.revision,
        findings="No option is preferred by all. Most of those who object to the transfer say why: they fear "
        "that it will be asked for again each year.",
        held_back=[],
        today=closed + timedelta(days=2),
        now=_at(closed + timedelta(days=2)),
    )
    _meeting_held(officer, made, options, seats, today - timedelta(days=12))
    return made


def _published(
    officer: Person,
    paper: papers.Paper,
    options: Sequence[Attached],
    questions: Sequence[papers.Asking],
    day: date,
) -> Consultation:
    made = papers.begin_consultation(
        actor=officer, authority=AUTHORITY, paper=paper, now=_at(day - timedelta(days=10))
    )
    for option in options:
        made.refresh_from_db()
        papers.attach_option(
            actor=officer,
            consultation=made,
            revision=made.revision,
            title=option.title,
            about=option.about,
            scenario=option.scenario,
            frozen=option.frozen,
        )
    for asked in questions:
        made.refresh_from_db()
        papers.add_question(actor=officer, consultation=made, revision=made.revision, asked=asked)
    made.refresh_from_db()
    return papers.publish(actor=officer, consultation=made, revision=made.revision, today=day, now=_at(day))


def _answer(made: Consultation, key: str, options: Sequence[Attached], day: date) -> None:
    """One school's answer: mostly for the option that gives it most."""
    school = School.objects.get(key=key)
    answers: dict[str, Any] = {}
    for asked in papers.questions_of(made):
        match asked.kind:
            case QuestionKind.OPTION:
                answers[asked.code] = _preferred(key, options, asked.choices)
            case QuestionKind.AGREEMENT:
                answers[asked.code] = AGREEMENT[min(int(_chance(key, asked.code) ** 0.7 * 5), 4)]
            case QuestionKind.SEVERAL:
                chosen = [one for one in asked.choices if _chance(key, one) < 0.45]
                answers[asked.code] = chosen or [asked.choices[0]]
            case QuestionKind.TEXT:
                if _chance(key, "writes") < 0.4:
                    answers[asked.code] = _REASONS[int(_chance(key, "what") * len(_REASONS))]
            case _:
                at = int(_chance(key, asked.code) ** 1.6 * len(asked.choices))
                answers[asked.code] = asked.choices[at]
    papers.save_response(
        actor=_head_of(school),
        consultation=made,
        school=school,
        revision=0,
        answers=answers,
        send=True,
        today=day,
        now=_at(day),
    )


def _preferred(key: str, options: Sequence[Attached], choices: Sequence[str]) -> str:
    urns = list(Establishment.objects.filter(school_id=key).values_list("urn", flat=True))
    totals = [held.total if (held := one.frozen.of(urns)) else 0 for one in options]
    if _chance(key, "own gain") < 0.75:
        return choices[totals.index(max(totals))]
    return choices[int(_chance(key, "other") * len(choices))]


def _meeting_held(
    officer: Person,
    made: Consultation,
    options: Sequence[Attached],
    seats: Sequence[Member],
    day: date,
) -> None:
    """The forum gives its view on the formula, refuses the transfer, and its minutes are published."""
    held = meetings.plan_meeting(
        actor=officer, authority=AUTHORITY, held_on=day, place="Civic Offices, room 1.07"
    )
    chosen = _most_chosen(made) if len(options) > 1 else "The formula as it is"
    totals = [one.frozen.total for one in options if one.title == chosen]
    block = Money(totals[0]) if totals else _BLOCK_WITHOUT_OPTIONS
    amount = Money(block.pence * 4 // 1000)
    for point in (
        meetings.Point("Minutes of the last meeting"),
        meetings.Point(
            "Local funding formula", Matter.FORMULA_CHANGE, made, f"That the formula be: {chosen}"
        ),
        meetings.Point(
            "Transfer to the high needs block",
            Matter.BLOCK_TRANSFER,
            made,
            f"That {amount} go from the schools block to the high needs block for one year",
            amount,
            block,
        ),
    ):
        held.refresh_from_db()
        meetings.add_item(actor=officer, meeting=held, revision=held.revision, point=point)
    held.refresh_from_db()
    held = meetings.record_attendance(
        actor=officer,
        meeting=held,
        revision=held.revision,
        present={one.pk: one.name not in _AWAY for one in seats},
        today=day,
    )
    _, formula, transfer = held.items.select_related("meeting")
    _vote(officer, formula, seats, day, in_favour=0.8)
    _vote(officer, transfer, seats, day, in_favour=0.3)
    _decide(
        officer,
        held,
        formula,
        meetings.Ruling(Body.AUTHORITY, True, f"The authority adopts the formula: {chosen}."),
        day,
    )
    _decide(
        officer,
        held,
        transfer,
        meetings.Ruling(
            Body.DEPARTMENT,
            None,
            "The forum refused the transfer. The authority asks the Secretary of State to allow it.",
            "Places for children with education, health and care plans cannot be paid for without it.",
            day + timedelta(days=4),
            day + timedelta(days=60),
        ),
        day,
    )
    for text, due in (
        ("Send every school its line under the formula adopted", 30),
        ("Report to the next meeting what high needs places cost", 26),
    ):
        held.refresh_from_db()
        meetings.add_action(
            actor=officer,
            meeting=held,
            revision=held.revision,
            text=text,
            owner="School finance",
            due_on=day + timedelta(days=due),
        )
    held.refresh_from_db()
    text = (
        "Members thanked the working group, which had met four times.\n\n"
        "On the formula, members for small schools asked that the lump sum be looked at again next year.\n\n"
        "On the transfer, members said that they had been told last year that it would be the last one."
    )
    meetings.publish_minutes(
        actor=officer,
        meeting=held,
        revision=held.revision,
        minutes=text,
        frozen=frozen_minutes(held, text),
        now=_at(day + timedelta(days=7)),
    )


def _most_chosen(made: Consultation) -> str:
    asked = next(one for one in papers.questions_of(made) if one.kind is QuestionKind.OPTION)
    sent = [str(one.sent.get(asked.code)) for one in made.responses.all()]
    return max(asked.choices, key=sent.count)


def _vote(officer: Person, item: Item, seats: Sequence[Member], day: date, in_favour: float) -> None:
    """Everybody present who has a vote uses it; about the share ``in_favour`` votes for the proposal."""
    held = meetings.power_of(item)
    for at, one in enumerate(seats):
        if held is None or one.name in _AWAY or held.refusal(Category(one.category)):
            continue
        choice = Choice.FOR if (at * 7 + 3) % 10 < 10 * in_favour else Choice.AGAINST
        if at == _ABSTAINS:
            choice = Choice.ABSTAIN
        meetings.cast_vote(actor=officer, item=item, member=one, choice=choice, now=_at(day))


def _decide(officer: Person, held: Meeting, item: Item, ruling: meetings.Ruling, day: date) -> None:
    held.refresh_from_db()
    meetings.record_decision(actor=officer, item=item, revision=held.revision, ruling=ruling, now=_at(day))


# --- the consultation that is open --------------------------------------------------------------------------

_OPEN_PAPER = """Maintained schools may pay together for services that would cost more one by one. The
members for primary and for secondary schools vote apart, and the vote holds for one year.

Academies keep the money and may buy the services. We ask them about the growth fund, which is for all
schools."""


def _open(officer: Person, today: date) -> Consultation:
    """Open now, answered by some; not yet by the school of the demo's headteacher."""
    opened = today - timedelta(days=8)
    paper = papers.Paper(
        year_prepared(today),
        "De-delegation and the growth fund",
        Matter.DE_DELEGATION,
        _OPEN_PAPER,
        today + timedelta(days=10),
    )
    questions = [
        papers.Asking(
            "Should maintained schools pay £9 a pupil for help to schools in difficulty?",
            QuestionKind.YES_NO,
            must=True,
        ),
        papers.Asking(
            "From how many extra pupils on should the growth fund pay?",
            QuestionKind.ONE,
            ("5 pupils", "10 pupils", "15 pupils"),
        ),
        papers.Asking("What would you change?", QuestionKind.TEXT),
    ]
    made = _published(officer, paper, [], questions, opened)
    own = Establishment.objects.get(urn=SCHOOL).school_id
    for one in made.asked:
        if one["school"] != own and _chance(one["school"], "answers soon") < 0.3:
            _answer(made, one["school"], [], opened + timedelta(days=1 + _days(one["school"]) % 7))
    return made


def _next_meeting(officer: Person, opened: Consultation, today: date) -> None:
    held = meetings.plan_meeting(
        actor=officer,
        authority=AUTHORITY,
        held_on=today + timedelta(days=16),
        place="Civic Offices, room 1.07",
    )
    for point in (
        meetings.Point(
            "Help to schools in difficulty",
            Matter.DE_DELEGATION,
            opened,
            "That maintained schools pay £9 a pupil",
        ),
        meetings.Point(
            "Growth fund and its criteria",
            Matter.GROWTH_FUND,
            opened,
            "That the fund be £600,000 and pay from 10 extra pupils on",
        ),
        meetings.Point("What high needs places cost"),
    ):
        held.refresh_from_db()
        meetings.add_item(actor=officer, meeting=held, revision=held.revision, point=point)


# --- people and chance --------------------------------------------------------------------------------------


def _head_of(school: School) -> Person:
    """The made-up headteacher of a school, made when first needed."""
    held = Person.objects.filter(grants__role=Role.HEADTEACHER, grants__scope_key=school.key).first()
    if held is not None:
        return held
    name = _HEADS[int(_chance(school.key, "name") * len(_HEADS))]
    person = Person.objects.create_user(f"headteacher.{school.key}@demo.example", name)
    give_role(
        actor=None,
        person=person,
        role=Role.HEADTEACHER,
        place=Place(AUTHORITY, school.key),
        first_day=FIRST_DAY,
    )
    return person


def _chance(key: str, what: str) -> float:
    """A number from 0 to 1 that is the same in every demo."""
    return int.from_bytes(hashlib.sha256(f"{key} {what}".encode()).digest()[:6], "big") / 2**48


def _days(key: str) -> int:
    """Days before the closing day on which a school answered."""
    return int(_chance(key, "day") * 18)
