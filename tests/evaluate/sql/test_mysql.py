"""What MySQL and MariaDB statements become, field by field."""

from __future__ import annotations

import pytest

from migrate_guard.operations import (
    DROP,
    UNKNOWN,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    AnyOperation,
    Check,
    Column,
    CommentTable,
    CreateIndex,
    CreateTable,
    Default,
    DropConstraint,
    DropIndex,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    RenameColumn,
    RenameIndex,
    RenameTable,
    SqlType,
    TableName,
    Unique,
)
from tests.evaluate.sql.reading import INTEGER, NOWHERE, T, one, read

VARCHAR = SqlType("VARCHAR", (5,))


CASES: list[tuple[str, AnyOperation]] = [
    (
        "ALTER TABLE `t` MODIFY `c` VARCHAR(5) NOT NULL DEFAULT 'x' COMMENT 'it\\'s' AFTER b",
        AlterColumn(
            span=NOWHERE,
            table=T,
            column="c",
            type=VARCHAR,
            nullable=False,
            default=Default("'x'"),
            comment="it's",
            restates=True,
        ),
    ),
    (
        "ALTER TABLE t MODIFY c INT",
        AlterColumn(span=NOWHERE, table=T, column="c", type=INTEGER, restates=True),
    ),
    (
        "ALTER TABLE t MODIFY c INT NULL DEFAULT NULL",
        AlterColumn(
            span=NOWHERE, table=T, column="c", type=INTEGER, nullable=True, default=DROP, restates=True
        ),
    ),
    (
        "ALTER TABLE t CHANGE c c INT AUTO_INCREMENT",
        AlterColumn(span=NOWHERE, table=T, column="c", type=INTEGER, autoincrement=True, restates=True),
    ),
    (
        "ALTER TABLE t DROP FOREIGN KEY f",
        DropConstraint(span=NOWHERE, table=T, name="f", kind="foreignkey"),
    ),
    (
        "ALTER TABLE t DROP PRIMARY KEY",
        DropConstraint(span=NOWHERE, table=T, name="PRIMARY", kind="primary"),
    ),
    ("ALTER TABLE t DROP CHECK k", DropConstraint(span=NOWHERE, table=T, name="k", kind="check")),
    ("ALTER TABLE t DROP CONSTRAINT k", DropConstraint(span=NOWHERE, table=T, name="k")),
    ("ALTER TABLE t DROP KEY ix", DropIndex(span=NOWHERE, name="ix", table=T)),
    ("DROP INDEX ix ON t", DropIndex(span=NOWHERE, name="ix", table=T)),
    ("ALTER TABLE t RENAME INDEX a TO b", RenameIndex(span=NOWHERE, name="a", to="b", table=T)),
    ("ALTER TABLE t RENAME u", RenameTable(span=NOWHERE, table=T, to=TableName("u"))),
    ("ALTER TABLE t COMMENT 'x'", CommentTable(span=NOWHERE, table=T, comment="x")),
    (
        "ALTER TABLE t ENGINE = InnoDB",
        AlterTable(span=NOWHERE, table=T, action="engine", detail="ENGINE = InnoDB"),
    ),
    (
        "ALTER TABLE t ADD UNIQUE KEY u (a)",
        CreateIndex(span=NOWHERE, index=Index("u", T, (IndexPart("a"),), unique=True)),
    ),
    (
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE KEY (a)",
        AddConstraint(span=NOWHERE, table=T, constraint=Unique("u", ("a",))),
    ),
    (
        "ALTER TABLE t ADD FULLTEXT INDEX ft (a), ALGORITHM=INPLACE, LOCK=SHARED",
        CreateIndex(
            span=NOWHERE,
            index=Index("ft", T, (IndexPart("a"),), method="fulltext"),
            algorithm="INPLACE",
            lock="SHARED",
        ),
    ),
    (
        "ALTER TABLE t ADD INDEX IF NOT EXISTS ix (a(10), b DESC, (lower(c)))",
        CreateIndex(
            span=NOWHERE,
            index=Index(
                "ix",
                T,
                (
                    IndexPart("a", sort="(10)"),
                    IndexPart("b", sort="DESC"),
                    IndexPart(expression="(lower(c))"),
                ),
            ),
            if_not_exists=True,
        ),
    ),
    (
        "ALTER TABLE t ADD FOREIGN KEY fk (a) REFERENCES s.u (id)",
        AddConstraint(
            span=NOWHERE, table=T, constraint=ForeignKey("fk", ("a",), TableName("u", "s"), ("id",))
        ),
    ),
    (
        "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED",
        AddConstraint(span=NOWHERE, table=T, constraint=Check(None, "a > 0", validated=False)),
    ),
    (
        "CREATE TABLE Foo LIKE Bar",
        CreateTable(span=NOWHERE, table=TableName("Foo"), columns=UNKNOWN, like=TableName("Bar")),
    ),
]


@pytest.mark.parametrize(("sql", "expected"), CASES)
def test_fields(sql: str, expected: AnyOperation) -> None:
    assert one(sql, "mysql") == expected
    assert one(sql, "mariadb") == expected


def test_change_renames_behind_the_alteration() -> None:
    alter, rename = read("ALTER TABLE t CHANGE a b INT NOT NULL", "mysql")
    assert alter == AlterColumn(
        span=NOWHERE, table=T, column="a", type=INTEGER, nullable=False, restates=True
    )
    assert rename == RenameColumn(span=NOWHERE, table=T, column="a", to="b")


def test_modify_can_add_a_key() -> None:
    alter, key = read("ALTER TABLE t MODIFY a INT AUTO_INCREMENT PRIMARY KEY", "mysql")
    assert isinstance(alter, AlterColumn)
    assert alter.nullable is False
    assert key == AddConstraint(span=NOWHERE, table=T, constraint=PrimaryKey(None, ("a",)))


def test_a_whole_table() -> None:
    operation = one(
        "CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT, `a` varchar(5) DEFAULT NULL, "
        "PRIMARY KEY (`id`), UNIQUE KEY `u` (`a`), KEY `k` (`a`(3)), "
        "CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `u` (`b`) ON DELETE CASCADE"
        ") ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='x'",
        "mysql",
    )
    assert operation == CreateTable(
        span=NOWHERE,
        table=T,
        columns=(
            Column("id", INTEGER, nullable=False, autoincrement=True, serial=True),
            Column("a", VARCHAR),
        ),
        constraints=(
            PrimaryKey(None, ("id",)),
            Unique("u", ("a",)),
            ForeignKey("f", ("a",), TableName("u"), ("b",), ondelete="CASCADE"),
        ),
        indexes=(Index("k", T, (IndexPart("a", sort="(3)"),)),),
        comment="x",
    )


@pytest.mark.parametrize(
    ("dialect", "heeded"),
    [
        ("mysql:8.4", False),
        ("mysql:9.1", True),
        ("mysql", True),
        ("mariadb:10.4", False),
        ("mariadb:10.5", True),
        ("postgresql:10", True),
    ],
)
def test_references_on_a_column(dialect: str, heeded: bool) -> None:
    operation = one("ALTER TABLE t ADD c INT REFERENCES u (id)", dialect)
    assert isinstance(operation, AddColumn)
    assert bool(operation.constraints) is heeded
