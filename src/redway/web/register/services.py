"""Changes of the register: rebuilt from the committed editions, and names an authority gives itself.

Localities are in ``localities.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db import connection, models, transaction

from redway.core.home import Home
from redway.datasets.lake import Lake
from redway.datasets.ledger import VersionReader, as_at
from redway.datasets.register import Register
from redway.datasets.register_files import build_from, register_versions
from redway.web.audit.services import record
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record
from redway.web.register import bulk
from redway.web.register.frames import (
    authorities_table,
    establishments_table,
    events_table,
    memberships_table,
    schools_table,
    trusts_table,
)
from redway.web.register.models import (
    Authority,
    Establishment,
    Membership,
    RegisterBuild,
    RegisterEvent,
    School,
    SearchWord,
    Trust,
)
from redway.web.register.words import index_words, words_of

# Any number will do, as long as nothing else in this store takes the same one.
_REBUILDING = 826_001


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did. ``changed`` is False when it was already built from these versions."""

    changed: bool
    schools: int
    establishments: int
    versions: tuple[int, ...]


def rebuild(*, home: Home, ledger: VersionReader, actor: Person | None) -> Rebuilt:
    """Bring the register up to the versions in force, in one transaction with its audit entry.

    Local names and localities stay. Does nothing when the register was last built from the same
    versions. Raises NotEnoughData while no edition of the establishments is held.
    """
    versions = register_versions(as_at(ledger.versions()))
    ids = tuple(version.id for version in versions)
    if (last := RegisterBuild.objects.first()) is not None and tuple(last.versions) == ids:
        return Rebuilt(False, last.schools, last.establishments, ids)
    built = build_from(versions, Lake(home))
    with transaction.atomic():
        _one_at_a_time()
        _store(built)
        done = Rebuilt(True, built.schools.height, built.establishments.height, ids)
        entry = RegisterBuild.objects.create(
            versions=list(ids), schools=done.schools, establishments=done.establishments
        )
        record(
            actor,
            "register.rebuild",
            "register",
            entry.pk,
            {"versions": list(ids), "schools": done.schools, "establishments": done.establishments},
        )
    return done


def _one_at_a_time() -> None:
    """A second rebuild waits for the first. SQLite's immediate transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REBUILDING])


def _store(built: Register) -> None:
    _bring_up(Authority, authorities_table(built))
    _bring_up(Trust, trusts_table(built))
    _bring_up(School, schools_table(built))
    _bring_up(Establishment, establishments_table(built))
    _retire_lines(built)
    _replace(RegisterEvent, events_table(built))
    _replace(Membership, memberships_table(built))
    _replace(SearchWord, _search_words(built))


def _bring_up(model: type[models.Model], table: pl.DataFrame) -> None:
    """Write the rows that are new or differ; columns the table does not have are left alone."""
    held = set(bulk.held(model, table.columns))
    rows = bulk.adapted(table.iter_rows())
    bulk.upsert(model, table.columns, (row for row in rows if row not in held))


def _replace(model: type[models.Model], table: pl.DataFrame) -> None:
    """Make the table's rows the model's rows, touching only those that differ. Rows are distinct."""
    held = {row: key for key, *rest in bulk.held(model, ["pk", *table.columns]) for row in [tuple(rest)]}
    wanted = dict.fromkeys(bulk.adapted(table.iter_rows()))
    bulk.delete(model, (key for row, key in held.items() if row not in wanted))
    bulk.insert(model, table.columns, (row for row in wanted if row not in held))


def _retire_lines(built: Register) -> None:
    """A line that corrected links gave to another one points to it, and is found no more."""
    lines = set(built.schools.get_column("school"))
    gone = [
        key for key in School.objects.filter(gone_to="").values_list("key", flat=True) if key not in lines
    ]
    heirs = dict(built.establishments.filter(pl.col("urn").is_in(gone)).select("urn", "school").iter_rows())
    for school in School.objects.filter(key__in=gone):
        school.gone_to = heirs.get(school.key, "")
        school.save(update_fields=["gone_to"])
    School.objects.filter(key__in=lines).exclude(gone_to="").update(gone_to="")


def _search_words(built: Register) -> pl.DataFrame:
    local = School.objects.exclude(local_name="").values_list("key", "local_name")
    names = pl.DataFrame(list(local), schema={"school": pl.String, "local_name": pl.String}, orient="row")
    return index_words(built.establishments, names).rename({"school": "school_id"})


def name_locally(*, school: School, name: str, actor: Person) -> School:
    """Set the name an authority knows a school by (empty takes it away), and let it be found by it."""
    permission.require(
        actor,
        "locality.edit",
        Record("school", school.key, authority=school.authority, school=school.key),
    )
    with transaction.atomic():
        school.local_name = " ".join(name.split())[:200]
        school.save(update_fields=["local_name"])
        _add_words(school)
        record(actor, "register.school_name", "school", school.key)
    return school


def _add_words(school: School) -> None:
    words = [SearchWord(word=word, school=school) for word in dict.fromkeys(words_of(school.local_name))]
    SearchWord.objects.bulk_create(words, ignore_conflicts=True)
