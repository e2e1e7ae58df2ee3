"""Template tags that write a figure: ``{% load figures %}``."""

from __future__ import annotations

from django import template

from redway.indicators.catalogue import Indicator
from redway.indicators.comparison import Comparison
from redway.web.measures import showing
from redway.web.measures.showing import Figure

register = template.Library()


@register.simple_tag
def shown(indicator: Indicator, figure: Figure | None) -> str:
    """The value with its unit, or why there is none."""
    return showing.shown(indicator, figure)


@register.simple_tag
def range_of(indicator: Indicator, figure: Figure | None) -> str:
    """The 95% interval, or nothing."""
    return showing.range_of(indicator, figure)


@register.simple_tag
def comparison_words(comparison: Comparison, who: str) -> str:
    """A value beside England and each set of neighbours, as one sentence."""
    return comparison.words(who)
