"""The replayed schema: what a database would hold at one point of the history. Immutable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from migrate_guard.dialect import DialectName
from migrate_guard.operations import (
    Check,
    Column,
    Constraint,
    ConstraintName,
    Exclude,
    ForeignKey,
    Index,
    ObjectKind,
    PrimaryKey,
    TableName,
    Unique,
    Unknown,
)
from migrate_guard.record import dataclass, replace
from migrate_guard.schema.conventions import Convention
from migrate_guard.schema.links import Link, LinkKind, apart, relinked
from migrate_guard.schema.names import fit
from migrate_guard.schema.store import Store
from migrate_guard.span import Span

ObjectKey: TypeAlias = tuple[ObjectKind, TableName]
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
    `doubts_before` counts the doubts about the whole schema that are older than the table: those do not
    concern it. `Schema.table` adds the newer ones; a table taken from `Schema.tables` lacks them.
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
    inherits: tuple[TableName, ...] = ()
    doubts_before: int = 0

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
        """Return the constraint of that name, or else one that may have it, or `None`."""
        found = next((c for c in self.constraints if c.name == name), None)
        possible = (c for c in self.constraints if not isinstance(c, Exclude) and c.given == name)
        return found or next(possible, None)

    def index(self, name: str) -> Index | None:
        """Return the index of that name, or else the one that may have it, or `None`."""
        found = next((i for i in self.indexes if i.name == name), None)
        return found or next((i for i in self.indexes if i.given == name), None)


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
    """A view, sequence, function, trigger or another object of which only the outside is known.

    `table` is the table that it hangs on, and goes away with: that of a trigger, or of the `column` that
    a sequence belongs to.
    """

    kind: ObjectKind
    name: TableName
    table: TableName | None = None
    column: str | None = None
    uses: tuple[TableName, ...] = ()
    detail: str = ""
    created: Span | None = None
    revision: str | None = None
    certain: bool = True


_PER_TABLE = frozenset({"trigger", "policy", "rule"})
DOUBTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class BatchMark:
    """The batch on SQLite that was begun last, with the table as it was then.

    `rebuilt` tells that it has rebuilt its table, which it does once.
    """

    revision: str | None
    number: int
    table: TableName
    start: Table
    rebuilt: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole schema; `doubts` says what may have changed anything in it without being read.

    `dropped` remembers tables that the history removed or renamed away, and where: their absence is
    known, while a table that the history never mentions may come from elsewhere. `complete` turns false
    with the first table that the history uses but never creates. Only the last doubts are kept in words;
    `doubts_left_out` counts the older ones. `links`, `dependents` and `index_tables` are look-ups that
    follow from the rest: change tables and objects through the methods, which keep them current.
    `naming` is the naming convention of the project's MetaData, `UNKNOWN` if there is one that could not
    be read or seen: then what a script leaves unnamed has a name that nobody knows, and the name that a
    script gives a CHECK may not be the one that it has.
    """

    dialect: DialectName
    default_schema: str = ""
    tables: Store[TableName, Table] = field(default_factory=Store)
    enums: Store[TableName, EnumType] = field(default_factory=Store)
    objects: Store[tuple[ObjectKind, TableName], NamedObject] = field(default_factory=Store)
    dropped: Store[TableName, Span] = field(default_factory=Store)
    index_tables: Store[TableName, TableName] = field(default_factory=Store)
    doubts: tuple[str, ...] = ()
    complete: bool = True
    doubts_left_out: int = 0
    links: Store[Link, frozenset[TableName]] = field(default_factory=Store)
    dependents: Store[TableName, frozenset[ObjectKey]] = field(default_factory=Store)
    batch: BatchMark | None = None
    naming: Convention | Unknown | None = None

    def key(self, name: TableName) -> TableName:
        """Return the name under which an object is kept: cut as the server does, no default schema."""
        schema = "" if name.schema == self.default_schema else name.schema
        short = fit(name.name, self.dialect)
        if schema == name.schema and short == name.name:
            return name
        return TableName(short, schema)

    def table(self, name: TableName) -> Table | None:
        """Return the table of that name with every doubt about it, or `None`."""
        table = self.tables.get(self.key(name))
        return None if table is None else self._doubted(table)

    def all_tables(self) -> Iterator[Table]:
        """Go through all tables with every doubt about them, in no particular order."""
        return map(self._doubted, self.tables.values())

    @property
    def doubt_count(self) -> int:
        """How many doubts about the whole schema there are, those no longer kept in words included."""
        return self.doubts_left_out + len(self.doubts)

    def _doubted(self, table: Table) -> Table:
        newer = self.doubt_count - table.doubts_before
        if newer <= 0:
            return table
        return replace(
            table,
            certain=False,
            doubts=(*table.doubts, *self.doubts[-newer:]),
            doubts_before=self.doubt_count,
        )

    def certain(self, name: TableName) -> bool:
        """Tell whether all is known about a table, or its absence is.

        A table that is not here is known to be absent when the history dropped it, or when the history
        is complete and nothing unread may have created it.
        """
        table = self.tables.get(self.key(name))
        if table is not None:
            return table.known and self.doubt_count <= table.doubts_before
        return self.key(name) in self.dropped or (self.complete and not self.doubt_count)

    def enum(self, name: TableName) -> EnumType | None:
        """Return the enum type of that name, or `None`."""
        return self.enums.get(self.key(name))

    def object_key(self, kind: ObjectKind, name: TableName, table: TableName | None = None) -> ObjectKey:
        """Return the key of an object; PostgreSQL names triggers, policies and rules per table."""
        if table is not None and kind in _PER_TABLE and self.dialect == "postgresql":
            return kind, TableName(name.name, str(self.key(table)))
        return kind, self.key(name)

    def object(self, kind: ObjectKind, name: TableName, table: TableName | None = None) -> NamedObject | None:
        """Return the object of that kind and name, or `None`."""
        return self.objects.get(self.object_key(kind, name, table))

    def table_of_index(self, name: str, schema: str = "") -> Table | None:
        """Return the table that an index of that name is, or may be, on, or `None`."""
        table = self.index_tables.get(self.key(TableName(name, schema)))
        return None if table is None else self.table(table)

    def with_table(self, table: Table) -> Schema:
        """Return this schema with the table put in or replaced."""
        key = self.key(table.name)
        old = self.tables.get(key)
        return replace(
            self,
            tables=self.tables.with_item(key, table),
            dropped=self.dropped.without(key),
            links=relinked(self.links, self.key, key, old, table),
            index_tables=self._index_tables(key, old, table),
        )

    def without_table(self, name: TableName, where: Span | None = None) -> Schema:
        """Return this schema without the table; `where` is what removed it."""
        key = self.key(name)
        old = self.tables.get(key)
        return replace(
            self,
            tables=self.tables.without(key),
            dropped=self.dropped if where is None else self.dropped.with_item(key, where),
            links=relinked(self.links, self.key, key, old, None),
            index_tables=self._index_tables(key, old, None),
        )

    def _index_tables(
        self, key: TableName, old: Table | None, new: Table | None
    ) -> Store[TableName, TableName]:
        kept = self.index_tables
        if (
            old is not None
            and new is not None
            and old.name == new.name
            and old.indexes is new.indexes
            and old.constraints is new.constraints
        ):
            return kept
        before, after = self._index_names(old, new), self._index_names(new, old)
        gone = before - after
        if gone:
            # What went may still be the name of a part that stayed.
            gone -= self._index_names(new)
        for name in gone:
            if kept.get(name) == key:
                kept = kept.without(name)
        for name in after - before:
            kept = kept.with_item(name, key)
        return kept

    def _index_names(self, table: Table | None, other: Table | None = None) -> frozenset[TableName]:
        """Return the names of a table's indexes, without those that `other` shares with it."""
        if table is None:
            return frozenset()
        shared = other if other is not None and other.name == table.name else None
        indexes = apart(table.indexes, shared.indexes if shared else ())
        names: list[ConstraintName] = [
            index.given if isinstance(index.name, Unknown) else index.name for index in indexes
        ]
        if self.dialect != "sqlite":
            own = apart(table.constraints, shared.constraints if shared else ())
            names += [c.name for c in own if isinstance(c, (PrimaryKey, Unique, Exclude))]
        return frozenset(
            self.key(TableName(name, table.name.schema)) for name in names if isinstance(name, str)
        )

    def with_object(self, found: NamedObject) -> Schema:
        """Return this schema with the object put in or replaced."""
        key = self.object_key(found.kind, found.name, found.table)
        cleared = self.without_object(key)
        dependents = cleared.dependents
        for name in self._needs(found):
            dependents = dependents.with_item(name, dependents.get(name, frozenset()) | {key})
        return replace(cleared, objects=cleared.objects.with_item(key, found), dependents=dependents)

    def without_object(self, key: ObjectKey) -> Schema:
        """Return this schema without the object."""
        found = self.objects.get(key)
        if found is None:
            return self
        dependents = self.dependents
        for name in self._needs(found):
            rest = dependents.get(name, frozenset()) - {key}
            dependents = dependents.with_item(name, rest) if rest else dependents.without(name)
        return replace(self, objects=self.objects.without(key), dependents=dependents)

    def _needs(self, found: NamedObject) -> frozenset[TableName]:
        hanging = () if found.table is None else (found.table,)
        return frozenset(self.key(name) for name in (*found.uses, *hanging))

    def with_doubt(self, reason: str) -> Schema:
        """Return this schema after something unread that may have changed anything in it.

        From here on no table is certain until the history creates it anew, and no absence is known.
        """
        doubts = (*self.doubts, reason)
        kept = doubts[-DOUBTS_KEPT:]
        left_out = self.doubts_left_out + len(doubts) - len(kept)
        return replace(self, doubts=kept, doubts_left_out=left_out, dropped=Store())

    def linked(self, kind: LinkKind, name: TableName) -> tuple[TableName, ...]:
        """Return the tables that use what is named, in the order of their names.

        For `foreign key` it is the table referred to, for `child` the parent of partitions and of
        inheritance, for `constraint` a constraint's name, for `enum` an enum type.
        """
        return tuple(sorted(self.links.get((kind, self.key(name)), frozenset())))

    def referring(self, target: TableName) -> Iterator[tuple[Table, ForeignKey]]:
        """Go through the foreign keys that point to a table."""
        wanted = self.key(target)
        for name in self.linked("foreign key", wanted):
            table = self._doubted(self.tables[name])
            for key in table.foreign_keys:
                if not isinstance(key.target, Unknown) and self.key(key.target) == wanted:
                    yield table, key


def empty_schema(
    dialect: DialectName,
    default_schema: str | None = None,
    naming: Convention | Unknown | None = None,
) -> Schema:
    """Return the schema of a new database; `naming` as in `Schema`."""
    name = DEFAULT_SCHEMAS[dialect] if default_schema is None else default_schema
    return Schema(dialect, name, naming=naming)
