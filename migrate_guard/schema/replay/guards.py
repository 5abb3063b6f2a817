"""Guards that ask for exactly what their operation does; part of the replay.

`if not inspector.has_table("t"): op.create_table("t", …)` cannot be decided where the schema is in doubt,
but afterwards the table exists either way: it is `IF NOT EXISTS` written in Python. A guard counts as
such only where it is known what it asks, or its text says so plainly: a question for existence with the
very names as literals.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from migrate_guard.operations import (
    AddColumn,
    AnyOperation,
    Condition,
    CreateEnum,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
)
from migrate_guard.record import replace

_CREATES = (CreateTable, AddColumn, CreateIndex, CreateEnum)
_DROPS = (DropTable, DropColumn, DropIndex, DropConstraint)


def settled(operation: AnyOperation) -> AnyOperation | None:
    """Return the operation as an unconditional one with its IF [NOT] EXISTS, if its guards are only that.

    `None` when a guard is anything else, so that the operation may not happen.
    """
    answers = {_answer(operation, condition) for condition in operation.conditions}
    if answers == {False} and isinstance(operation, _CREATES):
        return replace(operation, conditions=(), if_not_exists=True)
    if answers == {True} and isinstance(operation, _DROPS):
        return replace(operation, conditions=(), if_exists=True)
    return None


def _answer(operation: AnyOperation, condition: Condition) -> bool | None:
    """Return whether the guard holds because the object exists (`True`) or does not (`False`)."""
    asks = condition.asks
    if asks is not None and isinstance(operation, (CreateTable, DropTable)):
        return condition.holds is asks.present if asks.table == operation.table else None
    names = _names(operation)
    return _asks_for(condition, names) if names else None


def _names(operation: AnyOperation) -> tuple[str, str] | None:
    """Return the name of the object and of its table, which a guard has to ask for."""
    if isinstance(operation, (CreateTable, DropTable)):
        return operation.table.name, operation.table.name
    if isinstance(operation, AddColumn):
        return operation.column.name, operation.table.name
    if isinstance(operation, DropColumn):
        return operation.column, operation.table.name
    if isinstance(operation, CreateEnum):
        return operation.name.name, operation.name.name
    return _names_of_element(operation)


def _names_of_element(operation: AnyOperation) -> tuple[str, str] | None:
    name: object = None
    table = ""
    if isinstance(operation, CreateIndex):
        name, table = operation.index.name, operation.table.name
    elif isinstance(operation, DropIndex):
        name, table = operation.name, operation.table.name if operation.table is not None else ""
    elif isinstance(operation, DropConstraint):
        name, table = operation.name, operation.table.name
    return (name, table) if isinstance(name, str) else None


def _asks_for(condition: Condition, names: tuple[str, str]) -> bool | None:
    """Return the same as `_answer`, read from the guard's text."""
    try:
        tree = ast.parse(condition.text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    positive = condition.holds
    while isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        tree, positive = tree.operand, not positive
    if isinstance(tree, ast.Call) and _names_existence(tree) and _literals(tree) == _expected(names):
        return positive
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        return _membership(tree, names, positive)
    return None


def _expected(names: tuple[str, str]) -> set[str]:
    """Return the literals that the question must have: `has_table(t)`, `has_column(t, c)`."""
    return set(names) if names[1] else {names[0]}


def _names_existence(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    words = str(name).lower().strip("_").split("_")
    return "exists" in words or "exist" in words or words[0] == "has"


def _literals(node: ast.AST) -> set[str]:
    return {
        child.value
        for child in ast.walk(node)
        if isinstance(child, ast.Constant) and isinstance(child.value, str)
    }


_LISTINGS: tuple[tuple[str, Callable[[tuple[str, str]], bool]], ...] = (
    ("get_table_names", lambda names: names[0] == names[1]),
    ("get_columns", lambda names: names[0] != names[1]),
    ("get_indexes", lambda names: names[0] != names[1]),
    ("get_unique_constraints", lambda names: names[0] != names[1]),
    ("get_foreign_keys", lambda names: names[0] != names[1]),
    ("get_check_constraints", lambda names: names[0] != names[1]),
)


def _membership(tree: ast.Compare, names: tuple[str, str], positive: bool) -> bool | None:
    """Read `"c" in [x["name"] for x in inspector.get_columns("t")]` and its like."""
    left, where, sign = tree.left, tree.comparators[0], tree.ops[0]
    if not isinstance(left, ast.Constant) or left.value != names[0]:
        return None
    if not isinstance(sign, (ast.In, ast.NotIn)):
        return None
    called = {node.func.attr for node in ast.walk(where) if _is_method_call(node)}  # type: ignore[attr-defined]  # checked there
    asked = [listing for listing, fits in _LISTINGS if listing in called and fits(names)]
    about = _literals(where) - {"name"}
    if not asked or about - {names[1]} or (names[0] != names[1] and names[1] not in about):
        return None
    return positive if isinstance(sign, ast.In) else not positive


def _is_method_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
