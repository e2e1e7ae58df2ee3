"""Make the catalogue entries of the authority measures that nobody has described by hand.

Reads the LA Interactive Tool's data dictionary and data (from ``../shared/data/social_care`` beside the
checkout, or the folder given) and writes ``src/redway/indicators/catalogue/authority-other.toml``. Codes are
readable words made from the published title; they are kept from one run to the next, because a code, once
published, never changes.

Usage: python tools/make_lait_catalogue.py [FOLDER]
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "src" / "redway" / "indicators" / "catalogue"
TARGET = CATALOGUE / "authority-other.toml"

YEAR_TYPES = {
    "Academic Year": "academic",
    "Financial Year": "financial",
    "Calendar Year": "calendar",
    "Annual": "31 March",
    "Annual - January": "January",
    "Annual (end of Sept)": "30 September",
}
TOPICS = {
    "All Pupil Absence & Exclusions": ("Attendance", "enjoy and achieve"),
    "Foundation Stage": ("Early years", "enjoy and achieve"),
    "Early Years": ("Early years", "enjoy and achieve"),
    "Key Stage 1 and Phonics": ("Key stage 1 and phonics", "enjoy and achieve"),
    "Key Stage 2": ("Key stage 2", "enjoy and achieve"),
    "Key Stage 4": ("Key stage 4", "enjoy and achieve"),
    "Key Stage 5": ("Ages 16 to 19", "enjoy and achieve"),
    "Attainment by age 19": ("Ages 16 to 19", "economic well-being"),
    "Further & Higher Education": ("Ages 16 to 19", "economic well-being"),
    "Child Protection": ("Child protection", "stay safe"),
    "Children in Need": ("Children in need", "stay safe"),
    "Children Looked After": ("Children looked after", "stay safe"),
    "Adoption": ("Adoption", "stay safe"),
    "Children with SEN": ("Special educational needs", "enjoy and achieve"),
    "Children's Services Workforce": ("Social work workforce", "stay safe"),
    "Children's Service Finance": ("Money", "economic well-being"),
    "Economic Factors": ("Context", "economic well-being"),
    "Contextual\\Other": ("Context", "enjoy and achieve"),
    "Health and Wellbeing": ("Health", "be healthy"),
    "Youth Offending": ("Youth justice", "make a positive contribution"),
}
POLARITY = {"High": "high", "Low": "low"}
HOW = {
    "high": "Higher is better.",
    "low": "Lower is better.",
    "neutral": "Neither high nor low is good in itself.",
}
# ruff: noqa: E501, SIM905 - published wording is kept on one line, lists of words read best as words
# Published wording -> the words of a code. Longer phrases first.
PHRASES = [
    (r"children achieving at least the expected level in eyfs", "early years"),
    (r"children achieving good level of development in eyfs", "good level of development"),
    (r"2 year old children benefitting from funded early education", "funded early education age 2"),
    (
        r"(take up of )?3 and 4 years? olds?( children)? benefitting from (some free|funded) early education",
        "funded early education age 3 and 4",
    ),
    (
        r"2, 3 & 4 yr olds in funded early education at providers with staff with graduate status",
        "funded early education graduate staff",
    ),
    (r", in good/outstanding providers?", "good provider"),
    (r"referrals completed by children's social care services by source of referral", "referrals from"),
    (
        r"number of child death reviews completed on behalf of the lscb which.*",
        "child deaths modifiable factors",
    ),
    (r"children aged 2-2½ ?yrs offered asq-3 as part.*", "healthy child review age 2"),
    (
        r"eligible (pupils|sen pupils) (\(with (ehcp|send support)\) )?scoring full marks in the multiplication tables check",
        r"times tables full marks \1 \3",
    ),
    (
        r"average attainment score of all pupils that took the multiplication tables check",
        "times tables average score",
    ),
    (
        r"15 year old pupils from state funded schools entered higher education by age 19",
        "higher education by 19",
    ),
    (r"return home to live with parents or other person with parental responsibility", "returned home"),
    (
        r"newly issued ehc plans with a placement in la maintained mainstream schools",
        "new ehc plans in mainstream",
    ),
    (
        r"cla ceased because of a residence order or child arrangement order - total",
        "looked after ceased child arrangement order",
    ),
    (
        r"cla ceased because of a special guardianship order - total",
        "looked after ceased special guardianship",
    ),
    (r"former relevant( 19-21 year old)? young people who were", "care leavers"),
    (r"care leavers,? 19-21 year olds?( - former relevant young people)?", "care leavers"),
    (r"sessions missed state-funded primary, secondary and special schools", "absence all schools"),
    (r"school aged children\s+classed as severe persistent absentees", "severe absence"),
    (r"grades aab or better at a level, of which.*", "aab with two facilitating subjects"),
    (r"grades aab or better at gce a level.*", "aab"),
    (r"3\+ a grades at gce/applied gce a level and double awards", "three a grades"),
    (
        r"going to, or remaining in education & employment/training overall \(inc special schools\)",
        "in education employment training",
    ),
    (r"children living in the same placement.*", "looked after same placement two years"),
    (r"care leavers aged 19 or 20 who ceased.*", "care leavers staying put"),
    (r"children who have been looked after continuously for at least (12|twelve) months", "looked after"),
    (r"of children who have been looked after continuously for at least (12|twelve) months", "looked after"),
    (
        r"children who were the subject of a cp plan at 31 march and who had been.*",
        "cp plans three months or more",
    ),
    (r"children who became the subject of a plan for a second or subsequent time", "cp plans repeat"),
    (
        r"children in need subject to a child protection plan|children (with|subject to) a child protection plan",
        "cp",
    ),
    (r"children with (a )?cpp", "cp"),
    (r"child protection plans?", "cp plans"),
    (r"child protection", "cp"),
    (r"(children in need|cin pupils|cin)", "cin"),
    (r"(children looked after|looked after children|looked after pupils|cla pupils|cla\b)", "looked after"),
    (r"reading,? writing and math(ematic)?s", "reading writing maths"),
    (r"grammar,? punctuation (and|&) spelling", "grammar"),
    (r"key stage (\d)", r"ks\1"),
    (r"average attainment 8 score per", "attainment8"),
    (r"average progress 8 score per", "progress8"),
    (r"attainment 8( score)?", "attainment8"),
    (r"progress 8( score)?", "progress8"),
    (r"english baccalaureate", "ebacc"),
    (r"good level of development", "good level of development"),
    (r"sen statement/ehcp|statement of sen/ehcp|statement/ehcp|statement/ehc|ehcps?|ehc plans?", "ehc plan"),
    (r"sen[d]? support", "sen support"),
    (r"no identified sen|non sen|none sen|no send provision|no sen provision", "no sen"),
    (r"(pupils )?not eligible for (fsm|free school meals)|non[- ]fsm", "not fsm"),
    (r"(pupils )?eligible for (fsm|free school meals)", "fsm"),
    (r"free school meals", "fsm"),
    (r"non[- ]disadvantaged", "not disadvantaged"),
    (
        r"in education,? employment or training|in education & employment/training|in an? education or employment",
        "in education employment training",
    ),
    (r"s251/outturn weekly unit costs \(approximate\)", "weekly cost"),
    (r"gross expenditure", "gross spend"),
    (r"early years foundation stage|eyfs|foundation stage", "early years"),
    (r"unaccompanied asylum seeking child(ren)?", "unaccompanied children"),
    (r"special guardianship orders?", "special guardianship"),
    (r"as at 31 march|at 31 march|during the( calendar)? year|in year|each year", ""),
    (
        r"meeting (the )?expected( ks2)? standard( ks2)?|achieving (the )?expected standard|meeting the expected standard",
        "expected standard",
    ),
    (r"meeting the higher standard", "higher standard"),
    (r"(\d+)\s*[-–]\s*(\d+)", r"\1 to \2"),
]
STAGE = {"Key Stage 2": "ks2", "Key Stage 4": "ks4", "Key Stage 5": "ks5", "Children with SEN": "sen"}
"""Topic -> the word that opens a code whose own words do not say what it is about."""

DROPPED = frozenset(
    "the a an of and or for to who whom which were was is are had have has been be their that with by on at "
    "going remaining cohort pupils average percentage proportion per pupil inc including excluding end "
    "achieving benefitting classed scoring subject".split()
)
"""Words that carry nothing in a code."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "social_care"
    dictionary = pl.read_parquet(folder / "lait_data_dictionary.parquet")
    data = pl.read_parquet(folder / "lait_bds_long.parquet", columns=["Short Desc"])
    measures = set(data["Short Desc"].unique())
    by_hand, taken = described_by_hand()
    kept = kept_codes()
    entries = []
    for row in dictionary.unique("Measure_short", keep="first", maintain_order=True).rows(named=True):
        measure = row["Measure_short"]
        if measure in by_hand or measure not in measures:
            continue
        code = kept.get(measure) or unique_code(row, taken)
        taken.add(code)
        entries.append(entry(code, row))
    head = (
        "# Authority measures not described by hand, made by tools/make_lait_catalogue.py from the LA\n"
        "# Interactive Tool's data dictionary (Department for Education, Open Government Licence v3.0). Do not edit:\n"
        "# describe a measure by hand in another file and run the tool again.\n\n"
    )
    TARGET.write_text(head + "\n".join(entries), "utf-8")
    print(f"{len(entries)} measures written to {TARGET.relative_to(ROOT)}")


def described_by_hand() -> tuple[set[str], set[str]]:
    """Measures and codes of every other catalogue file."""
    measures, codes = set(), set()
    for path in CATALOGUE.glob("*.toml"):
        if path == TARGET:
            continue
        for code, one in tomllib.loads(path.read_text("utf-8")).items():
            codes.add(code)
            measures |= {source["lait"] for source in one["sources"] if "lait" in source}
    return measures, codes


def kept_codes() -> dict[str, str]:
    """Measure -> code as written by an earlier run."""
    if not TARGET.exists():
        return {}
    return {one["sources"][0]["lait"]: code for code, one in tomllib.loads(TARGET.read_text("utf-8")).items()}


def unique_code(row: dict[str, str], taken: set[str]) -> str:
    """Readable words from the title; where two titles give the same words, what is counted is added."""
    words = code_words(row["Chart_title"])
    stage = STAGE.get(row["Topic"], "")
    if stage and not {stage, "ehc", "times"} & set(words.split("-")):
        words = f"{stage}-{words}"
    counted = "number" if re.search(r"\((num|number)\)|- number", row["Chart_title"], re.I) else "share"
    candidates = [words, f"{words}-{counted}"]
    for code in [*candidates, *(f"{words}-{number}" for number in range(2, 10))]:
        if code not in taken:
            return code
    raise SystemExit(f"No code can be made for {row['Measure_short']!r}.")


def code_words(title: str) -> str:
    text = title.lower().replace("½", "").replace("’", "'").replace("'s", "s")
    text = re.sub(r"\((%|num|number|rate)\)", " ", text)
    for pattern, words in PHRASES:
        text = re.sub(pattern, f" {words} ", text)
    kept = [word for word in re.findall(r"[a-z0-9]+", text) if word not in DROPPED]
    return "-".join(dict.fromkeys(kept))


def entry(code: str, row: dict[str, str]) -> str:
    topic, outcome = TOPICS[row["Topic"]]
    polarity = POLARITY.get(row["Polarity"], "neutral")
    unit, decimals = unit_of(row)
    title = re.sub(r"\s+", " ", re.sub(r"\s*\((%|num|number|rate)\)", "", row["Chart_title"])).strip(" -")
    return "\n".join(
        [
            f"[{json.dumps(code) if not re.fullmatch(r'[a-z0-9-]+', code) else code}]",
            f"title = {json.dumps(title, ensure_ascii=False)}",
            f"short = {json.dumps(short_title(row), ensure_ascii=False)}",
            f"definition = {json.dumps(definition(row, title), ensure_ascii=False)}",
            f'how_to_read = "{HOW[polarity]}"',
            f'unit = "{unit}"',
            f"decimals = {decimals}",
            f'polarity = "{polarity}"',
            f'outcome = "{outcome}"',
            f'topic = "{topic}"',
            f"publisher = {json.dumps(publisher(row), ensure_ascii=False)}",
            f"\n[[{code}.sources]]",
            f"lait = {json.dumps(row['Measure_short'])}",
            f'year_type = "{YEAR_TYPES[row["Year_Type"]]}"',
            "",
        ]
    )


def short_title(row: dict[str, str]) -> str:
    return re.sub(r"\s+", " ", row["Measure"]).strip()


def definition(row: dict[str, str], title: str) -> str:
    """The publisher's own first sentence where it is a short one, else the title."""
    text = re.sub(r"\s+", " ", row["Description"] or "").strip()
    sentence = re.split(r"(?<=[.!?])\s", text)[0]
    chosen = sentence if 30 < len(sentence) <= 260 else title
    return chosen.rstrip(" .;:") + "."


def publisher(row: dict[str, str]) -> str:
    text = re.sub(r"\s+", " ", row["Data Owner (DO) /Supplier and Contact Details"] or "").strip()
    for name in ("Ministry of Justice", "Department for Work and Pensions", "NHS"):
        if name.lower() in text.lower():
            return name
    if text.upper().startswith("ONS"):
        return "Office for National Statistics"
    if "public health" in text.lower() or "OHID" in text:
        return "Office for Health Improvement and Disparities"
    if "youth justice" in text.lower() or "YJB" in text:
        return "Youth Justice Board"
    return "Department for Education"


def unit_of(row: dict[str, str]) -> tuple[str, int]:
    axis, title = row["y_axis_name"], row["Chart_title"]
    places = int(row["dps"]) if row["dps"] not in (None, "NA") else None
    if match := re.search(r"per ([\d,]+)", f"{axis} {title}", re.I):
        number = f"{int(match[1].replace(',', '')):,}"
        return f"per {number}", 1 if places is None else places
    if axis in ("Unit Cost", "Spend"):
        return "pounds", 0
    if "%" in title or "%" in axis:
        return "percent", 1 if places is None else places
    if re.search(r"score|average", f"{axis} {title}", re.I):
        return "score", 2 if places is None else places
    return "number", 0 if places is None else places


if __name__ == "__main__":
    main()
