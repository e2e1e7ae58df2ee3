"""The funding workbench redrawn after a typed value, beside opening the whole page.

In one process, without a browser: what the server does between a moved slider and the fragment it sends back.
On the data folder in REDWAY_HOME or, without it, on the demo made for the occasion (some hundred schools).
Each value is typed once only, so nothing is answered from what was kept; of twenty the median counts.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = str(Path(__file__).resolve().parent.parent / "src")
TURNS = 20
LIMIT = 100.0
OFFICER = "finance.officer@demo.example"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main() -> int:
    """Exit code 1 when a redraw takes longer than it may, or does not answer what was typed."""
    with tempfile.TemporaryDirectory() as temporary:
        os.environ.setdefault("REDWAY_HOME", str(Path(temporary) / "home"))
        os.environ["PYTHONPATH"] = SOURCE
        prepare = [sys.executable, "-c", "from redway.cli.main import run; run()", "demo", "--prepare"]
        subprocess.run(prepare, check=True, stdout=subprocess.DEVNULL)
        return measure()


def measure() -> int:
    """Type basic rates one after another; print the median and its ratio to the whole page."""
    sys.path.insert(0, SOURCE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "redway.web.settings"
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse

    from redway.web.funding.models import Scenario
    from redway.web.people.models import Person

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Person.objects.get(email=OFFICER), BACKEND)
    draft = Scenario.objects.order_by("-pk").first()
    assert draft is not None
    address = reverse("funding:workbench", args=[draft.pk])

    def milliseconds(query: str) -> float:
        started = time.perf_counter()
        answer = client.get(f"{address}?{query}")
        taken = (time.perf_counter() - started) * 1000
        typed = query.partition("basic_entitlement_primary=")[2]
        pounds = f"{int(typed[:-3]):,}{typed[-3:]}"
        if answer.status_code != 200 or pounds not in answer.content.decode():
            raise SystemExit(f"WRONG {answer.status_code} {answer.headers.get('Location', '')}: no {pounds}")
        return taken

    milliseconds("basic_entitlement_primary=3700.00")
    whole = statistics.median(
        milliseconds(f"basic_entitlement_primary=38{turn:02}.00") for turn in range(TURNS)
    )
    redrawn = statistics.median(
        milliseconds(f"part=effect&basic_entitlement_primary=39{turn:02}.00") for turn in range(TURNS)
    )
    print(f"Whole page {whole:.0f} ms, redrawn {redrawn:.0f} ms")
    print(f"RATIO workbench redrawn, of the whole page: {redrawn / whole:.2f} (at most 1)")
    print(f"RATIO workbench redrawn, milliseconds: {redrawn:.1f} (at most {LIMIT:g})")
    return int(redrawn > LIMIT or redrawn > whole)


if __name__ == "__main__":
    sys.exit(main())
