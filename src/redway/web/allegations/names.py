"""The words of somebody's names, as fingerprints by which a subject is found and not read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from redway.web.allegations.encryption import fingerprint
from redway.web.allegations.models import NameWord, Subject


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


def index_names(subject: Subject) -> None:
    """Make the fingerprints of a subject's names anew. Call it in the transaction that changes the names."""
    subject.words.all().delete()
    NameWord.objects.bulk_create(
        NameWord(subject=subject, fingerprint=fingerprint(word))
        for word in words_of(subject.identity.get("names", []))
    )
