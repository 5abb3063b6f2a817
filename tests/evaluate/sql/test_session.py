"""Statements that steer the session and the server."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    DROP,
    Administer,
    AlterColumn,
    AnyOperation,
    CommentTable,
    ControlTransaction,
    LockTable,
    Maintain,
    Query,
    SetParameter,
    TableName,
)
from tests.evaluate.sql.reading import NOWHERE, T, one, read

S = TableName("t", "s")


CASES: list[tuple[str, str, AnyOperation]] = [
    (
        "SET lock_timeout = '5s'",
        "postgresql",
        SetParameter(span=NOWHERE, name="lock_timeout", value="'5s'"),
    ),
    (
        "SET LOCAL Lock_Timeout TO 5000",
        "postgresql",
        SetParameter(span=NOWHERE, name="lock_timeout", value="5000", local=True),
    ),
    (
        "SET search_path TO a, b",
        "postgresql",
        SetParameter(span=NOWHERE, name="search_path", value="a, b"),
    ),
    ("SET my.var = 'x'", "postgresql", SetParameter(span=NOWHERE, name="my.var", value="'x'")),
    ("RESET lock_timeout", "postgresql", SetParameter(span=NOWHERE, name="lock_timeout", value=None)),
    (
        "SET FOREIGN_KEY_CHECKS=0",
        "mysql",
        SetParameter(span=NOWHERE, name="foreign_key_checks", value="0"),
    ),
    (
        "SET @@SESSION.sql_mode := ''",
        "mysql",
        SetParameter(span=NOWHERE, name="sql_mode", value="''"),
    ),
    ("SET NAMES utf8", "mysql", SetParameter(span=NOWHERE, name="names", value="utf8")),
    ("PRAGMA foreign_keys=OFF", "sqlite", SetParameter(span=NOWHERE, name="foreign_keys", value="OFF")),
    ("PRAGMA foreign_keys(0)", "sqlite", SetParameter(span=NOWHERE, name="foreign_keys", value="0")),
    ("PRAGMA table_info(t)", "sqlite", Query(span=NOWHERE)),
    ("PRAGMA user_version", "sqlite", Query(span=NOWHERE)),
    ("BEGIN IMMEDIATE", "sqlite", ControlTransaction(span=NOWHERE, command="begin")),
    ("COMMIT AND CHAIN", "postgresql", ControlTransaction(span=NOWHERE, command="commit")),
    ("END TRANSACTION", "postgresql", ControlTransaction(span=NOWHERE, command="commit")),
    ("ROLLBACK", "mysql", ControlTransaction(span=NOWHERE, command="rollback")),
    ("SAVEPOINT x", "mysql", ControlTransaction(span=NOWHERE, command="savepoint")),
    ("RELEASE SAVEPOINT x", "mysql", ControlTransaction(span=NOWHERE, command="release")),
    ("LOCK t", "postgresql", LockTable(span=NOWHERE, table=T, mode="ACCESS EXCLUSIVE")),
    ("LOCK TABLE s.t IN share MODE", "postgresql", LockTable(span=NOWHERE, table=S, mode="SHARE")),
    ("LOCK TABLES t READ", "mysql", LockTable(span=NOWHERE, table=T, mode="SHARE")),
    ("LOCK TABLES t AS x WRITE", "mysql", LockTable(span=NOWHERE, table=T, mode="ACCESS EXCLUSIVE")),
    ("VACUUM FULL t", "postgresql", Maintain(span=NOWHERE, command="VACUUM FULL", target=T)),
    ("VACUUM (FULL OFF) t", "postgresql", Maintain(span=NOWHERE, command="VACUUM", target=T)),
    ("VACUUM", "postgresql", Maintain(span=NOWHERE, command="VACUUM", target=None, kind="database")),
    (
        "REINDEX (VERBOSE, CONCURRENTLY) INDEX s.t",
        "postgresql",
        Maintain(span=NOWHERE, command="REINDEX", target=S, kind="index", concurrently=True),
    ),
    (
        "REFRESH MATERIALIZED VIEW t",
        "postgresql",
        Maintain(span=NOWHERE, command="REFRESH MATERIALIZED VIEW", target=T, kind="view"),
    ),
    ("OPTIMIZE TABLE t", "mysql", Maintain(span=NOWHERE, command="OPTIMIZE TABLE", target=T)),
    (
        "GRANT SELECT ON t, s.t TO x",
        "postgresql",
        Administer(span=NOWHERE, command="GRANT", tables=(T, S)),
    ),
    ("REVOKE ALL ON SCHEMA s FROM x", "postgresql", Administer(span=NOWHERE, command="REVOKE")),
    ("COMMENT ON TABLE t IS ''", "postgresql", CommentTable(span=NOWHERE, table=T, comment=None)),
    (
        "COMMENT ON COLUMN s.t.c IS NULL",
        "postgresql",
        AlterColumn(span=NOWHERE, table=S, column="c", comment=DROP),
    ),
    ("COMMENT ON VIEW v IS 'x'", "postgresql", Administer(span=NOWHERE, command="COMMENT ON VIEW")),
    ("UNLOCK TABLES", "mysql", Administer(span=NOWHERE, command="UNLOCK")),
]


@pytest.mark.parametrize(("sql", "dialect", "expected"), CASES)
def test_fields(sql: str, dialect: str, expected: AnyOperation) -> None:
    assert one(sql, dialect) == expected


def test_lists_are_one_operation_each() -> None:
    assert [type(found) for found in read("LOCK a, b; ANALYZE a, b")] == [LockTable] * 2 + [Maintain] * 2
    names = [found.name for found in read("SET a = 1, @b = 2", "mysql") if isinstance(found, SetParameter)]
    assert names == ["a", "@b"]
