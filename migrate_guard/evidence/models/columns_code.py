"""Tables and columns as the lines of a revision that make, change or remove them.

What autogenerate renders from objects of SQLAlchemy is rendered here from a schema, where there are none.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TypeVar

from migrate_guard.evidence.models.code import Lines, Writer, added, closing, in_batch, listed, literal
from migrate_guard.operations import (
    Check,
    Column,
    Constraint,
    Default,
    Exclude,
    ForeignKey,
    PrimaryKey,
    SqlType,
    Unique,
    Unknown,
)
from migrate_guard.schema import Schema, Table
from migrate_guard.schema.compare import Difference

_GENERIC = {
    "BIGINT": "BigInteger",
    "BOOLEAN": "Boolean",
    "DATE": "Date",
    "DATETIME": "DateTime",
    "DOUBLE": "Double",
    "FLOAT": "Float",
    "INTEGER": "Integer",
    "JSON": "JSON",
    "NUMERIC": "Numeric",
    "SMALLINT": "SmallInteger",
    "TEXT": "Text",
    "TIME": "Time",
    "TIMESTAMP": "TIMESTAMP",
    "UUID": "UUID",
    "VARCHAR": "String",
}
_STANDARD = frozenset(
    """BINARY BLOB CHAR CLOB DECIMAL DOUBLE_PRECISION INT NCHAR NVARCHAR REAL VARBINARY""".split()
)
_OWN = {
    "postgresql": frozenset(
        """BIT BYTEA CIDR CITEXT DATERANGE HSTORE INET INT4RANGE INT8RANGE INTERVAL JSONB JSONPATH MACADDR
        MACADDR8 MONEY NUMRANGE OID REGCLASS TSQUERY TSRANGE TSTZRANGE TSVECTOR""".split()
    ),
    "mysql": frozenset(
        """BIT LONGBLOB LONGTEXT MEDIUMBLOB MEDIUMINT MEDIUMTEXT TINYBLOB TINYINT TINYTEXT YEAR""".split()
    ),
}
T = TypeVar("T")
_INTEGERS = frozenset({"BIGINT", "INTEGER", "SMALLINT"})


class _UnwritableError(Exception):
    """Something is not known, or has no spelling here."""


def lines(one: Difference, history: Schema, models: Schema, named: Container[str]) -> Lines:
    """Return the lines that make up for a difference, none where they cannot be told.

    `named` are the names that the models give constraints themselves.
    """
    before = None if one.table is None else history.table(one.table)
    after = None if one.table is None else models.table(one.table)
    known = after or before
    if known is None or one.kind not in ("table", "column"):
        return closing(one, history, models)
    writer = Writer(known.name, models.dialect, history.naming is not None)
    try:
        if one.kind == "table":
            return tuple(_table(one, writer, after, named))
        if before is None or after is None:
            return ()
        found = _column(one, writer, before, after)
    except _UnwritableError:
        return ()
    return closing(one, history, models) if found is None else in_batch(writer, (found,))


def _table(one: Difference, writer: Writer, table: Table | None, named: Container[str]) -> Iterator[str]:
    name = literal(writer.table.name)
    if table is None:
        yield f"op.drop_table({name}{writer.schema})"
    elif one.aspect == "comment" and table.comment is None:
        yield f"op.drop_table_comment({name}{writer.schema})"
    elif one.aspect == "comment":
        yield f"op.create_table_comment({name}, {literal(table.comment or '')}{writer.schema})"
    elif not one.aspect:
        items = [_made(column, table, writer.dialect) for column in table.columns.values()]
        items += [_item(element, writer, named) for element in table.constraints]
        if table.comment is not None:
            items.append(f"comment={literal(table.comment)}")
        if writer.schema:
            items.append(writer.schema.removeprefix(", "))
        yield f"op.create_table({name},"
        yield from (f"    {item}," for item in items)
        yield ")"
        for index in table.indexes:
            if not index.implied:
                yield from added(index, writer)


def _item(element: Constraint, writer: Writer, named: Container[str]) -> str:
    """Return a constraint as an argument of `op.create_table`."""
    name = f", name={writer.name(element.name)}" if element.name in named else ""
    if isinstance(element, Exclude):
        raise _UnwritableError
    if isinstance(element, Check):
        return f"sa.CheckConstraint({literal(_sure(element.sql))}{name})"
    columns = _sure(element.columns)
    if isinstance(element, PrimaryKey):
        return f"sa.PrimaryKeyConstraint({', '.join(map(literal, columns))}{name})"
    if isinstance(element, Unique):
        deferrable = ", deferrable=True" if element.deferrable else ""
        return f"sa.UniqueConstraint({', '.join(map(literal, columns))}{name}{deferrable})"
    return f"sa.ForeignKeyConstraint({listed(columns)}, {_targets(element)}{name}{_options(element)})"


def _targets(key: ForeignKey) -> str:
    table = _sure(key.target)
    return listed(tuple(f"{table}.{column}" for column in _sure(key.target_columns)))


def _options(key: ForeignKey) -> str:
    given = {"ondelete": key.ondelete, "onupdate": key.onupdate}
    options = "".join(f", {name}={literal(action)}" for name, action in given.items() if action)
    return options + (", deferrable=True" if key.deferrable else "")


def _sure(value: T | Unknown | None) -> T:
    if value is None or isinstance(value, Unknown):
        raise _UnwritableError
    return value


def _column(one: Difference, writer: Writer, before: Table, after: Table) -> str | None:
    """Return the line for a column, `None` where another module writes it."""
    table, name = literal(writer.table.name), literal(one.name)
    old, new = before.columns.get(one.name), after.columns.get(one.name)
    if new is None:
        return f"op.drop_column({table}, {name}{writer.schema})"
    if old is None:
        return f"op.add_column({table}, {_made(new, after, writer.dialect)}{writer.schema})"
    if one.aspect == "type" and one.left != one.right:
        change = f"type_={type_call(new.type, writer.dialect)}"
    elif one.aspect == "nullable":
        change = f"nullable={_sure(new.nullable)}"
    elif one.aspect == "comment":
        change = f"comment={literal(new.comment) if isinstance(new.comment, str) else None}"
    else:
        return None
    return f"op.alter_column({table}, {name}, {change}{_existing(old, one, writer)}{writer.schema})"


def _existing(column: Column, one: Difference, writer: Writer) -> str:
    """Return what MySQL has to be told again, lest it lose it."""
    found = [f"existing_type={type_call(column.type, writer.dialect)}"]
    if one.aspect != "nullable":
        found.append(f"existing_nullable={_sure(column.nullable)}")
    if isinstance(column.default, Default):
        found.append(f"existing_server_default=sa.text({literal(_sure(column.default.sql))})")
    if isinstance(column.comment, str) and one.aspect != "comment":
        found.append(f"existing_comment={literal(column.comment)}")
    return "".join(f", {part}" for part in found)


def _made(column: Column, table: Table, dialect: str) -> str:
    """Return a column as an argument of `op.create_table` or `op.add_column`."""
    parts = [literal(column.name), type_call(column.type, dialect)]
    if column.identity is not None:
        parts.append(f"sa.Identity({'always=True' if _sure(column.identity).always else ''})")
    if column.computed is not None:
        computed = _sure(column.computed)
        stored = "" if computed.stored is None else f", persisted={computed.stored}"
        parts.append(f"sa.Computed({literal(_sure(computed.sql))}{stored})")
    parts += _counting(column, table)
    parts.append(f"nullable={_sure(column.nullable)}")
    if column.default is not None:
        parts.append(f"server_default=sa.text({literal(_sure(_sure(column.default).sql))})")
    if column.comment is not None:
        parts.append(f"comment={literal(_sure(column.comment))}")
    return f"sa.Column({', '.join(parts)})"


def _counting(column: Column, table: Table) -> Iterator[str]:
    """Go through the option that makes a key column count, or not, where SQLAlchemy would do otherwise."""
    key = table.primary_key
    columns = () if key is None or isinstance(key.columns, Unknown) else key.columns
    integer = isinstance(column.type, SqlType) and column.type.name in _INTEGERS
    if column.name not in columns or not integer or column.identity is not None:
        return
    refers = any(column.name in _sure(one.columns) for one in table.foreign_keys)
    counts = len(columns) == 1 and not refers and column.default is None
    if column.serial is not counts:
        yield f"autoincrement={column.serial}"


def type_call(kind: SqlType | Unknown | None, dialect: str) -> str:
    """Return a type as Python. Raise `_UnwritableError` for one that is not known here."""
    kind = _sure(kind)
    if kind.item is not None:
        return f"sa.ARRAY({type_call(kind.item, dialect)})"
    if kind.name == "ENUM":
        return _enum(kind)
    if kind.custom is not None:
        raise _UnwritableError
    arguments = [str(argument) for argument in kind.arguments]
    arguments += ["timezone=True"] if kind.timezone else []
    arguments += [f"collation={literal(kind.collation)}"] if kind.collation else []
    family = "mysql" if dialect == "mariadb" else dialect
    if kind.name == "INTERVAL" and family != "postgresql":
        raise _UnwritableError
    if kind.unsigned and family == "mysql" and kind.name in _INTEGERS | _OWN["mysql"]:
        return f"mysql.{kind.name}({', '.join([*arguments, 'unsigned=True'])})"
    name = kind.name.replace(" ", "_")
    if kind.name in _GENERIC and not (kind.name in _INTEGERS and arguments):
        # SQLAlchemy's TIMESTAMP and DateTime are one type on PostgreSQL.
        generic = "DateTime" if kind.name == "TIMESTAMP" and family == "postgresql" else _GENERIC[kind.name]
        precise = kind.name in ("TIMESTAMP", "TIME", "DATETIME") and kind.arguments
        if not precise:
            return f"sa.{generic}({', '.join(arguments)})"
    elif name in _STANDARD:
        return f"sa.{name}({', '.join(arguments)})"
    elif kind.name in _OWN.get(family, ()):
        return f"{family}.{kind.name}({', '.join(arguments)})"
    raise _UnwritableError


def _enum(kind: SqlType) -> str:
    parts = [*map(literal, _sure(kind.labels))]
    if kind.enum is not None:
        parts.append(f"name={literal(kind.enum.name)}")
        parts += [f"schema={literal(kind.enum.schema)}"] if kind.enum.schema else []
    parts += [] if kind.native else ["native_enum=False"]
    parts += [f"length={kind.arguments[0]}"] if kind.arguments else []
    return f"sa.Enum({', '.join(parts)})"
