"""What must always hold of lines, whatever the links say, circles and contradictions included."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redway.datasets.lines import lines, passages

KINDS = [
    "Successor",
    "Predecessor",
    "Successor - merged",
    "Predecessor - amalgamated",
    "Successor - Split School",
    "Result of Amalgamation",
    "Sixth Form Centre Link",
]
URNS = [str(100_000 + n) for n in range(12)]
a_link = st.tuples(st.sampled_from(URNS), st.sampled_from(URNS), st.sampled_from(KINDS))


def establishments(urns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "urn": urns,
            "la_code": ["826"] * len(urns),
            "establishment_number": [f"{2000 + int(urn) % 5}" for urn in urns],
            "phase": ["Primary" if int(urn) % 2 else "Secondary" for urn in urns],
            "status": ["Closed" if int(urn) % 3 else "Open" for urn in urns],
            "close_date": pl.Series([None] * len(urns), dtype=pl.Date),
        }
    )


def found(linked: list[tuple[str, str, str]]) -> pl.DataFrame:
    rows = pl.DataFrame(
        linked, schema={"urn": pl.String, "link_urn": pl.String, "link_type": pl.String}, orient="row"
    )
    known = establishments(URNS)
    return lines(known, passages(rows, known))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(a_link, max_size=30))
def test_every_establishment_has_one_line_and_every_line_one_present(
    linked: list[tuple[str, str, str]],
) -> None:
    result = found(linked)
    assert result["urn"].to_list() == URNS
    assert result.group_by("school").agg(pl.col("current_urn").n_unique())["current_urn"].to_list() == [1] * (
        result["school"].n_unique()
    )


@settings(deadline=None)  # the machine may be busy
@given(st.lists(a_link, max_size=30))
def test_a_line_is_named_after_one_of_its_own_establishments_on_its_stem(
    linked: list[tuple[str, str, str]],
) -> None:
    result = found(linked)
    named = result.filter(pl.col("urn") == pl.col("school"))
    assert named.height == result["school"].n_unique()
    assert named["on_stem"].all()
    assert result.filter(pl.col("urn") == pl.col("current_urn"))["on_stem"].all()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(a_link, max_size=30), st.randoms())
def test_the_order_of_the_links_does_not_matter(linked: list[tuple[str, str, str]], random: object) -> None:
    shuffled = list(linked)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found(linked).equals(found(shuffled))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(a_link, max_size=30))
def test_giving_each_link_in_both_directions_changes_nothing(linked: list[tuple[str, str, str]]) -> None:
    one_way = [link for link in linked if link[2] in ("Successor", "Predecessor")]
    turned = {"Successor": "Predecessor", "Predecessor": "Successor"}
    both = one_way + [(b, a, turned[kind]) for a, b, kind in one_way]
    assert found(one_way).equals(found(both))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(a_link, max_size=30))
@example(
    [
        ("100000", "100005", "Predecessor"),
        ("100001", "100000", "Predecessor"),
        ("100001", "100002", "Successor"),
        ("100002", "100000", "Successor"),
    ]
)
def test_a_later_conversion_never_changes_the_name_of_a_line(linked: list[tuple[str, str, str]]) -> None:
    before = found(linked)
    open_ends = before.filter(pl.col("next_urn").is_null())["urn"].to_list()
    newer = [f"{urn[:1]}5{urn[2:]}" for urn in open_ends]
    urns = URNS + newer
    known = establishments(urns)
    rows = pl.DataFrame(
        [*linked, *((old, new, "Successor") for old, new in zip(open_ends, newer, strict=True))],
        schema={"urn": pl.String, "link_urn": pl.String, "link_type": pl.String},
        orient="row",
    )
    after = lines(known, passages(rows, known))
    keys = dict(after.select("urn", "school").iter_rows())
    assert all(keys[urn] == school for urn, school in before.select("urn", "school").iter_rows())
