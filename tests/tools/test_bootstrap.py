"""Setting up on machines of all sorts: what pip was told is respected, and nothing unverified is run."""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PIN = (ROOT / "tools" / "uv.pin").read_text()
WHEEL = "uv-0.13.9-py3-none-made_up.whl"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def machine(tmp_path: Path, pip_conf: str = "", **environ: str) -> dict[str, str]:
    """Environment variables of a machine with this pip.conf for its user."""
    folder = tmp_path / ".config" / "pip"
    folder.mkdir(parents=True)
    (folder / "pip.conf").write_text(pip_conf)
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none"), "PATH": "/usr/bin", **environ}


def test_an_old_python_is_refused_with_a_clear_line(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.BootstrapError, match=r"needs Python 3\.11 or newer.*is 3\.9"):
        bootstrap.refuse_old_python((3, 9, 2))
    bootstrap.refuse_old_python((3, 11, 0))


def test_the_text_of_the_script_can_be_read_by_old_pythons() -> None:
    """It has to get as far as the refusal: no syntax newer than Python 3.6."""
    import ast

    ast.parse((ROOT / "tools" / "bootstrap.py").read_text(), feature_version=(3, 6))


def test_settings_of_pip_reach_uv(bootstrap: ModuleType, tmp_path: Path) -> None:
    there = tmp_path / "wheels"
    there.mkdir()
    conf = f"""
[global]
index-url = https://packages.example.gov.uk/simple
extra-index-url = file:///not/there file://{there} https://more.example.gov.uk/simple
find-links = /not/there {there}
"""
    made = bootstrap.uv_environment(machine(tmp_path, conf))
    assert made["UV_DEFAULT_INDEX"] == "https://packages.example.gov.uk/simple"
    assert made["UV_INDEX"] == f"file://{there} https://more.example.gov.uk/simple"
    assert made["UV_FIND_LINKS"] == str(there)


def test_a_variable_goes_before_the_file(bootstrap: ModuleType, tmp_path: Path) -> None:
    environ = machine(
        tmp_path,
        "[global]\nindex-url = https://file.example/simple",
        PIP_INDEX_URL="https://variable.example/simple",
    )
    assert bootstrap.uv_environment(environ)["UV_DEFAULT_INDEX"] == "https://variable.example/simple"


def test_settings_of_uv_go_before_those_of_pip(bootstrap: ModuleType, tmp_path: Path) -> None:
    environ = machine(
        tmp_path, PIP_INDEX_URL="https://pip.example/simple", UV_DEFAULT_INDEX="https://uv.example/simple"
    )
    assert bootstrap.uv_environment(environ)["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_a_certificate_file_that_is_not_there_is_left_out(bootstrap: ModuleType, tmp_path: Path) -> None:
    made = bootstrap.uv_environment(machine(tmp_path, SSL_CERT_FILE="/not/there.pem"))
    assert "SSL_CERT_FILE" not in made


@pytest.mark.parametrize(
    "platform",
    [
        "linux-x86_64-gnu",
        "linux-aarch64-gnu",
        "linux-x86_64-musl",
        "linux-aarch64-musl",
        "macos-x86_64",
        "macos-arm64",
    ],
)
def test_every_platform_has_its_pin(bootstrap: ModuleType, platform: str) -> None:
    version, wheel, expected = bootstrap.read_pin(PIN, platform)
    assert wheel.startswith(f"uv-{version}-py3-none-")
    assert re.fullmatch("[0-9a-f]{64}", expected)


def test_an_unknown_platform_is_told_what_to_do(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.BootstrapError, match="Install uv yourself"):
        bootstrap.read_pin(PIN, "plan9-mips")


def test_this_machine_is_known(bootstrap: ModuleType) -> None:
    bootstrap.read_pin(PIN, bootstrap.this_platform())


def test_both_forms_of_an_index_page_are_read(bootstrap: ModuleType) -> None:
    as_json = json.dumps({"files": [{"filename": WHEEL, "url": "../files/x.whl"}]})
    as_html = f'<html><body><a href="../files/x.whl#sha256=1">{WHEEL}</a></body></html>'
    assert bootstrap.links_on(as_json, "application/vnd.pypi.simple.v1+json") == {WHEEL: "../files/x.whl"}
    assert bootstrap.links_on(as_html, "text/html") == {WHEEL: "../files/x.whl#sha256=1"}


class Index(http.server.BaseHTTPRequestHandler):
    """A package index with one wheel."""

    def do_GET(self) -> None:
        if self.path == "/simple/uv/":
            body, kind = f'<a href="../../files/{WHEEL}">{WHEEL}</a>'.encode(), "text/html"
        elif self.path == f"/files/{WHEEL}":
            body, kind = b"the wheel", "application/zip"
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """Address of an index whose certificate nobody on this machine vouches for."""
    certificate, key = self_signed(tmp_path)
    server = http.server.HTTPServer(("127.0.0.1", 0), Index)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


def self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made up")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_the_wheel_comes_from_the_index_of_this_machine(
    bootstrap: ModuleType, index: str, tmp_path: Path
) -> None:
    folder = tmp_path / "into"
    folder.mkdir()
    bootstrap.fetch_from_index(WHEEL, folder, machine(tmp_path, PIP_INDEX_URL=index))
    assert (folder / WHEEL).read_bytes() == b"the wheel"


def test_a_wheel_with_another_sum_is_never_run(
    bootstrap: ModuleType, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tools").mkdir()
    wrong = hashlib.sha256(b"another wheel").hexdigest()
    (tmp_path / "tools" / "uv.pin").write_text(f"uv 0.13.9\n{wrong} {bootstrap.this_platform()} {WHEEL}\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr(bootstrap, "fetch_with_pip", lambda *_: False)
    with pytest.raises(bootstrap.BootstrapError, match="SHA-256 differs"):
        bootstrap.fetch_uv(machine(tmp_path, PIP_INDEX_URL=index))
    assert not list((tmp_path / ".tools").rglob("uv"))


def test_an_index_that_cannot_be_reached_is_named(bootstrap: ModuleType, tmp_path: Path) -> None:
    environ = machine(tmp_path, PIP_INDEX_URL="http://127.0.0.1:9/simple")
    with pytest.raises(bootstrap.BootstrapError, match=r"127\.0\.0\.1:9.*(?s:.)*Check the network"):
        bootstrap.fetch_from_index(WHEEL, tmp_path, environ)


def test_a_second_run_needs_neither_uv_nor_a_network(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    stamp = tmp_path / "stamp.json"
    stamp.write_text(json.dumps({"scope": "all", "made_from": bootstrap.fingerprint()}))
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "find_uv", lambda _: pytest.fail("uv was looked for"))
    assert bootstrap.make_environment("run", {}) is False
    assert bootstrap.make_environment("all", {}) is False


def test_spark_is_added_once(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "SPARK_STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "make_environment", lambda scope, environ: False)
    monkeypatch.setattr(bootstrap, "find_uv", lambda environ: Path("uv"))
    monkeypatch.setattr(bootstrap, "call", lambda uv, arguments, environ: asked.append(arguments))
    for _ in range(2):
        bootstrap.add_spark({"PATH": ""})
    (only,) = asked
    assert str(bootstrap.SPARK_LOCK) in only
    assert "--require-hashes" in only
    assert "needs Java 17" in capsys.readouterr().err


def test_wrong_use_is_told_from_failure() -> None:
    done = subprocess.run(
        [sys.executable, "-S", str(ROOT / "tools" / "bootstrap.py"), "everything"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "Usage" in done.stderr


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def test_the_two_lock_files_agree() -> None:
    run, everything = locked("requirements-run.lock"), locked("requirements.lock")
    assert run
    assert run.items() <= everything.items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock", "requirements-spark.lock"])
def test_lock_files_hold_sums_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    packages = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_without_a_target_lists_the_commands() -> None:
    done = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True, env={**os.environ, "MAKEFLAGS": ""}
    )
    assert done.returncode == 0
    for target in ("run", "test", "setup", "docs", "bench", "screenshot"):
        assert f"make {target}" in done.stdout
