"""Write raw SQL of many kinds."""

import sqlalchemy as sa
from alembic import op

revision = "statements"
down_revision = "objects"


SQL = """
-- a comment; with a semicolon
CREATE TABLE raw (id INTEGER PRIMARY KEY, "Quoted Name" VARCHAR(10) NOT NULL DEFAULT 'it''s; ok');
CREATE UNIQUE INDEX ix_raw ON raw ("Quoted Name");
"""
SINGLE = "ALTER TABLE raw ADD COLUMN r1 INTEGER"


def upgrade() -> None:
    for statement in SQL.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(SINGLE)
    op.execute("INSERT INTO raw (id, \"Quoted Name\") VALUES (1, 'a'), (2, 'b')")
    op.execute("UPDATE raw SET r1 = CASE WHEN id > 1 THEN 2 ELSE 3 END")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE raw ADD COLUMN r2 TEXT, ALTER COLUMN r1 SET NOT NULL,"
            " ADD CONSTRAINT fk_raw FOREIGN KEY (r1) REFERENCES raw (id) NOT VALID"
        )
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_raw_r2 ON raw USING gin (r2) WHERE r2 IS NOT NULL"
        )
        op.execute(
            "CREATE FUNCTION touch() RETURNS trigger AS $$ BEGIN DELETE FROM raw; END $$ LANGUAGE plpgsql"
        )
        op.execute("CREATE TRIGGER touched BEFORE UPDATE ON raw FOR EACH ROW EXECUTE FUNCTION touch()")
        op.execute("SET LOCAL lock_timeout = '5s'")
        op.execute(sa.text("COMMENT ON COLUMN raw.r2 IS 'what'"))
    op.execute("DROP TABLE raw")
