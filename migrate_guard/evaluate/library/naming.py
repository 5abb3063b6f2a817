"""Names: which name SQLAlchemy means by a dotted path, and which names it makes up by itself."""

from __future__ import annotations

from collections.abc import Mapping

from migrate_guard.dialect import Dialect
from migrate_guard.operations import TableName

_MODULES = frozenset(
    """sql types schema sqltypes expression elements selectable functions ddl dml naming base engine
    reflection type_api interfaces orm session ext declarative decl_api query api inspection operators
    visitors roles asyncio scoping relationships mapper attributes json array named_types ranges hstore
    enumerated provision mutable hybrid util default_comparator associationproxy
    orderinglist indexable properties decl_base clsregistry _elements_constructors
    _selectable_constructors""".split()
)
_DIALECTS = frozenset("postgresql mysql mariadb sqlite mssql oracle".split())

_LONGEST: Mapping[str, int] = {"postgresql": 63, "mysql": 64, "mariadb": 64}
"""`max_identifier_length` and `max_index_name_length` of SQLAlchemy's dialects; SQLite has no limit."""


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


def truncated(name: str, dialect: Dialect) -> str:
    """Return the name under which a database gets a name that SQLAlchemy may shorten.

    Names that a convention or `op.f()` made are cut and given a hash where they are longer than the
    database allows (`_truncated_label`); SQLAlchemy 1.4 to 2.1, `IdentifierPreparer`.
    """
    longest = _LONGEST.get(dialect.name)
    if longest is None or len(name) <= longest:
        return name
    import hashlib

    digest = hashlib.md5(name.encode("utf-8"), usedforsecurity=False).hexdigest()
    return f"{name[: longest - 8]}_{digest[-4:]}"


def label(table: TableName, column: str) -> str:
    """Return what `%(column_0_label)s` stands for in a naming convention."""
    parts = [table.schema.replace(".", "_"), table.name, column]
    return "_".join(part for part in parts if part)


def index_name(table: TableName, column: str, dialect: Dialect) -> str:
    """Return the name of an index that the script leaves unnamed: SQLAlchemy's `ix_%(column_0_label)s`."""
    return truncated(f"ix_{label(table, column)}", dialect)
