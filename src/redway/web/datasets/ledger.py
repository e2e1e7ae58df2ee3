"""The ledger in the transaction store.

Every write is one transaction: the version, its audit entry, and its file put in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from redway.core.errors import NotFound, RedwayError
from redway.datasets.confidential import is_confidential
from redway.datasets.errors import disk_full
from redway.datasets.ledger import Candidate, Committed, State, Version, version_from_row
from redway.web.audit import services as audit
from redway.web.datasets.models import DatasetVersion
from redway.web.datasets.pupil_files import may_decide
from redway.web.people.models import Person

ATTEMPTS = 3
"""How often a commit is tried when another import adds to the same chain in the same instant."""

_FIELDS = tuple(Version.__dataclass_fields__)


class VersionRefused(RedwayError):  # noqa: N818 - says what happened, as in core
    """A version that cannot be accepted or withdrawn as it stands."""


@contextmanager
def _store_in_words() -> Iterator[None]:
    """What the database says when it cannot go on, in words for people."""
    try:
        yield
    except OperationalError as error:
        # SQLite says 'disk I/O error' when a full disk keeps it from opening its log.
        if "full" in str(error).lower() or "disk i/o" in str(error).lower():
            raise disk_full() from None
        raise RedwayError(
            "The database is busy or cannot be reached, so nothing was changed.", "Try again in a minute."
        ) from error


class DjangoLedger:
    """Reads and writes versions for one person; None is the system, such as the command line."""

    def __init__(self, actor: Person | None = None) -> None:
        self.actor = actor

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        """All versions, in order of arrival; of one format or dataset when named."""
        found = DatasetVersion.objects.order_by("id")
        if format_code:
            found = found.filter(format=format_code)
        if dataset:
            found = found.filter(dataset=dataset)
        return _read(found)

    def one(self, number: int) -> Version | None:
        """One version, or None."""
        return next(iter(_read(DatasetVersion.objects.filter(pk=number))), None)

    def by_source(self, sha256: str) -> list[Version]:
        """Versions made from a file, withdrawn ones left out, oldest first."""
        found = DatasetVersion.objects.filter(sha256=sha256).exclude(state=State.WITHDRAWN.value)
        return _read(found.order_by("id"))

    def commit(
        self,
        candidate: Candidate,
        place: Callable[[int], None],
        more_doubts: Callable[[Version | None], Sequence[str]],
        *,
        accept: bool,
    ) -> Committed:
        """Add a version to its chain, current or held. See ``redway.datasets.ledger.Ledger``.

        Two imports of one chain at once: on SQLite the immediate transaction queues them, on PostgreSQL the
        chain's rows are locked, and where the chain is still empty the unique constraints let one through;
        the other tries again and finds it.
        """
        for _ in range(ATTEMPTS):
            try:
                with _store_in_words(), transaction.atomic():
                    return self._commit(candidate, place, more_doubts, accept)
            except IntegrityError:
                continue
        raise RedwayError("Another import of the same data was going on.", "Import the file again.")

    def _commit(
        self,
        candidate: Candidate,
        place: Callable[[int], None],
        more_doubts: Callable[[Version | None], Sequence[str]],
        accept: bool,
    ) -> Committed:
        self._refuse_strangers(candidate.format, candidate.scope)
        chain = _chain(*candidate.chain)
        rows = list(chain)
        for row in rows:
            same = row.sha256 == candidate.sha256 and row.recipe == candidate.recipe
            if same and row.state != State.WITHDRAWN:
                return Committed(_version(row), created=False)
        last = next((_version(row) for row in rows if row.state == State.CURRENT), None)
        doubts = [*candidate.doubts, *more_doubts(last)]
        held = bool(doubts) and not accept
        now = timezone.now()
        if not held:
            _supersede(chain)
        fields = asdict(candidate)
        del fields["doubts"]
        row = DatasetVersion.objects.create(
            **{**fields, "periods": list(candidate.periods)},
            number=max((row.number for row in rows), default=0) + 1,
            state=State.HELD if held else State.CURRENT,
            held_reason="\n".join(doubts),
            received_at=now,
            committed_at=None if held else now,
        )
        place(row.pk)
        self._record("dataset.hold" if held else "dataset.commit", row)
        return Committed(_version(row), created=True)

    @_store_in_words()
    @transaction.atomic
    def accept(self, version: int, *, who: str) -> Version:
        """Make a held version current, superseding the one in force. Raises NotFound or VersionRefused."""
        row = _locked(version)
        if row.state != State.HELD:
            raise VersionRefused(
                f"Version {version} is not held: it is {row.state}.", "There is nothing to do."
            )
        self._refuse_strangers(row.format, row.scope)
        _supersede(_chain(row.format, row.period, row.scope))
        row.state, row.committed_at = State.CURRENT.value, timezone.now()
        row.save(update_fields=["state", "committed_at"])
        self._record("dataset.accept", row)
        return _version(row)

    @_store_in_words()
    @transaction.atomic
    def withdraw(self, version: int, *, reason: str) -> Version:
        """Take a version out of force; the one before it comes back. Raises NotFound or VersionRefused."""
        if not reason.strip():
            raise VersionRefused("A version is withdrawn with a reason.", "Say why.")
        row = _locked(version)
        if row.state == State.WITHDRAWN:
            raise VersionRefused(f"Version {version} is withdrawn already.", "There is nothing to do.")
        was_current = row.state == State.CURRENT
        row.state, row.withdrawn_at = State.WITHDRAWN.value, timezone.now()
        row.withdrawn_reason = reason.strip()[:300]
        row.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
        if was_current:
            chain = _chain(row.format, row.period, row.scope).filter(state=State.SUPERSEDED.value)
            if before := chain.order_by("-committed_at", "-number").first():
                before.state = State.CURRENT.value
                before.save(update_fields=["state"])
        self._record("dataset.withdraw", row)
        return _version(row)

    @_store_in_words()
    @transaction.atomic
    def erase(self, version: int, *, reason: str) -> Version:
        """Note that a withdrawn file of pupils is erased. Raises NotFound or VersionRefused.

        Its rows are deleted by the caller afterwards: should that be cut short, the next sweep does it.
        """
        if not reason.strip():
            raise VersionRefused("A version is erased with a reason.", "Say why.")
        row = _locked(version)
        if not is_confidential(row.format):
            raise VersionRefused(
                f"Version {version} is a published file, not one of pupils.", "Published files are kept."
            )
        if row.erased_at is not None:
            raise VersionRefused(f"Version {version} is erased already.", "There is nothing to do.")
        if row.state != State.WITHDRAWN:
            raise VersionRefused(
                f"Version {version} is {row.state}: only what was withdrawn can be erased.",
                "Withdraw it first, on its page under Datasets.",
            )
        row.erased_at, row.erased_reason = timezone.now(), reason.strip()[:300]
        row.save(update_fields=["erased_at", "erased_reason"])
        self._record("dataset.erase", row)
        return _version(row)

    def _refuse_strangers(self, format_code: str, scope: str) -> None:
        if self.actor is not None and not may_decide(self.actor, format_code, scope):
            raise VersionRefused(
                "The file holds pupils of an authority in which you hold no role, so it was not taken in.",
                "Ask a data officer of that authority to bring it in.",
            )

    def _record(self, verb: str, row: DatasetVersion) -> None:
        details = {
            "format": row.format,
            "period": row.period,
            "scope": row.scope,
            "number": row.number,
            "sha256": row.sha256,
            "rows": row.rows_loaded,
            "rejected": row.rows_rejected,
        }
        audit.record(self.actor, verb, "dataset_version", row.pk, details)


def last_change() -> datetime | None:
    """When a version last came into force or was withdrawn; for caches of what is computed from them."""
    found = DatasetVersion.objects.aggregate(Max("committed_at"), Max("withdrawn_at"))
    return max((at for at in found.values() if at is not None), default=None)


def _chain(format_code: str, period: str, scope: str) -> QuerySet[DatasetVersion]:
    chain = DatasetVersion.objects.filter(format=format_code, period=period, scope=scope).order_by("number")
    return chain.select_for_update() if connection.features.has_select_for_update else chain


def _supersede(chain: QuerySet[DatasetVersion]) -> None:
    chain.filter(state=State.CURRENT.value).update(state=State.SUPERSEDED.value)


def _locked(version: int) -> DatasetVersion:
    try:
        return DatasetVersion.objects.select_for_update().get(pk=version)
    except DatasetVersion.DoesNotExist:
        raise NotFound(f"There is no version {version}.", "See the list of versions.") from None


def _read(found: QuerySet[DatasetVersion]) -> list[Version]:
    with _store_in_words():
        return [version_from_row(row) for row in found.values(*_FIELDS)]


def _version(row: DatasetVersion) -> Version:
    return version_from_row({name: getattr(row, name) for name in _FIELDS})
