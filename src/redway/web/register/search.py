"""Search as you type: words of any name, number, postcode or town a school ever had.

Each word typed must begin a word of the school. The rarest word drives the query through the word
index and the others are looked up for what it finds. When every word is common ("primary school"),
the list of schools is walked in its order and stops at enough hits; common words hit soon.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from redway.web.register.models import Rank, School, SearchWord
from redway.web.register.queries import schools
from redway.web.register.words import words_of

COMMON = 3000
"""Index entries from which on a word is too common to drive a query."""

# After every word that begins with a prefix, in any collation: index words hold only a-z and 0-9.
_AFTER = "z" * 20


@dataclass(frozen=True)
class Filters:
    """What a search may be narrowed to. Empty means everything."""

    authority: str = ""
    phase: str = ""
    kind: str = ""
    trust_uid: str = ""
    locality: int | None = None
    open_only: bool = False

    def narrow(self, found: QuerySet[School]) -> QuerySet[School]:
        """The schools that pass."""
        given = {
            "authority": self.authority,
            "phase": self.phase,
            "kind": self.kind,
            "trust_uid": self.trust_uid,
            "locality": self.locality,
        }
        return found.filter(**{name: value for name, value in given.items() if value})

    def leave_out_closed(self, found: QuerySet[School], *, few: bool) -> QuerySet[School]:
        """Open schools alone, when that is asked for. ``few``: what is found is few already.

        Then the rank is hidden from the planner, which would else walk every open school in order.
        """
        if not self.open_only:
            return found
        return (
            found.alias(state=F("rank") + 0).filter(state=Rank.OPEN) if few else found.filter(rank=Rank.OPEN)
        )


EVERYTHING = Filters()


def search(text: str, filters: Filters = EVERYTHING) -> QuerySet[School]:
    """Schools that the text typed so far may mean. Slice it for a page.

    Open ones come first, then those whose name begins with the text, then by name. An empty text
    finds every school that passes the filters.
    """
    found = filters.narrow(schools())
    words = list(dict.fromkeys(words_of(text)))
    if not words:
        return filters.leave_out_closed(found, few=False)
    counts = {word: _entries(word) for word in words}
    rarest = min(words, key=lambda word: counts[word])
    if counts[rarest] < COMMON:
        found = found.filter(key__in=SearchWord.objects.filter(_begins(rarest)).values("school"))
        found = found.order_by("rank", _begins_name(" ".join(words)), "sort_name", "key")
        words.remove(rarest)
        found = filters.leave_out_closed(found, few=True)
    else:
        found = filters.leave_out_closed(found, few=False)
    for word in sorted(words, key=lambda word: counts[word]):
        found = found.filter(Exists(SearchWord.objects.filter(_begins(word), school=OuterRef("key"))))
    return found


def _begins_name(text: str) -> Case:
    return Case(
        When(sort_name__startswith=text, then=Value(0)), default=Value(1), output_field=IntegerField()
    )


def _begins(prefix: str) -> Q:
    return Q(word__gte=prefix, word__lte=prefix + _AFTER)


def _entries(prefix: str) -> int:
    """Index entries that begin with the prefix, counted no further than COMMON."""
    return SearchWord.objects.filter(_begins(prefix)).order_by().values("word")[:COMMON].count()
