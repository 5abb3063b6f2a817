"""Models that the migrations agree with: nothing may be said about them on any dialect.

Types are one column each of one table; the other cases are definitions of tables in `metadata`.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERY = ("postgresql", "mariadb", "sqlite")
POSTGRESQL = ("postgresql",)
MARIADB = ("mariadb",)

TYPES = {
    EVERY: """
sa.BigInteger() | sa.Boolean() | sa.Boolean(create_constraint=True, name="b") | sa.Date() | sa.DateTime()
sa.DateTime(timezone=True) | sa.Double() | sa.Float() | sa.Float(10) | sa.Float(53)
sa.Integer() | sa.Interval() | sa.JSON() | sa.JSON(none_as_null=True) | sa.LargeBinary()
sa.LargeBinary(20) | sa.Numeric() | sa.Numeric(10) | sa.Numeric(10, 2) | sa.Numeric(10, 0) | sa.PickleType()
sa.SmallInteger() | sa.String(20) | sa.Text() | sa.Text(100) | sa.Time() | sa.Unicode(20) | sa.UnicodeText()
sa.Uuid() | sa.Uuid(as_uuid=False) | sa.Uuid(native_uuid=False)
sa.CHAR(3) | sa.CHAR() | sa.VARCHAR(30) | sa.NCHAR(4) | sa.DECIMAL(8, 3) | sa.DECIMAL()
sa.REAL() | sa.FLOAT() | sa.INTEGER() | sa.INT() | sa.BIGINT() | sa.SMALLINT() | sa.TIMESTAMP() | sa.DATE()
sa.TIME() | sa.TEXT() | sa.NUMERIC(4) | sa.DOUBLE() | sa.DOUBLE_PRECISION() | sa.BOOLEAN()
sa.Enum("a", "b", name="plain") | sa.Enum("it's", "ü", "x,y", name="odd")
sa.Enum("a", "bb", native_enum=False, name="n1") | sa.Enum("a", "b", native_enum=False, length=20)
sa.Enum("a", "b", native_enum=False, create_constraint=True, name="n2")
sa.Integer().with_variant(sa.BigInteger(), "postgresql") | sa.String(7).with_variant(sa.Text(), "sqlite")
sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
""",
    POSTGRESQL: """
sa.String() | sa.Unicode() | sa.VARCHAR() | sa.CLOB(9).with_variant(sa.Text(), "postgresql")
sa.ARRAY(sa.Integer()) | sa.ARRAY(sa.String(5)) | sa.ARRAY(sa.Text(), dimensions=2) | sa.UUID()
sa.ARRAY(sa.Enum("u", "v", name="inside")) | sa.ARRAY(sa.Numeric(5, 1)) | sa.ARRAY(sa.DateTime(timezone=True))
postgresql.ARRAY(postgresql.UUID()) | postgresql.BIT() | postgresql.BIT(4) | postgresql.BIT(6, varying=True)
postgresql.BYTEA() | postgresql.CIDR() | postgresql.CITEXT() | postgresql.DATERANGE()
postgresql.DOUBLE_PRECISION() | postgresql.ENUM("p", "q", name="own") | postgresql.HSTORE()
postgresql.INET() | postgresql.INT4RANGE() | postgresql.INT8RANGE() | postgresql.NUMRANGE()
postgresql.INTERVAL() | postgresql.INTERVAL(precision=3) | postgresql.INTERVAL(fields="DAY")
postgresql.JSON() | postgresql.JSONB() | postgresql.JSONPATH() | postgresql.MACADDR()
postgresql.MACADDR8() | postgresql.MONEY() | postgresql.OID() | postgresql.REGCLASS()
postgresql.REGCONFIG() | postgresql.TIME(precision=3) | postgresql.TIME(timezone=True)
postgresql.TIMESTAMP(precision=3) | postgresql.TIMESTAMP(timezone=True, precision=6)
postgresql.TSMULTIRANGE() | postgresql.TSQUERY() | postgresql.TSRANGE() | postgresql.TSTZRANGE()
postgresql.TSVECTOR() | postgresql.UUID() | postgresql.NUMMULTIRANGE() | sa.Text(collation="C")
sa.String(12, collation="en_US") | sa.TIMESTAMP(timezone=True) | sa.Numeric(3, -1)
""",
    ("mariadb", "sqlite"): """
sa.NVARCHAR(5)
""",
    MARIADB: """
mysql.TINYINT() | mysql.TINYINT(1) | mysql.TINYINT(unsigned=True) | mysql.MEDIUMINT() | mysql.BIT(5)
mysql.INTEGER(unsigned=True) | mysql.INTEGER(display_width=5) | mysql.BIGINT(20) | mysql.YEAR()
mysql.INTEGER(zerofill=True, unsigned=True) | mysql.DOUBLE(10, 3) | mysql.DOUBLE(asdecimal=False)
mysql.FLOAT(7, 2) | mysql.DECIMAL(9, 4, unsigned=True) | mysql.DATETIME(fsp=6) | mysql.TIMESTAMP(fsp=3)
mysql.TIME(fsp=2) | mysql.LONGTEXT() | mysql.MEDIUMTEXT() | mysql.TINYTEXT() | mysql.LONGBLOB()
mysql.MEDIUMBLOB() | mysql.TINYBLOB() | mysql.ENUM("m", "it's") | mysql.SET("s", "t") | mysql.JSON()
mysql.VARCHAR(9, charset="latin1") | mysql.VARCHAR(9, collation="utf8mb4_bin") | mysql.CHAR(2)
mysql.VARCHAR(40, charset="utf8mb4", collation="utf8mb4_bin") | sa.String(8, collation="utf8mb4_bin")
sa.BINARY(16) | sa.VARBINARY(40) | mysql.TEXT(70000) | sa.Text(70000) | sa.Numeric(65, 30)
""",
}


def types_of(dialect: str) -> str:
    """Return the definition of a table with a column for each type that a dialect has."""
    texts = [text for dialects, text in TYPES.items() if dialect in dialects]
    types = [one.strip() for text in texts for line in text.splitlines() for one in line.split(" | ")]
    columns = [
        f'    sa.Column("c{number}", {kind}),  # {kind}' for number, kind in enumerate(filter(None, types))
    ]
    return "\n".join(['every_type = sa.Table(\n    "every_type",\n    metadata,', *columns, ")"])


@dataclass(frozen=True)
class InLine:
    """Definitions of tables; `metadata` are the arguments of `sa.MetaData`, `options` of `configure()`."""

    tables: str
    metadata: str = ""
    options: str = ""
    dialects: tuple[str, ...] = EVERY


CONVENTION = (
    'naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", '
    '"ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s", '
    '"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}'
)
_SHOP = """
customers = sa.Table(
    "customers", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80), unique=True, nullable=False),
    sa.Column("name", sa.String(80), index=True),
    sa.Column("boss", sa.Integer, sa.ForeignKey("customers.id", ondelete="SET NULL")),
)
orders = sa.Table(
    "orders", metadata,
    sa.Column(
        "customer_id", sa.Integer, sa.ForeignKey("customers.id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    ),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("amount", sa.Numeric(10, 2)),
    sa.Column("again", sa.Integer, sa.ForeignKey("customers.id", name="fk_again", ondelete="RESTRICT")),
    sa.UniqueConstraint("number", "amount", name="uq_orders_both"),
    sa.Index("ix_orders_amount", "amount", "number"),
    sa.Index("ix_orders_unique", "amount", unique=True),
    {checks}
)
lines = sa.Table(
    "lines", metadata,
    sa.Column("customer_id", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False, index=True),
    sa.Column("text", sa.String(40), nullable=False, unique=True, index=True),
    sa.ForeignKeyConstraint(["customer_id", "number"], ["orders.customer_id", "orders.number"]),
    sa.PrimaryKeyConstraint("number", "customer_id", name="pk_of_lines"),
)
no_key = sa.Table("no_key", metadata, sa.Column("a", sa.Integer))
"""
_CHECKS = 'sa.CheckConstraint("amount > 0"), sa.CheckConstraint("number >= 0 AND number < 9", name="number")'
_NAMED_CHECKS = 'sa.CheckConstraint("amount > 0", name="amount")'
IN_LINE: dict[str, InLine] = {
    "keys": InLine(_SHOP.format(checks=_CHECKS)),
    "keys under a naming convention": InLine(_SHOP.format(checks=_NAMED_CHECKS), CONVENTION),
    "keys with every comparison asked for": InLine(
        _SHOP.format(checks=_CHECKS), options="compare_type=True, compare_server_default=True"
    ),
    "keys as batches": InLine(_SHOP.format(checks=_CHECKS), options="render_as_batch=True"),
    "defaults": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("s1", sa.String(20), server_default="plain"),
    sa.Column("s2", sa.String(20), server_default=""),
    sa.Column("s3", sa.String(20), server_default="it's"),
    sa.Column("s4", sa.String(20), server_default=sa.text("'quoted'")),
    sa.Column("n1", sa.Integer, server_default="0"),
    sa.Column("n2", sa.Integer, server_default=sa.text("-1")),
    sa.Column("n3", sa.Numeric(10, 2), server_default="0.00"),
    sa.Column("n4", sa.Float, server_default=sa.text("1.50")),
    sa.Column("n5", sa.Numeric(10, 2), server_default=sa.literal(7)),
    sa.Column("b1", sa.Boolean, server_default=sa.true()),
    sa.Column("b2", sa.Boolean, server_default=sa.false(), nullable=False),
    sa.Column("b3", sa.Boolean, server_default=sa.text("false")),
    sa.Column("b4", sa.Boolean, server_default="1"),
    sa.Column("d1", sa.DateTime, server_default=sa.func.now()),
    sa.Column("d2", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
    sa.Column("d3", sa.DateTime, server_default=sa.func.current_timestamp(), nullable=False),
    sa.Column("z1", sa.String(20), server_default=sa.null()),
    sa.Column("z2", sa.String(20), server_default=sa.text("NULL")),
    sa.Column("p1", sa.Integer, default=5),
    sa.Column("e1", sa.Enum("a", "b", name="e1"), server_default="a", nullable=False),
    sa.Column("k1", sa.Text, server_default=sa.text("(1 + 2)")),
)
"""
    ),
    "defaults of PostgreSQL": InLine(
        """

t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")),
    sa.Column("j1", sa.JSON, server_default="{}"),
    sa.Column("j2", postgresql.JSONB, server_default=sa.text("'{\\"a\\": 1}'::jsonb"), nullable=False),
    sa.Column("a1", sa.ARRAY(sa.Text), server_default="{}"),
    sa.Column("a2", sa.ARRAY(sa.Integer), server_default=sa.text("ARRAY[]::integer[]")),
    sa.Column("d1", sa.DateTime(timezone=True), server_default=sa.text("timezone('utc', now())")),
    sa.Column("d2", sa.Date, server_default=sa.text("CURRENT_DATE")),
    sa.Column("d3", sa.Interval, server_default=sa.text("interval '1 day'")),
    sa.Column("c1", sa.String(9), server_default=sa.text("'x'::character varying")),
    sa.Column("c2", sa.String(9), server_default=sa.cast(sa.literal("y"), sa.String(9))),
    sa.Column("f1", sa.String(90), server_default=sa.func.lower("ABC")),
    sa.Column("f2", sa.String(90), server_default=sa.text("(now() AT TIME ZONE 'utc'::text)")),
)
""",
        dialects=POSTGRESQL,
    ),
    "defaults of MariaDB": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", mysql.BIGINT(unsigned=True), primary_key=True),
    sa.Column("d1", mysql.DATETIME(fsp=6), server_default=sa.text("CURRENT_TIMESTAMP(6)")),
    sa.Column("d2", sa.TIMESTAMP, nullable=False,
              server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
    sa.Column("u1", sa.String(36), server_default=sa.text("(uuid())")),
    sa.Column("s1", sa.String(9), server_default="back\\\\slash"),
    mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin",
    mariadb_engine="InnoDB", mariadb_charset="utf8mb4",
)
""",
        dialects=MARIADB,
    ),
    "identity and computed": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=5, cycle=True), primary_key=True),
    sa.Column("a", sa.Integer, nullable=False),
    sa.Column("twice", sa.Integer, sa.Computed("a * 2")),
    sa.Column("thrice", sa.Integer, sa.Computed("a * 3", persisted=True)),
)
u = sa.Table(
    "u", metadata,
    sa.Column("n", sa.Integer, sa.Identity()),
    sa.Column("k", sa.SmallInteger, primary_key=True),
)
""",
        dialects=("sqlite",),
    ),
    "identity and computed where they are stored": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=5, cycle=True), primary_key=True),
    sa.Column("a", sa.Integer, nullable=False),
    sa.Column("b", sa.String(9)),
    sa.Column("thrice", sa.Integer, sa.Computed("a * 3", persisted=True)),
    sa.Column("low", sa.String(9), sa.Computed("lower(b)", persisted=True)),
)
u = sa.Table(
    "u", metadata,
    sa.Column("n", sa.Integer, sa.Identity()),
    sa.Column("k", sa.SmallInteger, primary_key=True),
)
""",
        dialects=POSTGRESQL,
    ),
    "computed of MariaDB": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.Integer, nullable=False),
    sa.Column("twice", sa.Integer, sa.Computed("a * 2")),
    sa.Column("thrice", sa.Integer, sa.Computed("a * 3", persisted=True)),
)
""",
        dialects=MARIADB,
    ),
    "indexes": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.String(9), index=True),
    sa.Column("b", sa.Integer, unique=True),
    sa.Column("c", sa.Integer, unique=True, index=True),
    sa.Column("deleted", sa.Boolean),
)
sa.Index("ix_partial", t.c.b, postgresql_where=t.c.deleted.is_(False), sqlite_where=t.c.deleted.is_(False))
sa.Index("ix_desc", t.c.b.desc(), t.c.a)
positive = sa.text("b > 0")
sa.Index("ix_unique_partial", t.c.a, unique=True, postgresql_where=positive, sqlite_where=positive)
"""
    ),
    "expression indexes": InLine(
        """
t = sa.Table("t", metadata, sa.Column("a", sa.String(9)), sa.Column("b", sa.Integer))
sa.Index("ix_lower", sa.func.lower(t.c.a))
sa.Index("ix_mixed", t.c.b, sa.func.lower(t.c.a).desc(), unique=True)
sa.Index("ix_text", sa.text("lower(a)"), t.c.b)
sa.Index("ix_nulls", t.c.b.desc().nulls_last())
""",
        dialects=("postgresql", "sqlite"),
    ),
    "indexes of PostgreSQL": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("j", postgresql.JSONB), sa.Column("s", sa.Text), sa.Column("n", sa.Integer),
    sa.Column("r", postgresql.TSRANGE),
    postgresql.ExcludeConstraint(("n", "="), ("r", "&&"), name="ex_t", using="gist"),
    sa.UniqueConstraint("n", name="uq_n", deferrable=True, initially="DEFERRED"),
    sa.UniqueConstraint("s", name="uq_s", postgresql_nulls_not_distinct=True),
    sa.UniqueConstraint("id", "n", name="uq_include", postgresql_include=["s"]),
)
sa.Index("ix_gin", t.c.j, postgresql_using="gin")
sa.Index("ix_ops", t.c.j, postgresql_using="gin", postgresql_ops={"j": "jsonb_path_ops"})
sa.Index("ix_hash", t.c.s, postgresql_using="hash")
sa.Index("ix_include", t.c.n, postgresql_include=["s"])
sa.Index("ix_fill", t.c.n, postgresql_with={"fillfactor": 70})
sa.Index("ix_concurrent", t.c.n, t.c.s, postgresql_concurrently=False)
sa.Index("ix_tsv", sa.func.to_tsvector(sa.text("'english'"), t.c.s), postgresql_using="gin")
sa.Index("ix_pattern", t.c.s, postgresql_ops={"s": "text_pattern_ops"})
sa.Index("uq_nulls", t.c.n, t.c.s, unique=True, postgresql_nulls_not_distinct=True)
""",
        dialects=POSTGRESQL,
    ),
    "indexes of MariaDB": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("s", sa.Text), sa.Column("v", sa.String(90)),
)
sa.Index("ix_prefix", t.c.s, mysql_length={"s": 20}, mariadb_length={"s": 20})
sa.Index("ix_full", t.c.s, mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")
sa.Index("ix_hash", t.c.v, mysql_using="btree", mariadb_using="btree")
""",
        dialects=MARIADB,
    ),
    "checks": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(9)),
    sa.CheckConstraint("state IN ('new', 'old')"),
    sa.Column("flag", sa.Boolean(create_constraint=True)),
    sa.Column("kind", sa.Enum("a", "b", native_enum=False, create_constraint=True)),
    sa.Column("level", sa.Integer, nullable=False),
    sa.CheckConstraint("level >= 0 AND (level < 10 OR state = 'old')", name="ck_level"),
    sa.CheckConstraint("state <> 'x' or state is null", name="ck_null"),
)
numbers = (sa.Column("n", sa.Integer), sa.Column("m", sa.Integer))
sa.Table("u", metadata, *numbers, sa.CheckConstraint(sa.text("n > m")))
sa.Table("v", metadata, v := sa.Column("n", sa.Integer), sa.CheckConstraint(v.between(1, 9), name="ck_v"))
"""
    ),
    "comments": InLine(
        """
t = sa.Table(
    "t", metadata,
    sa.Column("id", sa.Integer, primary_key=True, comment="the key"),
    sa.Column("a", sa.String(9), comment="it's \\"quoted\\""),
    comment="all of it's",
)
"""
    ),
    "schemas": InLine(
        """
a = sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="shop")
b = sa.Table(
    "b", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a_id", sa.Integer, sa.ForeignKey("shop.a.id"), index=True),
    sa.Column("kind", sa.Enum("x", "y", name="kind", schema="shop")),
    sa.CheckConstraint("a_id > 0", name="ck_b"),
    comment="b", schema="shop",
)
c = sa.Table("c", metadata, sa.Column("b_id", sa.Integer, sa.ForeignKey("shop.b.id")))
""",
        options="include_schemas=True",
        dialects=POSTGRESQL,
    ),
    "a schema of all": InLine(
        """
a = sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))
b = sa.Table("b", metadata, sa.Column("a_id", sa.Integer, sa.ForeignKey("shop.a.id")))
""",
        'schema="shop"',
        "include_schemas=True",
        dialects=POSTGRESQL,
    ),
    "public by name": InLine(
        """
a = sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")
b = sa.Table("b", metadata, sa.Column("a_id", sa.Integer, sa.ForeignKey("public.a.id")), schema="public")
""",
        dialects=POSTGRESQL,
    ),
    "a foreign key to the table itself": InLine(
        """
a = sa.Table(
    "a", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("a.id", name="fk_parent", ondelete="CASCADE")),
)
"""
    ),
    "a foreign key that is deferred": InLine(
        """
a = sa.Table(
    "a", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("now", sa.Integer, sa.ForeignKey("a.id", deferrable=True, initially="IMMEDIATE")),
    sa.Column("late", sa.Integer, sa.ForeignKey("a.id", deferrable=True, initially="DEFERRED")),
    sa.Column("some", sa.Integer, sa.ForeignKey("a.id", deferrable=True)),
)
""",
        dialects=("postgresql", "sqlite"),
    ),
    "odd names": InLine(
        """
t = sa.Table(
    "Order", metadata,
    sa.Column("Id", sa.Integer, primary_key=True),
    sa.Column("select", sa.String(9), unique=True, index=True),
    sa.Column("größe", sa.Integer, server_default="1"),
    sa.Column("mixed Case", sa.Integer),
    sa.CheckConstraint("1 > 0", name="Ck Odd"),
    sa.Column("a_very_long_name_of_a_column_that_is_nearly_as_long_as_it_can_be", sa.Integer, index=True),
)
"""
    ),
}
