"""The chart of a target: estimates with their ranges, last outturns, and the target as a line."""

from __future__ import annotations

from redway.figures.chart import Chart
from redway.figures.comparison import Compared, Reference, Style, comparison_chart
from redway.figures.theme import PAGE, Role
from redway.web.attainment.targets.frozen import Frozen
from redway.web.attainment.targets.measures import Measure, summer_of


def estimates_chart(
    measure: Measure, year: str, frozen: Frozen, value: float | None, width: int = PAGE
) -> Chart | None:
    """Estimates at each level of challenge beside the last outturns; None where there are no estimates."""
    if not frozen.levels:
        return None
    compared = [
        Compared(
            one.label,
            one.value,
            one.lower,
            one.upper,
            role=Role.HIGHLIGHTED if one == frozen.average else Role.CROWD,
        )
        for one in frozen.levels
    ]
    if frozen.any_value is not None:
        anybody = (frozen.any_value, frozen.any_lower, frozen.any_upper)
        compared.append(Compared("Any school with these pupils", *anybody))
    compared += [Compared(f"Outturn {one.year}", one.value, role=Role.SIMILAR) for one in frozen.outturns]
    reference = Reference("Target", value) if value is not None else None
    question = "how does the target lie beside" if value is not None else "what are"
    return comparison_chart(
        f"{measure.short}, {summer_of(year)}: {question} the estimates?",
        measure.shown,
        compared,
        reference,
        Style.DOT,
        width,
    )
