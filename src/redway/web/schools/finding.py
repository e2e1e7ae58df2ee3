"""Finding a school: words, filters, and pages of what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from redway.web.people import permission
from redway.web.people.rules import Visible
from redway.web.register.models import Locality, Rank, School
from redway.web.register.queries import authorities_present, build_number, localities_of, names_of_localities
from redway.web.register.search import Filters, Found, search

SHOWN = 20
_SHOWN_OF_A_SCHOOL = (
    "current_urn",
    "name",
    "local_name",
    "sort_name",
    "phase",
    "status",
    "rank",
    "authority_name",
    "postcode",
    "trust_name",
    "locality",
)
PHASES = (
    "Nursery",
    "Primary",
    "Middle deemed primary",
    "Secondary",
    "Middle deemed secondary",
    "All-through",
    "16 plus",
    "Not applicable",
)


@dataclass(frozen=True)
class Result:
    """One school found."""

    name: str
    address: str
    status: str
    """Its status when it is not open; empty for open schools."""
    about: str


def _result(row: Mapping[str, Any], address: str, localities: Mapping[int, str]) -> Result:
    phase = row["phase"] if row["phase"] != "Not applicable" else ""
    about = [
        ", ".join(part for part in (phase, row["authority_name"], row["postcode"]) if part),
        f"URN {row['current_urn']}",
        row["trust_name"].title(),
    ]
    if locality := localities.get(row["locality"]):
        about.append(f"Locality: {locality}")
    status = "" if row["rank"] == Rank.OPEN else row["status"] or "Closed"
    return Result(
        row["local_name"] or row["name"], address, status, ". ".join(part for part in about if part)
    )


@dataclass(frozen=True)
class SchoolSearch:
    """What is sought, and in which places this person may find it."""

    words: str
    filters: Filters
    page: int
    visible: Visible

    @classmethod
    def read(cls, request: HttpRequest) -> SchoolSearch:
        """What the address asks for. Closed schools are left out unless asked for."""
        given = request.GET
        filters = Filters(
            authority=given.get("authority", ""),
            phase=given.get("phase", ""),
            kind=given.get("type", ""),
            trust_uid=given.get("trust", ""),
            locality=_locality(request),
            open_only=given.get("status", "open") != "all",
        )
        return cls(
            given.get("q", "").strip()[:100],
            filters,
            _page(given.get("page", "")),
            permission.visible(request, "school.find"),
        )

    @property
    def is_asked(self) -> bool:
        """Has anything been asked for? The first page shows no list of 50,000 schools."""
        narrowed = (
            self.filters.authority,
            self.filters.phase,
            self.filters.kind,
            self.filters.trust_uid,
            self.filters.locality,
        )
        return bool(self.words or any(narrowed)) or not self.visible.everywhere

    @cached_property
    def found(self) -> Found:
        """Every school found, in order; nothing before anything has been asked for."""
        return self.everything if self.is_asked else Found()

    @property
    def everything(self) -> Found:
        """The same even when nothing has been asked for: every school that this person may find."""
        if self.visible.everywhere:
            return search(self.words, self.filters)
        return search(self.words, self.filters, self.visible.authorities, self.visible.schools)

    @cached_property
    def results(self) -> list[Result]:
        """The schools of this page as they are shown."""
        anywhere = reverse("schools:profile", args=["URN"])
        page = self.found.rows((self.page - 1) * SHOWN, SHOWN, _SHOWN_OF_A_SCHOOL)
        localities = names_of_localities(row["locality"] for row in page)
        return [_result(row, anywhere.replace("URN", row["current_urn"]), localities) for row in page]

    @property
    def next_page(self) -> str:
        """Address of the schools after these; empty when these are the last."""
        return self._address(self.page + 1) if self.page * SHOWN < len(self.found) else ""

    @property
    def previous_page(self) -> str:
        """Address of the page before; empty when this is the beginning."""
        return self._address(self.page - 1) if self.page > 1 else ""

    @property
    def list_addresses(self) -> list[tuple[str, str]]:
        """Where the whole list can be had as a file: what it is called, and its address."""
        kinds = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"))
        address, query = reverse("schools:list_table", args=["csv"]).removesuffix("csv"), self.query()
        return [(name, f"{address}{ending}?{query}") for name, ending in kinds]

    def _address(self, page: int) -> str:
        return f"{reverse('schools:find')}?{self.query({'page': str(page)} if page > 1 else None)}"

    def query(self, more: Mapping[str, str] | None = None) -> str:
        """The query string of what is sought."""
        pairs = {
            "q": self.words,
            "authority": self.filters.authority,
            "phase": self.filters.phase,
            "type": self.filters.kind,
            "trust": self.filters.trust_uid,
            "locality": str(self.filters.locality or ""),
            "status": "" if self.filters.open_only else "all",
            **(more or {}),
        }
        return urlencode({name: text for name, text in pairs.items() if text})

    @cached_property
    def authorities(self) -> list[tuple[str, str]]:
        """Authorities to choose from."""
        return _choices(build_number())[0]

    @cached_property
    def kinds(self) -> list[str]:
        """Types of open school to choose from."""
        return _choices(build_number())[1]

    @property
    def phases(self) -> Sequence[str]:
        return PHASES


def localities_to_choose(request: HttpRequest) -> list[Locality]:
    """The localities of the authority chosen, else of the one authority the person works for."""
    authority = request.GET.get("authority", "") or permission.own_authority(request)
    return list(localities_of(authority)) if authority else []


def _locality(request: HttpRequest) -> int | None:
    """The locality asked for, unless it is of another authority than the one chosen since."""
    text = request.GET.get("locality", "")
    if not (text.isascii() and text.isdigit()):
        return None
    return next((one.pk for one in localities_to_choose(request) if one.pk == int(text)), None)


@lru_cache(maxsize=2)
def _choices(register: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Authorities and types of open school, read once for each build of the register."""
    kinds = School.objects.filter(rank=Rank.OPEN).order_by().values_list("kind", flat=True).distinct()
    return list(authorities_present().values_list("number", "name")), sorted(kind for kind in kinds if kind)


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1
