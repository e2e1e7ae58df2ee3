"""The traps of real open data, one test each: real headers, made-up rows, through the whole pipeline."""
# ruff: noqa: E501 - rows stand as they stand in files

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake

Load = Callable[..., tuple[FileReport, pl.DataFrame]]


@pytest.fixture
def load(home: Home, tmp_path: Path) -> Load:
    """Import a small CSV under a name and give its report and committed rows."""

    def from_text(name: str, text: str, encoding: str = "utf-8") -> tuple[FileReport, pl.DataFrame]:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        (report,) = import_path(path, MemoryLedger(), home)
        if report.version_id is None:
            return report, pl.DataFrame()
        return report, pl.read_parquet(Lake(home).version_path(str(report.kind), report.version_id))

    return from_text


def test_persistent_absence_of_three_eras_is_never_one_column(load: Load) -> None:
    _, of_2011 = load(
        "abs_2011.csv", "LA,ESTAB,URN,PERCTOT,PERCUA,PPERSABS15,PPERSABS20\n826,4001,100001,6.5,1.4,9.5,4.7\n"
    )
    _, of_2014 = load("abs_2014.csv", "LA,ESTAB,URN,PERCTOT,PPERSABS15\n826,4001,100001,5.2,5.3\n")
    _, of_2018 = load("abs_2018.csv", "LA,ESTAB,URN,PERCTOT,PPERSABS10\n826,4001,100001,5.5,13.9\n")
    found = [
        {c for c in frame.columns if c.startswith("persistent") and "__" not in c}
        for frame in (of_2011, of_2014, of_2018)
    ]
    assert found == [
        {"persistent_absence_15", "persistent_absence_20"},
        {"persistent_absence_15"},
        {"persistent_absence_10"},
    ]
    assert of_2018.item(0, "_period") == "2017-18"


def test_england_by_phase_stands_apart_from_schools(load: Load) -> None:
    text = "LA,ESTAB,URN,PERCTOT,PPERSABS10\n826,4001,100001,5.5,SUPP\nNAT,PRI,,4.2,8.7\nNAT,SEC,,5.5,13.9\nNAT,SPE,,10.2,29.6\n"
    _, rows = load("abs_2018.csv", text)
    assert rows.select("_level", "phase", "overall_absence").rows() == [
        ("school", None, 5.5),
        ("england", "Primary", 4.2),
        ("england", "Secondary", 5.5),
        ("england", "Special", 10.2),
    ]
    assert rows.item(0, "persistent_absence_10") is None
    assert rows.item(0, "persistent_absence_10__missing") == "suppressed"


def test_record_types_of_key_stage_4_are_levels(load: Load) -> None:
    text = (
        "RECTYPE,LEA,ESTAB,URN,SCHNAME,ICLOSE,NFTYPE,TPUP,ATT8SCR,P8MEA,P8CILOW,P8CIUPP,PTL2BASICS_94\n"
        "1,826,4001,100001,Made-up School,0,CY,180,46.1,-0.05,-0.2,0.1,62%\n"
        "2,826,7001,100002,Made-up Special,0,CYS,9,NE,NE,NE,NE,SUPP\n"
        "4,826, , , , , ,3052,45.9,-0.03,-0.07,0.01,60%\n"
        "5, , , , , , ,585377,44.3,NA,NA,NA,59%\n"
        "7, , , , , , ,523757,46.4,-0.02,-0.02,-0.02,64%\n"
    )
    _, rows = load("ks4provisional_2018.csv", text)
    assert rows["_level"].to_list() == ["school", "school", "authority", "england_all", "england"]
    assert rows["english_maths_grade4"].to_list() == [62.0, None, 60.0, 59.0, 64.0]
    assert rows["english_maths_grade4__missing"].to_list()[1] == "suppressed"
    assert rows["attainment8__missing"].to_list()[1] == "no_entries"
    assert rows.item(2, "la_code") == "826"


def test_progress_8_of_2018_is_the_reissued_one(load: Load) -> None:
    # P8MEA was adjusted for extreme negative scores; P8MEA_ORIG is how it was first worked out.
    header = "RECTYPE,LEA,ESTAB,URN,SCHNAME,ICLOSE,NFTYPE,TPUP,ATT8SCR,P8MEA,P8CILOW,P8CIUPP,P8MEA_ORIG,P8CILOW_ORIG,P8CIUPP_ORIG,PTL2BASICS_94\n"
    row = "1,826,4001,100001,Made-up School,0,CY,180,46.1,-0.05,-0.2,0.1,-0.11,-0.26,0.04,62%\n"
    _, rows = load("ks4provisional_2018.csv", header + row)
    assert rows.select("progress8", "progress8_lower", "progress8_upper").row(0) == (-0.05, -0.2, 0.1)


def test_the_row_counter_called_urn_in_2007_is_thrown_away(load: Load) -> None:
    text = "rec,lea,est,name,town,county,pcode,totpups,aps,CVAmeas,URN\n1,826,2001,Made-up,Town,,MK1 1AA,30,27.5,100.2,1\n"
    report, rows = load("ks2_cva_2007.csv", text)
    assert report.kind == "ks2-cva-2007"
    assert not {"urn", "URN"} & set(rows.columns)
    assert rows.select("la_code", "establishment_number", "cva").row(0) == ("826", "2001", 100.2)


def test_the_tab_separated_file_of_2010_has_its_own_codes(load: Load) -> None:
    header = [
        "RecType",
        "LACode",
        "EstabCode",
        "SchoolName",
        "KS4TotPup",
        "P5ACinclEM",
        "PAnyQual",
        "CVAMea",
        "CVALConf",
        "CVAUConf",
    ]
    rows = [
        "1 826 17 Made-up 180 51% 99% 1003.5 997.1 1009.9",
        "1 826 4002 Other 8 LT11 LT11 LT50PC LT50PC LT50PC",
    ]
    text = "\n".join(["\t".join(header), *("\t".join(row.split()) for row in rows)]) + "\n"
    _, frame = load("ks4_2010.csv", text)
    assert frame["establishment_number"].to_list() == ["0017", "4002"]
    assert frame["five_a_to_c_with_english_maths"].to_list() == [51.0, None]
    assert frame["five_a_to_c_with_english_maths__missing"].to_list() == [None, "suppressed"]
    assert frame["cva__missing"].to_list() == [None, "low_coverage"]
    assert set(frame["_period"]) == {"2009-10"}


def test_special_needs_before_and_after_2014_are_different_columns(load: Load) -> None:
    old = "URN,LA,ESTAB,TOTPUPSENDN,TSENSAP,TSENA,PSENSAP,PSENA\n100001,826,4001,900,90,120,10.0,13.3\n"
    new = "URN,LA,ESTAB,NOR,TSENELSE,PSENELSE,TSENELK,PSENELK\n100001,826,4001,900,18,2.0,110,12.2\n"
    _, before = load("census_2012.csv", old)
    _, after = load("census_2015.csv", new)
    special = (
        "statement_or_action_plus_percent",
        "school_action_percent",
        "ehcp_percent",
        "sen_support_percent",
    )
    assert [name in before.columns for name in special] == [True, True, False, False]
    assert [name in after.columns for name in special] == [False, False, True, True]


def test_workforce_headers_cut_at_64_characters_are_known(load: Load) -> None:
    header = (
        "LA Number,Establishment Number,URN,Total Number of Teachers (Headcount),"
        '"Total Number of Non Classroom-based School Support Staff, Exclud",'
        '"Total Number of Non Classroom-based School Support Staff, Exclu1",'
        "Pupil:     Teacher Ratio,Mean Gross FTE Salary of All Teachers\n"
    )
    report, rows = load(
        "swf_2016.csv",
        header + '826,4001,100001,60,12,9.5,17.1,"£45,421"\nNAT,PRI,,245738.9,85881,70152.8,20.5,"38,000"\n',
    )
    assert report.kind == "workforce-2015-16-on"
    assert rows.select("support_staff", "support_staff_fte", "mean_teacher_salary").row(0) == (
        12.0,
        9.5,
        45421.0,
    )
    assert rows.select("_level", "phase").row(1) == ("england", "Primary")


def test_did_not_supply_is_not_suppressed(load: Load) -> None:
    text = "LA,URN,NTEA,NTEAAS,NNONTEA,NFTETEA,RATPUPTEA,SALARY\n826,100001,DNS,DNS,DNS,DNS,DNS,SUPP\n"
    _, rows = load("swf_2014.csv", text)
    assert rows.item(0, "teachers__missing") == "not_supplied"
    assert rows.item(0, "mean_teacher_salary__missing") == "suppressed"


def test_start_and_end_of_an_inspection_are_different_columns(load: Load) -> None:
    _, history = load(
        "inspections.csv", "URN,Rating,Inspection Date\n100001,Satisfactory,20110908\n100001,Good,20130131\n"
    )
    latest = (
        "Web Link,URN,Laestab,School name,Latest inspection date,Overall effectiveness: how good is the school,"
        "Category,Previous inspection date,previous Overall effectivness,Previous category\n"
        "Ofsted School Webpage,100001,8264001,Made-up,2013-02-01 00:00:00,2,,2011-09-09 00:00:00,3,\n"
    )
    _, newest = load("mi_state_funded_latest_2014-12.csv", latest)
    assert history["inspection_date"].dt.to_string().to_list() == ["2011-09-08", "2013-01-31"]
    assert "inspection_date" not in newest.columns
    assert str(newest.item(0, "inspection_end_date")) == "2013-02-01"
    assert newest.item(0, "overall_effectiveness") == "Good"
    assert newest.item(0, "previous_overall_effectiveness") == "Satisfactory or requires improvement"
    assert "Web Link" not in newest.columns


def test_money_with_a_windows_pound_sign_is_read(load: Load) -> None:
    header = "URN,LAEstab,LA,Local Authority,School Name,Total number of pupils eligible for the Deprivation Pupil Premium,Percentage of Primary pupils eligible for the Deprivation Pupil Premium,Total allocation for the Deprivation Pupil Premium\n"
    _, rows = load(
        "pupil_premium_2021-22.csv",
        header + '100001,8264001,826,Milton Keynes,Made-up,38,0.162,"£50,160"\n',
        "cp1252",
    )
    assert rows.item(0, "deprivation_allocation") == 50160.0
    assert rows.item(0, "primary_deprivation_percent") == pytest.approx(16.2)
    assert rows.item(0, "_period") == "2021-22"


def test_income_headed_by_a_year_is_of_the_financial_year_that_ends_in_it(load: Load) -> None:
    # Published for the only pupil referral unit of Milton Keynes (revenue reserves of maintained schools,
    # total income in millions): 0.45 in 2016-17 and 0.44 in 2017-18.
    _, rows = load(
        "finance.csv",
        "URN,Income,Expenditure,Balance,Academic Year\n134310,447503.22,409761.8,37741.42,2017\n",
    )
    assert rows.item(0, "_period") == "2016-17"
    assert round(rows.item(0, "income") / 1_000_000, 2) == 0.45
    assert rows.item(0, "in_year_balance") == 37741.42


def test_a_copy_that_calls_grammar_writing_is_not_believed(load: Load) -> None:
    # School 124935 in 2018: grammar, punctuation and spelling 79%, writing 90% (the Department's own file).
    header = "URN,KS2 Pupils,Overall Meet Std,Writing Progress,Writing Score,Writing Meet Std,Writing Exceed Std,Academic Year\n"
    _, rows = load("ks2_perf_2018.csv", header + "124935,29,66%,1,107,79%,34%,2018\n")
    assert rows.select("gps_expected", "gps_higher", "gps_score", "writing_progress").row(0) == (
        79.0,
        34.0,
        107.0,
        1.0,
    )
    assert not [name for name in rows.columns if name.startswith(("writing_expected", "writing_higher"))]


def test_the_panel_counts_years_by_their_start_and_leaves_averages_out(load: Load) -> None:
    header = "school_key,la_key,phase_key,year_key,total_number_places_offered,times_put_as_1st_preference,progress_8,fact_flg\n"
    _, rows = load(
        "panel.csv",
        header + "1,18.0,2.0,2015.0,180.0,201.0,-0.11,Actual\n0,18.0,2.0,2015.0,150.0,160.0,,Average\n",
    )
    assert rows.select("school_key", "phase_key", "_period").rows() == [("1", "Secondary", "2015-16")]


def test_both_shapes_of_a_neighbour_list_say_the_same(load: Load) -> None:
    numbers = [822, 303, 882, 870, 839, 311, 919, 886, 319, 383]
    wide = ",".join(["old_la_code", "la_name", *(f"SN_{n},SN_{n}P" for n in range(1, 11))])
    long = ",".join(["LA num", "LA Name", "LA number", *(f"SN{n},SNP" for n in range(1, 11))])
    pairs = ",".join(f"{number},Close" for number in numbers)
    report, first = load("sn_model_2025_wide.csv", f"{wide}\n826,Milton Keynes,{pairs}\n")
    _, second = load(
        "csc_statistical_neighbours_2025.csv",
        f"{long}\n826,Milton Keynes,826,{pairs}\n,Old SNs:,,{',' * 19}\n",
    )
    names = [f"neighbour_{place}" for place in range(1, 11)]
    assert report.period == "2025"
    assert first.select(names).row(0) == second.select(names).row(0) == tuple(map(str, numbers))
    assert second.height == 1


def test_the_common_shape_keeps_each_reason_and_each_kind_of_year(load: Load) -> None:
    header = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,group,t_pupils,pt_overall\n"
    text = header + (
        "202324,Academic year,National,E92000001,England,,,,,,All,126190,17.4\n"
        "202324,Academic year,Regional,E92000001,England,E12000008,South East,,,,All,x,c\n"
        "202324,Academic year,Local authority,E92000001,England,E12000008,South East,826,E06000042,Milton Keynes,All,z,k\n"
        "202324,Academic year,Local authority,E92000001,England,E12000008,South East,826,E06000042,Milton Keynes,Some,20,u\n"
        "202324,Academic year,Local authority,E92000001,England,E12000007,London,314 / 318,E09000021 / E09000027,Kingston upon Thames / Richmond upon Thames,All,7,1\n"
    )
    report, rows = load("outcomes_absence_la.csv", text)
    assert report.outcome is Outcome.COMMITTED
    assert rows["_level"].to_list() == ["england", "region", "authority", "authority", "joint"]
    assert set(rows["_period"]) == {"2023-24"}
    assert rows["t_pupils__missing"].to_list() == [None, "not_available", "not_applicable", None, None]
    assert rows["pt_overall__missing"].to_list() == [
        None,
        "suppressed",
        "small_value",
        "low_reliability",
        None,
    ]
    _, years = load(
        "cin_b1.csv",
        header
        + "2024,Reporting year,Local authority,E92000001,England,E12000008,South East,826,E06000042,Milton Keynes,All,1,2\n201516,Financial year,Local authority,E92000001,England,E12000008,South East,826,E06000042,Milton Keynes,All,1,2\n",
    )
    assert years["_period"].to_list() == ["2024", "2015-16"]


def test_the_long_form_of_the_authority_tool_separates_england_and_regions(load: Load) -> None:
    text = (
        "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\n"
        "AbsSec,,2024/25,Milton Keynes,8.59,826.0,South East\n"
        "AbsSec,,2024/25,England,8.44,970.0,NA\n"
        "AbsSec,,2024/25,South East,-,989.0,NA\n"
        "AbsSec,,0,Milton Keynes,1,826.0,South East\n"
    )
    _, rows = load("lait.csv", text)
    assert rows.select("_level", "la_code", "value").rows() == [
        ("authority", "826", 8.59),
        ("england", "970", 8.44),
        ("region", "989", None),
    ]
    assert rows["value__missing"].to_list() == [None, None, "not_available"]


def test_names_of_heads_and_addresses_of_trusts_are_not_kept(load: Load) -> None:
    header = "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),CloseDate,HeadTitle (name),HeadFirstName,HeadLastName,PropsName,TelephoneNum\n"
    _, register = load(
        "edubasealldata20260401.csv",
        header + "100001,826,Milton Keynes,4001,Made-up,Open,,Ms,Pat,Example,P Example,01234\n",
    )
    assert not [
        name
        for name in register.columns
        if "head" in name.lower() or "tele" in name.lower() or "props" in name.lower()
    ]
    assert register.item(0, "_period") == "2026-04-01"
    trusts = "Group UID,Group ID,Group Name,Group Type,Group Status,Group Street,Group Town,Group Postcode\n1000,TR1,Made-up Trust,Multi-academy trust,Open,1 Some Street,Town,MK1 1AA\n"
    _, groups = load("allgroupsdata20260401.csv", trusts)
    assert not {"Group Street", "Group Town"} & set(groups.columns)


def test_made_up_rows_published_for_testing_are_refused(load: Load) -> None:
    header = (
        "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),CloseDate\n"
    )
    report, _ = load("edubasealldata20230401.csv", header + "130000,100,Test LA Name,1000,school 1,Open,\n")
    assert report.version_id is None
    assert any("made-up rows" in reason for reason in report.reasons)


def test_a_register_that_breaks_off_in_the_middle_of_a_row_is_not_loaded(load: Load) -> None:
    header = "URN,LANAME,LA,ESTAB,LAESTAB,SCHNAME,SCHSTATUS,MINORGROUP,ISPRIMARY,ISSECONDARY\n"
    full = "".join(
        f"{100000 + n},Milton Keynes,826,{2000 + n},826{2000 + n},Made-up {n},Open,Maintained school,1,0\n"
        for n in range(50)
    )
    report, _ = load("spine_2013.csv", header + full + "119325,Milton Key")
    assert report.outcome is not Outcome.COMMITTED
    assert report.reasons


def test_fractions_where_percentages_belong_hold_the_file(load: Load) -> None:
    rows = "".join(f"826,{4000 + n},{100000 + n},{0.05 + n / 1000:.3f},0.139\n" for n in range(200))
    report, _ = load("abs_2018.csv", "LA,ESTAB,URN,PERCTOT,PPERSABS10\n" + rows)
    assert report.outcome is Outcome.HELD
    assert "percentage" in " ".join(report.reasons)
