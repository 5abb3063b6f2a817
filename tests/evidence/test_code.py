"""The lines that close a difference which autogenerate does not write, and those that take them back."""

from __future__ import annotations

import ast

import pytest

from migrate_guard.dialect import parse_dialect
from migrate_guard.evidence.built import built
from migrate_guard.evidence.models.code import closing, undoing
from migrate_guard.schema.compare import differences

TABLE = "CREATE TABLE t (id integer NOT NULL, n integer{column}{more})"
Case = tuple[str, str, str, list[str], list[str]]


def _table(column: str = "", more: str = "") -> str:
    return TABLE.format(column=column, more=f", {more}" if more else "")


BATCH = 'with op.batch_alter_table("t") as batch_op:'
CASES: dict[str, Case] = {
    "a default": (
        "postgresql",
        _table(),
        _table(" DEFAULT 4"),
        ['op.alter_column("t", "n", server_default=sa.text("4"))'],
        ['op.alter_column("t", "n", server_default=None)'],
    ),
    "a default on SQLite": (
        "sqlite",
        _table(),
        _table(" DEFAULT 4"),
        [BATCH, '    batch_op.alter_column("n", server_default=sa.text("4"))'],
        [BATCH, '    batch_op.alter_column("n", server_default=None)'],
    ),
    "a check": (
        "postgresql",
        _table(),
        _table(more="CONSTRAINT c CHECK (n > 0)"),
        ['op.create_check_constraint("c", "t", sa.text("n > 0"))'],
        ['op.drop_constraint("c", "t", type_="check")'],
    ),
    "a check with a colon and a line break": (
        "postgresql",
        _table(),
        _table(more="CONSTRAINT c CHECK (n::text <> ':a\nb')"),
        ['op.create_check_constraint("c", "t", sa.text("n::text <> \'\\\\:a\\nb\'"))'],
        ['op.drop_constraint("c", "t", type_="check")'],
    ),
    "another check on SQLite": (
        "sqlite",
        _table(more="CONSTRAINT c CHECK (n > 0)"),
        _table(more="CONSTRAINT c CHECK (n > 1)"),
        [
            BATCH,
            '    batch_op.drop_constraint("c", type_="check")',
            '    batch_op.create_check_constraint("c", sa.text("n > 1"))',
        ],
        [
            BATCH,
            '    batch_op.drop_constraint("c", type_="check")',
            '    batch_op.create_check_constraint("c", sa.text("n > 0"))',
        ],
    ),
    "another name": (
        "postgresql",
        _table(more="CONSTRAINT a FOREIGN KEY (n) REFERENCES t (id)"),
        _table(more="CONSTRAINT b FOREIGN KEY (n) REFERENCES t (id)"),
        [
            'op.drop_constraint("a", "t", type_="foreignkey")',
            'op.create_foreign_key("b", "t", "t", ["n"], ["id"])',
        ],
        [
            'op.drop_constraint("b", "t", type_="foreignkey")',
            'op.create_foreign_key("a", "t", "t", ["n"], ["id"])',
        ],
    ),
    "a label": (
        "postgresql",
        "CREATE TYPE mood AS ENUM ('a', 'c')",
        "CREATE TYPE mood AS ENUM ('a', 'b', 'c')",
        ["op.execute(\"ALTER TYPE mood ADD VALUE 'b' AFTER 'a'\")"],
        [],
    ),
    "a label less": (
        "postgresql",
        "CREATE TYPE mood AS ENUM ('a', 'b')",
        "CREATE TYPE mood AS ENUM ('a')",
        [],
        ["op.execute(\"ALTER TYPE mood ADD VALUE 'b' AFTER 'a'\")"],
    ),
    "a type": (
        "postgresql",
        "",
        "CREATE TYPE mood AS ENUM ('a')",
        ['sa.Enum("a", name="mood").create(op.get_bind(), checkfirst=True)'],
        ['sa.Enum(name="mood").drop(op.get_bind(), checkfirst=True)'],
    ),
    "a sequence": (
        "postgresql",
        "",
        "CREATE SEQUENCE q",
        ['op.execute("CREATE SEQUENCE q")'],
        ['op.execute("DROP SEQUENCE q")'],
    ),
    "a condition of an index": (
        "postgresql",
        f"{_table()}; CREATE INDEX i ON t (n)",
        f"{_table()}; CREATE INDEX i ON t (n) WHERE n > 0",
        [
            'op.drop_index("i", table_name="t")',
            'op.create_index("i", "t", ["n"], postgresql_where=sa.text("n > 0"))',
        ],
        ['op.drop_index("i", table_name="t")', 'op.create_index("i", "t", ["n"])'],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_lines_and_their_way_back(name: str) -> None:
    dialect, before, after, there, back = CASES[name]
    history = built([before] if before else [], parse_dialect(dialect))
    models = built([after], parse_dialect(dialect))

    (one,) = differences(history, models)

    lines, undo = closing(one, history, models), undoing(one, history, models)
    assert (list(lines), list(undo)) == (there, back)
    ast.parse("\n".join(lines) + "\n" + "\n".join(undo))


def test_a_key_without_a_name_is_left() -> None:
    """It cannot be dropped, and another one beside it is refused."""
    dialect = parse_dialect("sqlite")
    history = built([_table(more="PRIMARY KEY (id)")], dialect)
    models = built([_table(more="PRIMARY KEY (id, n)")], dialect)
    (one,) = (one for one in differences(history, models) if one.kind == "primary key")

    assert closing(one, history, models) == ()
