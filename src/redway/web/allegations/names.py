"""The words of somebody's names, as fingerprints by which a subject is found and not read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from redway.web.allegations.encryption import fingerprint
from redway.web.allegations.models import NameWord, Subject

_AT_ONCE = 500


def words_of(names: Iterable[str]) -> set[str]:
    """The words of names without accents, capitals and punctuation.

    >>> sorted(words_of(["José O'Hara"]))
    ['hara', 'jose', 'o']
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", " ".join(names).casefold())
        if not unicodedata.combining(letter)
    )
    return set("".join(letter if letter.isalnum() else " " for letter in plain).split())


def index_names(*subjects: Subject) -> None:
    """Make the fingerprints of subjects' names anew. Call it in the transaction that changes the names."""
    for start in range(0, len(subjects), _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        NameWord.objects.filter(subject__in=some).delete()
        NameWord.objects.bulk_create(
            NameWord(subject=subject, fingerprint=fingerprint(word))
            for subject in some
            for word in words_of(subject.identity.get("names", []))
        )
