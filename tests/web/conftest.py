"""Every page test begins with nothing remembered from another test's register or figures."""

from __future__ import annotations

import pytest

from web.pages import forget


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget()
