"""Attainment 8 of one pupil as the rule of 2016 on is told, an entry at a time: the fast one's oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def score_by_hand(entries: Sequence[tuple[str, str]], slots: Mapping[str, str]) -> float:
    """The score of (subject, grade 'U' or '1' to '9') pairs; ``slots`` says where a subject stands."""
    best: dict[str, int] = {}
    for subject, grade in entries:
        best[subject] = max(best.get(subject, 0), 0 if grade == "U" else int(grade))

    def grades(*names: str) -> list[int]:
        return sorted((best[subject] for subject in best if slots[subject] in names), reverse=True)

    maths, ebacc = grades("maths"), grades("ebacc")
    english = grades("english_language", "english_literature")
    others = sorted(grades("open") + english[1:] + ebacc[3:], reverse=True)
    times = 2 if len(english) == 2 else 1
    return 2 * sum(maths[:1]) + times * sum(english[:1]) + sum(ebacc[:3]) + sum(others[:3])
