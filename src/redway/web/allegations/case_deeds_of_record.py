"""Evaluating, the strands, who was told, the register of allegations and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.http import Http404
from django.utils import timezone

from redway.allegations.outcomes import Category, Outcome
from redway.allegations.strands import State, Strand, StrandRecord
from redway.allegations.told import Answer, Party, Telling
from redway.core.words import day_in_words
from redway.web.allegations import case_forms_of_record as forms
from redway.web.allegations.case_deed import OPEN, Deed, Sent, row_of, slug_of
from redway.web.allegations.case_form import NothingForm, ReasonForm, capital, today
from redway.web.allegations.facts import grid_of, strands_of
from redway.web.allegations.models import Allegation, Case, CaseState, Happening
from redway.web.allegations.services import evaluation, referrals, running

Rows = Sequence[tuple[str, str]]
WITH_CLOSED = frozenset({CaseState.OPEN, CaseState.CLOSED})


def moment(day: date, at: time | None) -> datetime:
    """A day and a time of it, in England; its first moment where no time is given."""
    return timezone.make_aware(datetime.combine(day, at or time(0)))


def _today(case: Case, item: Any) -> dict[str, Any]:
    return {"on": today()}


def _now(case: Case, item: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return {"on": now.date(), "at": now.time()}


# --- evaluation ---------------------------------------------------------------------------------------------


def _answer(sent: Sent) -> object:
    at = moment(sent.given["on"], sent.given["at"])
    return referrals.answer(**sent.whose, at=at, words=sent.given["words"])


def _evaluate(sent: Sent) -> object:
    return evaluation.evaluate(
        **sent.whose,
        met=sent.form.met(),
        reason=sent.given["reason"],
        away_from_work=sent.given["away_from_work"],
        on=sent.given["on"],
    )


def _reopen(sent: Sent) -> object:
    return evaluation.reopen_advice(
        **sent.whose,
        met=sent.form.met(),
        away_from_work=sent.given["away_from_work"],
        on=sent.given["on"],
    )


def _last_evaluation(case: Case, item: Any) -> dict[str, Any]:
    """What was decided last, to be corrected; the first time only today's date."""
    held = case.account.get("evaluations", [])
    if not held or case.state != CaseState.OPEN:
        return {"on": today()}
    met = held[-1]["met"]
    reasons = {f"why_{limb.replace('-', '_')}": why for limb, why in met.items()}
    return {
        "limbs": list(met),
        "away_from_work": held[-1]["away_from_work"],
        "on": date.fromisoformat(held[-1]["on"]),
        **reasons,
    }


def _words_of_the_case(case: Case, item: Any) -> Rows:
    register = case.allegations.order_by("number")
    return [(f"Allegation {one.number}", one.words) for one in register if not one.withdrawn_because]


# --- strands and who was told -------------------------------------------------------------------------------


def _strand(case: Case, item: str) -> StrandRecord:
    for strand in Strand:
        if slug_of(strand) == item:
            return strands_of(case.strands.all())[strand]
    raise Http404("There is no such strand.")


def _strand_so_far(case: Case, item: StrandRecord) -> dict[str, Any]:
    return {
        "state": item.state.value,
        "owner": item.owner,
        "opened_on": item.opened_on,
        "concluded_on": item.concluded_on,
        "outcome": item.outcome,
        "reason": item.reason,
    }


def _save_strand(sent: Sent) -> object:
    given = sent.given
    record = StrandRecord(
        sent.item.strand,
        State(given["state"]),
        given["owner"],
        given["opened_on"],
        given["concluded_on"],
        given["outcome"],
        given["reason"],
    )
    return running.save_strand(**sent.whose, record=record)


def _party(case: Case, item: str) -> tuple[Party, Telling]:
    for party in Party:
        if slug_of(party) == item:
            return party, grid_of(case.tellings.all())[party]
    raise Http404("There is nobody of that kind to be told.")


def _telling_so_far(case: Case, item: tuple[Party, Telling]) -> dict[str, Any]:
    telling = item[1]
    unanswered = telling.answer is Answer.UNANSWERED
    return {
        "answer": None if unanswered else telling.answer.value,
        "on": telling.on,
        "by": telling.by,
        "because": telling.because,
    }


def _save_telling(sent: Sent) -> object:
    given = sent.given
    telling = Telling(Answer(given["answer"]), given["on"], given["by"], given["because"])
    return running.save_telling(**sent.whose, party=sent.item[0], telling=telling)


# --- allegations --------------------------------------------------------------------------------------------

_ALLEGATION = row_of(Allegation)


def _category(word: str) -> Category | None:
    return Category(word) if word else None


def _add_allegation(sent: Sent) -> object:
    given = sent.given
    return running.add_allegation(
        **sent.whose,
        words=given["words"],
        category=_category(given["category"]),
        when=given["told_when"],
    )


def _correct_allegation(sent: Sent) -> object:
    given = sent.given
    return running.correct_allegation(
        **sent.whose,
        allegation=sent.item,
        category=_category(given["category"]),
        when=given["told_when"],
        main=given["main"],
    )


def _put(sent: Sent) -> object:
    given = sent.given
    return running.put_to_subject(
        **sent.whose,
        allegation=sent.item,
        on=given["on"],
        reply=given["reply"],
        not_put_because=given["not_put_because"],
    )


def _find(sent: Sent) -> object:
    given = sent.given
    return running.record_finding(
        **sent.whose,
        allegation=sent.item,
        outcome=Outcome(given["outcome"]),
        on=given["on"],
        reasons=given["reasons"],
        evidence_of_intent=given["evidence_of_intent"],
        correction=given.get("correction", ""),
    )


def _finding_so_far(case: Case, item: Allegation) -> dict[str, Any]:
    return {
        "outcome": item.outcome or item.finding.get("awaits", {}).get("outcome"),
        "on": item.decided_on or today(),
        "reasons": item.finding.get("reasons", ""),
        "evidence_of_intent": item.finding.get("evidence_of_intent", ""),
    }


def _its_words(case: Case, item: Allegation) -> Rows:
    return [("What is alleged", item.words)]


def _how_it_was_put(case: Case, item: Allegation) -> Rows:
    if item.put_on:
        put = f"On {day_in_words(item.put_on)}"
    else:
        put = f"No: {item.not_put_because}" if item.not_put_because else "Not yet: do that first"
    return [
        *_its_words(case, item),
        ("Put to the person", put),
        ("What they said", item.reply or "Not recorded"),
    ]


def _waits(case: Case, item: str) -> Allegation:
    found: Allegation = _ALLEGATION(case, item)
    if not found.finding.get("awaits"):
        raise Http404("No finding waits to be confirmed.")
    return found


def _to_confirm(case: Case, item: Allegation) -> Rows:
    return [
        *_how_it_was_put(case, item),
        ("Finding", "Malicious"),
        ("Decided by", item.decided_by.full_name if item.decided_by else ""),
        ("What it rests on", item.finding["reasons"]),
        ("What shows that it was meant to deceive", item.finding["evidence_of_intent"]),
    ]


# --- timeline -----------------------------------------------------------------------------------------------


def _happened(sent: Sent) -> object:
    given = sent.given
    return running.record_happening(
        **sent.whose,
        event=given["event"],
        at=moment(given["on"], given["at"]),
        time_given=given["at"] is not None,
        words=given["words"],
    )


def _its_entry(case: Case, item: Happening) -> Rows:
    return [
        ("Entry", forms.EVENT_WORDS.get(item.event, item.event)),
        ("Day", day_in_words(timezone.localdate(item.at))),
        ("What was written", item.words or "Nothing"),
    ]


RECORD_DEEDS: tuple[Deed, ...] = (
    Deed(
        "answer",
        "Answer the referral",
        "Save the answer",
        "The answer is written down.",
        forms.AnswerForm,
        _answer,
        "timeline",
        initial=_now,
        about=_words_of_the_case,
        lead="Write down what you answered to whoever referred it, and when. It stops the clock.",
    ),
    Deed(
        "evaluate",
        "Initial evaluation",
        "Save the evaluation",
        "The evaluation is saved.",
        forms.EvaluateForm,
        _evaluate,
        "evaluation",
        about=_words_of_the_case,
        initial=_last_evaluation,
        check=True,
        final="What meets the threshold is opened and followed to its outcome. What does not is kept "
        "as advice.",
    ),
    Deed(
        "reopen",
        "Make it a referral",
        "Open the case",
        "The case is open. Everything that was written is kept.",
        forms.ReopenForm,
        _reopen,
        "evaluation",
        about=_words_of_the_case,
        initial=_today,
        lead="It was kept as advice. If more is known now, say which parts of the threshold are met.",
        check=True,
        states=frozenset({CaseState.ADVICE}),
    ),
    Deed(
        "strand",
        "How a strand stands",
        "Save",
        "The strand is saved.",
        forms.StrandForm,
        _save_strand,
        "strands",
        item=_strand,
        heading=lambda item: capital(item.strand.value),
        initial=_strand_so_far,
    ),
    Deed(
        "told",
        "Who has been told",
        "Save",
        "It is written down.",
        forms.TellingForm,
        _save_telling,
        "told",
        item=_party,
        heading=lambda item: f"Telling {item[0]}",
        initial=_telling_so_far,
    ),
    Deed(
        "add-allegation",
        "Add an allegation",
        "Add the allegation",
        "The allegation is in the register.",
        forms.AllegationForm,
        _add_allegation,
        "allegations",
        lead="One allegation at a time: each is put to the person and decided by itself.",
        states=frozenset({CaseState.ARRIVED, CaseState.OPEN}),
    ),
    Deed(
        "correct-allegation",
        "Correct the kind of harm, or when it happened",
        "Save",
        "The allegation is corrected.",
        forms.CorrectAllegationForm,
        _correct_allegation,
        "allegations",
        item=_ALLEGATION,
        about=_its_words,
        initial=lambda case, item: {"category": item.category, "told_when": item.told_when},
    ),
    Deed(
        "put",
        "Put to the person",
        "Save",
        "It is written down.",
        forms.PutForm,
        _put,
        "allegations",
        item=_ALLEGATION,
        heading=lambda item: f"Put allegation {item.number} to the person",
        about=_its_words,
        initial=lambda case, item: {
            "on": item.put_on,
            "reply": item.reply,
            "not_put_because": item.not_put_because,
        },
        lead="What is decided must be what was put to them, in the same words.",
    ),
    Deed(
        "finding",
        "Record a finding",
        "Record the finding",
        "The finding is recorded. If it is malicious, it waits for a second person.",
        forms.FindingForm,
        _find,
        "allegations",
        item=_ALLEGATION,
        heading=lambda item: f"Finding on allegation {item.number}",
        about=_how_it_was_put,
        initial=_finding_so_far,
        check=True,
        final="A finding can be corrected later, with a reason. It is never taken away without a trace.",
        states=WITH_CLOSED,
    ),
    Deed(
        "confirm-finding",
        "Confirm a finding of malice",
        "I agree, in my own name",
        "The finding is confirmed.",
        NothingForm,
        lambda sent: running.confirm_finding(**sent.whose, allegation=sent.item),
        "allegations",
        item=_waits,
        about=_to_confirm,
        lead="Malicious counts only once a second person agrees. Read the evidence; leave it if it is not "
        "enough.",
        states=WITH_CLOSED,
    ),
    Deed(
        "withdraw-allegation",
        "Take back an allegation entered in error",
        "Take it back",
        "It is taken out of the register, and stays to be read.",
        ReasonForm,
        lambda sent: running.withdraw_allegation(
            **sent.whose, allegation=sent.item, because=sent.given["reason"]
        ),
        "allegations",
        item=_ALLEGATION,
        about=_its_words,
        lead="Only for what should never have been entered. What was alleged and is not true gets a finding.",
        warning=True,
    ),
    Deed(
        "happened",
        "Add to the timeline",
        "Add it",
        "It is in the timeline.",
        forms.HappeningForm,
        _happened,
        "timeline",
        initial=_today,
    ),
    Deed(
        "take-back",
        "Take back an entry of the timeline",
        "Take it back",
        "It counts no longer, and stays to be read.",
        ReasonForm,
        lambda sent: running.withdraw_happening(
            **sent.whose, happening=sent.item, because=sent.given["reason"]
        ),
        "timeline",
        item=row_of(Happening),
        about=_its_entry,
        lead="Clocks are counted anew without it.",
        warning=True,
    ),
    Deed(
        "left",
        "The person has left",
        "Save",
        "It is written down. The case goes on to its findings as before.",
        forms.LeavingForm,
        lambda sent: running.record_leaving(**sent.whose, on=sent.given["on"], words=sent.given["words"]),
        "timeline",
        lead="Leaving does not end a case. It goes on to a finding, and the duty to refer to the barring "
        "service remains. An agreement that trades silence for leaving is not allowed.",
        states=OPEN,
    ),
)
