"""The call-site audit: was every call of an operation reached, or left out for a recorded reason?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from migrate_guard.evaluate.outcome import Direction
from migrate_guard.project.script import Script
from migrate_guard.project.trees import nodes_of
from migrate_guard.record import dataclass

DIRECTIVES = frozenset(
    """add_column alter_column batch_alter_table bulk_insert create_check_constraint
    create_exclude_constraint create_foreign_key create_index create_primary_key create_table
    create_table_comment create_unique_constraint drop_column drop_constraint drop_index drop_table
    drop_table_comment rename_table sync_enum_values create_entity drop_entity replace_entity""".split()
)
"""The names that make a call the call of an operation, whatever it is called on."""

_AMBIGUOUS = frozenset({"execute", "exec_driver_sql", "run_async", "invoke"})
_OP_NAMES = frozenset({"op", "aop", "batch_op", "alembic_op"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Site:
    """A call of an operation; `function` is the top-level function it stands in, if any."""

    node: ast.Call
    function: str | None


@lru_cache(maxsize=16_384)
def sites(tree: ast.Module) -> tuple[Site, ...]:
    """Return every call of an operation in a revision, in the order of the text."""
    imported = _imported_directives(tree)
    found = [
        Site(node, statement.name if isinstance(statement, _FUNCTIONS) else None)
        for statement in tree.body
        for node in nodes_of(statement)
        if isinstance(node, ast.Call) and _is_site(node, imported)
    ]
    return tuple(found)


def _imported_directives(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "alembic.op"
        for alias in node.names
    )


def _is_site(node: ast.Call, imported: frozenset[str]) -> bool:
    function = node.func
    if isinstance(function, ast.Name):
        return function.id in imported
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in DIRECTIVES:
        return True
    return (
        function.attr in _AMBIGUOUS
        and isinstance(function.value, ast.Name)
        and function.value.id in _OP_NAMES
    )


def missed(
    script: Script,
    direction: Direction,
    visited: set[int],
    pruned: Iterable[tuple[tuple[ast.AST, ...], str]],
) -> tuple[ast.Call, ...]:
    """Return the calls of operations that one direction may reach, neither visited nor pruned."""
    other = "downgrade" if direction == "upgrade" else "upgrade"
    open_sites = [
        site for site in sites(script.tree) if id(site.node) not in visited and site.function != other
    ]
    if not open_sites:
        return ()
    left_out = {id(inner) for nodes, _ in pruned for node in nodes for inner in nodes_of(node)}
    reachable = _reachable(script.tree, direction, left_out)
    return tuple(
        site.node for site in open_sites if id(site.node) not in left_out and id(site.node) in reachable
    )


def _reachable(tree: ast.Module, direction: Direction, left_out: set[int]) -> set[int]:
    """Return the ids of the nodes in the direction's function and in all functions it names."""
    functions = {node.name: node for node in nodes_of(tree) if isinstance(node, _FUNCTIONS)}
    top_level = [node for node in tree.body if not isinstance(node, _FUNCTIONS)]
    pending: list[ast.AST] = [*top_level, *([functions[direction]] if direction in functions else [])]
    found: set[int] = set()
    while pending:
        for node in _own_nodes(pending.pop(), left_out):
            if id(node) in found:
                continue
            found.add(id(node))
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
            if isinstance(name, str) and name in functions and name not in {"upgrade", "downgrade"}:
                function = functions[name]
                if id(function) not in found:
                    pending.append(function)
    return found


def _own_nodes(root: ast.AST, left_out: set[int]) -> Iterator[ast.AST]:
    pending = [root]
    while pending:
        node = pending.pop()
        if id(node) in left_out:
            continue
        yield node
        if node is root or not isinstance(node, _FUNCTIONS):
            pending.extend(ast.iter_child_nodes(node))
