"""Reading the register. Who may see a school is decided by the room that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from redway.core.errors import NotFound
from redway.core.identifiers import urn as urn_of
from redway.datasets.reorganisations import number_on
from redway.web.register.models import (
    Authority,
    Establishment,
    Locality,
    Membership,
    Rank,
    RegisterBuild,
    RegisterEvent,
    School,
)


def schools() -> QuerySet[School]:
    """Every school through time, open ones first, then by name."""
    return School.objects.filter(gone_to="")


def find_school(urn: str) -> School:
    """The school that has, or ever had, this URN. One query. Raises InvalidIdentifier and NotFound."""
    found = Establishment.objects.select_related("school").filter(urn=urn_of(urn)).first()
    if found is None:
        raise NotFound(
            f"There is no school with URN {urn}.",
            "Search for the school by its name, or import a newer edition of the establishments.",
        )
    return found.school


def schools_of_authority(authority: str, *, open_only: bool = True) -> QuerySet[School]:
    """The schools of an authority, by name; closed ones come last when they are asked for."""
    found = schools().filter(authority=authority)
    return found.filter(rank=Rank.OPEN) if open_only else found


def establishments_of_authority(authority: str) -> QuerySet[Establishment]:
    """Every establishment registered under an authority's number, of any time, with its school."""
    return Establishment.objects.filter(authority=authority).select_related("school")


def line_of(urn: str) -> list[Establishment]:
    """All establishments of the school that has or had this URN, earliest first, the stem before the merged.

    Raises InvalidIdentifier and NotFound.
    """
    line = list(find_school(urn).establishments.all())
    return sorted(line, key=lambda each: (not each.on_stem, each.urn))


def urns_of(key: str) -> tuple[str, ...]:
    """The URNs of a school's stem, earliest first: figures under any of them are the school's own."""
    stem = Establishment.objects.filter(school=key, on_stem=True).order_by("urn")
    return tuple(stem.values_list("urn", flat=True))


def events_of(key: str) -> QuerySet[RegisterEvent]:
    """What befell a school and those that became part of it, earliest first."""
    return RegisterEvent.objects.filter(school=key)


def memberships_of(key: str) -> QuerySet[Membership]:
    """Which groups the school's establishments joined, earliest first."""
    return Membership.objects.filter(school=key).order_by("joined")


def find_authority(number: str) -> Authority:
    """The authority of this number, present or former. Raises NotFound."""
    found = Authority.objects.filter(number=number).first()
    if found is None:
        raise NotFound(
            f"There is no authority with number {number}.",
            "Use its three-digit number, such as 826 for Milton Keynes.",
        )
    return found


def authorities_present() -> QuerySet[Authority]:
    """Authorities of England that exist today, by name."""
    return Authority.objects.filter(ended__isnull=True, number__gte="201", number__lt="950").exclude(
        number__gte="660", number__lt="800"
    )


def successors_of(authority: Authority) -> list[Authority]:
    """The authorities that took over from a former one; none when it exists today."""
    if authority.ended is None:
        return []
    return list(Authority.objects.filter(number__in=number_on(authority.number, authority.ended)))


def authority_by_ons_code(code: str) -> Authority:
    """The present authority with an ONS code. Raises NotFound."""
    found = Authority.objects.filter(ons_code=code).order_by("ended").first()
    if found is None:
        raise NotFound(f"There is no authority with ONS code {code}.", "Codes look like E06000042.")
    return found


def authority_names(numbers: Iterable[str]) -> dict[str, str]:
    """Names of authorities by number, in one query."""
    return dict(Authority.objects.filter(number__in=set(numbers)).values_list("number", "name"))


def localities_of(authority: str) -> QuerySet[Locality]:
    """The areas an authority defined and still uses, by name."""
    return Locality.objects.filter(authority=authority, withdrawn_at__isnull=True)


def names_of_localities(numbers: Iterable[int | None]) -> dict[int, str]:
    """The names of these areas, by number. One query, and none where no number is given."""
    wanted = {number for number in numbers if number is not None}
    return dict(Locality.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def locality_names() -> dict[str, str]:
    """URN of every establishment whose school an authority put in an area -> name of the area. One query."""
    placed = Establishment.objects.order_by().filter(school__locality__isnull=False)
    return dict(placed.values_list("urn", "school__locality__name"))


def last_build() -> RegisterBuild | None:
    """When the register was last rebuilt and from which versions; None before the first time."""
    return RegisterBuild.objects.first()


def build_number() -> int:
    """A number that changes whenever the register is rebuilt; 0 before the first time. One quick query."""
    return RegisterBuild.objects.values_list("pk", flat=True).first() or 0
