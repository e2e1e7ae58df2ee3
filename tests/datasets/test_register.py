"""Schools through time: cases of the domain with made-up schools, and the national register as oracle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.errors import NotEnoughData
from redway.core.home import Home
from redway.datasets.importing import import_path
from redway.datasets.register import NO_LONGER_KEPT, ONLY_IN_LINKS, Register, Snapshot, build
from redway.datasets.register_files import read_register


def snapshot(on: date, *rows: dict[str, object]) -> Snapshot:
    return Snapshot(on, pl.DataFrame(list(rows), infer_schema_length=None))


def school(urn: str, **facts: object) -> dict[str, object]:
    """An open community primary school of Milton Keynes, unless said otherwise."""
    made = {
        "urn": urn,
        "name": f"School {urn}",
        "la_code": "826",
        "la_name": "Milton Keynes",
        "establishment_number": urn[-4:],
        "type": "Community school",
        "status": "Open",
        "phase": "Primary",
        "open_date": None,
        "close_date": None,
    }
    return made | facts


def links(*rows: tuple[str, str, str, date | None]) -> pl.DataFrame:
    schema = {"urn": pl.String, "link_urn": pl.String, "link_type": pl.String, "link_date": pl.Date}
    return pl.DataFrame(list(rows), schema=schema, orient="row").with_columns(
        link_name=pl.lit("School ") + pl.col("link_urn")
    )


CONVERTED = build(
    [
        snapshot(
            date(2025, 1, 31),
            school("100001", establishment_number="2001", status="Closed", close_date=date(2024, 8, 31)),
            school(
                "150001",
                establishment_number="2001",
                type="Academy converter",
                open_date=date(2024, 9, 1),
            ),
        )
    ],
    links(("100001", "150001", "Successor", date(2024, 8, 31))),
)


def test_a_school_that_converted_is_one_line_under_its_first_urn() -> None:
    """Acceptance case 1: URN 100001 closed on 31 August 2024, its successor is 150001."""
    lines = CONVERTED.establishments.select("urn", "school", "current_urn", "on_stem").rows()
    assert lines == [("100001", "100001", "150001", True), ("150001", "100001", "150001", True)]
    assert CONVERTED.schools.select("school", "current_urn", "name", "type").rows() == [
        ("100001", "150001", "School 150001", "Academy converter")
    ]


def test_its_events_are_dated_and_say_under_which_urn_they_happened() -> None:
    assert CONVERTED.events.select("urn", "kind", "on", "other_urn").rows() == [
        ("100001", "closed", date(2024, 8, 31), None),
        ("100001", "converted", date(2024, 9, 1), "150001"),
        ("150001", "opened", date(2024, 9, 1), None),
    ]


def test_its_laestab_means_the_old_urn_before_and_the_new_one_after() -> None:
    asked = pl.DataFrame({"la_code": ["826"], "establishment_number": ["2001"], "result": [62]})
    before = CONVERTED.resolve_laestab(asked, date(2024, 5, 15))
    after = CONVERTED.resolve_laestab(asked, date(2025, 5, 15))
    assert before.select("result", "urn", "found").row(0) == (62, "100001", "known")
    assert after.item(0, "urn") == "150001"


def test_converting_again_does_not_change_its_key() -> None:
    again = build(
        [
            snapshot(
                date(2027, 1, 31),
                school("100001", status="Closed", close_date=date(2024, 8, 31)),
                school("150001", status="Closed", close_date=date(2026, 8, 31)),
                school("160001", open_date=date(2026, 9, 1)),
            )
        ],
        links(
            ("100001", "150001", "Successor", None),
            ("160001", "150001", "Predecessor", None),
        ),
    )
    assert again.schools.select("school", "current_urn").rows() == [("100001", "160001")]


def test_infants_and_juniors_that_amalgamate_become_one_line_with_one_stem() -> None:
    register = build(
        [
            snapshot(
                date(2020, 1, 31),
                school("100010", establishment_number="2010", status="Closed", close_date=date(2018, 8, 31)),
                school("100011", establishment_number="2011", status="Closed", close_date=date(2018, 8, 31)),
                school("140010", establishment_number="2011", open_date=date(2018, 9, 1)),
            )
        ],
        links(
            ("140010", "100010", "Predecessor - amalgamated", date(2018, 9, 1)),
            ("140010", "100011", "Predecessor - amalgamated", date(2018, 9, 1)),
        ),
    )
    found = register.establishments.select("urn", "school", "on_stem").rows()
    # The junior school's number was kept, so the junior school is the stem.
    assert found == [("100010", "100011", False), ("100011", "100011", True), ("140010", "100011", True)]
    merged = register.events.filter(pl.col("kind") == "merged").select("urn", "other_urn").rows()
    assert merged == [("100010", "140010"), ("100011", "140010")]


def test_a_school_taken_in_by_another_does_not_give_it_its_history() -> None:
    register = build(
        [
            snapshot(
                date(2020, 1, 31),
                school("100020", status="Closed", close_date=date(2018, 8, 31)),
                school("100025"),
            )
        ],
        links(("100020", "100025", "Successor - merged", date(2018, 8, 31))),
    )
    assert register.establishments.select("urn", "school", "on_stem").rows() == [
        ("100020", "100025", False),
        ("100025", "100025", True),
    ]


def test_a_split_goes_on_where_the_number_was_kept_and_the_other_part_begins_anew() -> None:
    register = build(
        [
            snapshot(
                date(2020, 1, 31),
                school("100030", establishment_number="2030", status="Closed", close_date=date(2018, 8, 31)),
                school("140030", establishment_number="2999"),
                school("140031", establishment_number="2030"),
            )
        ],
        links(
            ("100030", "140030", "Successor - Split School", None),
            ("100030", "140031", "Successor - Split School", None),
        ),
    )
    assert register.establishments.select("urn", "school").rows() == [
        ("100030", "100030"),
        ("140030", "140030"),
        ("140031", "100030"),
    ]
    split = register.events.filter(pl.col("kind") == "split").select("urn", "other_urn").rows()
    assert split == [("100030", "140030")]


def test_a_school_still_open_after_a_split_goes_on_in_itself() -> None:
    register = build(
        [snapshot(date(2020, 1, 31), school("100035"), school("140035"))],
        links(("100035", "140035", "Successor - Split School", date(2018, 9, 1))),
    )
    assert register.establishments.select("urn", "school", "next_urn").rows() == [
        ("100035", "100035", None),
        ("140035", "140035", None),
    ]
    split = register.events.filter(pl.col("kind") == "split").select("urn", "on", "other_urn").rows()
    assert split == [("100035", date(2018, 9, 1), "140035")]


@pytest.mark.parametrize(
    "kind", ["Sixth Form Centre School", "Sixth Form Centre Link", "Other", "Expansion", "Closure"]
)
def test_links_that_do_not_continue_a_school_join_nothing(kind: str) -> None:
    register = build(
        [snapshot(date(2020, 1, 31), school("100040"), school("100041"))],
        links(("100040", "100041", kind, None)),
    )
    assert register.schools.height == 2


def test_a_link_without_direction_points_from_the_one_that_closed() -> None:
    rows = (
        school("100050"),
        school("100051", status="Closed", close_date=date(2018, 8, 31)),
    )
    both = links(
        ("100050", "100051", "Result of Amalgamation", date(2018, 9, 1)),
        ("100051", "100050", "Result of Amalgamation", date(2018, 8, 31)),
    )
    register = build([snapshot(date(2020, 1, 31), *rows)], both)
    assert register.schools.select("school", "current_urn").rows() == [("100050", "100050")]


def test_an_establishment_too_new_for_the_register_is_known_from_its_link() -> None:
    register = build(
        [snapshot(date(2023, 11, 30), school("100060", status="Closed", close_date=date(2024, 8, 31)))],
        links(("100060", "151060", "Successor", date(2024, 8, 31))),
    )
    new = register.establishments.filter(pl.col("urn") == "151060").row(0, named=True)
    assert (new["name"], new["status"], new["la_code"]) == ("School 151060", ONLY_IN_LINKS, "826")
    # Until a newer edition comes, it is where its predecessor was.
    assert (new["phase"], new["type"]) == ("Primary", None)
    assert register.schools.select("school", "current_urn").rows() == [("100060", "151060")]
    assert (new["open_date"], new["open_date_from"]) == (date(2024, 8, 31), "link")


def test_an_old_establishment_that_only_a_link_names_is_no_longer_kept() -> None:
    register = build(
        [snapshot(date(2023, 11, 30), school("131060"))],
        links(("131060", "100061", "Predecessor", date(1999, 9, 1))),
    )
    old = register.establishments.filter(pl.col("urn") == "100061").row(0, named=True)
    assert (old["status"], old["phase"]) == (NO_LONGER_KEPT, None)
    assert register.schools.select("school", "current_urn").rows() == [("100061", "131060")]


def test_a_newer_edition_outranks_an_older_one_field_by_field() -> None:
    register = build(
        [
            snapshot(date(2022, 8, 31), school("100070", name="Old Name", pupils=210, capacity=240)),
            snapshot(date(2023, 8, 31), school("100070", name="New Name", pupils=None, phase="All-through")),
        ]
    )
    found = register.schools.row(0, named=True)
    assert (found["name"], found["phase"], found["pupils"], found["capacity"]) == (
        "New Name",
        "All-through",
        210,
        240,
    )
    changes = register.events.select("kind", "on", "not_before", "before", "after").rows()
    assert changes == [
        ("changed phase", date(2023, 8, 31), date(2022, 8, 31), "Primary", "All-through"),
        ("renamed", date(2023, 8, 31), date(2022, 8, 31), "Old Name", "New Name"),
    ]


def test_writing_a_name_differently_is_not_a_change_of_name() -> None:
    register = build(
        [
            snapshot(date(2022, 8, 31), school("100080", name="St Mary's CofE Primary School")),
            snapshot(
                date(2023, 8, 31), school("100080", name="Saint Marys Church of England Primary  School")
            ),
        ]
    )
    assert register.events.filter(pl.col("kind") == "renamed").is_empty()


def test_a_closure_that_was_proposed_and_dropped_is_forgotten() -> None:
    proposed = school("100090", status="Open, but proposed to close", close_date=date(2023, 8, 31))
    register = build([snapshot(date(2022, 8, 31), proposed), snapshot(date(2023, 11, 30), school("100090"))])
    assert register.schools.item(0, "close_date") is None
    assert register.events.filter(pl.col("kind") == "closed").is_empty()


def test_without_any_edition_it_says_what_to_import() -> None:
    with pytest.raises(NotEnoughData, match="Import the establishments file"):
        build([])


def test_the_number_of_an_authority_that_was_reorganised_still_finds_the_school() -> None:
    """Cumbria's 909 became Cumberland's 942 on 1 April 2023."""
    register = build(
        [
            snapshot(
                date(2023, 11, 30),
                school("112301", la_code="942", la_name="Cumberland", establishment_number="2103"),
            )
        ]
    )
    asked = pl.DataFrame({"la_code": ["909", "942", "943"], "establishment_number": ["2103"] * 3})
    in_2010 = register.resolve_laestab(asked, date(2010, 5, 15))
    assert in_2010.select("la_code", "urn", "found").rows()[0] == ("909", "112301", "former number")
    today = register.resolve_laestab(asked, date(2024, 5, 15))
    assert today["found"].to_list() == ["unknown", "known", "unknown"]


def test_a_number_of_an_authority_merged_with_others_is_not_guessed() -> None:
    """839 took over Bournemouth's 837 and Poole's 836: its 6001 may have been either's."""
    school_of_2023 = school("113929", la_code="839", establishment_number="6001")
    register = build([snapshot(date(2023, 11, 30), school_of_2023)])
    asked = pl.DataFrame({"la_code": ["836", "837"], "establishment_number": ["6001"] * 2})
    assert register.resolve_laestab(asked, date(2010, 5, 15))["found"].to_list() == ["unknown", "unknown"]


def test_two_schools_that_had_one_number_on_a_day_are_not_guessed_between() -> None:
    rows = [school(urn, establishment_number="6005", la_code="838") for urn in ("113001", "113002")]
    register = build([snapshot(date(2023, 11, 30), *rows)])
    asked = pl.DataFrame({"la_code": ["838"], "establishment_number": ["6005"]})
    assert register.resolve_laestab(asked, date(2023, 5, 15)).select("urn", "found").row(0) == (
        None,
        "ambiguous",
    )


# --- the national register ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def national(national_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Register:
    home, ledger = Home(tmp_path_factory.mktemp("national")), MemoryLedger()
    for name in (
        "urn_lsoa11_lookup.parquet",
        "spine_2018.parquet",
        "school_information_2019.parquet",
        "academies_full_2019-09-01.parquet",
        "gias_2022-08_state_schools.parquet",
        "gias_all_2023-11_core_columns.parquet",
        "links_all_2026-08-21.parquet",
        "groups_all_2026-08-21.parquet",
        "grouplinks_academies_2024-03-29.parquet",
    ):
        import_path(national_data / "gias" / name, ledger, home)
    return read_register(home, ledger)


@pytest.mark.national
def test_every_establishment_is_in_exactly_one_line(national: Register) -> None:
    establishments = national.establishments
    assert establishments.height > 50_515
    assert establishments["urn"].n_unique() == establishments.height
    assert establishments["school"].null_count() == 0
    assert set(national.schools["school"]) == set(establishments["school"])
    assert set(national.schools["current_urn"]) <= set(establishments["urn"])


@pytest.mark.national
def test_the_key_of_each_line_is_an_establishment_on_its_stem(national: Register) -> None:
    keys = national.establishments.filter(pl.col("urn") == pl.col("school"))
    assert keys.height == national.schools.height
    assert keys["on_stem"].all()


@pytest.mark.national
def test_schools_of_milton_keynes_keep_their_history(national: Register) -> None:
    """Checked by hand in Get Information about Schools: Denbigh converted in 2011, Stantonbury twice."""
    lines = dict(national.establishments.select("urn", "school").iter_rows())
    assert lines["136468"] == "110498"
    assert lines["143134"] == lines["148835"] == "110526"
    assert lines["135665"] == "110507"


@pytest.mark.national
def test_numbers_of_2011_lead_to_the_urns_published_beside_them(
    national: Register, national_data: Path
) -> None:
    """Oracle: the absence file of 2010-11 gives authority, establishment number and URN of 20,190 schools."""
    published = pl.read_parquet(national_data / "absence/abs_2011.parquet").drop_nulls("URN")
    asked = published.select("URN", la_code="LA", establishment_number=pl.col("ESTAB").str.zfill(4))
    found = national.resolve_laestab(asked, date(2011, 5, 15))
    assert found.height == 20_190
    assert (found["urn"] == found["URN"]).sum() / found.height > 0.99
    assert (found["urn"] != found["URN"]).sum() <= 2


@pytest.mark.national
def test_no_result_of_2010_is_given_to_another_school(national: Register, national_data: Path) -> None:
    """Oracle: the school census of January 2011 gives URN and LAESTAB, of independent schools too."""
    census = pl.read_parquet(national_data / "school_census/census_2011.parquet").select("URN", "LAESTAB")
    published = census.filter(pl.col("LAESTAB").str.contains(r"^\d{7}$"))
    results = pl.read_parquet(national_data / "performance/ks4_2010.parquet")
    asked = results.filter(pl.col("RecType").is_in(["1", "2"])).select(
        la_code="LACode", establishment_number=pl.col("EstabCode").str.zfill(4)
    )
    found = (
        national.resolve_laestab(asked, date(2010, 5, 15))
        .with_columns(LAESTAB=pl.col("la_code") + pl.col("establishment_number"))
        .join(published, on="LAESTAB")
        .drop_nulls("urn")
    )
    line = dict(national.establishments.select("urn", "school").iter_rows())
    other = [row for row in found.select("LAESTAB", "URN", "urn").rows() if line[row[1]] != line[row[2]]]
    assert found.height > 4_800
    assert not other


@pytest.mark.national
def test_the_results_of_2010_and_2007_find_their_schools(national: Register, national_data: Path) -> None:
    ks4 = pl.read_parquet(national_data / "performance/ks4_2010.parquet")
    ks4 = ks4.filter(pl.col("RecType").is_in(["1", "2"]))
    ks2 = pl.read_parquet(national_data / "performance/ks2_cva_2007.parquet")
    for rows, la, estab, on in (
        (ks4, "LACode", "EstabCode", date(2010, 5, 15)),
        (ks2, "lea", "est", date(2007, 5, 15)),
    ):
        asked = rows.select(la_code=la, establishment_number=pl.col(estab).str.zfill(4))
        found = national.resolve_laestab(asked, on)
        assert found["urn"].is_not_null().mean() > 0.96
