from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate_guard.project import BrokenScript, Script, read_script
from migrate_guard.project.source import MOST_BYTES


def read(tmp_path: Path, text: str | bytes, name: str = "a_revision.py") -> Script | BrokenScript | None:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_script(file, f"versions/{name}")


def script(tmp_path: Path, text: str | bytes) -> Script:
    found = read(tmp_path, text)
    assert isinstance(found, Script), found
    return found


def broken(tmp_path: Path, text: str | bytes) -> BrokenScript:
    found = read(tmp_path, text)
    assert isinstance(found, BrokenScript), found
    return found


@pytest.mark.parametrize(
    ("header", "parents"),
    [
        ("down_revision = None", ()),
        ("down_revision = ()", ()),
        ("down_revision = 'b'", ("b",)),
        ("down_revision: str | None = 'b'", ("b",)),
        ("down_revision = ('b', 'c')", ("b", "c")),
        ("down_revision = ['b', 'c']", ("b", "c")),
        ("down_revision = ('b', 'b')", ("b",)),
        ("down_revision = ('b'\n    'c')", ("bc",)),
        ("down_revision = 'b' + 'c'", ("bc",)),
        ("PARENT = 'b'\ndown_revision = PARENT", ("b",)),
        ("PARENT = 'b'\ndown_revision = (PARENT, 'c')", ("b", "c")),
        ("down_revision = tuple(['b'])", ("b",)),
        ("down_revision = other = 'b'", ("b",)),
        ("down_revision, x = 'b', 1", ("b",)),
        ("down_revision = 'b'\ndown_revision = 'c'", ("c",)),
    ],
)
def test_reads_every_spelling_of_the_parents(tmp_path: Path, header: str, parents: tuple[str, ...]) -> None:
    assert script(tmp_path, f"revision = 'a'\n{header}\n").down_revisions == parents


def test_reads_labels_dependencies_and_message(tmp_path: Path) -> None:
    text = '"""Add users.\n\nRevision ID: a\n"""\nrevision = "a"\ndown_revision = None\n'
    found = script(tmp_path, text + 'branch_labels = {"users"}\ndepends_on = ["x", "y"]\n')
    assert (found.branch_labels, found.depends_on, found.message) == (("users",), ("x", "y"), "Add users.")
    assert (found.header["revision"].line, found.header["depends_on"].line) == (5, 8)
    assert found.undecided == ()


def test_labels_that_are_no_literals_leave_the_revision_readable(tmp_path: Path) -> None:
    found = script(tmp_path, "import x\nrevision = 'a'\ndown_revision = None\nbranch_labels = (x.LABEL,)\n")
    assert (found.branch_labels, found.undecided) == ((), ("branch_labels",))


def test_takes_the_id_of_an_old_file_from_its_name(tmp_path: Path) -> None:
    found = read(tmp_path, "down_revision = None\n", "3a4b5c.py")
    assert isinstance(found, Script)
    assert found.revision == "3a4b5c"


@pytest.mark.parametrize("name", ["__init__.py", ".#a.py", "a.pyc", "README", "a.py.orig", "__init___x.py"])
def test_passes_over_files_that_alembic_does_not_load(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, "revision = 'a'\ndown_revision = None\n", name) is None


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "it is empty", 1),
        ("x = 1\n", "it declares no revision", 1),
        ("revision = 'a'\n", "it assigns no down_revision", 1),
        ("revision = 7\ndown_revision = None\n", "revision is not a literal", 1),
        ("revision = None\ndown_revision = None\n", "revision is not a string", 1),
        ("revision = 'a'\ndown_revision = 7\n", "down_revision is not a literal", 2),
        ("revision = 'a'\n\ndown_revision = parent()\n", "down_revision is not a literal", 3),
        ("revision = revision\ndown_revision = None\n", "revision is not a literal", 1),
        ("if True:\n    revision = 'a'\ndown_revision = None\n", "revision is not a literal", 2),
        ("from x import revision\ndown_revision = None\n", "revision is not a literal", 1),
        ("from x import y as revision\ndown_revision = None\n", "revision is not a literal", 1),
        (
            "revision = 'a'\ndown_revision = ()\ndown_revision += ('b',)\n",
            "down_revision is not a literal",
            3,
        ),
        ("revision = 'a'\ndown_revision = 'b'\ndel down_revision\n", "down_revision is not a literal", 3),
        ("revision = 'a'\nfor down_revision in 'bc':\n    pass\n", "down_revision is not a literal", 2),
        ("revision = 'a-b'\ndown_revision = None\n", "Alembic refuses the revision id 'a-b'", 1),
        ("revision = 'a'\ndown_revision = None\ndef f(:\n", "it is not valid Python", 3),
    ],
)
def test_says_why_a_file_is_no_revision(tmp_path: Path, text: str, reason: str, line: int) -> None:
    found = broken(tmp_path, text)
    assert reason in found.reason
    assert (found.span.path, found.span.line) == ("versions/a_revision.py", line)
    assert found.hint


@pytest.mark.parametrize(
    "statement",
    ['print "x"', "exec 'x'", "raise ValueError, 'x'", "x = 0777", "x = a <> b", "x = ur'x'"],
)
def test_recognises_python_2(tmp_path: Path, statement: str) -> None:
    text = f"revision = 'a'\ndown_revision = ('b', 'c')\n\n\ndef upgrade():\n    {statement}\n"
    found = broken(tmp_path, text)
    assert "Python 2" in (found.hint or "")
    assert found.span.line == 6
    assert (found.revision, found.down_revisions) == ("a", ("b", "c"))


def test_names_the_running_python_for_other_syntax_errors(tmp_path: Path) -> None:
    found = broken(tmp_path, "revision = 'a'\ndown_revision = None\nx = = 1\n")
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in found.reason
    assert "newer Python" in (found.hint or "")


HEADER = "revision = 'a'\ndown_revision = None\n"


@pytest.mark.parametrize(
    "data",
    [
        b"# -*- coding: latin-1 -*-\n" + HEADER.encode() + b"name = '\xe9'\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n" + HEADER.encode() + b"name = '\xe9'\n",
        b"\xef\xbb\xbf" + HEADER.encode() + "name = 'é'\n".encode(),
        (HEADER + "name = 'é'\n").replace("\n", "\r\n").encode(),
        (HEADER + "name = 'é'\n").replace("\n", "\r").encode(),
    ],
)
def test_decodes_as_python_does(tmp_path: Path, data: bytes) -> None:
    found = script(tmp_path, data)
    assert found.source.lines[-2] == "name = 'é'"
    assert found.source.span(found.tree.body[-1]).end_column == len("name = 'é'") + 1


def test_lines_end_only_where_python_ends_them(tmp_path: Path) -> None:
    found = script(tmp_path, HEADER + "a = 'x\x0cy\u2028z\x1c'\nb = 1\n")
    assert found.source.lines[found.source.span(found.tree.body[-1]).line - 1] == "b = 1"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (HEADER.encode() + b"x = '\0'\n", "null bytes"),
        (HEADER.encode("utf-16"), "null bytes"),
        (HEADER.encode() + b"x = '\xff'\n", "cannot be decoded as utf-8"),
        (b"# coding: klingon\n" + HEADER.encode(), "'klingon'"),
        (b"# coding: rot13\n" + HEADER.encode(), "'rot13'"),
        (b"# coding: raw_unicode_escape\n" + HEADER.encode() + b"x = '\\ud800'\n", "cannot be decoded"),
    ],
)
def test_says_why_a_text_cannot_be_decoded(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in broken(tmp_path, data).reason


def test_does_not_read_a_huge_file(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    with file.open("wb") as stream:
        stream.truncate(MOST_BYTES + 100_000_000)
    found = read_script(file, "a.py")
    assert isinstance(found, BrokenScript)
    assert "106.0 MB" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 100_000 + "1",
        "x = a" + ".b" * 100_000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "1 + " * 100_000 + "1",
        "if x:\n  pass\n" + "elif x:\n  pass\n" * 20_000,
    ],
)
def test_survives_deep_nesting(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, HEADER + text + "\n")
    assert isinstance(found, (Script, BrokenScript))


def test_is_silent_about_what_python_warns_of(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(read(tmp_path, HEADER + r"x = '\d' is 'x'" + "\n"), Script)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    found = read_script(tmp_path / "a.py", "a.py")
    assert isinstance(found, BrokenScript)
    assert "regular file" in found.reason


def test_says_what_the_system_says_of_links_and_directories(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "dir.py").mkdir()
    for name in ("loop.py", "gone.py", "dir.py"):
        found = read_script(tmp_path / name, name)
        assert isinstance(found, BrokenScript), name


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_says_that_a_file_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEADER)
    file.chmod(0)
    found = read_script(file, "a.py")
    assert isinstance(found, BrokenScript)
    assert "Permission denied" in found.reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
)
def test_arbitrary_bytes_never_crash(tmp_path: Path, data: bytes) -> None:
    assert isinstance(read(tmp_path, data), (Script, BrokenScript))
    assert isinstance(read(tmp_path, HEADER.encode() + data), (Script, BrokenScript))


def test_does_not_run_the_file(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    found = script(tmp_path, HEADER + f"open({str(marker)!r}, 'w').close()\n")
    assert found.revision == "a"
    assert not marker.exists()


def test_reading_imports_no_project_library() -> None:
    code = (
        "import sys, migrate_guard.project as p;"
        "print([m for m in ('alembic', 'sqlalchemy', 'flask', 'libcst', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
