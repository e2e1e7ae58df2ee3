"""Pages of Redway against the smallest view Django can serve, one client at a time (wrk).

The server is the one people run, on the data folder in REDWAY_HOME or, without it, on the demo made for the
occasion; a director is signed in. For 50,000 establishments import the national files into that folder
first. Server time at the 95th percentile: a profile and an authority's page at most 15 times, search as you
type at most 8 times that of the trivial view in the same run.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = str(HERE.parent / "src")
SECONDS = 8
WITHIN = 240
LUA = """
done = function(summary, latency, requests)
  io.write(string.format("P95 %.3f\\n", latency:percentile(95) / 1000))
  io.write(string.format("BAD %d\\n", summary.errors.status + summary.errors.timeout + summary.errors.read))
end
"""
PAGES = {
    "school profile": ("/schools/136730/", 15.0),
    "authority page": ("/authorities/826/", 15.0),
    "search as you type": ("/schools/?q=shenley&part=results", 8.0),
}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(address: str) -> None:
    """Until the address answers."""
    for _ in range(WITHIN * 10):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} did not answer")


@contextmanager
def running(*command: str, **environ: str) -> Iterator[None]:
    """A server for as long as it is needed."""
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": f"{SOURCE}:{HERE}", **environ}, stdout=2
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def p95(address: str, cookie: str, script: Path) -> float:
    """Milliseconds at the 95th percentile, one request after another. Stops when an answer is no page."""
    command = ["wrk", "-t1", "-c1", f"-d{SECONDS}s", "-s", str(script), "-H", f"Cookie: {cookie}", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if re.search(r"BAD [1-9]", said):
        raise SystemExit(f"WRONG {address} answered with errors:\n{said}")
    found = re.search(r"P95 ([\d.]+)", said)
    assert found is not None
    return float(found[1])


def sign_in(address: str, home: Path) -> str:
    """The session cookie of the demo's director, whose password lies in the data folder."""
    listed = (home / "demo-signins.txt").read_text(encoding="utf-8")
    email, password = next(line.split()[:2] for line in listed.splitlines() if line.startswith("director@"))
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{address}/") as page:
        form, place = page.read().decode(), page.url
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
    request = urllib.request.Request(place, urllib.parse.urlencode(fields).encode(), {"Referer": place})
    opener.open(request).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def check_answers(address: str, cookie: str) -> None:
    """The pages that are timed say what they should: a quick wrong page is no page."""
    for place, words in (("/schools/136730/", "Shenley Brook End"), ("/authorities/826/", "Milton Keynes")):
        request = urllib.request.Request(address + place, headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as answer:
            if words not in answer.read().decode():
                raise SystemExit(f"WRONG {place} does not hold '{words}'")


def main() -> int:
    """Exit code 1 when a ratio is above its limit."""
    if shutil.which("wrk") is None:
        print("wrk is not installed: nothing was measured.")
        return 0
    redway = [sys.executable, "-c", "from redway.cli.main import run; run()"]
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(os.environ.get("REDWAY_HOME") or Path(temporary) / "home")
        environ = {**os.environ, "PYTHONPATH": SOURCE, "REDWAY_HOME": str(home)}
        subprocess.run([*redway, "demo", "--prepare"], env=environ, check=True, stdout=subprocess.DEVNULL)
        script = Path(temporary) / "p95.lua"
        script.write_text(LUA)
        port, trivial_port = free_port(), free_port()
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "--worker-class",
            "gthread",
            "--threads",
            "8",
            "--no-control-socket",
        ]
        trivial_command = [*gunicorn, "-b", f"127.0.0.1:{trivial_port}", "trivial_site:application"]
        with (
            running(*trivial_command),
            running(*redway, "serve", REDWAY_HOME=str(home), PORT=str(port)),
        ):
            address, trivial_address = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{trivial_port}/"
            wait_for(address)
            wait_for(trivial_address)
            cookie = sign_in(address, home)
            check_answers(address, cookie)
            return measure(address, trivial_address, cookie, script)


def measure(address: str, trivial_address: str, cookie: str, script: Path) -> int:
    """Print the ratio of each page; exit code 1 when one is too high."""
    too_high = False
    for name, (place, limit) in PAGES.items():
        # Each page beside its own trivial run, so that other work on the machine touches both.
        trivial = p95(trivial_address, "", script)
        page = p95(address + place, cookie, script)
        ratio = page / trivial
        too_high |= ratio > limit
        print(f"{name}: {page:.2f} ms, trivial view {trivial:.2f} ms")
        print(f"RATIO {name} to a trivial view: {ratio:.1f} (at most {limit:g})")
    return int(too_high)


if __name__ == "__main__":
    sys.exit(main())
