"""The value-added pages: the truth within its range, names for those who may know them, the small hidden."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from redway.core.home import Home
from redway.web.people.models import Person
from web.attainment.conftest import ADDS, NEXT_SMALLEST, SMALL, YEARS
from web.attainment.pupils import Cohort, bring_in, results_ks4
from web.pages import ACADEMY, AUTHORITY, CONVERTED, NEIGHBOUR, import_country, readings, text_of, visitor

pytestmark = pytest.mark.django_db

SCHOOL = f"/attainment/schools/{ACADEMY}/value-added/"
WHOLE = f"/attainment/authorities/{AUTHORITY}/value-added/"
OTHERS = [f"Canal School {at}" for at in (1, 2, 4, 5, 7)] + ["Ouse Valley School"]


@pytest.fixture
def adviser(cohorts: None, bob: Person) -> Client:
    return visitor(bob)


@pytest.fixture
def head(cohorts: None, make_person: Callable[..., Person]) -> Client:
    """The headteacher of Grand Union Academy."""
    return visitor(make_person("headteacher", school=CONVERTED))


def rows_of(client: Client, address: str) -> list[dict[str, Any]]:
    return list(json.loads(client.get(address).content)["rows"])


def everything_sent(client: Client, address: str) -> str:
    """The page with its pictures' descriptions, its tables and its files: whatever could hold a name."""
    sent = text_of(client.get(address))
    for name in ("caterpillar", "trend"):
        sent += text_of(client.get(f"{address}charts/{name}.json"))
    for name in ("years", "outcomes", "left-out"):
        sent += text_of(client.get(f"{address}tables/{name}.json"))
    return sent


class TestOneSchool:
    def test_the_finding_stands_first_in_a_sentence_with_its_range(self, adviser: Client) -> None:
        page = text_of(adviser.get(SCHOOL))
        assert "In 2015-16, the 60 pupils at Grand Union Academy made about" in page
        assert "points more progress in Attainment 8 than similar pupils at the average school" in page
        assert "The 95% range is" in page
        assert "That differs from the average school of Milton Keynes by more than chance explains." in page

    def test_what_the_school_truly_adds_lies_within_its_range_every_year(self, adviser: Client) -> None:
        for row in rows_of(adviser, f"{SCHOOL}tables/years.json"):
            assert row["lower"] < ADDS[CONVERTED] < row["upper"], row

    def test_its_line_goes_on_when_it_converts_and_the_chart_marks_the_new_number(
        self, adviser: Client
    ) -> None:
        rows = rows_of(adviser, f"{SCHOOL}tables/years.json")
        assert [(row["year"], row["urn"]) for row in rows] == [
            ("2013-14", CONVERTED),
            ("2014-15", CONVERTED),
            ("2015-16", ACADEMY),
        ]
        said = f"From 2015-16 the school has URN {ACADEMY}, before that URN {CONVERTED}."
        assert said in text_of(adviser.get(SCHOOL))
        assert "new URN" in text_of(adviser.get(f"{SCHOOL}charts/trend.json"))

    def test_an_old_number_leads_to_the_school_as_it_is_now(self, adviser: Client) -> None:
        answer = adviser.get(f"/attainment/schools/{CONVERTED}/value-added/")
        assert (answer.status_code, answer["Location"]) == (302, SCHOOL)
        asked = adviser.get(f"/attainment/schools/{CONVERTED}/value-added/?year=together&allow=gender")
        assert asked["Location"] == f"{SCHOOL}?year=together&allow=gender"

    def test_years_may_be_taken_together(self, adviser: Client) -> None:
        page = text_of(adviser.get(f"{SCHOOL}?year=together"))
        assert "From 2013-14 to 2015-16, the 180 pupils at Grand Union Academy" in page

    def test_what_is_ticked_says_what_similar_pupils_are(self, adviser: Client) -> None:
        every = text_of(adviser.get(SCHOOL))
        assert "attainment at key stage 2, gender, month of birth and free school meals, as far as" in every
        none = text_of(adviser.get(f"{SCHOOL}?chosen=1"))
        assert "Similar pupils are alike in attainment at key stage 2, as far as the records tell." in none

    def test_a_change_of_what_is_ticked_sends_only_what_lies_below_the_form(self, adviser: Client) -> None:
        part = text_of(adviser.get(f"{SCHOOL}?chosen=1&allow=gender&part=results"))
        assert part.startswith("<h2")
        assert "part=results" not in part

    def test_an_address_that_cannot_be_understood_shows_what_is_usual(self, adviser: Client) -> None:
        strange = adviser.get(f"{SCHOOL}?outcome=ks9-latin&year=1066&allow=shoe_size")
        assert "Progress in Attainment 8, 2015-16" in text_of(strange)

    def test_the_page_says_how_many_others_can_be_told_apart_and_gives_no_place(
        self, adviser: Client
    ) -> None:
        page = text_of(adviser.get(SCHOOL))
        assert "Compared with the 5 other schools one by one" in page
        assert "Were the 6 schools put in order from the lowest" in page

    def test_pupils_left_out_are_counted_by_reason_and_small_counts_hidden(self, adviser: Client) -> None:
        many = rows_of(adviser, "/attainment/schools/100001/value-added/tables/left-out.json")
        assert [(row["reason"], row["pupils"]) for row in many] == [("No attainment at key stage 2", 8)]
        few = rows_of(adviser, "/attainment/schools/100002/value-added/tables/left-out.json")
        assert few[0]["pupils"] == {"missing": "hidden", "label": "Hidden: 1 to 5"}
        assert "The figures rest on 58 pupils" in text_of(
            adviser.get("/attainment/schools/100002/value-added/")
        )

    def test_the_official_measure_stands_beside_it_or_why_there_is_none(self, adviser: Client) -> None:
        page = text_of(adviser.get(SCHOOL))
        assert "Progress 8, as published" in page
        assert "No Progress 8 was produced for 2014-15: it was produced from 2015-16." in page
        assert "No file with this figure is held." in page

    def test_the_versions_it_was_made_from_are_named_and_lead_to_their_pages(self, adviser: Client) -> None:
        page = text_of(adviser.get(SCHOOL))
        assert "Key stage 4 results of pupils, 2015-16, version 1" in page
        assert "/datasets/versions/" in page

    def test_it_can_be_taken_away_as_a_file_and_as_a_paper(self, adviser: Client) -> None:
        answer = adviser.get(f"{SCHOOL}tables/years.csv")
        lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert any("2015-16" in line for line in lines)
        assert adviser.get(f"{SCHOOL}tables/years.xlsx").content[:2] == b"PK"
        paper = adviser.get(f"/attainment/schools/{ACADEMY}/value-added.pdf")
        assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")

    def test_the_page_asks_few_questions_of_the_database(self, adviser: Client) -> None:
        adviser.get(SCHOOL)
        with readings() as made:
            adviser.get(f"{SCHOOL}?year=2014-15")
        assert len(made) <= 14, made


class TestNamesOfOtherSchools:
    def test_an_adviser_sees_every_school_by_name(self, adviser: Client) -> None:
        sent = everything_sent(adviser, SCHOOL)
        assert all(name in sent for name in ("Canal School 1", "Ouse Valley School"))

    def test_a_headteacher_sees_the_others_as_a_crowd_and_no_name_anywhere(self, head: Client) -> None:
        sent = everything_sent(head, SCHOOL)
        assert "Grand Union Academy" in sent
        assert [name for name in OTHERS if name in sent] == []
        assert "The other 5 schools are not named." in sent

    def test_a_headteacher_opens_neither_the_list_of_all_schools_nor_another_school(
        self, head: Client
    ) -> None:
        assert head.get(WHOLE).status_code == 404
        assert (
            head.get(f"/attainment/authorities/{AUTHORITY}/value-added/tables/schools.csv").status_code == 404
        )
        assert head.get("/attainment/schools/100001/value-added/").status_code == 404

    def test_a_crowd_of_few_schools_is_not_drawn(
        self, home: Home, tmp_path: Path, make_person: Callable[..., Person]
    ) -> None:
        import_country(tmp_path / "files")
        bring_in(
            results_ks4(
                tmp_path, "2015-16", {ACADEMY: Cohort(40, 3), "100001": Cohort(40), "100002": Cohort(40)}
            )
        )
        head = visitor(make_person("headteacher", school=CONVERTED))
        assert "Another school" not in text_of(head.get(f"{SCHOOL}charts/caterpillar.json"))


class TestSmallSchools:
    def test_a_school_of_few_pupils_and_the_one_that_would_give_it_away_are_not_shown(
        self, adviser: Client
    ) -> None:
        rows = {row["name"]: row for row in rows_of(adviser, f"{WHOLE}tables/schools.json")}
        assert len(rows) == len(ADDS) + 2
        hidden = [name for name, row in rows.items() if isinstance(row["value"], dict)]
        assert hidden == ["Canal School 6", "Canal School 7"]
        for name in hidden:
            cells = [rows[name][key] for key in ("pupils", "value", "lower", "upper", "beside")]
            assert {cell["missing"] for cell in cells} == {"hidden"}
            assert rows[name]["plain"] is None

    @pytest.mark.parametrize(
        ("urn", "said"),
        [
            (SMALL, "had so few pupils with a result in 2015-16"),
            (NEXT_SMALLEST, "although it had pupils enough"),
        ],
    )
    def test_its_own_page_says_why_and_shows_no_figure(self, adviser: Client, urn: str, said: str) -> None:
        page = text_of(adviser.get(f"/attainment/schools/{urn}/value-added/"))
        assert said in page
        assert "95% range is" not in page

    def test_a_school_of_few_pupils_is_not_in_the_picture(self, adviser: Client) -> None:
        drawn = text_of(adviser.get(f"{WHOLE}charts/caterpillar.json"))
        assert "Canal School 5" in drawn
        assert "Canal School 6" not in drawn
        assert "Canal School 7" not in drawn


class TestAllSchools:
    def test_a_file_names_only_the_versions_of_its_year(self, adviser: Client) -> None:
        sent = adviser.get(f"{WHOLE}tables/schools.csv?year=2014-15")
        said = b"".join(sent.streaming_content).decode()
        assert "2014-15, version 1" in said
        assert "2013-14, version 1" not in said

    def test_schools_stand_in_the_order_of_their_names(self, adviser: Client) -> None:
        names = [row["name"] for row in rows_of(adviser, f"{WHOLE}tables/schools.json")]
        assert names == sorted(names, key=str.casefold)

    def test_the_page_says_how_many_differ_and_how_much_lies_between_schools(self, adviser: Client) -> None:
        page = text_of(adviser.get(WHOLE))
        assert "Of 6 schools shown," in page
        assert "chance alone would set" in page
        assert "of the differences in progress that remain lie between schools" in page

    def test_what_the_model_allows_for_is_found_as_it_was_made(self, adviser: Client) -> None:
        rows = {row["term"]: row for row in rows_of(adviser, f"{WHOLE}tables/allowed-for.json?year=together")}
        boys = rows["Gender: boys"]
        assert boys["lower"] < -3 < boys["upper"]
        prior = rows["Attainment at key stage 2, each point above 100"]
        assert prior["lower"] < 1 < prior["upper"]

    def test_what_leaving_out_one_thing_loses_is_tested(self, adviser: Client) -> None:
        rows = {row["predictor"]: row for row in rows_of(adviser, f"{WHOLE}tables/gains.json")}
        assert rows["Gender"]["df"] == 1
        assert rows["Gender"]["chance"] == "less than once in 1,000"
        unticked = rows_of(adviser, f"{WHOLE}tables/gains.json?chosen=1&allow=gender")
        assert [row["predictor"] for row in unticked] == ["Gender"]

    def test_each_school_leads_to_its_own_page_with_the_same_choice(self, adviser: Client) -> None:
        page = text_of(adviser.get(f"{WHOLE}?year=2014-15"))
        assert f'href="{SCHOOL}?outcome=ks4-attainment8&amp;year=2014-15' in page

    def test_it_can_be_taken_away_as_a_paper(self, adviser: Client) -> None:
        assert adviser.get(f"/attainment/authorities/{AUTHORITY}/value-added.pdf").content[:5] == b"%PDF-"

    def test_schools_of_one_name_are_told_apart_by_their_numbers(self, adviser: Client) -> None:
        from redway.web.register.models import School

        School.objects.filter(key__in=["100001", "100002"]).update(name="St Mary's School")
        names = [row["name"] for row in rows_of(adviser, f"{WHOLE}tables/schools.json")]
        assert names[-2:] == ["St Mary's School (URN 100001)", "St Mary's School (URN 100002)"]


class TestNothingToShow:
    def test_without_results_the_page_says_what_is_missing(
        self, home: Home, tmp_path: Path, bob: Person
    ) -> None:
        import_country(tmp_path / "files")
        client = visitor(bob)
        assert "No results of this school's pupils are held" in text_of(client.get(SCHOOL))
        assert "No results of pupils are held for this authority" in text_of(client.get(WHOLE))
        assert "No results of pupils are held yet" in text_of(client.get("/attainment/"))
        assert client.get(f"{SCHOOL}tables/years.csv").status_code == 404

    def test_where_no_model_can_be_fitted_the_page_says_why(
        self, home: Home, tmp_path: Path, make_person: Callable[..., Person]
    ) -> None:
        import_country(tmp_path / "files")
        bring_in(results_ks4(tmp_path, "2015-16", {"100009": Cohort(30)}))
        client = visitor(make_person("adviser", authority=NEIGHBOUR))
        whole = text_of(client.get(f"/attainment/authorities/{NEIGHBOUR}/value-added/"))
        assert "What the schools add cannot be estimated." in whole
        own = text_of(client.get("/attainment/schools/100009/value-added/"))
        assert "What the school adds cannot be estimated." in own

    def test_made_up_pupils_are_said_to_be_made_up_on_page_paper_and_file(
        self, home: Home, tmp_path: Path, bob: Person
    ) -> None:
        import_country(tmp_path / "files")
        schools = {ACADEMY: Cohort(40, 3), "100001": Cohort(40), "100002": Cohort(40)}
        bring_in(results_ks4(tmp_path, "2015-16", schools, made_up_pupils=True))
        client = visitor(bob)
        assert "made up for demonstration" in text_of(client.get(SCHOOL))
        taken = b"".join(client.get(f"{WHOLE}tables/schools.csv").streaming_content).decode()
        assert "made up for demonstration" in taken


class TestWhereItBegins:
    def test_an_adviser_chooses_among_the_schools_with_results(self, adviser: Client) -> None:
        page = text_of(adviser.get("/attainment/"))
        assert "Value added of all schools" in page
        rows = rows_of(adviser, "/attainment/schools.json")
        assert [row["ks4"] for row in rows] == ["2013-14 to 2015-16"] * (len(ADDS) + 2)

    def test_a_headteacher_finds_the_own_school_and_nobody_elses(self, head: Client) -> None:
        page = text_of(head.get("/attainment/"))
        assert f'href="{SCHOOL}"' in page
        assert [name for name in OTHERS if name in page] == []

    def test_a_schools_profile_leads_there_for_those_who_may(self, adviser: Client, fiona: Person) -> None:
        assert f'href="{SCHOOL}"' in text_of(adviser.get(f"/schools/{ACADEMY}/"))
        assert f'href="{SCHOOL}"' not in text_of(visitor(fiona).get(f"/schools/{ACADEMY}/"))


def test_nobody_is_addressed_or_described_by_name_or_number_of_a_pupil(adviser: Client) -> None:
    sent = everything_sent(adviser, SCHOOL) + text_of(adviser.get(WHOLE))
    assert not any(f"{year}-{urn}-0" in sent for year in YEARS for urn in (*ADDS, ACADEMY))
