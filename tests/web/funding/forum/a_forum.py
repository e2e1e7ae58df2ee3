"""A small forum to test with: schools, three options, members, a consultation and a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from redway.core.money import Money
from redway.funding.consultation import QuestionKind
from redway.funding.forum_powers import Body, Category, Matter
from redway.funding.forum_votes import Choice
from redway.web.funding.forum import consultation_services as papers
from redway.web.funding.forum import meeting_services as meetings
from redway.web.funding.forum.frozen import Frozen, FrozenSchool
from redway.web.funding.forum.meeting_views import frozen_minutes
from redway.web.funding.forum.models import Consultation, Meeting, Member
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, Rank, School

AUTHORITY, SCHOOL, OTHER_SCHOOL = "826", "110532", "110517"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLOSES = date(2026, 12, 4)
SCHOOLS = {
    SCHOOL: ("Grand Union School", "Secondary"),
    OTHER_SCHOOL: ("Ouse Valley School", "Secondary"),
    **{f"11000{at}": (f"Canal School {at}", "Primary") for at in range(6)},
}


def register() -> None:
    """The schools of the authority, all maintained."""
    Authority.objects.get_or_create(number=AUTHORITY, defaults={"name": "Milton Keynes"})
    for key, (name, phase) in SCHOOLS.items():
        school, made = School.objects.get_or_create(
            key=key,
            defaults={
                "current_urn": key,
                "name": name,
                "sort_name": name.lower(),
                "authority": AUTHORITY,
                "authority_name": "Milton Keynes",
                "kind": "Community school",
                "phase": phase,
                "rank": Rank.OPEN,
                "pupils": 900 if phase == "Secondary" else 210,
            },
        )
        if made:
            Establishment.objects.create(urn=key, school=school, name=name, authority=AUTHORITY)


def option(more: int, year: str = "2025-26") -> Frozen:
    """Every school gets so many pence more a pupil than now."""
    return Frozen(
        on="2026-11-24",
        year=year,
        rates={"basic_entitlement_primary": "3847.00", "lump_sum_primary": str(145100 + more)},
        rules={"guarantee": "0", "rounding": "dfe-lines"},
        unconfirmed=("minimum_per_pupil_primary",),
        schools=tuple(
            FrozenSchool(
                urn=key,
                name=name,
                phase=phase.lower(),
                status="maintained",
                locality="",
                pupils=900 if phase == "Secondary" else 210,
                lines={"lump_sum": 14_510_000, "guarantee": more},
                total=100_000_000 + more * (900 if phase == "Secondary" else 210),
                before=100_000_000,
            )
            for key, (name, phase) in SCHOOLS.items()
        ),
    )


PAPER = papers.Paper(
    "2027-28",
    "Formula 2027-28",
    Matter.FORMULA_CHANGE,
    "We ask which formula to use.\n\nThere are three options.",
    CLOSES,
)


@dataclass
class Forum:
    """A forum with a consultation, its members by category, and a meeting."""

    consultation: Consultation
    members: dict[Category, list[Member]]
    meeting: Meeting

    def one(self, category: Category) -> Member:
        return self.members[category][0]


def draft(officer: Person, authority: str = AUTHORITY) -> Consultation:
    """A draft with three options and three questions."""
    made = papers.begin_consultation(actor=officer, authority=authority, paper=PAPER, now=NOW)
    for title, more in (("Option A", 0), ("Option B", 500), ("Option C", -300)):
        made.refresh_from_db()
        papers.attach_option(
            actor=officer,
            consultation=made,
            revision=made.revision,
            title=title,
            about=f"{title} in words",
            scenario="",
            frozen=option(more),
        )
    for asking in (
        papers.Asking("Which option do you prefer?", QuestionKind.OPTION, must=True),
        papers.Asking("Do you agree with the transfer?", QuestionKind.AGREEMENT),
        papers.Asking("What would you change?", QuestionKind.TEXT),
    ):
        made.refresh_from_db()
        papers.add_question(actor=officer, consultation=made, revision=made.revision, asked=asking)
    return Consultation.objects.get(pk=made.pk)


def published(officer: Person, authority: str = AUTHORITY) -> Consultation:
    """The same, open to schools until CLOSES."""
    made = draft(officer, authority)
    return papers.publish(actor=officer, consultation=made, revision=made.revision, today=TODAY, now=NOW)


def answer(consultation: Consultation, person: Person, school: str, choice: str, text: str = "") -> None:
    """One school answers."""
    asked = papers.questions_of(consultation)
    held = consultation.responses.filter(school=school).first()
    papers.save_response(
        actor=person,
        consultation=consultation,
        school=School.objects.get(key=school),
        revision=held.revision if held else 0,
        answers={asked[0].code: choice, asked[2].code: text},
        send=True,
        today=TODAY,
        now=NOW,
    )


def seated(officer: Person, category: Category, count: int, person: Person | None = None) -> list[Member]:
    """So many members of a category; the first has the account."""
    return [
        meetings.add_member(
            actor=officer,
            authority=AUTHORITY,
            seat=meetings.Seat(
                f"{category.label} {at}",
                category,
                "A school",
                date(2025, 9, 1),
                date(2029, 8, 31),
                person=person if at == 0 else None,
            ),
        )
        for at in range(count)
    ]


def forum(officer: Person, member: Person | None = None) -> Forum:
    """A consultation, ten members, and a meeting today at which all are present."""
    consultation = published(officer)
    members = {
        Category.MAINTAINED_PRIMARY: seated(officer, Category.MAINTAINED_PRIMARY, 4, member),
        Category.MAINTAINED_SECONDARY: seated(officer, Category.MAINTAINED_SECONDARY, 2),
        Category.ACADEMY: seated(officer, Category.ACADEMY, 2),
        Category.PRIVATE_NURSERY: seated(officer, Category.PRIVATE_NURSERY, 1),
        Category.OTHER: seated(officer, Category.OTHER, 1),
    }
    meeting = meetings.plan_meeting(actor=officer, authority=AUTHORITY, held_on=TODAY, place="Civic Offices")
    present = {one.pk: True for group in members.values() for one in group}
    meeting = meetings.record_attendance(
        actor=officer, meeting=meeting, revision=meeting.revision, present=present, today=TODAY
    )
    return Forum(consultation, members, meeting)


def forum_of_everything(officer: Person, member: Person, elsewhere: Person) -> dict[str, str]:
    """A paper and a draft, a meeting in each state, and the same of another authority: name -> its key."""
    held = forum(officer, member)
    meeting = held.meeting
    for matter, more in ((Matter.GROWTH_FUND, {}), (Matter.BLOCK_TRANSFER_ABOVE, _TRANSFER)):
        meeting.refresh_from_db()
        meetings.add_item(
            actor=officer,
            meeting=meeting,
            revision=meeting.revision,
            point=meetings.Point("The matter", matter, None, "That it be so", **more),
        )
    first, second = meeting.items.all()
    own = held.one(Category.MAINTAINED_PRIMARY)
    meetings.cast_vote(actor=officer, item=first, member=own, choice=Choice.FOR, now=NOW)
    meeting.refresh_from_db()
    asked = meetings.Ruling(Body.DEPARTMENT, None, "The Department is asked.", "", TODAY, CLOSES)
    meetings.record_decision(actor=officer, item=second, revision=meeting.revision, ruling=asked, now=NOW)
    meeting.refresh_from_db()
    action = meetings.add_action(
        actor=officer,
        meeting=meeting,
        revision=meeting.revision,
        text="Tell schools",
        owner="School finance",
        due_on=CLOSES,
    )
    return {
        "paper": str(held.consultation.pk),
        "paper_draft": str(draft(officer).pk),
        "paper_elsewhere": str(published(elsewhere, "822").pk),
        "forum_meeting": str(meeting.pk),
        "forum_minuted": str(_minuted(officer).pk),
        "forum_elsewhere": str(_minuted(elsewhere, "822").pk),
        "forum_action": str(action.pk),
        "forum_seat": str(held.one(Category.OTHER).pk),
    }


_TRANSFER = {"amount": Money.of(700_000), "block": Money.of(122_425_000)}


def _minuted(officer: Person, authority: str = AUTHORITY) -> Meeting:
    """An empty meeting whose minutes are published."""
    made = meetings.plan_meeting(actor=officer, authority=authority, held_on=TODAY, place="")
    made = meetings.record_attendance(
        actor=officer, meeting=made, revision=made.revision, present={}, today=TODAY
    )
    return meetings.publish_minutes(
        actor=officer,
        meeting=made,
        revision=made.revision,
        minutes="Nothing was decided.",
        frozen=frozen_minutes(made, "Nothing was decided."),
        now=NOW,
    )
