"""What `alembic check` does not see of a change of the models, as tables before and after it.

Measured with Alembic 1.20 and default options on PostgreSQL 15, MariaDB 10.11 and SQLite 3.40.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.evidence.in_line import EVERY, MARIADB, POSTGRESQL

SQLITE = ("sqlite",)


@dataclass(frozen=True)
class BlindSpot:
    """Items of the table `t` before and after a change, and what has to be said about it.

    `also` are further lines of the models after the change. `code` is what every line of the offered code
    together must contain.
    """

    before: str
    after: str
    said: tuple[str, ...]
    dialects: tuple[str, ...] = EVERY
    also: str = ""
    code: str = ""


BLIND_SPOTS: dict[str, BlindSpot] = {
    "enum value": BlindSpot(
        'sa.Column("e", sa.Enum("a", "c", name="e"))',
        'sa.Column("e", sa.Enum("a", "b", "c", name="e"))',
        ("enum e: labels: a, c -> a, b, c",),
        POSTGRESQL,
        code="ALTER TYPE e ADD VALUE 'b' AFTER 'a'",
    ),
    "enum value of MariaDB": BlindSpot(
        'sa.Column("e", sa.Enum("a", "c", name="e"))',
        'sa.Column("e", sa.Enum("a", "b", "c", name="e"))',
        ("column e of t: type: ENUM('a', 'c') -> Enum('a', 'b', 'c', name='e')",),
        MARIADB,
        code="type_=sa.Enum('a', 'b', 'c', name='e')",
    ),
    "enum value of a CHECK": BlindSpot(
        'sa.Column("e", sa.Enum("a", "c", native_enum=False, create_constraint=True, name="e"))',
        'sa.Column("e", sa.Enum("a", "b", "c", native_enum=False, create_constraint=True, name="e"))',
        ("check e of t: expression: ein('a','c') -> ein('a','b','c')",),
        code="e IN ('a', 'b', 'c')",
    ),
    "named CHECK": BlindSpot(
        "",
        'sa.CheckConstraint("n > 0", name="ck_n")',
        ("check ck_n of t: only in the models",),
        code='create_check_constraint("ck_n", ',
    ),
    "unnamed CHECK": BlindSpot(
        "",
        'sa.CheckConstraint("n > 0")',
        ("check t_n_check of t: only in the models",),
        POSTGRESQL,
        code='create_check_constraint("t_n_check", ',
    ),
    "text of a CHECK": BlindSpot(
        'sa.CheckConstraint("n > 0", name="ck_n")',
        'sa.CheckConstraint("n > 1", name="ck_n")',
        ("check ck_n of t: expression: n>0 -> n>1",),
        code="n > 1",
    ),
    "CHECK of a Boolean": BlindSpot(
        'sa.Column("b", sa.Boolean(name="ck_b"))',
        'sa.Column("b", sa.Boolean(name="ck_b", create_constraint=True))',
        ("check ck_b of t: only in the models",),
        ("mariadb", "sqlite"),
    ),
    "server default": BlindSpot(
        'sa.Column("d", sa.String(9), server_default="a")',
        'sa.Column("d", sa.String(9), server_default="b")',
        ("column d of t: default: 'a' -> 'b'",),
        code="server_default=sa.text(\"'b'\")",
    ),
    "server default added": BlindSpot(
        'sa.Column("d", sa.Integer)',
        'sa.Column("d", sa.Integer, server_default="0")',
        ("column d of t: default: None -> 0",),
    ),
    "server default removed": BlindSpot(
        'sa.Column("d", sa.DateTime, server_default=sa.func.now())',
        'sa.Column("d", sa.DateTime)',
        ("column d of t: default: now() -> None",),
        code="server_default=None",
    ),
    "identity": BlindSpot(
        'sa.Column("i", sa.Integer, nullable=False)',
        'sa.Column("i", sa.Integer, sa.Identity())',
        ("column i of t: identity: None -> given",),
        POSTGRESQL,
        code="server_default=sa.Identity()",
    ),
    "computed": BlindSpot(
        'sa.Column("c", sa.Integer, sa.Computed("n * 2", persisted=True))',
        'sa.Column("c", sa.Integer, sa.Computed("n * 3", persisted=True))',
        ("column c of t: computed: n*2 -> n*3",),
    ),
    "condition of an index": BlindSpot(
        'sa.Index("ix", "n", postgresql_where=sa.text("n > 0"), sqlite_where=sa.text("n > 0"))',
        'sa.Index("ix", "n", postgresql_where=sa.text("n > 1"), sqlite_where=sa.text("n > 1"))',
        ("index ix of t: where: n>0 -> n>1",),
        ("postgresql", "sqlite"),
        code='_where=sa.text("n > 1")',
    ),
    "method of an index": BlindSpot(
        'sa.Column("j", postgresql.JSONB), sa.Index("ix", "j")',
        'sa.Column("j", postgresql.JSONB), sa.Index("ix", "j", postgresql_using="gin")',
        ("index ix of t: method: btree -> gin",),
        POSTGRESQL,
        code='postgresql_using="gin"',
    ),
    "sequence": BlindSpot(
        "",
        "",
        ("sequence number: only in the models",),
        POSTGRESQL,
        also='sa.Sequence("number", metadata=metadata)',
        code="CREATE SEQUENCE number",
    ),
    "EXCLUDE": BlindSpot(
        'sa.Column("r", postgresql.TSRANGE)',
        'sa.Column("r", postgresql.TSRANGE), postgresql.ExcludeConstraint(("r", "&&"), name="ex_r")',
        ("exclude ex_r of t: only in the models",),
        POSTGRESQL,
        code="ALTER TABLE t ADD CONSTRAINT ex_r EXCLUDE USING gist (r WITH &&)",
    ),
    "columns of the primary key": BlindSpot(
        'sa.Column("k", sa.Integer, nullable=False)',
        'sa.Column("k", sa.Integer, primary_key=True, autoincrement=False)',
        ("primary key t_pkey of t: columns: id -> id, k",),
        POSTGRESQL,
        code='create_primary_key("t_pkey", "t", ["id", "k"]',
    ),
    "columns of the primary key of MariaDB": BlindSpot(
        'sa.Column("k", sa.Integer, nullable=False)',
        'sa.Column("k", sa.Integer, primary_key=True, autoincrement=False)',
        ("primary key PRIMARY of t: columns: id -> id, k",),
        MARIADB,
    ),
    "columns of the primary key of SQLite": BlindSpot(
        'sa.Column("k", sa.Integer, nullable=False)',
        'sa.Column("k", sa.Integer, primary_key=True, autoincrement=False)',
        ("primary key id of t: columns: id -> id, k",),
        SQLITE,
    ),
    "autoincrement": BlindSpot(
        'sa.Column("k", sa.Integer, nullable=False)',
        'sa.Column("k", sa.Integer, nullable=False)',
        ("column id of t: autoincrement: true -> false",),
        ("postgresql", "mariadb"),
        also="t.c.id.autoincrement = False",
    ),
    "collation": BlindSpot(
        'sa.Column("s", sa.String(9, collation="utf8mb4_bin"))',
        'sa.Column("s", sa.String(9, collation="utf8mb4_general_ci"))',
        ("column s of t: type: VARCHAR(9) COLLATE utf8mb4_bin -> VARCHAR(9) COLLATE utf8mb4_general_ci",),
        MARIADB,
        code="utf8mb4_general_ci",
    ),
    "collation of PostgreSQL": BlindSpot(
        'sa.Column("s", sa.String(9, collation="C"))',
        'sa.Column("s", sa.String(9, collation="POSIX"))',
        ("column s of t: type: VARCHAR(9) COLLATE C -> VARCHAR(9) COLLATE POSIX",),
        POSTGRESQL,
        code="POSIX",
    ),
    "name of a foreign key": BlindSpot(
        'sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", name="fk_old"))',
        'sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", name="fk_new"))',
        ("foreign key fk_old of t: name: fk_old -> fk_new",),
        code="fk_new",
    ),
}
