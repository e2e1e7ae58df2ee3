"""Which groups of respondents may be shown.

A group of few respondents could be told apart, so in what is published small groups are put together until
the group is large enough; nothing is then left that could be worked out by taking away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from redway.core.words import listed

Respondent = TypeVar("Respondent")


def grouping(who: Iterable[Respondent], group_of: Callable[[Respondent], str], least: int) -> dict[str, str]:
    """Group -> the name under which it is shown, so that every name has ``least`` respondents or more.

    The smallest groups are put together until they are large enough. With too few respondents in all there is
    no group to show, and the answer is empty.

    >>> phases = ["Primary"] * 9 + ["Secondary", "Special"]
    >>> grouping(phases, str, 2)
    {'Primary': 'Primary', 'Secondary': 'Secondary and Special', 'Special': 'Secondary and Special'}
    """
    counts = Counter(map(group_of, who))
    if not counts or counts.total() < least:
        return {}
    ordered = sorted(counts, key=lambda group: (counts[group], group))
    together: list[str] = []
    size = 0
    for group in ordered:
        if counts[group] >= least and (not together or size >= least):
            break
        together.append(group)
        size += counts[group]
    name = listed(sorted(together))
    return {group: name if group in together else group for group in sorted(counts)}
