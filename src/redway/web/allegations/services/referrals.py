"""Referring an allegation: a draft that is kept, the referral that is sent, the answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from redway.allegations.clocks import day_of
from redway.allegations.editions import edition_on
from redway.web.allegations.answers import (
    ABOUT_THE_PERSON,
    ABOUT_THEIR_WORK,
    Referral,
    ReferralRefusedError,
    read_referral,
    tidied,
)
from redway.web.allegations.encryption import keys_asked_once
from redway.web.allegations.models import (
    Allegation,
    Barred,
    Capacity,
    Case,
    Draft,
    Engagement,
    Happening,
    LocalProfile,
    LowLevelConcern,
    Named,
    Subject,
    TellingOfCase,
)
from redway.web.allegations.names import index_names
from redway.web.allegations.services.changing import (
    ChangedMeanwhileError,
    change,
    in_england,
    missing,
    refuse,
)
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role
from redway.web.people.rules import Record
from redway.web.register.models import School


@transaction.atomic
def save_draft(*, actor: Person, draft: Draft | None, answers: Mapping[str, Any], revision: int = 0) -> Draft:
    """Keep what is written so far, for its writer alone. ``revision`` is that of the draft they had open."""
    permission.require(actor, "allegation.refer")
    if draft is None:
        kept = Draft(person=actor)
    else:
        kept = own_draft(actor, draft)
        if kept.revision != revision:
            raise ChangedMeanwhileError(())
    kept.answers, kept.changed_at = tidied(answers), timezone.now()
    kept.revision += 1
    kept.save()
    audit.record(actor, "allegation.save_draft", "draft", kept.key, {"revision": kept.revision})
    return kept


@transaction.atomic
def drop_draft(*, actor: Person, draft: Draft) -> None:
    """Throw away a draft that is not to be sent. Only its writer can."""
    own_draft(actor, draft).delete()
    audit.record(actor, "allegation.drop_draft", "draft", draft.key)


def own_draft(actor: Person, draft: Draft) -> Draft:
    """The draft as it is stored, locked. Raises Http404 for somebody else's. Call it inside a transaction."""
    found = Draft.objects.select_for_update().filter(pk=draft.pk, person=actor).first()
    if found is None:
        raise Http404("There is no such draft.")
    return found


@transaction.atomic
def refer(*, actor: Person, draft_or_answers: Draft | Mapping[str, Any], at: datetime) -> Case:
    """Send a referral: one case about one person, open to the officers who receive referrals.

    ``at`` is the moment at which it reached the designated officer. It keeps for good the rules in force on
    that day. A draft is sent as whoever sends it has read it. Raises ReferralRefusedError naming every answer
    at fault, and ChangedMeanwhileError when the draft was kept anew since it was read.
    """
    with keys_asked_once():
        return _refer(actor, draft_or_answers, at)


def _refer(actor: Person, draft_or_answers: Draft | Mapping[str, Any], at: datetime) -> Case:
    draft = draft_or_answers if isinstance(draft_or_answers, Draft) else None
    answers = _answers_as_read(actor, draft) if draft is not None else draft_or_answers
    assert isinstance(answers, Mapping)
    authority, school = place_of(actor, answers)
    permission.require(actor, "allegation.refer", Record("referral", "", authority, school or None))
    now, moment = timezone.now(), in_england(at)
    if moment > now:
        raise ReferralRefusedError({"known_on": "A referral cannot have come after now."})
    referral = read_referral(answers, moment)
    concern = _concern_of(actor, referral)
    subject = _new_subject(referral, authority) if concern is None else _known_subject(referral, concern)
    referred_for = school in permission.visible(actor, "allegation.refer").schools
    works_at = school if referral.works_at(school, referred_for=referred_for) else ""
    engagement = _new_engagement(referral, subject, authority, works_at)
    case = _new_case(referral, subject, engagement, authority, moment)
    if concern is not None:
        concern.became = case
        concern.save(update_fields=["became"])
    _keep_from_namesakes(case, referral, actor)
    _name_those_who_receive(case, actor, now)
    audit.record(
        actor,
        "allegation.refer",
        "allegation",
        case.key,
        {"edition": case.edition, "sector": case.sector, "revision": case.revision},
    )
    if draft is not None:
        own_draft(actor, draft).delete()
    return case


def _answers_as_read(actor: Person, draft: Draft) -> Mapping[str, Any]:
    """The answers of a draft, locked, as they were when it was read."""
    kept = own_draft(actor, draft)
    if kept.revision != draft.revision:
        raise ChangedMeanwhileError(())
    answers: Mapping[str, Any] = kept.answers
    return answers


def answer(*, actor: Person, case: Case, revision: int, at: datetime, words: str) -> Case:
    """The designated officer answers who referred it. The words are what was answered."""
    with change(actor, case, revision, "answer") as step:
        moment = in_england(at)
        refuse(
            [
                missing(words, "Say what you answered."),
                "The answer cannot be later than now." if moment > step.now else "",
                "The answer cannot be before the referral." if moment < step.case.referred_at else "",
            ]
        )
        _happened(step.case, "answered", moment, True, actor, words)
    return step.case


def place_of(actor: Person, answers: Mapping[str, Any]) -> tuple[str, str]:
    """The authority that a person's referral goes to, and the school it is about if it is one of theirs.

    Who refers for a school refers to the authority in which they hold that role; who refers for several
    places says for which. Raises ReferralRefusedError.
    """
    seen = permission.visible(actor, "allegation.refer")
    wanted, school = str(answers.get("authority", "")), str(answers.get("school", ""))
    if not (school or wanted or seen.authorities) and len(seen.schools) == 1:
        school = next(iter(seen.schools))
    if school in seen.schools:
        return _authority_of(actor, school), school
    if seen.nothing:
        raise Http404("no role that refers")
    if school and not School.objects.filter(key=school).exists():
        raise ReferralRefusedError({"school": "The register holds no such school. Choose it from the list."})
    if wanted in seen.authorities:
        return wanted, school
    if not wanted and len(seen.authorities) == 1:
        return next(iter(seen.authorities)), school
    raise ReferralRefusedError({"school": "Say for which of your places you refer."})


def profile_of(authority: str) -> LocalProfile:
    """What an authority has settled; the national rules where it has settled nothing."""
    return LocalProfile.objects.filter(pk=authority).first() or LocalProfile(authority=authority)


def officers_of(authority: str) -> list[Person]:
    """Designated officers and their deputies in an authority today, in the order of their accounts."""
    today = permission.today()
    grants = Grant.objects.filter(
        role__in=(Role.LADO, Role.DEPUTY_LADO), authority=authority, ended_at__isnull=True
    ).select_related("person")
    held = {
        grant.person
        for grant in grants
        if grant.person.is_active
        and grant.first_day <= today
        and (grant.last_day is None or today <= grant.last_day)
    }
    return sorted(held, key=lambda person: person.pk)


def _authority_of(actor: Person, school: str) -> str:
    held = actor.grants.filter(scope_key=school, ended_at__isnull=True)
    return str(held.values_list("authority", flat=True)[0])


def _concern_of(actor: Person, referral: Referral) -> LowLevelConcern | None:
    """The low-level concern a referral was made of, locked, if it is open to who sends it."""
    from redway.web.allegations.concerns import record_of_concern

    number = referral.text("concern")
    if not number:
        return None
    held = LowLevelConcern.objects.select_for_update(of=("self",)).select_related("subject")
    found = held.filter(pk=number, became__isnull=True).first()
    if found is None:
        raise ReferralRefusedError({"words": "The concern it was made of has become a referral already."})
    permission.require(actor, "allegation.work", record_of_concern(found))
    return found


def _known_subject(referral: Referral, concern: LowLevelConcern) -> Subject:
    """The person a concern is about, with what the referral says of them besides."""
    subject = concern.subject
    identity = _identity_of(referral)
    known = subject.identity.get("names") or []
    identity["names"] = list(dict.fromkeys([*identity["names"], *known]))
    identity["born"] = identity["born"] or subject.identity.get("born", "")
    subject.identity = subject.identity | identity
    subject.account = _account_of(referral) or subject.account
    subject.revision += 1
    subject.save()
    index_names(subject)
    return subject


def _new_subject(referral: Referral, authority: str) -> Subject:
    subject = Subject.objects.create(
        authority=authority, identity=_identity_of(referral), account=_account_of(referral)
    )
    index_names(subject)
    return subject


def _account_of(referral: Referral) -> Person | None:
    email = referral.text("subject_email").lower()
    return Person.objects.filter(email=email).first() if email else None


def _identity_of(referral: Referral) -> dict[str, Any]:
    about = referral.about([name for name in ABOUT_THE_PERSON if name != "subject_name"])
    return {
        "names": list(referral.names),
        "born": referral.born.isoformat() if referral.born else "",
        **{name.removeprefix("subject_"): text for name, text in about.items() if name != "subject_born"},
        **({"born_told": about["subject_born"]} if "subject_born" in about else {}),
    }


def _new_engagement(referral: Referral, subject: Subject, authority: str, school: str) -> Engagement:
    details: dict[str, Any] = referral.about(ABOUT_THEIR_WORK)
    for name in ("teacher", "regulated_activity"):
        details[name] = referral.says_yes(name)
    return Engagement.objects.create(
        subject=subject,
        sector=referral.sector.value,
        basis=referral.text("basis"),
        authority=referral.text("work_authority") or (authority if school else ""),
        school=school,
        details=details,
    )


def _new_case(
    referral: Referral, subject: Subject, engagement: Engagement, authority: str, moment: datetime
) -> Case:
    case = Case.objects.create(
        authority=authority,
        subject=subject,
        engagement=engagement,
        edition=edition_on(day_of(moment), profile_of(authority).profile).name,
        known_at=referral.known_at,
        known_time_given=referral.known_time_given,
        # Forms ask for no seconds: what is done in the same minute must not come before the referral.
        referred_at=moment.replace(second=0, microsecond=0),
        sector=referral.sector.value,
        category=referral.category.value if referral.category else "",
        source=referral.text("source"),
        mandatory_report=referral.says_yes("mandatory_report") is True,
        account={"referral": dict(referral.written), "evaluations": []},
    )
    Allegation.objects.create(
        case=case,
        number=1,
        words=referral.text("words"),
        category=case.category,
        told_when=referral.incident.told if referral.incident else "",
        first_day=referral.incident.first if referral.incident else None,
        last_day=referral.incident.last if referral.incident else None,
    )
    for party, telling in referral.tellings.items():
        TellingOfCase.objects.create(
            case=case,
            party=party.value,
            answer=telling.answer.value,
            on=telling.on,
            by=telling.by,
            because=telling.because,
        )
    _happened(case, "known", case.known_at, case.known_time_given, None, "")
    _happened(case, "referred", case.referred_at, True, None, "")
    return case


def _happened(
    case: Case, event: str, at: datetime, time_given: bool, actor: Person | None, words: str
) -> None:
    Happening.objects.create(
        case=case, event=event, at=at, time_given=time_given, entered_by=actor, words=words.strip()
    )


def _keep_from_namesakes(case: Case, referral: Referral, actor: Person) -> None:
    """Keep the case from whoever bears a name of the person it is about, until an officer lifts that."""
    names = {" ".join(name.casefold().split()) for name in referral.names}
    if not names:
        return
    for person in Person.objects.filter(is_active=True).only("pk", "full_name"):
        if person.pk != case.subject.account_id and " ".join(person.full_name.casefold().split()) in names:
            Barred.objects.create(
                case=case,
                person=person,
                reason="Bears the name of the person it is about.",
                barred_by=actor,
            )


def _name_those_who_receive(case: Case, actor: Person, now: datetime) -> None:
    """Name the referrer and the officers who receive referrals. One that reaches nobody is refused."""
    receiving = _receiving(case, actor)
    if not receiving:
        raise ReferralRefusedError(
            {
                "subject_name": "Redway has no designated officer to give this referral to. "
                "Telephone the director of children's services."
            }
        )
    leader = actor if actor in receiving else receiving[0]
    for officer in receiving:
        _name(case, officer, Capacity.OFFICER, now, leads=officer == leader)
    _name(case, actor, Capacity.REFERRER, now)


def _receiving(case: Case, actor: Person) -> Sequence[Person]:
    """The officers of the local profile; all of the authority where it names none who can see the case."""
    barred = Barred.objects.filter(case=case).values_list("person_id", flat=True)
    closed_to = {*barred, case.subject.account_id}
    officers = [officer for officer in officers_of(case.authority) if officer.pk not in closed_to]
    chosen = set(profile_of(case.authority).receiving.values_list("pk", flat=True))
    named = [officer for officer in officers if officer.pk in chosen]
    return named or officers


def _name(case: Case, person: Person, capacity: Capacity, now: datetime, *, leads: bool = False) -> None:
    Named.objects.create(case=case, person=person, capacity=capacity, leads=leads, from_at=now)
