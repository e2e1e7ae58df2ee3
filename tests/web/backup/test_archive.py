"""The file a backup is: whole or not there, and anything changed in it is noticed."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.web.backup.archive import LIST, reading, writing
from redway.web.backup.errors import BackupError


def write_archive(path: Path, members: dict[str, bytes]) -> None:
    with writing(path) as writer:
        for name, content in members.items():
            with writer.member(name) as write:
                write(content)
        writer.close({"made": "2026-11-24"})


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.zip", {"lake/x/1.parquet": b"PAR1", "sources/ab": b"URN,Name\n"})
    with reading(tmp_path / "a.zip") as archive:
        assert archive.about["made"] == "2026-11-24"
        assert archive.text("sources/ab") == "URN,Name\n"
        archive.extract("lake/x/1.parquet", tmp_path / "out" / "1.parquet")
    assert (tmp_path / "out" / "1.parquet").read_bytes() == b"PAR1"


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.zip", {"x": b""})
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600


def test_a_failure_half_way_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.zip", {"x": b"older"})

    def add_a_file_that_is_gone() -> None:
        with writing(tmp_path / "a.zip") as writer:
            writer.add_text("x", "newer")
            writer.add_file("y", tmp_path / "gone")

    with pytest.raises(FileNotFoundError):
        add_a_file_that_is_gone()
    with reading(tmp_path / "a.zip") as archive:
        assert archive.text("x") == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@given(cut=st.integers(min_value=1, max_value=300))
def test_a_file_cut_short_is_refused(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.zip"
    write_archive(path, {"x": b"content" * 10})
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - cut)])
    with pytest.raises(BackupError, match="not a whole Redway backup"), reading(path):
        pass


@given(data=st.data())
def test_any_changed_byte_is_noticed_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("changed") / "a.zip"
    content = bytes(range(256))
    write_archive(path, {"x.parquet": content})
    damaged = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(damaged))
    try:
        with reading(path) as archive:
            # A byte of no meaning (a date, a flag) may differ; the content may not.
            assert b"".join(archive.pieces("x.parquet")) == content
    except BackupError:
        pass


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "lake/../../outside", "lake\\..\\outside", "", "lake/\0"]
)
def test_a_name_that_would_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as crafted:
        members = {name: {"size": 1, "sha256": "0" * 64}}
        crafted.writestr(LIST, json.dumps({"redway_backup": 1, "members": members}))
    with pytest.raises(BackupError), reading(tmp_path / "a.zip"):
        pass


def crafted(path: Path, said_size: int, content: bytes, **about: object) -> Path:
    """An archive whose list does not say the truth about its one member."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lake/a", content)
        members = {"lake/a": {"size": said_size, "sha256": "0" * 64}}
        archive.writestr(LIST, json.dumps({"redway_backup": 1, "members": members, **about}))
    return path


def test_a_member_that_swells_is_stopped_at_the_size_it_was_said_to_have(tmp_path: Path) -> None:
    bomb = crafted(tmp_path / "a.zip", 10, b"\0" * 50_000_000)
    with reading(bomb) as archive, pytest.raises(BackupError, match="damaged"):
        archive.extract("lake/a", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size == 0


@pytest.mark.parametrize("steps", [None, 5, [[1]], [["people", "0001", "more"]]])
def test_a_list_that_is_not_in_order_is_refused_in_words(tmp_path: Path, steps: object) -> None:
    path = crafted(tmp_path / "a.zip", 1, b"x", migrations=steps)
    with pytest.raises(BackupError, match="not a whole Redway backup"), reading(path):
        pass


def test_a_place_before_the_beginning_of_the_file_is_damage_like_any_other(tmp_path: Path) -> None:
    """Each byte of the directory at the end, where sizes and places of the members stand."""
    whole = tmp_path / "whole.zip"
    write_archive(whole, {"x.parquet": b"PAR1"})
    sound = whole.read_bytes()
    for place in range(sound.index(b"PK\x01\x02"), len(sound)):
        for mask in (1, 128, 255):
            damaged = bytearray(sound)
            damaged[place] ^= mask
            path = tmp_path / "a.zip"
            path.write_bytes(bytes(damaged))
            try:
                with reading(path) as archive:
                    assert archive.text("x.parquet") == "PAR1"
            except BackupError:
                pass
