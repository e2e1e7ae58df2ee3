"""Statistical neighbours: a model that is always named, and sets that are sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import neighbours as file_of_neighbours
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.ledger import Version
from redway.indicators.neighbours import NeighbourError, Neighbours, load_neighbours

TEN = [str(number) for number in range(301, 311)]
OTHER_TEN = [str(number) for number in range(305, 315)]


@pytest.fixture
def both(tmp_path: Path, home: Home, ledger: MemoryLedger, bring: Callable[..., Version]) -> Neighbours:
    bring(file_of_neighbours(tmp_path, "2021", {"826": TEN, "942": ["-"] * 10}), period="2021")
    bring(file_of_neighbours(tmp_path, "2025", {"826": OTHER_TEN}), period="2025")
    return load_neighbours(home, ledger.versions())


def test_each_model_has_its_own_ten_in_order(both: Neighbours) -> None:
    assert both.models == ("2025", "2021")
    assert both.of("826", "2021").authorities == tuple(TEN)
    assert both.of("826").authorities == tuple(OTHER_TEN)
    assert both.of("826").neighbours[0].rank == 1


def test_a_set_names_its_model(both: Neighbours) -> None:
    assert both.of("826", "2021").name == "10 statistical neighbours (2021 model)"


def test_an_authority_the_model_leaves_empty_has_none(both: Neighbours) -> None:
    assert both.models_for("942") == ()
    with pytest.raises(NotFound, match="names no neighbours for authority 942"):
        both.of("942", "2021")


def test_an_unknown_model_is_answered_with_those_held(both: Neighbours) -> None:
    with pytest.raises(NotFound, match="Models held: 2025, 2021"):
        both.of("826", "2007")


@pytest.mark.parametrize(
    ("ten", "says"),
    [(["826", *TEN[1:]], "its own neighbour"), ([*TEN[:9], TEN[0]], "301 twice")],
)
def test_a_set_with_the_target_or_a_double_is_refused(
    tmp_path: Path, home: Home, ledger: MemoryLedger, bring: Callable[..., Version], ten: list[str], says: str
) -> None:
    bring(file_of_neighbours(tmp_path, "2025", {"826": ten}), period="2025")
    with pytest.raises(NeighbourError, match=says):
        load_neighbours(home, ledger.versions())
