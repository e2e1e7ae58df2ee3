"""Every change to a consultation: permitted, allowed, stored and audited in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from redway.core.errors import InvalidPeriod
from redway.core.periods import PeriodKind, parse_period
from redway.core.words import day_in_words
from redway.funding.consultation import Answer, QuestionKind, question
from redway.funding.consultation import Question as Asked
from redway.funding.forum_powers import Matter
from redway.web.audit import services as audit
from redway.web.funding.forum import asking
from redway.web.funding.forum.changing import (
    ChangedMeanwhile,
    ForumRefused,
    locked,
    next_number,
    require_manager,
    words,
)
from redway.web.funding.forum.frozen import Frozen, thaw
from redway.web.funding.forum.models import Consultation, Option, Question, Response
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

_KIND = "forum consultation"
State = Consultation.State


@dataclass(frozen=True)
class Paper:
    """What a consultation says of itself."""

    year: str
    title: str
    matter: Matter
    paper: str
    closes_on: date


def begin_consultation(*, actor: Person, authority: str, paper: Paper, now: datetime) -> Consultation:
    """A draft, seen by nobody but those who manage the forum."""
    require_manager(actor, authority)
    _require_paper(paper)
    with transaction.atomic():
        made = Consultation.objects.create(
            authority=authority,
            year=paper.year,
            title=paper.title.strip(),
            paper=paper.paper.strip(),
            matter=paper.matter.value,
            closes_on=paper.closes_on,
            made_at=now,
            made_by=actor,
        )
        audit.record(actor, "forum.begin_consultation", _KIND, made.pk, _of(made))
    return made


def edit_paper(*, actor: Person, consultation: Consultation, revision: int, paper: Paper) -> Consultation:
    """Change a draft."""
    require_manager(actor, consultation.authority)
    _require_paper(paper)
    with transaction.atomic():
        found = _draft(consultation, revision)
        found.year, found.title, found.matter = paper.year, paper.title.strip(), paper.matter.value
        found.paper, found.closes_on = paper.paper.strip(), paper.closes_on
        found.save(update_fields=["year", "title", "matter", "paper", "closes_on", "revision"])
        audit.record(actor, "forum.edit_consultation", _KIND, found.pk, _of(found))
    return found


def attach_option(
    *,
    actor: Person,
    consultation: Consultation,
    revision: int,
    title: str,
    about: str,
    scenario: str,
    frozen: Frozen,
) -> Option:
    """Attach a scenario as an option, with the copy of its rates and results that schools will see."""
    require_manager(actor, consultation.authority)
    title = words(title, "The option has no name.", "Say what schools are to call it.")
    with transaction.atomic():
        found = _draft(consultation, revision)
        if found.options.filter(title__iexact=title).exists():
            raise ForumRefused(f"There is an option called '{title}' already.", "Call this one differently.")
        made = Option.objects.create(
            consultation=found,
            number=next_number(found.options.all()),
            title=title,
            about=about.strip(),
            scenario=scenario,
            frozen=frozen.to_json(),
        )
        found.save(update_fields=["revision"])
        details = {"number": made.number, "scenario": scenario, "schools": len(frozen.schools)}
        audit.record(actor, "forum.attach_option", _KIND, found.pk, details)
    return made


def take_option_off(*, actor: Person, option: Option, revision: int) -> None:
    """Take an option off a draft."""
    require_manager(actor, option.consultation.authority)
    with transaction.atomic():
        found = _draft(option.consultation, revision)
        number = option.number
        option.delete()
        found.save(update_fields=["revision"])
        audit.record(actor, "forum.take_option_off", _KIND, found.pk, {"number": number})


@dataclass(frozen=True)
class Asking:
    """One question as it is written."""

    words: str
    kind: QuestionKind
    choices: Sequence[str] = ()
    must: bool = False


def add_question(*, actor: Person, consultation: Consultation, revision: int, asked: Asking) -> Question:
    """Ask one more question. Raises ConsultationRefused for one that cannot be answered."""
    require_manager(actor, consultation.authority)
    with transaction.atomic():
        found = _draft(consultation, revision)
        _require_question(found, asked)
        made = Question.objects.create(
            consultation=found,
            number=next_number(found.questions.all()),
            words=asked.words.strip(),
            kind=asked.kind.value,
            choices=list(asked.choices) if asked.kind.has_own_choices else [],
            must=asked.must,
        )
        found.save(update_fields=["revision"])
        details = {"number": made.number, "kind": made.kind}
        audit.record(actor, "forum.add_question", _KIND, found.pk, details)
    return made


def take_question_off(*, actor: Person, asked: Question, revision: int) -> None:
    """Take a question off a draft."""
    require_manager(actor, asked.consultation.authority)
    with transaction.atomic():
        found = _draft(asked.consultation, revision)
        number = asked.number
        asked.delete()
        found.save(update_fields=["revision"])
        audit.record(actor, "forum.take_question_off", _KIND, found.pk, {"number": number})


def publish(
    *, actor: Person, consultation: Consultation, revision: int, today: date, now: datetime
) -> Consultation:
    """Open a consultation to schools. Nothing of the paper, its options or its questions changes after it.

    Raises ForumRefused when there is no question, when it asks for an option that is not there, when it would
    close before it opens, or when there is no school to ask.
    """
    require_manager(actor, consultation.authority)
    with transaction.atomic():
        found = _draft(consultation, revision)
        if found.closes_on < today:
            raise ForumRefused(
                f"It would have closed on {day_in_words(found.closes_on)}.", "Set a closing day to come."
            )
        asked = list(found.questions.all())
        if not asked:
            raise ForumRefused("It asks no question.", "Add at least one question.")
        for one in asked:
            _require_question(found, Asking(one.words, QuestionKind(one.kind), tuple(one.choices), one.must))
        schools = asking.schools_to_ask(found.authority, [thaw(one.frozen) for one in found.options.all()])
        if not schools:
            raise ForumRefused(
                "There is no school to ask.", "Import the establishments of the authority first."
            )
        found.state, found.published_at, found.published_by = State.PUBLISHED, now, actor
        found.asked = asking.to_json(schools)
        found.save(update_fields=["state", "published_at", "published_by", "asked", "revision"])
        details = _of(found) | {"schools": len(schools), "options": found.options.count()}
        audit.record(actor, "forum.publish_consultation", _KIND, found.pk, details)
    return found


def withdraw(*, actor: Person, consultation: Consultation, revision: int, reason: str) -> Consultation:
    """Take a consultation back, with a reason. Its paper and responses are kept."""
    require_manager(actor, consultation.authority)
    reason = words(reason, "It is not said why it is withdrawn.", "Say why; schools may ask.")
    with transaction.atomic():
        found = locked(Consultation, consultation.pk, revision, "consultation")
        if found.state == State.WITHDRAWN:
            raise ForumRefused("It has been withdrawn already.")
        found.state, found.withdrawn_reason = State.WITHDRAWN, reason
        found.save(update_fields=["state", "withdrawn_reason", "revision"])
        audit.record(actor, "forum.withdraw_consultation", _KIND, found.pk, _of(found))
    return found


def prolong(*, actor: Person, consultation: Consultation, revision: int, closes_on: date) -> Consultation:
    """Give schools more time. A closing day is never brought forward."""
    require_manager(actor, consultation.authority)
    with transaction.atomic():
        found = locked(Consultation, consultation.pk, revision, "consultation")
        if found.state != State.PUBLISHED or closes_on <= found.closes_on:
            raise ForumRefused(
                f"It closes on {day_in_words(found.closes_on)}; that day can only be put off.",
                "Choose a later day.",
            )
        found.closes_on = closes_on
        found.save(update_fields=["closes_on", "revision"])
        audit.record(actor, "forum.prolong_consultation", _KIND, found.pk, _of(found))
    return found


def publish_analysis(
    *,
    actor: Person,
    consultation: Consultation,
    revision: int,
    findings: str,
    held_back: Sequence[tuple[str, str]],
    today: date,
    now: datetime,
) -> Consultation:
    """Publish what schools answered, once it has closed, with what the authority makes of it."""
    require_manager(actor, consultation.authority)
    findings = words(findings, "Nothing is said about the responses.", "Write what you make of them.")
    with transaction.atomic():
        found = locked(Consultation, consultation.pk, revision, "consultation")
        if found.state not in (State.PUBLISHED, State.ANALYSED) or is_open(found, today):
            raise ForumRefused(
                f"Schools may answer until {day_in_words(found.closes_on)}.",
                "Publish the analysis when it has closed.",
            )
        found.state, found.findings, found.analysed_at = State.ANALYSED, findings, now
        found.held_back = [list(one) for one in held_back]
        found.save(update_fields=["state", "findings", "held_back", "analysed_at", "revision"])
        details = _of(found) | {"held_back": len(held_back)}
        audit.record(actor, "forum.publish_analysis", _KIND, found.pk, details)
    return found


# --- responses ----------------------------------------------------------------------------------------------


def save_response(
    *,
    actor: Person,
    consultation: Consultation,
    school: School,
    revision: int,
    answers: Mapping[str, Answer],
    send: bool,
    today: date,
    now: datetime,
) -> Response:
    """Keep what is written, or send it. Headteacher and chair write on one and the same response.

    ``revision`` is 0 while nothing had been written. Raises ChangedMeanwhile when the other one saved in the
    meantime, ForumRefused after the closing day, and for answers that cannot be sent.
    """
    permission.require(actor, "forum.respond", school_record(school))
    with transaction.atomic():
        # The consultation is locked too: it must not close between the look and the write.
        found = Consultation.objects.select_for_update().get(pk=consultation.pk)
        _require_answerable(found, school, today)
        response = Response.objects.select_for_update().filter(consultation=found, school=school.key).first()
        if (response.revision if response else 0) != revision:
            raise ChangedMeanwhile("response")
        asked = {one.code: one for one in questions_of(found)}
        kept = {code: answer for code, answer in answers.items() if code in asked and answer}
        if send and (
            wrong := [why for one in asked.values() if (why := one.answer_refusal(kept.get(one.code, "")))]
        ):
            raise ForumRefused(" ".join(wrong), "Nothing was sent; what you wrote is still here.")
        response = response or Response(consultation=found, school=school.key, revision=0)
        response.written, response.saved_at, response.saved_by = kept, now, actor
        response.revision += 1
        if send:
            response.sent, response.sent_at, response.sent_by = kept, now, actor
        response.save()
        verb = "forum.send_response" if send else "forum.keep_response"
        details = {"consultation": str(found.pk), "school": school.key, "revision": response.revision}
        audit.record(actor, verb, "forum response", response.pk, details | {"answers": len(kept)})
    return response


def is_open(consultation: Consultation, today: date) -> bool:
    """Whether schools may answer: until the end of its closing day."""
    return consultation.state == State.PUBLISHED and today <= consultation.closes_on


def questions_of(consultation: Consultation) -> list[Asked]:
    """Its questions as the rules see them; the options are the choices of the questions about them."""
    titles = [one.title for one in consultation.options.all()]
    return [
        question(
            f"q{one.pk}",
            one.words,
            QuestionKind(one.kind),
            titles if one.kind == QuestionKind.OPTION else one.choices,
            one.must,
        )
        for one in consultation.questions.all()
    ]


def _require_answerable(consultation: Consultation, school: School, today: date) -> None:
    if not is_open(consultation, today):
        raise ForumRefused(
            f"It closed on {day_in_words(consultation.closes_on)}.",
            "What was sent until then counts. Ask the finance officer if you could not send it.",
        )
    if school.key not in {one["school"] for one in consultation.asked}:
        raise ForumRefused("This school is not among those asked.", "Ask the finance officer why.")


def _draft(consultation: Consultation, revision: int) -> Consultation:
    found = locked(Consultation, consultation.pk, revision, "consultation")
    if found.state != State.DRAFT:
        raise ForumRefused(
            "It has been published, and a published paper never changes.",
            "Withdraw it with a reason and publish another, or put off its closing day.",
        )
    return found


def _require_paper(paper: Paper) -> None:
    words(paper.title, "The paper has no title.", "Say what it is about.")
    words(paper.paper, "The paper says nothing.", "Write what schools are asked, and why.")
    try:
        parse_period(paper.year, PeriodKind.FINANCIAL)
    except InvalidPeriod as error:
        raise ForumRefused(error.message, "Write the funding year as 2027-28.") from None


def _require_question(consultation: Consultation, asked: Asking) -> None:
    titles = [one.title for one in consultation.options.all()]
    question("q", asked.words, asked.kind, titles if asked.kind is QuestionKind.OPTION else asked.choices)


def _of(one: Consultation) -> dict[str, Any]:
    """What the audit trail says of a consultation: codes and dates, no words."""
    return {
        "authority": one.authority,
        "year": one.year,
        "matter": one.matter,
        "state": str(one.state),
        "closes_on": one.closes_on.isoformat(),
        "revision": one.revision,
    }
