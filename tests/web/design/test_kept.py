"""Parts kept in memory: made once under a key, dropped when there is no room."""

from __future__ import annotations

from django.utils.safestring import SafeString

from redway.web.design.kept import KeptParts


def test_a_part_is_made_once_for_each_key() -> None:
    kept, made = KeptParts(), []

    def make() -> SafeString:
        made.append(1)
        return SafeString("<p>figures</p>")

    assert [kept.get("a", make), kept.get("a", make), kept.get("b", make)] == ["<p>figures</p>"] * 3
    assert len(made) == 2


def test_the_least_recently_asked_for_goes_first() -> None:
    kept = KeptParts(most_bytes=25)
    made: list[str] = []

    def ask(name: str) -> None:
        def make() -> SafeString:
            made.append(name)
            return SafeString("x" * 10)

        kept.get(name, make)

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "b"], "b was asked for longest ago when c needed room"


def test_a_part_larger_than_all_room_is_still_given() -> None:
    kept = KeptParts(most_bytes=5)
    assert kept.get("a", lambda: SafeString("x" * 100)) == "x" * 100
