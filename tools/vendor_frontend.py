"""Bring the design system and the chart library into the package, so that pages ask nobody else for anything.

    python3 tools/vendor_frontend.py

Fetches the exact versions below with ``npm pack`` into a temporary folder, checks them against the checksums
below, takes the few built files that pages need, removes what may not be used outside gov.uk (the crown and
the GDS Transport typeface), and records what was taken in ``static/vendor/README.md``. Standard library only.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/redway/web/design/static/vendor"

FONTS = (
    '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif'
)

UNUSED = (
    "govuk-footer__copyright-logo",
    "govuk-footer__crown",
    "govuk-header",
    "govuk-generic-header",
    "govuk-accordion",
    "govuk-cookie-banner",
    "govuk-exit-this-page",
    "govuk-exit-this-page-overlay",
    "govuk-feedback",
    "govuk-language-navigation",
    "govuk-panel",
    "govuk-phase-banner",
    "govuk-tabs",
)
"""Classes no page here uses: the gov.uk crest and header may not be used, the rest is weight."""

GOVUK_LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package at one version: the built files taken from it, and the SHA-256 of the whole package."""

    name: str
    version: str
    sha256: str
    licence: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "govuk-frontend",
        "6.6.0",
        "52c4eb554e54d8a6e4ba801e9da5ec3a5b930fd2f117a39677f0b6296e954751",
        "MIT",
        ("dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js"),
    ),
    Package(
        "vega",
        "6.4.0",
        "3521fb6ff68a94a40323954f0ba4484ba4014b157bfd37f89a3b063082320c42",
        "BSD-3-Clause",
        ("build/vega.min.js",),
    ),
    Package(
        "vega-lite",
        "6.4.3",
        "24260f85e6f5bfe1069505f7c5c2b9863181ac413ef1030746f0a80c93991ce5",
        "BSD-3-Clause",
        ("build/vega-lite.min.js",),
    ),
    Package(
        "vega-embed",
        "7.3.0",
        "d9a958ced3240f0418df7d5e12e97dba6e63cecda15b8403e47a0db7eb6ea859",
        "BSD-3-Clause",
        ("build/vega-embed.min.js",),
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """The package as npm serves it, checked. Exits with a message when the checksum is another one."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = folder / f"{package.name}-{package.version}.tgz"
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        sys.exit(
            f"{archive.name} has the checksum {found}, not {package.sha256}.\n"
            "Compare it with the publisher's before changing the checksum in tools/vendor_frontend.py."
        )
    return archive


def member_text(archive: Path, name: str) -> str | None:
    """One text file of the package, or nothing if it has none of that name."""
    with tarfile.open(archive) as opened:
        try:
            member = opened.extractfile(f"package/{name}")
        except KeyError:
            return None
        return member.read().decode("utf-8") if member else None


def without_source_map(text: str) -> str:
    """Drop the pointer to a source map: files are renamed by content, and the map is not shipped."""
    text = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", text).rstrip() + "\n"


def without_crown_and_typeface(css: str) -> str:
    """The licence of GDS Transport and the use of the crest are for gov.uk alone."""
    css = re.sub(r"/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", FONTS)
    css = without_components(css, UNUSED)
    if left := re.findall(r"GDS Transport|govuk-crest|url\(/assets", css):
        sys.exit(
            f"The design system's style sheet still mentions {left[0]}: mend without_crown_and_typeface."
        )
    return css


def without_components(css: str, names: tuple[str, ...]) -> str:
    """The style sheet without rules for these classes; a rule shared with another class keeps that."""
    unused = re.compile("|".join(rf"\.{re.escape(name)}(?![a-z])" for name in names))

    def keep(rule: re.Match[str]) -> str:
        kept = [selector for selector in rule[1].split(",") if not unused.search(selector)]
        return f"{','.join(kept)}{{{rule[2]}}}" if kept else ""

    css = re.sub(
        r"([^{};]+)\{([^{}]*)\}", lambda rule: rule[0] if rule[1].startswith("@") else keep(rule), css
    )
    return re.sub(r"@(?:media|supports)[^{}]*\{\s*\}", "", css)


def take(package: Package, archive: Path) -> list[str]:
    """Write the package's files and licence under TARGET. Returns the lines of the record."""
    folder = TARGET / package.name
    folder.mkdir(parents=True, exist_ok=True)
    licence = member_text(archive, "LICENSE") or GOVUK_LICENCE
    (folder / "LICENSE").write_text(licence, encoding="utf-8")
    lines = []
    for name in package.files:
        text = member_text(archive, name)
        if text is None:
            sys.exit(f"{archive.name} holds no {name}: the package has been laid out anew.")
        text = without_source_map(text)
        if name.endswith(".css"):
            text = without_crown_and_typeface(text)
        taken = folder / Path(name).name
        taken.write_text(text, encoding="utf-8")
        digest = hashlib.sha256(taken.read_bytes()).hexdigest()
        lines.append(f"| {package.name}/{taken.name} | {package.version} | {package.licence} | `{digest}` |")
    return lines


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            lines += take(package, fetch(package, Path(folder)))
    record = [
        "# Files taken from other projects",
        "",
        "Made by `python3 tools/vendor_frontend.py`; do not edit by hand. Pointers to source maps are",
        "removed; so are, from govuk-frontend, the crown and the GDS Transport typeface (only gov.uk may",
        "use them) and components that no page uses. The licence of each lies in its folder. The checksum",
        "is the SHA-256 of the file as it lies here.",
        "",
        "| file | version | licence | checksum |",
        "|---|---|---|---|",
        *lines,
        "",
    ]
    (TARGET / "README.md").write_text("\n".join(record), encoding="utf-8")
    print(f"Wrote {len(lines)} files and their record to {TARGET}")


if __name__ == "__main__":
    main()
