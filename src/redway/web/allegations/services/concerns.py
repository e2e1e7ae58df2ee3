"""Low-level concerns: entered, and made a referral without being written again."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import Http404

from redway.core.words import day_in_words
from redway.web.allegations.concerns import KIND, concerns_open_to, record_of_concern
from redway.web.allegations.encryption import fingerprint
from redway.web.allegations.models import Draft, LowLevelConcern, Subject
from redway.web.allegations.names import index_names, words_of
from redway.web.allegations.services.changing import missing, not_to_come, refuse
from redway.web.allegations.services.referrals import officers_of, save_draft
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School


@transaction.atomic
def enter_concern(
    *,
    actor: Person,
    authority: str,
    name: str,
    born: date | None,
    same_as: Subject | None = None,
    on: date,
    school: str = "",
    place: str = "",
    role: str = "",
    words: str,
    done: str = "",
) -> LowLevelConcern:
    """Keep a concern below the threshold. ``same_as`` is somebody in the log already whom it is about.

    The actor is an officer of the authority. Raises ChangeRefusedError naming everything that is missing.
    """
    permission.require(actor, "allegation.work")
    if actor not in officers_of(authority):
        raise Http404("not an officer of that authority")
    found = School.objects.filter(key=school, authority=authority).first() if school else None
    refuse(
        [
            missing(name, "Give the person's name."),
            missing(words, "Say what the concern is."),
            not_to_come("A concern", on, permission.today()),
            "The authority has no such school." if school and found is None else "",
        ]
    )
    subject = _someone_known(actor, authority, same_as) if same_as else _someone_new(authority, name, born)
    where = found.shown_name if found else place.strip()
    concern = LowLevelConcern.objects.create(
        subject=subject,
        authority=authority,
        place=found.key if found else _place(where),
        on=on,
        about={
            "words": words.strip(),
            "done": done.strip(),
            "place": where,
            "school": school,
            "role": role.strip(),
        },
        entered_by=actor,
    )
    audit.record(actor, "allegation.enter_concern", KIND, subject.key, {"concern": concern.pk})
    return concern


@transaction.atomic
def make_referral(*, actor: Person, concern: LowLevelConcern) -> Draft:
    """Begin a referral that holds what the concern says. Sent, it becomes a case about that person."""
    held = LowLevelConcern.objects.select_for_update(of=("self",)).select_related("subject")
    found = held.get(pk=concern.pk)
    permission.require(actor, "allegation.work", record_of_concern(found))
    refuse(["It has become a referral already." if found.became_id else ""])
    return save_draft(actor=actor, draft=None, answers=_answers(found))


def _answers(concern: LowLevelConcern) -> dict[str, str]:
    identity, about = concern.subject.identity, concern.about
    names = identity.get("names") or [""]
    born = identity.get("born") or ""
    return {
        "concern": concern.pk,
        "authority": concern.authority,
        "wants": "referral",
        "subject_name": names[0],
        "subject_other_names": ", ".join(names[1:]),
        "subject_born": day_in_words(date.fromisoformat(born)) if born else "",
        "employer": about["place"],
        "school": about["school"],
        "role": about["role"],
        "words": about["words"],
        "when": day_in_words(concern.on),
        "actions_so_far": about["done"],
    }


def _someone_known(actor: Person, authority: str, subject: Subject) -> Subject:
    """Somebody about whom the actor may read a concern of the same authority."""
    if not any(
        one.subject_id == subject.pk and one.authority == authority for one in concerns_open_to(actor)
    ):
        raise Http404("There is no such person.")
    return subject


def _someone_new(authority: str, name: str, born: date | None) -> Subject:
    subject = Subject.objects.create(
        authority=authority,
        identity={"names": [" ".join(name.split())], "born": born.isoformat() if born else ""},
    )
    index_names(subject)
    return subject


def _place(where: str) -> str:
    """A place as it is compared and not read: its words, without order, capitals and punctuation."""
    words = sorted(words_of([where]))
    return fingerprint(" ".join(words)) if words else ""
