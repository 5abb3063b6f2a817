"""Alembic's directives: the methods of `alembic.op` and of a batch.

Part of the library that gives Alembic's names their meaning (second stage). Parameters are in the order in
which Alembic 1.8 to 1.20 take them; later versions take fewer by position, which is no reason to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate_guard.evaluate.library.binds import BindValue, DialectValue
from migrate_guard.evaluate.library.directives import batch, columns, constraints, data, tables, third_party
from migrate_guard.evaluate.library.directives.site import Site
from migrate_guard.evaluate.library.migration_context import ContextValue, ImplValue
from migrate_guard.evaluate.library.reading import Unreadable
from migrate_guard.evaluate.library.signature import Signature, bind
from migrate_guard.evaluate.values import Call, Machine, Method, Thing, Undecided, Value
from migrate_guard.operations import TableName
from migrate_guard.record import dataclass, replace


@dataclass(slots=True, eq=False)
class Directive:
    """A directive: how it is called, and what it does."""

    signature: Signature
    perform: Callable[[Site], Value]


def _directive(
    perform: Callable[[Site], Value],
    names: str,
    required: int,
    *,
    positional: int | None = None,
    options: bool = False,
    renamed: Mapping[str, str] | None = None,
) -> Directive:
    name = perform.__name__
    return Directive(
        Signature(f"op.{name}", tuple(names.split()), required, positional, options, renamed or {}), perform
    )


_CONSTRAINT = {"name": "constraint_name", "source": "table_name", "local_cols": "columns"}
_KEY = {"name": "constraint_name", "source": "source_table", "referent": "referent_table"}
_INDEX = {"name": "index_name", "tablename": "table_name"}

_ALL: tuple[Directive, ...] = (
    _directive(
        tables.create_table,
        "table_name if_not_exists schema comment",
        1,
        positional=1,
        options=True,
        renamed={"name": "table_name"},
    ),
    _directive(
        tables.drop_table, "table_name schema if_exists", 1, options=True, renamed={"name": "table_name"}
    ),
    _directive(tables.rename_table, "old_table_name new_table_name schema", 2),
    _directive(tables.create_table_comment, "table_name comment existing_comment schema", 1),
    _directive(tables.drop_table_comment, "table_name existing_comment schema", 1),
    _directive(
        columns.add_column,
        "table_name column schema if_not_exists inline_references inline_primary_key insert_before"
        " insert_after",
        2,
    ),
    _directive(columns.drop_column, "table_name column_name schema if_exists", 2, options=True),
    _directive(
        columns.alter_column,
        "table_name column_name nullable comment server_default new_column_name type_ existing_type"
        " existing_server_default existing_nullable existing_comment schema insert_before insert_after",
        2,
        options=True,
        renamed={"name": "new_column_name"},
    ),
    _directive(
        constraints.create_unique_constraint,
        "constraint_name table_name columns schema",
        3,
        options=True,
        renamed=_CONSTRAINT,
    ),
    _directive(
        constraints.create_primary_key,
        "constraint_name table_name columns schema",
        3,
        renamed={**_CONSTRAINT, "cols": "columns"},
    ),
    _directive(
        constraints.create_foreign_key,
        "constraint_name source_table referent_table local_cols remote_cols onupdate ondelete deferrable"
        " initially match source_schema referent_schema",
        5,
        options=True,
        renamed=_KEY,
    ),
    _directive(
        constraints.create_check_constraint,
        "constraint_name table_name condition schema",
        3,
        options=True,
        renamed=_CONSTRAINT,
    ),
    _directive(
        constraints.create_exclude_constraint,
        "constraint_name table_name schema",
        2,
        positional=2,
        options=True,
        renamed=_CONSTRAINT,
    ),
    _directive(
        constraints.drop_constraint,
        "constraint_name table_name type_ schema if_exists",
        2,
        renamed={"name": "constraint_name", "type": "type_", "tablename": "table_name"},
    ),
    _directive(
        constraints.create_index,
        "index_name table_name columns schema unique if_not_exists",
        3,
        options=True,
        renamed=_INDEX,
    ),
    _directive(
        constraints.drop_index,
        "index_name table_name schema if_exists",
        1,
        options=True,
        renamed=_INDEX,
    ),
    _directive(data.execute, "sqltext execution_options", 1),
    _directive(data.bulk_insert, "table rows multiinsert", 2),
    _directive(data.get_bind, "", 0),
    _directive(data.get_context, "", 0),
    _directive(data.f, "name", 1),
    _directive(data.inline_literal, "value type_", 1),
    _directive(data.run_async, "async_function", 1, positional=1, options=True),
    _directive(data.invoke, "operation", 1),
    _directive(
        batch.batch_alter_table,
        "table_name schema recreate partial_reordering copy_from table_args table_kwargs reflect_args"
        " reflect_kwargs naming_convention",
        1,
    ),
    *(
        _directive(perform, names, required, options=True)
        for perform, names, required in third_party.DIRECTIVES
    ),
)

DIRECTIVES: Mapping[str, Directive] = {directive.perform.__name__: directive for directive in _ALL}
"""All directives by name."""

_IN_BATCH = frozenset({"table_name", "source_table", "schema", "source_schema"})
"""The parameters that a batch gives by itself."""


def _for_batch(directive: Directive) -> Directive:
    signature = directive.signature
    names = tuple(name for name in signature.names if name not in _IN_BATCH)
    before = signature.names if signature.positional is None else signature.names[: signature.positional]
    gone = sum(name in _IN_BATCH for name in before)
    required = sum(name not in _IN_BATCH for name in signature.names[: signature.required])
    positional = None if signature.positional is None else signature.positional - gone
    return replace(
        directive, signature=replace(signature, names=names, required=required, positional=positional)
    )


_WHOLE = frozenset({"batch_alter_table", "create_table", "drop_table", "rename_table", "bulk_insert"})
BATCH_DIRECTIVES: Mapping[str, Directive] = {
    name: directive if name in _WHOLE else _for_batch(directive) for name, directive in DIRECTIVES.items()
}
"""The directives as they are on a batch, without the table."""


def call_directive(name: str, call: Call, machine: Machine) -> Value:
    """Record what `op.name(…)` does and return what it gives."""
    directive = DIRECTIVES.get(name)
    if directive is None:
        machine.opaque(f"op.{name}() is no directive of Alembic", call)
        return Undecided(f"what op.{name}() gives")
    return _perform(directive, None, call, machine)


def call_batch_directive(name: str, table: TableName, call: Call, machine: Machine) -> Value:
    """Record what `batch_op.name(…)` does and return what it gives."""
    directive = BATCH_DIRECTIVES.get(name)
    if directive is None:
        machine.opaque(f"batch_op.{name}() is no directive of Alembic", call)
        return Undecided(f"what batch_op.{name}() gives")
    return _perform(directive, None if name in _WHOLE else table, call, machine)


def _perform(directive: Directive, table: TableName | None, call: Call, machine: Machine) -> Value:
    known = [] if table is None else [table]
    try:
        given = bind(directive.signature, call)
    except Unreadable as problem:
        machine.opaque(problem.reason, call, tuple(known) or None)
        return Undecided(f"what {directive.signature.function}() gives")
    site = Site(machine, call, given, table, known)
    if call.open:
        site.notes.unknown(f"a * or ** argument of {directive.signature.function}()")
    try:
        return directive.perform(site)
    except Unreadable as problem:
        machine.opaque(problem.reason, call, tuple(site.tables) or None)
        return Undecided(f"what {directive.signature.function}() gives")


class OpValue(Thing):
    """`alembic.op`, or an `Operations` object."""

    __slots__ = ()

    def describe(self) -> str:
        return "op"

    def attribute(self, name: str, machine: Machine) -> Value:
        return shared_attribute(self, name)

    def method(self, name: str, call: Call, machine: Machine) -> Value:
        return call_directive(name, call, machine)


OP = OpValue()
"""The operations proxy."""

_ATTRIBUTES: Mapping[str, Callable[[], Value]] = {
    "migration_context": ContextValue,
    "impl": ImplValue,
    "dialect": DialectValue,
    "bind": BindValue,
}


def shared_attribute(owner: Thing, name: str) -> Value:
    """Return an attribute of `op` or a batch: what it knows of the migration, or a directive."""
    made = _ATTRIBUTES.get(name)
    return Method(owner, name) if made is None else made()
