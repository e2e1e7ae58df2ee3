"""A server warms up by itself, and an empty data folder does not stop it."""

from __future__ import annotations

import pytest

from redway.core.home import Home
from redway.web.warming import warm_up


@pytest.mark.django_db(transaction=True)
def test_an_empty_data_folder_stops_nothing(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    warm_up()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
