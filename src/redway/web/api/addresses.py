"""The addresses at which tables can be had, and what each of their parts means.

A table has one address for people and programs alike: the page's own, ending in ``.json``, ``.csv`` or
``.xlsx``. Nothing here decides anything: permission and content are the page's. A test fails when a page
gains a table that is not in this list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of an address or of its query. ``words`` lists what it may be; ``pattern`` its form."""

    name: str
    meaning: str
    example: str = ""
    words: Sequence[str] = ()
    pattern: str = ""
    many: bool = False
    """May be given several times."""


@dataclass(frozen=True)
class Address:
    """One table: the name of its URL, what it holds, its parts, what may be asked of it."""

    url_name: str
    title: str
    parts: tuple[Part, ...] = ()
    query: tuple[Part, ...] = ()
    state_name: str = ""
    """Stands before the parameters of order, words and columns where a page has several tables."""
    named_by: str = ""
    """The part of the address whose word stands before those parameters instead."""


URN = Part("urn", "Unique reference number of the school, present or past", "110532", pattern="^[0-9]{6}$")
NUMBER = Part("number", "Three-digit number of the authority", "826", pattern="^[0-9]{3}$")
CODE = Part("code", "Code of the measure", "secondary-absence", pattern="^[a-z0-9-]+$")
AUTHORITY = Part("authority", "Only schools of this authority", "826", pattern="^[0-9]{3}$")
DATASET = Part("dataset", "Code of the dataset in the timetable", "absence", pattern="^[a-z0-9-]+$")
MODEL = Part("model", "Model of statistical neighbours", "2025", words=("2021", "2025"))

OUTCOME = Part("outcome", "Key stage and outcome; the first one held when left out", "ks4-attainment8")
YEAR = Part("year", "School year, or 'together' for the last three; the newest when left out", "2024-25")
CHOSEN = Part("chosen", "1 to allow for nothing but prior attainment and what 'allow' names", words=("1",))
ALLOW = Part("allow", "What the model allows for", "gender", many=True)
SUBJECT = Part("subject", "Key stage and subject; the first one held when left out", "ks4-attainment8")
YEAR_GROUP = Part("year_group", "Year group; the oldest when left out", "11", pattern="^[0-9]{1,2}$")
TERM = Part("term", "Term; the newest when left out", "2025-26-spring")
FIRST_DAY = Part("from", "First day of the period; of the half-year now running when left out", "2007-07-01")
LAST_DAY = Part("to", "Last day of the period", "2007-12-31")
PUBLISH = Part("publish", "1 for figures that may be published: small ones are hidden", words=("1",))
ALLEGATION_TABLES = (
    "sector",
    "category",
    "source",
    "outcome",
    "threshold",
    "incident",
    "half-year-sector",
    "half-year-category",
    "strands",
    "onward",
    "work",
    "timescales",
)
TRACKING_TABLES = ("standings", "movements", "target-groups")
VALUE_ADDED_TABLES = ("years", "outcomes", "left-out")
AUTHORITY_VALUE_ADDED_TABLES = ("schools", "allowed-for", "gains", "left-out")

SCHOOL_TABLES = ("benchmarks", "every-figure", "inspections", "gaps")
AUTHORITY_TABLES = (
    "be-healthy",
    "stay-safe",
    "enjoy-and-achieve",
    "make-a-positive-contribution",
    "economic-well-being",
    "every-measure",
    "neighbours",
    "gaps",
)

ADDRESSES: tuple[Address, ...] = (
    Address("authorities:index_table", "Local authorities of England"),
    Address(
        "authorities:table",
        "One table of an authority's profile",
        (NUMBER, Part("name", "Which table", "every-measure", words=AUTHORITY_TABLES)),
        (
            MODEL,
            Part("every", "1 for every measure of the outcome, not only the headline ones", words=("1",)),
        ),
        named_by="name",
    ),
    Address(
        "schools:list_table",
        "Schools found by words, authority, phase, type, trust or locality",
        (),
        (
            Part("q", "Words of the name, a URN, a LAESTAB, a postcode or a town", "radcliffe"),
            AUTHORITY,
            Part("phase", "Phase of school", "Secondary"),
            Part("type", "Type of establishment", "Academy converter"),
            Part("trust", "Group UID of a trust", "2081"),
            Part("locality", "Number of a locality of that authority", "1", pattern="^[0-9]+$"),
            Part("status", "'all' takes closed schools in; open ones when left out", "all"),
        ),
    ),
    Address(
        "schools:table",
        "One table of a school's profile",
        (URN, Part("name", "Which table", "every-figure", words=SCHOOL_TABLES)),
        named_by="name",
    ),
    Address(
        "schools:similar_table", "The schools a school is compared with, and how far each is from it", (URN,)
    ),
    Address("attainment:schools_table", "Schools with results of their pupils, and of which years"),
    Address(
        "attainment:school_value_added_table",
        "One table of a school's value-added page",
        (URN, Part("name", "Which table", "years", words=VALUE_ADDED_TABLES)),
        (OUTCOME, YEAR, CHOSEN, ALLOW),
        named_by="name",
    ),
    Address(
        "attainment:authority_value_added_table",
        "One table of the value-added page of all schools of an authority",
        (NUMBER, Part("name", "Which table", "schools", words=AUTHORITY_VALUE_ADDED_TABLES)),
        (OUTCOME, YEAR, CHOSEN, ALLOW),
        named_by="name",
    ),
    Address(
        "attainment:school_tracking_table",
        "One table of a school's cohort on track: counts without names, small ones hidden",
        (URN, Part("name", "Which table", "standings", words=TRACKING_TABLES)),
        (SUBJECT, YEAR_GROUP, TERM),
        named_by="name",
    ),
    Address(
        "attainment:school_gaps_table",
        "Gaps between groups of a school's cohort, small groups hidden",
        (URN,),
        (SUBJECT, YEAR_GROUP, TERM),
        state_name="gaps",
    ),
    Address(
        "attainment:authority_targets_table",
        "Targets of all schools of an authority, without cohorts of ten pupils or fewer",
        (NUMBER,),
        (
            Part("year", "School year of the results; the one being set when left out", "2026-27"),
            Part(
                "waits",
                "Only targets that wait for this",
                "adviser",
                words=(
                    "not-proposed",
                    "adviser",
                    "answer",
                    "verifiers",
                    "not-agreed",
                    "doubted",
                    "not-met",
                    "confirmed",
                    "late",
                ),
            ),
        ),
    ),
    Address(
        "attainment:authority_reservations_table",
        "What became of reservations about targets, by year and which way they pointed",
        (NUMBER,),
        state_name="years",
    ),
    Address(
        "allegations:statistics_table",
        "One table of the statistics of allegations, without names",
        (NUMBER, Part("name", "Which table", "sector", words=ALLEGATION_TABLES)),
        (FIRST_DAY, LAST_DAY, PUBLISH),
        named_by="name",
    ),
    Address("measures:index_table", "Every measure: code, subject, unit, which way is better"),
    Address(
        "measures:everyone_table",
        "Every school or authority on one measure",
        (CODE,),
        (
            Part("level", "Schools or authorities", "authority", words=("school", "authority")),
            Part("period", "Period; the latest when left out", "2025"),
            Part("phase", "Phase of school", "Secondary"),
            AUTHORITY,
        ),
    ),
    Address("datasets:timetable_table", "Which dataset is due when, from whom, and what has come"),
    Address("datasets:held_table", "Files that wait for a person's decision"),
    Address("datasets:versions_table", "Every version of a dataset", (DATASET,)),
)
