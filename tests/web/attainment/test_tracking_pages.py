"""The tracking pages: who sees counts, who sees names, what is written to the trail, and that sums agree."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from redway.web.attainment.tracking import views
from redway.web.attainment.tracking.pupil_keys import pupil_key
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.people import services as people
from redway.web.people.keys import TokenReach
from redway.web.people.models import Person
from web.attainment.on_roll import FAR_ABOVE, FAR_BELOW, ON_PATH, YEAR, Child, on_roll, several
from web.attainment.pupils import bring_in
from web.pages import ACADEMY, CONVERTED, readings, text_of, visitor

pytestmark = pytest.mark.django_db

SCHOOL = f"/attainment/schools/{ACADEMY}/"
TRACKING, GAPS, TARGET_GROUPS = f"{SCHOOL}tracking/", f"{SCHOOL}gaps/", f"{SCHOOL}target-groups/"
MEALS = {"free_school_meals": "yes"}
OTHER = "100001"

EXCEEDING, ON_TRACK, AT_RISK, WITHOUT_PRIOR, NOT_ASSESSED = 12, 20, 14, 8, 7


def year_11() -> list[Child]:
    """Grand Union Academy's year 11: the standing of each is beyond doubt."""
    return [
        *several(EXCEEDING, ACADEMY, 0, distances=(FAR_ABOVE, FAR_ABOVE), surname="Alder"),
        *several(ON_TRACK, ACADEMY, 100, surname="Birch"),
        *several(AT_RISK, ACADEMY, 200, distances=(ON_PATH, FAR_BELOW), surname="Cherry", others=MEALS),
        *several(WITHOUT_PRIOR, ACADEMY, 300, prior="", surname="Damson"),
        *several(NOT_ASSESSED, ACADEMY, 400, distances=(ON_PATH, None), surname="Elder"),
    ]


def elsewhere() -> list[Child]:
    """Another school of the authority, where pupils on free school meals do as well as others."""
    return [
        *several(30, OTHER, 0, surname="Fir"),
        *several(20, OTHER, 100, distances=(ON_PATH, FAR_BELOW), surname="Gorse"),
        *several(15, OTHER, 200, surname="Hazel", others=MEALS),
        *several(10, OTHER, 300, distances=(ON_PATH, FAR_BELOW), surname="Ivy", others=MEALS),
    ]


@pytest.fixture
def followed(cohorts: None, tmp_path: Path) -> None:
    """The country, its results, and the pupils of two schools followed through two terms."""
    bring_in(*on_roll(tmp_path, [*year_11(), *elsewhere()]))


@pytest.fixture
def head(followed: None, make_person: Callable[..., Person]) -> Person:
    return make_person("headteacher", full_name="Harriet Hill", school=CONVERTED)


@pytest.fixture
def chair(followed: None, make_person: Callable[..., Person]) -> Person:
    return make_person("chair_of_governors", full_name="Gita Grove", school=CONVERTED)


@pytest.fixture
def other_head(followed: None, make_person: Callable[..., Person]) -> Person:
    return make_person("headteacher", full_name="Charlie Cook", school=OTHER)


def headline(page: str) -> dict[str, str]:
    """Standing -> its count at the top of the page."""
    found = re.findall(
        r'redway-headline__label"><span aria-hidden="true">.</span> ([^<]+)</span>'
        r'<span class="redway-headline__value">([^<]+)</span>',
        page,
    )
    return dict(found)


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def looks() -> list[tuple[str, str, str, dict[str, Any], bool]]:
    """What the trail says of pupils: (verb, kind, subject, details, sensitive)."""
    found = AuditEntry.objects.filter(verb__startswith="pupil.").order_by("sequence")
    return [
        (one.verb, one.subject_kind, one.subject_id, json.loads(one.details), one.sensitive_read)
        for one in found
    ]


class TestTheCohort:
    def test_a_head_sees_every_pupil_and_the_counts_add_up_to_them(self, head: Person) -> None:
        page = text_of(visitor(head).get(TRACKING))
        assert headline(page) == {"Exceeding": "12", "On track": "20", "At risk": "14", "Not known": "15"}
        rows = content(visitor(head).get(f"{SCHOOL}tracking/pupils.csv")).decode()
        words = {"exceeding": EXCEEDING, "on track": ON_TRACK, "at risk": AT_RISK, "not known": 15}
        assert {word: rows.count(f",{word},") for word in words} == words
        assert rows.count("Example") == 0
        assert len(re.findall(r"Child P100020", rows)) == 61

    def test_whoever_is_not_known_is_listed_with_the_reason(self, head: Person) -> None:
        page = text_of(visitor(head).get(f"{TRACKING}?standing=not+known"))
        assert page.count("no estimate: prior attainment is not held") >= WITHOUT_PRIOR
        assert page.count("not assessed in this term") >= NOT_ASSESSED
        assert "Damson" in page
        assert "Birch" not in page

    def test_movement_is_since_the_term_before(self, head: Person) -> None:
        page = content(visitor(head).get(f"{SCHOOL}tracking/tables/movements.csv")).decode()
        assert "The same,32" in page
        assert "Down since the term before,14" in page
        assert "Up since the term before,0" in page

    def test_an_earlier_term_can_be_looked_at(self, head: Person) -> None:
        page = text_of(visitor(head).get(f"{TRACKING}?term={YEAR}-autumn"))
        assert headline(page) == {"Exceeding": "12", "On track": "41", "At risk": "0", "Not known": "8"}

    def test_a_group_and_a_standing_narrow_the_list(self, head: Person) -> None:
        page = text_of(visitor(head).get(f"{TRACKING}?group=free_school_meals.true"))
        assert headline(page)["At risk"] == "14"
        assert headline(page)["Exceeding"] == "0"
        assert "Cherry" in page
        assert "Birch" not in page

    @pytest.mark.parametrize(
        "query",
        [
            "subject=x",
            "year_group=99&term=never",
            "group=gender.&standing=lost",
            "term=2030-31-spring",
            "group=x.y",
        ],
    )
    def test_what_cannot_be_understood_is_left_at_its_beginning(self, head: Person, query: str) -> None:
        assert headline(text_of(visitor(head).get(f"{TRACKING}?{query}")))["On track"] == "20"

    def test_a_subject_without_earlier_results_says_so(self, head: Person) -> None:
        page = text_of(visitor(head).get(f"{TRACKING}?subject=ks4-maths_points"))
        assert headline(page)["Not known"] == "61"
        assert "No earlier results in maths are held" in page

    def test_an_old_number_leads_to_the_present_one(self, head: Person) -> None:
        for page in ("tracking", "gaps", "target-groups"):
            for query in ("", "?subject=ks4-maths_points"):
                answer = visitor(head).get(f"/attainment/schools/{CONVERTED}/{page}/{query}")
                assert answer["Location"] == f"{SCHOOL}{page}/{query}"

    def test_a_school_without_pupils_on_roll_says_so(self, followed: None, bob: Person) -> None:
        for page in ("tracking", "gaps", "target-groups"):
            text = text_of(visitor(bob).get(f"/attainment/schools/100002/{page}/"))
            assert "No pupils of this school are held who are on the way to results" in text
        assert visitor(bob).get("/attainment/schools/100002/tracking.pdf").status_code == 404

    def test_the_pages_lead_to_one_another_and_from_the_profile(self, head: Person) -> None:
        for page in (f"/schools/{ACADEMY}/", "/attainment/", TRACKING):
            text = text_of(visitor(head).get(page))
            assert f'href="{GAPS}"' in text
            assert f'href="{TARGET_GROUPS}"' in text

    def test_it_asks_as_much_for_many_pupils_as_for_few(
        self, head: Person, tmp_path: Path, bob: Person
    ) -> None:
        def asked(browser: Client, page: str) -> int:
            with readings() as made:
                assert browser.get(page).status_code == 200
            return len(made)

        pages = (TRACKING, GAPS, TARGET_GROUPS)
        browser = visitor(head)
        few = [asked(browser, page) for page in pages for _ in range(2)][1::2]
        more = tmp_path / "more"
        more.mkdir()
        doubled = [*year_11(), *several(80, ACADEMY, 500), *elsewhere()]
        bring_in(*on_roll(more, doubled))
        many = [asked(browser, page) for page in pages for _ in range(2)][1::2]
        assert many == few


class TestWhoSeesWhat:
    def test_the_chair_sees_counts_and_nobody_by_name(self, chair: Person) -> None:
        browser = visitor(chair)
        for page in (
            TRACKING,
            f"{TRACKING}?standing=at+risk&group=free_school_meals.true",
            TARGET_GROUPS,
            GAPS,
        ):
            text = text_of(browser.get(page))
            assert not any(name in text for name in ("Alder", "Birch", "Cherry", "Damson", "Elder"))
            assert "/attainment/pupils/" not in text
        assert headline(text_of(browser.get(f"{TRACKING}?group=free_school_meals.true"))) == {
            "Exceeding": "12",
            "On track": "20",
            "At risk": "14",
            "Not known": "More than 5",
        }
        assert looks() == []

    def test_the_director_sees_counts_too(self, followed: None, dana: Person) -> None:
        text = text_of(visitor(dana).get(TRACKING))
        assert headline(text)["At risk"] == "14"
        assert "Cherry" not in text

    def test_another_school_s_head_finds_nothing(self, head: Person, other_head: Person) -> None:
        key = pupil_key("826", f"P{ACADEMY}-200")
        assert visitor(head).get(f"/attainment/pupils/{key}/").status_code == 200
        before = looks()
        for page in (
            TRACKING,
            GAPS,
            TARGET_GROUPS,
            f"{SCHOOL}tracking.pdf",
            f"{SCHOOL}tracking/pupils.csv",
            f"{SCHOOL}tracking/tables/standings.csv",
            f"{SCHOOL}target-groups/pupils.csv",
            f"{SCHOOL}gaps/chart.svg",
            f"/attainment/pupils/{key}/",
        ):
            assert visitor(other_head).get(page).status_code == 404, page
        assert looks() == before

    def test_a_stranger_is_led_to_the_sign_in_page(self, followed: None) -> None:
        key = pupil_key("826", f"P{ACADEMY}-200")
        for page in (TRACKING, GAPS, f"/attainment/pupils/{key}/"):
            answer = Client().get(page, headers={"Accept": "text/html"})
            assert answer["Location"].startswith("/account/sign-in/")

    def test_the_chair_gets_no_pupils_as_a_file(self, chair: Person) -> None:
        for page in ("tracking/pupils.csv", "tracking/pupils.json", "target-groups/pupils.xlsx"):
            assert visitor(chair).get(f"{SCHOOL}{page}").status_code == 404
        assert looks() == []

    def test_no_token_reaches_a_pupil(self, followed: None, bob: Person) -> None:
        from django.utils import timezone

        _, token = people.make_token(
            person=bob, label="Report", reach=TokenReach.FIGURES_AND_DATASETS, days=30, now=timezone.now()
        )
        key = pupil_key("826", f"P{ACADEMY}-200")
        for page in (f"{SCHOOL}tracking/pupils.json", f"{TRACKING}", f"/attainment/pupils/{key}/"):
            answer = Client().get(page, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 404
        assert looks() == []


class TestOnePupil:
    KEY = "/attainment/pupils/{}/"

    @pytest.fixture
    def page(self, head: Person) -> str:
        return self.KEY.format(pupil_key("826", f"P{ACADEMY}-200"))

    def test_it_says_where_the_pupil_stands_and_what_that_rests_on(self, head: Person, page: str) -> None:
        text = text_of(visitor(head).get(page))
        assert "Cherry, Child P100020-200" in text
        assert "points below the expected path" in text
        assert "unlikely, less than 1 in 20" in text
        assert "month of birth reached on average in 2015-16" in text
        assert "It does not allow for free school meals" in text
        assert "data:image/svg+xml;base64," in text
        assert "Nothing: the pupil was assessed in every term." in text

    def test_what_is_missing_is_said(self, head: Person) -> None:
        without = self.KEY.format(pupil_key("826", f"P{ACADEMY}-300"))
        text = text_of(visitor(head).get(without))
        assert "no estimate: prior attainment is not held" in text
        assert "<dd" in text
        absent = self.KEY.format(pupil_key("826", f"P{ACADEMY}-400"))
        assert f"no assessment is held of spring {YEAR}" in text_of(visitor(head).get(absent))

    def test_every_look_is_recorded_by_key_and_never_by_name(self, head: Person, page: str) -> None:
        browser = visitor(head)
        assert looks() == []
        browser.get(page)
        browser.get(f"{page}?subject=ks4-maths_points")
        key = pupil_key("826", f"P{ACADEMY}-200")
        expected = ("pupil.read", "pupil", key, {"school": CONVERTED}, True)
        assert looks() == [expected, expected]

    def test_without_its_record_there_is_no_page(
        self, head: Person, page: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise audit.AuditError("The trail cannot be written.", "")

        monkeypatch.setattr(audit, "record", refuse)
        browser = visitor(head)
        browser.raise_request_exception = False
        answer = browser.get(page)
        assert answer.status_code == 500
        assert "Cherry" not in text_of(answer)

    def test_nothing_of_it_is_kept_by_the_browser_or_on_disk(
        self, head: Person, page: str, settings: Any
    ) -> None:
        answer = visitor(head).get(page)
        assert "no-store" in answer["Cache-Control"]
        assert not list(settings.REDWAY_HOME.root.glob("charts/**/*.svg"))

    def test_the_key_tells_nothing_and_means_nothing_elsewhere(self, settings: Any) -> None:
        key = pupil_key("826", "P1")
        assert re.fullmatch("[0-9a-f]{32}", key)
        assert key != pupil_key("822", "P1")
        settings.SECRET_KEY = "that of another installation"
        assert key != pupil_key("826", "P1")

    def test_an_unknown_key_is_not_found(self, head: Person) -> None:
        for key in ("0" * 32, "P100020-200", "x"):
            assert visitor(head).get(self.KEY.format(key)).status_code == 404


class TestTakenAway:
    def test_pupils_leave_only_with_a_record_of_how_many(self, head: Person) -> None:
        answer = visitor(head).get(f"{SCHOOL}tracking/pupils.xlsx?standing=at+risk")
        sheet = pl.read_excel(BytesIO(content(answer)), has_header=False)
        assert sheet.to_series(0).str.contains("Cherry").sum() == AT_RISK
        assert looks() == [
            (
                "pupil.export",
                "school",
                CONVERTED,
                {"pupils": AT_RISK, "subject": "ks4-attainment8", "year_group": 11},
                True,
            )
        ]

    def test_no_name_in_an_address_a_file_s_name_or_a_log(
        self, head: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        browser = visitor(head)
        with caplog.at_level(logging.DEBUG):
            page = text_of(browser.get(TRACKING))
            answers = [
                browser.get(f"{SCHOOL}{file}") for file in ("tracking/pupils.csv", "target-groups/pupils.csv")
            ]
            browser.get(f"/attainment/pupils/{pupil_key('826', f'P{ACADEMY}-200')}/")
        addresses = re.findall(r'href="([^"]+)"', page)
        names = [answer["Content-Disposition"] for answer in answers]
        for text in (*addresses, *names, caplog.text):
            assert not re.search("Alder|Birch|Cherry|Damson|Elder|P100020", text)

    def test_a_name_is_never_a_formula(
        self, cohorts: None, tmp_path: Path, make_person: Callable[..., Person]
    ) -> None:
        bring_in(*on_roll(tmp_path, several(6, ACADEMY, surname="=HYPERLINK(1)")))
        head = make_person("headteacher", school=CONVERTED)
        rows = content(visitor(head).get(f"{SCHOOL}tracking/pupils.csv")).decode()
        assert "'=HYPERLINK(1)" in rows
        assert '"=HYPERLINK' not in rows

    def test_the_paper_of_a_visit_names_nobody(self, head: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        papers: list[Any] = []
        real = views.pdf_response

        def kept(document: Any, build: str) -> Any:
            papers.append(document)
            return real(document, build)

        monkeypatch.setattr(views, "pdf_response", kept)
        assert visitor(head).get(f"{SCHOOL}tracking.pdf").content[:5] == b"%PDF-"
        (document,) = papers
        said = json.dumps(asdict(document), default=str, ensure_ascii=False)
        assert "Free school meals" in said
        assert not re.search("Alder|Birch|Cherry|Damson|Elder|P100020", said)
        assert looks() == []


class TestMadeUp:
    def test_made_up_pupils_are_said_to_be_made_up_on_page_paper_and_file(
        self, cohorts: None, tmp_path: Path, bob: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers: list[Any] = []
        real = views.pdf_response
        monkeypatch.setattr(
            views, "pdf_response", lambda document, build: papers.append(document) or real(document, build)
        )
        bring_in(*on_roll(tmp_path, year_11(), made_up_pupils=True))
        browser = visitor(bob)
        key = pupil_key("826", f"P{ACADEMY}-200")
        for page in (TRACKING, GAPS, TARGET_GROUPS, f"/attainment/pupils/{key}/"):
            assert "are made up for demonstration" in text_of(browser.get(page))
        for file in ("tracking/pupils.csv", "tracking/tables/standings.csv", "gaps/table.csv"):
            assert "are made up for demonstration" in content(browser.get(f"{SCHOOL}{file}")).decode()
        browser.get(f"{SCHOOL}tracking.pdf")
        assert any("are made up for demonstration" in said for said in papers[0].paragraphs)


class TestGroups:
    def test_a_gap_stands_beside_that_of_the_other_schools(self, chair: Person) -> None:
        page = text_of(visitor(chair).get(GAPS))
        _, row = re.findall(r"<tr[^>]*><th[^>]*>Free school meals</th>.*?</tr>", page)
        cells = re.findall(r"<span>(.*?)</span></td>", row)
        assert cells[:4] == ["14", "0%", "100%", "-100"]
        assert "More than chance explains" in row
        # Elsewhere 15 of 25 are on track on free school meals, and 30 of 50 others.
        assert cells[-1] == "0"
        assert "Of the one gap looked at, 1 is more than chance explains." in page

    def test_the_chart_has_words_and_a_table(self, chair: Person) -> None:
        browser = visitor(chair)
        page = text_of(browser.get(GAPS))
        assert "Free school meals: 0%, all others 100%, a gap of -100 points" in page
        (picture,) = re.findall(r'<img src="([^"]+)"', page)
        answer = browser.get(picture.replace("&amp;", "&"))
        assert answer["Content-Type"] == "image/svg+xml"
        assert browser.get(f"{SCHOOL}gaps/chart.json").json()["title"]

    def test_target_groups_are_named_for_who_may_know(self, head: Person, chair: Person) -> None:
        named, counted = (text_of(visitor(one).get(TARGET_GROUPS)) for one in (head, chair))
        assert named.count("Cherry") == AT_RISK
        assert "Cherry" not in counted
        for page in (named, counted):
            assert re.search(r"Could: far below, needs more than a target group</th><td[^>]*><span>14<", page)


class TestFewPupils:
    """Three exceeding, and two pupils with a plan: none of these counts, nor what would tell them."""

    @pytest.fixture
    def chair_of_few(self, cohorts: None, tmp_path: Path, make_person: Callable[..., Person]) -> Person:
        children = [
            *several(3, ACADEMY, 0, distances=(FAR_ABOVE, FAR_ABOVE)),
            *several(18, ACADEMY, 100),
            *several(14, ACADEMY, 200, distances=(ON_PATH, FAR_BELOW)),
            *several(2, ACADEMY, 300, others={"special_needs": "plan"}),
            *several(9, ACADEMY, 400, others={"special_needs": "support"}),
            *several(8, ACADEMY, 500, distances=(ON_PATH, FAR_BELOW), others={"special_needs": "support"}),
            *several(2, ACADEMY, 600, distances=(ON_PATH, None)),
        ]
        bring_in(*on_roll(tmp_path, [*children, *elsewhere()]))
        return make_person("chair_of_governors", school=CONVERTED)

    def test_a_small_count_is_hidden_and_so_is_what_tells_it(self, chair_of_few: Person) -> None:
        browser = visitor(chair_of_few)
        assert headline(text_of(browser.get(TRACKING))) == {
            "Exceeding": "Hidden: too few pupils",
            "On track": "Hidden: too few pupils",
            "At risk": "22",
            "Not known": "1 to 5",
        }
        file = content(browser.get(f"{SCHOOL}tracking/tables/standings.csv")).decode()
        assert file.count("Hidden: too few pupils") == 2
        assert ",3," not in file

    def test_a_group_of_few_hides_another_on_page_and_file(self, chair_of_few: Person) -> None:
        browser = visitor(chair_of_few)
        page = text_of(browser.get(GAPS))
        file = content(browser.get(f"{SCHOOL}gaps/table.csv")).decode()
        needs = [line for line in file.splitlines() if line.startswith("Special educational needs")]
        assert len(needs) == 3
        hidden = [line for line in needs if "Hidden" in line]
        assert len(hidden) >= 2, "one hidden group could be worked out from the others"
        assert "Special educational needs: a plan" in page
        assert browser.get(f"{SCHOOL}gaps/table.json").json()["rows"]

    def test_who_sees_the_pupils_sees_their_number(
        self, chair_of_few: Person, make_person: Callable[..., Person]
    ) -> None:
        head = make_person("headteacher", school=CONVERTED)
        assert headline(text_of(visitor(head).get(TRACKING)))["Exceeding"] == "3"
        file = content(visitor(head).get(f"{SCHOOL}tracking/tables/standings.csv")).decode()
        assert "Hidden: too few pupils" in file, "what leaves the page is as everybody may see it"
