from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from redway.figures.labels import spread

places = st.lists(st.floats(-50, 300, allow_nan=False), max_size=12)


@given(places, st.floats(1, 30))
def test_labels_stay_inside_in_order_and_apart(wanted: list[float], apart: float) -> None:
    placed = spread(wanted, apart, 0, 240)
    fair = min(apart, 240 / max(len(wanted) - 1, 1))
    assert all(-1e-6 <= place <= 240 + 1e-6 for place in placed)
    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True), key=lambda pair: pair)]
    assert all(later - earlier >= fair - 1e-6 for earlier, later in pairwise(ordered))


@given(places)
def test_labels_with_room_enough_are_where_they_want_to_be(wanted: list[float]) -> None:
    spaced = sorted({round(min(max(place, 0), 240) / 20) * 20.0 for place in wanted})
    assert spread(spaced, 15, 0, 240) == spaced
