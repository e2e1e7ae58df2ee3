"""To whom a case is open: naming, conflicts of interest, sharing, looking at broken glass, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from django.http import Http404
from django.utils import timezone

from redway.allegations.cross_border import TransferState
from redway.core.words import day_in_words
from redway.web.allegations import case_forms_of_people as forms
from redway.web.allegations.case_deed import ANY, Deed, Sent, row_of
from redway.web.allegations.case_deeds_of_record import moment
from redway.web.allegations.case_form import NothingForm, ReasonForm, capital
from redway.web.allegations.models import Barred, Case, HandOver, Named
from redway.web.allegations.services import naming
from redway.web.people.models import Person

Rows = Sequence[tuple[str, str]]
_HAND_OVER = row_of(HandOver)


def _name(sent: Sent) -> object:
    person, capacity = sent.form.chosen()
    return naming.name_officer(**sent.whose, person=person, capacity=capacity, leads=sent.given["leads"])


def _named_person(case: Case, item: Named) -> Rows:
    rows = [
        ("Who", item.person.full_name),
        ("As", capital(item.capacity)),
        ("Since", day_in_words(timezone.localdate(item.from_at))),
    ]
    return [*rows, ("Why", item.reason)] if item.reason else rows


def _barred_person(case: Case, item: Barred) -> Rows:
    return [("Who", item.person.full_name), ("Conflict", item.reason)]


def _share(sent: Sent) -> object:
    given = sent.given
    return naming.share_with_external(
        **sent.whose,
        person=Person.objects.get(pk=given["person"]),
        # The day itself is inside.
        until=moment(given["until"] + timedelta(days=1), time(0)),
        reason=given["reason"],
    )


def _offer(sent: Sent) -> object:
    given = sent.given
    return naming.offer_transfer(**sent.whose, to_authority=given["to_authority"], reason=given["reason"])


def _open_offer(case: Case, item: str) -> HandOver:
    found: HandOver = _HAND_OVER(case, item)
    if found.state != TransferState.OFFERED.value:
        raise Http404("It was answered already.")
    return found


def _the_offer(case: Case, item: HandOver) -> Rows:
    return [
        ("From", forms.name_of(item.from_authority)),
        ("To", forms.name_of(item.to_authority)),
        ("Why", item.reason),
    ]


def _withdraw_offer(sent: Sent) -> object:
    return naming.answer_transfer(
        actor=sent.actor,
        hand_over=sent.item,
        state=TransferState.WITHDRAWN,
        reason=sent.given["reason"],
    )


PEOPLE_DEEDS: tuple[Deed, ...] = (
    Deed(
        "name",
        "Open the case to somebody",
        "Open the case to them",
        "The case is open to them.",
        forms.NameForm,
        _name,
        "open-to",
        lead="A case is open only to those named on it. Name as few as the work needs.",
        states=ANY,
    ),
    Deed(
        "end-naming",
        "End somebody’s access",
        "End their access",
        "The case is closed to them from now on.",
        NothingForm,
        lambda sent: naming.end_naming(**sent.whose, named=sent.item),
        "open-to",
        item=row_of(Named),
        about=_named_person,
        warning=True,
        states=ANY,
    ),
    Deed(
        "review-glass",
        "Look at why the glass was broken",
        "I have looked at it",
        "It is written down that you looked at it.",
        NothingForm,
        lambda sent: naming.review_break_glass(**sent.whose, named=sent.item),
        "open-to",
        item=row_of(Named),
        about=_named_person,
        lead="Somebody who was not named on this case opened it for an hour. If the reason does not hold, "
        "speak to their manager.",
        states=ANY,
    ),
    Deed(
        "bar",
        "Record a conflict of interest",
        "Close the case to them",
        "The case is closed to them, whatever their role.",
        forms.BarForm,
        lambda sent: naming.bar(**sent.whose, person=sent.given["person"], reason=sent.given["reason"]),
        "open-to",
        lead="To somebody with a conflict of interest the case does not exist: in no list, count or search.",
        check=True,
        final="If they try to open it, that is recorded.",
        states=ANY,
    ),
    Deed(
        "lift-bar",
        "There is no conflict of interest",
        "Lift it",
        "The conflict of interest is lifted. They are not named on the case by that.",
        NothingForm,
        lambda sent: naming.lift_bar(**sent.whose, barred=sent.item),
        "open-to",
        item=row_of(Barred),
        about=_barred_person,
        states=ANY,
    ),
    Deed(
        "link-account",
        "The person’s own account",
        "Save",
        "It is saved.",
        forms.LinkForm,
        lambda sent: naming.link_account(**sent.whose, person=sent.given["person"]),
        "open-to",
        lead="If the person the case is about has an account, the case does not exist for that account, "
        "even for an administrator.",
        initial=lambda case, item: {"person": case.subject.account.email if case.subject.account else ""},
        check=True,
        states=ANY,
    ),
    Deed(
        "share",
        "Share with an officer of another authority",
        "Share it",
        "It is shared with them until that day.",
        forms.ShareForm,
        _share,
        "open-to",
        lead="They see how the case stands and the documents you mark as shared, nothing else. "
        "Each look is recorded.",
        check=True,
        states=ANY,
    ),
    Deed(
        "offer",
        "Hand over to another authority",
        "Offer the case",
        "The case is offered. You lead until they accept.",
        forms.OfferForm,
        _offer,
        "open-to",
        lead="The area where the person works leads. Until the other authority accepts, nothing changes.",
        check=True,
        final="Once they accept, they go on with the case and everything in it, every document included. "
        "What must not go there, withdraw first. You keep the case to read.",
        warning=True,
    ),
    Deed(
        "withdraw-offer",
        "Take back the offer to hand over",
        "Take it back",
        "The offer is taken back.",
        ReasonForm,
        _withdraw_offer,
        "open-to",
        item=_open_offer,
        about=_the_offer,
    ),
)
