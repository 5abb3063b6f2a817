"""Where a report goes, and how it looks there."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from migrate_guard.cli import output
from migrate_guard.errors import GuardError


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "colour"),
    [
        pytest.param("auto", {}, True, True, id="terminal"),
        pytest.param("auto", {}, False, False, id="pipe"),
        pytest.param("auto", {"TERM": "dumb"}, True, False, id="dumb-terminal"),
        pytest.param("auto", {"NO_COLOR": "1"}, True, False, id="no-color"),
        pytest.param("auto", {"NO_COLOR": ""}, True, True, id="empty-no-color"),
        pytest.param("auto", {"FORCE_COLOR": "1"}, False, True, id="force-color"),
        pytest.param("auto", {"CLICOLOR_FORCE": "1"}, False, True, id="clicolor-force"),
        pytest.param("auto", {"CLICOLOR_FORCE": "0"}, False, False, id="clicolor-not-forced"),
        pytest.param("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False, id="no-color-wins"),
        pytest.param("always", {"NO_COLOR": "1"}, False, True, id="option-wins"),
        pytest.param("never", {"FORCE_COLOR": "1"}, True, False, id="option-wins-too"),
    ],
)
def test_colour_follows_option_then_variables_then_terminal(
    choice: str, environ: dict[str, str], terminal: bool, colour: bool
) -> None:
    assert output.wants_colour(choice, environ, terminal) is colour


@pytest.mark.parametrize(
    ("environ", "terminal", "links"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True, True),
        ({"TERM_PROGRAM": "iTerm.app"}, False, False),
        ({"TERM_PROGRAM": "iTerm.app", "CI": "true"}, True, False),
        ({}, True, False),
        ({"FORCE_HYPERLINK": "1"}, False, True),
        ({"FORCE_HYPERLINK": "0", "VTE_VERSION": "7000"}, True, False),
    ],
)
def test_links_need_a_terminal_that_knows_them(environ: dict[str, str], terminal: bool, links: bool) -> None:
    assert output.wants_links(environ, terminal) is links


@pytest.mark.parametrize(
    ("columns", "width"), [("100", 100), ("7", output.NARROWEST), ("0", 120), ("wide", 120), ("", 120)]
)
def test_width_follows_columns(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda: False)

    assert output.width({"COLUMNS": columns}) == width


def test_paths_count_from_the_workspace(tmp_path: Path) -> None:
    inside = tmp_path / "services" / "billing"
    inside.mkdir(parents=True)
    environ = {"GITHUB_WORKSPACE": str(tmp_path)}

    assert output.path_in_repository(inside, environ) == "services/billing/"
    assert output.path_in_repository(tmp_path, environ) == ""
    assert output.path_in_repository(tmp_path.parent, environ) == ""
    assert output.path_in_repository(inside, {}) == ""


def test_what_the_encoding_lacks_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="latin-1"))

    output.write("größe \udc80 漢\n")
    assert raw.getvalue() == b"gr\xf6\xdfe \\udc80 \\u6f22" + os.linesep.encode()


def test_a_file_is_written_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old and longer", encoding="utf-8")

    output.write_file("größe\n", target)
    assert target.read_bytes() == "größe\n".encode()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["missing/report.json", "folder"])
def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(GuardError, match="cannot be written"):
        output.write_file("x", tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("name", [".", ".."])
def test_a_directory_is_no_file_to_write_to(name: str) -> None:
    with pytest.raises(GuardError, match="cannot be written"):
        output.write_file("x", Path(name))


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_a_link_or_a_pipe_is_written_to_and_stays_what_it_is(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_text("old and longer", encoding="utf-8")
    link.symlink_to(target)
    output.write_file("new", link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"

    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    output.write_file("new", pipe)
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert pipe.is_fifo()
