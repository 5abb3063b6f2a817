"""Statements and the operations they are: each claim about MariaDB stands in this table once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrate_guard.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    AnyOperation,
    Check,
    Column,
    CommentTable,
    Computed,
    Constraint,
    CreateIndex,
    Default,
    DropColumn,
    DropConstraint,
    DropIndex,
    ForeignKey,
    Index,
    Maintain,
    PrimaryKey,
    RenameColumn,
    RenameIndex,
    SqlText,
    SqlType,
    TableName,
    Unique,
)
from migrate_guard.schema import Schema
from tests.dialects.shop import BIGINT, INTEGER, SPAN, TEXT, column, index, schema, table

T, KEYLESS, GENERATED = TableName("t"), TableName("keyless"), TableName("generated")
MB4, LATIN = "utf8mb4_general_ci", "latin1_swedish_ci"

# Each table with the statements that make and fill it.
SETUP = {
    "u": (
        "CREATE TABLE u (id bigint PRIMARY KEY, v int) ENGINE=InnoDB",
        "INSERT INTO u SELECT seq, seq FROM seq_1_to_50",
    ),
    "t": (
        """CREATE TABLE t (
            id bigint PRIMARY KEY, a int, b varchar(50) NOT NULL DEFAULT 'x', c varchar(10), d decimal(10,2),
            e enum('a','b'), f bigint, txt text, n int NOT NULL, l varchar(200) CHARACTER SET latin1,
            big varchar(300), KEY ia (a), UNIQUE KEY un (n), CONSTRAINT ck CHECK (a < 100000),
            CONSTRAINT fk1 FOREIGN KEY (f) REFERENCES u (id)
        ) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci""",
        "INSERT INTO t SELECT seq, seq, seq, seq, seq, 'a', seq, 'x', seq, 'l', 'b' FROM seq_1_to_50",
    ),
    "keyless": (
        "CREATE TABLE keyless (id bigint NOT NULL, up bigint, txt text, FULLTEXT KEY ft (txt)) ENGINE=InnoDB",
        "INSERT INTO keyless SELECT seq, seq, 'x' FROM seq_1_to_50",
    ),
    "generated": (
        """CREATE TABLE generated (
            id bigint PRIMARY KEY, a int, v int AS (a * 2) VIRTUAL, s int AS (a * 2) STORED
        ) ENGINE=InnoDB""",
        "INSERT INTO generated (id, a) SELECT seq, seq FROM seq_1_to_50",
    ),
}


def text(length: int, collation: str | None = MB4) -> SqlType:
    """Return a VARCHAR of a character set."""
    return SqlType("VARCHAR", (length,), collation=collation)


def enum(*labels: str) -> SqlType:
    """Return an ENUM as MariaDB has it."""
    return SqlType("ENUM", labels=labels)


def shop() -> Schema:
    """Return the schema that `SETUP` makes."""
    main = table(
        "t",
        [
            column("id", BIGINT, required=True),
            column("a", INTEGER),
            column("b", text(50), required=True),
            column("c", text(10)),
            column("d", SqlType("NUMERIC", (10, 2))),
            column("e", enum("a", "b")),
            column("f", BIGINT),
            column("txt", TEXT),
            column("n", INTEGER, required=True),
            column("l", text(200, LATIN)),
            column("big", text(300)),
        ],
        [
            PrimaryKey(None, ("id",)),
            Unique("un", ("n",)),
            ForeignKey("fk1", ("f",), TableName("u"), ("id",)),
            Check("ck", "a < 100000"),
        ],
        [index("ia", "t", "a")],
    )
    keyless = table(
        "keyless",
        [column("id", BIGINT, required=True), column("up", BIGINT), column("txt", TEXT)],
        [],
        [replace(index("ft", "keyless", "txt"), method="fulltext")],
    )
    generated = table(
        "generated",
        [
            column("id", BIGINT, required=True),
            column("a", INTEGER),
            Column("v", INTEGER, computed=Computed("a * 2", stored=False)),
            Column("s", INTEGER, computed=Computed("a * 2", stored=True)),
        ],
        [PrimaryKey(None, ("id",))],
    )
    other = table(
        "u", [column("id", BIGINT, required=True), column("v", INTEGER)], [PrimaryKey(None, ("id",))]
    )
    return schema("mariadb", [main, keyless, generated, other])


@dataclass(frozen=True)
class Case:
    """A statement and the operation it is; several statements when Alembic writes several."""

    sql: str
    operation: AnyOperation


def added(
    sql: str,
    made: Column,
    *,
    table_name: TableName = T,
    constraints: tuple[Constraint, ...] = (),
    indexes: tuple[Index, ...] = (),
) -> Case:
    statement = f"ALTER TABLE {table_name} ADD COLUMN {sql}"
    operation = AddColumn(
        span=SPAN,
        table=table_name,
        column=made,
        constraints=constraints,
        indexes=indexes,
        inline=True,
        sql=SqlText(statement),
    )
    return Case(statement, operation)


def modified(name: str, sql: str, of: SqlType | None = None, *, nullable: bool | None = None) -> Case:
    operation = AlterColumn(span=SPAN, table=T, column=name, type=of, nullable=nullable, restates=True)
    return Case(f"ALTER TABLE t MODIFY {name} {sql}", operation)


def constrained(sql: str, constraint: Constraint, *, table_name: TableName = T) -> Case:
    operation = AddConstraint(span=SPAN, table=table_name, constraint=constraint)
    return Case(f"ALTER TABLE {table_name} ADD CONSTRAINT {sql}", operation)


def unbound(name: str, sql: str, *, table_name: TableName = T) -> Case:
    return Case(f"ALTER TABLE {table_name} {sql}", DropConstraint(span=SPAN, table=table_name, name=name))


COLUMNS = [
    added("x int", Column("x", INTEGER)),
    added("x int AFTER id", Column("x", INTEGER)),
    added("x int NOT NULL DEFAULT 5", Column("x", INTEGER, nullable=False, default=Default("5"))),
    added(
        "x datetime DEFAULT current_timestamp()",
        Column("x", SqlType("DATETIME"), default=Default("current_timestamp()")),
    ),
    added("x varchar(36) DEFAULT (uuid())", Column("x", text(36), default=Default("(uuid())"))),
    added("x varchar(36) DEFAULT (lower('A'))", Column("x", text(36), default=Default("(lower('A'))"))),
    added("x date DEFAULT (curdate())", Column("x", SqlType("DATE"), default=Default("(curdate())"))),
    added("x int AS (a * 2) VIRTUAL", Column("x", INTEGER, computed=Computed("a * 2", stored=False))),
    added("x int AS (a * 2) STORED", Column("x", INTEGER, computed=Computed("a * 2", stored=True))),
    added("x int UNIQUE", Column("x", INTEGER), constraints=(Unique(None, ("x",)),)),
    added("x int, ADD INDEX ix (x)", Column("x", INTEGER), indexes=(index("ix", "t", "x"),)),
    added(
        "x bigint, ADD FOREIGN KEY (x) REFERENCES u (id)",
        Column("x", BIGINT),
        constraints=(ForeignKey(None, ("x",), TableName("u"), ("id",)),),
    ),
    added(
        "x bigint AUTO_INCREMENT PRIMARY KEY",
        Column("x", BIGINT, nullable=False, serial=True),
        table_name=TableName("keyless"),
        constraints=(PrimaryKey(None, ("x",)),),
    ),
    added("x int", Column("x", INTEGER), table_name=KEYLESS),
    Case("ALTER TABLE t DROP COLUMN c", DropColumn(span=SPAN, table=T, column="c")),
    Case("ALTER TABLE t DROP COLUMN a", DropColumn(span=SPAN, table=T, column="a")),
    Case("ALTER TABLE generated DROP COLUMN v", DropColumn(span=SPAN, table=GENERATED, column="v")),
    Case("ALTER TABLE generated DROP COLUMN s", DropColumn(span=SPAN, table=GENERATED, column="s")),
    Case("ALTER TABLE t RENAME COLUMN c TO c2", RenameColumn(span=SPAN, table=T, column="c", to="c2")),
    modified("c", "varchar(10)", text(10)),
    modified("c", "varchar(20)", text(20)),
    modified("c", "varchar(100)", text(100)),
    modified("b", "varchar(63) NOT NULL DEFAULT 'x'", text(63), nullable=False),
    modified("b", "varchar(64) NOT NULL DEFAULT 'x'", text(64), nullable=False),
    modified("l", "varchar(255) CHARACTER SET latin1", text(255, LATIN)),
    modified("l", "varchar(256) CHARACTER SET latin1", text(256, LATIN)),
    modified("big", "varchar(400)", text(400)),
    modified("c", "varchar(5)", text(5)),
    modified("c", "text", SqlType("TEXT", collation=MB4)),
    modified("a", "bigint", BIGINT),
    modified("a", "int unsigned", SqlType("INTEGER", unsigned=True)),
    modified("a", "int(5)", SqlType("INTEGER", (5,))),
    modified("d", "decimal(12,2)", SqlType("DECIMAL", (12, 2))),
    modified("e", "enum('a','b','c')", enum("a", "b", "c")),
    modified("e", "enum('b','a')", enum("b", "a")),
    modified("e", "varchar(10)", text(10, None)),
    modified("d", "decimal(10,2) NOT NULL", nullable=False),
    modified("n", "int NULL", nullable=True),
    modified("b", "varchar(50) DEFAULT 'x'"),
    modified("c", "varchar(10)", nullable=True),
    Case(
        "ALTER TABLE t ALTER c SET DEFAULT 'x'",
        AlterColumn(span=SPAN, table=T, column="c", default=Default("'x'")),
    ),
    Case(
        "ALTER TABLE t MODIFY c varchar(10) COMMENT 'x'",
        AlterColumn(span=SPAN, table=T, column="c", comment="x"),
    ),
]

CONSTRAINTS = [
    constrained("fk2 FOREIGN KEY (f) REFERENCES u (id)", ForeignKey("fk2", ("f",), TableName("u"), ("id",))),
    constrained("ck2 CHECK (a > 0)", Check("ck2", "a > 0")),
    constrained("uq UNIQUE (c)", Unique("uq", ("c",))),
    constrained("PRIMARY KEY (id)", PrimaryKey(None, ("id",)), table_name=KEYLESS),
    unbound("fk1", "DROP FOREIGN KEY fk1"),
    unbound("ck", "DROP CONSTRAINT ck"),
    unbound("un", "DROP INDEX un"),
    Case(
        "ALTER TABLE generated DROP PRIMARY KEY",
        DropConstraint(span=SPAN, table=GENERATED, name=None, kind="primary"),
    ),
    Case("CREATE INDEX i ON t (c)", CreateIndex(span=SPAN, index=index("i", "t", "c"))),
    Case("CREATE UNIQUE INDEX i ON t (c)", CreateIndex(span=SPAN, index=index("i", "t", "c", unique=True))),
    Case(
        "CREATE FULLTEXT INDEX i ON t (txt)",
        CreateIndex(span=SPAN, index=replace(index("i", "t", "txt"), method="fulltext")),
    ),
    Case(
        "CREATE FULLTEXT INDEX i ON keyless (txt)",
        CreateIndex(span=SPAN, index=replace(index("i", "keyless", "txt"), method="fulltext")),
    ),
    Case("ALTER TABLE t DROP INDEX ia", DropIndex(span=SPAN, name="ia", table=T)),
    Case("ALTER TABLE t RENAME INDEX ia TO ib", RenameIndex(span=SPAN, name="ia", to="ib", table=T)),
]

TABLES = [
    Case("ALTER TABLE t COMMENT 'x'", CommentTable(span=SPAN, table=T, comment="x")),
    Case(
        "ALTER TABLE t CONVERT TO CHARACTER SET latin1",
        AlterTable(span=SPAN, table=T, action="convert-charset"),
    ),
    Case(
        "ALTER TABLE t DEFAULT CHARACTER SET latin1",
        AlterTable(span=SPAN, table=T, action="default-charset"),
    ),
    Case(
        "ALTER TABLE t ENGINE=InnoDB", AlterTable(span=SPAN, table=T, action="engine", detail="ENGINE=InnoDB")
    ),
    Case("ALTER TABLE t FORCE", Maintain(span=SPAN, command="OPTIMIZE TABLE", target=T)),
    Case("ALTER TABLE keyless FORCE", Maintain(span=SPAN, command="OPTIMIZE TABLE", target=KEYLESS)),
]

CASES = [*COLUMNS, *CONSTRAINTS, *TABLES]
