"""Names: which name SQLAlchemy means by a dotted path, and which names it makes up by itself."""

from __future__ import annotations

from migrate_guard.dialect import Dialect
from migrate_guard.evaluate.values import Value
from migrate_guard.operations import DefaultName, FinalName, TableName
from migrate_guard.schema.conventions import label, truncated

_MODULES = frozenset(
    """sql types schema sqltypes expression elements selectable functions ddl dml naming base engine
    reflection type_api interfaces orm session ext declarative decl_api query api inspection operators
    visitors roles asyncio scoping relationships mapper attributes json array named_types ranges hstore
    enumerated provision mutable hybrid util default_comparator associationproxy
    orderinglist indexable properties decl_base clsregistry _elements_constructors
    _selectable_constructors""".split()
)
_DIALECTS = frozenset("postgresql mysql mariadb sqlite mssql oracle".split())


def canonical(dotted: str) -> str | None:
    """Return the short name of something in SQLAlchemy, however its module is spelled.

    `sqlalchemy.sql.expression.table` is `table`, `sqlalchemy.dialects.postgresql.json.JSONB` is
    `postgresql.JSONB`. Return `None` for what is not SQLAlchemy's.
    """
    root, _, rest = dotted.partition(".")
    if root != "sqlalchemy" or not rest:
        return None
    parts = rest.split(".")
    prefix = ""
    if parts[0] in {"dialects", "databases"} and len(parts) > 2 and parts[1] in _DIALECTS:
        prefix, parts = f"{parts[1]}.", parts[2:]
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return prefix + ".".join(parts)


def final(name: Value, dialect: Dialect) -> Value:
    """Return what `op.f(name)` and `conv(name)` are: a name that no convention changes."""
    return FinalName(truncated(name, dialect.name)) if isinstance(name, str) else name


def index_name(table: TableName, column: str, dialect: Dialect) -> DefaultName:
    """Return the name of an index that the script leaves unnamed: SQLAlchemy's `ix_%(column_0_label)s`."""
    return DefaultName(truncated(f"ix_{label(table, column)}", dialect.name))
