"""Findings say which locks their statement takes, for the reports that tell who has to wait."""

from __future__ import annotations

from pathlib import Path

from migrate_guard.check import check
from migrate_guard.config import Config
from migrate_guard.dialect import Dialect
from migrate_guard.finding import Finding, Lock
from tests.evidence.databases import CUSTOMERS, write_history

POSTGRESQL, MYSQL = Dialect("postgresql", (15,)), Dialect("mysql", (8, 0))
NEW = 'op.create_table("visits", sa.Column("id", sa.Integer(), primary_key=True))'


def found(tmp_path: Path, rule: str, *bodies: str) -> Finding:
    """Return the one finding of a rule in a history."""
    versions = write_history(tmp_path, *bodies)
    config = Config(root=tmp_path, paths=(versions,), dialects=(POSTGRESQL, MYSQL))
    (one,) = [one for one in check(config).findings if one.rule == rule]
    return one


def test_each_dialect_has_its_locks(tmp_path: Path) -> None:
    made = found(tmp_path, "drop-column", CUSTOMERS, 'op.drop_column("customers", "name")')

    assert set(made.dialects) == {str(POSTGRESQL), str(MYSQL)}
    assert Lock("customers", "ACCESS EXCLUSIVE", "reads and writes", False, str(POSTGRESQL)) in made.locks
    assert {lock.dialect for lock in made.locks} == set(made.dialects)


def test_an_index_build_is_a_long_lock(tmp_path: Path) -> None:
    made = found(tmp_path, "index-blocks-writes", CUSTOMERS, 'op.create_index("ix", "customers", ["name"])')

    assert made.locks == (Lock("customers", "SHARE", "writes", True, str(POSTGRESQL)),)


def test_nobody_waits_for_a_table_that_is_new(tmp_path: Path) -> None:
    add = 'op.add_column("visits", sa.Column("at", sa.DateTime(), server_default="now()"))'

    assert found(
        tmp_path / "old",
        "string-default-looks-like-function",
        CUSTOMERS,
        add.replace("visits", "customers"),
    ).locks
    assert found(tmp_path / "new", "string-default-looks-like-function", f"{NEW}\n{add}").locks == ()
