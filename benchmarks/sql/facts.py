"""Operations as flat facts, so that two readers of the same SQL can be held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrate_guard.operations import (
    DROP,
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    AnyOperation,
    AttachPartition,
    Check,
    Column,
    CommentTable,
    Constraint,
    CreateEnum,
    CreateIndex,
    CreateObject,
    CreateTable,
    Delete,
    DetachPartition,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropObject,
    DropTable,
    Exclude,
    ForeignKey,
    Index,
    Insert,
    LockTable,
    PrimaryKey,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    SqlType,
    Truncate,
    Unique,
    Unknown,
    Update,
    ValidateConstraint,
)

Fact = tuple[str, ...]
"""A kind, the names that it is about, and flags; equal facts are equal tuples."""


LONGEST_NAME = 63
"""PostgreSQL cuts longer names off; libpg_query does so while reading, the replay afterwards."""


def facts_of(operation: AnyOperation) -> list[Fact]:
    """Return what an operation says, down to names and flags, without texts of expressions."""
    describe = _FACTS.get(type(operation))
    return [(type(operation).__name__,)] if describe is None else list(describe(operation))


def flags(**given: bool) -> tuple[str, ...]:
    """Return the names of the flags that are set."""
    return tuple(name for name, is_set in given.items() if is_set)


def joined(names: tuple[str, ...] | Unknown) -> str:
    """Return names as one string."""
    return "?" if isinstance(names, Unknown) else ",".join(names)


def type_text(of: SqlType | Unknown | None) -> str:
    """Return a type in one spelling."""
    if of is None or isinstance(of, Unknown):
        return "?" if of else ""
    if of.item is not None:
        return type_text(of.item) + "[]"
    if of.custom is not None:
        return of.custom.split("(")[0].replace('"', "").replace(" ", "").upper()
    sized = of.name in ("VARCHAR", "CHAR", "NUMERIC") and of.arguments not in ((), (1,))
    size = f"({','.join(map(str, of.arguments))})" if sized else ""
    return of.name + size + (" tz" if of.timezone else "")


def _column(table: str, column: Column) -> Fact:
    states = flags(
        not_null=column.nullable is False,
        default=column.default is not None,
        identity=column.identity is not None,
        computed=column.computed is not None,
        serial=column.serial,
    )
    return ("column", table, column.name, type_text(column.type), *states)


def _constraint(table: str, constraint: Constraint) -> Fact:
    name = "" if constraint.name is None else str(constraint.name)
    if isinstance(constraint, ForeignKey):
        actions = (constraint.ondelete or "NO ACTION", constraint.onupdate or "NO ACTION")
        valid = flags(deferrable=constraint.deferrable, not_valid=not constraint.validated)
        targets = (str(constraint.target), joined(constraint.target_columns))
        return ("foreign key", table, name, joined(constraint.columns), *targets, *actions, *valid)
    if isinstance(constraint, Check):
        kind = "not null" if constraint.not_null else "check"
        return (kind, table, name, constraint.not_null or "", *flags(not_valid=not constraint.validated))
    if isinstance(constraint, Exclude):
        return ("exclude", table, name)
    return _key(table, name, constraint)


def _key(table: str, name: str, key: PrimaryKey | Unique) -> Fact:
    kind = "primary key" if isinstance(key, PrimaryKey) else "unique"
    columns = "" if key.using_index is not None else joined(key.columns)
    distinct = isinstance(key, Unique) and key.nulls_not_distinct
    return (kind, table, name, columns, key.using_index or "", *flags(nulls_not_distinct=distinct))


def _create_table(operation: CreateTable) -> Iterator[Fact]:
    table = str(operation.table)
    states = flags(
        if_not_exists=operation.if_not_exists,
        temporary=operation.temporary,
        unlogged=operation.unlogged,
        partitioned=operation.partitioned,
        as_select=operation.as_select is not None,
    )
    others = [str(other) for other in (operation.like, operation.partition_of) if other is not None]
    yield ("create table", table, *states, *others, *map(str, operation.inherits))
    if not isinstance(operation.columns, Unknown):
        for column in operation.columns:
            yield _column(table, column)
    for constraint in operation.constraints:
        yield _constraint(table, constraint)


def _add_column(operation: AddColumn) -> Iterator[Fact]:
    table = str(operation.table)
    yield ("add column", table, *flags(if_not_exists=operation.if_not_exists))
    yield _column(table, operation.column)
    for constraint in operation.constraints:
        yield _constraint(table, constraint)


def _alter_column(operation: AlterColumn) -> Iterator[Fact]:
    head = ("alter column", str(operation.table), operation.column)
    if operation.type is not None:
        yield (*head, "type", type_text(operation.type), *flags(using=operation.using is not None))
    if operation.nullable is not None:
        yield (*head, "drop not null" if operation.nullable else "set not null")
    for name in ("default", "identity", "computed", "comment"):
        value = getattr(operation, name)
        if value is not None:
            yield (*head, f"drop {name}" if value == DROP else f"set {name}")


def index_fact(index: Index, concurrently: bool, if_not_exists: bool) -> Fact:
    """Return what a CREATE INDEX says."""
    parts = () if isinstance(index.parts, Unknown) else index.parts
    states = flags(
        unique=index.unique is True,
        concurrently=concurrently,
        if_not_exists=if_not_exists,
        where=index.where is not None,
        nulls_not_distinct=index.nulls_not_distinct,
    )
    columns = ",".join(part.column or "()" for part in parts)
    name = "" if index.name is None else str(index.name)[:LONGEST_NAME]
    return ("create index", str(index.table), name, columns, index.method or "btree", *states)


def _create_index(operation: CreateIndex) -> Iterator[Fact]:
    yield index_fact(operation.index, operation.concurrently, operation.if_not_exists)


def _drop_index(operation: DropIndex) -> Iterator[Fact]:
    states = flags(
        concurrently=operation.concurrently, if_exists=operation.if_exists, cascade=operation.cascade
    )
    yield ("drop index", operation.schema, str(operation.name)[:LONGEST_NAME], *states)


def _drop(operation: DropTable | DropColumn | DropConstraint | DropObject) -> Iterator[Fact]:
    states = flags(if_exists=operation.if_exists, cascade=operation.cascade)
    if isinstance(operation, DropTable):
        yield ("drop table", str(operation.table), *states)
    elif isinstance(operation, DropColumn):
        yield ("drop column", str(operation.table), operation.column, *states)
    elif isinstance(operation, DropConstraint):
        yield ("drop constraint", str(operation.table), str(operation.name), *states)
    else:
        yield (f"drop {operation.kind}", *states)


def _rename(
    operation: RenameTable | RenameColumn | RenameConstraint | RenameIndex | RenameEnumValue,
) -> Iterator[Fact]:
    kind = type(operation).__name__
    if isinstance(operation, RenameTable):
        yield (kind, str(operation.table), str(operation.to))
    elif isinstance(operation, RenameColumn):
        yield (kind, str(operation.table), operation.column, operation.to)
    elif isinstance(operation, RenameEnumValue):
        yield (kind, str(operation.name), operation.value, operation.to)
    elif isinstance(operation, RenameConstraint):
        yield (kind, str(operation.table), operation.name, operation.to)
    else:
        yield (kind, operation.name, operation.to)


def _enum(operation: CreateEnum | AddEnumValue) -> Iterator[Fact]:
    if isinstance(operation, CreateEnum):
        yield ("create enum", str(operation.name), joined(operation.labels))
        return
    sides = (operation.before or "", operation.after or "")
    states = flags(if_not_exists=operation.if_not_exists)
    yield ("add enum value", str(operation.name), operation.value, *sides, *states)


def _partition(operation: AttachPartition | DetachPartition) -> Iterator[Fact]:
    attaching = isinstance(operation, AttachPartition)
    concurrently = isinstance(operation, DetachPartition) and operation.concurrently
    kind = "attach partition" if attaching else "detach partition"
    yield (kind, str(operation.table), str(operation.partition), *flags(concurrently=concurrently))


def _rows(operation: Insert | Update | Delete | Truncate) -> Iterator[Fact]:
    kind = type(operation).__name__.lower()
    if isinstance(operation, Update | Delete):
        columns = (",".join(operation.columns),) if isinstance(operation, Update) else ()
        yield (kind, str(operation.table), *columns, *flags(where=operation.where is not None))
    elif isinstance(operation, Insert):
        yield (kind, str(operation.table), ",".join(operation.columns))
    else:
        yield (kind, str(operation.table), *flags(cascade=operation.cascade))


def _add_constraint(operation: AddConstraint) -> Iterator[Fact]:
    yield ("add constraint", str(operation.table))
    yield _constraint(str(operation.table), operation.constraint)


def _object(operation: CreateObject) -> Iterator[Fact]:
    states = flags(replace=operation.replace, if_not_exists=operation.if_not_exists)
    used = ",".join(sorted(map(str, operation.uses))) if "view" in operation.kind else ""
    yield (f"create {operation.kind}", str(operation.table or ""), used, *states)


def _named_table(operation: LockTable | ValidateConstraint | CommentTable) -> Iterator[Fact]:
    if isinstance(operation, LockTable):
        yield ("lock", str(operation.table), operation.mode)
    elif isinstance(operation, ValidateConstraint):
        yield ("validate", str(operation.table), operation.name)
    else:
        yield ("comment on table", str(operation.table))


_FACTS: dict[type, Callable[..., Iterator[Fact]]] = {
    CreateTable: _create_table,
    AddColumn: _add_column,
    AlterColumn: _alter_column,
    CreateIndex: _create_index,
    DropIndex: _drop_index,
    DropTable: _drop,
    DropColumn: _drop,
    DropConstraint: _drop,
    DropObject: _drop,
    RenameTable: _rename,
    RenameColumn: _rename,
    RenameConstraint: _rename,
    RenameIndex: _rename,
    RenameEnumValue: _rename,
    CreateEnum: _enum,
    AddEnumValue: _enum,
    AttachPartition: _partition,
    DetachPartition: _partition,
    Insert: _rows,
    Update: _rows,
    Delete: _rows,
    Truncate: _rows,
    AddConstraint: _add_constraint,
    CreateObject: _object,
    LockTable: _named_table,
    ValidateConstraint: _named_table,
    CommentTable: _named_table,
}
