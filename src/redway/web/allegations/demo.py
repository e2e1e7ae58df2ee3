"""Made-up cases of the demo authority: a half-year of long ago, the last years, and a caseload of today.

Nobody in them exists. Today's cases are referred and worked on by the services, as a person would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from redway.allegations.outcomes import Category, Sector
from redway.allegations.strands import State, Strand, StrandRecord
from redway.allegations.threshold import Limb
from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.demo_past_cases import half_year_of_2007, last_years
from redway.web.allegations.importing import keep_cases
from redway.web.allegations.models import Case, Happening
from redway.web.allegations.services import evaluation, meetings, referrals, strands, suspensions
from redway.web.allegations.services.concerns import enter_concern
from redway.web.allegations.services.keeping import REVIEWED
from redway.web.audit import services as audit
from redway.web.people.demo import AUTHORITY
from redway.web.people.models import Person


def create_demo_cases(today: date) -> None:
    """Make the cases of 2007, of the last years and of today, in one transaction."""
    with transaction.atomic():
        kept = keep_cases([*half_year_of_2007(), *last_years(today)], AUTHORITY)
        _look_again(kept, today)
        audit.record(None, "allegation.import", "allegation import", "demo", {"cases": len(kept)})
        officer = Person.objects.get(email="lado@demo.example")
        for story in _STORIES:
            _Told(story, officer, today).tell()
        for days_ago, name, words in _CONCERNS:
            enter_concern(
                actor=officer,
                authority=AUTHORITY,
                name=name,
                born=None,
                on=today - timedelta(days=days_ago),
                place="Canal Street Nursery",
                words=words,
                done="The manager spoke with them.",
            )


def _look_again(kept: Sequence[Case], today: date) -> None:
    """Of the oldest records of the last years some are to be looked at again, as somebody once settled."""
    for case in [one for one in kept if one.referred_at.year > 2007 and one.closed_on][:_TO_LOOK_AT_AGAIN]:
        case.review_on = today - timedelta(days=3)
        case.save(update_fields=["review_on"])
        Happening.objects.create(
            case=case,
            event=REVIEWED,
            at=case.referred_at,
            words="No rule of this authority gives a day: to be looked at again.",
        )


_TO_LOOK_AT_AGAIN = 3
_CONCERNS = (
    (210, "Ivy Larch", "She used her own telephone to take a picture of a display with children in it."),
    (95, "Noel Birch", "He picked up a child by one arm. No mark was seen."),
    (12, "Petra Ash", "She was heard to call a child lazy in front of others."),
)
"""Low-level concerns of the last year, about different people of one place."""


@dataclass(frozen=True)
class _Story:
    """A made-up case of today: who, where, what, and how far it has come."""

    days_ago: int
    name: str
    sector: Sector
    role: str
    category: Category
    source: str
    words: str
    when: str
    steps: tuple[str, ...] = ()


_STORIES = (
    _Story(
        0,
        "Martin Gale",
        Sector.EDUCATION,
        "Teaching assistant",
        Category.PHYSICAL,
        "school",
        "A pupil says he was pulled by the arm from the dinner queue.",
        "",
    ),
    _Story(
        1,
        "Rosalind Fenn",
        Sector.EARLY_YEARS,
        "Room leader",
        Category.NEGLECT,
        "Ofsted",
        "Two children were left alone in the garden for some minutes.",
        "",
    ),
    _Story(
        3,
        "Idris Pell",
        Sector.TRANSPORT,
        "School taxi driver",
        Category.OTHER,
        "parent or carer",
        "A parent says he messages a pupil he drives, in the evening.",
        "",
        ("evaluate",),
    ),
    _Story(
        6,
        "Della Marsh",
        Sector.FOSTER_CARERS,
        "Foster carer",
        Category.PHYSICAL,
        "social care",
        "A child in her care told a social worker that she was slapped.",
        "",
        ("evaluate", "meet", "enquiry"),
    ),
    _Story(
        9,
        "Cormac Vale",
        Sector.SPORT,
        "Swimming coach",
        Category.SEXUAL,
        "police",
        "A former member of the club reports touching during training.",
        "summer 1998",
        ("evaluate", "meet", "police"),
    ),
    _Story(
        13,
        "Hester Bright",
        Sector.EDUCATION,
        "Teacher of science",
        Category.EMOTIONAL,
        "school",
        "Several pupils say they are shouted at and mocked in front of others.",
        "",
        ("evaluate", "meet", "employer"),
    ),
    _Story(
        17,
        "Tobias Rook",
        Sector.SECURE,
        "Residential worker",
        Category.PHYSICAL,
        "employer",
        "A young person was bruised during a restraint.",
        "",
        ("evaluate", "meet", "enquiry", "employer", "suspend"),
    ),
    _Story(
        24,
        "Agnes Thorne",
        Sector.HEALTH,
        "School nurse",
        Category.OTHER,
        "health",
        "Records of a child were shown to a neighbour.",
        "",
        ("evaluate", "meet", "employer"),
    ),
    _Story(
        31,
        "Leopold Finch",
        Sector.FAITH,
        "Youth leader",
        Category.SEXUAL,
        "parent or carer",
        "A parent found messages of a sexual kind on her daughter's telephone.",
        "",
        ("evaluate", "meet", "police", "enquiry", "suspend"),
    ),
    _Story(
        45,
        "Marina Holt",
        Sector.EDUCATION,
        "Supply teacher",
        Category.PHYSICAL,
        "agency",
        "A pupil says a book was thrown at him.",
        "",
        ("evaluate", "meet", "employer"),
    ),
    _Story(
        63,
        "Gideon Lark",
        Sector.VOLUNTARY,
        "Volunteer at a youth club",
        Category.OTHER,
        "employer",
        "He drove young people home alone although told not to.",
        "",
        ("evaluate", "meet", "employer"),
    ),
    _Story(
        88,
        "Sabina Crane",
        Sector.SECURE,
        "Night worker",
        Category.NEGLECT,
        "employer",
        "She slept through the night checks on three nights.",
        "",
        ("evaluate", "meet", "enquiry", "employer"),
    ),
    _Story(
        4,
        "Bertram Sykes",
        Sector.EDUCATION,
        "Caretaker",
        Category.OTHER,
        "school",
        "He was heard swearing at a colleague where pupils could hear.",
        "",
        ("advise",),
    ),
    _Story(
        11,
        "Winifred Ash",
        Sector.EARLY_YEARS,
        "Childminder",
        Category.OTHER,
        "member of the public",
        "A neighbour hears the children cry in the mornings.",
        "",
        ("advise",),
    ),
    _Story(
        20,
        "Ambrose Kite",
        Sector.SPORT,
        "Football coach",
        Category.OTHER,
        "parent or carer",
        "A parent finds the training too hard.",
        "",
        ("advise",),
    ),
)


class _Told:
    """One story told by the services, each step on a day that has come."""

    def __init__(self, story: _Story, officer: Person, today: date) -> None:
        self.story, self.officer, self.today = story, officer, today
        self.referred = today - timedelta(days=story.days_ago)
        self.case: Case

    def tell(self) -> None:
        """Refer it, then take each step it has come to."""
        story = self.story
        moment = min(self._at(self.referred, 9), timezone.now())
        self.case = referrals.refer(
            actor=self.officer,
            draft_or_answers={
                "authority": AUTHORITY,
                "subject_name": story.name,
                "sector": story.sector.value,
                "role": story.role,
                "category": story.category.value,
                "words": story.words,
                "when": story.when,
                "source": story.source,
                "known_on": (self.referred - timedelta(days=1)).isoformat(),
            },
            at=moment,
        )
        steps: dict[str, Callable[[], object]] = {
            "evaluate": self._evaluate,
            "advise": self._advise,
            "meet": self._meet,
            "enquiry": lambda: self._strand(Strand.SOCIAL_CARE, "Assessment team"),
            "police": lambda: self._strand(Strand.CRIMINAL, "Child abuse investigation unit"),
            "employer": lambda: self._strand(Strand.EMPLOYER, "Human resources of the employer"),
            "suspend": self._suspend,
        }
        for step in story.steps:
            steps[step]()
            self.case.refresh_from_db()

    def _day(self, after: int) -> date:
        """So many days after the referral, today at the latest."""
        return min(self.referred + timedelta(days=after), self.today)

    @staticmethod
    def _at(day: date, hour: int) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour)))

    def _evaluate(self) -> None:
        limb = Limb.OFFENCE if self.story.category is Category.SEXUAL else Limb.HARMED
        if self.story.category is Category.OTHER:
            limb = Limb.MAY_NOT_BE_SUITABLE
        evaluation.evaluate(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            met={limb: "By what the referral tells."},
            reason="",
            away_from_work=False,
            on=self._day(1),
        )
        self.case.refresh_from_db()
        if self.story.days_ago % 3:
            strands.save_telling(
                actor=self.officer,
                case=self.case,
                revision=self.case.revision,
                party=Party.SUBJECT,
                telling=Telling(Answer.YES, self._day(2), "Their manager"),
            )

    def _advise(self) -> None:
        evaluation.evaluate(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            met={},
            reason="No harm and no risk to a child is described: a matter for the employer.",
            away_from_work=False,
            on=self._day(1),
        )

    def _meet(self) -> None:
        held = min(self._at(self._day(4), 10), timezone.now())
        meetings.plan_meeting(actor=self.officer, case=self.case, revision=self.case.revision, at=held)
        self.case.refresh_from_db()
        meetings.hold_meeting(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            meeting=self.case.meetings.get(),
            at=held,
            attendees=["Designated officer", "Police", "Social care", "Employer"],
            shared="What each knows of the matter.",
            decisions="Each strand goes on with its own owner; to meet again.",
            next_review_on=self._day(4) + timedelta(days=28),
        )
        self.case.refresh_from_db()
        meetings.add_action(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            what="Tell the designated officer how the strand stands.",
            owner="Employer",
            due_on=self.today + timedelta(days=self.story.days_ago % 12),
        )

    def _strand(self, strand: Strand, owner: str) -> None:
        strands.save_strand(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            record=StrandRecord(strand, State.OPEN, owner, self._day(4)),
        )

    def _suspend(self) -> None:
        suspensions.suspend(
            actor=self.officer,
            case=self.case,
            revision=self.case.revision,
            first_day=self._day(5),
            review_on=self._day(5) + timedelta(days=28),
            decided_by="The employer's director",
            reasons="The enquiry could not go on with them at work.",
            alternatives="Other duties without children: there are none.",
            contact="A manager who is not concerned",
        )
