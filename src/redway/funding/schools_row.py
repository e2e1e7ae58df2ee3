"""One row of the schools file, read cell by cell; whatever is wrong is noted and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from redway.core.errors import InvalidMoney
from redway.core.money import Money
from redway.core.words import listed
from redway.datasets.checked_rows import Cells
from redway.datasets.text_rows import TextRow
from redway.funding.factors import BANDS
from redway.funding.rounding import PARTS
from redway.funding.schools import MOST_A_SCHOOL, MOST_PUPILS, Phase, SchoolStatus
from redway.funding.schools_columns import BASELINE_COLUMNS, NEEDS_COLUMNS, PREMISES_COLUMNS

_SUPPRESSED = frozenset({"c", "x", "z", ":", "..", "*", "supp", "suppressed", "low"})
_NOT_KNOWN = frozenset({"n/a", "na", "#n/a", "-", "–", "—", "none", "null", "nan", "unknown", "?"})
_WHOLE = re.compile(r"^(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.0+)?$")
_SHARE_PLACES = 10
_MOST_YEAR_GROUPS = 14
"""Reception to year 13."""
_MOST_SITES = 20
_NO_DECIMAL = "is not a number from 0 on: write it as 0.25"


class SchoolRow:
    """One school as its row tells it; whatever is wrong is kept in ``problems``."""

    def __init__(self, row: TextRow, columns: Sequence[str]) -> None:
        cells = {name: row.cells.get(name.replace("_", " "), "") for name in columns}
        self.cells = Cells(TextRow(row.number, cells))
        self.number = row.number
        self.columns = frozenset(columns)
        self.urn = self.cells.urn("urn")
        self.name = self.cells.text("name", needed=True)
        self.phase = self._word("phase", tuple(Phase))
        self.status = self._word("status", tuple(SchoolStatus))
        self.locality = self.cells.text("locality")
        before = len(self.problems)
        self.pupils = {roll: self.count(f"pupils_{roll}") for roll in ("primary", "ks3", "ks4")}
        self.has_roll = len(self.problems) == before
        self.pupils["secondary"] = self.pupils["ks3"] + self.pupils["ks4"]
        self.predecessor = self.cells.text("predecessor_urn").removesuffix(".0")
        self.needs = {
            name: self.share(name) if name.endswith("_share") else self.count(name)
            for name in NEEDS_COLUMNS
            if name in self.columns
        }
        self.miles = self.thousandths("sparsity_miles")
        self.year_groups = self.count("year_groups", most=_MOST_YEAR_GROUPS)
        self.sites = self.count("split_sites", most=_MOST_SITES)
        self.distant = self.decimal("split_sites_distant", _SHARE_PLACES)
        self.premises = {name: self.pence(name) for name in PREMISES_COLUMNS if name in self.columns}
        self.exclusions = self.pence("exclusions", may_be_negative=True)
        self.growing = self._word("growing", ("yes", "no")) == "yes"
        self._read_baseline()
        self._check_against_the_roll()

    @property
    def problems(self) -> list[str]:
        return self.cells.problems

    def _read_baseline(self) -> None:
        blank = not any(self._given(name) for name in BASELINE_COLUMNS)
        self.reason = self.cells.text("no_baseline_reason")
        self.baseline = dict.fromkeys(BASELINE_COLUMNS, 0)
        if "baseline_budget" in self.columns and not blank:
            self.baseline = {
                "baseline_budget": self.pence("baseline_budget"),
                "baseline_pupils": self.count("baseline_pupils", most=MOST_PUPILS),
            }
        for name in ("baseline_rates", "baseline_exclusions", "baseline_grants"):
            needed = not blank or self._given(name)
            may_be_negative = name != "baseline_rates"
            self.baseline[name] = self.pence(name, may_be_negative=may_be_negative) if needed else 0
        self.known = not blank and self.baseline["baseline_pupils"] > 0
        of_last_year = self.baseline["baseline_budget"] + self.baseline["baseline_grants"]
        if of_last_year - self.baseline["baseline_exclusions"] > MOST_A_SCHOOL:
            self.cells.wrong(
                "baseline_budget", f"with grants and exclusions is more than {Money(MOST_A_SCHOOL)}: mend one"
            )
        if "baseline_budget" in self.columns and not self.known and not self.reason and not self.problems:
            self.cells.wrong(
                "baseline_budget",
                "is not there, or is for no pupils: a new school has no guarantee. Write why it has no "
                "budget of last year in a column no_baseline_reason, or put in last year's budget and pupils",
            )

    def _check_against_the_roll(self) -> None:
        if not self.has_roll:
            return
        total = self.pupils["primary"] + self.pupils["secondary"]
        if total > MOST_PUPILS:
            self.cells.wrong(
                "pupils_primary", f"and the key stages make {total:,} pupils: too many for a school"
            )
        if "pupils_secondary" in self.columns:
            stated = self.count("pupils_secondary")
            if stated != self.pupils["secondary"]:
                self.cells.wrong(
                    "pupils_secondary",
                    f"is not the sum of key stage 3 ({self.pupils['ks3']}) and key stage 4 "
                    f"({self.pupils['ks4']}): mend one of the three",
                    str(stated),
                )
        for name, units in self.needs.items():
            roll = "primary" if "_primary" in name else "secondary"
            if not name.endswith("_share") and units > self.pupils[roll]:
                self.cells.wrong(
                    name,
                    f"is more than the {self.pupils[roll]} pupils on the {roll} roll: mend one",
                    str(units),
                )
        for roll in ("primary", "secondary"):
            self._check_bands(roll)
        if self.miles and "year_groups" in self.columns and not self.year_groups and not self.problems:
            self.cells.wrong("year_groups", "must be 1 or more: sparsity goes by pupils a year group", "0")
        if self.distant > self.sites * PARTS:
            self.cells.wrong("split_sites_distant", f"is more than the {self.sites} further sites: mend one")

    def _check_bands(self, roll: str) -> None:
        bands = [f"idaci_{band}_{roll}" for band in BANDS]
        counts = sum(self.needs.get(name, 0) for name in bands)
        shares = sum(self.needs.get(f"{name}_share", 0) for name in bands)
        if counts > self.pupils[roll]:
            self.cells.wrong(
                f"idaci_a_{roll} to idaci_f_{roll}",
                f"add up to {counts}, more than the {self.pupils[roll]} pupils on the {roll} roll: "
                "a pupil is in one band at most",
            )
        if shares > PARTS:
            self.cells.wrong(
                f"idaci_a_{roll}_share to idaci_f_{roll}_share",
                f"add up to {Decimal(shares) / PARTS:f}, more than 1: a pupil is in one band at most",
            )

    def _given(self, column: str) -> bool:
        return bool(self.cells.text(column)) if column in self.columns else False

    def _text(self, column: str) -> str:
        """What stands in a cell that must not be blank, in an optional column that may be absent."""
        if column not in self.columns:
            return ""
        text = self.cells.text(column)
        if not text:
            self.cells.wrong(
                column,
                "is blank: write 0 where there is none, or take the column out to leave the factor out",
            )
        elif text.lower() in _SUPPRESSED:
            self.cells.wrong(column, "is a mark of suppression, not a number: put in the number itself", text)
            return ""
        elif text.lower() in _NOT_KNOWN:
            self.cells.wrong(column, "is not a number: find it out, it is not taken for 0", text)
            return ""
        return text

    def _word(self, column: str, words: Sequence[str]) -> str:
        if column not in self.columns:
            return ""
        text = self.cells.text(column, needed=True)
        word = re.sub(r"[\s-]+", "_", text.lower())
        if text and word not in words:
            self.cells.wrong(column, f"is none of {listed(list(words), 'or')}", text)
        return word

    def count(self, column: str, most: int | None = None) -> int:
        """A whole number of heads, sites or year groups from 0 on."""
        text = self._text(column)
        if not text:
            return 0
        if not _WHOLE.match(text):
            self.cells.wrong(column, _why_not_whole(text), text)
            return 0
        number = int(re.sub(r"[, ]|\.0+$", "", text))
        if most is not None and number > most:
            self.cells.wrong(column, f"is more than {most:,}, the most there can be", text)
            return 0
        return number

    def share(self, column: str) -> int:
        """A share of the roll between 0 and 1, in PARTS; more than ten decimals are rounded to ten."""
        return self.decimal(column, _SHARE_PLACES, most=1)

    def thousandths(self, column: str) -> int:
        return self.decimal(column, 3)

    def decimal(self, column: str, places: int, most: int | None = None) -> int:
        text = self._text(column)
        if not text:
            return 0
        try:
            value = Decimal(text.replace(",", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value < 0 or value > 10_000:
            why = "is written with a percent sign: write 45% as 0.45" if text.endswith("%") else _NO_DECIMAL
            self.cells.wrong(column, why, text)
            return 0
        if most is not None and value > most:
            self.cells.wrong(column, _why_not_a_share(value), text)
            return 0
        return int((value * 10**places).quantize(Decimal(1), rounding="ROUND_HALF_UP"))

    def pence(self, column: str, *, may_be_negative: bool = False) -> int:
        text = self._text(column)
        if not text:
            return 0
        try:
            amount = Money.parse(text)
        except InvalidMoney:
            self.cells.wrong(column, "is no amount of money: write it as 1234.56", text)
            return 0
        if amount.pence < 0 and not may_be_negative:
            self.cells.wrong(column, "is below nothing: an amount here is 0 or more", text)
            return 0
        if abs(amount.pence) > MOST_A_SCHOOL:
            self.cells.wrong(column, f"is more than {Money(MOST_A_SCHOOL)}, the most for one school", text)
            return 0
        return amount.pence


def _why_not_whole(text: str) -> str:
    if text.startswith(("-", "(", "\N{MINUS SIGN}")):
        return "is below nothing: a number of pupils is 0 or more"
    if re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return "is not a whole number: heads are whole; use the column with _share for a proportion"
    return "is no whole number from 0 on"


def _why_not_a_share(value: Decimal) -> str:
    if value <= 100:
        return f"is more than 1: a share of {value}% is written {value / 100:f}"
    return "is more than 1: a share lies between 0 and 1; use the column without _share for a count"
