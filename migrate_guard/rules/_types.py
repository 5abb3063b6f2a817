"""Column types, defaults and columns as the Python code that a user would write for them."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.operations import Column, Computed, Default, SqlType, Unknown

PLACEHOLDER = "..."
"""What stands in advice for a part that reading could not decide; it is valid Python."""

_GENERIC: Mapping[str, str] = {
    "VARCHAR": "sa.String",
    "CHAR": "sa.CHAR",
    "TEXT": "sa.Text",
    "INTEGER": "sa.Integer",
    "BIGINT": "sa.BigInteger",
    "SMALLINT": "sa.SmallInteger",
    "NUMERIC": "sa.Numeric",
    "DECIMAL": "sa.Numeric",
    "FLOAT": "sa.Float",
    "DOUBLE PRECISION": "sa.Double",
    "DOUBLE": "sa.Double",
    "REAL": "sa.REAL",
    "BOOLEAN": "sa.Boolean",
    "DATE": "sa.Date",
    "INTERVAL": "sa.Interval",
    "JSON": "sa.JSON",
    "UUID": "sa.Uuid",
    "BYTEA": "sa.LargeBinary",
    "BLOB": "sa.LargeBinary",
}
_WITH_ZONE: Mapping[str, str] = {"TIMESTAMP": "sa.DateTime", "DATETIME": "sa.DateTime", "TIME": "sa.Time"}
_POSTGRESQL = {"JSONB", "INET", "CIDR", "MACADDR", "CITEXT", "TSVECTOR", "HSTORE", "BIT", "OID", "MONEY"}


def literal(text: str) -> str:
    """Return a Python string literal with double quotes."""
    # `repr` prefers double quotes for text that has only single ones.
    quoted = repr(f"'{text}")
    if quoted.startswith('"'):
        return f'"{quoted[2:]}'
    inner = quoted[3:-1].replace("\\'", "'").replace('"', r"\"")
    return f'"{inner}"'


def type_code(kind: SqlType | Unknown | None) -> str:
    """Return the expression that makes a column type, a placeholder where the type is not known."""
    if not isinstance(kind, SqlType):
        return PLACEHOLDER
    if kind.item is not None:
        return f"sa.ARRAY({type_code(kind.item)})"
    if kind.custom is not None:
        return f"{kind.custom}()"
    if kind.name == "ENUM":
        return _enum_code(kind)
    if kind.name in _WITH_ZONE:
        return f"{_WITH_ZONE[kind.name]}({'timezone=True' if kind.timezone else ''})"
    arguments = ", ".join(map(str, kind.arguments))
    if kind.name in _GENERIC:
        return f"{_GENERIC[kind.name]}({arguments})"
    if kind.name in _POSTGRESQL:
        return f"postgresql.{kind.name}({arguments})"
    return PLACEHOLDER


def _enum_code(kind: SqlType) -> str:
    if not isinstance(kind.labels, tuple):
        return PLACEHOLDER
    labels = ", ".join(map(literal, kind.labels))
    name = f", name={literal(kind.enum.name)}" if kind.enum is not None else ""
    return f"sa.Enum({labels}{name})"


def default_code(default: Default | Unknown | None) -> str | None:
    """Return the value of `server_default=`, `None` where the column has no default."""
    if default is None:
        return None
    if isinstance(default, Unknown) or isinstance(default.sql, Unknown):
        return PLACEHOLDER
    if default.quoted:
        return literal(plain_text(default.sql))
    return f"sa.text({literal(default.sql)})"


def plain_text(sql: str) -> str:
    """Return what a quoted SQL string says."""
    if len(sql) > 1 and sql.startswith("'") and sql.endswith("'"):
        return sql[1:-1].replace("''", "'")
    return sql


def column_code(column: Column, *, nullable: bool | None, default: str | None = None) -> str:
    """Return a column with another nullability or server default than the given one.

    `nullable=None` leaves the nullability unsaid. `default` is code, `None` keeps the column's own.
    """
    parts = [literal(column.name), type_code(column.type)]
    if isinstance(column.computed, Computed) and not isinstance(column.computed.sql, Unknown):
        parts.append(f"sa.Computed({literal(column.computed.sql)})")
    chosen = default or default_code(column.default)
    if chosen is not None:
        parts.append(f"server_default={chosen}")
    if nullable is not None:
        parts.append(f"nullable={nullable}")
    return f"sa.Column({', '.join(parts)})"


_VALUES: Mapping[str, str] = {
    "BOOLEAN": "sa.false()",
    "INTEGER": '"0"',
    "BIGINT": '"0"',
    "SMALLINT": '"0"',
    "NUMERIC": '"0"',
    "DECIMAL": '"0"',
    "FLOAT": '"0"',
    "REAL": '"0"',
    "DOUBLE": '"0"',
    "DOUBLE PRECISION": '"0"',
    "VARCHAR": '""',
    "TEXT": '""',
    "DATE": "sa.func.current_date()",
    "TIMESTAMP": "sa.func.now()",
    "DATETIME": "sa.func.now()",
    "JSON": "sa.text(\"'{}'\")",
    "JSONB": "sa.text(\"'{}'\")",
}


def neutral_default(kind: SqlType | Unknown | None) -> str | None:
    """Return a server default that fits a type and says nothing, `None` where there is no such value."""
    if not isinstance(kind, SqlType):
        return None
    if kind.name == "ENUM" and isinstance(kind.labels, tuple) and kind.labels:
        return literal(kind.labels[0])
    if kind.item is not None:
        return "sa.text(\"'{}'\")"
    return _VALUES.get(kind.name)
