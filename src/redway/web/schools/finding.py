"""Finding a school: words, filters, and pages that follow one another by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from redway.web.people import permission
from redway.web.people.rules import Visible
from redway.web.register.models import Rank, School
from redway.web.register.queries import authorities_present, build_number
from redway.web.register.search import Filters, search

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


def _result(school: School, address: str) -> Result:
    parts = [school.phase if school.phase != "Not applicable" else "", school.authority_name, school.postcode]
    about = [
        ", ".join(part for part in parts if part),
        f"URN {school.current_urn}",
        school.trust_name.title(),
    ]
    status = "" if school.is_open else school.status or "Closed"
    return Result(school.shown_name, address, status, ". ".join(part for part in about if part))


@dataclass(frozen=True)
class SchoolSearch:
    """What is sought, and in which places this person may find it."""

    words: str
    filters: Filters
    after: str
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
            open_only=given.get("status", "open") != "all",
        )
        return cls(
            given.get("q", "").strip()[:100],
            filters,
            given.get("after", ""),
            _page(given.get("page", "")),
            permission.visible(request, "school.find"),
        )

    @property
    def is_asked(self) -> bool:
        """Has anything been asked for? The first page shows no list of 50,000 schools."""
        narrowed = (self.filters.authority, self.filters.phase, self.filters.kind, self.filters.trust_uid)
        return bool(self.words or any(narrowed)) or not self.visible.everywhere

    @cached_property
    def found(self) -> Sequence[School]:
        """The schools of this page, and one more when there is another page."""
        if not self.is_asked:
            return []
        schools = self.within(search(self.words, self.filters)).only(*_SHOWN_OF_A_SCHOOL)
        if self.words:
            # Ordered by how well they match, so pages are counted; few people turn many.
            start = (self.page - 1) * SHOWN
            return list(schools[start : start + SHOWN + 1])
        return list(self._beyond(schools)[: SHOWN + 1])

    @property
    def every_school(self) -> QuerySet[School]:
        """All schools found, without pages: what a list to take away holds."""
        return self.within(search(self.words, self.filters))

    @property
    def list_addresses(self) -> list[tuple[str, str]]:
        """Where the whole list can be had as a file: what it is called, and its address."""
        asked = self._address({}).partition("?")[2]
        kinds = (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"))
        return [(name, f"{reverse('schools:list_table', args=[ending])}?{asked}") for name, ending in kinds]

    @cached_property
    def results(self) -> list[Result]:
        """The schools of this page as they are shown."""
        anywhere = reverse("schools:profile", args=["URN"])
        return [_result(school, anywhere.replace("URN", school.current_urn)) for school in self.found[:SHOWN]]

    @property
    def next_page(self) -> str:
        """Address of the schools after these; empty when these are the last."""
        if len(self.found) <= SHOWN:
            return ""
        if self.words:
            return self._address({"page": str(self.page + 1)})
        last = self.found[SHOWN - 1]
        return self._address({"after": f"{last.rank}|{last.sort_name}|{last.key}"})

    @property
    def previous_page(self) -> str:
        """Address of the page before, or of the beginning; empty when this is the beginning."""
        if self.words and self.page > 2:
            return self._address({"page": str(self.page - 1)})
        return self._address({}) if self.after or self.page > 1 else ""

    def _address(self, more: dict[str, str]) -> str:
        return f"{reverse('schools:find')}?{self.query(more)}"

    def query(self, more: Mapping[str, str] | None = None) -> str:
        """The query string of what is sought."""
        pairs = {
            "q": self.words,
            "authority": self.filters.authority,
            "phase": self.filters.phase,
            "type": self.filters.kind,
            "trust": self.filters.trust_uid,
            "status": "" if self.filters.open_only else "all",
            **(more or {}),
        }
        return urlencode({name: text for name, text in pairs.items() if text})

    def within(self, schools: QuerySet[School]) -> QuerySet[School]:
        """The schools that this person may find."""
        if self.visible.everywhere:
            return schools
        return schools.filter(Q(authority__in=self.visible.authorities) | Q(key__in=self.visible.schools))

    def _beyond(self, schools: QuerySet[School]) -> QuerySet[School]:
        """Only what comes after the last school of the page before: as quick on page 1,000 as on page 1."""
        rank, _, rest = self.after.partition("|")
        name, _, key = rest.rpartition("|")
        if not (rank.isascii() and rank.isdigit()):
            return schools
        return schools.filter(
            Q(rank__gt=int(rank))
            | Q(rank=int(rank), sort_name__gt=name)
            | Q(rank=int(rank), sort_name=name, key__gt=key)
        )

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


@lru_cache(maxsize=2)
def _choices(register: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Authorities and types of open school, read once for each build of the register."""
    kinds = School.objects.filter(rank=Rank.OPEN).order_by().values_list("kind", flat=True).distinct()
    return list(authorities_present().values_list("number", "name")), sorted(kind for kind in kinds if kind)


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1
