"""Several files written, all or none; and the diff that shows it before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_guard.errors import GuardError
from migrate_guard.init import Change, unified_diff, write_all
from migrate_guard.init.change import read_text
from tests.commands import run
from tests.repositories import new_repository


def change(root: Path, name: str, before: str | None, after: str) -> Change:
    """Return a change, with the file as it is before."""
    file = root / name
    if before is not None:
        file.write_bytes(before.encode())
    return Change(file, name, before, after)


def files(root: Path) -> dict[str, str]:
    """Return what a directory holds."""
    return {file.name: file.read_bytes().decode() for file in root.iterdir() if file.is_file()}


def test_all_are_written(tmp_path: Path) -> None:
    changes = [change(tmp_path, "a", "x\r\n", "x\r\ny\r\n"), change(tmp_path, "b", None, "new\n")]
    (tmp_path / "a").chmod(0o640)
    mode = (tmp_path / "a").stat().st_mode

    write_all(changes)
    assert files(tmp_path) == {"a": "x\r\ny\r\n", "b": "new\n"}
    assert (tmp_path / "a").stat().st_mode == mode


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_one_that_cannot_be_put_in_place_leaves_all_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    changes = [
        change(tmp_path, "a", "x\n", "y\n"),
        change(tmp_path, "b", None, "new\n"),
        change(tmp_path, "c", "z\n", "zz\n"),
    ]
    before = files(tmp_path)
    replace, calls = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    wanted = GuardError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(wanted) as caught:
        write_all(changes)
    assert files(tmp_path) == before
    if isinstance(error, OSError):
        assert str(caught.value) == f"nothing is written: {'abc'[number - 1]}: No space left on device"


def test_one_that_cannot_be_drafted_is_named(tmp_path: Path) -> None:
    first = change(tmp_path, "a", "x\n", "y\n")

    with pytest.raises(GuardError, match="nothing is written: nowhere/b: No such file or directory"):
        write_all([first, Change(tmp_path / "nowhere" / "b", "nowhere/b", None, "new\n")])
    assert files(tmp_path) == {"a": "x\n"}


@pytest.mark.parametrize("before", [None, "x\n"])
def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, before: str | None) -> None:
    changes = [change(tmp_path, "a", None, "new\n"), change(tmp_path, "b", before, "y\n")]
    (tmp_path / "b").write_text("another\n", encoding="utf-8")

    with pytest.raises(GuardError, match="nothing is written: b has changed meanwhile"):
        write_all(changes)
    assert files(tmp_path) == {"b": "another\n"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("x\n", encoding="utf-8")
    (tmp_path / "a").symlink_to("shared")
    (tmp_path / "b").symlink_to("nowhere")

    write_all([Change(tmp_path / "a", "a", "x\n", "y\n")])
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "shared").read_text(encoding="utf-8") == "y\n"
    with pytest.raises(GuardError):
        write_all([Change(tmp_path / "b", "b", None, "y\n")])


def test_a_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe")

    with pytest.raises(GuardError, match="a: not UTF-8 text"):
        read_text(tmp_path / "a", "a")
    with pytest.raises(GuardError, match="b: cannot be read: No such"):
        read_text(tmp_path / "b", "b")


_LINES = st.lists(st.sampled_from(["a", "b", "é\x0c\x85", "", "-- x", "c\r"]), max_size=5).map("\n".join)


@settings(max_examples=30)
@given(before=st.none() | _LINES.filter(bool), more=_LINES.filter(bool), after=_LINES)
def test_git_applies_the_diff(
    tmp_path_factory: pytest.TempPathFactory, before: str | None, more: str, after: str
) -> None:
    wanted = (before or "") + more + after
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    changes = [change(one, "a.toml", before, wanted), change(one, "b.toml", None, "b\n")]
    change(other, "a.toml", before, wanted)
    new_repository(other)
    (other / "p.patch").write_bytes(unified_diff(changes).encode())

    run("git", "apply", "--whitespace=nowarn", "p.patch", cwd=other, check=True)
    (other / "p.patch").unlink()
    write_all(changes)
    assert files(one) == files(other) == {"a.toml": wanted, "b.toml": "b\n"}
