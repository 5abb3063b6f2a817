"""Facts about the actions of ALTER TABLE from PostgreSQL's own parse tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.sql.facts import Fact, flags
from benchmarks.sql.tree_columns import (
    column_constraints,
    column_facts,
    constraint_facts,
    relation_name,
    type_text,
)
from migrate_guard.evaluate.sql.libpg import Tree


def alter_table(tree: Tree) -> Iterator[Fact]:
    if tree.choice("objtype") != "OBJECT_TABLE":
        yield ("AlterObject",)
        return
    table = relation_name(tree.get("relation"))
    for command in tree.all("cmds"):
        yield from _COMMANDS.get(command.choice("subtype"), _other)(table, command)


def _other(_: str, command: Tree) -> Iterator[Fact]:
    kind = command.choice("subtype")
    yield ("AlterConstraint" if kind == "AT_AlterConstraint" else "AlterTable",)


def _add_column(table: str, command: Tree) -> Iterator[Fact]:
    yield ("add column", table, *flags(if_not_exists=command.flag("missing_ok")))
    yield from column_facts(table, command.get("def"))
    yield from column_constraints(table, command.get("def"))


def _drop_column(table: str, command: Tree) -> Iterator[Fact]:
    yield ("drop column", table, command.text("name"), *dropping(command))


def dropping(tree: Tree) -> tuple[str, ...]:
    cascade = tree.choice("behavior") == "DROP_CASCADE"
    return flags(if_exists=tree.flag("missing_ok"), cascade=cascade)


def _alter_type(table: str, command: Tree) -> Iterator[Fact]:
    column = command.get("def")
    using = flags(using=column.has("raw_default"))
    yield ("alter column", table, command.text("name"), "type", type_text(column.get("type_name")), *using)


def _altered(what: str) -> Callable[[str, Tree], Iterator[Fact]]:
    def describe(table: str, command: Tree) -> Iterator[Fact]:
        yield ("alter column", table, command.text("name"), what)

    return describe


def _default(table: str, command: Tree) -> Iterator[Fact]:
    value = command.get("def")
    dropped = not value.kind or value.flag("isnull")
    yield ("alter column", table, command.text("name"), "drop default" if dropped else "set default")


def _set_identity(table: str, command: Tree) -> Iterator[Fact]:
    options = [option.text("defname") for option in command.get("def").all("items")]
    if "generated" in options:
        yield ("alter column", table, command.text("name"), "set identity")
    else:
        yield ("AlterTable",)


def _add_constraint(table: str, command: Tree) -> Iterator[Fact]:
    yield ("add constraint", table)
    yield from constraint_facts(table, command.get("def"))


def _drop_constraint(table: str, command: Tree) -> Iterator[Fact]:
    yield ("drop constraint", table, command.text("name"), *dropping(command))


def _validate(table: str, command: Tree) -> Iterator[Fact]:
    yield ("validate", table, command.text("name"))


def _attach(table: str, command: Tree) -> Iterator[Fact]:
    yield ("attach partition", table, relation_name(command.get("def").get("name")))


def _detach(table: str, command: Tree) -> Iterator[Fact]:
    partition = command.get("def")
    concurrently = flags(concurrently=partition.flag("concurrent"))
    yield ("detach partition", table, relation_name(partition.get("name")), *concurrently)


_COMMANDS: dict[str, Callable[[str, Tree], Iterator[Fact]]] = {
    "AT_AddColumn": _add_column,
    "AT_DropColumn": _drop_column,
    "AT_AlterColumnType": _alter_type,
    "AT_SetNotNull": _altered("set not null"),
    "AT_DropNotNull": _altered("drop not null"),
    "AT_ColumnDefault": _default,
    "AT_SetExpression": _altered("set computed"),
    "AT_DropExpression": _altered("drop computed"),
    "AT_AddIdentity": _altered("set identity"),
    "AT_SetIdentity": _set_identity,
    "AT_DropIdentity": _altered("drop identity"),
    "AT_AddConstraint": _add_constraint,
    "AT_DropConstraint": _drop_constraint,
    "AT_ValidateConstraint": _validate,
    "AT_AttachPartition": _attach,
    "AT_DetachPartition": _detach,
    "AT_DetachPartitionFinalize": _detach,
}
