"""Make the demo authority's data from the national files.

Usage: python tools/make_demo_extract.py [FOLDER]     (the folder lies beside the checkout unless named)

Milton Keynes and its ten statistical neighbours of 2025 in the files about schools; files about authorities
whole; England's own rows in both. Nobody's name is in it: columns with names of heads and proprietors,
telephone numbers and home addresses of trusts are left out. What was taken from where is written to
``manifest.csv``; the licence and attribution lie beside it in ``LICENCE.md``. The result is the same, byte
for byte, whenever the national files are.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "src" / "redway" / "demo"
LIMIT = 15_000_000

MILTON_KEYNES = "826"
MILTON_KEYNES_ONS = "E06000042"
FORMER = {"839": ("835", "836", "837"), "822": ("820",)}
"""Retired numbers of the neighbours that were reorganised: needed for files older than that."""

DROPPED = {
    "HeadKey",
    "HeadSurnameKey",
    "HeadPreferredJobTitle",
    "FaxNum",
    "TELNUM",
    "TelNum",
    "Group Street",
    "Group Locality",
    "Group Address 3",
    "Group Town",
    "Group County",
}


@dataclass
class Area:
    """What the demo is about: authority numbers, URNs, school keys of the panel, and small areas."""

    authorities: list[str]
    names: list[str]
    former: list[str]
    urns: set[str]
    keys: set[float] = field(default_factory=set)
    lsoa11: set[str] = field(default_factory=set)
    lsoa21: set[str] = field(default_factory=set)
    msoa21: set[str] = field(default_factory=set)

    @property
    def numbers(self) -> list[str]:
        """Present and retired authority numbers."""
        return [*self.authorities, *self.former]


Keep = Callable[[pl.DataFrame, Area], pl.DataFrame]


def whole(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    """Every row."""
    return frame


def by_urn(column: str = "URN") -> Keep:
    """The area's schools, and rows that have words where a URN stands: England and other aggregates."""

    def keep(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
        urn = pl.col(column).cast(pl.String).str.strip_chars().str.replace(r"\.0$", "")
        is_school = urn.str.contains(r"^\d{6}$").fill_null(False)
        others = ~is_school
        for name in frame.columns:
            if name in ("LEA", "LA"):
                number = pl.col(name).cast(pl.String).str.strip_chars().fill_null("")
                # Of authority rows, the area's own; England's have no number or the word NAT.
                others &= number.is_in(["", "NAT", *area.authorities])
        return frame.filter((is_school & urn.is_in(area.urns)) | others)

    return keep


def by_number(column: str, also: tuple[str, ...] = ()) -> Keep:
    """The area's authorities under any number they had, and rows that say one of ``also``."""

    def keep(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
        number = pl.col(column).cast(pl.String).str.strip_chars().fill_null("")
        return frame.filter(number.is_in([*area.numbers, *also]))

    return keep


def by_small_area(column: str, which: str) -> Keep:
    """Rows of the area's small areas."""

    def keep(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
        return frame.filter(pl.col(column).is_in(getattr(area, which)))

    return keep


def links(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    return frame.filter(pl.col("URN").is_in(area.urns) | pl.col("LinkURN").is_in(area.urns))


def groups(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    members = pl.read_parquet(NATIONAL / "gias/grouplinks_academies_2024-03-29.parquet")
    theirs = members.filter(pl.col("URN").is_in(area.urns)).get_column("Linked UID").unique()
    return frame.filter(pl.col("Group UID").is_in(theirs.implode()))


def panel(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    return frame.filter(pl.col("school_key").is_in(area.keys))


def hierarchy(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    """All wards of the area; of other authorities one row a year, for their codes and region."""
    ours = frame.filter(pl.col("old_la_code").is_in(area.numbers))
    others = frame.filter(~pl.col("old_la_code").is_in(area.numbers))
    one_each = others.unique(["old_la_code", "new_la_code"], keep="last", maintain_order=True)
    return pl.concat([ours, one_each])


def exclusions(frame: pl.DataFrame, area: Area) -> pl.DataFrame:
    return frame.filter(pl.col("la_name").is_in([*area.names, "England", "Bournemouth", "Poole", "Dorset"]))


WHOLE = (
    "statistical_neighbours/csc_statistical_neighbours_2021.parquet",
    "statistical_neighbours/csc_statistical_neighbours_2025.parquet",
    "statistical_neighbours/la_code_list.parquet",
    "ofsted/ilacs_overview.parquet",
    "absence/attendance_ytd_2025-26.parquet",
    "finance/la_maintained_revenue_reserve.parquet",
    "performance/ks2-mats-performance_2018.parquet",
    "performance/ks4-mats-performance_2018.parquet",
)
BY_URN = (
    *(f"absence/abs_{year}.parquet" for year in (2011, 2012, 2013, 2014, 2017, 2018, 2023)),
    *(f"school_census/census_{year}.parquet" for year in (*range(2011, 2019), 2022)),
    *(f"workforce/swf_{year}.parquet" for year in (*range(2011, 2019), 2021)),
    *(f"performance/{stage}_perf_{year}.parquet" for stage in ("ks2", "ks4") for year in (2016, 2017, 2018)),
    "performance/ks4provisional_2016_v2016-10-20.parquet",
    "performance/ks4provisional_2017.parquet",
    "performance/ks4provisional_2018.parquet",
    "performance/ks4-pupdest_2017.parquet",
    "performance/ks4-pupdest_2018.parquet",
    "performance/ks4_filtered_2023.parquet",
    "performance/ks5_2015.parquet",
    "performance/ks5_2016.parquet",
    "performance/ks5final_2017.parquet",
    *(f"finance/school_income_expenditure_{year}.parquet" for year in range(2014, 2018)),
    "finance/cfr_2011.parquet",
    "finance/pupil_premium_2019-20.parquet",
    "ofsted/inspection_history_2005_2020.parquet",
    "ofsted/mi_state_funded_latest_2014-12.parquet",
    "ofsted/mi_state_funded_latest_2015-05.parquet",
    "gias/school_information_2019.parquet",
    "gias/spine_2018.parquet",
    "gias/academies_full_2019-09-01.parquet",
    "gias/grouplinks_academies_2024-03-29.parquet",
)


def plan() -> Iterator[tuple[str, str, Keep]]:
    """(file in the national folder, file in the demo, which rows) of everything that is taken."""
    for name in WHOLE:
        yield name, name, whole
    for path in sorted((NATIONAL / "social_care").glob("*.parquet")):
        yield f"social_care/{path.name}", f"social_care/{path.name}", whole
    for name in BY_URN:
        yield name, name, by_urn()
    lower = ("ofsted/mi_state_funded_latest_2013-04.parquet", "gias/gias_all_2023-11_core_columns.parquet")
    for name in (*lower, "gias/urn_lsoa11_lookup.parquet", "gias/gias_2022-08_state_schools.parquet"):
        yield name, name, by_urn("urn")
    # The file does not say which years it is about; its name has to.
    yield "absence/sap_absence_3yr.parquet", "absence/absence_three_years_2023-24.parquet", by_urn("Id")
    yield "absence/exclusions_la_2006_2017.parquet", "absence/exclusions_la_2006_2017.parquet", exclusions
    yield "performance/ks2_cva_2007.parquet", "performance/ks2_cva_2007.parquet", by_number("lea")
    yield "performance/ks4_2010.parquet", "performance/ks4_2010.parquet", by_number("LACode", ("",))
    yield (
        "finance/school_places_scorecard_2023-25.parquet",
        "finance/school_places_scorecard_2023-25.parquet",
        (by_number("LANumber", ("0",))),
    )
    for name, keep in (
        ("gias/links_all_2026-08-21.parquet", links),
        ("gias/groups_all_2026-08-21.parquet", groups),
        ("performance/school_year_panel_2014_2022.parquet", panel),
        ("geography/dfe_geo_hierarchy.parquet", hierarchy),
    ):
        yield name, name, keep
    for name, column, which in (
        ("imd/imd2019_england_lsoa11.parquet", "lsoa11_code", "lsoa11"),
        ("imd/idaci2015_lsoa11.parquet", "LSOA code (2011)", "lsoa11"),
        ("imd/imd2025_england_lsoa21.parquet", "lsoa21_code", "lsoa21"),
        ("census/ethnicity21_lsoa21.parquet", "lsoa21_code", "lsoa21"),
        ("census/religion21_lsoa21.parquet", "lsoa21_code", "lsoa21"),
        ("census/household_deprivation21_lsoa21.parquet", "lsoa21_code", "lsoa21"),
        ("census/disability21_lsoa21_ew.parquet", "lsoa21_code", "lsoa21"),
        ("census/migration21_msoa21.parquet", "msoa21_code", "msoa21"),
        ("census/proficiency21_msoa21.parquet", "msoa21_code", "msoa21"),
        ("geography/lookup_lsoa11_lsoa21_ltla22.parquet", "lsoa11_code", "lsoa11"),
        ("geography/lookup_lsoa21_ward24_ltla24.parquet", "lsoa21_code", "lsoa21"),
    ):
        yield name, name, by_small_area(column, which)
    yield (
        "geography/postcodes_mk_th.parquet",
        "geography/postcodes_2026.parquet",
        (lambda frame, area: frame.filter(pl.col("laua") == MILTON_KEYNES_ONS)),
    )


def find_area() -> Area:
    """Milton Keynes with its neighbours of 2025, and every school that was ever theirs."""
    model = pl.read_parquet(NATIONAL / "statistical_neighbours/sn_model_2025_wide.parquet")
    row = model.filter(pl.col("old_la_code") == MILTON_KEYNES).row(0, named=True)
    numbers = sorted([MILTON_KEYNES, *(row[f"SN_{place}"] for place in range(1, 11))])
    names = model.filter(pl.col("old_la_code").is_in(numbers)).get_column("la_name").to_list()
    former = [old for number in numbers for old in FORMER.get(number, ())]
    # Dorset and Bedfordshire went to others too: only what became a neighbour's school is taken of them.
    owned = [*numbers, "836", "837"]
    register = pl.read_parquet(NATIONAL / "gias/gias_all_2023-11_core_columns.parquet")
    urns = set(register.filter(pl.col("la_code").is_in(owned)).get_column("urn"))
    linked = pl.read_parquet(NATIONAL / "gias/links_all_2026-08-21.parquet").select(
        "URN", "LinkURN", "LinkType"
    )
    linked = linked.filter(pl.col("LinkType").str.contains("Predecessor|Successor|Amalgamation|Merged"))
    towards = linked.filter(pl.col("URN").is_in(urns)).get_column("LinkURN")
    back = linked.filter(pl.col("LinkURN").is_in(urns)).get_column("URN")
    area = Area(numbers, names, former, urns | set(towards) | set(back))
    state = pl.read_parquet(NATIONAL / "gias/gias_2022-08_state_schools.parquet")
    ours = state.filter(pl.col("urn").cast(pl.Int64).cast(pl.String).is_in(area.urns))
    area.keys = set(ours.get_column("school_key"))
    small = pl.read_parquet(NATIONAL / "geography/lookup_lsoa11_lsoa21_ltla22.parquet")
    mine = small.filter(pl.col("ltla22_code") == MILTON_KEYNES_ONS)
    area.lsoa21 = set(mine.get_column("lsoa21_code"))
    area.lsoa11 = set(mine.get_column("lsoa11_code")) | set(ours.get_column("lsoa_code").drop_nulls())
    shapes = json.loads((NATIONAL / "boundaries/msoa_E06000042.geojson").read_text("utf-8"))
    area.msoa21 = {shape["properties"]["MSOA21CD"] for shape in shapes["features"]}
    return area


# --- writing ------------------------------------------------------------------------------------------------


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def origins() -> dict[str, dict[str, str]]:
    """What the national folder's own manifest says of each file."""
    with (NATIONAL / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def main() -> int:
    if not NATIONAL.is_dir():
        print(f"There is no folder {NATIONAL}. Name the folder of the national files.", file=sys.stderr)
        return 2
    area, known, taken = find_area(), origins(), []
    shutil.rmtree(DEMO / "data", ignore_errors=True)
    for source, target, keep in plan():
        frame = pl.read_parquet(NATIONAL / source)
        part = keep(frame, area)
        part = part.drop([name for name in part.columns if name in DROPPED])
        path = DEMO / "data" / target
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        taken.append((f"data/{target}", source, frame.height, part.height))
    (DEMO / "data" / "calendar").mkdir()
    shutil.copyfile(NATIONAL / "calendar/bank-holidays.json", DEMO / "data/calendar/bank-holidays.json")
    taken.append(("data/calendar/bank-holidays.json", "calendar/bank-holidays.json", "", ""))
    with (DEMO / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            [
                "file",
                "bytes",
                "sha256",
                "rows",
                "source_file",
                "source_rows",
                "source_sha256",
                "years",
                "published_at",
            ]
        )
        for target, source, rows, kept in sorted(taken):
            about = known.get(source, {})
            out.writerow(
                [
                    target,
                    (DEMO / target).stat().st_size,
                    checksum(DEMO / target),
                    kept,
                    source,
                    rows,
                    checksum(NATIONAL / source),
                    about.get("years", ""),
                    f"{about.get('source_repo', '')}/{about.get('source_path', '')}".strip("/"),
                ]
            )
    size = sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file() and path.suffix != ".py")
    print(f"{len(taken)} files, {size:,} bytes, {len(area.urns):,} establishments.")
    if size > LIMIT:
        print(f"That is more than {LIMIT:,} bytes.", file=sys.stderr)
        return 1
    return 0


NATIONAL = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"

if __name__ == "__main__":
    raise SystemExit(main())
