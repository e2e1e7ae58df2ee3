"""A stored target as the rules see it. Reading only; the rows are fetched with the target."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from redway.attainment.target_record import (
    Concern,
    Decided,
    Decision,
    Outturn,
    Part,
    Remark,
    TargetRecord,
    Verification,
    Version,
)
from redway.web.attainment.models import Target, TargetEntry, TargetOutturn, TargetVerification, TargetVersion
from redway.web.attainment.targets.frozen import thaw


def targets() -> QuerySet[Target]:
    """Targets with everything said about them. Five queries however many they are."""
    versions = TargetVersion.objects.select_related("by").prefetch_related(
        Prefetch("entries", TargetEntry.objects.select_related("by")),
        Prefetch("verifications", TargetVerification.objects.select_related("by")),
    )
    return Target.objects.select_related("withdrawn_by").prefetch_related(
        Prefetch("versions", versions),
        Prefetch("outturns", TargetOutturn.objects.select_related("by")),
    )


def record_of(target: Target) -> TargetRecord:
    """The target as the rules see it."""
    versions = list(target.versions.all())
    entries = sorted((entry for one in versions for entry in one.entries.all()), key=lambda entry: entry.pk)
    number = {one.pk: one.number for one in versions}

    def remarks(kind: str) -> tuple[Remark, ...]:
        return tuple(
            Remark(number[one.version_id], one.text, tuple(one.benchmarks))
            for one in entries
            if one.kind == kind
        )

    return TargetRecord(
        versions=tuple(
            Version(float(one.value), one.below_average, one.reason, thaw(one.frozen).benchmarks)
            for one in versions
        ),
        challenges=remarks(TargetEntry.Kind.CHALLENGE),
        answers=remarks(TargetEntry.Kind.ANSWER),
        decisions=tuple(
            Decided(
                number[one.version_id],
                Decision(one.decision),
                one.text,
                Concern(one.concern) if one.concern else None,
            )
            for one in entries
            if one.kind == TargetEntry.Kind.DECISION
        ),
        verifications=tuple(
            Verification(version.number, Part(one.part), one.by_id)
            for version in versions
            for one in version.verifications.all()
        ),
        outturns=tuple(Outturn(float(one.value)) for one in target.outturns.all()),
        withdrawn=target.withdrawn_reason,
    )
