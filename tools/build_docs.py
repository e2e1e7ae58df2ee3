"""Build the documentation into site/, strictly, and refuse a page that would fetch from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
_FETCHED = re.compile(r"<(?:script|img|iframe|source)[^>]+src=[\"']?(?:https?:)?//[^\"'\s>]+", re.IGNORECASE)
_LINKED = re.compile(r"<link[^>]+rel=[\"']?(?:stylesheet|preload|preconnect|icon)[^>]*>", re.IGNORECASE)


def fetched_from_elsewhere(page: str) -> list[str]:
    """Parts of a page for which a browser would ask another server."""
    links = [link for link in _LINKED.findall(page) if re.search(r"href=[\"']?(?:https?:)?//", link)]
    return _FETCHED.findall(page) + links


def main() -> int:
    """Exit code 1 when the build complains or a page reaches out."""
    environ = os.environ | {"PYTHONPATH": str(ROOT / "src"), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(SITE)]
    if subprocess.run(command, cwd=ROOT, env=environ).returncode:
        return 1
    pages = sorted(SITE.rglob("*.html"))
    reaching = {
        path: found for path in pages if (found := fetched_from_elsewhere(path.read_text(encoding="utf-8")))
    }
    for path, found in reaching.items():
        print(f"{path.relative_to(SITE)} would fetch from elsewhere: {found[0]}", file=sys.stderr)
    if not reaching:
        print(f"{len(pages)} pages in {SITE.relative_to(ROOT)}/; open {SITE.relative_to(ROOT)}/index.html")
    return int(bool(reaching))


if __name__ == "__main__":
    sys.exit(main())
