"""Turn calls of the real Alembic directives into our operations, without running them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from alembic.operations import BatchOperations, Operations
from alembic.operations import ops as alembic_ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import conv

from migrate_guard.dialect import parse_dialect
from migrate_guard.dialects.spelling import literal
from migrate_guard.evaluate.sql import read_sql
from migrate_guard.operations import (
    DROP,
    AddColumn,
    AddConstraint,
    AlterColumn,
    AnyOperation,
    BatchContext,
    Check,
    Column,
    CommentTable,
    Computed,
    Constraint,
    CreateIndex,
    CreateTable,
    Default,
    DefaultName,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    FinalName,
    ForeignKey,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    RenameColumn,
    RenameTable,
    SqlType,
    TableName,
    TableShape,
    Unique,
    Unknown,
)
from migrate_guard.span import Span
from tests.schema.types import sql_type

SPAN = Span("versions/oracle.py", 1, 1, 1, 1)
Step = Callable[[Operations], object]


def record(step: Step, context: MigrationContext, number: int) -> list[AnyOperation]:
    """Return what the directives that `step` calls do, in our vocabulary."""
    recorder = _Recorder(context, number)
    step(recorder)
    return recorder.found


class _Recorder(Operations):
    def __init__(self, context: MigrationContext, number: int) -> None:
        super().__init__(context)
        self.found: list[AnyOperation] = []
        self._number = number
        self._batch: BatchContext | None = None

    def invoke(self, operation: alembic_ops.MigrateOperation) -> Any:
        translate = _TRANSLATIONS[type(operation)]
        self.found += translate(operation, self.migration_context.dialect, self._batch)
        return None

    def _shape(self, table: sa.Table | None) -> TableShape | None:
        if table is None:
            return None
        create = alembic_ops.CreateTableOp.from_table(table)
        (made,) = _TRANSLATIONS[type(create)](create, self.migration_context.dialect, None)
        assert isinstance(made, CreateTable)
        assert not isinstance(made.columns, Unknown)
        return TableShape(made.columns, made.constraints, made.indexes)

    @contextmanager
    def batch_alter_table(  # type: ignore[override]  # the arguments that do not matter here are one
        self, table_name: str, schema: str | None = None, **given: Any
    ) -> Iterator[Any]:
        self._batch = BatchContext(
            TableName(table_name, schema or ""),
            self._number,
            given.get("recreate", "auto"),
            tuple(given.get("naming_convention", {}).items()),
            self._shape(given.get("copy_from")),
        )
        impl: Any = SimpleNamespace(table_name=table_name, schema=schema)
        batch: Any = BatchOperations(self.migration_context, impl=impl)
        batch.invoke = self.invoke
        yield batch
        self._batch = None


def _name(name: str, schema: str | None = None) -> TableName:
    return TableName(str(name), str(schema or ""))


def column(given: sa.Column[Any], dialect: Dialect) -> Column:
    """Return a column as our reader would give it."""
    default: Default | None = None
    if isinstance(given.server_default, sa.DefaultClause):
        arg = given.server_default.arg
        default = (
            Default(literal(arg, parse_dialect(dialect.name)), quoted=True)
            if isinstance(arg, str)
            else Default(str(arg.compile(dialect=dialect, compile_kwargs={"literal_binds": True})))
        )
    computed = given.computed
    return Column(
        str(given.name),
        sql_type(given.type, dialect),
        nullable=bool(given.nullable),
        default=default,
        identity=None if given.identity is None else Identity(always=bool(given.identity.always)),
        computed=None if computed is None else Computed(str(computed.sqltext), computed.persisted),
        comment=given.comment,
        autoincrement="auto" if given.autoincrement == "auto" else bool(given.autoincrement),
        python_default=given.default is not None,
    )


def _marked(name: Any) -> str | None:
    """Return a name with the mark of `op.f()`; a type without a name has a symbol for it."""
    if not isinstance(name, str):
        return None
    return FinalName(name) if isinstance(name, conv) else str(name)


def _index_name(given: sa.Index) -> str | None:
    """Return the name of an index, marked where SQLAlchemy's own convention made it."""
    name = _marked(given.name)
    first = given.expressions[0]
    assert given.table is not None
    if name is None or not isinstance(first, sa.Column):
        return name
    return DefaultName(name) if name == f"ix_{given.table.name}_{first.name}" else name


def _names(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(item.name) for item in items)


def constraint(given: Any) -> Constraint:
    """Return a constraint as our reader would give it."""
    name = _marked(getattr(given, "name", None))
    if isinstance(given, sa.PrimaryKeyConstraint):
        return PrimaryKey(name, _names(given.columns))
    if isinstance(given, sa.UniqueConstraint):
        return Unique(name, _names(given.columns), deferrable=bool(given.deferrable))
    if isinstance(given, sa.CheckConstraint):
        text = str(given.sqltext.compile(compile_kwargs={"literal_binds": True, "include_table": False}))
        return Check(name, text, of_type=bool(getattr(given, "_type_bound", False)))
    assert isinstance(given, sa.ForeignKeyConstraint)
    targets: list[list[str]] = [str(element.target_fullname).split(".") for element in given.elements]
    return ForeignKey(
        name,
        tuple(str(key) for key in given.column_keys),
        _name(targets[0][-2], targets[0][-3] if len(targets[0]) > 2 else None),
        tuple(target[-1] for target in targets),
        ondelete=given.ondelete,
        onupdate=given.onupdate,
        deferrable=bool(given.deferrable),
    )


def index(given: sa.Index, dialect: Dialect) -> Index:
    """Return an index as our reader would give it."""
    assert given.table is not None
    options = given.dialect_options[dialect.name]
    where = options.get("where")
    return Index(
        _index_name(given),
        _name(given.table.name, given.table.schema),
        tuple(_part(expression) for expression in given.expressions),
        unique=bool(given.unique),
        method=options.get("using") or None,
        where=None if where is None else str(where.compile(compile_kwargs={"literal_binds": True})),
        include=tuple(options.get("include") or ()),
    )


def _part(expression: Any) -> IndexPart:
    if isinstance(expression, sa.Column):
        return IndexPart(column=str(expression.name))
    return IndexPart(expression=str(expression))


def _elements(table: sa.Table, dialect: Dialect) -> tuple[tuple[Constraint, ...], tuple[Index, ...]]:
    found: list[Any] = [*table.constraints, *(c for column in table.columns for c in column.constraints)]
    given = sorted({id(c): c for c in found}.values(), key=lambda c: c._creation_order)
    kept = [c for c in given if c._create_rule is None or c._create_rule(_compiler(dialect))]
    kept = [c for c in kept if not (isinstance(c, sa.PrimaryKeyConstraint) and not c.columns)]
    indexes = sorted(table.indexes, key=lambda i: str(i.name))
    return tuple(map(constraint, kept)), tuple(index(i, dialect) for i in indexes)


def _compiler(dialect: Dialect) -> Any:
    compiler: Any = dialect.ddl_compiler
    return compiler(dialect, None)


def _create_table(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = op.to_table()
    constraints, indexes = _elements(table, dialect)
    return [
        CreateTable(
            span=SPAN,
            table=_name(op.table_name, op.schema),
            columns=tuple(column(c, dialect) for c in table.columns),
            constraints=constraints,
            indexes=indexes,
            if_not_exists=bool(op.if_not_exists),
            comment=op.comment,
        )
    ]


def _add_column(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = sa.Table(op.table_name, sa.MetaData(), op.column, schema=op.schema)
    constraints, indexes = _elements(table, dialect)
    return [
        AddColumn(
            span=SPAN,
            table=_name(op.table_name, op.schema),
            column=column(op.column, dialect),
            constraints=tuple(c for c in constraints if not isinstance(c, PrimaryKey)),
            indexes=indexes,
            batch=batch,
        )
    ]


def _given_default(value: Any, dialect: Dialect) -> Any:
    if value is False:
        return None
    if value is None:
        return DROP
    return column(sa.Column("x", sa.Integer(), server_default=value), dialect).default


def _alter_column(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = _name(op.table_name, op.schema)
    comment = None if op.modify_comment is False else DROP if op.modify_comment is None else op.modify_comment

    def kind(given: Any) -> SqlType | None:
        return None if given is None else sql_type(sa.types.to_instance(given), dialect)

    altered = AlterColumn(
        span=SPAN,
        table=table,
        column=op.column_name,
        type=kind(op.modify_type),
        nullable=op.modify_nullable,
        default=_given_default(op.modify_server_default, dialect),
        comment=comment,
        autoincrement=op.kw.get("autoincrement"),
        existing_type=kind(op.existing_type),
        existing_nullable=op.existing_nullable,
        existing_default=_given_default(op.existing_server_default, dialect),
        existing_comment=op.existing_comment,
        restates=op.modify_name is not None,
        batch=batch,
    )
    if op.modify_name is None:
        return [altered]
    renamed = RenameColumn(span=SPAN, table=table, column=op.column_name, to=op.modify_name, batch=batch)
    return [altered, renamed]


def _drop_constraint(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = _name(op.table_name, op.schema)
    name = _marked(op.constraint_name)
    return [DropConstraint(span=SPAN, table=table, name=name, kind=op.constraint_type, batch=batch)]


def _add_constraint(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = getattr(op, "source_table", None) or op.table_name
    schema = op.kw.get("source_schema") if hasattr(op, "source_table") else op.schema
    made = constraint(op.to_constraint())
    return [AddConstraint(span=SPAN, table=_name(table, schema), constraint=made, batch=batch)]


def _create_index(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    return [CreateIndex(span=SPAN, index=index(op.to_index(), dialect), batch=batch)]


def _drop_index(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = None if op.table_name is None else _name(op.table_name, op.schema)
    return [DropIndex(span=SPAN, name=str(op.index_name), schema=op.schema or "", table=table, batch=batch)]


def _drop_table(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    return [DropTable(span=SPAN, table=_name(op.table_name, op.schema))]


def _rename_table(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    to = _name(op.new_table_name, op.schema)
    return [RenameTable(span=SPAN, table=_name(op.table_name, op.schema), to=to)]


def _drop_column(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    table = _name(op.table_name, op.schema)
    return [DropColumn(span=SPAN, table=table, column=op.column_name, batch=batch)]


def _comment(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    text = op.comment if isinstance(op, alembic_ops.CreateTableCommentOp) else None
    return [CommentTable(span=SPAN, table=_name(op.table_name, op.schema), comment=text, batch=batch)]


def _execute(op: Any, dialect: Dialect, batch: Any) -> list[AnyOperation]:
    return read_sql(str(op.sqltext), parse_dialect(dialect.name), lambda start, end: SPAN)


_TRANSLATIONS: dict[type[Any], Callable[[Any, Dialect, Any], list[AnyOperation]]] = {
    alembic_ops.CreateTableOp: _create_table,
    alembic_ops.DropTableOp: _drop_table,
    alembic_ops.RenameTableOp: _rename_table,
    alembic_ops.AddColumnOp: _add_column,
    alembic_ops.DropColumnOp: _drop_column,
    alembic_ops.AlterColumnOp: _alter_column,
    alembic_ops.CreateIndexOp: _create_index,
    alembic_ops.DropIndexOp: _drop_index,
    alembic_ops.DropConstraintOp: _drop_constraint,
    alembic_ops.CreateUniqueConstraintOp: _add_constraint,
    alembic_ops.CreateForeignKeyOp: _add_constraint,
    alembic_ops.CreateCheckConstraintOp: _add_constraint,
    alembic_ops.CreatePrimaryKeyOp: _add_constraint,
    alembic_ops.CreateTableCommentOp: _comment,
    alembic_ops.DropTableCommentOp: _comment,
    alembic_ops.ExecuteSQLOp: _execute,
}
