"""Targets as they are stored, for tests that need one to be there already."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from redway.web.attainment.models import Target, TargetVersion
from redway.web.attainment.targets.frozen import Frozen, FrozenLevel
from redway.web.people.models import Person

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def frozen(cohort: int = 60, average: float = 60.0) -> Frozen:
    """Estimates of a cohort: average progress with eight points either way, and the top quarter."""
    return Frozen(
        on="2026-11-24",
        cohort=cohort,
        estimated=cohort,
        levels=(
            FrozenLevel("average", 50, average, average - 8, average + 8),
            FrozenLevel("top-quarter", 75, average + 4, average - 4, average + 12),
        ),
        any_value=average,
        any_lower=average - 12,
        any_upper=average + 12,
        model_year="2024-25",
        model_schools=20,
    )


def stored_target(
    person: Person,
    school: str,
    *,
    measure: str = "ks4-maths-grade-5",
    year: str = "2026-27",
    cohort: int = 60,
) -> Target:
    """A target that a school has proposed."""
    target = Target.objects.create(
        authority="826", school=school, measure=measure, year=year, cohort=cohort, stage="proposed"
    )
    TargetVersion.objects.create(
        target=target,
        number=1,
        value=Decimal("64.00"),
        below_average=False,
        reason="Pupils started well.",
        frozen=frozen(cohort).to_json(),
        revision=1,
        at=NOON,
        by=person,
    )
    return target
