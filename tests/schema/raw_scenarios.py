"""Histories written in raw SQL, one statement a step."""

from __future__ import annotations

import sqlalchemy as sa

from tests.schema.recorded import Step


def _sql(*statements: str) -> list[Step]:
    return [lambda op, text=text: op.execute(sa.text(text)) for text in statements]  # type: ignore[misc]


POSTGRESQL_SQL: dict[str, list[Step]] = {
    "raw tables": _sql(
        "CREATE TABLE a (id serial PRIMARY KEY, n text NOT NULL DEFAULT 'x', k int UNIQUE CHECK (k > 0))",
        "CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY, a_id int REFERENCES a ON DELETE CASCADE)",
        "ALTER TABLE b ADD COLUMN c numeric(8, 2), ADD CONSTRAINT uq UNIQUE (c)",
        "ALTER TABLE b ALTER COLUMN a_id SET NOT NULL, ALTER a_id SET DEFAULT 1",
        "CREATE INDEX ON b (a_id, c)",
        "CREATE INDEX ON b (a_id, c)",
        "CREATE INDEX ON b (lower(c::text))",
        "CREATE UNIQUE INDEX ix_b ON b (c) WHERE a_id > 3",
        "ALTER TABLE b RENAME COLUMN c TO d",
        "ALTER INDEX ix_b RENAME TO ix_d",
        "ALTER TABLE b RENAME CONSTRAINT uq TO uq_d",
        "ALTER TABLE b ALTER COLUMN d TYPE double precision USING d::double precision",
        "ALTER TABLE a RENAME TO z",
        "ALTER TABLE z DROP CONSTRAINT a_k_key",
        "ALTER TABLE b DROP COLUMN d",
        "DROP TABLE z CASCADE",
        "DROP TABLE b",
    ),
    "a constraint from an index": _sql(
        "CREATE TABLE t (id int NOT NULL, n int)",
        "CREATE UNIQUE INDEX i ON t (id)",
        "CREATE UNIQUE INDEX j ON t (n)",
        "ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY USING INDEX i",
        "ALTER TABLE t ADD CONSTRAINT t_unique UNIQUE USING INDEX j",
    ),
    "partitions": _sql(
        "CREATE TABLE p (id int, k int NOT NULL, n text, PRIMARY KEY (id, k)) PARTITION BY RANGE (k)",
        "CREATE INDEX ON p (n)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
        "ALTER TABLE p ADD COLUMN m text DEFAULT 'q'",
        "CREATE INDEX ix_m ON p (m)",
        "ALTER TABLE p ADD CONSTRAINT ck CHECK (id > 0)",
        "ALTER TABLE p ADD UNIQUE (id, k)",
        "ALTER TABLE p RENAME COLUMN m TO o",
        "DROP INDEX ix_m",
        "ALTER TABLE p DROP CONSTRAINT ck",
        "ALTER TABLE p DETACH PARTITION p1",
        "ALTER TABLE p DROP COLUMN o",
        "DROP TABLE p",
    ),
    "inheritance": _sql(
        "CREATE TABLE parent (id int NOT NULL, n text DEFAULT 'd', CONSTRAINT ck CHECK (id > 0))",
        "CREATE TABLE child (x int) INHERITS (parent)",
        "ALTER TABLE parent ADD COLUMN y int",
        "ALTER TABLE parent RENAME COLUMN n TO m",
        "ALTER TABLE parent DROP COLUMN y",
    ),
    "enum types": _sql(
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE m (id int, mood mood DEFAULT 'ok')",
        "ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad'",
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
        "ALTER TYPE mood RENAME TO feeling",
        "CREATE TYPE mood AS ENUM ('new')",
        "ALTER TABLE m ALTER COLUMN mood DROP DEFAULT, ALTER COLUMN mood TYPE text",
        "DROP TYPE feeling",
        "ALTER TABLE m ALTER COLUMN mood TYPE mood USING mood::mood",
        "DROP TYPE mood CASCADE",
    ),
    "names in capitals": _sql(
        'CREATE TABLE "Order" ("Id" int PRIMARY KEY, "Total" int CHECK ("Total" > 0), "B c" int UNIQUE)',
        'ALTER TABLE "Order" RENAME COLUMN "Total" TO amount',
        'ALTER TABLE "Order" RENAME COLUMN "B c" TO "B d"',
    ),
}

MARIADB_SQL: dict[str, list[Step]] = {
    "raw tables": _sql(
        "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n INT NOT NULL DEFAULT 3, k INT, UNIQUE (k))",
        "CREATE TABLE b (id BIGINT, a_id INT, FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE)",
        "ALTER TABLE b ADD PRIMARY KEY (id), ADD COLUMN c DECIMAL(8, 2) NOT NULL, ADD KEY (c)",
        "ALTER TABLE b ADD KEY (c)",
        "ALTER TABLE b CHANGE c d DECIMAL(9, 2)",
        "ALTER TABLE b MODIFY d DECIMAL(9, 2) NOT NULL DEFAULT 3",
        "ALTER TABLE b ALTER COLUMN d SET DEFAULT 4",
        "ALTER TABLE b ADD UNIQUE (d, a_id)",
        "ALTER TABLE b RENAME INDEX c_2 TO e",
        "ALTER TABLE b DROP FOREIGN KEY b_ibfk_1",
        "ALTER TABLE b ADD CONSTRAINT FOREIGN KEY (a_id) REFERENCES a (id), ADD CHECK (d > 0)",
        "RENAME TABLE b TO c",
        "ALTER TABLE c DROP PRIMARY KEY",
        "DROP INDEX e ON c",
    ),
}

SQLITE_SQL: dict[str, list[Step]] = {
    "raw tables": _sql(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL DEFAULT 'x', k INT UNIQUE)",
        "CREATE TABLE b (id INT NOT NULL, a_id INT, FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE)",
        "ALTER TABLE b ADD COLUMN c DECIMAL(8, 2) NOT NULL DEFAULT 1",
        "CREATE INDEX ix ON b (c) WHERE id > 4",
        "ALTER TABLE b RENAME COLUMN id TO number",
        "ALTER TABLE a RENAME TO z",
        "DROP INDEX ix",
        "ALTER TABLE b DROP COLUMN c",
    ),
}
