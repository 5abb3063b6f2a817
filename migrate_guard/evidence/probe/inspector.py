"""An inspector whose database is the replayed schema: Alembic compares with it as with a server."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, MetaData, Table, inspection
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.types import NullType

from .column_types import UnknownTypeError, reflected_type

Document = dict[str, Any]
Key = tuple[str | None, str]

_PARTS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "table_comment",
    "check_constraints",
    "table_options",
)


class ReplayedBind:
    """What stands for a connection: a dialect, and the tables of the replayed schema.

    `models` finds the column of the models that has a name, or `None`: where the history does not tell a
    type, the models' own is taken, so that nothing is said about it.
    """

    def __init__(self, dialect: Any, tables: list[Document], models: Callable[[Key, str], Any]) -> None:
        self.dialect = dialect
        self.engine = self
        self.inspector = ReplayedInspector(self, tables, models)

    def in_transaction(self) -> bool:
        """Return that there is no transaction."""
        return False

    def schema_for_object(self, table: Any) -> str | None:
        """Return the schema that a table was given."""
        schema: str | None = table.schema
        return schema


class ReplayedInspector(Inspector):
    """Answers every question of SQLAlchemy's `Inspector` from the replayed schema."""

    def __init__(self, bind: ReplayedBind, tables: list[Document], models: Callable[[Key, str], Any]) -> None:
        # The real constructor would connect.
        self.bind = bind  # type: ignore[assignment]  # it has what is asked of it
        self.engine = bind  # type: ignore[assignment]  # likewise
        self.dialect = bind.dialect
        self.info_cache = {}
        self._tables = {(table["schema"], table["name"]): table for table in tables}
        self._models = models

    @contextlib.contextmanager
    def _operation_context(self) -> Iterator[Any]:
        yield self.bind

    def get_schema_names(self, **keywords: Any) -> list[str]:
        """Return the schemas that have tables, with the default one."""
        default = self.dialect.default_schema_name
        return sorted({default, *(schema for schema, _ in self._tables if schema)})

    def get_table_names(self, schema: str | None = None, **keywords: Any) -> list[str]:
        """Return the tables of a schema."""
        wanted = None if schema == self.dialect.default_schema_name else schema
        return sorted(name for found, name in self._tables if found == wanted)

    def get_view_names(self, schema: str | None = None, **keywords: Any) -> list[str]:
        """Return no view: Alembic does not compare them."""
        return []

    def has_table(self, table_name: str, schema: str | None = None, **keywords: Any) -> bool:
        """Tell whether there is a table of that name."""
        return self._found(table_name, schema) is not None

    def reflect_table(self, table: Any, *arguments: Any, **keywords: Any) -> None:
        """Fill a Table; of one that it refers to and that is not offered, the columns so named will do."""
        super().reflect_table(table, *arguments, **{**keywords, "resolve_fks": False})
        # Alembic before 1.17 follows foreign keys to the tables that they refer to.
        if keywords.get("resolve_fks", True):
            for key in (self._found(table.name, table.schema) or {"foreign_keys": []})["foreign_keys"]:
                self._follow(table.metadata, key)

    def _follow(self, metadata: MetaData, key: Document) -> None:
        schema, name = key["referred_schema"], key["referred_table"]
        is_there = (f"{schema}.{name}" if schema else name) in metadata.tables
        target = Table(name, metadata, schema=schema)
        if self._found(name, schema) is not None:
            if not is_there:
                self.reflect_table(target, None)
            return
        for column in key["referred_columns"]:
            if column not in target.columns:
                target.append_column(Column(column, NullType()))

    def _found(self, name: str, schema: str | None) -> Document | None:
        return self._tables.get((None if schema == self.dialect.default_schema_name else schema, name))

    def _part(self, part: str, table: Document) -> Any:
        if part == "columns":
            key = (table["schema"], table["name"])
            return [self._column(key, column) for column in table["columns"]]
        if part in {"pk_constraint", "table_comment", "table_options"}:
            return dict(table[part])
        return [dict(one) for one in table[part]]

    def _column(self, key: Key, column: Document) -> Document:
        model = self._models(key, column["name"])
        try:
            kind = reflected_type(column, self.dialect)
        except UnknownTypeError:
            kind = NullType() if model is None else model.type
        nullable = column["nullable"]
        if nullable is None:
            nullable = True if model is None else model.nullable
        found = {
            "name": column["name"],
            "type": kind,
            "nullable": nullable,
            "default": column["default"],
            "comment": column["comment"],
        }
        if column["comment"] is None and "comment" in column["unknown"] and model is not None:
            found["comment"] = model.comment
        if column["autoincrement"]:
            found["autoincrement"] = True
        return found


def _one(part: str) -> Callable[..., Any]:
    def get(self: ReplayedInspector, table_name: str, schema: str | None = None, **keywords: Any) -> Any:
        table = self._found(table_name, schema)
        return [] if table is None else self._part(part, table)

    get.__name__ = f"get_{part}"
    return get


def _several(part: str) -> Callable[..., Any]:
    def get(
        self: ReplayedInspector,
        schema: str | None = None,
        filter_names: Any = None,
        **keywords: Any,
    ) -> dict[Key, Any]:
        wanted = None if schema == self.dialect.default_schema_name else schema
        return {
            (schema, name): self._part(part, table)
            for (found, name), table in self._tables.items()
            if found == wanted and (filter_names is None or name in filter_names)
        }

    get.__name__ = f"get_multi_{part}"
    return get


for _name in _PARTS:
    setattr(ReplayedInspector, f"get_{_name}", _one(_name))
    setattr(ReplayedInspector, f"get_multi_{_name}", _several(_name))

inspection._inspects(ReplayedBind)(lambda bind: bind.inspector)  # noqa: SLF001 - how a class is registered
