"""Words of a settlement with somebody who leaves warn; plain leaving does not."""

from __future__ import annotations

import pytest

from redway.allegations.settlement import settlement_warning


@pytest.mark.parametrize(
    "text",
    ["A settlement agreement was signed.", "Left under a Compromise Agreement", "with an agreed reference"],
)
def test_a_settlement_warns(text: str) -> None:
    assert "must not stop this case" in settlement_warning(text)


@pytest.mark.parametrize("text", ["", "Resigned by letter, having settled in another town."])
def test_plain_leaving_does_not_warn(text: str) -> None:
    assert settlement_warning(text) == ""
