"""The replayed schema: what a database would hold at one point of the history. Immutable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    ObjectKind,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.schema.store import Store
from migrate_guard.span import Span

DEFAULT_SCHEMAS: Mapping[DialectName, str] = {
    "postgresql": "public",
    "mysql": "",
    "mariadb": "",
    "sqlite": "main",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Mappings and tuples in it are never changed in place.

    `assumed` tells that the history never creates it: it came into being with the first operation that
    names it, and holds only what is known from such operations. `certain` is false when something that
    could not be read may have touched it; `doubts` says what. `created` is where the history creates it.
    """

    name: TableName
    columns: Mapping[str, Column] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    created: Span | None = None
    revision: str | None = None
    assumed: bool = False
    certain: bool = True
    doubts: tuple[str, ...] = ()
    temporary: bool = False
    partitioned: bool = False
    partition_of: TableName | None = None

    @property
    def known(self) -> bool:
        """Whether what is not listed here is known to be absent."""
        return self.certain and not self.assumed

    @property
    def primary_key(self) -> PrimaryKey | None:
        """The primary key, where it is known."""
        return next((c for c in self.constraints if isinstance(c, PrimaryKey)), None)

    @property
    def uniques(self) -> tuple[Unique, ...]:
        """The unique constraints, without unique indexes."""
        return tuple(c for c in self.constraints if isinstance(c, Unique))

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys of this table."""
        return tuple(c for c in self.constraints if isinstance(c, ForeignKey))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The CHECK constraints, those of Boolean and Enum types included."""
        return tuple(c for c in self.constraints if isinstance(c, Check))

    @property
    def excludes(self) -> tuple[Exclude, ...]:
        """PostgreSQL's EXCLUDE constraints."""
        return tuple(c for c in self.constraints if isinstance(c, Exclude))

    def constraint(self, name: str) -> Constraint | None:
        """Return the constraint of that name, or `None`."""
        return next((c for c in self.constraints if c.name == name), None)

    def index(self, name: str) -> Index | None:
        """Return the index of that name, or `None`."""
        return next((i for i in self.indexes if i.name == name), None)


@dataclass(frozen=True, slots=True)
class EnumType:
    """A native enum type and its labels in order; `UNKNOWN` labels are not decidable."""

    name: TableName
    labels: tuple[str, ...] | Unknown
    created: Span | None = None
    revision: str | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class NamedObject:
    """A view, sequence, function, trigger or another object of which only the outside is known."""

    kind: ObjectKind
    name: TableName
    table: TableName | None = None
    uses: tuple[TableName, ...] = ()
    detail: str = ""
    created: Span | None = None
    revision: str | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole schema; `doubts` says what may have changed anything in it without being read.

    `dropped` remembers tables that the history removed or renamed away, and where: their absence is
    known, while a table that the history never mentions may come from elsewhere.
    """

    dialect: DialectName
    default_schema: str = ""
    tables: Store[TableName, Table] = field(default_factory=Store)
    enums: Store[TableName, EnumType] = field(default_factory=Store)
    objects: Store[tuple[ObjectKind, TableName], NamedObject] = field(default_factory=Store)
    dropped: Store[TableName, Span] = field(default_factory=Store)
    index_tables: Store[TableName, TableName] = field(default_factory=Store)
    doubts: tuple[str, ...] = ()

    def key(self, name: TableName) -> TableName:
        """Return the name under which an object is kept: the default schema is the empty one."""
        if name.schema and name.schema == self.default_schema:
            return TableName(name.name)
        return name

    def table(self, name: TableName) -> Table | None:
        """Return the table of that name, or `None`."""
        return self.tables.get(self.key(name))

    def enum(self, name: TableName) -> EnumType | None:
        """Return the enum type of that name, or `None`."""
        return self.enums.get(self.key(name))

    def table_of_index(self, name: str, schema: str = "") -> Table | None:
        """Return the table that an index of that name is on, or `None`."""
        table = self.index_tables.get(self.key(TableName(name, schema)))
        return None if table is None else self.tables.get(table)

    def with_table(self, table: Table) -> Schema:
        """Return this schema with the table put in or replaced."""
        return replace(self, tables=self.tables.with_item(self.key(table.name), table))

    def referring(self, target: TableName) -> Iterator[tuple[Table, ForeignKey]]:
        """Go through the foreign keys that point to a table."""
        wanted = self.key(target)
        for table in self.tables.values():
            for key in table.foreign_keys:
                if not isinstance(key.target, Unknown) and self.key(key.target) == wanted:
                    yield table, key


def empty_schema(dialect: DialectName, default_schema: str | None = None) -> Schema:
    """Return the schema of a new database."""
    name = DEFAULT_SCHEMAS[dialect] if default_schema is None else default_schema
    return Schema(dialect, name)
