"""The adapter to libpg_query: syntax errors, parameters, and life without it."""

from __future__ import annotations

import builtins
import subprocess
import sys

import pytest

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.sql.libpg import NotInstalledError, available, mask_binds, parse, syntax_error
from migrate_guard.evaluate.sql.tokens import HOLE, tokenise
from tests.evaluate.sql.statements import POSTGRESQL

needs_libpg = pytest.mark.skipif(not available(), reason="libpg_query (postgast) is not installed")


@needs_libpg
@pytest.mark.parametrize(
    ("sql", "at"),
    [
        ("ALTER TABLE t DROP COLUMN carrier text", "text"),
        ("SELECT 'ü'; UPDATE t SET WHERE a = 1", "WHERE"),
        ("DELETE documents WHERE a", "documents"),
    ],
)
def test_a_syntax_error_has_a_place(sql: str, at: str) -> None:
    error = syntax_error(sql)
    assert error is not None
    message, offset = error
    assert "syntax error" in message
    assert sql[offset:].startswith(at)


@needs_libpg
@pytest.mark.parametrize("sql", POSTGRESQL)
def test_the_written_set_is_accepted(sql: str) -> None:
    assert syntax_error(sql) is None


@needs_libpg
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = :a, b = %(b)s WHERE c = %s",
        "SELECT '%s', \":a\", $$ :b $$, c::text -- :d",
        "SELECT '10\\:00'::time, a\\:\\:int FROM t",
        "SELECT * FROM t WHERE a IN :ids",
        f"ALTER TABLE {HOLE} FROBNICATE",
        "ALTER TABLE t ADD c int DEFAULT :x",
    ],
)
def test_parameters_and_holes_are_no_errors(sql: str) -> None:
    assert syntax_error(sql) is None


def test_masks_keep_every_offset() -> None:
    sql = "a = :abc AND b = %s AND c = %(d)s AND '10\\:00' = \":e\" AND f::g"
    masked = mask_binds(sql, tokenise(sql, Dialect("postgresql")))
    assert masked == "a = ''   AND b = '' AND c = ''    AND '10 :00' = \":e\" AND f::g"
    assert len(masked) == len(sql)


@needs_libpg
def test_parse_gives_the_statements() -> None:
    trees = parse("ALTER TABLE s.t DROP c; SELECT 1")
    assert trees is not None
    assert [tree.kind for tree in trees] == ["AlterTableStmt", "SelectStmt"]
    assert trees[0].get("relation").text("schemaname") == "s"
    assert trees[0].all("cmds")[0].choice("subtype") == "AT_DropColumn"
    assert parse("SELEC 1") is None
    assert parse("SELECT \0") is None


def test_without_it_the_adapter_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *arguments: object, **keywords: object) -> object:
        if name == "postgast":
            raise ImportError(name)
        return real(name, *arguments, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert not available()
    with pytest.raises(NotInstalledError):
        syntax_error("SELECT 1")


def test_reading_imports_neither_libpg_query_nor_protobuf() -> None:
    code = (
        "import sys; from migrate_guard.evaluate.sql import read_sql; "
        "from migrate_guard.dialect import Dialect; from migrate_guard.span import whole_line; "
        "read_sql('DROP TABLE t', Dialect('postgresql'), lambda a, b: whole_line('x', 1)); "
        "print('postgast' in sys.modules, 'google' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
