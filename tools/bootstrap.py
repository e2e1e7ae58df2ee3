#!/usr/bin/env python3
"""Make .venv from the lock file on a machine with nothing but Python and make.

Usage: python3 tools/bootstrap.py [run|all|spark]

``run`` installs what Redway needs to run (requirements-run.lock); ``all`` adds the tools for tests and
documentation (requirements.lock); ``spark`` adds Spark, half a gigabyte, to either (requirements-spark.lock).
A second call with nothing changed does nothing and needs no network.

Standard library only, and no pip, ensurepip, venv module or CA bundle is assumed. uv does the work: the one
on PATH, else the one kept in .tools/, else its wheel fetched through pip, else fetched from the package
index this machine is set to use. A fetched wheel must match the SHA-256 in tools/uv.pin, so it can be trusted
even where the connection could not be verified. The machine's own pip and uv settings are respected.
"""

# No annotations and no syntax newer than Python 3.6: an old Python must reach the line that refuses it.
import configparser
import hashlib
import html.parser
import json
import os
import platform
import shutil
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "redway-installed.json"
TOOLS = ROOT / ".tools"
SPARK_LOCK = ROOT / "requirements-spark.lock"
SPARK_STAMP = VENV / "redway-spark-installed"
LOCKS = {"run": ROOT / "requirements-run.lock", "all": ROOT / "requirements.lock"}
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 5)
DEFAULT_INDEX = "https://pypi.org/simple"


class BootstrapError(Exception):
    """What stopped the setting up, and what to do about it."""


def refuse_old_python(version):
    """Say clearly which Python is needed; nothing else works on an older one."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise BootstrapError(
            f"Redway needs Python 3.11 or newer; {sys.executable} is {version[0]}.{version[1]}.\n"
            "Install a newer one and name it, for example: make run PYTHON=python3.12"
        )


# --- what the machine says about package indexes ----------------------------------------------------------


def pip_config_files(environ):
    """Files pip would read on this machine, least important first."""
    if environ.get("PIP_CONFIG_FILE") == os.devnull:
        return []
    home = Path(environ.get("HOME", "~")).expanduser()
    xdg_dirs = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    files = [Path(folder) / "pip" / "pip.conf" for folder in reversed(xdg_dirs.split(":"))]
    files += [Path("/Library/Application Support/pip/pip.conf"), Path("/etc/pip.conf")]
    files += [home / ".pip" / "pip.conf", home / "Library/Application Support/pip/pip.conf"]
    files += [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"]
    if environ.get("PIP_CONFIG_FILE"):
        files.append(Path(environ["PIP_CONFIG_FILE"]))
    return [path for path in files if path.is_file()]


def pip_settings(environ):
    """pip's settings (names with dashes) from its files, then PIP_* variables."""
    settings = {}
    for path in pip_config_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(str(path), encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip itself will say what is wrong with it
        for section in ("global", "install"):
            if parser.has_section(section):
                settings.update(parser.items(section))
    for name, value in environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def usable_locations(text):
    """The addresses in a setting, without file paths that do not exist on this machine."""
    kept = []
    for location in text.split():
        parts = urllib.parse.urlsplit(location)
        path = urllib.request.url2pathname(parts.path) if parts.scheme == "file" else location
        if parts.scheme in ("http", "https") or Path(path).exists():
            kept.append(location)
    return kept


def uv_environment(environ):
    """Variables for uv that repeat this machine's pip settings, where uv's own are not set."""
    settings = pip_settings(environ)
    result = dict(environ)

    def unless_set(name, value, *others):
        if value and not any(environ.get(known) for known in (name, *others)):
            result[name] = value

    unless_set("UV_DEFAULT_INDEX", settings.get("index-url"), "UV_INDEX_URL")
    unless_set(
        "UV_INDEX", " ".join(usable_locations(settings.get("extra-index-url", ""))), "UV_EXTRA_INDEX_URL"
    )
    unless_set("UV_FIND_LINKS", ",".join(usable_locations(settings.get("find-links", ""))))
    unless_set("SSL_CERT_FILE", settings.get("cert"))
    if environ.get("SSL_CERT_FILE") and not Path(environ["SSL_CERT_FILE"]).is_file():
        result.pop(
            "SSL_CERT_FILE"
        )  # a variable inherited from another machine; uv would trust nothing at all
    # Every file is checked against the lock, so it does not matter which index serves it.
    unless_set("UV_INDEX_STRATEGY", "unsafe-best-match")
    if settings.get("no-index", "").lower() in ("1", "true", "yes"):
        unless_set("UV_NO_INDEX", "1")
    # The caller may stand in another project's environment, which is not the one to fill.
    result.pop("VIRTUAL_ENV", None)
    result.pop("PYTHONHOME", None)
    return result


# --- finding uv -------------------------------------------------------------------------------------------


def this_platform():
    """Name of this platform as tools/uv.pin writes it, such as linux-x86_64-gnu."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "darwin":
        return "macos-" + {"aarch64": "arm64"}.get(machine, machine)
    musl = "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") or bool(
        list(Path("/lib").glob("ld-musl-*"))
    )
    if musl and platform.libc_ver()[0] != "glibc":
        return f"linux-{machine}-musl"
    return f"linux-{machine}-gnu"


def read_pin(text, wanted):
    """Version, wheel file name and SHA-256 of uv for one platform."""
    version, wheels = "", {}
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "uv":
            version = words[1]
        else:
            wheels[words[1]] = (words[2], words[0])
    if wanted not in wheels:
        raise BootstrapError(
            f"tools/uv.pin names no uv for this platform ({wanted}).\n"
            "Install uv yourself so that it is on PATH, then run the command again."
        )
    return (version,) + wheels[wanted]


def uv_version(uv):
    """Version of a uv executable as numbers, or None when it cannot be run."""
    try:
        said = subprocess.run(
            [str(uv), "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
        return tuple(int(part) for part in said.split()[1].split(".")[:2])
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return None


def check_sum_of(path):
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_sum(path, expected):
    """True when the file is the one that was pinned."""
    return check_sum_of(path) == expected


def fetch_with_pip(version, folder):
    """Ask the pip of any Python here for uv's wheel; it knows this machine's proxies and passwords."""
    for python in (sys.executable, shutil.which("python3"), shutil.which("python")):
        if not python:
            continue
        command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--disable-pip-version-check", "--dest", str(folder), "uv==" + version]
        try:
            if subprocess.run(command, capture_output=True, timeout=300).returncode == 0:
                return True
        except (OSError, subprocess.SubprocessError):
            continue
    return False


class Links(html.parser.HTMLParser):
    """File name -> address, from the HTML form of a package index page."""

    def __init__(self):
        super().__init__()
        self.found = {}
        self._href = None

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._href = dict(attrs).get("href")

    def handle_data(self, data):
        if self._href and data.strip():
            self.found[data.strip()] = self._href


def links_on(page, content_type):
    """File name -> address, from an index page in either of its two forms (JSON or HTML)."""
    if "json" in (content_type or ""):
        return {entry["filename"]: entry["url"] for entry in json.loads(page)["files"]}
    parser = Links()
    parser.feed(page)
    return parser.found


def open_address(address, cert):
    """Open an address; where this machine holds no certificates to verify it with, open it all the same.

    That is safe here only: the one file taken is compared with the SHA-256 in tools/uv.pin.
    """
    accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
    request = urllib.request.Request(address, headers={"Accept": accept, "User-Agent": "redway-bootstrap"})
    verified = ssl.create_default_context(cafile=cert if cert and Path(cert).is_file() else None)
    try:
        return urllib.request.urlopen(request, timeout=60, context=verified)
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    return urllib.request.urlopen(request, timeout=60, context=unverified)


def fetch_from_index(filename, folder, environ):
    """Download uv's wheel from the package index this machine uses."""
    settings = pip_settings(environ)
    cert = environ.get("SSL_CERT_FILE") or settings.get("cert")
    chosen = environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL") or settings.get("index-url")
    indexes = [chosen or DEFAULT_INDEX, *usable_locations(settings.get("extra-index-url", ""))]
    problems = []
    for index in indexes:
        page_address = index.rstrip("/") + "/uv/"
        try:
            with open_address(page_address, cert) as answer:
                links = links_on(answer.read().decode("utf-8"), answer.headers.get("Content-Type"))
                base = answer.geturl()
            if filename not in links:
                problems.append(f"{page_address} does not list {filename}")
                continue
            with open_address(urllib.parse.urljoin(base, links[filename]), cert) as answer:
                (folder / filename).write_bytes(answer.read())
            return
        except (OSError, ValueError) as error:
            problems.append(f"{page_address}: {error}")
    raise BootstrapError(
        "uv, the tool that makes the environment, could not be fetched:\n  {}\n"
        "Check the network, or set PIP_INDEX_URL to your own package index, or install uv yourself, "
        "then run the command again.".format("\n  ".join(problems))
    )


def fetch_uv(environ):
    """Fetch, verify and unpack the pinned uv into .tools/; return the executable."""
    version, filename, expected = read_pin(
        (ROOT / "tools" / "uv.pin").read_text(encoding="utf-8"), this_platform()
    )
    kept = TOOLS / ("uv-" + version) / "uv"
    if kept.is_file() and uv_version(kept):
        return kept
    say(f"Fetching uv {version}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=str(TOOLS)) as temporary:
        folder = Path(temporary)
        wheel = folder / filename
        if not (fetch_with_pip(version, folder) and wheel.is_file()):
            fetch_from_index(filename, folder, environ)
        if not check_sum(wheel, expected):
            raise BootstrapError(
                "The uv that was served is not the one Redway was tested with (its SHA-256 differs), "
                f"so it was not used.\nAsk whoever runs your package index why {filename} differs."
            )
        with zipfile.ZipFile(str(wheel)) as archive:
            unpacked = folder / "uv"
            unpacked.write_bytes(archive.read(f"uv-{version}.data/scripts/uv"))
        unpacked.chmod(0o755)
        unpacked.replace(kept)
    return kept


def find_uv(environ):
    """A uv that works: on PATH, kept in .tools/, or fetched."""
    on_path = shutil.which("uv", path=environ.get("PATH"))
    if on_path and (uv_version(on_path) or (0, 0)) >= OLDEST_UV:
        return Path(on_path)
    return fetch_uv(environ)


# --- the environment --------------------------------------------------------------------------------------


def fingerprint():
    """What the environment was made from. A change in any of it means it must be made again."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", LOCKS["run"], LOCKS["all"]):
        digest.update(path.read_bytes())
    # The place counts too: an editable install holds the path of the checkout.
    digest.update((f"{sys.version_info[:2]} {ROOT}").encode())
    return digest.hexdigest()


def is_ready(scope, made_from):
    """True when .venv already holds this scope, made from these very files."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    covered = stamp.get("scope") in (scope, "all")
    python_works = (VENV / "bin" / "python").exists()
    return covered and python_works and stamp.get("made_from") == made_from


def venv_python():
    """Version of the Python inside .venv, or None when there is none that works."""
    ask = "import sys; print(*sys.version_info[:2])"
    try:
        said = subprocess.run(
            [str(VENV / "bin" / "python"), "-c", ask], capture_output=True, text=True, check=True
        )
        return tuple(int(part) for part in said.stdout.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def call(uv, arguments, environ):
    """Run uv; its own message is the best explanation when it fails."""
    done = subprocess.run([str(uv), *arguments], cwd=str(ROOT), env=environ)
    if done.returncode != 0:
        raise BootstrapError(
            f"uv could not finish: uv {' '.join(arguments)}\n"
            "The lines above say why. When the network is the cause, set PIP_INDEX_URL (and SSL_CERT_FILE) "
            "as your organisation requires and run the command again."
        )


def make_environment(scope, environ):
    """Create or refresh .venv for a scope. Returns True when something had to be done."""
    made_from = fingerprint()
    if is_ready(scope, made_from):
        return False
    started = time.monotonic()
    uv = find_uv(environ)
    settings = uv_environment(environ)
    STAMP.unlink(missing_ok=True)
    SPARK_STAMP.unlink(missing_ok=True)
    python = str(VENV / "bin" / "python")
    if venv_python() != sys.version_info[:2]:
        shutil.rmtree(str(VENV), ignore_errors=True)
        call(uv, ["venv", "--quiet", "--python", sys.executable, str(VENV)], settings)
    say(
        "Installing %s into .venv"
        % ("what Redway needs" if scope == "run" else "Redway's libraries, test and documentation tools")
    )
    # A person sees bars while it downloads; a log needs no list of sixty libraries.
    loudness = [] if sys.stderr.isatty() else ["--quiet"]
    call(uv, ["pip", "sync", "--python", python, "--require-hashes", str(LOCKS[scope]), *loudness], settings)
    offline = ["--no-deps", "--no-build-isolation", "--offline", "--quiet"]
    call(uv, ["pip", "install", "--python", python, *offline, "--editable", str(ROOT)], settings)
    STAMP.write_text(json.dumps({"scope": scope, "made_from": made_from}), encoding="utf-8")
    say("Environment ready in %.0f seconds" % (time.monotonic() - started))
    return True


def add_spark(environ):
    """Add Spark to the environment, which is made first where there is none."""
    make_environment("run", environ)
    wanted = check_sum_of(SPARK_LOCK)
    if SPARK_STAMP.is_file() and SPARK_STAMP.read_text(encoding="ascii") == wanted:
        return
    say("Adding Spark to .venv: half a gigabyte, a minute or two")
    python = str(VENV / "bin" / "python")
    asked = ["--python", python, "--require-hashes", "--quiet", "-r", str(SPARK_LOCK)]
    call(find_uv(environ), ["pip", "install", *asked], uv_environment(environ))
    SPARK_STAMP.write_text(wanted, encoding="ascii")
    if not shutil.which("java", path=environ.get("PATH")):
        say("Spark also needs Java 17, which is not here. On Debian: apt-get install openjdk-17-jre-headless")


def say(text):
    """Progress goes to standard error, so that standard output stays the command's own."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main(arguments):
    """Command line: make the environment for a scope. Returns the exit code."""
    scope = arguments[0] if arguments else "run"
    if scope not in (*LOCKS, "spark") or len(arguments) > 1:
        say("Usage: python3 tools/bootstrap.py [run|all|spark]")
        return 2
    try:
        refuse_old_python(sys.version_info)
        if scope == "spark":
            add_spark(dict(os.environ))
        else:
            make_environment(scope, dict(os.environ))
    except BootstrapError as error:
        say(str(error))
        return 1
    except PermissionError as error:
        say(f"{error.filename} cannot be written: {error.strerror}.\nRun this in a folder you own.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
