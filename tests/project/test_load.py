from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.errors import GuardError
from migrate_guard.project import load_graph, open_environment
from tests.project.trees import (
    ENV_PY,
    INI,
    alembic_project,
    chain,
    found,
    judged,
    names,
    only,
    opened,
    revision,
    write_files,
)


def test_no_revisions(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"alembic.ini": INI, "migrations/env.py": ENV_PY, "migrations/versions/__init__.py": ""}
    )
    with pytest.raises(GuardError) as caught:
        load_graph(only(tmp_path), tmp_path)
    assert "no revision file in migrations/versions" in caught.value.message


def test_broken_files_are_kept_and_the_rest_is_read(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2", "c3")
    write_files(
        tmp_path, {"migrations/versions/b2_.py": "revision = 'b2'\ndown_revision = 'a1'\nprint 'x'\n"}
    )
    _, graph = opened(tmp_path)
    assert (graph.order, graph.parents["c3"], graph.missing) == (("a1", "c3"), ("a1",), {})
    assert [(one.span.path, one.span.line) for one in graph.broken] == [("migrations/versions/b2_.py", 3)]


def test_a_file_reached_twice_counts_once(tmp_path: Path) -> None:
    ini = "[alembic]\nscript_location = m\npath_separator = :\nversion_locations = one:two\n"
    write_files(tmp_path, {"alembic.ini": ini, "m/env.py": ENV_PY, **chain("a", "b", under="one")})
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a_.py").symlink_to(tmp_path / "one" / "a_.py")
    _, graph = opened(tmp_path)
    assert (graph.order, graph.duplicates) == (("a", "b"), ())


def test_subdirectories_that_continue_the_history(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2")
    write_files(tmp_path, {"migrations/versions/2024/c.py": revision("c3", "b2")})
    _, graph = opened(tmp_path)
    assert graph.heads == ("c3",)
    assert "are read too" in graph.notes[0]


@pytest.mark.parametrize("ini", [INI, None])
def test_a_history_for_each_server(tmp_path: Path, ini: str | None) -> None:
    write_files(tmp_path, {"alembic.ini": ini} if ini else {})
    write_files(tmp_path, {"migrations/env.py": ENV_PY, "migrations/versions/__init__.py": ""})
    write_files(tmp_path, chain("p1", "p2", under="migrations/versions/postgresql"))
    write_files(tmp_path, chain("s1", "s2", "p1", under="migrations/versions/sqlite"))
    base = "alembic.ini" if ini else "migrations"
    assert names(tmp_path) == [f"{base} (postgresql)", f"{base} (sqlite)"]
    opened_ones = [open_environment(one, Config(root=tmp_path)) for one in found(tmp_path).environments]
    assert [(one.dialects, graph.heads) for one, graph in opened_ones] == [
        ((Dialect("postgresql"),), ("p2",)),
        ((Dialect("sqlite"),), ("p1",)),
    ]
    assert opened_ones[1][0].dialect_reason == "from the name of migrations/versions/sqlite"
    assert judged(tmp_path, "migrations/versions/sqlite/s2_.py") == {f"{base} (sqlite)": ["s2"]}
    assert judged(tmp_path, "migrations/versions/sqlite") == {f"{base} (sqlite)": None}
    assert judged(tmp_path, "migrations/versions") == {f"{base} (postgresql)": None, f"{base} (sqlite)": None}
    assert judged(tmp_path, "migrations/env.py") == {f"{base} (postgresql)": [], f"{base} (sqlite)": []}


def test_one_history_in_subdirectories_by_year(tmp_path: Path) -> None:
    write_files(tmp_path, {"alembic.ini": INI, "migrations/env.py": ENV_PY})
    write_files(tmp_path, chain("a", "b", under="migrations/versions/2023"))
    write_files(tmp_path, {"migrations/versions/2024/c.py": revision("c", "b")})
    environment, graph = opened(tmp_path)
    assert (environment.name, graph.heads) == ("alembic.ini", ("c",))


def test_subdirectories_that_are_an_archive(tmp_path: Path) -> None:
    alembic_project(tmp_path, "a1", "b2")
    write_files(tmp_path, chain("x", "y", under="migrations/versions/old"))
    _, graph = opened(tmp_path)
    assert set(graph.scripts) == {"a1", "b2"}
    assert "2 revisions in subdirectories such as migrations/versions/old are not read" in graph.notes[0]


def test_a_versions_directory_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        raise PermissionError(13, "Permission denied", str(path))

    alembic_project(tmp_path)
    environment = only(tmp_path)
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(GuardError) as caught:
        load_graph(environment, tmp_path)
    assert caught.value.message.endswith("versions: cannot be read: Permission denied")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system has no such names")
def test_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    alembic_project(tmp_path)
    name = os.fsencode(tmp_path / "migrations" / "versions") + b"/caf\xe9.py"
    Path(os.fsdecode(name)).write_text(revision("c3", "b2"))
    _, graph = opened(tmp_path)
    assert graph.scripts["c3"].source.path == "migrations/versions/caf\ufffd.py"
