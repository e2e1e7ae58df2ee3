"""The national files that early warning is learned from, by their place in the shared folder."""

from __future__ import annotations

FILES = (
    *(f"absence/abs_{year}.parquet" for year in (2011, 2012, 2013, 2014, 2017, 2018)),
    *(f"school_census/census_{year}.parquet" for year in range(2011, 2019)),
    *(f"workforce/swf_{year}.parquet" for year in range(2011, 2019)),
    *(f"finance/school_income_expenditure_{year}.parquet" for year in range(2014, 2018)),
    *(f"performance/ks2_perf_{year}.parquet" for year in (2016, 2017, 2018)),
    *(f"performance/ks4_perf_{year}.parquet" for year in (2016, 2017, 2018)),
    "performance/ks4provisional_2016_v2016-10-20.parquet",
    "performance/ks4provisional_2017.parquet",
    "performance/ks4provisional_2018.parquet",
    "ofsted/inspection_history_2005_2020.parquet",
    *(f"ofsted/mi_state_funded_latest_{month}.parquet" for month in ("2013-04", "2014-12", "2015-05")),
    "imd/idaci2015_lsoa11.parquet",
    "gias/urn_lsoa11_lookup.parquet",
    "gias/spine_2018.parquet",
    "gias/school_information_2019.parquet",
    "gias/academies_full_2019-09-01.parquet",
    "gias/gias_2022-08_state_schools.parquet",
    "gias/gias_all_2023-11_core_columns.parquet",
    "gias/links_all_2026-08-21.parquet",
)
