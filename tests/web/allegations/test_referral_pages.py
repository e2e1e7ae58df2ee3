"""Referring an allegation, page by page: what is kept, what is refused, who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from redway.allegations.told import Party
from redway.web.allegations.models import Case, Draft, Named
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.models import Rank, School

MakePerson = Callable[..., Person]
SignedIn = Callable[[Person], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NAME = "Jo Example"


def begin(browser: Client, **answers: Any) -> Draft:
    """Go through the self-check; the draft it makes."""
    said = {"limbs": ["harmed"], "wants": "referral"} | answers
    assert browser.post(reverse("allegations:refer"), said).status_code == 302
    return Draft.objects.latest("changed_at")


def write(browser: Client, draft: Draft, section: str, go: str = "next", **answers: str) -> Any:
    draft.refresh_from_db()
    said = {"revision": str(draft.revision), "go": go} | answers
    return browser.post(reverse("allegations:referral_section", args=[draft.key, section]), said)


def fill(browser: Client, **changed: str) -> Draft:
    """A referral with what it needs, and nothing more."""
    draft = begin(browser, **({"place": changed["place"]} if "place" in changed else {}))
    sections: dict[str, dict[str, str]] = {
        "person": {"subject_name": NAME},
        "work": {"sector": "education", "employer-unknown": "on", "role": "cook", "basis": "permanent"},
        "allegation": {"words": "Pushed a pupil.", "category": "physical", "when": "summer 1998"},
        "child": {"child_name-unknown": "on"},
        "known": {"known_on": "23 November 2026"},
        "told": {},
        "you": {"source": "school"},
    }
    for section, answers in sections.items():
        known = answers | {name: text for name, text in changed.items() if name in answers}
        found = write(browser, draft, section, **known)
        assert found.status_code == 302, found.content.decode()
    return draft


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(browser: Client, draft: Draft) -> Any:
    draft.refresh_from_db()
    return browser.post(reverse("allegations:referral", args=[draft.key]), {"revision": str(draft.revision)})


def test_a_headteacher_refers_and_the_officer_receives_it(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = fill(browser)
    read_back = text_of(browser.get(reverse("allegations:referral", args=[draft.key])))
    assert NAME in read_back
    assert "summer 1998" in read_back
    assert "Not known" in read_back
    assert "Not answered" in read_back
    sent = send(browser, draft)
    case = Case.objects.get()
    assert sent.url == reverse("allegations:referral_sent", args=[case.key])
    assert case.subject.identity["names"] == [NAME]
    assert not Draft.objects.exists()
    assert set(Named.objects.filter(case=case).values_list("person__email", "capacity")) == {
        (leah.email, "officer"),
        (harriet.email, "referrer"),
    }
    page = text_of(browser.get(sent.url))
    assert case.key in page
    assert NAME not in page


def test_my_referrals_show_how_they_stand_and_nothing_else(
    harriet: Person, leah: Person, charlie: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    send(browser, fill(browser))
    case = Case.objects.get()
    shown = text_of(browser.get(reverse("allegations:my_referrals")))
    assert case.key in shown
    assert "Arrived, not evaluated yet" in shown
    for hidden in (NAME, "Pushed", "physical", "Leah"):
        assert hidden not in shown
    assert case.key not in text_of(signed_in(charlie).get(reverse("allegations:my_referrals")))
    assert signed_in(charlie).get(reverse("allegations:referral_sent", args=[case.key])).status_code == 404


def test_a_draft_is_kept_part_way_for_its_writer_alone(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    kept = write(browser, draft, "known", go="later", known_on="31 February 2026")
    assert kept.url == reverse("allegations:my_referrals")
    draft.refresh_from_db()
    assert draft.answers["known_on"] == "31 February 2026"
    page = text_of(browser.get(reverse("allegations:referral_section", args=[draft.key, "known"])))
    assert "31 February 2026" in page
    assert draft.key in text_of(browser.get(reverse("allegations:my_referrals")))
    other = signed_in(leah)
    for name, args in (
        ("allegations:referral", [draft.key]),
        ("allegations:referral_section", [draft.key, "known"]),
        ("allegations:referral_drop", [draft.key]),
    ):
        assert other.get(reverse(name, args=args)).status_code == 404
        assert other.post(reverse(name, args=args), {"revision": "1"}).status_code == 404
    assert draft.key not in text_of(other.get(reverse("allegations:refer")))


@pytest.mark.parametrize(
    ("section", "answers", "complaint"),
    [
        ("known", {"known_on": "31 February 2026"}, "There is no 31 February 2026."),
        ("known", {"known_on": "25 November 2026"}, "25 November 2026 has not come yet"),
        ("known", {"known_on": "summer 1998"}, "is no day"),
        ("known", {"known_on": ""}, "Say on which day it became known"),
        ("known", {"known_on": "23 November 2026", "known_time": "tea time"}, "is no time"),
        ("allegation", {"words": "x", "category": "physical", "when": "2031"}, "has not come yet"),
        ("allegation", {"words": "", "category": "physical", "when": "1998"}, "Say what is alleged"),
        ("work", {"sector": "circus"}, "Select a valid choice"),
        ("person", {"subject_name": ""}, "Give the full name, or say that you don’t know it"),
        ("person", {"subject_name": "A", "subject_name-unknown": "on"}, "keep one of the two"),
        ("person", {"subject_name": "A", "subject_born": "30 February 1985"}, "There is no 30 February 1985"),
        ("told", {"told-0-answer": "told"}, "Say when the person it is about was told."),
        ("told", {"told-1-answer": "not yet"}, "Say why the child has not been told yet."),
        ("told", {"told-3-answer": "told", "told-3-on": "31 June 2026", "told-3-by": "me"}, "no 31 June"),
    ],
)
def test_what_cannot_be_is_named_and_kept_as_it_was_typed(
    section: str, answers: dict[str, str], complaint: str, harriet: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    refused = write(browser, draft, section, **answers)
    assert refused.status_code == 200
    page = text_of(refused)
    assert complaint in page
    assert "<title>Error:" in page
    for typed in filter(None, answers.values()):
        assert typed in page


def test_everything_but_three_answers_may_be_unknown_and_is_shown_as_missing(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    unknown = {"subject_name-unknown": "on", "subject_born-unknown": "on", "subject_sex": "unknown"}
    assert write(browser, draft, "person", **unknown).status_code == 302
    draft.refresh_from_db()
    assert set(draft.answers["unknown"]) == {"subject_name", "subject_born", "subject_sex"}
    again = text_of(browser.get(reverse("allegations:referral_section", args=[draft.key, "person"])))
    assert 'value="unknown" class="govuk-radios__input" id="id_subject_sex_2" checked' in again
    page = text_of(browser.get(reverse("allegations:referral", args=[draft.key])))
    assert "Say what is alleged" in page
    refused = text_of(send(browser, draft))
    assert "It was not sent" in refused
    assert f'href="/allegations/refer/{draft.key}/known/#id_known_on"' in refused
    assert not Case.objects.exists()


def test_a_formula_in_a_name_stays_text(harriet: Person, leah: Person, signed_in: SignedIn) -> None:
    browser = signed_in(harriet)
    formula = '=HYPERLINK("http://example.org")'
    draft = fill(browser, subject_name=formula)
    assert "=HYPERLINK(&quot;" in text_of(browser.get(reverse("allegations:referral", args=[draft.key])))
    send(browser, draft)
    assert Case.objects.get().subject.identity["names"] == [formula]


def test_who_saves_second_sees_what_the_first_has_kept_and_loses_nothing(
    harriet: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    stale = str(draft.revision)
    assert write(browser, draft, "person", subject_name="Written first").status_code == 302
    address = reverse("allegations:referral_section", args=[draft.key, "person"])
    second = browser.post(address, {"revision": stale, "go": "next", "subject_name": "Written second"})
    page = text_of(second)
    assert "This referral was kept from another window" in page
    assert "Written first" in page
    assert 'value="Written second"' in page
    draft.refresh_from_db()
    assert draft.answers["subject_name"] == "Written first"
    assert f'name="revision" value="{draft.revision}"' in page
    again = {"revision": str(draft.revision), "go": "next", "subject_name": "Written second"}
    assert browser.post(address, again).status_code == 302


def test_what_changed_after_it_was_read_back_is_not_sent(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    draft = fill(browser)
    read = str(Draft.objects.get().revision)
    write(browser, draft, "person", subject_name="Another")
    refused = text_of(browser.post(reverse("allegations:referral", args=[draft.key]), {"revision": read}))
    assert "changed from another window" in refused
    assert not Case.objects.exists()


def test_the_account_of_the_person_it_is_about_sees_nothing_of_it(
    harriet: Person, make_person: MakePerson, signed_in: SignedIn
) -> None:
    """Even as a designated officer: the referral goes to the other one."""
    subject = make_person("lado", full_name="Sam Other", email="sam@example.org")
    deputy = make_person("deputy_lado", full_name="Del Deputy", email="del@example.org")
    browser = signed_in(harriet)
    draft = fill(browser)
    write(browser, draft, "person", subject_name="Sam Other", subject_email="sam@example.org")
    send(browser, draft)
    case = Case.objects.get()
    assert not Named.objects.filter(person=subject).exists()
    assert Named.objects.filter(person=deputy, capacity="officer").exists()
    own = signed_in(subject)
    for address in ("/", reverse("allegations:my_referrals")):
        assert case.key not in text_of(own.get(address))
    assert own.get(reverse("allegations:referral_sent", args=[case.key])).status_code == 404
    assert AuditEntry.objects.filter(verb="allegation.attempt", actor=subject).exists()


def test_no_name_stands_in_an_address_or_in_the_audit_trail(
    harriet: Person, leah: Person, signed_in: SignedIn
) -> None:
    browser = signed_in(harriet)
    answer = send(browser, fill(browser))
    assert "example" not in answer.url.lower()
    for entry in AuditEntry.objects.filter(verb__startswith="allegation."):
        assert NAME not in entry.details
        assert "Pushed" not in entry.details


def test_who_has_several_schools_says_for_which_and_is_not_asked_again(
    make_person: MakePerson, leah: Person, signed_in: SignedIn
) -> None:
    chair = make_person("chair_of_governors", full_name="Chris Chair", school="110532")
    first = chair.grants.get()
    first.pk, first.scope_key = None, "110517"
    first.save()
    for key in ("110532", "110517"):
        School.objects.create(
            key=key,
            current_urn=key,
            name=f"School {key}",
            sort_name=key,
            authority="826",
            phase="Secondary",
            rank=Rank.OPEN,
        )
    browser = signed_in(chair)
    nowhere = browser.post(reverse("allegations:refer"), {"limbs": ["harmed"], "wants": "referral"})
    assert "Choose for which place you refer" in text_of(nowhere)
    draft = fill(browser, place="school 110517")
    assert "id_school" not in text_of(
        browser.get(reverse("allegations:referral_section", args=[draft.key, "work"]))
    )
    send(browser, draft)
    case = Case.objects.get()
    assert case.engagement is not None
    assert (case.engagement.school, case.authority) == ("110517", "826")


def test_a_draft_can_be_thrown_away(harriet: Person, signed_in: SignedIn) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    address = reverse("allegations:referral_drop", args=[draft.key])
    assert "cannot be brought back" in text_of(browser.get(address))
    assert browser.post(address).status_code == 302
    assert not Draft.objects.exists()


def test_who_was_told_is_kept_with_what_belongs_to_the_answer(harriet: Person, signed_in: SignedIn) -> None:
    browser = signed_in(harriet)
    draft = begin(browser)
    said = {
        "told-1-answer": "told",
        "told-1-on": "23 November 2026",
        "told-1-by": "the head",
        "told-1-not-yet": "left over",
        "told-3-answer": "not answered",
    }
    assert write(browser, draft, "told", **said).status_code == 302
    draft.refresh_from_db()
    assert draft.answers["told"] == {
        Party.CHILD.value: {"answer": "told", "on": "23 November 2026", "by": "the head"},
        Party.POLICE.value: {"answer": "not answered"},
    }
    page = text_of(browser.get(reverse("allegations:referral", args=[draft.key])))
    assert "Told on 23 November 2026 by the head" in page


def test_a_self_check_says_one_thing(harriet: Person, signed_in: SignedIn) -> None:
    browser = signed_in(harriet)
    both = browser.post(reverse("allegations:refer"), {"limbs": ["harmed", "not sure"], "wants": "advice"})
    assert "not both" in text_of(both)
    draft = begin(browser, limbs=["not sure"], wants="advice")
    assert "limbs" not in draft.answers
    assert "Done none of these, or you are not sure" in text_of(
        browser.get(reverse("allegations:referral", args=[draft.key]))
    )


def test_each_role_is_led_to_what_is_theirs(everyone: Any, signed_in: SignedIn) -> None:
    found = {
        role: signed_in(person).get(reverse("allegations:index")) for role, person in everyone.by_role.items()
    }
    assert found["headteacher"].url == reverse("allegations:my_referrals")
    assert found["named_senior_manager"].url == reverse("allegations:my_referrals")
    assert found["finance_officer"].status_code == 404
    assert "Allegations</a>" in text_of(signed_in(everyone.by_role["headteacher"]).get("/"))
    assert "Allegations</a>" not in text_of(signed_in(everyone.by_role["finance_officer"]).get("/"))
